"""The one instant that a request, or a write, compares everything with.

A page that asked the time twice could show an embargoed row in its count and not in its list.
So the instant is read once, kept for the request, and reaches SQL when a query is compiled,
never when a queryset is declared: a queryset on a class does not freeze the clock.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from typing import Any

from django.db import connections, models
from django.utils import timezone

from tradeinit.replicas import reading

_instant: ContextVar[datetime | None] = ContextVar("instant", default=None)


def read() -> datetime:
    """The database's time: several application hosts must agree on when an embargo lifts.

    SQLite runs in this process, so there the process's own clock is the database's.
    """
    connection = connections[reading.alias()]
    if connection.vendor == "sqlite":
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


def now() -> datetime:
    return _instant.get() or read()


def is_held() -> bool:
    return _instant.get() is not None


def today() -> date:
    """The current day in UTC, the zone in which the public record counts its days."""
    return now().date()


@contextmanager
def at(instant: datetime) -> Iterator[datetime]:
    """Hold the clock at one instant."""
    token = _instant.set(instant)
    try:
        yield instant
    finally:
        _instant.reset(token)


@contextmanager
def held() -> Iterator[datetime]:
    """Hold the clock at the present instant, unless it is already held."""
    with at(now()) as instant:
        yield instant


class Instant(models.Expression):
    """The held instant, as a parameter, read when the query is compiled."""

    output_field = models.DateTimeField()

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return compiler.compile(models.Value(now(), output_field=self.output_field))
