"""Which rows point to which: asked of all kinds at once, for the gate, the log and the desk."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from django.db.models import F, Q, QuerySet, Value

from tradeinit.publication import registry
from tradeinit.publication.instants import TOGETHER, chunks
from tradeinit.publication.models import Publishable

# Keys of rows, by their kind.
Rows = Mapping[type[Publishable], Collection[Any]]


def below(rows: Rows) -> dict[type[Publishable], set[Any]]:
    """The rows of which these are parents."""
    return _pointing_to(rows, registry.children_of)


def naming(rows: Rows) -> dict[type[Publishable], set[Any]]:
    """The rows whose bodies name these."""
    return _pointing_to(rows, registry.referrers_of)


def named(rows: Rows) -> Iterator[tuple[type[Publishable], Any, type[Publishable], Any]]:
    """Kind and key of each row, with kind and key of what its body names."""
    questions: list[tuple[Any, QuerySet, str]] = [
        (
            (model, registry.target(model, path)),
            model.objects.naming(path).filter(pk__in=chunk),
            path,
        )
        for model, pks in rows.items()
        for path in model.names
        for chunk in chunks(pks)
    ]
    for (model, target), pk, key in answers(questions):
        if key is not None:
            yield model, pk, target, key


def withdrawn(rows: Rows) -> dict[type[Publishable], list[Any]]:
    """Those of these rows that are withdrawn, or whose parents are."""
    questions: list[tuple[Any, QuerySet, str]] = []
    for model, pks in rows.items():
        gone = Q()
        for step in model.ancestry():
            gone |= Q(**{f"{step.path}withdrawn_at__isnull": False})
        some = model._base_manager.filter(gone)
        questions += [(model, some.filter(pk__in=chunk), "pk") for chunk in chunks(pks)]
    found: dict[type[Publishable], list[Any]] = defaultdict(list)
    for model, pk, _pk in answers(questions):
        found[model].append(pk)
    return found


def _pointing_to(rows: Rows, relations: Any) -> dict[type[Publishable], set[Any]]:
    questions = [
        (source, source._base_manager.filter(**{f"{path}__in": chunk}), path)
        for model, pks in rows.items()
        for source, path in relations(model)
        for chunk in chunks(pks)
    ]
    found: dict[type[Publishable], set[Any]] = defaultdict(set)
    for source, pk, _key in answers(questions):
        found[source].add(pk)
    return found


def answers(questions: list[tuple[Any, QuerySet, str]]) -> Iterator[tuple[Any, Any, Any]]:
    """For each row of a question: what the question bears, the key, and what is at the path."""
    for some in chunks(questions, TOGETHER):
        first, *others = [
            rows.order_by().values_list(Value(place), "pk", F(path))
            for place, (_mark, rows, path) in enumerate(some)
        ]
        for place, pk, key in first.union(*others, all=True) if others else first:
            yield some[place][0], pk, key
