"""A case as the sheets that an import reads, to be worked on and imported again.

The last cell of a row is the ``uid`` of what it is of: a round, an outcome, or a chapter that no
round has discussed yet.
"""

import csv
import io
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import QuerySet

from mandates.models import Chapter, Initiative
from rounds.importing.headings import CHAPTERS, COLUMNS, ROUNDS
from rounds.models import Outcome, Round
from tradeinit.days import Precision
from tradeinit.late import openpyxl
from tradeinit.renderers import add_sheet, cell

Cells = dict[str, Any]


def sheets_of(case: Initiative) -> dict[str, list[Cells]]:
    rounds = with_cells(Round).filter(initiative=case).order_by("start", "pk")
    outcomes = with_cells(Outcome).filter(round__initiative=case)
    untouched = with_cells(Chapter).filter(initiative=case, outcomes=None)
    return {
        ROUNDS: [cells_of(met) for met in rounds],
        CHAPTERS: [
            cells_of(one)
            for some in (
                outcomes.order_by("round__start", "round", "chapter__order", "pk"),
                untouched.order_by("order", "pk"),
            )
            for one in some
        ],
    }


def as_csv(kind: str, rows: list[Cells]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS[kind])
    writer.writerows([cell(row.get(name)) for name in COLUMNS[kind]] for row in rows)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def as_workbook(sheets: dict[str, list[Cells]]) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    for kind, rows in sheets.items():
        add_sheet(book, kind, list(COLUMNS[kind]), rows)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def with_cells(model: Any) -> QuerySet[Any]:
    """Rows with all that their cells read."""
    rows = model.objects.prefetch_related("citations__document")
    if model is Round:
        seats = "initiative__initiative_parties__party"
        return rows.select_related("initiative").prefetch_related("venues", seats)
    if model is Outcome:
        return rows.select_related("round__initiative", "chapter", "statement")
    return rows.select_related("initiative")


def cells_of(row: Any) -> Cells:
    """One row of a sheet, as the record has it."""
    told = dict(CELLS[type(row)](row))
    sources = dict.fromkeys(citation.document.address for citation in row.citations.all())
    return told | {"source_url": "; ".join(filter(None, sources)), "uid": str(row.uid)}


def _of_round(met: Round) -> Iterator[tuple[str, Any]]:
    venues = list(met.venues.all())
    yield "initiative", met.initiative.title
    yield "parties", "; ".join(str(one.party) for one in met.initiative.initiative_parties.all())
    yield "round_number", met.number
    yield "title", met.label
    yield "start_date", _day(met.start, met.precision) or met.wording
    yield "end_date", _day(met.end, met.precision)
    yield "city", "; ".join(venue.city for venue in venues)
    yield "country", "; ".join(venue.country for venue in venues)
    yield "mode", "" if met.mode == Round.Mode.UNKNOWN else met.mode.replace("_", " ")


def _of_outcome(outcome: Outcome) -> Iterator[tuple[str, Any]]:
    yield "initiative", outcome.round.initiative.title
    yield "round_number", outcome.round.number or outcome.round.label
    yield "chapter", outcome.chapter.name
    yield "status", outcome.wording or outcome.result.replace("_", " ")


def _of_chapter(chapter: Chapter) -> Iterator[tuple[str, Any]]:
    yield "initiative", chapter.initiative.title
    yield "chapter", chapter.name


CELLS: dict[Any, Any] = {Round: _of_round, Outcome: _of_outcome, Chapter: _of_chapter}


def _day(day: date | None, precision: str) -> str:
    if day is None:
        return ""
    match precision:
        case Precision.WEEK:
            return f"week of {day}"
        case Precision.MONTH:
            return f"{day:%Y-%m}"
        case Precision.QUARTER:
            return f"Q{(day.month + 2) // 3} {day.year}"
        case Precision.YEAR:
            return str(day.year)
    return day.isoformat()
