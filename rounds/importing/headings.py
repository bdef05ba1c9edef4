"""Which columns a sheet has, and so what it is a sheet of.

Headings are known whatever their case and punctuation; their order does not matter. A heading
that is not known is refused with the ones near it: a column passed over in silence is lost.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from rounds.importing.dates import said
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
# So far down a title or a note may stand above the headings.
DEEPEST_HEADINGS = 10


@dataclass
class Row:
    """One row of a sheet, each cell by the name of its column."""

    place: Place
    cells: dict[str, Any]

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
        for above, cells in table.rows[:place]:
            words = " ".join(said(cell) for cell in cells if said(cell))
            if words:
                report.open(Place(table.name, above), f"stands above the headings: “{words[:80]}”.")
        yield Sheet(kind, list(_rows(table, place, names, columns, report)))


def _headings(table: Table) -> tuple[int, list[str]] | None:
    """The first row that looks like headings: where it stands, and what it says."""
    known = {_plain(name) for names in COLUMNS.values() for name in names}
    best: tuple[int, list[str]] | None = None
    for place, (_number, cells) in enumerate(table.rows[:DEEPEST_HEADINGS]):
        names = [said(cell) for cell in cells]
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
    for number, cells in table.rows[place + 1 :]:
        if not any(said(cell) for cell in cells):
            continue
        row = Place(table.name, number)
        for i, cell in enumerate(cells):
            if said(cell) and (i >= len(names) or not names[i]):
                report.wrong(row.at(_letter(i)), "this cell stands under no heading.")
        yield Row(row, {name: cells[i] for i, name in columns.items() if i < len(cells)})


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold())


def _words(name: str) -> list[str]:
    return [word for word in re.split(r"[\W_]+", name.casefold()) if len(word) > 2]


def _letter(place: int) -> str:
    """``A`` for the first column, as spreadsheets call it."""
    return f"{chr(64 + place // 26) if place >= 26 else ''}{chr(65 + place % 26)}"
