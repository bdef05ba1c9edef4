"""How many rows of a list are alike in any period of it, counted from memory.

All that is public of a list and has a day is read once for each state of the log: a column for
each kind of choice, in the order of the days. A period is a stretch of it.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.core.cache import caches
from django.core.cache.utils import make_template_fragment_key

from tradeinit.days import Precision, reaching
from tradeinit.filters import DayFilter, ListFilter


class Column:
    """One value, or several that go together, of each row: as its place among those there are."""

    def __init__(self, rows: Iterable[tuple[Any, ...]]) -> None:
        in_hand = list(rows)
        self.values = sorted(set(in_hand), key=_in_order)
        place_of = {values: place for place, values in enumerate(self.values)}
        self.places = array("I", map(place_of.__getitem__, in_hand))

    def alike(self, stretches: Iterable[slice]) -> list[tuple[Any, ...]]:
        """How many rows there have which values, in the order of the values."""
        found: Counter[int] = Counter()
        for stretch in stretches:
            found.update(self.places[stretch])
        return [(found[place], *self.values[place]) for place in sorted(found)]


class Dated:
    """The rows of a list that have a day: those of one precision stand together, by the day."""

    def __init__(self, days: Sequence[str | None], precisions: Sequence[str] | None = None) -> None:
        of_each = zip(precisions or [""] * len(days), days, strict=True)
        rows = sorted(
            (precision, day, place) for place, (precision, day) in enumerate(of_each) if day
        )
        # Where each of them stands in the columns as they are given.
        self.order = array("I", (place for _precision, _day, place in rows))
        self.days = array("I", (date.fromisoformat(day).toordinal() for _precision, day, _ in rows))
        self.columns: dict[tuple[str, ...], Column] = {}
        self.of_precision: dict[str, slice] = {}
        begin = 0
        for precision, count in Counter(precision for precision, _day, _ in rows).items():
            self.of_precision[precision] = slice(begin, begin + count)
            begin += count

    def add(self, paths: Iterable[str], *columns: Sequence[Any]) -> None:
        """Columns that are counted together."""
        together = list(zip(*columns, strict=True))
        self.columns[tuple(paths)] = Column(together[place] for place in self.order)

    def within(self, firsts: Mapping[str, date] | None, last: date | None) -> list[slice]:
        """The rows of a period; its first day depends on the precision."""
        found = []
        for precision, rows in self.of_precision.items():
            begin, end = rows.start, rows.stop
            if firsts is not None:
                first = firsts.get(precision, date.max).toordinal()
                begin = bisect_left(self.days, first, begin, end)
            if last is not None:
                end = bisect_right(self.days, last.toordinal(), begin, end)
            found.append(slice(begin, end))
        return found


class Period:
    """A question for the rows of some days, and for nothing else."""

    def __init__(self, filterset: ListFilter, path: str, precision: str | None) -> None:
        self.filterset, self.path, self.precision = filterset, path, precision
        self.etag = _etag(filterset)
        self.key = make_template_fragment_key("dated", [type(filterset)])

    @classmethod
    def of(cls, filterset: ListFilter) -> "Period | None":
        days = [one for one in filterset.filters.values() if type(one) is DayFilter]
        asked = [filterset.filters[word] for word in filterset.asked]
        if not asked or any(one not in days for one in asked):
            return None
        # What a preview or a clock shows is not what is public now.
        if _etag(filterset) is None or not filterset.is_valid() or filterset.clocks:
            return None
        (path,) = {one.path for one in days}
        return cls(filterset, path, next((one.precision for one in days if one.precision), None))

    @property
    def paths(self) -> list[str]:
        """What is read of each row to know its days."""
        return [self.path, self.precision] if self.precision else [self.path]

    def kept(self) -> Dated | None:
        etag, rows = caches["template_fragments"].get(self.key, (None, None))
        return rows if etag == self.etag else None

    def keep(self, rows: Dated) -> None:
        """One for each list: that of an older state of the log gives place."""
        caches["template_fragments"].set(self.key, (self.etag, rows), 60)

    def count(self, rows: Dated) -> int:
        return sum(one.stop - one.start for one in self.among(rows))

    def among(self, rows: Dated) -> list[slice]:
        firsts: dict[str, date] | None = None
        last: date | None = None
        for word in self.filterset.asked:
            one: Any = self.filterset.filters[word]
            day = self.filterset.form.cleaned_data[word]
            if one.side == "before":
                last = day
            elif one.precision:
                firsts = dict(zip(Precision, reaching(day)[1:], strict=True))
            else:
                firsts = dict.fromkeys(rows.of_precision, day)
        return rows.within(firsts, last)


def _etag(filterset: ListFilter) -> str | None:
    return getattr(filterset.request, "etag", None)


def _in_order(values: tuple[Any, ...]) -> list[tuple[bool, Any]]:
    """Nothing comes first."""
    return [(value is not None, value) for value in values]
