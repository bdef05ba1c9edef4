"""One world for all the tests of a module; what a test adds to it is undone."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from tests.rollback import undone
from tests.secrecy.routes import Route, public_routes
from tests.surfaces.conftest import Reader


@pytest.fixture
def client() -> Client:
    return Reader()


@pytest.fixture(scope="session")
def public() -> list[Route]:
    return public_routes()
