"""How many rows each choice of a list's form would give beside the rest of the question.

Counted over the public rows of the question itself, for pages only. Where rows are few enough to be
taken in hand, each kind of choice costs one query. Where they are many, only what stands in the
row's own columns is counted; a choice without a number says nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

import orjson
from django.core.cache import caches
from django.db import connections
from django.db.models import Aggregate, Count, QuerySet, TextField, Value

from tradeinit import prepared
from tradeinit.replicas import reading

if TYPE_CHECKING:
    from tradeinit.filters import ListFilter, Question

# Beyond so many rows what lies in other tables is not counted: at 20,000 it would take seconds.
IN_HAND = 2_500
# Of a table with so many rows the columns are read as a whole: some 20 MB for a moment.
AT_ONCE = 150_000

Counts = dict[str, Counter[str]]


class Counted:
    """How many rows there are, where that is known, and how many each choice would give.

    ``key``: under what both are kept. Choices are counted when they are asked for: a page that is
    refused offers none.
    """

    def __init__(self, filterset: ListFilter, key: str | None) -> None:
        self.filterset, self.key = filterset, key
        self.kept = caches["template_fragments"].get(key) if key else None
        self.plain: Any = None if self.kept else Rows(filterset, filterset.facets)

    @property
    def total(self) -> int | None:
        return self.kept[0] if self.kept else self.plain.total

    def choices(self) -> Counts:
        """By word, and by the choice; a word that is not counted is not in it."""
        if self.kept:
            return self.kept[1]
        found = self._counts()
        if self.key:
            caches["template_fragments"].set(self.key, (self.total, found), 60)
        return found

    def _counts(self) -> Counts:
        filterset, facets = self.filterset, self.filterset.facets
        # Within a word choices are added to each other: what was chosen of it does not narrow it.
        rows_of = {
            word: Rows(filterset.without(word), {word: facet})
            if word in filterset.asked
            else self.plain
            for word, facet in facets.items()
        }
        found = {word: rows_of[word].count(word, facet) for word, facet in facets.items()}
        return {word: one for word, one in found.items() if one is not None}


class Column(Aggregate):
    """All values of a column, in the order of the rows."""

    function = "json_group_array"
    output_field = TextField()


class Rows:
    """The rows of a question: each one in hand, or else only how many are alike."""

    def __init__(self, filterset: ListFilter, facets: dict[str, Question]) -> None:
        self.filterset = filterset
        self.columns = {
            word: facet.own_paths for word, facet in facets.items() if facet.among is None
        }
        paths = self._paths(self.columns)
        first = self._asked(
            "in hand", *paths, of=lambda rows: rows.values_list("pk", *paths)[: IN_HAND + 1]
        )
        self._found = len(first)
        self.in_hand = len(first) <= IN_HAND
        # To each word the columns that were counted, and rows that are alike in them.
        self.alike: dict[str, tuple[list[str], list[Any]]] = {}
        if self.in_hand:
            self.alike = dict.fromkeys(self.columns, (paths, [(1, *row[1:]) for row in first]))
        elif paths and self._may_be_read:
            self.alike = self._counted_here(paths)
        else:
            for words in self._together():
                self.alike |= dict.fromkeys(words, self._counted(self._paths(words)))

    @property
    def total(self) -> int | None:
        """How many there are, where that is known from what was counted."""
        if self.in_hand:
            return self._found
        alike = next(iter(self.alike.values()), None)
        return sum(group[0] for group in alike[1]) if alike else None

    def _paths(self, words: Iterable[str]) -> list[str]:
        return list(dict.fromkeys(path for word in words for path in self.columns[word]))

    def _together(self) -> Iterator[list[str]]:
        """The words that are counted at once: codes, since few rows differ in all of them."""
        codes = [word for word, paths in self.columns.items() if "__" not in "".join(paths)]
        yield from ([word] for word in self.columns if word not in codes)
        if codes:
            yield codes

    def _counted(self, paths: list[str]) -> tuple[list[str], list[Any]]:
        def of(rows: QuerySet) -> Any:
            return rows.values(*paths).annotate(alike=Count("pk")).values_list("alike", *paths)

        return paths, self._asked("alike", *paths, of=of)

    def _counted_here(self, paths: list[str]) -> dict[str, tuple[Any, list[Any]]]:
        """By one walk of the rows, each column as a whole: to group them SQLite sorts them."""

        def of(rows: QuerySet) -> Any:
            columns = {f"column_{place}": Column(path) for place, path in enumerate(paths)}
            return (
                rows.annotate(all=Value(1)).values("all").annotate(**columns).values_list(*columns)
            )

        ((*columns,),) = self._asked("columns", *paths, of=of)
        text_of = dict(zip(paths, columns, strict=True))
        # One word after the other: not all that they hold is in memory at once.
        return {
            word: (own, _alike([orjson.loads(text_of[path]) for path in own]))
            for word, own in self.columns.items()
        }

    @property
    def _may_be_read(self) -> bool:
        if connections[reading.alias()].vendor != "sqlite":
            return False
        last = prepared.question(_last, self.filterset.queryset.model).tuples()
        return all(pk <= AT_ONCE for (pk,) in last)

    def _asked(self, *form: str, of: Callable[[QuerySet], Any]) -> list[Any]:
        def cut(rows: QuerySet) -> Any:
            return of(rows.order_by().select_related(None).prefetch_related(None))

        asked = self.filterset.prepared(("facets", *form), cut)
        return list(asked.tuples() if asked else cut(self.filterset.qs))

    def count(self, word: str, facet: Question) -> Counter[str] | None:
        if word in self.columns:
            return self._own(word, facet)
        return self._related(word, facet) if self.in_hand else None

    def _own(self, word: str, facet: Question) -> Counter[str]:
        found: Counter[str] = Counter()
        paths, groups = self.alike[word]
        places = [1 + paths.index(path) for path in self.columns[word]]
        for group in groups:
            for choice in {facet.choice_of(group[place]) for place in places}:
                found[choice] += group[0]
        found.pop("", None)
        return found

    def _related(self, word: str, facet: Question) -> Counter[str]:
        def of(rows: QuerySet) -> Any:
            among: Any = facet.counted_among(self.filterset)
            of_these = among.filter(**{f"{facet.back}__in": rows.values("pk")}).order_by()
            return of_these.values_list(facet.path).annotate(Count(facet.back, distinct=True))

        pairs = self._asked(word, of=of) if facet.is_counted_alike else of(self.filterset.qs)
        found = Counter({facet.choice_of(value): rows for value, rows in pairs})
        found.pop("", None)
        return found


def _alike(columns: list[list[Any]]) -> list[Any]:
    """How many rows have which values in these columns, in the order of the values."""
    if len(columns) == 1:
        counted = Counter(columns[0])
        return [(counted[one], one) for one in sorted(counted, key=_in_order)]
    together = Counter(zip(*columns, strict=True))
    in_order = sorted(together, key=lambda values: [_in_order(one) for one in values])
    return [(together[values], *values) for values in in_order]


def _in_order(value: Any) -> tuple[bool, Any]:
    """Nothing comes first."""
    return value is not None, value


def _last(model: Any) -> QuerySet:
    return model._base_manager.order_by("-pk").values_list("pk")[:1]
