"""Which columns a sheet has, and so what it is a sheet of.

Headings are known whatever their case and punctuation; their order does not matter. A heading
that is not known is refused with the ones near it: a column passed over in silence is lost.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from rounds.importing import cells, dates
from rounds.importing.dates import AS_WRITTEN, Style, said
from rounds.importing.files import Table
from rounds.importing.report import Place, Report

ROUNDS = "rounds"
CHAPTERS = "chapters"
COLUMNS = {
    ROUNDS: (
        "initiative",
        "parties",
        "round_number",
        "title",
        "start_date",
        "end_date",
        "city",
        "country",
        "mode",
        "source_url",
        "uid",
    ),
    CHAPTERS: ("initiative", "round_number", "chapter", "status", "source_url", "uid"),
}
NEEDED = {ROUNDS: ("initiative",), CHAPTERS: ("initiative", "chapter")}
NOTE = re.compile(
    r"(?:notes?|nota|sources?|fuente|n\.?b\.?|remarks?|legend|key|total|last updated|updated)\b"
    r"|\*|†",
    re.I,
)
# So far down a title or a note may stand above the headings.
DEEPEST_HEADINGS = 10


@dataclass
class Row:
    """One row of a sheet, each cell by the name of its column."""

    place: Place
    cells: dict[str, Any]
    # How its sheet writes days in figures, as far as the sheet proves it.
    style: Style = AS_WRITTEN

    def at(self, column: str) -> Place:
        return self.place.at(column)


@dataclass
class Sheet:
    kind: str
    rows: list[Row]


def sheets(tables: list[Table], report: Report) -> Iterator[Sheet]:
    """The sheets among these tables; what is wrong with their headings goes into the report."""
    for table in tables:
        found = _headings(table)
        if found is None:
            _tell_unread(table, tables, report)
            continue
        place, names = found
        kind = CHAPTERS if "chapter" in map(_plain, names) else ROUNDS
        before = len(report.mistakes)
        columns = _columns(kind, table, place, names, report)
        if len(report.mistakes) > before:
            # Rows under headings that are not known would be read wrongly.
            continue
        for above, line in table.rows[:place]:
            words = " ".join(said(cell) for cell in line if said(cell))
            if words:
                report.open(Place(table.name, above), f"stands above the headings: “{words[:80]}”.")
        rows = list(_rows(table, place, names, columns, report))
        _settle_days(table, rows, report)
        yield Sheet(kind, rows)


def _headings(table: Table) -> tuple[int, list[str]] | None:
    """The first row that looks like headings: where it stands, and what it says."""
    known = {_plain(name) for names in COLUMNS.values() for name in names}
    best: tuple[int, list[str]] | None = None
    for place, (_number, line) in enumerate(table.rows[:DEEPEST_HEADINGS]):
        names = [said(cell) for cell in line]
        hits = len(known & {_plain(name) for name in names})
        if hits >= 2:
            return place, names
        if hits == 1 and best is None:
            best = place, names
    return best


def _tell_unread(table: Table, tables: list[Table], report: Report) -> None:
    filled = [row for row in table.rows if any(said(cell) for cell in row[1])]
    if not filled:
        if len(tables) == 1:
            report.wrong(Place(table.name), "there is nothing in this sheet.")
        return
    if len(tables) > 1 and any(_headings(other) for other in tables):
        report.open(Place(table.name), "is no sheet of rounds or chapters and was not read.")
        return
    number, cells = filled[0]
    for name in [said(cell) for cell in cells if said(cell)][:20]:
        report.wrong(Place(table.name, number, name[:40]), _unknown(name, (ROUNDS, CHAPTERS)))


def _columns(
    kind: str, table: Table, place: int, names: list[str], report: Report
) -> dict[int, str]:
    number = table.rows[place][0]
    known = {_plain(name): name for name in COLUMNS[kind]}
    columns: dict[int, str] = {}
    for i, name in enumerate(names):
        where = Place(table.name, number, name[:40] or _letter(i))
        column = known.get(_plain(name))
        if column in columns.values():
            report.wrong(where, f"the column {column} is there twice.")
        elif column:
            columns[i] = column
        elif name:
            report.wrong(where, _unknown(name, (kind,)))
    for name in NEEDED[kind]:
        if name not in columns.values():
            report.wrong(Place(table.name, number, name), "this column is missing.")
    return columns


def _unknown(name: str, kinds: tuple[str, ...]) -> str:
    columns = [column for kind in kinds for column in COLUMNS[kind]]
    by_plain = {_plain(column): column for column in columns}
    near = [by_plain[one] for one in get_close_matches(_plain(name), by_plain, 3, 0.6)]
    near += [one for one in columns if one not in near and set(_words(one)) & set(_words(name))]
    listed = f"near it are {', '.join(near[:4])}" if near else f"there are {', '.join(columns)}"
    return f"no such column; {listed}."


def _rows(
    table: Table, place: int, names: list[str], columns: dict[int, str], report: Report
) -> Iterator[Row]:
    named: Row | None = None
    for number, line in table.rows[place + 1 :]:
        filled = [said(cell) for cell in line if said(cell)]
        if not filled:
            continue
        row = Row(
            Place(table.name, number),
            {name: line[i] for i, name in columns.items() if i < len(line)},
        )
        if _is_note(row, filled):
            report.open(row.place, f"taken for a note and not read: “{' '.join(filled)[:80]}”.")
            continue
        for i, cell in enumerate(line):
            if said(cell) and (i >= len(names) or not names[i]):
                report.wrong(row.at(_letter(i)), "this cell stands under no heading.")
        if cells.text(row.cells.get("initiative")):
            named = row
        elif named and not said(row.cells.get("uid")):
            # Merged cells hold their text in the first of them.
            row.cells["initiative"] = named.cells["initiative"]
            told = f"no initiative is named: taken for that of row {named.place.row}."
            report.open(row.at("initiative"), told)
        yield row


def _is_note(row: Row, filled: list[str]) -> bool:
    """Words under or between the rows, in one cell or behind “Note:”."""
    told = any(cells.text(row.cells.get(name)) for name in ("round_number", "start_date", "status"))
    return len(filled) == 1 or (not told and NOTE.match(filled[0]) is not None)


def _settle_days(table: Table, rows: list[Row], report: Report) -> None:
    """A date that can be read in one way only tells how the others of its sheet are written."""
    written = [
        (row.at(column), row.cells.get(column))
        for row in rows
        for column in ("start_date", "end_date")
    ]
    orders = [(place, first) for place, cell in written for first in dates.in_figures(cell)]
    proofs = {first: place for place, first in reversed(orders) if first is not None}
    centuries = {century for _place, cell in written for century in dates.centuries(cell)}
    style = Style(
        next(iter(proofs)) if len(proofs) == 1 else None,
        centuries.pop() if len(centuries) == 1 else None,
    )
    for row in rows:
        row.style = style
    if style.century and any(dates.is_short(cell) for _place, cell in written):
        told = f"years of two figures are read as {style.century}.., as its full years are."
        report.open(Place(table.name), told)
    count = sum(first is None for _place, first in orders)
    if not count or not proofs:
        return
    places = sorted(proofs.values(), key=lambda place: place.row or 0)
    where = " and ".join(f"row {place.row}, {place.column}" for place in places)
    if len(proofs) > 1:
        words = f"{where}, write day and month in either order, so of {count} dates neither is"
        report.open(Place(table.name), f"{words} sure: only their year is taken.")
    else:
        order = "day before month" if style.day_first else "month before day"
        report.open(Place(table.name), f"{count} dates are read {order}, as {where}, proves.")


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold())


def _words(name: str) -> list[str]:
    return [word for word in re.split(r"[\W_]+", name.casefold()) if len(word) > 2]


def _letter(place: int) -> str:
    """``A`` for the first column, as spreadsheets call it."""
    return f"{chr(64 + place // 26) if place >= 26 else ''}{chr(65 + place % 26)}"
