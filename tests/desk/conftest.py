import pytest
from django.contrib.auth.models import Group
from django.test import Client

from tests import factories


@pytest.fixture
def clerk(db: None) -> Client:
    """A client signed in as staff."""
    client = Client()
    client.force_login(factories.staff())
    return client


def of_group(name: str, username: str) -> Client:
    person = factories.user(username=username, is_staff=True)
    person.groups.add(Group.objects.get(name=name))
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def editor(db: None) -> Client:
    return of_group("editors", "an editor")


@pytest.fixture
def publisher(db: None) -> Client:
    return of_group("publishers", "a publisher")
