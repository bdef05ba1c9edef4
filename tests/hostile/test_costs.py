"""No question is dear: what asks for too much is refused, and a page holds so much and no more."""

from collections.abc import Callable
from time import process_time
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.rollback import once_a_module
from tests.secrecy import questions
from tests.secrecy.routes import Route, public_routes
from tests.surfaces.asking import content
from tests.surfaces.cast import Cast, two_cases
from tests.surfaces.conftest import Reader
from tradeinit.filters import MAX_VALUES

pytestmark = pytest.mark.django_db

LISTS = [route for route in public_routes() if route.is_list and not route.parameters]


@once_a_module
def cast() -> Cast:
    return two_cases()


def too_much(route: Route) -> list[str]:
    """By the word of the list that takes several values, and by those that all lists know."""
    words = questions.words_of(route)
    taken = next(
        word
        for word, schema in words.items()
        if schema.get("type") == "array" and word not in ("fields", "expand", "ordering")
    )
    return [
        "page_size=1000000000",
        "page=1000000",
        "&".join(f"{taken}=value-{number}" for number in range(2_000)),
        "&".join([f"{taken}=value"] * (MAX_VALUES + 1)),
        f"{taken}={'x' * 100_000}",
        f"fields={','.join(['uid'] * 25_000)}",
        f"expand={'x,' * 50_000}",
        "&".join(f"word{number}=1" for number in range(900)),
    ]


@pytest.mark.parametrize("route", LISTS, ids=str)
def test_what_asks_for_too_much_is_refused_in_few_queries(
    cast: Cast, route: Route, trust: Callable[[int, str], None]
) -> None:
    client: Any = Reader()
    address = route.addresses()[0]
    client.get(address)

    for question in too_much(route):
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(f"{address}?{question}")
        assert answer.status_code in (400, 404), question[:60]
        assert len(queries) <= 12, question[:60]
        assert len(answer.content) < 1_000_000

    trust(11, f"{len(LISTS)} lists, each asked for too much in 8 ways: refused, in 12 queries")


@pytest.mark.full
def test_the_largest_page_with_all_that_it_can_embed_costs_less_than_a_second(
    db: None, trust: Callable[[int, str], None]
) -> None:
    call_command("make_world", scale=1, verbosity=0)
    client: Any = Reader()
    worst: tuple[float, str] = (0, "")
    for route in LISTS:
        embedded = questions.words_of(route).get("expand", {}).get("items", {}).get("enum", [])
        asked = f"page_size={settings.MAX_PAGE_SIZE}"
        # A page has no such word, and a table no place for it.
        if embedded and route.template.startswith("/api/v1/") and route.template.endswith("/"):
            asked += f"&expand={','.join(embedded)}"
        address = f"{route.addresses()[0]}?{asked}"
        begun = process_time()
        answer = client.get(address)
        content(answer)
        worst = max(worst, (process_time() - begun, address))
        assert answer.status_code == 200, address

    assert worst[0] < 1, worst
    trust(11, f"the largest page of {len(LISTS)} lists, all embedded: {worst[0]:.1f} s of CPU")


@pytest.mark.parametrize("address", ["/rounds/", "/api/v1/rounds/"])
def test_a_question_that_is_too_long_is_told_how_long_it_may_be(address: str) -> None:
    answer = Reader().get(f"{address}?q={'x' * 20_000}")

    assert answer.status_code == 400
    assert "at most 16,000 characters" in answer.content.decode()
