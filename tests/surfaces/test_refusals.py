"""What no list answers: each surface refuses the same questions, in the same words."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.surfaces.asking import (
    API,
    LISTS,
    PAGE,
    PAGED,
    Surface,
    content,
    errors_of,
    one_of_each_format,
    problems,
)
from tests.surfaces.cast import NOW, Cast, factory_of
from tradeinit.api import RESOURCES
from tradeinit.filters import (
    MAX_TEXT,
    MAX_VALUES,
    CodeFilter,
    DayFilter,
    InstantFilter,
    NumberFilter,
    Ordering,
    SearchFilter,
    SlugFilter,
    UpdatedSinceFilter,
    WordFilter,
)

pytestmark = pytest.mark.django_db

NO_INSTANTS = [
    "2023-01-04T17:00:00",
    "2023-02-30",
    "2023-1-4",
    "20230104",
    "2023-02-30T00:00:00Z",
    "0001-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59-23:59",
    "now",
]
# For each kind of filter: values that it cannot mean.
NONSENSE: dict[type, list[Any]] = {
    SlugFilter: ["no slug", "ünknown", "a/b", "x" * (MAX_TEXT + 1), ["a"] * (MAX_VALUES + 1)],
    WordFilter: ["\x00", "Tai\npei", "x" * (MAX_TEXT + 1)],
    NumberFilter: ["three", "-1", "1.5", "10000", "９"],
    CodeFilter: ["nonsense", "HELD", ["held", "nonsense"], "9" * 100],
    DayFilter: [
        "2023-13-45",
        "2023-02-30",
        "0000-01-01",
        "yesterday",
        "2023-01",
        "2023-1-4",
        "20230104",
        "２０２３-01-04",
        "14.1.2023",
    ],
    SearchFilter: ["\x00", "x" * (MAX_TEXT + 1)],
    UpdatedSinceFilter: NO_INSTANTS,
    InstantFilter: NO_INSTANTS,
    Ordering: ["nonsense", "--start", "pk", "?"],
}
# Words of every list that are no filters.
PAGING_NONSENSE = ["0", "-1", "1.5", "two", "", "99999999", "１", "1 "]


def kind_of(found: Any) -> type:
    return next(kind for kind in NONSENSE if isinstance(found, kind))


MEANINGLESS = [
    (resource, word, value)
    for resource, viewset in RESOURCES.items()
    for word, found in viewset.filterset_class.base_filters.items()
    # All values are tried on the rounds, where there is a filter of every kind.
    for value in NONSENSE[kind_of(found)][: None if resource == "rounds" else 1]
]


@pytest.mark.parametrize(
    ("resource", "word", "value"),
    MEANINGLESS,
    ids=[f"{resource}-{word}-{value!r:.20}" for resource, word, value in MEANINGLESS],
)
def test_a_value_that_a_word_cannot_mean_is_refused(
    client: Client, resource: str, word: str, value: Any
) -> None:
    found = RESOURCES[resource].filterset_class.base_filters[word]
    first = value == NONSENSE[kind_of(found)][0]
    asked = [API, PAGE] if resource == "rounds" and first else [API]

    answers = [(surface, surface.ask(client, resource, **{word: value})) for surface in asked]

    assert [response.status_code for _, response in answers] == [400] * len(asked)
    errors = [errors_of(surface, response) for surface, response in answers]
    assert [name for name, _ in errors[0]] == [word]
    assert errors == [errors[0]] * len(asked)


@pytest.mark.parametrize(
    ("resource", "surface"),
    [(resource, surface) for resource in RESOURCES for surface in one_of_each_format(resource)],
    ids=str,
)
def test_every_surface_refuses_what_no_list_answers(
    client: Client, resource: str, surface: Surface
) -> None:
    questions: list[dict[str, Any]] = [
        {"stauts": "held"},
        {"updated_since": "2023-01-04T17:00:00"},
        {"updated_since": "\x1c"},
        {"page": "x"},
        {"fields": "nonsense"},
        {"expand": "nonsense"},
        {"cursor": "nonsense"},
    ]
    if resource == "rounds":
        # What is refused before the list is known is refused alike for all.
        questions += [
            {"initiative__title__regex": "(a+)+$"},
            {"id": "1"},
            {"": "1"},
            {"ordering": ["nonsense"]},
            {"ordering": ["start,,city"]},
            {"fields": "uid,"},
            {"expand": ","},
            {"updated_since": ["2023-01-04T17:00:00Z", "2023-01-05T17:00:00Z"]},
            {"page": ["1", "2"]},
            {"page_size": "0"},
            {"fields": ""},
            {"fields": ["uid", "slug"]},
            {"cursor": ["", ""]},
            {"on": "2023-01"},
            {"known": "2023-02-30"},
        ]

    refused = []
    for question in questions:
        response = surface.ask(client, resource, **question)
        refused.append((response.status_code, [name for name, _ in errors_of(surface, response)]))

    assert refused == [(400, list(question)) for question in questions]


@pytest.mark.parametrize("word", ["page", "page_size"])
@pytest.mark.parametrize("value", PAGING_NONSENSE)
def test_numbers_of_pages_are_whole_numbers_from_one(client: Client, word: str, value: str) -> None:
    surfaces = one_of_each_format("rounds") if value == PAGING_NONSENSE[0] else [API]

    for surface in surfaces:
        response = surface.ask(client, "rounds", **{word: value})
        assert response.status_code == 400
        assert errors_of(surface, response) == [
            (word, "Enter a whole number from 1, of at most 7 digits.")
        ]


SINGLE = [
    (resource, word)
    for resource, viewset in RESOURCES.items()
    for word, found in viewset.filterset_class.base_filters.items()
    if isinstance(found, DayFilter | SearchFilter | UpdatedSinceFilter | InstantFilter | Ordering)
]


@pytest.mark.parametrize(("resource", "word"), SINGLE)
def test_a_word_of_one_value_is_refused_when_given_twice(
    client: Client, resource: str, word: str
) -> None:
    asked = [API, PAGE] if resource in PAGED else [API]
    value = "" if word == "ordering" else "2023-01-04"

    errors = [
        errors_of(surface, surface.ask(client, resource, **{word: [value, value]}))
        for surface in asked
    ]

    assert errors == [[(word, "Give this word once.")]] * len(asked)


def test_a_misspelt_word_is_answered_with_the_near_ones(client: Client) -> None:
    response = client.get("/api/v1/rounds/?stauts=held")

    assert response.status_code == 400
    assert problems(response) == [("stauts", "Unknown word “stauts”. Did you mean “state”?")]


def test_a_word_like_no_other_is_answered_with_all(client: Client) -> None:
    response = client.get("/api/v1/people/?zzz=1")

    assert problems(response) == [
        (
            "zzz",
            "Unknown word “zzz”. Known are: updated_since, on, known, q, initiative, party, "
            "organization, role, ordering, page, page_size, cursor, format, fields, expand.",
        )
    ]


def test_a_page_shows_the_form_with_its_error(client: Client, cast: Cast) -> None:
    response = client.get("/rounds/?start_after=2023-13-45&city=Taipei")

    assert response.status_code == 400
    assert response["Content-Type"] == "text/html; charset=utf-8"
    assert errors_of(PAGE, response) == [
        ("start_after", "Enter a day as year-month-day, such as 2023-01-14.")
    ]
    form = response.context_data["filterset"].form
    assert form["start_after"].errors == ["Enter a day as year-month-day, such as 2023-01-14."]
    assert 'value="2023-13-45"' in str(form["start_after"])
    assert re.search(r'value="Taipei"\s+checked', str(form["city"]))


def test_an_unknown_format_is_refused_by_word_and_not_found_by_suffix(client: Client) -> None:
    for address in ("/api/v1/rounds/?format=pdf", "/rounds/?format=pdf"):
        response = client.get(address)
        assert response.status_code == 400
        assert problems(response) == [
            ("format", "No such format here. There are: json, csv, ndjson, xlsx, atom, ics.")
        ]

    for address in ("/api/v1/rounds.pdf", "/rounds.pdf"):
        assert client.get(address).status_code == 404


def test_a_word_that_contradicts_the_suffix_is_refused(client: Client) -> None:
    for address in ("/api/v1/rounds.csv?format=json", "/rounds.json?format=csv"):
        response = client.get(address)
        assert response.status_code == 400
        assert problems(response) == [("format", "The address names another format already.")]

    assert client.get("/rounds.csv?format=csv").status_code == 200


@pytest.mark.parametrize("resource", LISTS)
def test_one_record_answers_no_questions(client: Client, cast: Cast, resource: str) -> None:
    row = next(row for row in cast.values() if row.resource == resource)

    response = client.get(f"{row.api_url}?q=talks")

    assert response.status_code == 400
    assert problems(response) == [
        ("q", "Unknown word “q”. Known are: on, known, version, format, fields, expand.")
    ]
    assert client.get(f"{row.api_url}?format=json").status_code == 200
    assert client.get(f"{row.api_url}?format=csv").status_code == 400


@pytest.mark.parametrize("resource", LISTS)
def test_a_slug_that_is_hidden_answers_as_one_that_is_unknown(
    client: Client, cast: Cast, resource: str
) -> None:
    words = {
        word: found.records.model
        for word, found in RESOURCES[resource].filterset_class.base_filters.items()
        if isinstance(found, SlugFilter)
    }

    def ask() -> dict[tuple[str, str], tuple[int, dict[str, str], bytes]]:
        responses = {
            (word, surface.name): surface.ask(client, resource, **{word: f"not-out-{word}"})
            for word in words
            for surface in ([API, PAGE] if resource in PAGED else [API])
        }
        return {
            asked: (found.status_code, dict(found.headers), content(found))
            for asked, found in responses.items()
        }

    unknown = ask()
    for word, model in words.items():
        parents = {name: cast[f"alpha {name}"] for name in model.parents}
        soon = NOW + timedelta(seconds=1)
        factory_of(model)(slug=f"not-out-{word}", public_from=soon, **parents)

    assert ask() == unknown
    assert {status for status, _, _ in unknown.values()} <= {200}
