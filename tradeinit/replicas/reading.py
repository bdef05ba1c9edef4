"""Which database the current request reads from: the primary, unless a replica was chosen."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

PRIMARY = "default"


class Attempt:
    """One request answered from one replica; ``failed`` once the replica has let it down."""

    def __init__(self, alias: str) -> None:
        self.alias, self.failed = alias, False


_attempt: ContextVar[Attempt | None] = ContextVar("attempt", default=None)


def alias() -> str:
    attempt = _attempt.get()
    return attempt.alias if attempt else PRIMARY


@contextmanager
def from_replica(name: str) -> Iterator[Attempt]:
    attempt = Attempt(name)
    token = _attempt.set(attempt)
    try:
        yield attempt
    finally:
        _attempt.reset(token)


def failed(name: str) -> None:
    """Called by the connection to a replica when it did not answer."""
    attempt = _attempt.get()
    if attempt and attempt.alias == name:
        attempt.failed = True


class Router:
    """Reads go where the request reads; all else goes to the primary."""

    def db_for_read(self, model: Any, **hints: Any) -> str:
        return alias()

    def db_for_write(self, model: Any, **hints: Any) -> str:
        return PRIMARY

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool:
        # Both are copies of the same rows.
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == PRIMARY
