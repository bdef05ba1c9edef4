"""An answer is written once for each state of the public record."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import factories
from tradeinit import clock
from tradeinit.publication.gate import writing

PAGES = ("calendar", "rounds")

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("a_cache")]


def asked(client: Client, place: str, **headers: str) -> tuple[bytes, int]:
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(place, headers=headers)
    return answer.content, len(queries)


@pytest.mark.parametrize("place", ["/initiatives/", "/api/v1/initiatives/"])
def test_a_question_asked_again_costs_the_tip_of_the_log_alone(client: Client, place: str) -> None:
    factories.initiative()
    content, _ = asked(client, place)

    assert asked(client, place) == (content, 1)


def test_a_change_is_told_at_once(client: Client) -> None:
    initiative = factories.initiative()
    before, _ = asked(client, "/api/v1/initiatives/")

    with writing(reason="Misprint."):
        initiative.title = "Another title"
        initiative.save()

    after, _ = asked(client, "/api/v1/initiatives/")
    assert b"Another title" in after and b"Another title" not in before


def test_each_packing_is_kept_for_itself(client: Client) -> None:
    factories.initiative()
    plain, _ = asked(client, "/initiatives/")
    packed, _ = asked(client, "/initiatives/", accept_encoding="gzip")

    assert asked(client, "/initiatives/")[0] == plain
    assert asked(client, "/initiatives/", accept_encoding="gzip")[0] == packed != plain


def test_the_headers_are_those_of_the_first_answer(client: Client) -> None:
    with clock.held():
        first = client.get("/initiatives/", headers={"accept-encoding": "br"})
        again = client.get("/initiatives/", headers={"accept-encoding": "br"})

    assert dict(again.headers) == dict(first.headers)


def test_a_row_of_a_list_is_written_once_for_many_questions(client: Client) -> None:
    """Until the public is told more; in each language, and by each clock, for itself."""
    met = factories.round(label="The first", label_zh_hant="第一次", mode="virtual")

    def told(place: str, label: str) -> bool:
        """Whether the row was written for this answer; it must say this in any case."""
        answer = client.get(place)
        assert label in answer.content.decode()
        return "rounds/_round_row.html" in [template.name for template in answer.templates]

    assert told("/rounds/", "The first")
    assert not told("/rounds/?mode=virtual", "The first")
    assert told("/rounds/?known=2050-01-01", "The first")
    assert told("/zh-hant/rounds/", "第一次")
    factories.edit(met, label="The second")
    assert told("/rounds/?mode=virtual", "The second")


def test_rows_that_are_kept_are_not_read_again(client: Client) -> None:
    """Of the list itself only; the calendar writes the same rows in another way."""
    for number in range(3):
        factories.round(label=f"Round {number}", venues=["Taipei"])
    places = [f"/{page}/?start_before=2090-01-0{day}" for day in (1, 2) for page in PAGES]

    costs = [asked(client, place)[1] for place in places]

    assert costs[0] == costs[2]
    assert costs[1] > costs[3]


def test_a_kept_row_says_what_a_new_one_says(client: Client) -> None:
    for label in ("First", "Second"):
        factories.round(label=label)

    both, again = (
        client.get(f"/rounds/?start_before=2090-01-0{day}").content.decode() for day in (1, 2)
    )

    rows = [
        re.findall(r'<h3 class="record-title">.*?</h3>', html, re.DOTALL) for html in (both, again)
    ]
    assert rows[0] == rows[1]
    assert len(rows[0]) == 2
