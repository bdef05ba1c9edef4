"""One cast for all the questions of a module, asked at one instant; what a test adds is undone."""

from typing import Any

import pytest
from django.test import Client

from tests.rollback import once_a_module
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


@once_a_module
def cast() -> Cast:
    return two_cases()
