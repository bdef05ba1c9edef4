"""One record: at its slug, at its uid, on its page, with its own children."""

import json
from typing import Any

import pytest
from django.test import Client

from tests import factories
from tests.surfaces.asking import API, LISTS, PAGED
from tests.surfaces.cast import Cast

pytestmark = pytest.mark.django_db

REASON = "It was never so."


def record(client: Client, address: str) -> dict[str, Any]:
    response = client.get(address)
    assert response.status_code == 200, response.content
    return json.loads(response.content)


def rows_of(cast: Cast, resource: str) -> list[Any]:
    return [
        row for name, row in cast.items() if row.resource == resource and name.startswith("alpha")
    ]


@pytest.mark.parametrize("resource", LISTS)
def test_slug_and_uid_lead_to_the_same_record(client: Client, cast: Cast, resource: str) -> None:
    for row in rows_of(cast, resource):
        by_key = client.get(row.api_url)
        by_uid = client.get(f"/api/v1/{resource}/{row.uid}/")

        assert by_key.status_code == by_uid.status_code == 200
        assert by_key.content == by_uid.content
        assert json.loads(by_key.content)["url"] == row.api_url


@pytest.mark.parametrize("resource", LISTS)
def test_a_record_says_the_same_alone_and_in_the_list(
    client: Client, cast: Cast, resource: str
) -> None:
    in_the_list = json.loads(API.ask(client, resource).content)["results"]

    for told in in_the_list:
        alone = record(client, told["url"])
        assert {name: alone[name] for name in told} == told


@pytest.mark.parametrize("resource", LISTS)
def test_the_permanent_address_leads_to_the_place_where_the_record_stands(
    client: Client, cast: Cast, resource: str
) -> None:
    for row in rows_of(cast, resource):
        told = record(client, row.api_url)

        response = client.get(f"/id/{row.uid}")

        assert (response.status_code, response["Location"]) == (302, told["html_url"])
        page, _, anchor = told["html_url"].partition("#")
        html = client.get(page).content.decode()
        assert anchor == "" or f'id="{row.uid}"' in html


@pytest.mark.parametrize("resource", PAGED)
def test_the_page_of_a_record_names_it_and_leads_to_its_data(
    client: Client, cast: Cast, resource: str
) -> None:
    for row in rows_of(cast, resource):
        if "#" not in row.get_absolute_url():
            html = client.get(row.get_absolute_url()).content.decode()
            assert f'href="{row.api_url}"' in html


def test_an_initiative_holds_its_seats_mandates_chapters_and_statements(
    client: Client, cast: Cast
) -> None:
    told = record(client, "/api/v1/initiatives/alpha-initiative/")

    (seat,) = told["parties"]
    assert [seat["party"], seat["representation"][0]["organization"]] == [
        "alpha-party",
        "alpha-office",
    ]
    assert [row["slug"] for row in told["mandates"]] == ["alpha-mandate"]
    assert [(row["slug"], row["status"]) for row in told["chapters"]] == [
        ("alpha-chapter", "conceptual")
    ]
    assert [row["value"] for row in told["statements"]] == ["negotiating"]
    assert (told["phase"], told["phase_basis"]) == ("negotiating", "agreed")


def test_a_round_holds_its_outcomes_and_those_who_took_part(client: Client, cast: Cast) -> None:
    told = record(client, "/api/v1/rounds/alpha-round/")

    assert [(row["chapter"], row["result"]) for row in told["outcomes"]] == [
        ("alpha-chapter", "discussed")
    ]
    assert [(row["person"], row["title"]) for row in told["participations"]] == [
        ("alpha-person", "alpha minister")
    ]


def test_the_children_of_each_seat_are_its_own(client: Client, cast: Cast) -> None:
    second = factories.initiative_party(initiative=cast["alpha initiative"])
    body = factories.organization(slug="second-body")
    factories.representation(initiative_party=second, organization=body)

    told = record(client, "/api/v1/initiatives/alpha-initiative/")

    assert [
        [acting["organization"] for acting in seat["representation"]] for seat in told["parties"]
    ] == [["alpha-office"], ["second-body"]]


@pytest.mark.parametrize(
    "address",
    [
        "/api/v1/rounds/never-was/",
        "/api/v1/rounds/00000000-0000-4000-8000-000000000000/",
        "/api/v1/outcomes/no-slugs-here/",
        "/rounds/never-was/",
        "/id/00000000-0000-4000-8000-000000000000",
        "/api/v1/nothing/",
        "/api/v1/nothing.csv",
        "/nothing/",
        "/nothing.csv",
    ],
)
def test_what_never_was_is_not_found(client: Client, address: str) -> None:
    response = client.get(address)

    assert response.status_code == 404
    if address.startswith("/api/"):
        assert response["Content-Type"] == "application/problem+json"
        assert json.loads(response.content) == {
            "type": "about:blank",
            "title": "Nothing is here.",
            "status": 404,
        }


def test_a_record_of_one_kind_is_not_found_under_another(client: Client, cast: Cast) -> None:
    assert client.get("/api/v1/chapters/alpha-round/").status_code == 404
    assert client.get("/chapters/alpha-round/").status_code == 404


def test_a_withdrawn_record_is_gone_and_says_why(client: Client, cast: Cast) -> None:
    row = factories.withdraw(cast["alpha outcome"], reason=REASON)

    response = client.get(row.api_url)

    assert response.status_code == 410
    assert response["Content-Type"] == "application/problem+json"
    assert json.loads(response.content) == {
        "type": "about:blank",
        "title": "This record has been withdrawn.",
        "status": 410,
        "detail": REASON,
    }


def test_with_a_withdrawn_record_goes_all_that_belongs_to_it(client: Client, cast: Cast) -> None:
    round = factories.withdraw(cast["alpha round"], reason=REASON)
    belongings = [cast["alpha outcome"], cast["alpha participation"]]

    places = [
        round.get_absolute_url(),
        f"/id/{round.uid}",
        *(row.api_url for row in (round, *belongings)),
        *(f"/id/{row.uid}" for row in belongings),
    ]
    responses = [client.get(place) for place in places]

    assert [response.status_code for response in responses] == [410] * len(places)
    assert [place for place, found in zip(places, responses, strict=True)
            if REASON.encode() not in found.content] == []  # fmt: skip


def test_a_hidden_record_costs_no_other_questions_than_one_that_never_was(
    client: Client, cast: Cast, django_assert_num_queries: Any
) -> None:
    factories.round(slug="hidden", public=False, initiative=cast["alpha initiative"])
    client.get("/rounds/hidden/")

    for address in ("/api/v1/rounds/hidden/", "/api/v1/rounds/never-was/"):
        with django_assert_num_queries(3):
            assert client.get(address).status_code == 404
