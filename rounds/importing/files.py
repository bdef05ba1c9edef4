"""Spreadsheets as rows of cells: CSV and XLSX, whoever made them and whatever they hold.

A file is judged before it is read: its size, what it says it is, how large it would unpack. The
readers of Python do not mind a small file that unpacks into gigabytes, or is two things at once.
"""

import csv
import io
import re
import zipfile
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from rounds.importing.dates import serial
from tradeinit.late import openpyxl
from tradeinit.renderers import unguarded

MEGABYTE = 1024 * 1024
LARGEST_FILE = 10 * MEGABYTE
LARGEST_UNPACKED = 40 * MEGABYTE
# The texts of a workbook are held in memory whole; nothing else is.
LARGEST_TEXTS = 8 * MEGABYTE
MOST_MEMBERS = 300
MOST_ROWS = 10_000
MOST_COLUMNS = 60
MOST_CELLS = 200_000
LONGEST_CELL = 20_000
XLSX_PARTS = re.compile(r"(?:xl|docProps|_rels|customXml|\[Content_Types\]\.xml)")
SAVE_OTHERWISE = "Open it where it came from, save it as “CSV UTF-8” or as .xlsx, and import that."
NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# A formula whose result was never stored would be read as an empty cell.
UNCOUNTED = re.compile(rb"(?:</f>|<f[^>]*/>)\s*(?:<v\s*/>|<v></v>)?\s*</c>")


class Refused(ValueError):
    """The file as a whole is not read; the message says why."""


@dataclass
class Table:
    """One sheet: its rows of cells with the numbers that a spreadsheet shows beside them."""

    file: str
    sheet: str
    rows: list[tuple[int, list[Any]]] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"{self.file}, sheet “{self.sheet}”" if self.sheet else self.file


def read(name: str, content: bytes) -> list[Table]:
    if not content:
        raise Refused("The file is empty.")
    if len(content) > LARGEST_FILE:
        raise Refused(f"The file is larger than {LARGEST_FILE // MEGABYTE} MB.")
    named_xlsx = name.lower().endswith((".xlsx", ".xlsm"))
    if content.startswith(b"PK"):
        if not named_xlsx:
            raise Refused(
                "This is a zip archive or a workbook, but its name does not end in .xlsx."
            )
        return list(_workbook(name, content))
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise Refused(
            "This is a workbook of the old form (.xls) or one with a password. "
            "Save it as .xlsx without a password, or as CSV."
        )
    if named_xlsx:
        raise Refused("The name ends in .xlsx, but the file is no workbook.")
    return [_text(name, content)]


# Text


def _text(name: str, content: bytes) -> Table:
    text = _decoded(content)
    delimiter, skipped, body = _delimiter(text)
    # The reader takes in a row whole, however many cells it has.
    if body.count(delimiter) > 2 * MOST_CELLS:
        _refuse_too_many(0, 0, body.count(delimiter))
    table, cells = Table(name, ""), 0
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=delimiter, strict=True)
    try:
        for row in reader:
            cells += len(row)
            _refuse_too_many(len(table.rows), len(row), cells)
            # A cell with a line break makes one row of the sheet of several lines of the file.
            number = len(table.rows) + 1 + skipped
            table.rows.append((number, [_cell(value) for value in row]))
    except csv.Error as error:
        raise Refused(f"The file is no CSV from line {reader.line_num} on: {error}.") from error
    return table


def _decoded(content: bytes) -> str:
    """UTF-8, or UTF-16 with the mark that spreadsheets begin it with; nothing is guessed."""
    is_utf16 = content.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
    name, encoding = ("UTF-16", "utf-16") if is_utf16 else ("UTF-8", "utf-8-sig")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        before = content[: error.start].decode(encoding, "ignore")
        at = min(error.start, len(content) - 1)
        raise Refused(
            f"The file is not in {name}: {_place(before)} holds the byte 0x{content[at]:02X}, "
            f"which would be guesswork to read. {SAVE_OTHERWISE}"
        ) from error
    stray = NO_TEXT.search(text)
    if stray:
        raise Refused(
            f"This is no text: {_place(text[: stray.start()])} holds the character "
            f"{ord(stray[0])}. {SAVE_OTHERWISE}"
        )
    return text


def _place(before: str) -> str:
    """Where a text goes wrong, as an editor of texts counts: the next sign after ``before``."""
    line = before.rpartition("\n")[2]
    behind = f", behind “{line[-20:]}”," if line else ""
    return f"line {before.count(chr(10)) + 1}, column {len(line) + 1}{behind}"


def _delimiter(text: str) -> tuple[str, int, str]:
    """What parts the cells: told by a spreadsheet's own first line, else the commonest sign."""
    told = re.match(r"sep=(.)\r?\n", text)
    if told:
        return told[1], 1, text[told.end() :]
    # Lists in cells and titles above have some of these signs; each row has one of them as often.
    outside = re.sub(r'"[^"]*"', "", text[:50_000])
    lines = [line for line in outside.splitlines() if line.strip()][:20]

    def parted(sign: str) -> int:
        counts = Counter(line.count(sign) for line in lines)
        return max((count * times for count, times in counts.items()), default=0)

    return max(",;\t|", key=parted), 0, text


def _cell(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if len(value) > LONGEST_CELL:
        raise Refused(f"A cell holds more than {LONGEST_CELL:,} characters.")
    return unguarded(value)


def _refuse_too_many(rows: int, columns: int, cells: int) -> None:
    if rows > MOST_ROWS:
        raise Refused(f"A sheet has more than {MOST_ROWS:,} rows. Import it in parts.")
    if columns > MOST_COLUMNS:
        raise Refused(f"A sheet has more than {MOST_COLUMNS} columns.")
    if cells > MOST_CELLS:
        raise Refused(f"A sheet has more than {MOST_CELLS:,} cells. Import it in parts.")


# Workbooks


def _workbook(name: str, content: bytes) -> Iterator[Table]:
    _refuse_bombs(content)
    try:
        book = openpyxl.load_workbook(
            io.BytesIO(content), read_only=True, data_only=True, keep_links=False
        )
    except (
        openpyxl.utils.exceptions.InvalidFileException,
        KeyError,
        ValueError,
        OSError,
        SyntaxError,
        TypeError,
    ) as error:
        raise Refused(f"The workbook cannot be read: {type(error).__name__}.") from error
    from_1904 = openpyxl.utils.datetime.MAC_EPOCH
    cells = 0
    for sheet in book.worksheets:
        table = Table(name, sheet.title)
        try:
            for row in _rows(sheet, cells):
                table.rows.append(_counted_from_1900(row) if book.epoch == from_1904 else row)
                cells += len(row[1])
        except (KeyError, ValueError, IndexError, SyntaxError, TypeError, OverflowError) as error:
            if isinstance(error, Refused):
                raise
            raise Refused(f"The sheet “{sheet.title}” cannot be read.") from error
        yield table


def _rows(sheet: Any, cells: int) -> Iterator[tuple[int, list[Any]]]:
    """Its rows, as far as they hold anything; limits are kept while reading, not after."""
    read = sheet.iter_rows(max_row=MOST_ROWS + 2, max_col=MOST_COLUMNS + 1)
    for number, row in enumerate(read, start=1):
        values = [cell.value for cell in row]
        while values and values[-1] is None:
            values.pop()
        cells += len(values)
        if values:
            _refuse_too_many(number, len(values), cells)
            yield number, [_cell(value) for value in values]


def _counted_from_1900(row: tuple[int, list[Any]]) -> tuple[int, list[Any]]:
    """Bare numbers of days of a workbook that counts from 1904, as others count them."""
    number, values = row
    epochs = openpyxl.utils.datetime
    days = (epochs.MAC_EPOCH - epochs.WINDOWS_EPOCH).days
    return number, [one if serial(one) is None else float(one) + days for one in values]


def _refuse_bombs(content: bytes) -> None:
    """What a workbook must be before a reader is let near it."""
    if not content.startswith(b"PK\x03\x04") or content[-22:-18] != b"PK\x05\x06":
        raise Refused("This is no plain workbook: something stands before or after it in the file.")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            if len(members) > MOST_MEMBERS:
                raise Refused(f"The workbook has more than {MOST_MEMBERS} parts.")
            if "[Content_Types].xml" not in archive.namelist():
                raise Refused("This is a zip archive and no workbook.")
            strange = [member.filename for member in members if _strange(member.filename)]
            if strange:
                raise Refused(f"The workbook holds what is no part of one: {strange[0][:60]}.")
            if sum(member.file_size for member in members) > LARGEST_UNPACKED:
                limit = LARGEST_UNPACKED // MEGABYTE
                raise Refused(f"The workbook would unpack into more than {limit} MB.")
            for member in members:
                _refuse_part(archive, member)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise Refused("The workbook is damaged.") from error


def _strange(name: str) -> bool:
    return not XLSX_PARTS.match(name) or ".." in name or name.endswith("vbaProject.bin")


def _refuse_part(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    if member.filename.endswith("sharedStrings.xml") and member.file_size > LARGEST_TEXTS:
        limit = LARGEST_TEXTS // MEGABYTE
        raise Refused(f"The workbook holds more than {limit} MB of text.")
    if not member.filename.endswith((".xml", ".rels")):
        return
    with archive.open(member) as part:
        before = b""
        while piece := part.read(256 * 1024):
            seen = before + piece
            # Entities make a small text large; a workbook has no use for them.
            if b"<!DOCTYPE" in seen or b"<!ENTITY" in seen or b"\x00" in piece:
                raise Refused("The workbook declares entities, or is not in UTF-8.")
            if UNCOUNTED.search(seen):
                raise Refused(
                    "The workbook holds formulas without their results: open it in a spreadsheet "
                    "program, save it, and import that."
                )
            before = piece[-40:]
