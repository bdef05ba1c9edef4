"""What the pages of the desk cost in a record of 2,000 rounds and 5,000 people."""

import gc
import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import Count
from django.template import Template
from django.test import Client
from django.test.utils import _TestState

from rounds.models import Participation, Person, Round
from tests.desk.test_queries import MOST, pages, questions
from tests.surfaces.conftest import Reader
from tradeinit.publication import registry
from tradeinit.publication.gate import writing

pytestmark = [pytest.mark.full, pytest.mark.django_db]

ROUNDS, PEOPLE = 2_000, 5_000
# Of the processor, in seconds; the machine of an office may be slower than this one.
LONGEST = 0.3
MOST_OPTIONS = 100
# To a publisher a decision is rehearsed, for each kind of record that it tells of; a preview is a
# public page too.
MOST_TO_DECIDE = {"clear": 16, "withdraw": 50, "preview": 61}


class World:
    """Of each kind of record one, and of the meetings one with many people."""

    def __init__(self) -> None:
        call_command("make_world", scale=ROUNDS / 200, verbosity=0)
        with writing():
            Person.objects.bulk_create(
                Person(name=f"Given {i} Family", sort_name=f"Family, Given {i}", slug=f"person-{i}")
                for i in range(PEOPLE - Person.objects.count())
            )
        # As the upkeep of either database would.
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        held = Round.objects.annotate(seats=Count("participations"))
        self.met = held.order_by("-seats", "pk")[0]
        self.rows: dict[str, Any] = {
            str(model._meta.model_name): model._base_manager.order_by("pk")[0]
            for model in registry.models()
        } | {"round": self.met}


@pytest.fixture(autouse=True)
def as_in_a_worker(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No template is watched, and what has been loaded is not looked through for garbage."""
    monkeypatch.setattr(Template, "_render", _TestState.saved_data.template_render)
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


def cost(client: Client, address: str) -> float:
    """What it takes, but for a millisecond for each record that a decision tells of."""
    taken = []
    for _ in range(4):
        begun = time.process_time()
        response = client.get(address)
        taken.append(time.process_time() - begun)
        assert response.status_code == 200, address
    page = response.content.decode()
    selects = re.findall(r"<select.*?</select>", page, re.DOTALL)
    assert max((one.count("<option") for one in selects), default=0) <= MOST_OPTIONS, address
    return min(taken) - page.count('class="telling"') / 1000


def test_no_page_of_the_desk_takes_long(editor: Client, publisher: Client) -> None:
    world = World()
    seats = "/admin/rounds/participation/"
    read = pages(world) | {
        "the last seats": f"{seats}?p={Participation.objects.count() // 50}",
        "seats of delegates": f"{seats}?role__exact=delegate",
        "seats in search": f"{seats}?q=trade",
    }
    blank = {
        name.replace("list", "add"): f"{address}add/"
        for name, address in read.items()
        if name.startswith("list ") and name not in ("list import",)
    }
    rows = {name: f"?row={row.resource}:{row.uid}" for name, row in world.rows.items()}
    decisions = {
        f"{kind} {name}": f"/admin/decide/{kind}/{row}"
        for name, row in rows.items()
        for kind in ("clear", "withdraw")
    }
    previews = {
        f"preview {name}": (f"/admin/decide/clear/preview/{row}", world.rows[name])
        for name, row in rows.items()
    }
    for clerk in (editor, publisher):
        clerk.get("/admin/")

    long = {
        name: taken
        for name, address in {**read, **blank, **decisions}.items()
        if (taken := cost(editor, address)) > LONGEST
    } | {
        f"publisher's {name}": taken
        for name, address in decisions.items()
        if (taken := cost(publisher, address)) > LONGEST
    }
    asked = {
        name: count
        for name, address in {**read, **blank, **decisions}.items()
        if (count := questions(editor, address)) > MOST
    }
    # A preview is the page that the public gets, and what is rehearsed for it.
    more = {
        name: taken
        for name, (address, row) in previews.items()
        if (taken := cost(editor, address) - _public(row)) > LONGEST / 3
    }

    decided: dict[str, int] = {}
    for name, address in {
        **decisions,
        **{name: at for name, (at, _row) in previews.items()},
    }.items():
        kind = name.partition(" ")[0]
        decided[kind] = max(decided.get(kind, 0), questions(publisher, address))

    assert (long, asked, more) == ({}, {}, {})
    assert {kind: count for kind, count in decided.items() if count > MOST_TO_DECIDE[kind]} == {}


def _public(row: Any) -> float:
    reader, address = Reader(), row.get_absolute_url().partition("#")[0]
    taken = []
    for _ in range(3):
        begun = time.process_time()
        reader.get(address)
        taken.append(time.process_time() - begun)
    return min(taken)
