"""What monitoring asks, and what it is told."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("a_cache")]


def test_a_process_that_lives_says_so_without_a_query(
    client: Client, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    with django_assert_num_queries(0):
        answer = client.get("/livez")

    assert (answer.status_code, answer.content) == (200, b"alive\n")


def test_readiness_names_each_part(client: Client) -> None:
    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ready",
        "database": "ok",
        "migrations": "ok",
        "clock": "ok",
        "cache": "ok",
    }
    assert answer["Cache-Control"] == "private, no-store"


def test_a_migration_that_waits_makes_the_site_not_ready(client: Client) -> None:
    MigrationRecorder(connection).record_unapplied("rounds", "0001_initial")

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["status"] == "not ready"
    assert answer.json()["migrations"] == "1 to be applied"


def test_a_cache_that_is_away_does_not_make_the_site_unready(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise ConnectionError

    monkeypatch.setattr(cache._connections[cache._alias], "set", broken)

    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json()["cache"] == "no answer"


def test_figures_are_for_the_networks_of_the_staff_only(client: Client) -> None:
    client.get("/livez")

    here = client.get("/metrics")

    assert here.status_code == 200
    assert 'tradeinit_answers_total{route="livez",status="200"}' in here.content.decode()
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.9").status_code == 404
    assert client.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 404


def test_figures_hold_nothing_that_a_reader_typed(client: Client) -> None:
    client.get("/rounds/?q=typed-by-a-reader")
    client.get("/typed-by-a-reader/")

    assert b"typed-by-a-reader" not in client.get("/metrics").content
