"""Whatever staff do, in whatever order: the log is what the rows say, and it hides what they hide.

A small world is worked on at random: records are made, edited, cleared, embargoed, drafted,
withdrawn, reinstated, cited, related, moved, renamed and deleted, and time passes. What is
refused changes nothing. What is sealed never changes. At the end everything is compared.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import chain
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import ProtectedError
from hypothesis import given, settings
from hypothesis import strategies as st

from mandates.models import Chapter, Citation, Document, Initiative, InitiativeParty, Party
from rounds.models import Participation, Person, Round, Venue
from tests import factories
from tests.kernel.reading import day, instant, tracked_models
from tests.rollback import undone
from tradeinit import clock
from tradeinit.publication import gate, log, registry
from tradeinit.publication.gate import writing
from tradeinit.publication.models import Address, Addressed, Publication, Publishable

ALL = sorted(registry.models(), key=lambda model: model.__name__)
# Where most depends on most: among few, one thing done meets another more often.
FEW = [Chapter, Document, Initiative, Round]
# Text fields that may change at will, in a model that has one of them.
TEXTS = ("summary", "note", "aim", "wording", "abbreviation", "native_name", "designation")
REFUSED = (ValidationError, IntegrityError, ProtectedError)


# In parts, since pytest ends a test that takes more than some minutes.
@pytest.mark.parametrize(
    "_part", [0, *(pytest.param(n, marks=pytest.mark.full) for n in range(1, 10))]
)
@pytest.mark.django_db
def test_rows_and_log_agree_after_whatever_was_done(_part: int) -> None:
    make_small_world()
    steps = settings().stateful_step_count

    # The dearest of all examples; the full profile makes up for their number.
    @settings(max_examples=settings().max_examples // 2)
    @given(
        st.sampled_from([ALL, FEW]),
        st.lists(st.tuples(OPERATIONS, NUMBERS, NUMBERS), min_size=steps - 5, max_size=steps + 5),
    )
    def whatever_is_done(models: list[Any], done: list[tuple[Callable, int, int]]) -> None:
        with undone():
            desk = Desk(models)
            for operation, n, other in done:
                operation(desk, n, other)
                desk.refuse_changes_to_what_is_sealed()
            compare_everything(desk.now)

    whatever_is_done()


def make_small_world() -> None:
    """Two cases, one of them hidden, and below them something in every state."""
    with day(0), writing():
        parties = [factories.party(), factories.party(public_from=instant(0, minutes=5))]
        cases = [factories.initiative(), factories.initiative(public=False)]
        seats = [factories.initiative_party(initiative=cases[0], party=side) for side in parties]
        body = factories.organization(party=parties[0])
        factories.representation(initiative_party=seats[0], organization=body)
        mandate = factories.mandate(initiative=cases[0], public=False)
        chapters = [
            factories.chapter(initiative=cases[0]),
            factories.chapter(initiative=cases[0], public_from=instant(0, minutes=7)),
            factories.chapter(initiative=cases[1]),
        ]
        factories.document(public=False, initiative=cases[1])
        source = factories.document(chapters=chapters[:1], publisher=body)
        held = [
            factories.round(initiative=cases[0], venues=["Taipei"]),
            factories.round(initiative=cases[0], public_from=instant(0, minutes=3)),
            factories.round(initiative=cases[1], state="announced"),
        ]
        Citation(record=held[0], document=source).save()
        factories.outcome(round=held[1], chapter=chapters[0])
        factories.outcome(round=held[0], chapter=chapters[1])
        person = factories.person()
        factories.participation(
            round=held[0], initiative_party=seats[0], person=person, role="head"
        )
        factories.participation(round=held[1], initiative_party=seats[1], public=False)
        factories.statement(initiative=cases[0])
        factories.statement(chapter=chapters[1], value="conceptual")
        assert mandate.pk


class Desk:
    """What staff do. Each operation takes two numbers, which choose among the rows there are."""

    def __init__(self, models: list[type[Publishable]]) -> None:
        self.models = models
        self.now = instant(0, minutes=1)
        self.count = 0
        self.withdrawn: list[Publishable] = []
        # The digest of every sealed entry, once seen.
        self.sealed: dict[tuple[UUID, int], str] = {}

    def refuse_changes_to_what_is_sealed(self) -> None:
        entries = Publication.objects.order_by("uid", "number")
        found = list(entries.values_list("uid", "number", "at", "digest"))
        sealed = {(uid, number): digest for uid, number, at, digest in found if at <= self.now}
        pending = [uid for uid, _number, at, _digest in found if at > self.now]
        numbers: dict[UUID, list[int]] = defaultdict(list)
        for uid, number, _at, _digest in found:
            numbers[uid].append(number)

        assert self.sealed.items() <= sealed.items()
        assert len(pending) == len(set(pending))
        assert all(given == list(range(1, len(given) + 1)) for given in numbers.values())
        self.sealed = sealed

    def does(self, change: Callable[[], Any], reason: str = "A slip.") -> None:
        """In a writing of its own, a second later; refused, it has changed nothing."""
        self.now += timedelta(seconds=1)
        self.count += 1
        before = list(Publication.objects.order_by("pk").values_list("pk", "digest"))
        with clock.at(self.now):
            try:
                with writing(reason=reason):
                    change()
            except REFUSED:
                after = list(Publication.objects.order_by("pk").values_list("pk", "digest"))
                assert after == before

    def sets(self, row: Any, reason: str = "A slip.", **values: Any) -> None:
        def change() -> None:
            for name, value in values.items():
                setattr(row, name, value)
            row.save()

        if row is not None:
            self.does(change, reason)

    def any_row(self, n: int, other: int) -> Any:
        return nth(self.models[n % len(self.models)], other)

    # Operations

    def make(self, n: int, other: int) -> None:
        model = self.models[n % len(self.models)]
        fields: dict[str, Any] = {"public": other % 2 == 0, "uid": UUID(int=self.count + 1)}
        if issubclass(model, Addressed):
            fields["slug"] = f"made-{self.count}"
        if model in (Chapter, Round, Document):
            fields["initiative"] = nth(Initiative, other)
        self.does(lambda: getattr(factories, snake(model.__name__))(**fields))

    def edit(self, n: int, other: int) -> None:
        row = self.any_row(n, other)
        text = next((name for name in TEXTS if hasattr(row, name)), None)
        if text:
            self.sets(row, **{text: f"Text {self.count}"})

    def edit_without_a_reason(self, n: int, _other: int) -> None:
        self.sets(nth(Round, n), reason="", summary=f"Text {self.count}")

    def correct_a_name(self, n: int, _other: int) -> None:
        self.sets(nth(Person, n), name=f"Name {self.count}")

    def clear(self, n: int, other: int) -> None:
        self.sets(self.any_row(n, other), public_from=self.now)

    def embargo(self, n: int, other: int) -> None:
        lifts = self.now.replace(second=0) + timedelta(minutes=1 + n % 9)
        self.sets(self.any_row(n, other), public_from=lifts)

    def draft(self, n: int, other: int) -> None:
        self.sets(self.any_row(n, other), public_from=None)

    def withdraw(self, n: int, other: int) -> None:
        row = self.any_row(n, other)
        if row and not row.withdrawn_at:
            self.withdrawn.append(row)
            self.sets(row, withdrawn_at=self.now, withdrawal_reason=f"Reason {self.count}")

    def reinstate(self, n: int, _other: int) -> None:
        if self.withdrawn:
            row = self.withdrawn.pop(n % len(self.withdrawn))
            stored = type(row).objects.filter(pk=row.pk).first()
            self.sets(stored, withdrawn_at=None, withdrawal_reason="")

    def correct_a_withdrawal(self, n: int, _other: int) -> None:
        if self.withdrawn:
            row = self.withdrawn[n % len(self.withdrawn)]
            stored = type(row).objects.withdrawn().filter(pk=row.pk).first()
            self.sets(stored, withdrawal_reason=f"Reason {self.count}")

    def delete(self, n: int, other: int) -> None:
        row = self.any_row(n, other)
        if row:
            self.does(row.delete)

    def cite(self, n: int, other: int) -> None:
        row, document = self.any_row(n, other), nth(Document, n)
        if row and document:
            self.does(lambda: row.citations.create(document=document, locator=f"p. {self.count}"))

    def cite_no_longer(self, n: int, _other: int) -> None:
        row = nth(Citation, n)
        if row:
            self.does(row.delete)

    def relate(self, n: int, other: int) -> None:
        document, chapters = nth(Document, n), {nth(Chapter, n), nth(Chapter, other)} - {None}
        if document:
            self.does(lambda: document.chapters.set(chapters))

    def relate_no_longer(self, n: int, _other: int) -> None:
        document = nth(Document, n)
        if document:
            self.does(document.chapters.clear)

    def name_members(self, n: int, other: int) -> None:
        bloc, member = nth(Party, n), nth(Party, other)
        if bloc:
            self.does(lambda: bloc.members.set({member} - {bloc}))

    def change_a_venue(self, n: int, other: int) -> None:
        self.sets(nth(Venue, n), city=("Taipei", "Tainan", "Hualien")[other % 3])

    def move_a_venue(self, n: int, other: int) -> None:
        self.sets(nth(Venue, n), round=nth(Round, other))

    def add_a_venue(self, n: int, _other: int) -> None:
        row = nth(Round, n)
        if row:
            self.does(lambda: row.venues.create(city=f"City {self.count}"))

    def drop_a_venue(self, n: int, _other: int) -> None:
        row = nth(Venue, n)
        if row:
            self.does(row.delete)

    def move_to_another_case(self, n: int, other: int) -> None:
        row = nth((Round, Chapter, Document)[n % 3], n)
        self.sets(row, initiative=nth(Initiative, other))

    def name_a_host(self, n: int, other: int) -> None:
        self.sets(nth(Round, n), host=nth(InitiativeParty, other))

    def seat_a_person(self, n: int, other: int) -> None:
        role = ("head", "delegate")[other % 2]
        self.sets(nth(Participation, n), person=nth(Person, other), role=role)

    def reseat(self, n: int, other: int) -> None:
        self.sets(nth(InitiativeParty, n), party=nth(Party, other))

    def rename_the_address(self, n: int, other: int) -> None:
        row = self.any_row(n, other)
        if isinstance(row, Addressed):
            self.sets(row, slug=f"renamed-{self.count}")

    def think_better_of_it(self, n: int, other: int) -> None:
        row = self.any_row(n, other)

        def half_done() -> None:
            row.public_from = self.now
            row.save()
            raise ValidationError("No.")

        if row:
            self.does(half_done)

    def wait(self, n: int, _other: int) -> None:
        self.now += timedelta(minutes=1 + n % 9)

    def install_a_release_that_changes_no_body(self, _n: int, _other: int) -> None:
        self.now += timedelta(seconds=1)
        with clock.at(self.now):
            assert gate.reissue() == 0


EVERY_OPERATION = [
    Desk.make, Desk.edit, Desk.edit_without_a_reason, Desk.correct_a_name,
    Desk.clear, Desk.embargo, Desk.draft, Desk.withdraw, Desk.reinstate,
    Desk.correct_a_withdrawal, Desk.delete,
    Desk.cite, Desk.cite_no_longer, Desk.relate, Desk.relate_no_longer, Desk.name_members,
    Desk.change_a_venue, Desk.move_a_venue, Desk.add_a_venue, Desk.drop_a_venue,
    Desk.move_to_another_case, Desk.name_a_host, Desk.seat_a_person, Desk.reseat,
    Desk.rename_the_address, Desk.think_better_of_it, Desk.wait,
    Desk.install_a_release_that_changes_no_body,
]  # fmt: skip
OPERATIONS = st.sampled_from(EVERY_OPERATION)
NUMBERS = st.integers(0, 59)


def nth(model: Any, n: int) -> Any:
    """The n-th row of the model, counted round and round; None where there is none."""
    pks = list(model.objects.order_by("pk").values_list("pk", flat=True))
    return model.objects.get(pk=pks[n % len(pks)]) if pks else None


# What must hold


def compare_everything(now: datetime) -> None:
    with clock.at(now):
        assert list(log.differences()) == []
        assert bodies_of_public_rows() == told_bodies()
    # When every embargo has lifted.
    with clock.at(now + timedelta(days=1)):
        assert public_uids() == told_bodies().keys()
    refuse_bodies_that_name_what_was_hidden()
    compare_history()
    compare_addresses()


def bodies_of_public_rows() -> dict[UUID, dict[str, Any]]:
    """What the public should be told, asked of the rows by their own serializers."""
    told: dict[UUID, list[Publication]] = defaultdict(list)
    for entry in Publication.objects.sealed().order_by("number"):
        told[entry.uid].append(entry)
    found = {}
    for model in registry.models():
        for row in model.objects.public().for_list():
            factual = [entry.at for entry in told[row.uid] if entry.action != "reissued"]
            found[row.uid] = registry.serializer_of(model).body(
                row, created=log.rfc3339(factual[0]), updated=log.rfc3339(factual[-1])
            )
    return found


def public_uids() -> set[UUID]:
    public = [model.objects.public().values_list("uid", flat=True) for model in registry.models()]
    return set(chain.from_iterable(public))


def told_bodies() -> dict[UUID, dict[str, Any]]:
    uids = set(Publication.objects.values_list("uid", flat=True))
    return log.bodies(uids)


def refuse_bodies_that_name_what_was_hidden() -> None:
    """Nobody could read of a record in another one before it was public itself."""
    first_told: dict[str, datetime] = {}
    keys = dict(Address.objects.values_list("uid", "slug"))
    for entry in Publication.objects.order_by("-number"):
        first_told[keys.get(entry.uid, str(entry.uid))] = entry.at
    hidden = set(keys.values()) - set(first_told)
    for entry in Publication.objects.exclude(body=""):
        named = set(texts(json.loads(entry.body)))
        assert named.isdisjoint(hidden)
        assert all(first_told[key] <= entry.at for key in named & first_told.keys())


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from texts(inner)


def compare_history() -> None:
    """The last state in the history of each row is the row, and each version has one."""
    for model in tracked_models():
        last = {past.id: past for past in model.history.order_by("history_id")}
        versions = defaultdict(int)
        for pk, kind in model.history.values_list("id", "history_type"):
            versions[pk] += kind != "-"
        for row in model.objects.all():
            assert last[row.pk].instance.columns_that_differ(row) == set()
            if isinstance(row, Publishable):
                assert row.version == versions[row.pk]


def compare_addresses() -> None:
    held = {
        slug: uid
        for model in registry.models()
        if issubclass(model, Addressed)
        for slug, uid in model.objects.values_list("slug", "uid")
    }
    assert dict(Address.objects.values_list("slug", "uid")) == held


def snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)[1:]
