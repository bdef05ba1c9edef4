"""Would the suite notice? Leaks are built in on purpose, one at a time, and each must be caught."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client

from tests.rollback import undone
from tests.secrecy import answers, roles
from tests.secrecy.leaks import LEAKS, Leak, forget_what_is_kept
from tests.secrecy.places import Place, places
from tests.secrecy.routes import public_routes
from tests.secrecy.world import World
from tests.surfaces.conftest import Reader

pytestmark = pytest.mark.django_db

# Of the places at which a leak would show so many are asked for.
LOOKED_AT = 40
FAST = 5


@dataclass
class Watched:
    """The places for each leak, with what they answered, leaking, when nothing was hidden."""

    world: World
    places: dict[Leak, list[Place]] = field(default_factory=dict)
    before: dict[Leak, dict[str, str]] = field(default_factory=dict)
    caught: set[str] = field(default_factory=set)

    def watch(self, leak: Leak, every: list[Place]) -> None:
        there = [place for place in every if re.search(leak.at, place.address)]
        # Evenly from first to last: of each kind some.
        self.places[leak] = there[:: -(-len(there) // LOOKED_AT) or 1]
        with pytest.MonkeyPatch.context() as patch:
            leak.switch(patch)
            addresses = [place.address for place in self.places[leak]]
            self.before[leak] = answers.digests(Reader(), addresses)
        forget_what_is_kept()

    def ways_of_catching(self, leak: Leak, staff: Client) -> Iterator[str]:
        """Why the suite would fail: a difference, a word, a status, or one role's own answer."""
        client = Reader()
        for place in self.places[leak]:
            found = answers.ask(client, place.address)
            if found.digest != self.before[leak][place.address]:
                yield "an answer changed"
            if answers.leaks(place.address, found):
                yield "a word of what is hidden"
            expected = place.cell.status if place.cell else None
            if expected in (404, 410) and found.status != expected:
                yield "a wrong status"
            if answers.ask(staff, place.address).digest != found.digest:
                yield "staff read something else"


@pytest.fixture(scope="module")
def watched(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any
) -> Iterator[Watched]:
    with django_db_blocker.unblock(), undone():
        found = Watched(World.told(whole=False))
        every = places(found.world, public_routes(), whole=False)
        run = {item.name for item in request.session.items}
        for leak in LEAKS:
            if f"test_a_leak_is_caught[{leak}]" in run:
                found.watch(leak, every)
        found.world.hide()
        yield found


@pytest.mark.parametrize(
    "leak",
    [
        pytest.param(leak, id=str(leak), marks=[pytest.mark.full] if number >= FAST else [])
        for number, leak in enumerate(LEAKS)
    ],
)
def test_a_leak_is_caught(watched: Watched, leak: Leak, monkeypatch: pytest.MonkeyPatch) -> None:
    staff = roles.clients()["editor"]
    leak.switch(monkeypatch)

    assert watched.places[leak], f"the suite asks for nothing at {leak.at}"
    assert next(watched.ways_of_catching(leak, staff), "") != ""
    watched.caught.add(leak.name)
    monkeypatch.undo()
    forget_what_is_kept()


def test_without_a_leak_nothing_is_caught(watched: Watched) -> None:
    """What is caught is the leak, and not what was changed to let it in."""
    quiet = Leak("none", "^/(api/v1/)?rounds", lambda patch: None)
    client, staff = Reader(), roles.clients()["editor"]
    places = [place for found in watched.places.values() for place in found][:LOOKED_AT]
    watched.places[quiet] = places
    watched.before[quiet] = answers.digests(client, [place.address for place in places])

    assert list(watched.ways_of_catching(quiet, staff)) == []


def test_all_the_leaks_were_caught(watched: Watched, trust: Callable[[int, str], None]) -> None:
    asked = {leak.name for leak in watched.places if leak in LEAKS}

    assert asked <= watched.caught and len(asked) >= FAST
    trust(4, f"{len(watched.caught)} of {len(asked)} leaks caught")


@pytest.mark.full
def test_each_leak_there_is_was_caught(watched: Watched, trust: Callable[[int, str], None]) -> None:
    assert watched.caught == {leak.name for leak in LEAKS}
    trust(4, f"{len(watched.caught)} of {len(LEAKS)} leaks caught")
