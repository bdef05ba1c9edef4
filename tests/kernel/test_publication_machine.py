"""What readers are answered, after anything that staff can do, is what a simple model says.

The model knows four things of a record: from when it is public, whether it is withdrawn, its
words, and whether anybody could ever read it. The site is asked through its pages' API, with a
cache that may be lost at any time.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.test import Client
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from mandates.models import Initiative
from rounds.models import Round
from tests import factories
from tests.kernel.reading import day, instant
from tests.rollback import undone
from tradeinit import clock
from tradeinit.publication import log
from tradeinit.publication.gate import writing
from tradeinit.publication.models import Publication

# So many examples of thirty steps on each of two databases in full, in parts, since pytest ends a
# test that takes long.
EXAMPLES, PARTS = 2000, 16
FEW = 4
MINUTES = st.integers(1, 5)
RECORDS = st.integers(0, 2)


@dataclass
class Known:
    """A record as the model knows it; a round is read only while its case is."""

    model: Any
    slug: str
    words: str
    parent: "Known | None" = None
    public_from: datetime | None = None
    withdrawn: bool = False
    told: bool = False

    def is_public(self, now: datetime) -> bool:
        own = self.public_from is not None and self.public_from <= now and not self.withdrawn
        return own and (self.parent is None or self.parent.is_public(now))

    def status(self, now: datetime) -> int:
        if self.is_public(now):
            return 200
        return 410 if self.told else 404

    @property
    def address(self) -> str:
        return f"/api/v1/{'rounds' if self.parent else 'initiatives'}/{self.slug}/"


class PublicationMachine(RuleBasedStateMachine):
    accepted = 0

    def __init__(self) -> None:
        super().__init__()
        self.transaction = undone()
        self.transaction.__enter__()
        cache.clear()
        self.client = Client()
        self.now, self.count, self.asked = instant(1), 0, 0
        case = Known(Initiative, "case", "Said at first.")
        self.records = [case] + [
            Known(Round, f"round-{number}", "Said at first.", case) for number in (1, 2)
        ]

    def teardown(self) -> None:
        try:
            for turn in range(4):
                self.asks(turn)
            with clock.at(self.now + timedelta(days=1)):
                assert list(log.differences()) == []
        finally:
            self.transaction.__exit__(None, None, None)

    def passes(self, time: timedelta) -> None:
        self.now += time
        for record in self.records:
            record.told |= record.is_public(self.now)

    def does(self, record: Known, **values: Any) -> bool:
        """Whether the site took it; what it refused has changed nothing."""
        self.count += 1
        self.passes(timedelta(seconds=1))
        row = record.model.objects.get(slug=record.slug)
        with clock.at(self.now):
            try:
                with writing(reason="A slip."):
                    for name, value in values.items():
                        setattr(row, name, value)
                    row.save()
            except (ValidationError, IntegrityError):
                return False
        PublicationMachine.accepted += 1
        return True

    def settled(self) -> None:
        self.passes(timedelta(0))

    @rule(number=RECORDS)
    def edit_or_correct(self, number: int) -> None:
        record, words = self.records[number], f"Said {self.count}."
        if self.does(record, summary=words):
            record.words = words

    @rule(number=RECORDS)
    def publish(self, number: int) -> None:
        record, when = self.records[number], self.now + timedelta(seconds=1)
        if not record.told and self.does(record, public_from=when):
            record.public_from = when
            self.settled()

    @rule(number=RECORDS, minutes=MINUTES)
    def schedule(self, number: int, minutes: int) -> None:
        record = self.records[number]
        lifts = self.now.replace(second=0) + timedelta(minutes=minutes)
        if self.does(record, public_from=lifts):
            record.public_from = lifts
            self.settled()

    @rule(number=RECORDS)
    def draft_again(self, number: int) -> None:
        record = self.records[number]
        if self.does(record, public_from=None):
            record.public_from = None

    @rule(number=RECORDS)
    def withdraw(self, number: int) -> None:
        record, when = self.records[number], self.now + timedelta(seconds=1)
        if record.withdrawn:
            return
        if self.does(record, withdrawn_at=when, withdrawal_reason="All wrong."):
            record.withdrawn = True

    @precondition(lambda self: any(record.withdrawn for record in self.records))
    @rule(number=RECORDS)
    def reinstate(self, number: int) -> None:
        record = self.records[number]
        if record.withdrawn and self.does(record, withdrawn_at=None, withdrawal_reason=""):
            record.withdrawn = False
            self.settled()

    @rule(minutes=MINUTES)
    def wait(self, minutes: int) -> None:
        self.passes(timedelta(minutes=minutes))

    @rule()
    def wait_for_the_last_second_before_a_minute(self) -> None:
        whole = self.now.replace(second=0, microsecond=0) + timedelta(minutes=1)
        self.passes(whole - timedelta(microseconds=1) - self.now)

    @rule()
    def lose_the_cache(self) -> None:
        cache.clear()

    @invariant()
    def the_next_question_is_answered_as_the_model_says(self) -> None:
        self.asked += 1
        self.asks(self.asked % 4)

    def asks(self, turn: int) -> None:
        with clock.at(self.now):
            if turn == 3:
                listed = json.loads(self.client.get("/api/v1/rounds/").content)
                assert [row["slug"] for row in listed["results"]] == self.public_rounds()
                return
            record = self.records[turn]
            answer = self.client.get(record.address)
            assert answer.status_code == record.status(self.now), record
            if answer.status_code == 200:
                assert json.loads(answer.content)["summary"] == record.words

    def public_rounds(self) -> list[str]:
        return [record.slug for record in self.records[1:] if record.is_public(self.now)]


@pytest.mark.parametrize(
    "part", [0, *(pytest.param(n, marks=pytest.mark.full) for n in range(1, PARTS + 1))]
)
@pytest.mark.django_db
@pytest.mark.usefixtures("a_cache")
def test_readers_are_answered_as_a_simple_model_says(part: int, trust: Callable[..., None]) -> None:
    with day(0), writing():
        case = factories.initiative(slug="case", summary="Said at first.", public=False)
        for number in (1, 2):
            factories.round(
                initiative=case, slug=f"round-{number}", summary="Said at first.", public=False
            )
    examples = EXAMPLES // PARTS if part else FEW
    PublicationMachine.accepted = 0

    run_state_machine_as_test(
        PublicationMachine,
        settings=settings(max_examples=examples, stateful_step_count=30 if part else 20),
    )

    assert PublicationMachine.accepted > examples
    assert Publication.objects.count() == 0
    if part == PARTS:
        trust(5, f"{EXAMPLES:,} examples of up to 30 steps: each answer as a simple model says")
