"""Every list answers the same question with the same rows, whatever the format."""

import json
from datetime import date, timedelta

import pytest
from django.test import Client

from tests import factories
from tests.surfaces.asking import (
    API,
    LISTS,
    PAGED,
    named,
    names_in,
    of_json,
    one_of_each_format,
    surfaces,
)
from tests.surfaces.cast import Cast
from tradeinit.api import RESOURCES
from tradeinit.filters import Question
from tradeinit.publication.gate import writing

STATEMENTS = [
    *("alpha phase", "alpha status", "alpha progress"),
    *("beta phase", "beta status", "beta progress"),
]
# For every word of every list: what is asked, and which of the cast answer to it.
ANSWERS: dict[str, dict[str, dict[str, list[str]]]] = {
    "initiatives": {
        "q": {"alpha initiative": ["alpha initiative"], "BETA": ["beta initiative"]},
        "kind": {"bilateral": ["alpha initiative"], "plurilateral": ["beta initiative"]},
        "phase": {"negotiating": ["alpha initiative"], "paused": ["beta initiative"]},
        "party": {"alpha-party": ["alpha initiative"], "beta-party": ["beta initiative"]},
        "ordering": {
            "title": ["alpha initiative", "beta initiative"],
            "-title": ["beta initiative", "alpha initiative"],
        },
    },
    "initiative-parties": {
        "q": {"alpha": ["alpha seat"], "party beta": ["beta seat"]},
        "initiative": {"alpha-initiative": ["alpha seat"], "beta-initiative": ["beta seat"]},
        "party": {"alpha-party": ["alpha seat"], "beta-party": ["beta seat"]},
        "role": {"negotiating": ["alpha seat"], "observer": ["beta seat"]},
        "ordering": {
            "joined_on": ["alpha seat", "beta seat"],
            "-joined_on": ["beta seat", "alpha seat"],
        },
    },
    "representations": {
        "q": {"alpha": ["alpha representation"], "BETA": ["beta representation"]},
        "initiative": {
            "alpha-initiative": ["alpha representation"],
            "beta-initiative": ["beta representation"],
        },
        "party": {"alpha-party": ["alpha representation"], "beta-party": ["beta representation"]},
        "organization": {
            "alpha-office": ["alpha representation"],
            "beta-office": ["beta representation"],
        },
        "capacity": {
            "auspices": ["alpha representation"],
            "lead_agency": ["beta representation"],
        },
        "ordering": {
            "capacity": ["alpha representation", "beta representation"],
            "-capacity": ["beta representation", "alpha representation"],
        },
    },
    "mandates": {
        "q": {"alpha": ["alpha mandate"], "mandate beta": ["beta mandate"]},
        "initiative": {"alpha-initiative": ["alpha mandate"], "beta-initiative": ["beta mandate"]},
        "ordering": {
            "announced_on": ["alpha mandate", "beta mandate"],
            "-announced_on": ["beta mandate", "alpha mandate"],
            "title": ["alpha mandate", "beta mandate"],
            "-title": ["beta mandate", "alpha mandate"],
        },
    },
    "chapters": {
        "q": {"alpha": ["alpha chapter"], "beta": ["beta chapter"]},
        "initiative": {"alpha-initiative": ["alpha chapter"], "beta-initiative": ["beta chapter"]},
        "mandate": {"alpha-mandate": ["alpha chapter"], "beta-mandate": ["beta chapter"]},
        "status": {"conceptual": ["alpha chapter"], "text_tabled": ["beta chapter"]},
        "status_on": {"2022-06-02": ["alpha chapter", "beta chapter"]},
        "ordering": {
            "order": ["alpha chapter", "beta chapter"],
            "-order": ["beta chapter", "alpha chapter"],
            "name": ["alpha chapter", "beta chapter"],
            "-name": ["beta chapter", "alpha chapter"],
        },
    },
    "parties": {
        "q": {"alpha": ["alpha bloc", "alpha party"], "beta party": ["beta party"]},
        "kind": {"state": ["alpha party"], "customs_territory": ["beta party"]},
        "member_of": {"alpha-bloc": ["alpha party"], "beta-bloc": ["beta party"]},
        "ordering": {
            "name": ["alpha bloc", "alpha party", "beta bloc", "beta party"],
            "-name": ["beta party", "beta bloc", "alpha party", "alpha bloc"],
        },
    },
    "organizations": {
        "q": {"alpha": ["alpha office"], "beta": ["beta office"]},
        "kind": {"ministry": ["alpha office"], "agency": ["beta office"]},
        "party": {"alpha-party": ["alpha office"], "beta-party": ["beta office"]},
        "ordering": {
            "name": ["alpha office", "beta office"],
            "-name": ["beta office", "alpha office"],
            "abbreviation": ["alpha office", "beta office"],
            "-abbreviation": ["beta office", "alpha office"],
        },
    },
    "documents": {
        "q": {"alpha": ["alpha document"], "beta": ["beta document"]},
        "initiative": {
            "alpha-initiative": ["alpha document"],
            "beta-initiative": ["beta document"],
        },
        "chapter": {"alpha-chapter": ["alpha document"], "beta-chapter": ["beta document"]},
        "kind": {"press_release": ["alpha document"], "mandate": ["beta document"]},
        "publisher": {"alpha-office": ["alpha document"], "beta-office": ["beta document"]},
        "language": {"en": ["alpha document"], "zh-hant": ["beta document"]},
        "withheld": {"false": ["alpha document"], "true": ["beta document"]},
        "dated_after": {"2022-06-02": ["beta document"], "2023-01-14": ["beta document"]},
        "dated_before": {"2022-06-01": ["alpha document"], "2023-01-13": ["alpha document"]},
        "ordering": {
            "dated": ["alpha document", "beta document"],
            "-dated": ["beta document", "alpha document"],
            "title": ["alpha document", "beta document"],
            "-title": ["beta document", "alpha document"],
        },
    },
    "agreements": {
        "q": {"alpha": ["alpha agreement"], "agreement beta": ["beta agreement"]},
        "initiative": {
            "alpha-initiative": ["alpha agreement"],
            "beta-initiative": ["beta agreement"],
        },
        "status": {"drafting": ["alpha agreement"], "signed": ["beta agreement"]},
        "ordering": {
            "ordinal": ["alpha agreement", "beta agreement"],
            "-ordinal": ["beta agreement", "alpha agreement"],
            "title": ["alpha agreement", "beta agreement"],
            "-title": ["beta agreement", "alpha agreement"],
        },
    },
    "lineage": {
        "q": {"alpha": ["alpha lineage"], "beta": ["beta lineage"]},
        "initiative": {"alpha-initiative": ["alpha lineage"], "beta-initiative": ["beta lineage"]},
        "kind": {"added": ["alpha lineage"], "deferred": ["beta lineage"]},
        "ordering": {
            "on": ["alpha lineage", "beta lineage"],
            "-on": ["beta lineage", "alpha lineage"],
        },
    },
    "statements": {
        "q": {"alpha": ["alpha phase"], "phase beta": ["beta phase"]},
        "initiative": {
            "alpha-initiative": ["alpha progress", "alpha status", "alpha phase"],
            "beta-initiative": ["beta progress", "beta status", "beta phase"],
        },
        "agreement": {"alpha-agreement": ["alpha progress"], "beta-agreement": ["beta progress"]},
        "chapter": {"alpha-chapter": ["alpha status"], "beta-chapter": ["beta status"]},
        "value": {"negotiating": ["alpha phase"], "text_tabled": ["beta status"]},
        "claimed_by": {"alpha-party": ["alpha phase"], "beta-party": ["beta phase"]},
        "effective_after": {
            "2022-06-04": ["beta progress", "beta status", "beta phase"],
            "2023-01-15": ["beta progress", "beta status"],
        },
        "effective_before": {
            "2022-06-01": ["alpha phase"],
            "2023-01-13": ["alpha progress", "alpha status", "alpha phase"],
        },
        "ordering": {
            "effective_on": STATEMENTS,
            "-effective_on": STATEMENTS[::-1],
            "disclosed_on": STATEMENTS,
            "-disclosed_on": STATEMENTS[::-1],
        },
    },
    "rounds": {
        "q": {"alpha": ["alpha round"], "beta": ["beta round"]},
        "initiative": {"alpha-initiative": ["alpha round"], "beta-initiative": ["beta round"]},
        "party": {"alpha-party": ["alpha round"], "beta-party": ["beta round"]},
        "chapter": {"alpha-chapter": ["alpha round"], "beta-chapter": ["beta round"]},
        "kind": {"full_round": ["alpha round"], "ministerial": ["beta round"]},
        "mode": {"in_person": ["alpha round"], "virtual": ["beta round"]},
        "press_access": {"closed": ["alpha round"], "open": ["beta round"]},
        "state": {"held": ["alpha round"], "announced": ["beta round"]},
        "city": {"taipei": ["alpha round"], "New York": ["beta round"]},
        "country": {"Taiwan": ["alpha round"], "united states": ["beta round"]},
        "person": {"alpha-person": ["alpha round"], "beta-person": ["beta round"]},
        "organization": {"alpha-office": ["alpha round"], "beta-office": ["beta round"]},
        "number": {"1": ["alpha round"], "2": ["beta round"]},
        "start_after": {"2022-06-02": ["beta round"], "2023-01-14": ["beta round"]},
        "start_before": {"2022-06-01": ["alpha round"], "2023-01-13": ["alpha round"]},
        "ordering": {
            "start": ["alpha round", "beta round"],
            "-start": ["beta round", "alpha round"],
            "end": ["alpha round", "beta round"],
            "-end": ["beta round", "alpha round"],
            "number": ["alpha round", "beta round"],
            "-number": ["beta round", "alpha round"],
            "label": ["alpha round", "beta round"],
            "-label": ["beta round", "alpha round"],
        },
    },
    "sessions": {
        "q": {"alpha": ["alpha session"], "session beta": ["beta session"]},
        "initiative": {"alpha-initiative": ["alpha session"], "beta-initiative": ["beta session"]},
        "round": {"alpha-round": ["alpha session"], "beta-round": ["beta session"]},
        "chapter": {"alpha-chapter": ["alpha session"], "beta-chapter": ["beta session"]},
        "kind": {"plenary": ["alpha session"], "press": ["beta session"]},
        "starts_after": {"2022-06-02": ["beta session"], "2023-01-14": ["beta session"]},
        "starts_before": {"2022-06-01": ["alpha session"], "2023-01-13": ["alpha session"]},
        "ordering": {
            "starts": ["alpha session", "beta session"],
            "-starts": ["beta session", "alpha session"],
            "round": ["alpha session", "beta session"],
            "-round": ["beta session", "alpha session"],
        },
    },
    "tablings": {
        "q": {"alpha": ["alpha tabling"], "document beta": ["beta tabling"]},
        "initiative": {"alpha-initiative": ["alpha tabling"], "beta-initiative": ["beta tabling"]},
        "chapter": {"alpha-chapter": ["alpha tabling"], "beta-chapter": ["beta tabling"]},
        "party": {"alpha-party": ["alpha tabling"], "beta-party": ["beta tabling"]},
        "act": {"proposal": ["alpha tabling"], "offer": ["beta tabling"]},
        "ordering": {
            "on": ["alpha tabling", "beta tabling"],
            "-on": ["beta tabling", "alpha tabling"],
        },
    },
    "undertakings": {
        "q": {"alpha": ["alpha undertaking"], "undertaking beta": ["beta undertaking"]},
        "initiative": {
            "alpha-initiative": ["alpha undertaking"],
            "beta-initiative": ["beta undertaking"],
        },
        "round": {"alpha-round": ["alpha undertaking"], "beta-round": ["beta undertaking"]},
        "open": {"false": ["alpha undertaking"], "true": ["beta undertaking"]},
        "ordering": {
            "expected_from": ["alpha undertaking", "beta undertaking"],
            "-expected_from": ["beta undertaking", "alpha undertaking"],
        },
    },
    "outcomes": {
        "q": {"alpha": ["alpha outcome"], "beta": ["beta outcome"]},
        "initiative": {"alpha-initiative": ["alpha outcome"], "beta-initiative": ["beta outcome"]},
        "round": {"alpha-round": ["alpha outcome"], "beta-round": ["beta outcome"]},
        "chapter": {"alpha-chapter": ["alpha outcome"], "beta-chapter": ["beta outcome"]},
        "result": {"discussed": ["alpha outcome"], "blocked": ["beta outcome"]},
        "ordering": {
            "round": ["alpha outcome", "beta outcome"],
            "-round": ["beta outcome", "alpha outcome"],
            "chapter": ["alpha outcome", "beta outcome"],
            "-chapter": ["beta outcome", "alpha outcome"],
        },
    },
    "participations": {
        "q": {"alpha": ["alpha participation"], "beta": ["beta participation"]},
        "initiative": {
            "alpha-initiative": ["alpha participation"],
            "beta-initiative": ["beta participation"],
        },
        "round": {"alpha-round": ["alpha participation"], "beta-round": ["beta participation"]},
        "party": {"alpha-party": ["alpha participation"], "beta-party": ["beta participation"]},
        "person": {"alpha-person": ["alpha participation"], "beta-person": ["beta participation"]},
        "organization": {
            "alpha-office": ["alpha participation"],
            "beta-office": ["beta participation"],
        },
        "role": {"head": ["alpha participation"], "co_head": ["beta participation"]},
        "ordering": {
            "round": ["alpha participation", "beta participation"],
            "-round": ["beta participation", "alpha participation"],
            "order": ["alpha participation", "beta participation"],
            "-order": ["beta participation", "alpha participation"],
        },
    },
    "people": {
        "q": {"alpha": ["alpha person"], "beta": ["beta person"]},
        "initiative": {"alpha-initiative": ["alpha person"], "beta-initiative": ["beta person"]},
        "party": {"alpha-party": ["alpha person"], "beta-party": ["beta person"]},
        "organization": {"alpha-office": ["alpha person"], "beta-office": ["beta person"]},
        "role": {"head": ["alpha person"], "co_head": ["beta person"]},
        "ordering": {
            "name": ["alpha person", "beta person"],
            "-name": ["beta person", "alpha person"],
        },
    },
}
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
def test_a_question_has_the_same_answer_in_every_format(
    client: Client, cast: Cast, resource: str, word: str, value: str, expected: list[str]
) -> None:
    asked = one_of_each_format(resource)
    if value != next(iter(ANSWERS[resource][word])):
        asked = asked[:1]

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
@pytest.mark.parametrize("question", [{}, {"ordering": "last"}], ids=["no question", "an order"])
def test_word_and_suffix_of_pages_and_of_the_api_lead_to_the_same_rows_in_the_same_order(
    client: Client, cast: Cast, resource: str, question: dict[str, str]
) -> None:
    model = RESOURCES[resource].model()
    there = sorted(name for name, row in cast.items() if isinstance(row, model))
    if question:
        question = {"ordering": list(ANSWERS[resource]["ordering"])[-1]}

    answers = [
        named(cast, surface.read(surface.ask(client, resource, **question)))
        for surface in surfaces(resource)
    ]

    assert sorted(answers[0]) == there
    assert answers == [answers[0]] * len(answers)


@pytest.mark.parametrize("resource", LISTS)
@pytest.mark.parametrize("instant", ["2023-01-15T00:00:00Z", "2023-02-01T17:00:00+08:00"])
def test_updated_since_answers_what_was_told_from_that_instant_on(
    client: Client, cast: Cast, resource: str, instant: str
) -> None:
    model = RESOURCES[resource].model()
    told_since = sorted(
        name for name, row in cast.items() if isinstance(row, model) and name.startswith("beta")
    )

    answers = [
        sorted(named(cast, surface.read(surface.ask(client, resource, updated_since=instant))))
        for surface in one_of_each_format(resource)
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
