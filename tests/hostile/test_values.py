"""Values that should not be there, in every word and every part of every address, and in forms.

The addresses and words are those of the secrecy suite: from the URL resolver, the OpenAPI document
and the forms of the pages. The few values that no word can hold are refused by every word; of all
others it is asked that nothing breaks.
"""

import re
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any
from urllib.parse import quote

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from tests import factories
from tests.desk.forms import filled
from tests.rollback import once_a_module
from tests.secrecy import questions
from tests.secrecy.routes import Route, public_routes, routes
from tests.surfaces.cast import Cast, two_cases
from tests.surfaces.conftest import Reader

pytestmark = pytest.mark.django_db

Trust = Callable[[int, str], None]

# As they stand in an address. None of these is text that a word or a database can hold.
UNHOLDABLE = {
    "NUL": "%00",
    "NUL within": "alpha%00beta",
    "lone high surrogate": "%ED%A0%80",
    "lone low surrogate": "%ED%BF%BF",
    "not UTF-8": "%FF%FE",
    "cut UTF-8": "%E8%87",
    "overlong slash": "%C0%AF",
}
TEXTS = {
    "2^31": str(2**31),
    "2^63": str(2**63),
    "-2^63 - 1": str(-(2**63) - 1),
    "10^40": "1" + "0" * 40,
    "a number of 5,000 digits": "9" * 5_000,
    "minus zero": "-0",
    "NaN": "NaN",
    "infinity": "Infinity",
    "float": "1e309",
    "hexadecimal": "0x1F",
    "other digits": "１２",
    "superscript": "²",
    "30 February": "2023-02-30",
    "year 0": "0000-01-01",
    "year 10,000": "10000-01-01",
    "first day": "0001-01-01",
    "last day": "9999-12-31",
    "last instant": "9999-12-31T23:59:59-23:59",
    "first instant": "0001-01-01T00:00:00+23:59",
    "leap second": "2016-12-31T23:59:60Z",
    "a zone that is none": "2023-01-04T17:00:00+99:99",
    "20 kB": "x" * 20_000,
    "20 kB of commas": "," * 20_000,
    "right to left": "\u202egnitirw\u202c",
    "zero width": "\u200b\u200d\ufeff",
    "combining": "e" + "\u0301" * 300,
    "other plane": "\U0001f5de\U000e0041",
    "line ends": "a\r\nSet-Cookie: b=c",
    "quotes": "'\"`;--",
    "SQL": "' OR 1=1; DROP TABLE rounds_round; --",
    "LIKE": "%_%\\%",
    "regex": "(a+)+$",
    "search syntax": '"unclosed AND (NEAR/ * ^ -',
    "template": "{{ 7*7 }}{% debug %}%(name)s{0}",
    "script": "<script>alert(1)</script>",
    "path": "../../../../etc/passwd",
    "null word": "null",
    "JSON": '{"$gt": ""}',
    "blank": " \t ",
}
VALUES = [*UNHOLDABLE.values(), *(quote(text) for text in TEXTS.values())]
# In place of the name of a word, or around it.
NAMES = ["{}[]", "{}[0]", "{}[a][b]", "{}__regex", "{}__in", "%00{}", "%FF", "", "__proto__", "{}."]


@once_a_module
def cast() -> Cast:
    return two_cases()


def words(route: Route) -> list[str]:
    """Those that the OpenAPI document has for the address, or for its twin of the API; and those
    of the forms on the page."""
    paths = {route.template.replace("<", "{").replace(">", "}")}
    if route.is_list:
        paths.add(f"/api/v1/{route.resource}/")
    elif route.names_a_record:
        paths.add(f"/api/v1/{route.resource}/{{slug}}/")
    found = [word["name"] for path in paths for word in questions.operations().get(path, [])]
    if route.is_page and not route.names_a_record:
        found += questions.words_of_forms(Reader().get(route.addresses()[0]).content.decode())
    return list(dict.fromkeys(found))


def address(route: Route, cast: Cast) -> str:
    row = next((row for row in cast.values() if route.is_of(row)), None)
    return route.addresses(row)[0]


def asked(cast: Cast, whole: bool) -> Iterator[tuple[Route, str]]:
    turn = count()
    for route in public_routes():
        place = address(route, cast)
        # The pages and files of a list have the words of the API's own.
        of_api = route.template.startswith("/api/") and "format" not in route.parameters
        many = (len(VALUES) if of_api else 9) if whole else 1
        for word in words(route):
            for value in _some(VALUES, next(turn), many):
                yield route, f"{place}?{word}={value}"
        for word in words(route) if whole else words(route)[:1]:
            for name in NAMES if whole else _some(NAMES, next(turn), 2):
                yield route, f"{place}?{name.format(word)}=1"
            yield route, f"{place}?{word}=1&{word}=1"
        for name in route.parameters:
            for value in VALUES if whole else _some(VALUES, next(turn), 10):
                yield route, _with(route, name, value, place)


def _some(found: list[str], turn: int, many: int) -> list[str]:
    """Others at each turn; after some turns each was taken."""
    return [found[(turn * many + i) % len(found)] for i in range(many)]


def _with(route: Route, name: str, value: str, place: str) -> str:
    """The address with this value as one of its parts."""
    parts = zip(route.template.split("/"), place.split("/"), strict=True)
    return "/".join(
        part.replace(f"<{name}>", value) if f"<{name}>" in part else own for part, own in parts
    )


@pytest.mark.parametrize(
    "whole", [False, pytest.param(True, marks=pytest.mark.full)], ids=["fast", "full"]
)
def test_no_value_at_any_address_breaks_anything(cast: Cast, whole: bool, trust: Trust) -> None:
    client = Reader(raise_request_exception=False)
    broken, held, number = [], [], 0

    for route, place in asked(cast, whole):
        number += 1
        status = client.get(place).status_code
        if status >= 500:
            broken.append(f"{status} {place[:200]}")
        takes_words = route.is_list or route.template.startswith("/api/")
        if (
            takes_words
            and status == 200
            and any(place.endswith(f"={value}") for value in UNHOLDABLE.values())
        ):
            held.append(place)

    assert broken == []
    assert "\n".join(held) == "", "what cannot be text was taken for some"
    assert number >= (20_000 if whole else 2_000)
    trust(9, f"{number:,} questions, none answered 5xx")


# The desk


def of_the_desk() -> list[Any]:
    return sorted(admin.site._registry.values(), key=lambda shown: shown.opts.label)


def words_of_links(html: str) -> list[str]:
    """The words that a list of the desk asks itself by: its search, its order, its filters."""
    found = re.findall(r"[?&;](\w+)=", html)
    return sorted({"q", "p", "all", "_to_field", "_popup", "no_such__word", *found})


def desk_questions(client: Client, whole: bool) -> Iterator[str]:
    turn = count()
    for shown in of_the_desk():
        place = reverse(f"admin:{shown.opts.app_label}_{shown.opts.model_name}_changelist")
        for word in words_of_links(client.get(place).content.decode()):
            for value in VALUES if whole else _some(VALUES, next(turn), 1):
                yield f"{place}?{word}={value}"
    for route in routes():
        if not route.is_public and route.parameters:
            for value in VALUES if whole else _some(VALUES, next(turn), 2):
                yield re.sub("<[^>]+>", lambda _part, value=value: value, route.template)


@pytest.mark.parametrize(
    "whole", [False, pytest.param(True, marks=pytest.mark.full)], ids=["fast", "full"]
)
def test_no_value_at_any_address_of_the_desk_breaks_anything(
    cast: Cast, whole: bool, trust: Trust
) -> None:
    client = signed_in()
    broken, number = [], 0

    for place in desk_questions(client, whole):
        number += 1
        status = client.get(place).status_code
        if status >= 500:
            broken.append(f"{status} {place[:200]}")

    assert broken == []
    trust(9, f"{number:,} questions at the desk, none answered 5xx")


@pytest.mark.parametrize(
    "whole", [False, pytest.param(True, marks=pytest.mark.full)], ids=["fast", "full"]
)
def test_no_value_in_any_form_breaks_anything(cast: Cast, whole: bool, trust: Trust) -> None:
    client, turn = signed_in(), count()
    adding = [
        reverse(f"admin:{shown.opts.app_label}_{shown.opts.model_name}_add")
        for shown in of_the_desk()
    ]
    forms = {"/admin/login/": ["username", "password", "next"]}
    for place in adding:
        page = client.get(place)
        if page.status_code == 200 and "adminform" in (page.context or ()):
            forms[place] = list(filled(client, place))
    broken, number = [], 0

    for place, names in forms.items():
        sender = Reader(raise_request_exception=False) if place == "/admin/login/" else client
        for value in VALUES if whole else _some(VALUES, next(turn), 1):
            # All boxes at once; then also those by which Django counts the rows of a form.
            for counted in (False, True) if whole else (next(turn) % 3 == 0,):
                number += 1
                sent = "&".join(
                    f"{name}={'0' if name.endswith('_FORMS') and not counted else value}"
                    for name in names
                )
                status = sender.post(
                    place, sent, content_type="application/x-www-form-urlencoded"
                ).status_code
                if status >= 500:
                    broken.append(f"{status} {place} {value[:60]}")

    assert broken == []
    assert len(forms) > 20
    trust(9, f"{number:,} forms sent, none answered 5xx")


def signed_in() -> Client:
    client = Reader(raise_request_exception=False)
    client.force_login(factories.staff())
    return client
