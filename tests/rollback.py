"""A transaction inside a test, undone at its end: between the examples of hypothesis."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction


@contextmanager
def undone() -> Iterator[None]:
    atomic = transaction.atomic()
    # As Django marks its own around each test: a writing, which is durable, may open inside.
    atomic._from_testcase = True
    with atomic:
        yield
        transaction.set_rollback(True)
