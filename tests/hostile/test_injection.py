"""No text of the record becomes part of a page, a feed, a calendar or a table."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import icalendar
import pytest
from django.db import models
from django.urls import reverse

from tests import factories
from tests.hostile.vectors import VECTORS
from tests.rollback import undone
from tests.secrecy import world as worlds
from tests.secrecy.routes import public_routes
from tests.secrecy.world import Cell, World
from tests.surfaces.asking import content
from tests.surfaces.cast import one_writing
from tests.surfaces.conftest import Reader
from tradeinit.publication import registry

pytestmark = pytest.mark.django_db

# So many records of each kind, and every text of each holds another vector.
ROWS = 3


@dataclass(frozen=True)
class Numbered(Cell):
    number: int = 0

    def __str__(self) -> str:
        return f"{super().__str__()}-{self.number}"


@pytest.fixture(scope="module")
def written(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[World, int]]:
    """A world whose texts are the vectors, one after the other, and how many were written."""
    turn = count()

    def vectors(model: type[models.Model], word: str) -> dict[str, str]:
        found = texts(model, word)
        for name in found:
            if not isinstance(model._meta.get_field(name), models.URLField):
                limit: Any = model._meta.get_field(name).max_length
                found[name] = VECTORS[next(turn) % len(VECTORS)][:limit]
        return found

    texts = worlds.texts
    with django_db_blocker.unblock(), undone(), pytest.MonkeyPatch.context() as patch:
        cells: list[Cell] = [
            Numbered(model, "public", number=number)
            for model in worlds.parents_first()
            for number in range(ROWS)
        ]
        world = World.around(cells)
        patch.setattr(worlds, "texts", vectors)
        with one_writing():
            world.make(cells)
        yield world, next(turn)


@pytest.fixture(scope="module")
def answers(written: tuple[World, int]) -> dict[str, Any]:
    """Every public address, and the desk's pages of these records."""
    world, _number = written
    reader, staff = Reader(), Reader()
    staff.force_login(factories.staff())
    places, private = [], []
    for route in public_routes():
        if not route.names_a_record:
            places += route.addresses()
        for cell, row in world.rows.items():
            if route.is_of(row):
                # One of each kind at all its addresses, the others at the first.
                addresses = route.addresses(row)
                places += addresses if cell.number == 0 else addresses[:1]
    for row in world.rows.values():
        name = f"admin:{row._meta.app_label}_{row._meta.model_name}"
        private += [
            reverse(f"{name}_changelist"),
            reverse(f"{name}_change", args=[row.pk]),
            reverse(f"{name}_history", args=[row.pk]),
        ]
    found = {place: reader.get(place) for place in dict.fromkeys(places)}
    return found | {place: staff.get(place) for place in dict.fromkeys(private)}


def of_type(answers: dict[str, Any], type: str) -> dict[str, bytes]:
    return {
        place: content(answer)
        for place, answer in answers.items()
        if answer.get("Content-Type", "").startswith(type)
    }


def test_every_kind_of_record_bears_them(written: tuple[World, int]) -> None:
    world, number = written

    assert {type(row) for row in world.rows.values()} == set(registry.models())
    assert number >= len(VECTORS) == 300


def test_no_page_has_an_element_an_attribute_or_a_script_of_theirs(
    written: tuple[World, int],
    answers: dict[str, Any],
    tmp_path: Path,
    trust: Callable[[int, str], None],
) -> None:
    pages = of_type(answers, "text/html")
    for number, html in enumerate(pages.values()):
        (tmp_path / f"{number:05}").write_bytes(html)

    read = subprocess.run(
        [sys.executable, "-m", "tests.hostile.browser", str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
    )

    found = json.loads(read.stdout)
    assert len(found) == len(pages) > 200
    held = dict(zip(pages, found.values(), strict=True))
    assert {place: parts for place, parts in held.items() if parts} == {}
    assert sum(b"zz()" in html for html in pages.values()) > 100
    trust(12, f"{len(VECTORS)} vectors in {written[1]} texts on {len(pages)} pages: 0 ran")


def test_no_feed_map_or_calendar_has_a_part_of_theirs(answers: dict[str, Any]) -> None:
    trees = [
        ElementTree.fromstring(text)  # noqa: S314 - our own
        for type in ("application/atom+xml", "application/xml")
        for text in of_type(answers, type).values()
    ]
    calendars = [
        icalendar.Calendar.from_ical(text) for text in of_type(answers, "text/calendar").values()
    ]

    assert len(trees) > 20 and calendars
    elements = [part for tree in trees for part in tree.iter()]
    assert {part.tag.partition("}")[0] for part in elements if "}" in part.tag} <= {
        "{http://www.w3.org/2005/Atom",
        "{http://purl.org/syndication/history/1.0",
        "{http://www.sitemaps.org/schemas/sitemap/0.9",
        "{http://www.w3.org/1999/xhtml",
    }
    assert [part for part in elements if "zz" in part.attrib or part.tag.endswith("script")] == []
    events = [event for calendar in calendars for event in calendar.walk()]
    assert [event for event in events if "ATTENDEE" in event] == []
