"""Who asks: from the anonymous reader to a superuser whose account was closed."""

from django.contrib.auth.models import Group
from django.test import Client

from tests import factories
from tests.surfaces.conftest import Reader
from tradeinit.desk.permissions import EDITORS, PUBLISHERS, READERS

STAFF = {"reader": READERS, "editor": EDITORS, "publisher": PUBLISHERS}
ROLES = ("anonymous", "signed-in", *STAFF, "deactivated superuser")


def clients() -> dict[str, Client]:
    """A client for each role, signed in as far as the role can be."""
    found: dict[str, Client] = {role: Reader() for role in ROLES}
    found["signed-in"].force_login(factories.user(username="somebody"))
    for role, group in STAFF.items():
        user = factories.user(username=role, is_staff=True)
        user.groups.add(Group.objects.get(name=group))
        found[role].force_login(user)
    closed = factories.staff(username="closed")
    found["deactivated superuser"].force_login(closed)
    closed.is_active = False
    closed.save()
    return found
