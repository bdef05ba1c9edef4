"""From when rows are public, given their parents: set-based, for the gate and for checks."""

from array import array
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tradeinit.publication.models import Publishable


@dataclass(frozen=True)
class Life:
    """The public life of one row: from an instant (None: a draft), perhaps withdrawn."""

    begins: datetime | None
    withdrawn: bool
    reason: str


def lives(model: type[Publishable], pks: Collection[Any]) -> dict[Any, Life]:
    """The life of each row: it begins with the latest of its own and its parents' instants."""
    steps = model.ancestry()
    columns = ["pk"] + [
        f"{step.path}{column}"
        for step in steps
        for column in ("pk", "public_from", "withdrawn_at", "withdrawal_reason")
    ]
    found = {}
    for chunk in chunks(pks):
        rows = model._base_manager.filter(pk__in=chunk).order_by()
        for pk, *values in rows.values_list(*columns):
            found[pk] = _life(values)
    return found


def _life(values: list[Any]) -> Life:
    ancestors = [values[i : i + 4] for i in range(0, len(values), 4)]
    present = [rest for pk, *rest in ancestors if pk is not None]
    begins = [public_from for public_from, _, _ in present]
    reasons = [reason for _, withdrawn_at, reason in present if withdrawn_at]
    return Life(
        begins=None if None in begins else max(begins),
        withdrawn=bool(reasons),
        reason=reasons[0] if reasons else "",
    )


def chunks(items: Iterable[Any], size: int = 500) -> Iterable[list[Any]]:
    """SQLite and PostgreSQL both plan poorly, or refuse, thousands of values in one IN."""
    # An array of a million keys is not made a list.
    ordered = items if isinstance(items, array) else list(items)
    for start in range(0, len(ordered), size):
        yield list(ordered[start : start + size])


def portions(
    rows: Mapping[type[Publishable], Iterable[Any]], size: int = 500
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
