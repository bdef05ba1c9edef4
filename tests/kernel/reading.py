"""What the tests of the kernel read back, and the days on which they happen."""

import json
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps

from tests.factories import FUTURE
from tradeinit import clock
from tradeinit.publication.models import Publication, Publishable, Tracked


def instant(day: int, **more: int) -> datetime:
    """An instant so many days after the first day of the tests, which lies far ahead."""
    return FUTURE + timedelta(days=day, **more)


def day(number: int, **more: int) -> AbstractContextManager[datetime]:
    return clock.at(instant(number, **more))


def entries(row: Publishable) -> list[Publication]:
    """All that the log holds of a record, what is still to come included."""
    return list(Publication.objects.filter(uid=row.uid).order_by("number"))


def story(row: Publishable) -> list[str]:
    return [entry.action for entry in entries(row)]


def body(row: Publishable) -> dict[str, Any]:
    """The last body in the log."""
    return json.loads(entries(row)[-1].body)


def tracked_models() -> list[type[Tracked]]:
    return [model for model in apps.get_models() if issubclass(model, Tracked)]


def history_counts() -> dict[str, int]:
    """How many history rows each model has, the models without any left out."""
    counts = {model.__name__: model.history.count() for model in tracked_models()}
    return {name: count for name, count in counts.items() if count}


def differences_of(before: dict[str, int], after: dict[str, int]) -> dict[str, int]:
    return {
        name: count - before.get(name, 0)
        for name, count in after.items()
        if count != before.get(name, 0)
    }
