"""How many rows each choice of a list's form would give beside the rest of the question.

Counted over the public rows of the question itself, for pages only. Where rows are few enough to be
taken in hand, each kind of choice costs one query. Where they are many, only what stands in the
row's own columns is counted; a choice without a number says nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import orjson
from django.core.cache import caches
from django.db import connections
from django.db.models import Aggregate, Count, QuerySet, TextField, Value

from tradeinit import prepared
from tradeinit.periods import Dated, Period
from tradeinit.replicas import reading

if TYPE_CHECKING:
    from tradeinit.filters import ListFilter, Question

# Beyond so many rows what lies in other tables is not counted: at 20,000 it would take seconds.
IN_HAND = 2_500
# Of a table with so many rows the columns are read as a whole: some 20 MB for a moment,
# and of a list that is kept by its days some 50 MB.
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
    """All values of a column as a text of JSON, in the order of the rows."""

    function = "json_group_array"
    output_field = TextField()

    def as_postgresql(self, compiler: Any, connection: Any, **kwargs: Any) -> Any:
        template = "json_agg(%(expressions)s)::text"
        return self.as_sql(compiler, connection, template=template, **kwargs)


class Rows:
    """The rows of a question: each one in hand, or else only how many are alike."""

    def __init__(self, filterset: ListFilter, facets: dict[str, Question]) -> None:
        self.filterset = filterset
        self.columns = _own_columns(facets)
        paths = _paths(self.columns.values())
        # To each word the columns that were counted, and rows that are alike in them.
        self.alike: dict[str, tuple[Sequence[str], list[Any]]] = {}
        period = Period.of(filterset)
        dated = period.kept() if period else None
        if period and dated and period.count(dated) > IN_HAND:
            self.in_hand = False
            self.alike = self._counted_in(period, dated)
            return
        first = _asked(
            self.filterset,
            "in hand",
            *paths,
            of=lambda rows: rows.values_list("pk", *paths)[: IN_HAND + 1],
        )
        self._found = len(first)
        self.in_hand = len(first) <= IN_HAND
        is_read = not self.in_hand and bool(paths) and (period or _reads_columns())
        if self.in_hand:
            self.alike = dict.fromkeys(self.columns, (paths, [(1, *row[1:]) for row in first]))
        elif is_read and self._may_be_read:
            if period:
                self.alike = self._counted_in(period, _dated(period))
            else:
                self.alike = self._counted_here(paths)
        else:
            for words in _together(self.columns):
                counted = self._counted(_paths(self.columns[word] for word in words))
                self.alike |= dict.fromkeys(words, counted)

    @property
    def total(self) -> int | None:
        """How many there are, where that is known from what was counted."""
        if self.in_hand:
            return self._found
        alike = next(iter(self.alike.values()), None)
        return sum(group[0] for group in alike[1]) if alike else None

    def _counted(self, paths: list[str]) -> tuple[list[str], list[Any]]:
        def of(rows: QuerySet) -> Any:
            return rows.values(*paths).annotate(alike=Count("pk")).values_list("alike", *paths)

        return paths, _asked(self.filterset, "alike", *paths, of=of)

    def _counted_here(self, paths: list[str]) -> dict[str, tuple[Any, list[Any]]]:
        """By one walk of the rows, each column as a whole."""
        text_of = _columns(self.filterset, paths)
        # One word after the other: not all that they hold is in memory at once.
        return {
            word: (own, _alike([orjson.loads(text_of[path]) for path in own]))
            for word, own in self.columns.items()
        }

    def _counted_in(self, period: Period, dated: Dated) -> dict[str, tuple[Any, list[Any]]]:
        stretches = period.among(dated)
        found: dict[str, tuple[Any, list[Any]]] = {}
        for paths, column in dated.columns.items():
            words = [word for word, own in self.columns.items() if set(own) <= set(paths)]
            if words:
                found |= dict.fromkeys(words, (paths, column.alike(stretches)))
        return found

    @property
    def _may_be_read(self) -> bool:
        last = prepared.question(_last, self.filterset.queryset.model).tuples()
        return all(pk <= AT_ONCE for (pk,) in last)

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

        pairs = (
            _asked(self.filterset, word, of=of) if facet.is_counted_alike else of(self.filterset.qs)
        )
        found = Counter({facet.choice_of(value): rows for value, rows in pairs})
        found.pop("", None)
        return found


def _reads_columns() -> bool:
    """To group rows SQLite sorts them."""
    return connections[reading.alias()].vendor == "sqlite"


def _own_columns(facets: Mapping[str, Question]) -> dict[str, tuple[str, ...]]:
    return {word: facet.own_paths for word, facet in facets.items() if facet.among is None}


def _paths(columns: Iterable[Iterable[str]]) -> list[str]:
    return list(dict.fromkeys(path for own in columns for path in own))


def _together(columns: Mapping[str, tuple[str, ...]]) -> Iterator[list[str]]:
    """The words that are counted at once: codes, since few rows differ in all of them."""
    codes = [word for word, paths in columns.items() if "__" not in "".join(paths)]
    yield from ([word] for word in columns if word not in codes)
    if codes:
        yield codes


def _asked(filterset: ListFilter, *form: str, of: Callable[[QuerySet], Any]) -> list[Any]:
    def cut(rows: QuerySet) -> Any:
        return of(rows.order_by().select_related(None).prefetch_related(None))

    asked = filterset.prepared(("facets", *form), cut)
    return list(asked.tuples() if asked else cut(filterset.qs))


def _columns(filterset: ListFilter, paths: list[str]) -> dict[str, str]:
    """Each as a text of JSON."""

    def of(rows: QuerySet) -> Any:
        columns = {f"column_{place}": Column(path) for place, path in enumerate(paths)}
        return rows.annotate(all=Value(1)).values("all").annotate(**columns).values_list(*columns)

    ((*columns,),) = _asked(filterset, "columns", *paths, of=of)
    return dict(zip(paths, columns, strict=True))


def _dated(period: Period) -> Dated:
    """The whole list, read at once and kept for other periods of it."""
    whole = period.filterset.without(*period.filterset.asked)
    columns = _own_columns(whole.facets)
    text_of = _columns(whole, _paths([*columns.values(), period.paths]))
    days, *precisions = [orjson.loads(text_of[path]) for path in period.paths]
    rows = Dated(days, *precisions)
    for words in _together(columns):
        paths = _paths(columns[word] for word in words)
        rows.add(paths, *(orjson.loads(text_of[path]) for path in paths))
    period.keep(rows)
    return rows


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
