"""From when rows are public, given their parents: set-based, for the gate and for checks."""

from array import array
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import BigIntegerField, DateTimeField, F, QuerySet, TextField, Value

from tradeinit import prepared
from tradeinit.publication.models import Publishable

# So many small questions are asked as one.
TOGETHER = 30


@dataclass(frozen=True)
class Life:
    """The public life of one row: from an instant (None: a draft), perhaps withdrawn."""

    begins: datetime | None
    withdrawn_at: datetime | None
    reason: str

    @property
    def withdrawn(self) -> bool:
        return self.withdrawn_at is not None

    @property
    def ended(self) -> bool:
        """Whether it was withdrawn once it had begun."""
        if self.begins is None or self.withdrawn_at is None:
            return False
        return self.begins <= self.withdrawn_at


def lives(rows: Mapping[type[Publishable], Collection[Any]]) -> dict[Any, dict[Any, Life]]:
    """Of each kind the life of each row: from the latest of its own and its parents' instants."""
    found: dict[Any, dict[Any, Life]] = {model: {} for model in rows}
    # Whose parents are most stands first, and gives the columns their types.
    asked = sorted(filter(rows.get, rows), key=lambda model: len(model.ancestry()), reverse=True)
    if asked:
        keys = {model.resource: [list(rows[model])] for model in asked}
        for place, pk, *values in prepared.ask(("lives", *asked), _lives_of(asked), keys).tuples():
            found[asked[place]][pk] = _life(values)
    return found


def _lives_of(models: list[Any]) -> Callable[..., QuerySet]:
    length = len(models[0].ancestry())

    def of(**keys: Any) -> QuerySet:
        first, *others = [
            model._base_manager.filter(pk__among=keys[model.resource][0])
            .order_by()
            .values_list(Value(place), "pk", *_columns(model, length))
            for place, model in enumerate(models)
        ]
        return first.union(*others, all=True) if others else first

    return of


def _columns(model: type[Publishable], length: int) -> list[Any]:
    """What ``_life()`` reads of a row and of each parent, and nothing for parents it has not."""
    steps = model.ancestry()
    nothing = [
        Value(None, output_field=kind())
        for kind in (BigIntegerField, DateTimeField, DateTimeField, TextField)
    ]
    told = [
        F(f"{step.path}{column}")
        for step in steps
        for column in ("pk", "public_from", "withdrawn_at", "withdrawal_reason")
    ]
    return [*told, *nothing * (length - len(steps))]


def _life(values: list[Any]) -> Life:
    ancestors = [values[i : i + 4] for i in range(0, len(values), 4)]
    present = [rest for pk, *rest in ancestors if pk is not None]
    begins = [public_from for public_from, _, _ in present]
    # The nearest says why, and since when.
    gone = [(withdrawn_at, reason) for _, withdrawn_at, reason in present if withdrawn_at]
    withdrawn_at, reason = gone[0] if gone else (None, "")
    return Life(
        begins=None if None in begins else max(begins), withdrawn_at=withdrawn_at, reason=reason
    )


def chunks(items: Iterable[Any], size: int = 1000) -> Iterable[list[Any]]:
    """SQLite and PostgreSQL both plan poorly, or refuse, thousands of values in one IN."""
    # An array of a million keys is not made a list.
    ordered = items if isinstance(items, array) else list(items)
    for start in range(0, len(ordered), size):
        yield list(ordered[start : start + size])


def portions(
    rows: Mapping[type[Publishable], Iterable[Any]], size: int = 1000
) -> Iterator[dict[type[Publishable], list[Any]]]:
    """So many keys of rows at a time, of one kind or of several."""
    portion: dict[type[Publishable], list[Any]] = {}
    for model, pks in rows.items():
        for some in chunks(pks, size):
            if sum(map(len, portion.values())) + len(some) > size:
                yield portion
                portion = {}
            portion[model] = some
    if portion:
        yield portion
