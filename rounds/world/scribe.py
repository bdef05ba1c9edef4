"""Whoever writes the rows of one step: their uids, their lives, and a citation for each."""

import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from django.utils.text import slugify

from mandates.models import Citation, Document
from tradeinit.publication.gate import Writing
from tradeinit.publication.models import Addressed, Publishable

# Never to change: with it the same seed gives the same uids on every installation.
WORLD = uuid.UUID("3c0f6e0b-52f1-5d0a-8d3e-74b1f0c9a2d5")

# The day on which this world is told; all that happened lies before it.
BASE = date(2023, 1, 2)
PUBLISHED = datetime(2023, 1, 2, 9, tzinfo=UTC)
EMBARGOED = datetime(2100, 1, 4, 9, tzinfo=UTC)


def uid_of(step: str, model: type[Publishable], number: int) -> uuid.UUID:
    return uuid.uuid5(WORLD, f"{step}/{model.resource}/{number}")


class Scribe:
    """Makes the rows of one step, and a citation for each."""

    def __init__(self, opened: Writing, step: str) -> None:
        self.random = Random(step)  # noqa: S311 - to be foreseen is its purpose
        self.made: Counter[str] = Counter()
        self._writing, self._step = opened, step
        self._sources: list[tuple[Publishable, Document]] = []

    def row(
        self, model: type[Any], source: Document | None = None, slug_of: str = "", **fields: Any
    ) -> Any:
        uid = uid_of(self._step, model, self.made[model.resource])
        self.made[model.resource] += 1
        if issubclass(model, Addressed):
            fields["slug"] = f"{slugify(slug_of)[:80]}-{uid.hex[:10]}"
        row = model(uid=uid, **{"public_from": PUBLISHED} | fields)
        if source:
            self.rests_on(row, source)
        return row

    def rests_on(self, row: Any, source: Document) -> None:
        row.disclosed_on = source.dated
        self._sources.append((row, source))

    def life(self) -> datetime | None:
        """A few are drafts, and a few under embargo."""
        chance = self.random.random()
        return None if chance < 0.02 else EMBARGOED if chance < 0.04 else PUBLISHED

    def write(self, rows: Sequence[Any]) -> Any:
        return type(rows[0]).objects.bulk_create(rows) if rows else []

    def relate(self, model: type[Any], relation: str, pairs: Iterable[tuple[Any, Any]]) -> None:
        self._writing.relate_many(model, relation, list(pairs))

    def some(self, things: Sequence[Any], most: int) -> list[Any]:
        return self.random.sample(things, self.random.randint(1, min(most, len(things))))

    def cite(self) -> None:
        """At the end of the step, when all rows have their keys; two passages for a few."""
        citations = []
        for row, source in self._sources:
            passage = self.random.randint(1, 40)
            citations.append(Citation(record=row, document=source, locator=f"paragraph {passage}"))
            if passage == 40:
                citations.append(Citation(record=row, document=source, locator="annex"))
        Citation.objects.bulk_create(citations)


def after(day: date, days: int) -> date:
    return day + timedelta(days=days)


def shown(rows: list[Any]) -> list[Any]:
    return [row for row in rows if row.public_from == PUBLISHED]
