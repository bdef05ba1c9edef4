"""Where a subject stands: what the ledger's statements say for a day, as known on a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mandates import ledger
from mandates.models import Statement
from mandates.models.statements import Phase
from tests import factories
from tests.kernel.reading import day, instant
from tests.rollback import undone
from tradeinit.clocks import Clocks
from tradeinit.publication.gate import writing

pytestmark = pytest.mark.django_db

EARLY, LATE, LATER, LATEST = (date(2022, month, 1) for month in (3, 6, 9, 12))


@pytest.fixture
def case() -> SimpleNamespace:
    """An initiative of two sides, with an observer, a chapter and a second initiative."""
    with day(0), writing():
        initiative = factories.initiative()
        sides = [factories.initiative_party(initiative=initiative) for _ in range(2)]
        factories.initiative_party(initiative=initiative, role="observer")
        return SimpleNamespace(
            initiative=initiative,
            ours=sides[0],
            theirs=sides[1],
            chapter=factories.chapter(initiative=initiative),
            other=factories.initiative(),
        )


def said(
    case: SimpleNamespace, value: str, effective_on: date = EARLY, by: Any = None, **fields: Any
) -> Statement:
    if "chapter" not in fields:
        fields = {"initiative": case.initiative} | fields
    with day(0):
        return factories.statement(value=value, effective_on=effective_on, claimed_by=by, **fields)


def standing(
    case: SimpleNamespace, on: date | None = None, known: date | None = None
) -> tuple[str | None, str]:
    pk = case.initiative.pk
    with day(0, hours=1):
        found = ledger.standings("initiative", [pk], Clocks(on, known))[pk]
    return found.value, str(found.basis)


def stands(case: SimpleNamespace, on: date, known: date) -> tuple[set[Any], set[Any]]:
    """What a page says stands, and what a filter finds to stand."""
    pk = case.initiative.pk
    with day(0, hours=1):
        told = ledger.standings("initiative", [pk], Clocks(on, known))[pk].claims
        found = Statement.objects.standing("initiative", on, known).filter(initiative=pk)
        return {row.pk for row in told}, set(found.values_list("pk", flat=True))


# In words


def test_of_what_nobody_said_anything_nothing_is_known(case: SimpleNamespace) -> None:
    assert standing(case) == (None, "unknown")


def test_what_was_said_jointly_is_agreed(case: SimpleNamespace) -> None:
    said(case, "launched")

    assert standing(case) == ("launched", "agreed")


def test_what_one_side_says_alone_is_one_sided(case: SimpleNamespace) -> None:
    said(case, "paused", by=case.ours)

    assert standing(case) == ("paused", "one_sided")


def test_what_all_who_negotiate_say_each_for_itself_is_agreed(case: SimpleNamespace) -> None:
    said(case, "paused", EARLY, by=case.ours)
    said(case, "paused", LATE, by=case.theirs)

    assert standing(case) == ("paused", "agreed")


def test_two_who_say_different_things_are_in_dispute(case: SimpleNamespace) -> None:
    said(case, "paused", EARLY, by=case.ours)
    said(case, "ended", LATE, by=case.theirs)

    assert standing(case) == (None, "disputed")


def test_a_side_is_taken_at_its_last_word(case: SimpleNamespace) -> None:
    said(case, "paused", LATE, by=case.ours)
    said(case, "negotiating", LATER, by=case.ours)
    said(case, "negotiating", EARLY, by=case.theirs)

    assert standing(case) == ("negotiating", "agreed")


def test_a_later_joint_statement_replaces_what_each_side_said(case: SimpleNamespace) -> None:
    said(case, "paused", EARLY, by=case.ours)
    said(case, "ended", EARLY, by=case.theirs)
    said(case, "negotiating", LATE)

    assert standing(case) == ("negotiating", "agreed")


def test_a_joint_statement_gives_way_to_a_later_one_of_one_side(case: SimpleNamespace) -> None:
    said(case, "negotiating", EARLY)
    said(case, "paused", LATE, by=case.ours)

    assert standing(case) == ("paused", "one_sided")


def test_who_repeats_a_joint_statement_does_not_replace_it(case: SimpleNamespace) -> None:
    said(case, "negotiating", EARLY)
    said(case, "negotiating", LATE, by=case.ours)

    assert standing(case) == ("negotiating", "agreed")


def test_who_returns_to_a_joint_statement_leaves_it_standing(case: SimpleNamespace) -> None:
    said(case, "negotiating", EARLY)
    said(case, "paused", LATE, by=case.ours)
    said(case, "negotiating", LATER, by=case.ours)

    assert standing(case) == ("negotiating", "agreed")


def test_one_who_repeats_and_one_who_differs_are_in_dispute(case: SimpleNamespace) -> None:
    said(case, "negotiating", EARLY)
    said(case, "negotiating", LATE, by=case.ours)
    said(case, "paused", LATE, by=case.theirs)

    assert standing(case) == (None, "disputed")


def test_a_withdrawn_statement_brings_back_the_earlier(case: SimpleNamespace) -> None:
    said(case, "negotiating", EARLY)
    retracted = said(case, "concluded", LATE)

    with day(0, minutes=1):
        factories.withdraw(retracted)

    assert standing(case) == ("negotiating", "agreed")


def test_a_correction_drops_what_it_corrects_once_it_is_disclosed(case: SimpleNamespace) -> None:
    wrong = said(case, "concluded", LATE)
    said(case, "negotiating", EARLY, corrects=wrong, disclosed_on=LATER)

    assert standing(case, known=LATER - timedelta(days=1)) == ("concluded", "agreed")
    assert standing(case, known=LATER) == ("negotiating", "agreed")


def test_a_withdrawn_correction_brings_back_what_it_corrected(case: SimpleNamespace) -> None:
    right = said(case, "concluded", LATE)
    correction = said(case, "negotiating", LATE, corrects=right)

    with day(0, minutes=1):
        factories.withdraw(correction)

    assert standing(case) == ("concluded", "agreed")


def test_a_correction_of_a_correction_does_not_bring_back_the_first(case: SimpleNamespace) -> None:
    first = said(case, "concluded", LATE)
    second = said(case, "negotiating", LATE, corrects=first)
    said(case, "paused", EARLY, corrects=second)

    assert standing(case) == ("paused", "agreed")


@pytest.mark.parametrize(
    "hidden", [{"public": False}, {"public_from": instant(5)}], ids=["draft", "embargoed"]
)
def test_what_is_hidden_counts_for_nothing(case: SimpleNamespace, hidden: dict[str, Any]) -> None:
    shown = said(case, "negotiating", EARLY)
    said(case, "ended", LATE, **hidden)
    said(case, "paused", LATE, corrects=shown, **hidden)

    assert standing(case) == ("negotiating", "agreed")


def test_nor_does_what_stands_below_a_withdrawn_case(case: SimpleNamespace) -> None:
    said(case, "negotiating")
    with day(0, minutes=1):
        factories.withdraw(case.initiative)

    assert standing(case) == (None, "unknown")


def test_it_is_asked_for_a_day_as_known_on_a_day(case: SimpleNamespace) -> None:
    said(case, "launched", EARLY, disclosed_on=LATE)
    said(case, "negotiating", LATER, disclosed_on=LATER)

    found = {
        (on.month, known.month): standing(case, on, known)[0]
        for on in (EARLY, LATER)
        for known in (EARLY, LATE, LATER)
    }

    assert found == {
        (3, 3): None,
        (3, 6): "launched",
        (3, 9): "launched",
        (9, 3): None,
        (9, 6): "launched",
        (9, 9): "negotiating",
    }


def test_a_milestone_is_no_phase(case: SimpleNamespace) -> None:
    said(case, "negotiating", EARLY)
    said(case, "mandate_published", LATE)

    assert standing(case) == ("negotiating", "agreed")


def test_on_one_day_the_later_disclosed_counts_then_what_is_further_along(
    case: SimpleNamespace,
) -> None:
    said(case, "concluded", EARLY, disclosed_on=EARLY)
    said(case, "launched", EARLY, disclosed_on=LATE)
    assert standing(case) == ("launched", "agreed")

    said(case, "negotiating", EARLY, disclosed_on=LATE)
    assert standing(case) == ("negotiating", "agreed")


def test_subjects_do_not_mix(case: SimpleNamespace) -> None:
    said(case, "ended", LATE, initiative=case.other)
    said(case, "concluded", LATE, chapter=case.chapter)
    said(case, "negotiating", EARLY)

    assert standing(case) == ("negotiating", "agreed")


def test_a_chapter_has_a_standing_of_its_own(case: SimpleNamespace) -> None:
    said(case, "negotiating", LATE)
    said(case, "provisionally_closed", EARLY, chapter=case.chapter)
    said(case, "reopened", LATE, chapter=case.chapter, by=case.ours)

    with day(0, hours=1):
        found = ledger.standings("chapter", [case.chapter.pk])[case.chapter.pk]

    assert (found.value, found.basis, found.since) == ("reopened", "one_sided", LATE)


def test_who_has_left_is_asked_only_of_the_time_before(case: SimpleNamespace) -> None:
    with day(0, minutes=1):
        factories.edit(case.theirs, left_on=LATER)
    said(case, "paused", EARLY, by=case.ours)

    assert standing(case, on=LATE) == ("paused", "one_sided")
    assert standing(case, on=LATER) == ("paused", "agreed")


def test_who_joined_later_is_not_asked_of_the_time_before(case: SimpleNamespace) -> None:
    with day(0, minutes=1):
        factories.edit(case.theirs, joined_on=LATER)
    said(case, "paused", EARLY, by=case.ours)

    assert standing(case, on=LATE) == ("paused", "agreed")
    assert standing(case, on=LATER) == ("paused", "one_sided")


def test_a_standing_takes_the_same_few_queries_for_many_subjects(
    case: SimpleNamespace, django_assert_num_queries: Any
) -> None:
    with day(0), writing():
        rows = [case.initiative, *(factories.initiative() for _ in range(5))]
        for row in rows:
            factories.statement(initiative=row)

    for few in (rows[:1], rows):
        with day(0, hours=1), django_assert_num_queries(4):
            ledger.standings("initiative", [row.pk for row in few])


# Whatever was said, in whatever order it was entered


@dataclass(frozen=True)
class Said:
    """A statement to be made; ``corrects`` counts from the one made before it."""

    value: str
    by: str
    effective: int
    disclosed: int
    state: str
    corrects: int | None


DAYS = st.integers(1, 4)
SAID = st.builds(
    Said,
    value=st.sampled_from(["launched", "negotiating", "paused", "first_round"]),
    by=st.sampled_from(["nobody alone", "ours", "theirs"]),
    effective=DAYS,
    disclosed=DAYS,
    state=st.sampled_from(["public", "public", "public", "draft", "embargoed", "withdrawn"]),
    corrects=st.none() | st.integers(1, 3),
)


def test_the_standing_is_what_the_rule_says_in_whatever_order_it_was_entered(
    case: SimpleNamespace,
) -> None:
    @given(st.lists(SAID, max_size=8), st.randoms(use_true_random=False), DAYS, DAYS)
    def whatever_is_said(sayings: list[Said], shuffler: Random, on: int, known: int) -> None:
        corrected = who_corrects_whom(sayings)
        order = shuffler.sample(range(len(sayings)), len(sayings))
        with undone():
            enter(case, sayings, corrected, order)
            for asked in {(on, known), (known, on), (4, 4)}:
                clocks = [date(2022, 1, number) for number in asked]
                assert standing(case, *clocks) == by_the_rule(sayings, corrected, *asked)
                told, found = stands(case, *clocks)
                assert told == found

    whatever_is_said()


def who_corrects_whom(sayings: Sequence[Said]) -> dict[int, int]:
    """From each correction to what it corrects: an earlier one, public unless itself a draft."""
    corrected: dict[int, int] = {}
    for number, saying in enumerate(sayings):
        target = number - (saying.corrects or number + 1)
        if target < 0 or target in corrected.values():
            continue
        if saying.state == "draft" or sayings[target].state in ("public", "withdrawn"):
            corrected[number] = target
    return corrected


def enter(
    case: SimpleNamespace, sayings: Sequence[Said], corrected: dict[int, int], order: Sequence[int]
) -> None:
    """In this order, but none before the one that it corrects."""
    claimants = {"nobody alone": None, "ours": case.ours, "theirs": case.theirs}
    made: dict[int, Statement] = {}

    def make(number: int) -> None:
        if number in made:
            return
        saying, target = sayings[number], corrected.get(number)
        if target is not None:
            make(target)
        public_from = {"draft": None, "embargoed": instant(5)}.get(
            saying.state, factories.PUBLISHED
        )
        made[number] = factories.statement(
            uid=UUID(int=number + 1),
            initiative=case.initiative,
            value=saying.value,
            claimed_by=claimants[saying.by],
            effective_on=date(2022, 1, saying.effective),
            disclosed_on=date(2022, 1, saying.disclosed),
            public_from=public_from,
            corrects=None if target is None else made[target],
        )

    with day(0), writing():
        for number in order:
            make(number)
    # Told first: what never was cannot be corrected by what is.
    with day(0), writing(reason="Never said."):
        for number, saying in enumerate(sayings):
            if saying.state == "withdrawn":
                factories.withdraw(made[number])


def by_the_rule(
    sayings: Sequence[Said], corrected: dict[int, int], on: int, known: int
) -> tuple[str | None, str]:
    """The rule of the ledger, written a second time, over plain values."""

    def is_heard(number: int) -> bool:
        return sayings[number].state == "public" and sayings[number].disclosed <= known

    dropped = {target for number, target in corrected.items() if is_heard(number)}
    phases = list(Phase.values)
    counted = {
        number: (saying.effective, saying.disclosed, phases.index(saying.value), number)
        for number, saying in enumerate(sayings)
        if is_heard(number)
        and number not in dropped
        and saying.effective <= on
        and saying.value in phases
    }
    last: dict[str, int] = {}
    for number in sorted(counted, key=counted.get):
        if sayings[number].by == "nobody alone":
            last.clear()
        last[sayings[number].by] = number
    if any(
        sayings[number].value != sayings[last["nobody alone"]].value
        for number in last.values()
        if "nobody alone" in last
    ):
        del last["nobody alone"]
    values = {sayings[number].value for number in last.values()}
    if len(values) != 1:
        return None, "disputed" if values else "unknown"
    agreed = "nobody alone" in last or {"ours", "theirs"} <= last.keys()
    return values.pop(), "agreed" if agreed else "one_sided"
