"""Every list, every format and every record by the clocks; and what is no day."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from tests.surfaces.asking import (
    LISTS,
    PAGE,
    PAGED,
    errors_of,
    named,
    names_in,
    one_of_each_format,
    problems,
)
from tests.surfaces.cast import Cast
from tradeinit.api import RESOURCES

pytestmark = pytest.mark.django_db

# Begun, in the cast, on alpha's day, 1 June 2022, and on beta's, 14 January 2023; without a day
# of their own, what is always true.
BEGUN: dict[str, list[str]] = {
    "initiative-parties": ["seat"],
    "mandates": ["mandate"],
    "agreements": ["agreement"],
    "documents": ["document"],
    "lineage": ["lineage"],
    "rounds": ["round"],
    "sessions": ["session"],
    "outcomes": ["outcome"],
    "participations": ["participation"],
    "tablings": ["tabling"],
    "undertakings": ["undertaking"],
    "statements": ["phase", "status", "progress"],
}


def rows_in(cast: Cast, resource: str, *words: str) -> list[str]:
    model = RESOURCES[resource].model()
    return sorted(
        name
        for name, row in cast.items()
        if isinstance(row, model) and (not words or name.split()[0] in words)
    )


def answers(client: Client, cast: Cast, resource: str, **question: str) -> list[str]:
    """The same in every format."""
    found = [
        sorted(named(cast, surface.read(surface.ask(client, resource, **question))))
        for surface in one_of_each_format(resource)
    ]
    assert found == [found[0]] * len(found)
    return found[0]


def told(client: Client, address: str) -> Any:
    response = client.get(address)
    assert response.status_code == 200, response.content
    return json.loads(response.content)


def results(client: Client, address: str) -> list[dict[str, Any]]:
    return told(client, address)["results"]


# On


@pytest.mark.parametrize("resource", LISTS)
def test_on_shows_what_was_true_on_that_day(client: Client, cast: Cast, resource: str) -> None:
    before, between, after = "2022-05-31", "2022-06-10", "2023-01-20"

    found = [answers(client, cast, resource, on=day) for day in (before, between, after)]

    everything = rows_in(cast, resource)
    if resource in BEGUN:
        assert found == [[], rows_in(cast, resource, "alpha"), everything]
    else:
        assert found == [everything] * 3


# Known


@pytest.mark.parametrize("resource", LISTS)
def test_known_shows_what_was_disclosed_by_that_day(
    client: Client, cast: Cast, resource: str
) -> None:
    disclosed = [row["disclosed_on"] for row in results(client, f"/api/v1/{resource}/")]
    first, last = min(disclosed), max(disclosed)

    for day in (first, "2023-01-10", last):
        known = answers(client, cast, resource, known=day)
        by_then = [
            row["uid"]
            for row in results(client, f"/api/v1/{resource}/")
            if row["disclosed_on"] <= day
        ]
        assert known == sorted(named(cast, by_then))
    day_before = (date.fromisoformat(first) - timedelta(days=1)).isoformat()
    assert answers(client, cast, resource, known=day_before) == []


# What is no day


NO_DAYS = ["2023-13-01", "2023-02-29", "2023-1-4", "20230104", "yesterday", "2023-01-04T00:00:00Z"]


@pytest.mark.parametrize("text", NO_DAYS)
@pytest.mark.parametrize("word", ["on", "known", "status_on"])
def test_what_is_no_day_is_refused(client: Client, word: str, text: str) -> None:
    message = "Enter a day as year-month-day, such as 2023-01-14."
    for surface in one_of_each_format("chapters"):
        response = surface.ask(client, "chapters", **{word: text})
        assert response.status_code == 400
        assert errors_of(surface, response) == [(word, message)]


@pytest.mark.parametrize("text", NO_DAYS)
@pytest.mark.parametrize("word", ["on", "known"])
def test_nor_of_one_record(client: Client, cast: Cast, word: str, text: str) -> None:
    response = client.get(f"/api/v1/rounds/alpha-round/?{word}={text}")

    assert response.status_code == 400
    assert problems(response) == [(word, "Enter a day as year-month-day, such as 2023-01-14.")]
    assert client.get(f"/rounds/alpha-round/?{word}={text}").status_code == 400


@pytest.mark.parametrize("word", ["on", "known"])
@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_first_and_the_last_day_of_all_are_days(
    client: Client, cast: Cast, word: str, day: str
) -> None:
    for resource in LISTS:
        assert names_in(cast, client, resource, **{word: day}) is not None
        if resource in PAGED:
            assert PAGE.ask(client, resource, **{word: day}).status_code == 200
    for row in (cast["alpha initiative"], cast["alpha round"], cast["alpha chapter"]):
        assert client.get(f"{row.api_url}?{word}={day}").status_code == 200
        assert client.get(f"{row.get_absolute_url()}?{word}={day}").status_code == 200
