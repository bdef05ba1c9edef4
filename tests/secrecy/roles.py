"""Who asks: from the anonymous reader to a superuser whose account was closed."""

from collections.abc import Iterable

from django.contrib.auth.models import Group, Permission
from django.test import Client

from tests import factories
from tests.surfaces.conftest import Reader

# What each of the staff may do, as the beginnings of Django's permissions.
STAFF = {
    "reader": ("view_",),
    "editor": ("view_", "add_", "change_"),
    "publisher": ("view_", "add_", "change_", "delete_", "publish_"),
}
ROLES = ("anonymous", "signed-in", *STAFF, "deactivated superuser")


def clients() -> dict[str, Client]:
    """A client for each role, signed in as far as the role can be."""
    found: dict[str, Client] = {role: Reader() for role in ROLES}
    found["signed-in"].force_login(factories.user(username="somebody"))
    for role, may in STAFF.items():
        user = factories.user(username=role, is_staff=True)
        groups = Group.objects.filter(name__iexact=role)
        user.groups.set(groups)
        if not groups:
            user.user_permissions.set(_permissions(may))
        found[role].force_login(user)
    closed = factories.staff(username="closed")
    found["deactivated superuser"].force_login(closed)
    closed.is_active = False
    closed.save()
    return found


def _permissions(beginnings: Iterable[str]) -> list[Permission]:
    return [
        permission
        for permission in Permission.objects.all()
        if permission.codename.startswith(tuple(beginnings))
    ]
