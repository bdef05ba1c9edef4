"""Rows with all that their bodies name, however many.

A page joins a row's parents to it: one query more costs as much as fifty copies of a parent. So
does a writing of few rows. Where the gate writes hundreds, which share a few parents, each parent
is read once.
"""

from collections.abc import Collection, Iterator
from typing import Any

from django.db.models import Prefetch

from tradeinit.joined import hand_over
from tradeinit.publication.models import Publishable

# Where Django leaves what belongs to a row. Under the relation's own name it would build a query
# for each row first, which takes as long as reading it.
FOUND = "found_{}"
FEW = 50


def loaded(model: type[Publishable], pks: Collection[Any]) -> list[Any]:
    """The rows of ``for_list()``, if they are many read with other queries."""
    listed: Any = model.objects.filter(pk__in=pks).for_list()
    if len(pks) <= FEW:
        return list(listed)
    parents = _paths(listed.query.select_related)
    many = {
        found.prefetch_through: found for found in map(_apart, listed._prefetch_related_lookups)
    }
    bare = listed.select_related(None).prefetch_related(None)
    rows = list(bare.prefetch_related(*parents, *many.values()))
    for relation, lookup in many.items():
        if lookup.to_attr == FOUND.format(relation):
            for row in rows:
                hand_over(row, relation, getattr(row, lookup.to_attr))
    return rows


def _paths(joined: Any, above: str = "") -> Iterator[str]:
    """The relations that a queryset joins, as lookup paths."""
    for name, below in (joined or {}).items():
        yield f"{above}{name}"
        yield from _paths(below, f"{above}{name}__")


def _apart(lookup: str | Prefetch) -> Prefetch:
    """The same lookup with nothing joined, and aside if it starts from the rows themselves."""
    path = lookup if isinstance(lookup, str) else lookup.prefetch_through
    queryset: Any = None if isinstance(lookup, str) else lookup.queryset
    if queryset is not None:
        parents = _paths(queryset.query.select_related)
        queryset = queryset.select_related(None).prefetch_related(*parents)
    return Prefetch(path, queryset, to_attr=None if "__" in path else FOUND.format(path))
