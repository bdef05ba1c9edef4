"""Walking a whole list with a cursor while it changes under the walker's feet."""

import json
from typing import Any

import pytest
from django.test import Client

from tests import factories
from tests.surfaces.asking import problems
from tests.surfaces.cast import one_writing
from tradeinit import clock

pytestmark = pytest.mark.django_db


def step(client: Client, address: str) -> tuple[list[Any], str | None]:
    response = client.get(address)
    assert response.status_code == 200, response.content
    page = json.loads(response.content)
    return page["results"], page["next"]


def walk(client: Client, address: str, meanwhile: Any = lambda seen: None) -> list[Any]:
    """Every row on the way; ``meanwhile`` is called after each page with the rows so far."""
    seen: list[Any] = []
    following: str | None = address
    while following:
        found, following = step(client, following)
        seen += found
        meanwhile(seen)
    return seen


@pytest.fixture
def people() -> list[Any]:
    with one_writing():
        return [factories.person(name=f"Person {number:02}") for number in range(12)]


@pytest.mark.parametrize("size", [1, 2, 5, 11, 12, 200])
def test_a_page_of_any_size_will_do(client: Client, people: list[Any], size: int) -> None:
    seen = walk(client, f"/api/v1/people/?cursor=&page_size={size}")

    assert [row["uid"] for row in seen] == sorted(str(row.uid) for row in people)


@pytest.mark.parametrize("size", [1, 2, 3, 5])
def test_nothing_comes_twice_or_is_skipped_while_rows_come_and_go(
    client: Client, people: list[Any], size: int
) -> None:
    in_order = sorted(people, key=lambda row: str(row.uid))
    untouched = {str(row.uid) for row in in_order[0::3]}
    to_correct, to_withdraw = in_order[1::3], in_order[2::3]

    def meanwhile(seen: list[Any]) -> None:
        factories.person(name=f"Newcomer {len(seen)}")
        if to_correct:
            factories.edit(to_correct.pop(), sort_name="Aaa, whom every order would move")
        if to_withdraw:
            factories.withdraw(to_withdraw.pop())

    seen = walk(client, f"/api/v1/people/?cursor=&page_size={size}", meanwhile)

    uids = [row["uid"] for row in seen]
    assert len(uids) == len(set(uids))
    assert untouched <= set(uids)


def test_the_rows_answer_the_question_of_the_walk(client: Client, people: list[Any]) -> None:
    seen = walk(client, "/api/v1/people/?q=0&cursor=&page_size=3&fields=name")

    assert sorted(row["name"] for row in seen) == [
        *(f"Person 0{number}" for number in range(10)),
        "Person 10",
    ]
    assert list(seen[0]) == ["name"]


def test_a_walk_of_the_changes_goes_on_where_it_ended(client: Client) -> None:
    person = factories.person()
    for number in range(5):
        factories.edit(person, native_name=f"Name {number}")
    seen = walk(client, "/api/v1/changes/?cursor=&page_size=2")
    assert [row["number"] for row in seen] == [1, 2, 3, 4, 5, 6]

    last: list[str] = []

    def note_and_change(rows: list[Any]) -> None:
        if not last:
            last.append("told")
            factories.edit(person, native_name="Another")

    seen = walk(client, "/api/v1/changes/?cursor=&page_size=2", note_and_change)
    assert [row["number"] for row in seen] == [1, 2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize(
    "text", ["nonsense", "!!!!", "AAAA", "%00", "e30=", "x" * 500, "12345678", "ü"]
)
@pytest.mark.parametrize("place", ["/api/v1/{}/", "/api/v1/{}.ndjson"])
@pytest.mark.parametrize("resource", ["people", "changes"])
def test_a_cursor_that_we_did_not_write_is_refused(
    client: Client, resource: str, place: str, text: str
) -> None:
    response = client.get(f"{place.format(resource)}?cursor={text}")

    assert response.status_code == 400
    assert problems(response) == [
        ("cursor", "This is not a cursor of ours. Begin with an empty one.")
    ]


def test_nor_one_that_has_been_tampered_with(client: Client, people: list[Any]) -> None:
    _, following = step(client, "/api/v1/people/?cursor=&page_size=3")
    assert following is not None
    assert client.get(following).status_code == 200

    for end in ("=", "A", "!", "+"):
        assert client.get(following.replace("&page_size=3", "") + end).status_code == 400


@pytest.mark.parametrize("other", ["page=1", "page=2", "ordering=name", "ordering="])
@pytest.mark.parametrize("place", ["/api/v1/people/", "/api/v1/people.csv"])
def test_a_cursor_has_its_own_order_and_its_own_pages(
    client: Client, place: str, other: str
) -> None:
    response = client.get(f"{place}?cursor=&{other}")

    assert response.status_code == 400
    assert problems(response) == [
        ("cursor", "A cursor has its own order: leave out page and ordering.")
    ]


def test_an_embargoed_row_is_met_from_its_instant_on(client: Client, people: list[Any]) -> None:
    factories.person(name="Late", public_from=factories.FUTURE)

    assert len(walk(client, "/api/v1/people/?cursor=&page_size=5")) == len(people)
    with clock.at(factories.FUTURE):
        found = json.loads(Client().get("/api/v1/people/?cursor=").content)
    assert found["count"] == len(people) + 1
