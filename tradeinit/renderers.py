"""The formats of a list. ``format`` is the only word that chooses one; headers do not."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from itertools import islice
from tempfile import TemporaryFile
from typing import Any, Protocol

import orjson
from django.db.models import QuerySet
from django.http import QueryDict
from django.template.response import SimpleTemplateResponse
from django.utils.translation import gettext as _
from rest_framework import renderers
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.negotiation import BaseContentNegotiation

from tradeinit.late import openpyxl
from tradeinit.publication.log import canonical

# So many characters fit in a cell of a spreadsheet.
MAX_CELL = 32_767
# And so many rows on its sheet, below that of the names.
MAX_ROWS = 1_048_575
# A spreadsheet reads a cell that begins so as a formula; in some languages the wide signs as well.
FORMULA_STARTS = frozenset("=+-@\t\r\n＝＋－＠")
# Control characters, which no file of XML can hold, and so no spreadsheet.
NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
QUOTE = '"'
# So many rows of a file leave together.
ROWS_AT_ONCE = 50


class ByFormatWord(BaseContentNegotiation):
    """Chooses by suffix or ``?format=``: one address has one answer, whatever is accepted."""

    def select_parser(self, request: Any, parsers: Any) -> Any:
        return parsers[0]

    def select_renderer(
        self, request: Any, renderers: Any, format_suffix: str | None = None
    ) -> tuple[Any, str]:
        by_format = {renderer.format: renderer for renderer in renderers}
        asked = request.query_params.get("format")
        if format_suffix and asked and asked != format_suffix:
            raise ValidationError({"format": [_("The address names another format already.")]})
        word = format_suffix or asked or renderers[0].format
        if word not in by_format:
            if format_suffix:
                raise NotFound
            known = ", ".join(by_format)
            raise ValidationError(
                {"format": [_("No such format here. There are: %(known)s.") % {"known": known}]}
            )
        renderer = by_format[word]
        return renderer, renderer.media_type


class OneAnswer:
    """A view whose answer does not vary with what is accepted: caches need not keep several."""

    @property
    def default_response_headers(self) -> dict[str, str]:
        headers: dict[str, str] = super().default_response_headers
        headers.pop("Vary", None)
        return headers

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        """View, question and answer hold each other: once it is written, they let go.

        Else all that was answered waits for the garbage collector.
        """
        answer = super().finalize_response(request, response, *args, **kwargs)
        if isinstance(answer, SimpleTemplateResponse):
            answer.add_post_render_callback(_let_go)
        return answer


def _let_go(answer: Any) -> None:
    context = answer.renderer_context
    for held in (context["request"].parser_context, vars(context["view"]), context):
        held.clear()


class JSONRenderer(renderers.BaseRenderer):
    media_type = "application/json"
    format = "json"
    charset = None
    whole_file = False

    def render(self, data: Any, media_type: Any = None, context: Any = None) -> bytes:
        if data is None:
            return b""
        # An instant in the form of the record, not in that of the library.
        return orjson.dumps(data, default=str, option=orjson.OPT_PASSTHROUGH_DATETIME)


class Whole(Protocol):
    """A question as a file answers it: with all its rows, at one instant."""

    listing: Any
    queryset: QuerySet
    names: list[str]
    query: QueryDict

    @property
    def title(self) -> str:
        """What is asked, in words."""

    def address(self, **words: Any) -> str:
        """Where this very file is found, with some words of its question changed."""

    def page_address(self) -> str:
        """Of the page that shows the rows of the question."""

    def count(self) -> int: ...

    def answers(self) -> Iterator[dict[str, Any]]:
        """What the API says of each row."""

    def texts(self) -> Iterator[str]:
        """The same as JSON."""

    def rows(self) -> Iterator[Sequence[Any]]:
        """The rows themselves with what a page shows of them, some at a time."""

    def as_told(self) -> AbstractContextManager:
        """The instant, and the language, that hold for every part of the file."""


class FileRenderer(renderers.BaseRenderer):
    """A file holds every row of the question, never only its first page."""

    charset: str | None = None
    whole_file = True
    # A flat file has no place for records inside records.
    flat = True
    # Whether its columns can be chosen; a calendar and a feed have a form of their own.
    has_columns = True
    # To be saved; a feed is to be read where it is.
    attachment = True

    def walked(self, model: Any) -> Any:
        """What a cursor of this format walks."""
        return model

    def file_of(self, whole: Whole) -> Iterator[Any]:
        """The parts of the file, one after the other. What fails, fails before the first."""
        return self.stream(whole.names, whole.answers())

    def stream(self, names: list[str], rows: Iterable[Mapping[str, Any]]) -> Iterator[Any]:
        raise NotImplementedError


class NDJSONRenderer(FileRenderer):
    """A line of JSON for each row, exactly as the API answers it."""

    media_type = "application/x-ndjson"
    format = "ndjson"
    flat = False

    def file_of(self, whole: Whole) -> Iterator[bytes]:
        return self._lines(whole.texts())

    def stream(self, names: list[str], rows: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
        shown = ({name: row[name] for name in names if name in row} for row in rows)
        return self._lines(map(canonical, shown))

    def _lines(self, texts: Iterable[str]) -> Iterator[bytes]:
        return ("\n".join([*some, ""]).encode() for some in _batches(texts))


class XLSXRenderer(FileRenderer):
    """The cells of the CSV file as a spreadsheet. All text is text: none is read as a formula."""

    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    format = "xlsx"

    def file_of(self, whole: Whole) -> Iterator[Any]:
        count = whole.count()
        if count > MAX_ROWS:
            message = _(
                "A spreadsheet holds %(most)s rows, and this list has %(count)s. "
                "Ask for less, or take it as csv or ndjson."
            )
            raise ValidationError({"format": [message % {"most": MAX_ROWS, "count": count}]})
        return super().file_of(whole)

    def stream(self, names: list[str], rows: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
        book = openpyxl.Workbook(write_only=True)
        add_sheet(book, "Rows", names, rows)
        with TemporaryFile() as file:
            book.save(file)
            file.seek(0)
            while part := file.read(65_536):
                yield part


def add_sheet(book: Any, title: str, names: list[str], rows: Iterable[Mapping[str, Any]]) -> None:
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    sheet.append(names)
    for row in rows:
        sheet.append([_as_text(sheet, row.get(name)) for name in names])


def _as_text(sheet: Any, value: Any) -> Any:
    if isinstance(value, bool | int | float):
        return value
    text = NOT_IN_XML.sub("", plain(value))
    written = openpyxl.cell.WriteOnlyCell(sheet, text[:MAX_CELL])
    written.data_type = "s"
    return written


class CSVRenderer(FileRenderer):
    """A whole list as rows. Cells are safe to open in a spreadsheet; NDJSON and JSON are exact."""

    media_type = "text/csv"
    format = "csv"
    charset = "utf-8"

    def stream(self, names: list[str], rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
        yield _line(names)
        for some in _batches(rows):
            yield "".join([_line(_cells(map(row.get, names))) for row in some])


def _batches(rows: Iterable[Any]) -> Iterator[list[Any]]:
    """To send each row by itself takes longer than to write it."""
    rest = iter(rows)
    while some := list(islice(rest, ROWS_AT_ONCE)):
        yield some


def _cells(values: Iterable[Any]) -> list[str]:
    """Most are texts that are no formula, and stay as they are."""
    return [
        value if type(value) is str and value[:1] not in FORMULA_STARTS else cell(value)
        for value in values
    ]


def _line(cells: list[str]) -> str:
    """As Python's csv writes it, which looks at each letter; most lines have nothing to quote."""
    line = ",".join(cells)
    if line.count(",") >= len(cells) or QUOTE in line or "\n" in line or "\r" in line:
        line = ",".join(
            [
                f'"{text.replace(QUOTE, 2 * QUOTE)}"'
                if "," in text or QUOTE in text or "\n" in text or "\r" in text
                else text
                for text in cells
            ]
        )
    # Else it would be no row at all.
    return (line or '""') + "\r\n"


def cell(value: Any) -> str:
    """A value as safe text; a number is no formula."""
    return plain(value) if isinstance(value, int | float) else safe(plain(value))


def plain(value: Any) -> str:
    """A value as text: lists joined with "; ", a source as ``document (passage)``."""
    if type(value) is str:
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "; ".join([item if type(item) is str else _item(item) for item in value])
    return _item(value)


def _item(value: Any) -> str:
    if type(value) is str:
        return value
    if not isinstance(value, dict):
        return str(value)
    first, *rest = [plain(part) for part in value.values() if part not in ("", None)] or [""]
    return f"{first} ({', '.join(rest)})" if rest else first


def safe(text: str) -> str:
    """With a leading apostrophe where a spreadsheet would read a formula."""
    return f"'{text}" if text[:1] in FORMULA_STARTS else text


def unguarded(text: str) -> str:
    """Without the apostrophe that ``safe`` puts before a formula."""
    return text[1:] if text[:1] == "'" and text[1:2] in FORMULA_STARTS else text
