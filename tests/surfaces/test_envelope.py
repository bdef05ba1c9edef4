"""What surrounds the rows: counts, pages, and files that hold them all."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from tests import factories
from tests.surfaces.asking import FILES
from tests.surfaces.cast import one_writing
from tradeinit import lists
from tradeinit.api import RESOURCES

pytestmark = pytest.mark.django_db


def answer(client: Client, address: str) -> dict[str, Any]:
    response = client.get(address)
    assert response.status_code == 200, response.content
    return json.loads(response.content)


@pytest.fixture
def people() -> list[str]:
    """Seven, in the order of the list."""
    with one_writing():
        rows = [factories.person(name=f"Person {letter}") for letter in "ABCDEFG"]
    return [str(row.uid) for row in rows]


@pytest.fixture
def many_people() -> list[str]:
    """More than a page of them, and more than the largest."""
    with one_writing():
        rows = [factories.person(name=f"Person {number:03}") for number in range(203)]
    return [str(row.uid) for row in rows]


@pytest.mark.parametrize("resource", RESOURCES)
def test_an_empty_list_has_the_whole_envelope(client: Client, resource: str) -> None:
    assert answer(client, f"/api/v1/{resource}/") == {
        "count": 0,
        "count_capped": False,
        "next": None,
        "previous": None,
        "results": [],
    }


def test_pages_lead_forth_and_back_and_keep_the_question(client: Client, people: list[str]) -> None:
    address: str | None = "/api/v1/people/?q=person&page_size=3&ordering=name"
    read, previous = [], []
    while address:
        page = answer(client, address)
        read += [row["uid"] for row in page["results"]]
        previous.append(page["previous"])
        address = page["next"]

    assert read == people
    assert previous == [
        None,
        "/api/v1/people/?q=person&page_size=3&ordering=name&page=1",
        "/api/v1/people/?q=person&page_size=3&ordering=name&page=2",
    ]


def test_the_pages_of_a_page_lists_json_stay_there(client: Client, people: list[str]) -> None:
    first = answer(client, "/people/?format=json&page_size=6")
    assert first["next"] == "/people/?format=json&page_size=6&page=2"

    last = answer(client, "/people.json?page_size=6&page=2")
    assert last["previous"] == "/people.json?page_size=6&page=1"
    assert [row["uid"] for row in last["results"]] == people[6:]


def test_pages_for_people_and_for_machines_hold_the_same_rows(
    client: Client, people: list[str]
) -> None:
    page = client.get("/people/?page=2&page_size=3").context_data["page"]

    assert [str(row.uid) for row in page.rows] == people[3:6]
    assert (page.number, page.count, page.last_number) == (2, 7, 3)
    assert page.previous == "/people/?page=1&page_size=3"
    assert page.next == "/people/?page=3&page_size=3"


@pytest.mark.parametrize("number", [4, 10, 9_999_999])
def test_there_is_no_page_past_the_last(client: Client, people: list[str], number: int) -> None:
    addresses = [
        f"/api/v1/people/?page_size=3&page={number}",
        f"/people/?page_size=3&page={number}",
    ]

    assert [client.get(address).status_code for address in addresses] == [404, 404]


def test_a_page_holds_fifty_rows_and_never_more_than_two_hundred(
    client: Client, many_people: list[str]
) -> None:
    pages = [answer(client, f"/api/v1/people/{query}") for query in ("", "?page_size=9999999")]

    assert [[row["uid"] for row in page["results"]] for page in pages] == [
        many_people[:50],
        many_people[:200],
    ]
    assert [page["count"] for page in pages] == [203, 203]
    assert len(client.get("/people/?page_size=9999999").context_data["page"].rows) == 200


def test_every_file_holds_every_row_of_a_long_list(client: Client, many_people: list[str]) -> None:
    for surface in FILES:
        found = surface.read(surface.ask(client, "people", page_size=3, page=2))
        assert found == many_people, surface


@override_settings(COUNT_CAP=5)
def test_a_count_is_exact_up_to_a_cap(client: Client, people: list[str]) -> None:
    def counted(query: str) -> tuple[int, bool, str | None]:
        found = answer(client, f"/api/v1/people/?page_size=3{query}")
        return found["count"], found["count_capped"], found["next"]

    assert counted("") == (5, True, "/api/v1/people/?page_size=3&page=2")
    assert counted("&page=3") == (5, True, None)
    assert counted("&q=A") == (1, False, None)
    assert client.get("/people/?page_size=3").context_data["page"].last_number is None


@override_settings(COUNT_CAP=7)
def test_a_count_that_meets_the_cap_is_exact(client: Client, people: list[str]) -> None:
    found = answer(client, "/api/v1/people/")

    assert (found["count"], found["count_capped"]) == (7, False)


def test_rows_that_are_found_at_once_are_not_counted(client: Client, people: list[str]) -> None:
    with CaptureQueriesContext(connection) as queries:
        found = answer(client, "/api/v1/people/?page_size=2")

    assert (found["count"], len(found["results"])) == (len(people), 2)
    assert [query["sql"] for query in queries if "COUNT(" in query["sql"]] == []


def test_a_count_scans_no_further_than_the_cap(
    client: Client, people: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "AHEAD", 3)

    with override_settings(COUNT_CAP=5), CaptureQueriesContext(connection) as queries:
        answer(client, "/api/v1/people/?page_size=2")

    counts = [query["sql"] for query in queries if "COUNT(" in query["sql"]]
    assert ["LIMIT 6" in sql for sql in counts] == [True]
