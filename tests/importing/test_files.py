"""What is refused before anything is read of it, and quickly."""

import csv
import io
import struct
import zipfile
from resource import RUSAGE_SELF, getrusage
from time import process_time

import pytest
from openpyxl import Workbook

from rounds.importing import files
from tests.importing.sheet import ROUNDS, workbook


def plain_workbook() -> bytes:
    return workbook("x.xlsx", Rounds=[ROUNDS]).content


def with_part(name: str, content: bytes, *, instead: bool = False) -> bytes:
    """A workbook with one part more, or with one of its parts replaced."""
    source, made = zipfile.ZipFile(io.BytesIO(plain_workbook())), io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for member in source.infolist():
            if not (instead and member.filename == name):
                archive.writestr(member, source.read(member))
        archive.writestr(name, content)
    return made.getvalue()


def cut_size(content: bytes) -> bytes:
    """The same archive, in which each part says that it unpacks into one byte."""
    made = bytearray(content)
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = made.find(signature)
        while at >= 0:
            made[at + offset : at + offset + 4] = struct.pack("<I", 1)
            at = made.find(signature, at + 4)
    return bytes(made)


AT_THE_ACCENT = (
    "The file is not in UTF-8: line 2, column 4, behind “Caf”, holds the byte 0xE9, which would be "
    "guesswork to read. Open it where it came from, save it as “CSV UTF-8” or as .xlsx, and import "
    "that."
)
SHEET = "xl/worksheets/sheet1.xml"
XML = b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + i, b"&%c;" % (97 + i) * 10) for i in range(9))
    + b"]><worksheet>&j;</worksheet>"
)


def rows_of(column: bytes, rows: int) -> bytes:
    """Many rows with one cell each."""
    return (
        XML
        + b"".join(
            b'<row r="%d"><c r="%s%d"><v>1</v></c></row>' % (i, column, i)
            for i in range(1, rows + 1)
        )
        + b"</sheetData></worksheet>"
    )


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("a.csv", b"", "The file is empty."),
        ("a.csv", b"initiative,title\nCaf\xe9,x\n", AT_THE_ACCENT),
        (
            "a.csv",
            "title\n談判,x".encode("big5"),
            "not in UTF-8: line 2, column 1 holds the byte 0xBD",
        ),
        (
            "a.csv",
            "initiative,title".encode("utf-16-le"),
            "line 1, column 2, behind “i”, holds the",
        ),
        (
            "a.csv",
            "a,b\n談".encode("utf-16")[:-1],
            "not in UTF-16: line 2, column 1 holds the byte",
        ),
        ("a.csv", b"initiative,title\nx\x00y,z\n", "This is no text: line 2, column 2"),
        ("a.csv", b'initiative,title\n"x,z\n', "The file is no CSV from line 2 on"),
        ("a.csv", plain_workbook(), "its name does not end in .xlsx"),
        ("a.csv", b"a," * 200 + b"\n", "more than 60 columns"),
        ("a.csv", b"a\n" * 10_100, "more than 10,000 rows"),
        ("a.csv", b"a\n" + b"b" * 20_001, "A cell holds more than 20,000 characters."),
        ("a.csv", b"a" * (11 * 1024 * 1024), "The file is larger than 10 MB."),
        ("a.xlsx", b"initiative,title\n", "the file is no workbook"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "the old form (.xls)"),
        ("a.xlsx", b"%PDF-1.4\n" + plain_workbook(), "the file is no workbook"),
        ("a.xlsx", plain_workbook() + b"<script>", "something stands before or after it"),
        ("a.xlsx", b"PK\x03\x04" + b"x" * 200, "something stands before or after it"),
        ("a.xlsx", plain_workbook()[:-400] + plain_workbook()[-22:], "The workbook is damaged."),
        ("a.xlsx", with_part("evil.html", b"<script>"), "what is no part of one: evil.html"),
        ("a.xlsx", with_part("xl/vbaProject.bin", b"x"), "what is no part of one"),
        (
            "a.xlsx",
            with_part("xl/media/a.png", b"\0" * 50_000_000),
            "would unpack into more than 40 MB",
        ),
        (
            "a.xlsx",
            cut_size(with_part("xl/sharedStrings.xml", b" " * 30_000_000, instead=True)),
            "The workbook is damaged.",
        ),
        (
            "a.xlsx",
            with_part("xl/sharedStrings.xml", b" " * 9_000_000, instead=True),
            "more than 8 MB of text",
        ),
        ("a.xlsx", with_part(SHEET, LAUGHS, instead=True), "declares entities"),
        ("a.xlsx", with_part(SHEET, rows_of(b"A", 10_200), instead=True), "than 10,000 rows"),
        ("a.xlsx", with_part(SHEET, rows_of(b"BI", 2), instead=True), "more than 60 columns"),
        ("a.xlsx", with_part(SHEET, b"<not xml", instead=True), "cannot be read"),
        (
            "a.xlsx",
            workbook("a.xlsx", Rounds=[ROUNDS, ["=A1"]]).content,
            "formulas without their results",
        ),
    ],
)
def test_what_is_no_honest_spreadsheet_is_refused_quickly_and_in_little_memory(
    name: str, content: bytes, complaint: str
) -> None:
    begun, most_before = process_time(), getrusage(RUSAGE_SELF).ru_maxrss

    with pytest.raises(files.Refused) as refused:
        files.read(name, content)

    assert complaint in str(refused.value)
    assert process_time() - begun < 2
    # In kilobytes; on macOS in bytes, which is stricter.
    assert getrusage(RUSAGE_SELF).ru_maxrss - most_before < 100 * 1024


def test_cells_at_the_end_of_the_sheet_do_not_make_the_rows_before_them() -> None:
    begun = process_time()

    [table] = files.read("a.xlsx", with_part(SHEET, rows_of(b"XFD", 3_000), instead=True))

    assert table.rows == []
    assert process_time() - begun < 2


def test_an_empty_workbook_is_read_as_such() -> None:
    content = io.BytesIO()
    Workbook().save(content)

    assert [table.rows for table in files.read("a.xlsx", content.getvalue())] == [[]]


def test_the_apostrophe_of_our_own_files_is_taken_away_again() -> None:
    [table] = files.read("a.csv", "title\n'=SUM(A1)\n'＋1\n'quoted'\n'a'=b\n".encode())

    assert [row for _number, row in table.rows] == [
        ["title"],
        ["=SUM(A1)"],
        ["＋1"],
        ["'quoted'"],
        ["'a'=b"],
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_a_table_is_read_whatever_program_wrote_it(encoding: str, sign: str) -> None:
    lines = [["initiative", "city"], ["Café", "臺北"], [f"“a”{sign}b", "“c”"]]
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=sign).writerows(lines)

    [table] = files.read("a.csv", written.getvalue().encode(encoding))

    assert [row for _number, row in table.rows] == lines
