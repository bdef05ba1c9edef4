"""Rows of sheets that came from the record: only the cells that somebody has changed are read."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any
from uuid import UUID

from mandates.models import Chapter
from rounds.importing import cells, dates
from rounds.importing.batch import COLUMN_OF as COLUMN_OF_ROUND
from rounds.importing.batch import Batch
from rounds.importing.cases import Cases
from rounds.importing.dates import said
from rounds.importing.evidence import Sources
from rounds.importing.headings import Row
from rounds.importing.meetings import (
    days_beyond,
    leave_words,
    mode_in_doubt,
    number_in_doubt,
    read_period,
)
from rounds.importing.report import Place
from rounds.importing.sheet import cells_of, with_cells
from rounds.importing.subjects import COLUMN_OF
from rounds.models import Outcome, Round, Venue
from tradeinit.renderers import cell

DESK = "It is changed at the desk."


@dataclass
class Return:
    """A row with what it is of, what the record says in its cells, and where it says otherwise."""

    row: Row
    of: Any
    stored: dict[str, str]
    changed: list[str]

    @property
    def is_told_anew(self) -> bool:
        return isinstance(self.of, Chapter) and "status" in self.changed

    def cell(self, column: str) -> Any:
        return self.row.cells[column] if column in self.changed else self.stored[column]


class Returned:
    def __init__(self, batch: Batch, cases: Cases) -> None:
        self._batch, self._report, self._cases = batch, batch.report, cases
        self._found: list[Return] = []

    @property
    def rows(self) -> list[Row]:
        """Those whose sources are read."""
        return [one.row for one in self._found if "source_url" in one.changed or one.is_told_anew]

    @property
    def told_anew(self) -> list[Row]:
        """Of chapters, by now with what came of them: they are read as new ones are."""
        return [one.row for one in self._found if one.is_told_anew]

    def find(self, rows: list[Row], *models: Any) -> list[Row]:
        """The rows that are not of the record."""
        named = {row.place: said(row.cells.get("uid")) for row in rows}
        uids = {uid for uid in map(_uid, named.values()) if uid}
        known = {
            str(record.uid): record
            for model in models
            for record in with_cells(model).filter(uid__in=uids)
        }
        first: dict[str, Row] = {}
        for row in rows:
            written = named[row.place]
            uid = str(_uid(written) or "")
            if not written:
                continue
            if uid not in known:
                what = " or ".join(str(model._meta.verbose_name) for model in models)
                told = f"no {what} bears “{written[:40]}”; the cell of a new row stays empty."
                self._report.wrong(row.at("uid"), told)
            elif uid in first:
                told = f"row {first[uid].place.row} is of the same."
                self._report.wrong(row.at("uid"), told)
            else:
                first[uid] = row
                self._add(row, known[uid])
        return [row for row in rows if not named[row.place]]

    def _add(self, row: Row, record: Any) -> None:
        self._report.match(record)
        stored = {name: said(value) for name, value in cells_of(record).items()}
        changed = []
        for name in row.cells:
            given = said(row.cells[name])
            if given in (stored.get(name, ""), cell(stored.get(name, ""))):
                continue
            if given:
                changed.append(name)
            else:
                told = f"is empty here; “{record}” keeps “{stored[name][:80]}”. {DESK}"
                self._report.open(row.at(name), told)
        case = record.round.initiative if isinstance(record, Outcome) else record.initiative
        self._cases.keep(row, case)
        self._found.append(Return(row, record, stored, changed))

    def record(self, sources: Sources, step: Callable[[], None]) -> None:
        for one in self._found:
            if not one.is_told_anew:
                step()
            if isinstance(one.of, Round):
                self._round(one)
            elif isinstance(one.of, Outcome):
                self._outcome(one)
            else:
                self._chapter(one)
            if "source_url" in one.changed:
                self._sources(one, sources)

    def _round(self, one: Return) -> None:
        met: Round = one.of
        if "round_number" in one.changed:
            number, words = cells.number(one.row.cells["round_number"])
            self._coded(one, "number", number, words, number_in_doubt(words))
        if "title" in one.changed:
            label = {"label": cells.text(one.row.cells["title"])}
            self._batch.change(met, label, one.row.at("title"), COLUMN_OF)
        if "mode" in one.changed:
            mode, words = cells.mode(one.row.cells["mode"])
            self._coded(one, "mode", mode, words, mode_in_doubt(words))
        days = [column for column in ("start_date", "end_date") if column in one.changed]
        period = read_period(one.row, one.cell, self._report) if days else None
        if period:
            self._days(one, met, period, one.row.at(days[0]))
        places = [column for column in ("city", "country") if column in one.changed]
        if places:
            self._places(one, met, places[0])
        self._leave(one, "initiative", "parties")

    def _coded(self, one: Return, field: str, value: Any, words: str, doubt: str) -> None:
        place = one.row.at(COLUMN_OF_ROUND[field])
        if words:
            self._report.open(place, doubt)
            leave_words(self._batch, one.of, field, words, one.row)
        else:
            self._batch.change(one.of, {field: value}, place)

    def _days(self, one: Return, met: Round, period: dates.Period, place: Place) -> None:
        values = days_beyond(met, period)
        if period.first and not values:
            told = f"“{met}” has its days more exactly, and keeps them. {DESK}"
            self._report.open(place, told)
        self._batch.change(met, values, place, COLUMN_OF)

    def _places(self, one: Return, met: Round, column: str) -> None:
        place = one.row.at(column)
        venues = list(met.venues.all())
        cities, countries = (str(one.cell(name)).split(";") for name in ("city", "country"))
        wanted = [
            {"city": city.strip(), "country": country.strip()}
            for city, country in zip_longest(cities, countries, fillvalue="")
        ]
        for venue, values in zip(venues, wanted, strict=False):
            self._batch.change(venue, values, place)
        for order, values in enumerate(wanted[len(venues) :], len(venues)):
            venue = Venue(round=met, order=order, **values)
            self._batch.add(venue, place, f"the venue {venue}")
        for venue in venues[len(wanted) :]:
            self._report.open(place, f"“{met}” keeps the venue {venue}. {DESK}")

    def _outcome(self, one: Return) -> None:
        outcome: Outcome = one.of
        if "status" in one.changed:
            place = one.row.at("status")
            standing = cells.standing(one.row.cells["status"])
            values = {"wording": standing.wording}
            values |= {"result": standing.result} if standing.result else {}
            if outcome.result and not standing.result:
                told = f"no code fits “{standing.wording}”: “{outcome.get_result_display()}” stays."
                self._report.open(place, told)
            if outcome.statement and outcome.statement.value != standing.status:
                status = outcome.statement.get_value_display()
                told = f"“{outcome}” led to the status “{status}”, which stays. {DESK}"
                self._report.open(place, told)
            self._batch.change(outcome, values, place, COLUMN_OF)
        self._leave(one, "initiative", "round_number", "chapter")

    def _chapter(self, one: Return) -> None:
        chapter: Chapter = one.of
        if "chapter" in one.changed:
            name = {"name": cells.text(one.row.cells["chapter"])}
            self._batch.change(chapter, name, one.row.at("chapter"), COLUMN_OF)
        self._leave(one, "initiative")

    def _sources(self, one: Return, sources: Sources) -> None:
        self._batch.cite(one.of, sources.of(one.row), one.row.place)
        given, _beside = cells.addresses(one.row.cells["source_url"])
        for address in one.stored["source_url"].split("; "):
            if address and address not in given:
                told = f"“{one.of}” keeps the source {address}. {DESK}"
                self._report.open(one.row.at("source_url"), told)

    def _leave(self, one: Return, *columns: str) -> None:
        for column in columns:
            if column in one.changed:
                told = f"“{one.of}” keeps “{one.stored[column][:80]}”. {DESK}"
                self._report.open(one.row.at(column), told)


def _uid(written: str) -> UUID | None:
    try:
        return UUID(written)
    except ValueError:
        return None
