"""Nothing leaks: over every address of the site, every word of a question, every state and role.

The addresses come from the URL resolver, the records from the registry, the words from the OpenAPI
document: what is new is asked for by itself, and what cannot be asked for fails by its name.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import connection

from tests.rollback import undone
from tests.secrecy import answers, roles
from tests.secrecy.places import Place, by_route, of_forms, places
from tests.secrecy.routes import Route, public_routes
from tests.secrecy.world import GONE, STATES, WITHDRAWN_BECAUSE, World, internal_models, part_models
from tests.surfaces.conftest import Reader
from tradeinit.publication import registry

pytestmark = pytest.mark.django_db

Trust = Callable[[int, str], None]


@dataclass
class Asked:
    """What every place answered before anything was hidden, and what it answers since."""

    world: World
    whole: bool
    places: list[Place] = field(default_factory=list)
    before: dict[Place, str] = field(default_factory=dict)
    after: dict[Place, str] = field(default_factory=dict)
    statuses: dict[Place, int] = field(default_factory=dict)
    leaks: list[str] = field(default_factory=list)
    # The records that are out, by the list of all rows that holds them.
    held: dict[Place, set[str]] = field(default_factory=dict)
    silent: list[str] = field(default_factory=list)

    def ask_before(self, routes: list[Route]) -> None:
        client = Reader()
        self.places = places(self.world, routes, self.whole)
        pages = {}
        for place in self.places:
            answer = answers.ask(client, place.address)
            self.before[place] = answer.digest
            if place.cell is None and not place.route.is_list:
                pages[place.address] = answer.text
        forms = of_forms(self.world, routes, pages)
        self.before |= {
            place: answers.ask(client, place.address).digest
            for place in forms
            if place not in self.before
        }
        self.places = list(self.before)

    def ask_after(self) -> None:
        client = Reader()
        for place in self.places:
            answer = answers.ask(client, place.address)
            self.after[place] = answer.digest
            self.statuses[place] = answer.status
            found = answers.leaks(place.address, answer)
            self.leaks += [f"{place.route}: {place.address} holds “{word}”" for word in found]
            if place.address.endswith("page_size=200"):
                told = answer.text
                self.held[place] = {
                    str(cell)
                    for cell in self.out(place.route)
                    if any(word in told for word in (str(cell.uid), cell.key, cell.word))
                }
            if GONE in answer.text and not tells_of_changes(place):
                self.leaks.append(f"{place.address} holds what was taken back")
            if place.cell and place.cell.was_taken_back and WITHDRAWN_BECAUSE not in answer.text:
                self.silent.append(place.address)

    def out(self, route: Route) -> list[Any]:
        return [c for c in self.world.cells if c.is_out and c.resource == route.resource]


def know_the_tables() -> None:
    """As PostgreSQL's autovacuum does; of rows that are not committed it never hears."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def tells_of_changes(place: Place) -> bool:
    """That something was published and then withdrawn is told there, and at its own address."""
    taken_back = place.cell is not None and place.cell.was_taken_back
    return taken_back or place.address == "/" or "changes" in place.address


@pytest.fixture(
    scope="module", params=[False, pytest.param(True, marks=pytest.mark.full)], ids=["fast", "full"]
)
def asked(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any
) -> Iterator[Asked]:
    with django_db_blocker.unblock(), undone():
        found = Asked(World.told(request.param), request.param)
        know_the_tables()
        found.ask_before(public_routes())
        found.world.hide()
        found.ask_after()
        yield found


def test_every_model_is_in_the_world(asked: Asked) -> None:
    """Records in every state, parts of hidden records, and what the office keeps to itself."""
    states = Counter(cell.model for cell in asked.world.rows if not cell.parent)
    hidden = {(type(row), row.pk) for cell, row in asked.world.rows.items() if cell.is_hidden}
    hidden_parts = {
        model
        for model in part_models()
        for part in model._base_manager.all()
        if (type(part.owner), part.owner.pk) in hidden
    }

    assert states == {model: len(STATES) for model in registry.models()}
    assert hidden_parts == set(part_models())
    assert [model for model in internal_models() if not model._base_manager.exists()] == []


def test_every_address_is_asked_for(asked: Asked) -> None:
    unasked = set(public_routes()) - {place.route for place in asked.places}

    assert sorted(map(str, unasked)) == []


def test_no_answer_changes_when_hidden_rows_appear(asked: Asked, trust: Trust) -> None:
    differing = [
        place.address for place in asked.places if asked.before[place] != asked.after[place]
    ]

    assert differing == []
    assert len(asked.places) >= (30_000 if asked.whole else 3_000)
    trust(2, f"{len(asked.places):,} answers, each asked for twice, 0 differences")


def test_no_answer_holds_a_word_of_what_is_hidden(asked: Asked, trust: Trust) -> None:
    planted = sum(not cell.is_out for cell in asked.world.cells)

    assert asked.leaks == []
    trust(3, f"words of {planted} hidden records in {len(asked.places):,} answers: 0 found")


def test_each_record_answers_as_its_state_says(asked: Asked) -> None:
    """200 (or the way to it) for what is out, 410 for what was taken back, else 404."""
    wrong = [
        f"{place.address} answers {status}, not {place.cell.status}"
        for place, status in asked.statuses.items()
        if place.cell and status != place.cell.status
        if not (place.cell.is_out and status == 302 and place.route.name == "by-uid")
    ]

    assert wrong == []
    assert asked.silent == []


def test_what_is_out_is_in_every_list_of_its_kind(asked: Asked) -> None:
    """So that each list could have told what is hidden."""
    missing = [
        f"{place.address}: {cell}"
        for place, held in asked.held.items()
        for cell in asked.out(place.route)
        if str(cell) not in held and place.route.resource != "changes"
    ]

    assert missing == []


def test_every_role_reads_the_same(asked: Asked, trust: Trust) -> None:
    """The record has one public; staff read it as everybody does."""
    with undone():
        clients = roles.clients()
        signed_in = [role for role in roles.ROLES if role != "anonymous"]
        differing, cells = [], 0
        for route, found in by_route(asked.places).items():
            below = [cell for cell in asked.world.cells if cell.resource == route.resource]
            for turn, place in enumerate(found):
                judged = 1 if place.cell else len(below)
                cells += judged
                chosen = _roles_for(asked, turn, place, signed_in)
                for role in chosen:
                    answer = answers.ask(clients[role], place.address)
                    cells += judged
                    if answer.digest != asked.after[place]:
                        differing.append(f"{role}: {place.address}")

    assert differing == []
    assert cells >= (15_000 if asked.whole else 5_000)
    trust(1, f"{cells:,} cells, 0 leaks")


def _roles_for(asked: Asked, turn: int, place: Place, signed_in: list[str]) -> list[str]:
    """Each role at each address of a record, or each once at every kind of address."""
    if asked.whole:
        return signed_in if place.cell or "?" not in place.address else []
    return signed_in[turn : turn + 1]
