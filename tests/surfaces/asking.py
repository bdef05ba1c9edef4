"""How each surface is asked, and how its rows are read back."""

import csv
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from io import BytesIO, StringIO
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, resolve
from django.utils.html import escape
from openpyxl import load_workbook

from tests.surfaces.cast import Cast
from tradeinit.api import RESOURCES
from tradeinit.lists import RecordViewSet
from tradeinit.renderers import XLSXRenderer

Question = dict[str, Any]


def has_page(resource: str) -> bool:
    try:
        resolve(f"/{resource}/")
    except Resolver404:
        return False
    return True


def is_for_the_tip_alone(queries: Iterable[dict[str, str | None]]) -> bool:
    """One question, of the log. Of one whose plan is kept psycopg does not say what it asks."""
    asked = [query["sql"] for query in queries]
    return len(asked) == 1 and (asked[0] is None or "tradeinit_publication" in asked[0])


def app_of(resource: str) -> str:
    return RESOURCES[resource].model()._meta.app_label


def name_of(resource: str) -> str:
    return RESOURCES[resource].model()._meta.model_name or ""


# The lists of records; that of the changes has tests of its own.
LISTS = [resource for resource, viewset in RESOURCES.items() if issubclass(viewset, RecordViewSet)]
PAGED = [resource for resource in LISTS if has_page(resource)]


def of_json(response: HttpResponse) -> list[str]:
    return [row["uid"] for row in json.loads(response.content)["results"]]


def of_csv(response: Any) -> list[str]:
    return [row["uid"] for row in csv_rows(response)]


def of_ndjson(response: Any) -> list[str]:
    return [row["uid"] for row in ndjson_rows(response)]


def of_xlsx(response: Any) -> list[str]:
    return [row["uid"] for row in xlsx_rows(response)]


def of_page(response: Any) -> list[str]:
    """The rows of the page, which must show, and link, each of them in this order."""
    rows = response.context_data["page"].rows
    html = response.content.decode()
    results = html[html.index('id="results"') :]
    places = [results.index(f'{row.get_absolute_url()}"') for row in rows]
    assert places == sorted(places)
    return [str(row.uid) for row in rows]


def csv_rows(response: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(body(response).decode())))


def ndjson_rows(response: Any) -> list[dict[str, Any]]:
    *lines, end = body(response).decode().split("\n")
    assert end == ""
    return [json.loads(line) for line in lines]


def xlsx_cells(response: Any) -> list[tuple[Any, ...]]:
    book = load_workbook(BytesIO(body(response)))
    assert len(book.worksheets) == 1
    return list(book.worksheets[0].iter_rows())


def xlsx_rows(response: Any) -> list[dict[str, Any]]:
    head, *lines = [[cell.value for cell in row] for row in xlsx_cells(response)]
    return [dict(zip(head, line, strict=True)) for line in lines]


def content(response: Any) -> bytes:
    """A spreadsheet notes when it was written; what it says is in its cells."""
    if response.status_code == 200 and response["Content-Type"] == XLSXRenderer.media_type:
        return json.dumps(xlsx_rows(response)).encode()
    return body(response)


def body(response: Any) -> bytes:
    return b"".join(response) if response.streaming else response.content


@dataclass(frozen=True)
class Surface:
    """One way to ask for a list: an address with ``{}`` for the resource, a format, a reader."""

    name: str
    address: str
    read: Callable[[Any], list[str]]
    format: str = ""
    is_page: bool = False

    def __str__(self) -> str:
        return self.name

    def ask(self, client: Client, resource: str, /, **question: Any) -> Any:
        words = ({"format": self.format} if self.format else {}) | question
        query = urlencode(words, doseq=True)
        address = self.address.format(resource)
        return client.get(f"{address}?{query}" if query else address)


API = Surface("API", "/api/v1/{}/", of_json)
READERS = {"json": of_json, "csv": of_csv, "ndjson": of_ndjson, "xlsx": of_xlsx}


def by_word_and_suffix(place: str, address: str) -> list[Surface]:
    return [
        surface
        for word, read in READERS.items()
        for surface in (
            Surface(f"{place}, {word} by word", f"{address}/", read, format=word),
            Surface(f"{place}, {word} by suffix", f"{address}.{word}", read),
        )
    ]


ON_EVERY_LIST = [API, *by_word_and_suffix("API", "/api/v1/{}")]
PAGE = Surface("page", "/{}/", of_page, is_page=True)
ON_PAGE_LISTS = [PAGE, *by_word_and_suffix("page list", "/{}")]
FILES = [
    surface
    for surface in ON_EVERY_LIST + ON_PAGE_LISTS
    if surface.read in (of_csv, of_ndjson, of_xlsx)
]
CSV, NDJSON, XLSX = (
    next(file for file in FILES if file.read is read) for read in (of_csv, of_ndjson, of_xlsx)
)


def surfaces(resource: str) -> list[Surface]:
    return ON_EVERY_LIST + (ON_PAGE_LISTS if resource in PAGED else [])


def one_of_each_format(resource: str) -> list[Surface]:
    """The API in JSON, each file of it, and the page if there is one."""
    return [API, CSV, NDJSON, XLSX, *([PAGE] if resource in PAGED else [])]


def named(cast: Cast, uids: list[str]) -> list[str]:
    """What the cast calls the rows of an answer."""
    names = {str(row.uid): name for name, row in cast.items()}
    return [names[uid] for uid in uids]


def names_in(cast: Cast, client: Client, resource: str, **question: Any) -> list[str]:
    response = API.ask(client, resource, **question)
    assert response.status_code == 200, response.content
    return named(cast, of_json(response))


def problems(response: Any) -> list[tuple[str, str]]:
    """The errors of a problem document: which word, and what is wrong with it."""
    assert response["Content-Type"] == "application/problem+json"
    return [(error["name"], error["detail"]) for error in json.loads(response.content)["errors"]]


def page_errors(response: Any) -> list[tuple[str, str]]:
    """The same of a page, each of which it must show."""
    found = [
        (name, str(message))
        for name, messages in response.context_data["errors"].items()
        for message in messages
    ]
    text = one_line(response.content.decode())
    assert [message for _, message in found if one_line(escape(message)) not in text] == []
    return found


def one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def errors_of(surface: Surface, response: Any) -> list[tuple[str, str]]:
    return page_errors(response) if surface.is_page else problems(response)
