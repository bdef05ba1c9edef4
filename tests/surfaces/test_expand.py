"""``expand=``: the records themselves where a body has their keys."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests import factories
from tests.surfaces.asking import LISTS, NDJSON, ndjson_rows, problems
from tests.surfaces.cast import NOW, Cast
from tradeinit import clock
from tradeinit.api import RESOURCES
from tradeinit.publication.gate import writing

pytestmark = pytest.mark.django_db

# What each list can embed.
EXPANDABLE = {
    "initiatives": "agreements chapters lineage mandates parties statements succeeds",
    "initiative-parties": "initiative party representation",
    "representations": "initiative on_behalf_of organization party",
    "mandates": "initiative issuer supersedes",
    "chapters": "initiative mandate",
    "parties": "members",
    "organizations": "parent party",
    "documents": "chapters initiative originators publisher",
    "lineage": "from_chapters initiative to_chapters",
    "agreements": "chapters initiative",
    "statements": "claimed_by corrects initiative",
    "rounds": "host initiative outcomes participations replaces sessions undertakings",
    "sessions": "chapters initiative round",
    "outcomes": "chapter initiative round statement",
    "participations": "initiative organization party person round",
    "tablings": "chapter document initiative party round session",
    "undertakings": "initiative met_by round",
    "people": "",
}


def answer(client: Client, address: str) -> Any:
    response = client.get(address)
    assert response.status_code == 200, response.content
    return json.loads(response.content)


def rows(client: Client, address: str) -> list[dict[str, Any]]:
    return answer(client, address)["results"]


def alone(client: Client, row: Any) -> dict[str, Any]:
    """The record as its own list answers it."""
    found = rows(client, f"/api/v1/{row.resource}/?page_size=200")
    return next(answer for answer in found if answer["uid"] == str(row.uid))


@pytest.mark.parametrize("resource", LISTS)
def test_every_column_that_names_a_record_can_be_expanded(resource: str) -> None:
    assert RESOURCES[resource].expandable() == EXPANDABLE[resource].split()


@pytest.mark.parametrize("resource", LISTS)
def test_an_expanded_record_is_the_record_as_its_own_list_answers_it(
    client: Client, cast: Cast, resource: str
) -> None:
    columns = RESOURCES[resource].serializer_class.expandable()
    everything = ",".join(columns)
    plain = rows(client, f"/api/v1/{resource}/")
    by_key = {
        record["slug"] or record["uid"]: record
        for model in columns.values()
        for record in rows(client, f"/api/v1/{model.resource}/?page_size=200")
    }

    def put_in(value: Any) -> Any:
        if isinstance(value, list):
            return [by_key[key] for key in value]
        return value and by_key[value]

    expected = [
        {name: put_in(value) if name in columns else value for name, value in row.items()}
        for row in plain
    ]

    assert rows(client, f"/api/v1/{resource}/?expand={everything}") == expected
    assert ndjson_rows(NDJSON.ask(client, resource, expand=everything)) == expected


def test_one_that_is_named_is_embedded_and_the_others_keep_their_keys(
    client: Client, cast: Cast
) -> None:
    (told,) = rows(client, "/api/v1/tablings/?initiative=alpha-initiative&expand=session")

    assert told["session"]["uid"] == str(cast["alpha session"].uid)
    assert told["session"]["round"] == "alpha-round"
    assert (told["document"], told["round"]) == ("alpha-document", "alpha-round")


def test_many_are_embedded_in_their_order(client: Client, cast: Cast) -> None:
    with clock.at(NOW), writing(reason="Two chapters."):
        cast["alpha document"].chapters.set([cast["alpha chapter"], cast["beta chapter"]])

    (told,) = rows(client, "/api/v1/documents/?chapter=alpha-chapter&expand=chapters")

    assert [(row["slug"], row["status"]) for row in told["chapters"]] == [
        ("alpha-chapter", "conceptual"),
        ("beta-chapter", "text_tabled"),
    ]


def test_what_names_nothing_stays_empty(client: Client, cast: Cast) -> None:
    (told,) = rows(client, "/api/v1/outcomes/?round=alpha-round&expand=statement")

    assert told["statement"] is None


def test_children_are_embedded_in_lists_only_when_they_are_asked_for(
    client: Client, cast: Cast
) -> None:
    children = ["sessions", "outcomes", "participations", "undertakings"]
    without = rows(client, "/api/v1/rounds/?number=1")[0]
    (told,) = rows(client, "/api/v1/rounds/?number=1&expand=outcomes,undertakings")
    detail = answer(client, "/api/v1/rounds/alpha-round/")

    assert set(without).isdisjoint(children)
    assert [name for name in told if name in children] == ["outcomes", "undertakings"]
    assert [name for name in detail if name in children] == children
    assert told == {name: detail[name] for name in told}
    assert told["outcomes"] == [alone(client, cast["alpha outcome"])]


def test_children_of_children_come_along(client: Client, cast: Cast) -> None:
    (told,) = rows(client, "/api/v1/initiatives/?kind=bilateral&expand=parties")

    assert told["parties"][0]["representation"] == [alone(client, cast["alpha representation"])]


def test_one_record_expands_as_a_list_does(client: Client, cast: Cast) -> None:
    told = answer(client, "/api/v1/rounds/alpha-round/?expand=initiative")

    assert told["initiative"] == alone(client, cast["alpha initiative"])
    assert [row["round"] for row in told["outcomes"]] == ["alpha-round"]


def test_fields_chooses_among_the_children_too(client: Client, cast: Cast) -> None:
    one = "/api/v1/rounds/alpha-round/"

    assert list(answer(client, f"{one}?fields=outcomes,label")) == ["label", "outcomes"]
    assert list(answer(client, f"{one}?fields=label")) == ["label"]
    assert list(answer(client, f"{one}?fields=label&expand=sessions")) == ["label", "sessions"]
    assert list(rows(client, "/api/v1/rounds/?fields=label&expand=sessions")[0]) == [
        "label",
        "sessions",
    ]
    assert client.get("/api/v1/rounds/?fields=outcomes").status_code == 400


@pytest.mark.parametrize(
    ("address", "known"),
    [
        ("/api/v1/tablings/?expand=nonsense", EXPANDABLE["tablings"]),
        ("/api/v1/tablings.ndjson?expand=round,nonsense", EXPANDABLE["tablings"]),
        ("/api/v1/rounds/alpha-round/?expand=nonsense", EXPANDABLE["rounds"]),
        ("/api/v1/people/?expand=nonsense", "none"),
        ("/api/v1/changes/?expand=nonsense", "record"),
    ],
)
def test_what_cannot_be_expanded_is_answered_with_what_can(
    client: Client, cast: Cast, address: str, known: str
) -> None:
    response = client.get(address)

    assert response.status_code == 400
    there = ", ".join(known.split())
    assert problems(response) == [("expand", f"Cannot be expanded: nonsense. There are: {there}.")]


@pytest.mark.parametrize("address", ["/rounds", "/api/v1/rounds"])
@pytest.mark.parametrize("format", ["csv", "xlsx"])
@pytest.mark.parametrize("expand", ["initiative", "outcomes"])
def test_a_table_has_no_place_for_records_inside_records(
    client: Client, address: str, format: str, expand: str
) -> None:
    response = client.get(f"{address}.{format}?expand={expand}")

    assert response.status_code == 400
    assert problems(response) == [("expand", "A table has no place for records inside records.")]


def test_a_named_record_that_was_withdrawn_keeps_its_key(client: Client, cast: Cast) -> None:
    factories.withdraw(cast["alpha office"])

    (told,) = rows(client, "/api/v1/documents/?initiative=alpha-initiative&expand=publisher")

    assert told["publisher"] == "alpha-office"


def test_of_many_the_withdrawn_one_keeps_its_key(client: Client, cast: Cast) -> None:
    with clock.at(NOW), writing(reason="Two members."):
        cast["alpha bloc"].members.set([cast["alpha party"], cast["beta bloc"]])
    factories.withdraw(cast["beta bloc"])

    (told,) = rows(client, "/api/v1/parties/?q=alpha+bloc&expand=members")

    assert [row if isinstance(row, str) else row["slug"] for row in told["members"]] == [
        "alpha-party",
        "beta-bloc",
    ]


@pytest.mark.parametrize("hidden", [{"public": False}, {"public_from": NOW + timedelta(seconds=1)}])
def test_a_hidden_child_is_embedded_nowhere(
    client: Client, cast: Cast, hidden: dict[str, Any]
) -> None:
    address = "/api/v1/rounds/?number=1&expand=outcomes,sessions,undertakings,participations"
    before = rows(client, address)

    round = cast["alpha round"]
    factories.session(round=round, title="Canary", **hidden)
    factories.undertaking(initiative=round.initiative, round=round, wording="Canary", **hidden)
    factories.participation(
        round=round, initiative_party=cast["alpha seat"], note="Canary", **hidden
    )

    assert rows(client, address) == before
    assert answer(client, "/api/v1/rounds/alpha-round/") == {
        **answer(client, "/api/v1/rounds/alpha-round/"),
        **before[0],
    }


def test_an_embedded_record_says_what_has_been_published_not_what_is_being_written(
    client: Client, cast: Cast
) -> None:
    person = factories.person(name="Later", public=False, slug="later")
    factories.participation(
        round=cast["alpha round"],
        initiative_party=cast["alpha seat"],
        person=person,
        role="adviser",
        note="an adviser",
    )

    told = rows(client, "/api/v1/participations/?role=adviser&expand=person")

    assert [row["person"] for row in told] == [None]
