"""An embargo lifts at its instant: not a second before, and for every kind of record at once."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from tests import factories
from tests.surfaces.asking import content
from tests.surfaces.cast import factory_of, one_writing
from tradeinit import clock
from tradeinit.publication import registry

pytestmark = pytest.mark.django_db

ZONES = ("America/New_York", "Europe/Berlin", "Asia/Taipei")
# An ordinary one, and those at which New York goes forward and Berlin back.
INSTANTS = (
    datetime(2023, 2, 1, 9, tzinfo=UTC),
    datetime(2023, 3, 12, 7, tzinfo=UTC),
    datetime(2023, 10, 29, 1, tzinfo=UTC),
)
SECOND = timedelta(seconds=1)


def test_every_record_is_out_from_its_instant_on(trust: Callable[[int, str], None]) -> None:
    rows = {}
    with one_writing():
        for model, instant in product(registry.models(), INSTANTS):
            rows[factory_of(model)(public_from=instant)] = instant

    wrong, count = [], 0
    for turn, (row, instant) in enumerate(rows.items()):
        # The zone in which somebody works has no say.
        with timezone.override(ZoneInfo(ZONES[turn % len(ZONES)])):
            for step, status in ((-SECOND, 404), (0 * SECOND, 200), (SECOND, 200)):
                with clock.at(instant + step):
                    answered = Client().get(row.api_url).status_code
                count += 1
                if answered != status:
                    wrong.append(f"{row.api_url} at {instant + step}: {answered}")

    assert wrong == []
    trust(6, f"{len(rows)} records of {len(registry.models())} kinds at {count} instants: exact")


@pytest.mark.parametrize("format", ["csv", "ndjson", "xlsx", "ics", "atom"])
def test_a_file_holds_what_was_public_when_it_was_asked_for(format: str) -> None:
    """However late its parts are sent: its validators are those of the instant of the question."""
    lifts = INSTANTS[0]
    with one_writing():
        chapter = factories.chapter(public_from=lifts)
        met = factories.round(initiative=chapter.initiative)
        factories.outcome(chapter=chapter, round=met, public_from=lifts)
    address = f"/rounds.{format}?chapter={chapter.slug}"

    with clock.at(lifts - SECOND):
        asked_before = Client().get(address)
    with clock.at(lifts + SECOND):
        asked_after = Client().get(address)
        told = [str(met.uid) in content(answer).decode() for answer in (asked_before, asked_after)]

    assert told == [False, True]


@pytest.mark.parametrize("instant", ["2023-03-12T02:30:00", "2023-10-29T02:30:00", "2023-01-04T17"])
def test_an_instant_without_its_zone_is_refused(instant: str) -> None:
    """At some hours it would mean two instants, or none."""
    response = Client().get(f"/api/v1/rounds/?updated_since={instant}")

    assert response.status_code == 400
