"""Drafts, embargoes and parents: from when a record is told, and until when it is not."""

from datetime import datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from mandates.models import Chapter
from rounds.models import Outcome, Round
from tests import factories
from tests.kernel.reading import body, day, entries, instant, story
from tradeinit.publication import log
from tradeinit.publication.gate import writing
from tradeinit.publication.instants import lives
from tradeinit.publication.models import Publishable

pytestmark = pytest.mark.django_db


def told_at(row: Publishable) -> list[tuple[int, str, datetime]]:
    return [(entry.number, entry.action, entry.at) for entry in entries(row)]


def is_out(row: Publishable) -> bool:
    return row.uid in log.bodies([row.uid])


def is_public(row: Publishable) -> bool:
    return type(row).objects.public().filter(pk=row.pk).exists()


# One record


def test_a_draft_is_told_to_nobody() -> None:
    with day(0):
        row = factories.round(public=False)

    with day(1000):
        assert not is_public(row)
        assert not is_out(row)
        assert entries(row) == []


def test_an_embargo_lifts_at_its_very_instant() -> None:
    with day(0):
        row = factories.round(public_from=instant(3))

    seen = []
    for offset in (-1, 0, 1):
        with day(3, microseconds=offset):
            seen.append((is_public(row), is_out(row)))

    assert seen == [(False, False), (True, True), (True, True)]
    assert told_at(row) == [(1, "published", instant(3))]
    assert body(row)["created"] == "2100-01-07T17:00:00Z"


@pytest.mark.parametrize("moved_to", [2, 3, 5])
def test_an_edited_or_moved_embargo_replaces_the_pending_entry(moved_to: int) -> None:
    with day(0):
        row = factories.round(public_from=instant(3), summary="First plan.")

    with day(1):
        factories.edit(row, public_from=instant(moved_to), summary="Second plan.")

    assert told_at(row) == [(1, "published", instant(moved_to))]
    assert body(row)["summary"] == "Second plan."
    with day(moved_to, microseconds=-1):
        assert not is_out(row)
    with day(moved_to):
        assert is_public(row)
        assert is_out(row)


def test_an_embargo_may_be_drafted_again_and_nothing_stays_pending() -> None:
    with day(0):
        row = factories.round(public_from=instant(3))

    with day(1):
        factories.edit(row, public_from=None)

    assert entries(row) == []
    with day(5):
        factories.edit(row, public_from=instant(4))
        assert [(number, action) for number, action, _at in told_at(row)] == [(1, "published")]
        # What is cleared for a day in the past is told now, not then.
        assert entries(row)[0].at >= instant(5)


def test_numbers_have_no_gap_however_often_an_embargo_was_changed() -> None:
    with day(0):
        row = factories.round(public_from=instant(10))
        for later in range(11, 15):
            factories.edit(row, public_from=instant(later))

    with day(20):
        factories.edit(row, summary="Corrected once.")
    with day(21):
        factories.edit(row, summary="Corrected twice.")

    assert [entry.number for entry in entries(row)] == [1, 2, 3]
    assert story(row) == ["published", "corrected", "corrected"]
    assert body(row)["created"] == "2100-01-18T17:00:00Z"


def test_time_alone_lifts_an_embargo_and_the_next_edit_is_a_correction() -> None:
    with day(0):
        row = factories.round(public_from=instant(3), summary="As planned.")

    with day(4):
        factories.edit(row, summary="As held.")

    assert told_at(row) == [(1, "published", instant(3)), (2, "corrected", instant(4))]


@pytest.mark.parametrize("public_from", [None, instant(9), instant(-1)])
def test_what_is_public_keeps_its_instant(public_from: datetime | None) -> None:
    with day(0):
        row = factories.round(public_from=instant(1))

    with day(2), pytest.raises(ValidationError, match="has been public since"):
        factories.edit(row, public_from=public_from)

    with day(2):
        assert is_public(Round.objects.get(pk=row.pk))


def test_a_draft_may_be_cleared_and_drafted_while_its_parent_hides_it() -> None:
    with day(0):
        case = factories.initiative(public=False)
        row = factories.chapter(initiative=case, public_from=factories.PUBLISHED)

    with day(1):
        factories.edit(row, public_from=None)

    assert Chapter.objects.drafts().get() == row


# Withdrawal


def test_a_withdrawn_record_is_gone_with_its_reason_and_may_return() -> None:
    with day(0):
        row = factories.round()
    with day(1):
        factories.withdraw(row, reason="It never took place.")
    with day(1, hours=1):
        assert (is_public(row), is_out(row)) == (False, False)

    with day(2):
        factories.edit(row, reason="It did.", withdrawn_at=None, withdrawal_reason="")
    with day(2, hours=1):
        assert (is_public(row), is_out(row)) == (True, True)

    assert [(entry.action, entry.reason) for entry in entries(row)] == [
        ("published", ""),
        ("withdrawn", "It never took place."),
        ("published", "It did."),
    ]
    assert body(row)["created"] == log.rfc3339(entries(row)[0].at)
    assert body(row)["updated"] == "2100-01-06T17:00:00Z"


def test_a_corrected_reason_of_a_withdrawal_is_told_also_of_what_lies_below() -> None:
    with day(0):
        case = factories.initiative()
        row = factories.round(initiative=case)
    with day(1):
        factories.withdraw(case, reason="Entered twice.")

    with day(2):
        factories.edit(case, withdrawal_reason="It never began.")

    for told in (case, row):
        assert [(entry.action, entry.reason) for entry in entries(told)] == [
            ("published", ""),
            ("withdrawn", "Entered twice."),
            ("withdrawn", "It never began."),
        ]


def test_a_withdrawal_cannot_be_dated_ahead() -> None:
    with day(0):
        row = factories.round()

    with day(1), pytest.raises(ValidationError, match="cannot be dated ahead"):
        factories.edit(row, withdrawn_at=instant(2), withdrawal_reason="Soon.")


def test_an_embargo_that_is_withdrawn_is_never_told() -> None:
    with day(0):
        row = factories.round(public_from=instant(3))

    with day(1):
        factories.withdraw(row)

    assert entries(row) == []
    with day(4):
        assert not is_public(row)


# Parents


@pytest.fixture
def nested() -> dict[str, Any]:
    """An outcome under a round and a chapter, both of one initiative under embargo."""
    with day(0), writing():
        case = factories.initiative(public_from=instant(3))
        held = factories.round(initiative=case)
        chapter = factories.chapter(initiative=case, public_from=instant(5))
        return {
            "case": case,
            "round": held,
            "chapter": chapter,
            "outcome": factories.outcome(round=held, chapter=chapter),
        }


def test_a_record_is_told_with_the_last_of_its_parents(nested: dict[str, Any]) -> None:
    assert told_at(nested["round"]) == [(1, "published", instant(3))]
    assert told_at(nested["outcome"]) == [(1, "published", instant(5))]
    assert body(nested["outcome"])["disclosed_on"] == "2100-01-09"


@pytest.mark.parametrize("moved_to", [4, 8])
def test_moving_a_parent_moves_what_lies_below(nested: dict[str, Any], moved_to: int) -> None:
    with day(1):
        factories.edit(nested["chapter"], public_from=instant(moved_to))

    assert told_at(nested["outcome"]) == [(1, "published", instant(moved_to))]
    assert told_at(nested["round"]) == [(1, "published", instant(3))]
    assert Outcome.objects.get().version == 1


def test_drafting_a_parent_leaves_nothing_pending_below(nested: dict[str, Any]) -> None:
    with day(1):
        factories.edit(nested["case"], public_from=None)

    assert [entries(row) for row in nested.values()] == [[], [], [], []]


def test_clearing_a_parent_tells_all_below_that_is_cleared(nested: dict[str, Any]) -> None:
    with day(1):
        factories.edit(nested["case"], public_from=instant(1))

    assert [entries(nested[name])[0].at for name in ("case", "round")] == [instant(1), instant(1)]
    assert told_at(nested["outcome"]) == [(1, "published", instant(5))]


def test_a_withdrawn_parent_takes_its_public_children_along_and_brings_them_back(
    nested: dict[str, Any],
) -> None:
    history = Round.history.count()
    with day(6):
        factories.withdraw(nested["case"], reason="Entered twice.")
    with day(6, hours=1):
        assert [is_out(row) for row in nested.values()] == [False] * 4
        assert [is_public(row) for row in nested.values()] == [False] * 4

    with day(7):
        factories.edit(
            nested["case"], reason="It was not.", withdrawn_at=None, withdrawal_reason=""
        )

    for row in nested.values():
        assert [(entry.action, entry.reason) for entry in entries(row)] == [
            ("published", ""),
            ("withdrawn", "Entered twice."),
            ("published", "It was not."),
        ]
    untouched = Round.objects.get()
    assert (untouched.version, untouched.withdrawn_at, untouched.withdrawal_reason) == (1, None, "")
    assert Round.history.count() == history
    with day(8):
        assert [is_out(row) for row in nested.values()] == [True] * 4
        assert list(log.differences()) == []


def test_reinstating_a_parent_brings_the_embargoes_below_back(nested: dict[str, Any]) -> None:
    with day(4):
        factories.withdraw(nested["case"])
        assert entries(nested["outcome"]) == []
        factories.edit(nested["case"], withdrawn_at=None, withdrawal_reason="")

    assert told_at(nested["outcome"]) == [(1, "published", instant(5))]


def test_a_child_withdrawn_on_its_own_stays_so_when_its_parent_returns(
    nested: dict[str, Any],
) -> None:
    with day(6):
        factories.withdraw(nested["outcome"], reason="Another chapter's.")
        factories.withdraw(nested["case"])
        factories.edit(nested["case"], withdrawn_at=None, withdrawal_reason="")

    assert story(nested["outcome"]) == ["published", "withdrawn"]
    assert entries(nested["outcome"])[-1].reason == "Another chapter's."


def test_a_public_record_cannot_be_placed_under_a_hidden_one() -> None:
    with day(0):
        row = factories.round()
        hidden = factories.initiative(public=False)

    with day(1), pytest.raises(ValidationError, match="cannot be placed under"):
        factories.edit(row, initiative=hidden)

    assert story(row) == ["published"]


def test_a_public_record_may_move_and_what_lies_below_says_so() -> None:
    with day(0):
        held = factories.round()
        outcome = factories.outcome(round=held)
        other = factories.initiative()

    with day(1):
        factories.edit(held, initiative=other)

    assert body(outcome)["initiative"] == other.slug
    assert story(outcome) == ["published", "corrected"]
    assert Outcome.objects.get().version == 1


def test_a_parent_that_is_not_there_hides_nothing() -> None:
    """A document may belong to no case; a statement is about a case or about a chapter of one."""
    with day(0):
        alone = factories.document(initiative=None)
        case = factories.initiative(public_from=instant(3))
        chapter = factories.chapter(initiative=case, public_from=instant(2))
        about_case = factories.statement(initiative=case)
        about_chapter = factories.statement(chapter=chapter)

    kind = type(alone)
    assert lives({kind: [alone.pk]})[kind][alone.pk].begins == factories.PUBLISHED
    assert told_at(about_case) == [(1, "published", instant(3))]
    assert told_at(about_chapter) == [(1, "published", instant(3))]
    with day(2):
        assert is_public(alone)
        assert not is_public(about_case)
        assert not is_public(about_chapter)
    with day(3):
        assert is_public(about_case)
        assert is_public(about_chapter)


def test_parents_and_children_of_one_writing_are_told_together() -> None:
    with day(0):
        drafts = [factories.initiative(public=False)]
        drafts.append(factories.round(initiative=drafts[0], public=False))

    with day(1), writing():
        # The child first: what counts is how things stand when the writing closes.
        for row in reversed(drafts):
            row.public_from = instant(1)
            row.save()

    first, second = (entries(row)[0].at for row in drafts)
    assert first == second == instant(1)
