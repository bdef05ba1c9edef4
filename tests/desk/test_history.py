"""What the desk tells of a record's past, and how it goes back to it."""

from datetime import date

from rounds.models import Round
from tests import factories
from tests.desk.forms import errors, filled
from tradeinit.publication.models import Publication


def change(row) -> str:
    return f"/admin/{row._meta.app_label}/{row._meta.model_name}/{row.pk}/change/"


def history(row) -> str:
    return change(row).replace("/change/", "/history/")


def sent(response) -> dict:
    """What the browser would send from the form of this answer."""
    data = response.context["adminform"].form.data
    return {name: data.getlist(name) for name in data}


def test_history_tells_in_words_who_changed_what_and_why(clerk):
    met = factories.round(label="First round", start=date(2023, 1, 14), end=date(2023, 1, 17))
    form = filled(clerk, change(met), mode="virtual", change_reason="It was moved online.")
    clerk.post(change(met), form)

    moments = clerk.get(history(met)).context["moments"]

    assert [(m.version, str(m.who), m.why, m.first) for m in moments] == [
        (2, "staff", "It was moved online.", False),
        (1, "None", "", True),
    ]
    (changed,) = moments[0].changes
    assert (changed.label, changed.old, changed.new) == ("Mode", "not stated", "by video")


def test_history_tells_of_parts_relations_and_records_below_in_the_save_that_changed_them(clerk):
    met = factories.round(public=False, venues=["Taipei"])
    chapter = factories.chapter(initiative=met.initiative)
    outcome = factories.outcome(public=False, round=met, chapter=chapter, summary="Little.")
    form = filled(clerk, change(met), **{"venues-0-city": "Tainan", "outcomes-0-summary": "Much."})
    clerk.post(change(met), form)
    clerk.post(change(met), filled(clerk, change(met), **{"venues-0-DELETE": "on"}))

    page = clerk.get(history(met))

    removed, changed = page.context["moments"][:2]
    assert [(b.kind, b.what) for b in removed.below] == [("venue", "removed")]
    assert [(b.kind, b.what, [(c.old, c.new) for c in b.changes]) for b in changed.below] == [
        ("venue", "changed", [("Taipei", "Tainan")]),
        ("outcome", "changed", [("Little.", "Much.")]),
    ]
    assert changed.below[1].address == history(outcome)
    assert [str(moment.who) for moment in (removed, changed)] == ["staff", "staff"]


def test_history_names_both_sides_of_a_relation_to_many(clerk):
    case = factories.initiative()
    one, other = (factories.chapter(initiative=case, name=name) for name in ("One", "Other"))
    text = factories.document(public=False, initiative=case, chapters=[one])
    clerk.post(change(text), filled(clerk, change(text), chapters=[str(other.pk)]))

    latest = clerk.get(history(text)).context["moments"][0]

    assert [(c.label, c.old, c.new) for c in latest.changes] == [("Chapters", str(one), str(other))]


def test_two_versions_are_compared_with_the_parts_that_each_had(clerk):
    met = factories.round(public=False, label="First", venues=["Taipei"])
    clerk.post(change(met), filled(clerk, change(met), label="Second"))
    clerk.post(change(met), filled(clerk, change(met), **{"venues-0-city": "Tainan"}))

    compared = clerk.get(history(met), {"a": "1", "b": "3"}).context["compared"]

    assert [(c.label, c.old, c.new) for c in compared] == [
        ("Label", "First", "Second"),
        ("Venues", "City: Taipei", "City: Tainan"),
    ]


def test_going_back_fills_the_form_and_saves_a_new_version_with_a_reason(clerk):
    met = factories.round(label="First", venues=["Taipei"])
    form = filled(
        clerk, change(met), label="Second", change_reason="So said.", **{"venues-0-DELETE": "on"}
    )
    clerk.post(change(met), form)
    before = Publication.objects.count()

    shown = clerk.get(change(met), {"version": "1"})

    assert "filled with version 1" in errors(shown)[0]
    assert Publication.objects.count() == before
    assert Round.objects.get().label == "Second"

    saved = clerk.post(f"{change(met)}?version=1", sent(shown))

    row = Round.objects.get()
    assert saved.status_code == 302
    assert (row.label, row.cities, row.version) == ("First", ["Taipei"], 3)
    last = Publication.objects.filter(uid=met.uid).order_by("-number").first()
    assert (last.action, last.reason) == ("corrected", "Back to version 1.")
