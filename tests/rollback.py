"""Transactions that are undone: between the examples of hypothesis, and at the end of a module."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction


@contextmanager
def undone() -> Iterator[None]:
    atomic = transaction.atomic()
    # As Django marks its own around each test: a writing, which is durable, may open inside.
    atomic._from_testcase = True
    with atomic:
        yield
        transaction.set_rollback(True)


def once_a_module(make: Callable[[], Any]) -> Any:
    """A fixture whose rows are made once for all tests of a module; what a test adds is undone."""

    @pytest.fixture(scope="module", name=make.__name__)
    def rows(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
        with django_db_blocker.unblock(), undone():
            yield make()

    return rows
