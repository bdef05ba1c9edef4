"""The columns of a list: the same in JSON and in a file, whole or as many as are asked for."""

import json

import pytest
from django.test import Client

from tests import factories
from tests.surfaces.asking import API, FILES, ON_EVERY_LIST, ON_PAGE_LISTS, body, csv_rows, of_json
from tests.surfaces.cast import Cast, one_writing
from tradeinit.api import RESOURCES

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("resource", RESOURCES)
def test_fields_names_the_columns_in_json_and_csv(
    client: Client, cast: Cast, resource: str
) -> None:
    names = RESOURCES[resource].serializer_class.field_names()

    whole = API.ask(client, resource)
    some = API.ask(client, resource, fields="updated,uid")
    file = csv_rows(FILES[0].ask(client, resource, fields="updated,uid"))

    assert [list(row) for row in json.loads(whole.content)["results"]] == [names] * len(
        of_json(whole)
    )
    rows = [
        {"uid": row["uid"], "updated": row["updated"]}
        for row in json.loads(whole.content)["results"]
    ]
    assert json.loads(some.content)["results"] == rows
    assert file == rows


@pytest.mark.parametrize("resource", RESOURCES)
def test_a_file_has_the_columns_and_the_values_of_the_api(
    client: Client, cast: Cast, resource: str
) -> None:
    rows = json.loads(API.ask(client, resource).content)["results"]

    response = FILES[0].ask(client, resource)
    file = csv_rows(response)

    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == f'attachment; filename="{resource}.csv"'
    plain = [
        {
            name: "" if value is None else str(value)
            for name, value in row.items()
            if not isinstance(value, list | bool)
        }
        for row in rows
    ]
    assert [{name: line[name] for name in row} for line, row in zip(file, plain, strict=True)] == (
        plain
    )
    assert [list(line) for line in file] == [list(row) for row in rows]


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_of_a_file_is_a_formula(client: Client, text: str) -> None:
    with one_writing():
        document = factories.document(title=text, slug="a-text")
        factories.citation(record=document, document=document, value=text)
        factories.organization(name=text, abbreviation=text, slug="a-body")
        factories.party(name=text, slug="a-party")
        factories.round(label=text, summary=text, venues=[text], slug="a-round")
        factories.participation(title_as_listed=text, note=text)

    cells = [
        cell
        for resource in RESOURCES
        for row in csv_rows(FILES[0].ask(client, resource))
        for cell in row.values()
    ]

    assert [cell for cell in cells if cell.startswith(tuple("=+-@\t\r"))] == []
    assert cells.count(f"'{text}") >= 7


def test_quotes_commas_lines_and_other_scripts_come_through_a_file(client: Client) -> None:
    name = 'Deng, John “鄧振中”\nsaid: "both"'
    factories.person(name=name, slug="deng")

    assert [row["name"] for row in csv_rows(client.get("/people.csv?q=Deng"))] == [name]


def test_lists_and_sources_are_one_cell(client: Client) -> None:
    with one_writing():
        case = factories.initiative()
        chapters = [factories.chapter(initiative=case, slug=slug) for slug in ("one", "two")]
        text = factories.document(
            title="Text", slug="text", initiative=case, chapters=chapters, dated=None
        )
        factories.citation(record=text, document=text, locator="page 1", field="title")
        factories.citation(record=text, document=text)

    (row,) = csv_rows(client.get("/documents.csv?chapter=two"))

    assert row["chapters"] == "one; two"
    assert row["sources"] == "text (page 1, title); text"


def test_head_has_the_headers_of_get_and_no_body(client: Client, cast: Cast) -> None:
    for surface in ON_EVERY_LIST + ON_PAGE_LISTS:
        address = surface.address.format("rounds")
        get, head = client.get(address), client.head(address)
        assert (head.status_code, dict(head.headers)) == (get.status_code, dict(get.headers))
        assert body(head) == b""
