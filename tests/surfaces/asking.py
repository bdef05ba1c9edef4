"""How each surface is asked, and how its rows are read back."""

import csv
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from io import StringIO
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils.html import escape

from tests.surfaces.cast import Cast
from tradeinit.api import RESOURCES

Question = dict[str, Any]


def has_page(resource: str) -> bool:
    try:
        reverse(f"{app_of(resource)}:{name_of(resource)}-list")
    except NoReverseMatch:
        return False
    return True


def app_of(resource: str) -> str:
    return RESOURCES[resource].model()._meta.app_label


def name_of(resource: str) -> str:
    return RESOURCES[resource].model()._meta.model_name or ""


PAGED = [resource for resource in RESOURCES if has_page(resource)]


def of_json(response: HttpResponse) -> list[str]:
    return [row["uid"] for row in json.loads(response.content)["results"]]


def of_csv(response: Any) -> list[str]:
    return [row["uid"] for row in csv_rows(response)]


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

    def ask(self, client: Client, resource: str, **question: Any) -> Any:
        words = ({"format": self.format} if self.format else {}) | question
        query = urlencode(words, doseq=True)
        address = self.address.format(resource)
        return client.get(f"{address}?{query}" if query else address)


API = Surface("API", "/api/v1/{}/", of_json)
ON_EVERY_LIST = [
    API,
    Surface("API, JSON by word", "/api/v1/{}/", of_json, format="json"),
    Surface("API, JSON by suffix", "/api/v1/{}.json", of_json),
    Surface("API, CSV by word", "/api/v1/{}/", of_csv, format="csv"),
    Surface("API, CSV by suffix", "/api/v1/{}.csv", of_csv),
]
PAGE = Surface("page", "/{}/", of_page, is_page=True)
ON_PAGE_LISTS = [
    PAGE,
    Surface("page list, JSON by word", "/{}/", of_json, format="json"),
    Surface("page list, JSON by suffix", "/{}.json", of_json),
    Surface("page list, CSV by word", "/{}/", of_csv, format="csv"),
    Surface("page list, CSV by suffix", "/{}.csv", of_csv),
]
FILES = [surface for surface in ON_EVERY_LIST + ON_PAGE_LISTS if surface.read is of_csv]


def surfaces(resource: str) -> list[Surface]:
    return ON_EVERY_LIST + (ON_PAGE_LISTS if resource in PAGED else [])


def one_of_each_format(resource: str) -> list[Surface]:
    """The API in JSON, a file of it, and the page if there is one."""
    return [API, ON_EVERY_LIST[-1], *([PAGE] if resource in PAGED else [])]


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
