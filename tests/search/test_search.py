"""The search of the whole record: what is found, in which order, and how it is shown."""

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import factories
from tests.rollback import undone
from tests.search.asking import find, found
from tests.surfaces.asking import one_line, problems
from tests.surfaces.conftest import Reader
from tradeinit.publication import log
from tradeinit.publication.models import Publication
from tradeinit.search import engines, results
from tradeinit.search.engines import ENTRIES, NAMES, SQLite
from tradeinit.search.models import SearchEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    return Reader()


@pytest.fixture(scope="module")
def talks(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), undone():
        case = factories.initiative(slug="case", title="Trade talks", title_zh_hant="貿易談判")
        chapter = factories.chapter(
            slug="digital", initiative=case, name="Digital trade", name_zh_hant="數位貿易"
        )
        met = factories.round(
            slug="first", initiative=case, label="First round", summary="Held in Taipei, 台北."
        )
        factories.round(
            slug="second", initiative=case, label="On digital trade", start=date(2023, 2, 1)
        )
        factories.outcome(
            round=met, chapter=chapter, summary="They viewed rules for the digital trade of firms."
        )
        factories.person(slug="chef", name="Renée Müller", native_name="")
        yield


@pytest.mark.usefixtures("talks")
@pytest.mark.parametrize(
    ("q", "slugs"),
    [
        ("talk", ["case"]),
        ("TALKING trade", ["case"]),
        ("taipei", ["first"]),
        ("taip", []),
        ("taip*", ["first"]),
        ("台北", ["first"]),
        ("北台", []),
        ("貿易", ["digital", "case"]),
        ("位貿", ["digital"]),
        ("renee muller", ["chef"]),
        ('"trade digital"', []),
        ("digital trade", ["digital", "second", None]),
        ("round digital", []),
        ("AND", []),
        ('name:digital NEAR(trade) "', []),
    ],
)
def test_records_are_found_by_words_in_any_form(client: Client, q: str, slugs: list[str]) -> None:
    assert found(client, q) == slugs


@pytest.mark.usefixtures("talks")
def test_a_result_says_what_it_is_where_it_stands_and_what_was_found(client: Client) -> None:
    *_, outcome = find(client, "rule firm")["results"]

    assert outcome["resource"] == "outcomes"
    assert outcome["slug"] is None
    assert outcome["html_url"] == f"/rounds/first/#{outcome['uid']}"
    assert outcome["name"] == ""
    assert outcome["excerpt"] == "They viewed rules for the digital trade of firms."
    assert [outcome["excerpt"][a:b] for a, b in outcome["found"]] == ["rules", "firms"]


@pytest.mark.usefixtures("talks")
def test_kinds_are_counted_and_can_be_asked_for_alone(client: Client) -> None:
    kinds = [
        {"resource": "chapters", "count": 1},
        {"resource": "rounds", "count": 1},
        {"resource": "outcomes", "count": 1},
    ]

    alone = find(client, "digital trade", resource="rounds")

    assert find(client, "digital trade")["kinds"] == kinds
    assert [one["slug"] for one in alone["results"]] == ["second"]
    assert (alone["count"], alone["kinds"]) == (1, kinds)


@pytest.mark.usefixtures("talks")
def test_one_case_can_be_searched_alone(client: Client) -> None:
    factories.round(slug="elsewhere", label="Digital trade elsewhere")

    assert found(client, "digital", initiative="case") == ["digital", "second", None]
    assert "elsewhere" in found(client, "digital")


@pytest.mark.usefixtures("talks")
def test_results_come_in_pages(client: Client) -> None:
    first = find(client, "digital trade", page_size=2)
    second = json.loads(client.get(first["next"]).content)

    assert [one["slug"] for one in first["results"]] == ["digital", "second"]
    assert [one["slug"] for one in second["results"]] == [None]
    assert (second["count"], second["next"]) == (3, None)
    assert client.get("/api/v1/search/", {"q": "digital", "page": 9}).status_code == 404


@pytest.mark.usefixtures("talks")
def test_of_common_words_those_written_last_are_shown_and_it_is_said(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(results, "CANDIDATES", 2)

    answer = find(client, "digital")

    assert (answer["count"], answer["count_capped"]) == (2, True)
    assert "These words are common." in client.get("/search/?q=digital").content.decode()


@pytest.mark.usefixtures("talks")
@pytest.mark.parametrize("most", [1, 2, 1_000])
def test_however_far_back_a_database_looks_first_it_finds_the_same(
    client: Client, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(results, "CANDIDATES", most)
    found = []
    for latest in (1, 2, 3, 8_000):
        monkeypatch.setattr(engines, "LATEST", latest)
        found.append(find(client, "digital trade"))

    assert found == [found[0]] * 4
    assert found[0]["count_capped"] == (most < 1_000)


@pytest.mark.parametrize(
    ("question", "wrong"),
    [
        ({}, "q"),
        ({"q": "?!"}, "q"),
        ({"q": "x" * 201}, "q"),
        ({"q": "x\0"}, "q"),
        ({"q": "x", "resource": "secrets"}, "resource"),
        ({"q": "x", "initiative": "a b"}, "initiative"),
        ({"q": "x", "page": "0"}, "page"),
        ({"q": "x", "words": "y"}, "words"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_words(
    client: Client, question: dict[str, str], wrong: str
) -> None:
    response = client.get("/api/v1/search/", question)

    assert response.status_code == 400
    assert [name for name, _ in problems(response)] == [wrong]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=200))
def test_whatever_is_typed_is_answered_or_refused(client: Client, q: str) -> None:
    """No database is asked in a language of its own."""
    assert client.get("/api/v1/search/", {"q": q}).status_code in (200, 400)
    assert client.get("/search/", {"q": q}).status_code in (200, 400)


# The page


@pytest.mark.usefixtures("talks")
def test_the_page_marks_what_was_found_in_either_language(client: Client) -> None:
    english = one_line(client.get("/search/?q=digital").content.decode())
    chinese = one_line(client.get("/zh-hant/search/?q=數位").content.decode())

    assert '<a href="/chapters/digital/"><mark>Digital</mark> trade' in english
    assert '<a href="/zh-hant/chapters/digital/"><mark>數位</mark>貿易' in chinese
    assert '<a href="/zh-hant/initiatives/case/">貿易談判</a>' in chinese


def test_the_page_asks_for_words_when_there_are_none(client: Client) -> None:
    response = client.get("/search/")

    assert response.status_code == 200
    assert 'name="q"' in response.content.decode()


@pytest.mark.usefixtures("talks")
def test_the_page_as_json_is_the_answer_of_the_api(client: Client) -> None:
    page = client.get("/zh-hant/search/?q=digital&format=json")

    assert json.loads(page.content) == find(client, "digital")


@pytest.mark.parametrize("n", [1, 3])
def test_a_search_costs_the_same_however_much_is_found(client: Client, n: int) -> None:
    for number in range(n):
        factories.round(slug=f"round-{number}", label="Costly talks")

    with CaptureQueriesContext(connection) as queries:
        answer = find(client, "costly")
    with CaptureQueriesContext(connection) as of_page:
        client.get("/search/?q=costly")

    # The log's tip, the index and the bodies; a page names the cases above, found with theirs.
    assert (answer["count"], len(queries), len(of_page)) == (n, 3, 5)


# The index and the log


def test_sqlite_finds_names_that_a_release_without_their_index_wrote() -> None:
    with closing(sqlite3.connect(":memory:")) as database:
        cursor = database.cursor()
        cursor.execute(f"CREATE TABLE {ENTRIES} (id INTEGER PRIMARY KEY, name, text)")
        cursor.execute(f"INSERT INTO {ENTRIES} VALUES (7, 'digital trade', 'rule'), (8, '', 'x')")
        for _ in range(2):
            SQLite().install(cursor)
        names = f"SELECT rowid FROM {NAMES} WHERE {NAMES} MATCH 'digital'"
        assert cursor.execute(names).fetchall() == [(7,)]

        cursor.execute(f"INSERT INTO {ENTRIES} VALUES (9, 'digital', 'rule')")
        cursor.execute(f"DELETE FROM {ENTRIES} WHERE id = 7")

        assert cursor.execute(names).fetchall() == [(9,)]


@pytest.mark.usefixtures("talks")
def test_the_index_says_what_the_log_says_and_a_difference_is_told() -> None:
    assert list(log.differences()) == []
    entry = SearchEntry.objects.get(resource="chapters")
    entry.delete()

    told = Publication.objects.get(uid=entry.uid)
    assert list(log.differences()) == [f"the search index does not say what the log says: {told}"]


@pytest.mark.usefixtures("talks")
def test_the_index_can_be_written_anew_from_the_log(client: Client) -> None:
    before = find(client, "digital trade")
    SearchEntry.objects.all().delete()
    assert found(client, "digital trade") == []

    call_command("rebuild_search")

    assert find(client, "digital trade") == before
    assert list(log.differences()) == []


@pytest.mark.usefixtures("talks")
def test_a_search_within_a_case_names_it_and_can_be_widened(client: Client) -> None:
    page = client.get("/search/?q=digital&initiative=case&initiative=none")

    assert [(chip["value"], chip["without"]) for chip in page.context_data["chips"]] == [
        ("Trade talks", "/search/?q=digital&initiative=none"),
        ("none", "/search/?q=digital&initiative=case"),
    ]
    assert page.context_data["all_rows"] == "/search/?q=digital"


@pytest.mark.usefixtures("talks")
def test_the_title_of_a_search_announces_what_was_found(client: Client) -> None:
    page = one_line(client.get("/search/?q=Renée").content.decode())

    assert "<title> 1 record – TradeInit </title>" in page
    assert re.search(r'<div role="status"> <h2 [^>]+> 1 record </h2> </div>', page)
