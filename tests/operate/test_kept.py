"""An answer is written once for each state of the public record."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import factories
from tradeinit import clock
from tradeinit.publication.gate import writing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("a_cache")]


def asked(client: Client, place: str, **headers: str) -> tuple[bytes, int]:
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(place, headers=headers)
    return answer.content, len(queries)


@pytest.mark.parametrize("place", ["/initiatives/", "/api/v1/initiatives/"])
def test_a_question_asked_again_costs_the_tip_of_the_log_alone(client: Client, place: str) -> None:
    factories.initiative()
    content, _ = asked(client, place)

    assert asked(client, place) == (content, 1 if connection.vendor == "sqlite" else 2)


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
