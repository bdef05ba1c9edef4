"""Spreadsheets made in a test, and what importing them does."""

from io import BytesIO, StringIO
from typing import Any

from django.core.management import call_command
from openpyxl import Workbook

from rounds.importing.importing import File, dry_run, record
from rounds.importing.report import Report
from rounds.models import Import
from tradeinit.publication import registry

ROUNDS = [
    *("initiative", "parties", "round_number", "title", "start_date", "end_date"),
    *("city", "country", "mode", "source_url"),
]
CHAPTERS = ("initiative", "round_number", "chapter", "status", "source_url")


def rounds(*rows: dict[str, Any], name: str = "rounds.csv") -> File:
    return csv_file(name, ROUNDS, [{"initiative": "Talks", **row} for row in rows])


def chapters(*rows: dict[str, Any], name: str = "chapters.csv") -> File:
    return csv_file(name, CHAPTERS, [{"initiative": "Talks", **row} for row in rows])


def csv_file(name: str, columns: Any, rows: list[dict[str, Any]], **style: Any) -> File:
    sign = style.get("delimiter", ",")
    lines = [list(columns), *([row.get(column, "") for column in columns] for row in rows)]
    text = style.get("newline", "\n").join(
        sign.join(f'"{cell}"' if sign in str(cell) else str(cell) for cell in line)
        for line in lines
    )
    return File(name, style.get("mark", b"") + text.encode())


def workbook(name: str, **sheets: list[list[Any]]) -> File:
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    content = BytesIO()
    book.save(content)
    return File(name, content.getvalue())


def imported(*files: File) -> Import:
    report, batch = record(list(files))
    assert [str(line) for line in report.mistakes] == []
    assert batch is not None
    return batch


def mistakes(*files: File) -> list[str]:
    report, batch = record(list(files))
    assert batch is None
    return [str(line) for line in report.mistakes]


def tried(*files: File) -> Report:
    return dry_run(list(files))


def everything() -> dict[str, Any]:
    """All that an import could have changed."""
    return {
        model.resource: sorted(model.objects.values_list("uid", "version"))
        for model in registry.models()
    }


def command(name: str, *args: str, **options: Any) -> str:
    output = StringIO()
    call_command(name, *args, stdout=output, stderr=StringIO(), **options)
    return output.getvalue()
