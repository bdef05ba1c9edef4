"""Nobody's work is lost, and none is done twice."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from mandates.models import Chapter
from rounds.models import Round
from tests import factories
from tests.desk.forms import errors, filled

ADD = "/admin/rounds/round/add/"


def change(row) -> str:
    return f"/admin/{row._meta.app_label}/{row._meta.model_name}/{row.pk}/change/"


# Stale forms


def test_a_merge_takes_from_each_side_what_was_chosen(clerk):
    met = factories.round(public=False, label="Begun with", summary="Begun.", number=1)
    stale = filled(clerk, change(met), label="Mine", number="2")
    theirs = filled(clerk, change(met), label="Theirs", summary="Theirs.")
    clerk.post(change(met), theirs)

    refused = clerk.post(change(met), stale)

    found = {one.label: (one.suggested, one.contested) for one in refused.context["conflict"]}
    assert found == {
        "Label": ("mine", True),
        "Number": ("mine", False),
        "Summary": ("stored", False),
    }
    version = refused.context["adminform"].form["version"].value()
    chosen = {"merge-label": "stored", "merge-number": "mine", "merge-summary": "stored"}
    clerk.post(change(met), {**stale, "version": version, **chosen})
    row = Round.objects.get()
    assert (row.label, row.number, row.summary) == ("Theirs", 2, "Theirs.")


def test_a_merge_can_keep_the_venue_that_is_stored(clerk):
    met = factories.round(public=False, venues=["Taipei"])
    stale = filled(clerk, change(met), **{"venues-0-city": "Tainan", "summary": "Mine."})
    clerk.post(change(met), filled(clerk, change(met), **{"venues-0-city": "Kaohsiung"}))

    refused = clerk.post(change(met), stale)

    choices = {one.choice: (one.stored, one.offered) for one in refused.context["conflict"]}
    assert choices["merge-venues-0-city"] == ("Kaohsiung", "Tainan")
    version = refused.context["adminform"].form["version"].value()
    clerk.post(change(met), {**stale, "version": version, "merge-venues-0-city": "stored"})
    row = Round.objects.get()
    assert (row.cities, row.summary) == (["Kaohsiung"], "Mine.")


def test_a_stale_entry_in_a_list_is_refused_and_a_fresh_one_is_saved(clerk):
    case = factories.initiative()
    rows = [factories.chapter(public=False, initiative=case, order=n) for n in (1, 2)]
    page = clerk.get("/admin/mandates/chapter/").context["cl"].formset
    sent = {name: page.management_form[name].value() for name in page.management_form.fields}
    form = {f"form-{name}": str(value) for name, value in sent.items()} | {"_save": "Save"}
    for i, one in enumerate(page.forms):
        form |= {
            f"form-{i}-id": str(one.instance.pk),
            f"form-{i}-order": str(one.instance.order + 10),
            f"form-{i}-version": str(one["version"].value()),
        }

    fresh = clerk.post("/admin/mandates/chapter/", form)
    late = {**form, "form-0-order": "99"}
    stale = clerk.post("/admin/mandates/chapter/", late)

    assert fresh.status_code == 302
    assert sorted(Chapter.objects.values_list("order", flat=True)) == [11, 12]
    assert "Somebody has changed this record" in stale.content.decode()
    [difference] = stale.context["conflict"]
    assert (difference.before, difference.stored, difference.offered) == ("1", "11", "99")

    chosen = {f"form-{i}-version": "2" for i in range(len(rows))} | {difference.choice: "stored"}
    kept = clerk.post("/admin/mandates/chapter/", {**late, **chosen})
    assert kept.status_code == 302
    assert sorted(Chapter.objects.values_list("order", flat=True)) == [11, 12]


def test_a_list_that_can_be_edited_asks_for_the_reason_of_a_correction(clerk):
    row = factories.chapter(order=1)
    form = {
        "form-TOTAL_FORMS": "1",
        "form-INITIAL_FORMS": "1",
        "form-0-id": str(row.pk),
        "form-0-order": "7",
        "form-0-version": str(row.version),
        "_save": "Save",
    }

    without = clerk.post("/admin/mandates/chapter/", form)
    clerk.post("/admin/mandates/chapter/", {**form, "change_reason": "Renumbered."})

    refused = without.context["cl"].formset.forms[0]
    assert refused.non_field_errors() == [
        "Say why: the change corrects what the public has been told."
    ]
    assert refused["order"].value() == "7"
    assert Chapter.objects.get().order == 7


# The same form twice


def test_the_same_form_sent_twice_makes_one_row_and_leads_to_the_same_place(clerk):
    case = factories.initiative()
    form = filled(
        clerk,
        ADD,
        initiative=str(case.pk),
        label="Round in May",
        slug="round-in-may",
        kind="full_round",
        state="announced",
    )

    answers = [clerk.post(ADD, form).url for _ in range(5)]

    assert answers == ["/admin/rounds/round/"] * 5
    assert Round.objects.count() == 1


def test_a_form_changed_and_sent_again_is_another_form(clerk):
    case = factories.initiative()
    form = filled(
        clerk, ADD, initiative=str(case.pk), kind="full_round", state="announced", slug="one"
    )

    for slug in ("one", "two"):
        clerk.post(ADD, {**form, "label": slug, "slug": slug})

    assert Round.objects.count() == 2


def test_a_row_added_below_is_not_added_twice(clerk):
    met = factories.round(public=False)
    form = filled(
        clerk,
        change(met),
        **{
            "undertakings-TOTAL_FORMS": "1",
            "undertakings-0-initiative": str(met.initiative.pk),
            "undertakings-0-wording": "They meet again.",
            "undertakings-0-precision": "day",
        },
    )

    answers = [clerk.post(change(met), form).status_code for _ in range(2)]

    assert answers == [302, 302]
    assert met.undertakings.count() == 1


def test_a_form_that_was_refused_may_be_sent_again(clerk):
    met = factories.round(label="First round")
    form = filled(clerk, change(met), label="Second round")

    answers = [clerk.post(change(met), form).status_code for _ in range(2)]

    assert answers == [200, 200]
    assert Round.objects.get().label == "First round"


# Sent too late


@pytest.mark.parametrize("address", ["add", "change"])
def test_a_form_sent_after_the_session_ended_comes_back_filled_after_signing_in(address, clerk):
    met = factories.round(public=False, label="First round")
    place = ADD if address == "add" else change(met)
    form = filled(clerk, place, label="Typed for an hour")
    late = Client()

    asked = late.post(place, form)
    late.force_login(get_user_model().objects.get(username="staff"))
    shown = late.get(place)

    assert asked.status_code == 302 and asked.url.startswith("/admin/login/")
    assert shown.context["adminform"].form["label"].value() == "Typed for an hour"
    assert [words for words in errors(shown) if "signed out when you sent this" in words] != []
    assert Round.objects.get().label == "First round"
    again = late.get(place).context["adminform"].form["label"].value()
    assert again == ("First round" if address == "change" else None)


def test_a_form_whose_token_went_with_the_session_comes_back_filled_if_it_is_of_this_site(clerk):
    met = factories.round(public=False, label="First round")
    form = filled(clerk, change(met), label="Typed for an hour")
    strict = Client(enforce_csrf_checks=True, headers={"origin": "http://testserver"})
    strict.force_login(get_user_model().objects.get(username="staff"))
    stranger = Client(enforce_csrf_checks=True, headers={"origin": "https://elsewhere.example"})
    stranger.force_login(get_user_model().objects.get(username="staff"))

    kept, refused = strict.post(change(met), form), stranger.post(change(met), form)

    assert (kept.status_code, refused.status_code) == (302, 403)
    shown = strict.get(change(met)).context["adminform"].form["label"].value()
    assert shown == "Typed for an hour"
    assert stranger.get(change(met)).context["adminform"].form["label"].value() == "First round"
