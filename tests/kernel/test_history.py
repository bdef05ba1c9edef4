"""History: every state of every row, with its relations, who made it and when."""

import pytest
from django.db import IntegrityError

from mandates.models import Document, Party
from rounds.models import Round, Venue
from tests import factories
from tests.kernel.reading import day, entries, instant, tracked_models
from tradeinit.publication.gate import writing

pytestmark = pytest.mark.django_db


def test_every_record_and_every_part_of_one_is_tracked() -> None:
    names = {model.__name__ for model in tracked_models()}

    assert names >= {
        "Party", "Organization", "Initiative", "InitiativeParty", "Representation", "Mandate",
        "Chapter", "Document", "Citation", "Statement", "Round", "Venue", "Outcome", "Person",
        "Participation",
    }  # fmt: skip


@pytest.mark.parametrize("model", tracked_models(), ids=lambda model: model.__name__)
def test_a_row_of_every_model_has_its_history(model: type) -> None:
    with day(0):
        row = getattr(factories, snake(model.__name__))()

    (past,) = model.history.filter(**{model._meta.pk.attname: row.pk}).order_by("history_id")[:1]
    assert past.history_type == "+"
    assert past.history_date >= instant(0)
    assert past.instance.columns_that_differ(model.objects.get(pk=row.pk)) == set()


def test_the_states_of_a_row_can_be_read_back() -> None:
    clerks = [factories.user(username=name) for name in ("one", "two")]
    with day(0), writing(clerks[0]):
        row = factories.round(summary="First.", public=False)
    with day(1), writing(clerks[1], "Seen again."):
        row.summary = "Second."
        row.save()

    past = row.history.order_by("history_date")
    assert [
        (state.summary, state.version, state.history_user, state.history_change_reason)
        for state in past
    ] == [("First.", 1, clerks[0], None), ("Second.", 2, clerks[1], "Seen again.")]
    assert row.history.as_of(instant(0, hours=1)).summary == "First."
    assert Round.history.as_of(instant(2)).get().summary == "Second."


def test_relations_have_a_history_too() -> None:
    with day(0):
        chapters = [factories.chapter() for _ in range(3)]
        row = factories.document(chapters=chapters[:1])
        bloc = factories.party(members=[factories.party()])
    with day(1), writing(reason="Two more."):
        row.chapters.set(chapters[1:])

    states = row.history.order_by("history_date")
    assert [sorted(link.chapter_id for link in state.chapters.all()) for state in states] == [
        [chapters[0].pk],
        [chapter.pk for chapter in chapters[1:]],
    ]
    assert bloc.history.get().members.count() == 1


def test_parts_keep_a_history_of_their_own() -> None:
    with day(0):
        row = factories.round(venues=["Taipei"])
    with day(1), writing(reason="Elsewhere."):
        venue = row.venues.get()
        venue.city = "Tainan"
        venue.save()

    assert list(Venue.history.order_by("history_date").values_list("city", "history_type")) == [
        ("Taipei", "+"),
        ("Tainan", "~"),
    ]


def test_history_and_log_bear_the_same_stamp() -> None:
    with day(0):
        row = factories.round()

    assert row.history.get().history_date == entries(row)[0].at


def test_what_fails_leaves_no_history() -> None:
    with day(0):
        factories.party(name="Taiwan", public=False)

    with day(1), pytest.raises(IntegrityError):
        factories.party(name="Taiwan", slug="another")

    assert Party.history.count() == 1


def test_the_day_of_disclosure_that_the_gate_fills_in_is_in_the_history() -> None:
    with day(0):
        factories.document(dated="2023-01-04")

    assert str(Document.history.get().disclosed_on) == "2023-01-04"


def snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)[1:]
