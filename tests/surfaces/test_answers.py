"""Every list answers the same question with the same rows, whatever the format."""

import json
from datetime import date, timedelta

import pytest
from django.test import Client

from tests import factories
from tests.surfaces.asking import (
    API,
    LISTS,
    PAGE,
    PAGED,
    named,
    names_in,
    of_json,
    one_of_each_format,
    surfaces,
)
from tests.surfaces.cast import Cast
from tests.surfaces.questions import ANSWERS
from tradeinit.api import RESOURCES
from tradeinit.filters import Question
from tradeinit.publication.gate import writing

QUESTIONS = [
    (resource, word, value, expected)
    for resource, words in ANSWERS.items()
    for word, values in words.items()
    for value, expected in values.items()
]
# Words that may be repeated, each with two values: "or".
REPEATED = [
    (resource, name, list(ANSWERS[resource][name].items()))
    for resource in LISTS
    for name, found in RESOURCES[resource].filterset_class.base_filters.items()
    if isinstance(found, Question)
]

pytestmark = pytest.mark.django_db


def test_every_word_of_every_list_is_asked_in_these_tests() -> None:
    words = {
        (resource, word)
        for resource in LISTS
        for word in RESOURCES[resource].filterset_class.base_filters
        # The same of every list: the first is asked of each below, the clocks in test_clocks.py.
        if word not in ("updated_since", "on", "known")
    }

    asked = {(resource, word) for resource, words in ANSWERS.items() for word in words}

    assert asked == words


def test_every_offered_order_is_asked_for_both_ways_round() -> None:
    offered = {
        (resource, sign + word)
        for resource in LISTS
        for word in RESOURCES[resource].filterset_class.base_filters["ordering"].param_map
        for sign in ("", "-")
    }

    asked = {(resource, word) for resource in ANSWERS for word in ANSWERS[resource]["ordering"]}

    assert asked == offered


@pytest.mark.parametrize(("resource", "word", "value", "expected"), QUESTIONS)
def test_a_question_has_the_same_answer_on_every_surface(
    client: Client, cast: Cast, resource: str, word: str, value: str, expected: list[str]
) -> None:
    # A page costs the most: of the two values of a word it is asked one. The files ask as the API
    # does: they are asked one word of each list.
    words = ANSWERS[resource]
    asked = [API]
    if value == next(iter(words[word])):
        asked = [API, PAGE] if resource in PAGED else [API]
        if word == next(iter(words)):
            asked = one_of_each_format(resource)

    answers = {
        surface.name: named(cast, surface.read(surface.ask(client, resource, **{word: value})))
        for surface in asked
    }

    assert answers == {surface.name: expected for surface in asked}


@pytest.mark.parametrize(("resource", "word", "values"), REPEATED)
def test_a_word_given_twice_means_or_and_names_no_row_twice(
    client: Client,
    cast: Cast,
    resource: str,
    word: str,
    values: list[tuple[str, list[str]]],
) -> None:
    either = [value for value, _ in values]

    answer = names_in(cast, client, resource, **{word: either})

    assert sorted(answer) == sorted({name for _, names in values for name in names})


def test_a_row_that_answers_twice_is_named_once(client: Client, cast: Cast) -> None:
    parties = [cast["alpha party"], cast["beta party"]]
    with writing(reason="Both blocs have both members."):
        for bloc in (cast["alpha bloc"], cast["beta bloc"]):
            bloc.members.set(parties)
        cast["alpha document"].chapters.set([cast["alpha chapter"], cast["beta chapter"]])

    answers = [
        names_in(cast, client, "parties", member_of=["alpha-bloc", "beta-bloc"]),
        names_in(cast, client, "documents", chapter=["alpha-chapter", "beta-chapter"]),
    ]

    assert answers == [["alpha party", "beta party"], ["beta document", "alpha document"]]


@pytest.mark.parametrize("resource", LISTS)
def test_word_and_suffix_of_pages_and_of_the_api_lead_to_the_same_rows_in_the_same_order(
    client: Client, cast: Cast, resource: str
) -> None:
    model = RESOURCES[resource].model()
    there = sorted(name for name, row in cast.items() if isinstance(row, model))
    question = {"ordering": list(ANSWERS[resource]["ordering"])[-1]}

    answers = [
        named(cast, surface.read(surface.ask(client, resource, **question)))
        for surface in surfaces(resource)
    ]

    assert sorted(answers[0]) == there
    assert answers == [answers[0]] * len(answers)


@pytest.mark.parametrize("resource", LISTS)
def test_updated_since_answers_what_was_told_from_that_instant_on(
    client: Client, cast: Cast, resource: str
) -> None:
    model = RESOURCES[resource].model()
    told_since = sorted(
        name for name, row in cast.items() if isinstance(row, model) and name.startswith("beta")
    )
    asked = [
        *((surface, "2023-01-15T00:00:00Z") for surface in one_of_each_format(resource)),
        # The very instant, in the time of another zone.
        (API, "2023-02-01T17:00:00+08:00"),
    ]

    answers = [
        sorted(named(cast, surface.read(surface.ask(client, resource, updated_since=instant))))
        for surface, instant in asked
    ]

    assert answers == [told_since] * len(answers)


@pytest.mark.parametrize("resource", LISTS)
def test_every_order_ends_in_the_primary_key(cast: Cast, resource: str) -> None:
    listing = RESOURCES[resource]
    words = ["", *ANSWERS[resource]["ordering"]]

    ends = {}
    for word in words:
        filterset = listing.filterset_class({"ordering": word}, queryset=listing.queryset.all())
        rows = filterset.qs
        ends[word] = (rows.query.order_by or rows.model._meta.ordering)[-1]

    assert ends == dict.fromkeys(words, "pk")


def test_rows_without_a_day_come_last_whichever_way_round(client: Client, cast: Cast) -> None:
    cast = cast | {"undated": factories.round(label="undated", start=None, end=None)}

    assert [
        names_in(cast, client, "rounds", ordering=word) for word in ("start", "-start", "")
    ] == [
        ["alpha round", "beta round", "undated"],
        ["beta round", "alpha round", "undated"],
        ["beta round", "alpha round", "undated"],
    ]


def test_two_words_are_both_to_be_met(client: Client, cast: Cast) -> None:
    assert names_in(cast, client, "rounds", city="Taipei", mode="in_person") == ["alpha round"]
    assert names_in(cast, client, "rounds", city="Taipei", mode="virtual") == []


def test_every_word_of_a_search_is_to_be_found_somewhere(client: Client, cast: Cast) -> None:
    factories.edit(cast["alpha round"], summary="Talks of 100% interest, behind closed_doors.")

    found = {
        text: names_in(cast, client, "rounds", q=text)
        for text in ("interest ALPHA", "interest beta", "100% interest", "0_ interest", "%")
    }

    assert found == {
        "interest ALPHA": ["alpha round"],
        "interest beta": [],
        "100% interest": ["alpha round"],
        "0_ interest": [],
        "%": ["alpha round"],
    }


# A period, and the first and last day asked about that lie in it.
PERIODS = [
    ("day", "2022-09-05", "2022-09-05", "2022-09-05"),
    ("week", "2022-09-05", "2022-09-05", "2022-09-11"),
    ("week", "2022-09-04", "2022-09-04", "2022-09-10"),
    ("month", "2022-09-01", "2022-09-01", "2022-09-30"),
    ("quarter", "2022-07-01", "2022-07-01", "2022-09-30"),
    ("year", "2022-01-01", "2022-01-01", "2022-12-31"),
]


@pytest.mark.parametrize(("precision", "stored", "first", "last"), PERIODS)
def test_an_imprecise_day_answers_to_every_day_of_its_period(
    client: Client, precision: str, stored: str, first: str, last: str
) -> None:
    day = date.fromisoformat(stored)
    case = factories.initiative(slug="vague")
    vague: Cast = {
        "round": factories.round(initiative=case, start=day, end=None, precision=precision),
        "statement": factories.statement(initiative=case, effective_on=day, precision=precision),
    }
    before, after = (
        (date.fromisoformat(first) - timedelta(days=1)).isoformat(),
        (date.fromisoformat(last) + timedelta(days=1)).isoformat(),
    )

    for resource, word, name in (
        ("rounds", "start", "round"),
        ("statements", "effective", "statement"),
    ):
        answers = [
            names_in(vague, client, resource, **{"initiative": "vague", f"{word}_{side}": day})
            for side, day in [
                ("after", first),
                ("after", last),
                ("after", after),
                ("before", before),
                ("before", first),
                ("before", last),
            ]
        ]
        assert answers == [[name], [name], [], [], [name], [name]]


def test_nobody_is_found_by_a_seat_that_does_not_name_them(client: Client, cast: Cast) -> None:
    shy = factories.person(name="shy person", slug="shy-person")
    round = cast["alpha round"]
    factories.participation(
        round=round, initiative_party=cast["alpha seat"], person=shy, role="adviser"
    )
    everybody = cast | {"shy person": shy}

    answers = [
        names_in(everybody, client, "rounds", person="shy-person"),
        names_in(everybody, client, "participations", person="shy-person"),
        names_in(everybody, client, "people", party="alpha-party"),
        names_in(everybody, client, "people", role="adviser"),
    ]

    assert answers == [[], [], ["alpha person"], []]


def test_a_disputed_phase_is_found_under_each_claim(client: Client, cast: Cast) -> None:
    other = factories.initiative_party(initiative=cast["alpha initiative"])
    factories.statement(
        initiative=cast["alpha initiative"],
        value="paused",
        effective_on=date(2022, 12, 1),
        claimed_by=other,
    )

    found = [
        names_in(cast, client, "initiatives", phase=code) for code in ("negotiating", "paused")
    ]

    assert found == [["alpha initiative"], ["alpha initiative", "beta initiative"]]


@pytest.mark.parametrize("resource", RESOURCES)
def test_a_walk_with_a_cursor_meets_every_row_of_a_list_once(
    client: Client, cast: Cast, resource: str
) -> None:
    whole = json.loads(API.ask(client, resource, page_size=200).content)["results"]

    seen = []
    following = f"/api/v1/{resource}/?cursor=&page_size=1"
    while following:
        page = json.loads(client.get(following).content)
        seen += page["results"]
        following = page["next"]

    assert sorted(map(json.dumps, seen)) == sorted(map(json.dumps, whole))


@pytest.mark.parametrize("resource", PAGED)
def test_a_page_walks_with_a_cursor_as_the_api_does(
    client: Client, cast: Cast, resource: str
) -> None:
    api = of_json(API.ask(client, resource, cursor="", page_size=1))

    page = client.get(f"/{resource}/?cursor=&page_size=1").context_data["page"]

    assert [str(row.uid) for row in page.rows] == api
    assert page.previous is None
