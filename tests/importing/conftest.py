import pytest
from django.test import Client

from tests import factories


@pytest.fixture
def clerk(db: None) -> Client:
    """A client signed in as staff."""
    client = Client()
    client.force_login(factories.staff())
    return client
