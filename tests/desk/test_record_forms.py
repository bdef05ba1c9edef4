"""What the forms of the desk do with what a clerk enters."""

import pytest
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteMixin
from django.forms import ModelChoiceField
from django.test import Client

from rounds.models import ActionItem, Participation, Round
from tests import factories
from tests.desk.forms import decide, errors, filled
from tradeinit.publication import log, registry
from tradeinit.publication.models import Publication


def change(row) -> str:
    return f"/admin/{row._meta.app_label}/{row._meta.model_name}/{row.pk}/change/"


def test_a_save_that_changes_nothing_writes_no_version_no_history_and_no_entry(clerk):
    met = factories.round(venues=["Taipei"])
    before = (met.history.count(), Publication.objects.count())

    response = clerk.post(change(met), filled(clerk, change(met)))

    assert response.status_code == 302
    assert Round.objects.get().version == met.version
    assert (met.history.count(), Publication.objects.count()) == before


def test_a_change_to_a_public_record_asks_for_its_reason_and_keeps_the_entries(clerk):
    met = factories.round(label="First round")

    response = clerk.post(change(met), filled(clerk, change(met), label="Second round"))

    assert response.status_code == 200
    assert errors(response) == ["Say why: the change corrects what the public has been told."]
    assert response.context["adminform"].form["label"].value() == "Second round"
    assert Round.objects.get().label == "First round"


def test_a_change_with_a_reason_is_told_to_the_public_with_it(clerk):
    met = factories.round(label="First round")
    form = filled(clerk, change(met), label="Second round", change_reason="Misprint.")

    response = clerk.post(change(met), form)

    assert response.status_code == 302
    told = Publication.objects.filter(uid=met.uid).in_order().values_list("action", "reason")
    assert list(told) == [("published", ""), ("corrected", "Misprint.")]
    assert Round.objects.get().history.first().history_user.username == "staff"


def test_a_form_begun_on_an_older_version_is_refused_with_both_versions_shown(clerk):
    met = factories.round(public=False, label="Begun with", number=1)
    stale = filled(clerk, change(met), label="Mine")
    clerk.post(change(met), filled(clerk, change(met), label="Theirs"))

    response = clerk.post(change(met), stale)

    assert response.status_code == 200
    (found,) = response.context["conflict"]
    assert (found.label, found.before) == ("Label", "Begun with")
    assert (found.stored, found.offered, found.contested) == ("Theirs", "Mine", True)
    assert Round.objects.get().label == "Theirs"


def test_the_refused_form_can_be_merged_and_saved_again(clerk):
    met = factories.round(public=False, label="Begun with")
    stale = filled(clerk, change(met), label="Mine")
    clerk.post(change(met), filled(clerk, change(met), label="Theirs"))
    refused = clerk.post(change(met), stale)
    shown = refused.context["adminform"].form["version"].value()

    response = clerk.post(change(met), {**stale, "version": shown, "label": "Theirs and mine"})

    assert response.status_code == 302
    assert Round.objects.get().label == "Theirs and mine"


def test_of_two_stale_forms_that_change_only_a_venue_one_is_refused(clerk):
    met = factories.round(public=False, venues=["Taipei"])
    first = filled(clerk, change(met), **{"venues-0-city": "Kaohsiung"})
    second = filled(clerk, change(met), **{"venues-0-city": "Tainan"})

    answers = [clerk.post(change(met), form).status_code for form in (first, second)]

    assert answers == [302, 200]
    assert Round.objects.get().cities == ["Kaohsiung"]


def test_of_two_stale_forms_that_change_only_a_relation_one_is_refused(clerk):
    text = factories.document(public=False, initiative=None)
    one, other = factories.chapter(), factories.chapter()
    first = filled(clerk, change(text), chapters=[str(one.pk)])
    second = filled(clerk, change(text), chapters=[str(other.pk)])

    answers = [clerk.post(change(text), form).status_code for form in (first, second)]

    assert answers == [302, 200]
    assert list(text.chapters.all()) == [one]


def test_of_two_stale_inlines_one_is_refused_and_untouched_inlines_are_not(clerk):
    met = factories.round(public=False)
    seat = factories.initiative_party(initiative=met.initiative)
    for note in ("An agency", "Another agency"):
        factories.participation(
            public=False, round=met, initiative_party=seat, role="agency", note=note, person=None
        )
    stale = filled(clerk, change(met), **{"participations-0-note": "Mine"})
    theirs = filled(clerk, change(met), **{"participations-0-note": "Theirs"})

    saved = clerk.post(change(met), theirs)
    refused = clerk.post(change(met), stale)
    untouched = filled(clerk, change(met), **{"participations-1-note": "The other"})
    saved_beside = clerk.post(change(met), untouched)

    assert [saved.status_code, refused.status_code, saved_beside.status_code] == [302, 200, 302]
    assert [(one.stored, one.offered) for one in refused.context["conflict"]] == [
        ("Theirs", "Mine")
    ]
    assert [row.note for row in Participation.objects.order_by("pk")] == ["Theirs", "The other"]


def test_a_rule_of_the_database_speaks_in_words_in_the_form(clerk):
    met = factories.round(public=False)
    form = filled(clerk, change(met), start="2023-01-17", end="2023-01-14")

    response = clerk.post(change(met), form)

    assert errors(response) == ["The last day needs a first day, not later than it."]


def test_an_address_that_another_kind_of_record_holds_is_refused(clerk):
    factories.party(slug="taken")
    met = factories.round(public=False)

    response = clerk.post(change(met), filled(clerk, change(met), slug="taken"))

    assert errors(response) == ["This address belongs to another record, under parties."]


def test_a_public_statement_is_shown_and_cannot_be_edited(clerk):
    said = factories.statement(value="negotiating")

    form = clerk.get(change(said)).context["adminform"].form

    assert sorted(form.fields) == ["change_reason", "submission", "version"]


def test_a_draft_round_made_in_the_desk_is_on_no_address_until_it_is_published(clerk):
    case = factories.initiative(title="The case")
    form = filled(
        clerk,
        "/admin/rounds/round/add/",
        initiative=str(case.pk),
        label="Unannounced round",
        slug="unannounced-round",
        kind="full_round",
        state="announced",
        start="2030-01-14",
    )
    public = Client()
    addresses = ["/", "/rounds/", "/api/v1/rounds/", "/rounds.csv", case.get_absolute_url()]

    made = clerk.post("/admin/rounds/round/add/", form)

    row = Round.objects.get()
    assert made.status_code == 302
    assert [text for text in map(public.get, addresses) if b"nannounced" in body(text)] == []
    assert public.get(row.get_absolute_url()).status_code == 404
    assert public.get(row.api_url).status_code == 404

    decide(clerk, "clear", row)

    assert [b"nannounced" in body(text) for text in map(public.get, addresses)] == [True] * 5
    assert public.get(row.get_absolute_url()).status_code == 200


def body(response) -> bytes:
    return response.getvalue() if response.streaming else response.content


def test_rows_equal_log_after_all_this(clerk):
    met = factories.round(label="First round", venues=["Taipei"])
    form = filled(clerk, change(met), **{"venues-0-city": "Tainan", "change_reason": "Misread."})
    clerk.post(change(met), form)

    assert list(log.differences()) == []
    assert log.bodies([met.uid])[met.uid]["city"] == "Tainan"


@pytest.mark.parametrize(
    ("make", "relation"),
    [
        (factories.initiative, "succeeds"),
        (factories.mandate, "supersedes"),
        (factories.round, "replaces"),
    ],
)
def test_a_record_that_names_itself_is_refused_in_words(clerk, make, relation):
    row = make(public=False)

    answer = clerk.post(change(row), filled(clerk, change(row), **{relation: str(row.pk)}))

    assert answer.status_code == 200
    assert len(errors(answer)) == 1
    row.refresh_from_db()
    assert getattr(row, relation) is None


def entries(desk, request):
    """Each entry of a form of the desk, and of what stands below it, with where it stands."""
    below = [inline.get_formset(request) for inline in desk.get_inline_instances(request)]
    forms = [(desk.get_form(request, change=False), "")]
    forms += [(one.form, getattr(getattr(one, "fk", None), "name", "")) for one in below]
    for form, owner in forms:
        for name, field in form.base_fields.items():
            if name != owner:
                yield f"{desk.opts.model_name}: {form.__name__}.{name}", field


def test_no_entry_of_any_form_offers_more_than_a_hundred_choices(rf, db):
    request = rf.get("/admin/")
    request.user = factories.staff()
    long = []
    for model in (*registry.models(), ActionItem):
        desk = admin.site._registry[model]
        for place, field in entries(desk, request):
            widget = getattr(field.widget, "widget", field.widget)
            if isinstance(widget, AutocompleteMixin):
                continue
            if (
                isinstance(field, ModelChoiceField)
                or len(list(getattr(field, "choices", ()))) > 100
            ):
                long.append(place)

    assert long == []
