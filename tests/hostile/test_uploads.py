"""Files that should not be: each is refused before it costs anything.

Every one is read in a process of its own, which says what it took of the processor and of memory.
"""

import io
import json
import os
import struct
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile

from mandates import copies
from rounds.importing import files
from rounds.intake import source

MEGABYTE = 1024 * 1024
SECONDS, MEGABYTES = 2, 100
TYPES = b'<?xml version="1.0"?><Types/>'
LAUGHS = b'<!DOCTYPE l [<!ENTITY a "ha">%s]><sst>&z;</sst>' % b"".join(
    b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(25)
)
SHEET = "xl/worksheets/sheet1.xml"


def archive(**members: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return packed.getvalue()


def workbook(**members: bytes) -> bytes:
    return archive(**{"[Content_Types].xml": TYPES, **members})


def understated() -> bytes:
    """A workbook whose directory says that its sheet is a thousand bytes long."""
    whole = workbook(**{SHEET: b"<row/>" * 20 * MEGABYTE})
    size = struct.pack("<L", 6 * 20 * MEGABYTE)
    return whole.replace(size, struct.pack("<L", 1000))


def many_parts() -> bytes:
    return workbook(**{f"xl/worksheets/sheet{number}.xml": b"<row/>" for number in range(20_000)})


def imported(name: str, content: bytes) -> None:
    files.read(name, content)


def handed_in(_name: str, content: bytes) -> None:
    source.text_of(content)


def kept(name: str, content: bytes) -> None:
    copies.examine(ContentFile(content, name))


PDF, GIF = b"%PDF-1.7\n", b"GIF89a"
WORD = archive(**{"word/document.xml": b"<w/>"})
# Where it is handed in, under which name, and how it is made.
HOSTILE: dict[str, tuple[Callable[[str, bytes], None], str, Callable[[], bytes]]] = {
    "a sheet of 120 MB": (
        imported, "a.xlsx", lambda: workbook(**{SHEET: b"<row/>" * 20 * MEGABYTE}),
    ),
    "a sheet that says it is small": (imported, "a.xlsx", understated),
    "20,000 parts": (imported, "a.xlsx", many_parts),
    "entities": (imported, "a.xlsx", lambda: workbook(**{"xl/sharedStrings.xml": LAUGHS})),
    "entities in UTF-16": (
        imported, "a.xlsx",
        lambda: workbook(**{"xl/sharedStrings.xml": LAUGHS.decode().encode("utf-16")}),
    ),
    "archives in an archive": (
        imported, "a.xlsx", lambda: workbook(**{"xl/a.zip": archive(b=b"0" * 50 * MEGABYTE)}),
    ),
    "an archive that climbs": (
        imported, "a.xlsx", lambda: workbook(**{"xl/../../etc/passwd": b"root"}),
    ),
    "an archive": (imported, "a.xlsx", lambda: archive(a=b"a")),
    "an archive as a text": (imported, "a.csv", lambda: archive(a=b"a")),
    "a picture that is a workbook": (imported, "a.xlsx", lambda: GIF + workbook()),
    "a workbook with a script behind": (
        imported, "a.xlsx", lambda: workbook(**{SHEET: b"<r/>"}) + b"<script>alert(1)</script>",
    ),
    "a PDF as a workbook": (imported, "a.xlsx", lambda: PDF * 1000),
    "a row of three million cells": (imported, "a.csv", lambda: b"ab," * 3 * MEGABYTE),
    "three million rows": (imported, "a.csv", lambda: b"ab\n" * 3 * MEGABYTE),
    "three million rows of quotes": (imported, "a.csv", lambda: b'"a"\n' * 2 * MEGABYTE),
    "a quote that never ends": (imported, "a.csv", lambda: b'"' + b"a" * 9 * MEGABYTE),
    "a cell of 9 MB": (imported, "a.csv", lambda: "題".encode() * 3 * MEGABYTE),
    "a text in UTF-16 without its mark": (
        imported, "a.csv", lambda: "label\n".encode("utf-16-le"),
    ),
    "a text in UTF-16 that is cut": (
        imported, "a.csv", lambda: ("🙂\n" * MEGABYTE).encode("utf-16")[:-3],
    ),
    "a text in Big5": (imported, "a.csv", lambda: "回合\n".encode("big5")),
    "a text in UTF-8 and Latin-1": (
        imported, "a.csv", lambda: "é\n".encode() * MEGABYTE + "é".encode("latin-1"),
    ),
    "NUL": (imported, "a.csv", lambda: b"a,\0b\n"),
    "11 MB": (imported, "a.csv", lambda: b"a" * 11 * MEGABYTE),
    "a release of 20 MB": (handed_in, "", lambda: b"<html>" * 4 * MEGABYTE),
    "a PDF as a release": (handed_in, "", lambda: PDF * 1000),
    "a workbook as a release": (handed_in, "", lambda: workbook()),
    "a program as a release": (handed_in, "", lambda: b"\x7fELF\0\0\0" * 1000),
    "a release in an unknown encoding": (handed_in, "", lambda: "協定".encode("shift_jis") * 900),
    "an archive as Word": (kept, "a.docx", lambda: archive(a=b"a")),
    "a picture that is Word": (kept, "a.docx", lambda: GIF + WORD),
    "a page that is OpenDocument": (
        kept, "a.odt", lambda: b"<script>" + archive(**{"META-INF/manifest.xml": b"<m/>"}),
    ),
    "a page as PDF": (kept, "a.pdf", lambda: b"<html>" + PDF),
    "a page": (kept, "a.html", lambda: b"<html>"),
    "a drawing with a script": (kept, "a.svg", lambda: b"<svg onload='alert(1)'/>"),
    "two endings": (kept, "a.pdf.exe", lambda: PDF),
    "a text of 20 MB that is none at its end": (
        kept, "a.txt", lambda: "🙂".encode() + b"a" * (20 * MEGABYTE - 10) + b"\xff",
    ),
    "21 MB": (kept, "a.pdf", lambda: PDF + b"a" * 21 * MEGABYTE),
}  # fmt: skip
REFUSALS = (files.Refused, source.Unreadable, ValidationError)


@pytest.mark.full
def test_hostile_files_are_refused_at_once_and_take_no_memory(
    tmp_path: Path, trust: Callable[..., None]
) -> None:
    found = {name: apart(tmp_path, *hostile) for name, hostile in HOSTILE.items()}

    accepted = [name for name, cost in found.items() if not cost["refused"]]
    slow = {name: cost["seconds"] for name, cost in found.items() if cost["seconds"] > SECONDS}
    large = {name: cost["more"] for name, cost in found.items() if cost["more"] > MEGABYTES}
    assert (accepted, slow, large) == ([], {}, {})
    seconds, more = (max(cost[what] for cost in found.values()) for what in ("seconds", "more"))
    trust(
        13,
        f"{len(found)} hostile files refused, each in {seconds:.1f} s of the processor and with "
        f"{more:.0f} MB more at the most",
    )


def apart(
    place: Path, read: Callable[[str, bytes], None], name: str, make: Callable[[], bytes]
) -> dict[str, Any]:
    """Read it in a fork of this process, and report what that cost."""
    content = make()
    report = place / "report"
    child = os.fork()
    if child == 0:
        report.write_text(json.dumps(cost(read, name, content)))
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert status == 0, name
    return json.loads(report.read_text())


def cost(read: Callable[[str, bytes], None], name: str, content: bytes) -> dict[str, Any]:
    # The fork begins with the memory of this process; a peak counts from there.
    Path("/proc/self/clear_refs").write_text("5")
    before, begun = peak(), time.process_time()
    try:
        read(name, content)
        refused = False
    except REFUSALS:
        refused = True
    return {"refused": refused, "seconds": time.process_time() - begun, "more": peak() - before}


def peak() -> float:
    """The most memory held so far, in megabytes."""
    (line,) = [
        line for line in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in line
    ]
    return int(line.split()[1]) / 1024
