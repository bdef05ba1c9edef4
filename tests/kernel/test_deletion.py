"""What was ever public stays; a draft may go, and leaves nothing behind but its history."""

import pytest
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError

from mandates.models import Chapter
from rounds.models import Round, Venue
from tests import factories
from tests.kernel.reading import body, day, entries, instant
from tradeinit.publication import log
from tradeinit.publication.gate import writing
from tradeinit.publication.models import Address, Publication, Publishable

pytestmark = pytest.mark.django_db

REFUSAL = "has been public and cannot be deleted"


@pytest.fixture(params=["public", "withdrawn", "under a withdrawn parent", "lifted"])
def told(request: pytest.FixtureRequest) -> Publishable:
    with day(0):
        if request.param == "lifted":
            return factories.round(public_from=instant(1))
        row = factories.round(venues=["Taipei"])
        if request.param == "withdrawn":
            factories.withdraw(row)
        if request.param == "under a withdrawn parent":
            factories.withdraw(row.initiative)
        return row


def test_what_was_ever_public_is_not_deleted_as_a_row(told: Round) -> None:
    with day(2), pytest.raises(ValidationError, match=REFUSAL), writing():
        told.delete()

    assert Round.objects.get() == told


def test_nor_by_a_queryset(told: Round) -> None:
    with day(0):
        factories.round(public=False)

    with day(2), pytest.raises(ValidationError, match=REFUSAL), writing():
        Round.objects.order_by("-pk").delete()

    assert Round.objects.count() == 2


def test_nor_with_its_parent(told: Round) -> None:
    with day(2), pytest.raises((ValidationError, ProtectedError)), writing():
        told.initiative.delete()

    assert Round.objects.get() == told


@pytest.mark.parametrize("public_from", [None, instant(5)])
def test_a_draft_or_an_embargo_goes_with_its_parts_its_pending_entry_and_its_address(
    public_from: object,
) -> None:
    with day(0):
        row = factories.round(public_from=public_from, slug="talks", venues=["Taipei"])
        factories.citation(record=row)

    with day(1), writing():
        row.delete()

    assert not Round.objects.exists()
    assert not Venue.objects.exists()
    assert entries(row) == []
    assert not Address.objects.filter(slug="talks").exists()
    assert [past.history_type for past in Round.history.order_by("history_id")] == ["+", "~", "-"]
    with day(6):
        assert list(log.differences()) == []


def test_many_drafts_go_at_once() -> None:
    with day(0):
        case = factories.initiative()
        for _ in range(3):
            factories.round(initiative=case, public=False)

    with day(1), writing():
        count, of_each = case.rounds.all().delete()

    assert (count, of_each) == (3, {"rounds.Round": 3})
    assert Round.history.filter(history_type="-").count() == 3


def test_a_part_of_a_public_record_goes_as_a_correction() -> None:
    with day(0):
        row = factories.round(venues=["Taipei", "New York"])

    with day(1), writing(reason="Not there."):
        row.venues.get(city="Taipei").delete()

    assert body(row)["cities"] == ["New York"]
    assert entries(row)[-1].reason == "Not there."


def test_a_deletion_names_who_did_it_and_why() -> None:
    clerk = factories.user()
    with day(0):
        row = factories.round(public=False)

    with day(1), writing(clerk, "Entered twice."):
        row.delete()

    last = Round.history.latest()
    assert (last.history_type, last.history_user, last.history_change_reason) == (
        "-",
        clerk,
        "Entered twice.",
    )
    assert last.history_date == instant(1)


def test_what_is_deleted_is_no_longer_listed_in_what_was_to_name_it() -> None:
    with day(0):
        chapter = factories.chapter(public_from=instant(3))
        document = factories.document(public_from=instant(3), chapters=[chapter])

    with day(1), writing():
        chapter.delete()

    assert not Chapter.objects.exists()
    assert body(document)["chapters"] == []
    document.refresh_from_db()
    assert document.version == document.history.count() == 2


def test_what_is_made_and_deleted_in_one_writing_was_never_told() -> None:
    with day(0), writing():
        row = factories.party()
        row.delete()

    assert not Publication.objects.exists()
    assert not Address.objects.exists()
