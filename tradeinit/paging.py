"""Pages of a list: the same numbers, caps and counts for readers and for the API."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.response import Response

from tradeinit.errors import page_out_of_range

# Beyond this many digits a number is nonsense, whatever it says.
MAX_DIGITS = 7


class Cursor:
    """A place in a list that is walked by what never changes of a row: its uid, as a rule.

    Rows that come or go, or are corrected, move no other row.
    """

    def __init__(self, model: Any, text: str) -> None:
        """An empty text is the start. Raises ValidationError for one that we did not write."""
        self.text = text
        self.columns = [model._meta.get_field(name) for name in model.walked_by]
        self.after = self._read(text) if text else []

    @classmethod
    def asked(cls, model: Any, query: QueryDict) -> Cursor | None:
        return cls(model, query.get("cursor") or "") if "cursor" in query else None

    def _read(self, text: str) -> list[Any]:
        try:
            parts = base64.b64decode(text.encode() + b"==", altchars=b"-_").decode().split(" ")
            found = [
                column.to_python(part) for column, part in zip(self.columns, parts, strict=True)
            ]
        except (ValueError, DjangoValidationError):
            found = []
        if None in found or _written(found) != text:
            problem = _("This is not a cursor of ours. Begin with an empty one.")
            raise ValidationError({"cursor": [problem]})
        return found

    def at(self, row: Any) -> str:
        return _written([getattr(row, column.name) for column in self.columns])

    def upto(self, queryset: QuerySet) -> QuerySet:
        """What the rest leaves, the place itself included."""
        return queryset.exclude(self._later())

    def rest(self, queryset: QuerySet) -> QuerySet:
        return queryset.filter(self._later()).order_by(*(column.name for column in self.columns))

    def _later(self) -> Q:
        names = [column.name for column in self.columns]
        later = Q()
        for place, value in enumerate(self.after):
            same = dict(zip(names[:place], self.after[:place], strict=True))
            later |= Q(**same, **{f"{names[place]}__gt": value})
        return later


def _written(values: list[Any]) -> str:
    parts = [
        value.isoformat() if isinstance(value, datetime) else str(value).replace("-", "")
        for value in values
    ]
    return base64.urlsafe_b64encode(" ".join(parts).encode()).decode().rstrip("=")


@dataclass
class Page:
    """One page of rows. ``count`` is exact up to a cap; beyond it ``count_capped`` is true."""

    rows: list[Any]
    number: int
    size: int
    count: int
    count_capped: bool
    has_next: bool
    query: QueryDict
    path: str
    cursor: Cursor | None = None

    @property
    def next(self) -> str | None:
        if not self.has_next:
            return None
        if self.cursor:
            return self._address("cursor", self.cursor.at(self.rows[-1]))
        return self._address("page", str(self.number + 1))

    @property
    def previous(self) -> str | None:
        return self._address("page", str(self.number - 1)) if self.number > 1 else None

    @property
    def last_number(self) -> int | None:
        """Unknown where the count is capped."""
        return None if self.count_capped else max(1, -(-self.count // self.size))

    def _address(self, word: str, value: str) -> str:
        asked = dict(self.query.lists()) | {word: [value]}
        return f"{self.path}?{urlencode(asked, doseq=True)}"


@dataclass
class Found:
    """The rows that a question finds, in their order."""

    queryset: QuerySet
    # How many there are, where that is known.
    total: int | None = None

    @property
    def model(self) -> Any:
        return self.queryset.model

    def first(self, most: int) -> tuple[list[Any], int | None]:
        """So many of the rows, and how many there are, where that is known from it."""
        rows = list(self.queryset[:most])
        # What is not full has all there is; to count costs as much as to find.
        return rows, len(rows) if len(rows) < most else self.total

    def count(self, most: int) -> int:
        """Up to so many."""
        return self._count(most) if self.total is None else self.total

    def _count(self, most: int) -> int:
        return self.queryset.order_by()[:most].count()

    def part(self, start: int, stop: int, cursor: Cursor | None) -> list[Any]:
        return list((cursor.rest(self.queryset) if cursor else self.queryset)[start:stop])


def page_of(found: Found, query: QueryDict, path: str) -> Page:
    """Raises ValidationError for a malformed word and NotFound past the last page."""
    number, size = _asked(query)
    cap = settings.COUNT_CAP
    start = (number - 1) * size
    cursor = Cursor.asked(found.model, query)
    rows: list[Any] = []
    counted = None
    if start == 0 and cursor:
        rows = found.part(0, size + 1, cursor)
        counted = len(rows) if len(rows) <= size and not cursor.text else None
    elif start == 0:
        rows, counted = found.first(size + 1)
    if counted is None:
        counted = found.count(cap + 1)
    if start and counted > min(start, cap):
        rows = found.part(start, start + size + 1, cursor)
    if not rows and number > 1:
        raise page_out_of_range(number)
    return Page(
        rows=rows[:size],
        number=number,
        size=size,
        count=min(counted, cap),
        count_capped=counted > cap,
        has_next=len(rows) > size,
        query=query,
        path=path,
        cursor=cursor,
    )


def page_of_found(found: Sequence[Any], is_capped: bool, query: QueryDict, path: str) -> Page:
    """The same of what is at hand already, and may be only the first of more."""
    number, size = _asked(query)
    start = (number - 1) * size
    if number > 1 and start >= len(found):
        raise page_out_of_range(number)
    return Page(
        rows=list(found[start : start + size]),
        number=number,
        size=size,
        count=len(found),
        count_capped=is_capped,
        has_next=start + size < len(found),
        query=query,
        path=path,
    )


def refuse_nonsense(model: Any, query: QueryDict) -> None:
    """A whole file has no pages; a malformed word is refused all the same."""
    _asked(query)
    Cursor.asked(model, query)


def _asked(query: QueryDict) -> tuple[int, int]:
    """The number and the size of the page."""
    if "cursor" in query and ("page" in query or "ordering" in query):
        problem = _("A cursor has its own order: leave out page and ordering.")
        raise ValidationError({"cursor": [problem]})
    size = min(_number(query, "page_size", settings.PAGE_SIZE), settings.MAX_PAGE_SIZE)
    return _number(query, "page", 1), size


def _number(query: Mapping[str, Any], name: str, default: int) -> int:
    text = query.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS and int(text) >= 1):
        raise ValidationError({name: [_("Enter a whole number from 1, of at most 7 digits.")]})
    return int(text)


class Pagination(BasePagination):
    """The envelope of an API list."""

    page: Page

    def paginate_queryset(self, queryset: Any, request: Any, view: Any = None) -> list[Any]:
        self.page = page_of(queryset, request.query_params, request.path)
        return self.page.rows

    def get_paginated_response(self, data: Any) -> Response:
        return Response(
            {
                "count": self.page.count,
                "count_capped": self.page.count_capped,
                "next": self.page.next,
                "previous": self.page.previous,
                "results": data,
            }
        )

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        address = {"type": ["string", "null"], "format": "uri-reference"}
        return {
            "type": "object",
            "required": ["count", "count_capped", "next", "previous", "results"],
            "properties": {
                "count": {
                    "type": "integer",
                    "description": f"Exact to {settings.COUNT_CAP:,}.",
                },
                "count_capped": {
                    "type": "boolean",
                    "description": "True where there are more rows than count says.",
                },
                "next": address | {"description": "Address of the next page; null on the last."},
                "previous": address
                | {"description": "Address of the page before; null on the first."},
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        number = {"type": "integer", "minimum": 1, "maximum": 10**MAX_DIGITS - 1}
        return [
            {
                "name": "page",
                "in": "query",
                "required": False,
                "description": "The number of the page; not together with cursor.",
                "schema": number,
            },
            {
                "name": "page_size",
                "in": "query",
                "required": False,
                "description": f"Rows on a page; more than {settings.MAX_PAGE_SIZE} are not given.",
                "schema": number,
            },
            {
                "name": "cursor",
                "in": "query",
                "required": False,
                "description": "Walks the whole list in an order of its own, in which nothing "
                "moves while it is walked; begin with an empty one and follow next. "
                "Not together with page and ordering.",
                "schema": {"type": "string"},
            },
        ]
