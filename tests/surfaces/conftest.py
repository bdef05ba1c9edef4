"""One cast for all the questions of a module, asked at one instant; what a test adds is undone."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from tests.rollback import undone
from tests.surfaces.cast import NOW, Cast, two_cases
from tradeinit import clock


class Reader(Client):
    """Asks at ``NOW``, when all that the factories write has been published."""

    def request(self, **request: Any) -> Any:
        with clock.at(NOW):
            return super().request(**request)


@pytest.fixture
def client() -> Client:
    return Reader()


@pytest.fixture(scope="module")
def cast(django_db_setup: None, django_db_blocker: Any) -> Iterator[Cast]:
    with django_db_blocker.unblock(), undone():
        yield two_cases()
