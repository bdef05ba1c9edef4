"""Writing the index: what the log is told, in the same transaction.

An entry holds words of a body in the log and nothing else, so nothing is in it that the public is
not told, from the entry's instant on.
"""

from collections.abc import Collection, Iterable, Iterator
from typing import Any
from uuid import UUID

import orjson
from django.db import connections, transaction
from django.db.models import QuerySet

from tradeinit.appending import append
from tradeinit.publication import registry
from tradeinit.publication.instants import chunks
from tradeinit.publication.models import Addressed, Publication
from tradeinit.search.engines import engine
from tradeinit.search.models import SearchEntry
from tradeinit.search.words import forms
from tradeinit.told import day_of


def tell(entries: Iterable[Publication], replacing: Collection[UUID]) -> None:
    """Put what entries of the log say in place of what was said of these records before."""
    for chunk in chunks(replacing):
        SearchEntry.objects.filter(uid__in=chunk).delete()
    append(filter(None, map(entry_of, entries)))


def entry_of(told: Publication) -> SearchEntry | None:
    """None for a withdrawal, and for a record without words."""
    if not told.body:
        return None
    body = orjson.loads(told.body)
    model = registry.model_of(told.resource)
    names, texts = registry.serializer_of(model).words_of(body)
    has_page = issubclass(model, Addressed)
    entry = SearchEntry(
        uid=told.uid,
        resource=told.resource,
        root=told.root,
        at=told.at,
        day=day_of(body),
        name=forms(names) if has_page else "",
        text=forms(texts if has_page else [*names, *texts]),
    )
    return entry if entry.name or entry.text else None


def rebuild() -> int:
    """Write the whole index anew from the log; how many entries it has."""
    with transaction.atomic():
        SearchEntry.objects.all().delete()
        for chunk in chunks(_in_force().values_list("pk", flat=True).order_by("at", "pk")):
            tell(Publication.objects.filter(pk__in=chunk).order_by("at", "pk"), replacing=())
        return SearchEntry.objects.count()


def differences() -> Iterator[str]:
    """Where the index does not say what the log says, in words."""
    in_force = _in_force()
    for chunk in chunks(in_force.values_list("pk", flat=True).order_by("pk")):
        due = Publication.objects.filter(pk__in=chunk)
        found = {
            entry.uid: entry
            for entry in SearchEntry.objects.filter(uid__in=[told.uid for told in due])
        }
        for told in due:
            if _says(entry_of(told)) != _says(found.get(told.uid)):
                yield f"the search index does not say what the log says: {told}"
    left_over = SearchEntry.objects.exclude(uid__in=in_force.values("uid"))
    yield from (f"in the search index, but not in the log: {entry}" for entry in left_over)


def _says(entry: SearchEntry | None) -> Any:
    return entry and {
        field.name: getattr(entry, field.name)
        for field in entry._meta.concrete_fields
        if not field.primary_key
    }


def _in_force() -> QuerySet[Publication]:
    """Of each record the last entry of the log, one that lies ahead included."""
    return Publication.objects.last_of_each().exclude(body="")


def install_after_migrate(using: str, **_kwargs: Any) -> None:
    """What the engine needs, and the index itself where a release before had none."""
    if SearchEntry._meta.db_table not in connections[using].introspection.table_names():
        return
    with connections[using].cursor() as cursor:
        engine().install(cursor)
    if not SearchEntry.objects.exists() and Publication.objects.exists():
        rebuild()
