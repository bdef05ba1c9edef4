"""Who may do what at the desk: editors draft and propose, publishers decide, readers look.

The groups and their permissions are set after every ``migrate``, like the triggers: a record that
a release adds has new permissions, and the groups must have them from the same moment.
"""

from collections.abc import Collection
from typing import Any

from django.apps import apps as installed
from django.conf import settings
from django.contrib.auth.management import create_permissions

from tradeinit.publication import registry

PUBLISH = "tradeinit.publish_record"
EDITORS, PUBLISHERS, READERS = "editors", "publishers", "readers"


def may_publish(user: Any) -> bool:
    """Whether this one decides what the public is told."""
    return user.has_perm(PUBLISH)


def needs_a_second_person(user: Any, author: Any) -> bool:
    """Whether the setting forbids this one to clear what that one wrote."""
    return settings.TWO_PERSON_CLEARANCE and author is not None and user.pk == author.pk


class NeedsPublisher(Exception):
    """The writing would tell the public something, and its actor may not."""


def refuse_telling(user: Any, told: Collection[Any], author: Any = None) -> None:
    """What the public is told is decided by a publisher; by a second one, if the setting says so.

    ``author`` is who proposed it, where somebody did.
    """
    if not told:
        return
    alone = settings.TWO_PERSON_CLEARANCE and (author is None or author.pk == user.pk)
    if alone or not may_publish(user):
        raise NeedsPublisher


def make_groups(using: str, apps: Any = installed, **_kwargs: Any) -> None:
    """Make the three groups, and give them what they may; what staff added to them stays.

    After a ``flush`` there is no state of migrations to be told of.
    """
    try:
        Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    except LookupError:
        # Migrated in part: the tables of users are not there yet.
        return
    for config in installed.get_app_configs():
        create_permissions(config, verbosity=0, using=using, apps=apps)
    every = Permission.objects.using(using)
    labels = {model._meta.app_label for model in registry.models()}
    records = every.filter(content_type__app_label__in=labels).exclude(
        content_type__model__startswith="historical"
    )
    looking = records.filter(codename__startswith="view_")
    proposals = every.filter(codename="view_proposal")
    publish = every.filter(codename=PUBLISH.partition(".")[2])
    for name, allowed in (
        (EDITORS, records | proposals),
        (PUBLISHERS, records | proposals | publish),
        (READERS, looking),
    ):
        group, _made = Group.objects.using(using).get_or_create(name=name)
        group.permissions.add(*allowed.distinct())
