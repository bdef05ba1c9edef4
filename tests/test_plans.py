"""How SQLite finds the first page of a list: by walking an index, whatever the size of the record.

A plan that sorts all rows costs nothing in a small record and seconds in a large one.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tradeinit.sqlite.base import DatabaseWrapper

pytestmark = pytest.mark.django_db

SORTS_ALL = "USE TEMP B-TREE FOR ORDER BY"
READS_ALL = "SCAN tradeinit_publication"


@pytest.fixture
def client() -> Client:
    return Client()


def test_what_tells_indexes_apart_is_gathered_when_a_connection_closes(tmp_path: Path) -> None:
    file = tmp_path / "record.sqlite3"
    database = DatabaseWrapper(connections["default"].settings_dict | {"NAME": str(file)})
    with database.cursor() as cursor:
        cursor.execute("CREATE TABLE met (day TEXT, town TEXT)")
        cursor.execute("CREATE INDEX by_day ON met (day)")
        cursor.executemany("INSERT INTO met VALUES (%s, 'Taipei')", [[str(n)] for n in range(500)])
        cursor.execute("SELECT town FROM met WHERE day = '7'")
        cursor.fetchall()
    database.close()

    with closing(sqlite3.connect(file)) as reader:
        assert reader.execute("SELECT idx FROM sqlite_stat1").fetchall() == [("by_day",)]


def plans(client: Client, address: str) -> list[str]:
    """The steps of every question that an answer asks."""
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    with connection.cursor() as cursor:
        steps = []
        for query in queries:
            cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
            steps += [row[3] for row in cursor.fetchall()]
    return steps


@pytest.mark.parametrize(
    "address",
    [
        "/api/v1/rounds/",
        "/api/v1/rounds/?start_before=2015-01-01",
        "/api/v1/statements/",
        "/api/v1/changes/",
        "/api/v1/changes/?resource=rounds",
        "/api/v1/changes/?until=2015-01-01",
        "/api/v1/changes/?on=2015-01-01",
    ],
)
def test_a_list_is_walked_to_the_end_of_its_page(client: Client, address: str) -> None:
    assert SORTS_ALL not in plans(client, address)


@pytest.mark.parametrize(
    "address",
    [
        "/api/v1/changes/?initiative=nothing-of-it",
        "/api/v1/rounds/?updated_since=2026-01-01T00:00:00Z",
        "/api/v1/participations/?updated_since=2026-01-01T00:00:00Z",
    ],
)
def test_what_changed_is_found_without_reading_the_log_through(
    client: Client, address: str
) -> None:
    steps = plans(client, address)

    assert steps
    assert not [step for step in steps if step.startswith(READS_ALL)]


def test_words_are_looked_for_only_where_a_reason_is_given(client: Client) -> None:
    steps = plans(client, "/api/v1/changes/?q=error")

    assert [step for step in steps if step.startswith(READS_ALL)] == [
        f"{READS_ALL} USING INDEX tradeinit_log_with_reason"
    ]
