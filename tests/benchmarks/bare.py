"""The limits: what a server under Python can do at all with the same tables.

Each is a WSGI program of a few lines, with its SQL written out and no framework.
"""

import json
import os
import re
import sqlite3
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import cache
from threading import local
from typing import Any
from urllib.parse import parse_qs

import django
import psycopg
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import path

Start = Callable[[str, list[tuple[str, str]]], Any]
_own = local()

TOLD = """
    JOIN tradeinit_publication p ON p.uid = {row}.uid AND p.number = (
        SELECT max(number) FROM tradeinit_publication WHERE uid = {row}.uid AND at <= :now
    )
"""
PUBLIC = "{row}.public_from <= :now AND {row}.withdrawn_at IS NULL"


def public(*rows: str) -> str:
    return " AND ".join(PUBLIC.format(row=row) for row in rows)


LIST = f"""
    SELECT p.body FROM rounds_round r JOIN mandates_initiative i ON i.id = r.initiative_id
    {TOLD.format(row="r")}
    WHERE {public("r", "i")}
    AND r.id IN (
        SELECT s.round_id FROM rounds_participation s
        JOIN mandates_initiativeparty ip ON ip.id = s.initiative_party_id
        JOIN mandates_party y ON y.id = ip.party_id
        WHERE {public("s", "ip", "y")}
        AND y.slug IN :party
    ) AND r.id IN (
        SELECT o.round_id FROM rounds_outcome o JOIN mandates_chapter c ON c.id = o.chapter_id
        WHERE {public("o", "c")}
        AND c.slug IN :chapter
    ) AND r.start >= :after AND r.start <= :before
    ORDER BY r.start DESC NULLS LAST, r.id LIMIT 51
"""
ONE = f"""
    SELECT p.body, r.id FROM rounds_round r {TOLD.format(row="r")}
    WHERE r.slug = :slug AND {public("r")}
"""
INSIDE = {
    name: f"""
        SELECT p.body FROM rounds_{name} c {TOLD.format(row="c")}
        WHERE c.round_id = :round AND {public("c")} ORDER BY {order}
    """
    for name, order in (
        ("session", "c.starts, c.id"),
        ("outcome", "c.id"),
        ("participation", "c.id"),
        ("undertaking", "c.id"),
    )
}


COUNTED = ("initiative_id", "kind", "mode", "press_access", "state")
COUNT = f"""
    SELECT r.{{column}}, count(*) FROM rounds_round r
    JOIN mandates_initiative i ON i.id = r.initiative_id
    WHERE {public("r", "i")} AND r.start >= :after AND r.start <= :before GROUP BY r.{{column}}
"""


class SQLite:
    now = staticmethod(lambda: datetime.now(UTC).replace(tzinfo=None).isoformat(" "))
    one_of = staticmethod(json.dumps)

    def __init__(self, address: str) -> None:
        path = address.removeprefix("sqlite:///")
        self.connection: Any = sqlite3.connect(f"file:{path}?mode=ro", uri=True)

    @staticmethod
    @cache
    def written(sql: str) -> str:
        return re.sub(r"IN (:\w+)", r"IN (SELECT value FROM json_each(\1))", sql)


class PostgreSQL:
    now = staticmethod(lambda: datetime.now(UTC))
    one_of = staticmethod(list)

    def __init__(self, address: str) -> None:
        self.connection: Any = psycopg.connect(address, autocommit=True)

    @staticmethod
    @cache
    def written(sql: str) -> str:
        return re.sub(r":(\w+)", r"%(\1)s", re.sub(r"IN (:\w+)", r"= ANY(\1)", sql))


def database() -> Any:
    """A connection for each thread."""
    if not hasattr(_own, "database"):
        address = os.environ["DATABASE"]
        _own.database = (SQLite if address.startswith("sqlite") else PostgreSQL)(address)
    return _own.database


def asked(sql: str, values: dict[str, Any]) -> Any:
    return database().connection.execute(database().written(sql), values)


def stored_bodies(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
    """A list of rounds, or one in full, put together from the bodies of the log as texts."""
    query = parse_qs(environ["QUERY_STRING"])
    values: dict[str, Any] = {"now": database().now()}
    if "start_after" in query:
        values |= {"after": query["start_after"][0], "before": query["start_before"][0]}
    if "slug" in query:
        body = _one(query["slug"][0], values)
    elif "party" in query:
        values |= {word: database().one_of(query[word]) for word in ("party", "chapter")}
        body = f'{{"results":[{",".join(_told(LIST, values))}]}}'
    elif "start_after" in query:
        counted = {name: dict(asked(COUNT.format(column=name), values)) for name in COUNTED}
        body = json.dumps(counted)
    else:
        body = "{}"
    start("200 OK", [("Content-Type", "application/json")])
    return [body.encode()]


def _one(slug: str, values: dict[str, Any]) -> str:
    body, values["round"] = asked(ONE, values | {"slug": slug}).fetchone()
    lists = [f'"{name}s":[{",".join(_told(sql, values))}]' for name, sql in INSIDE.items()]
    return f"{body[:-1]},{','.join(lists)}}}"


def _told(sql: str, values: dict[str, Any]) -> list[str]:
    return [row[0] for row in asked(sql, values)]


@cache
def _django() -> Any:
    settings.configure(
        ALLOWED_HOSTS=["127.0.0.1"],
        SECRET_KEY="of no use",
        ROOT_URLCONF=__name__,
        MIDDLEWARE=[
            "django.middleware.security.SecurityMiddleware",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.middleware.clickjacking.XFrameOptionsMiddleware",
        ],
    )
    django.setup()
    return get_wsgi_application()


urlpatterns = [path("", lambda request: HttpResponse())]


def empty_django(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
    """Django's answer to a view that does nothing, behind the middleware of its own template."""
    return _django()(environ, start)
