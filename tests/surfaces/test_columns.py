"""The columns of a list: the same in JSON and in a file, whole or as many as are asked for."""

import csv
import json
from io import StringIO
from typing import Any

import pytest
from django.test import Client

from tests import factories
from tests.surfaces.asking import (
    API,
    CSV,
    LISTS,
    NDJSON,
    ON_EVERY_LIST,
    ON_PAGE_LISTS,
    XLSX,
    body,
    csv_rows,
    ndjson_rows,
    xlsx_cells,
    xlsx_rows,
)
from tests.surfaces.cast import Cast, one_writing
from tradeinit.api import RESOURCES
from tradeinit.publication import log
from tradeinit.publication.models import Action, Publication
from tradeinit.renderers import CSVRenderer, plain

pytestmark = pytest.mark.django_db


def rows_of(response: Any) -> list[dict[str, Any]]:
    return json.loads(response.content)["results"]


@pytest.mark.parametrize("resource", LISTS)
def test_fields_names_the_columns_in_every_format(
    client: Client, cast: Cast, resource: str
) -> None:
    names = RESOURCES[resource].serializer_class.field_names()

    whole = rows_of(API.ask(client, resource))
    some = rows_of(API.ask(client, resource, fields="updated,uid"))
    files = [
        read(file.ask(client, resource, fields="updated,uid"))
        for file, read in ((CSV, csv_rows), (NDJSON, ndjson_rows), (XLSX, xlsx_rows))
    ]

    assert [list(row) for row in whole] == [names] * len(whole)
    rows = [{"uid": row["uid"], "updated": row["updated"]} for row in whole]
    assert [some, *files] == [rows] * 4


@pytest.mark.parametrize("resource", RESOURCES)
def test_a_csv_file_has_the_columns_and_the_values_of_the_api(
    client: Client, cast: Cast, resource: str
) -> None:
    rows = rows_of(API.ask(client, resource))

    response = CSV.ask(client, resource)
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


@pytest.mark.parametrize("resource", RESOURCES)
def test_ndjson_is_the_answers_of_the_api_a_line_each(
    client: Client, cast: Cast, resource: str
) -> None:
    results = json.loads(API.ask(client, resource).content, object_pairs_hook=list)[-1]

    response = NDJSON.ask(client, resource)

    assert response["Content-Type"] == "application/x-ndjson"
    assert response["Content-Disposition"] == f'attachment; filename="{resource}.ndjson"'
    lines = body(response).decode().splitlines()
    assert ("results", [json.loads(line, object_pairs_hook=list) for line in lines]) == results
    assert len(lines) > 1


def test_a_body_that_another_release_wrote_is_told_in_the_columns_of_this_one(
    client: Client,
) -> None:
    party = factories.party()
    last = Publication.objects.get(uid=party.uid)
    others = dict(reversed(json.loads(last.body).items())) | {"motto": "Ut prosim"}
    written = {"number": 2, "action": Action.REISSUED, "body": log.canonical(others)}
    Publication.objects.create(
        at=last.at, uid=last.uid, resource=last.resource, root=last.root, **written
    )

    lines = body(NDJSON.ask(client, "parties")).decode().splitlines()

    assert lines == [log.canonical(row) for row in rows_of(API.ask(client, "parties"))]
    assert "motto" not in body(CSV.ask(client, "parties")).decode()


@pytest.mark.parametrize("resource", RESOURCES)
def test_a_spreadsheet_has_the_cells_of_the_csv_file(
    client: Client, cast: Cast, resource: str
) -> None:
    head, *lines = csv.reader(StringIO(body(CSV.ask(client, resource)).decode()))

    response = XLSX.ask(client, resource)
    first, *cells = xlsx_cells(response)

    assert response["Content-Type"] == (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    assert response["Content-Disposition"] == f'attachment; filename="{resource}.xlsx"'
    assert [cell.value for cell in first] == head
    assert [[plain(cell.value) for cell in row] for row in cells] == lines


TEXTS = ["a, b", 'a "b"', '"', "a\nb", "a\rb", "a\r\nb", "a;b", "", "談判，第一輪"]


@pytest.mark.parametrize("columns", [1, 2])
@pytest.mark.parametrize("text", TEXTS)
def test_a_line_of_csv_is_as_the_library_would_write_it(text: str, columns: int) -> None:
    row = {"one": text, "two": 7}
    names = list(row)[:columns]

    written = "".join(CSVRenderer().stream(names, [row]))

    by_library = StringIO(newline="")
    csv.writer(by_library).writerows([names, [row[name] for name in names]])
    assert written == by_library.getvalue()


# The wide signs as well, which a spreadsheet in Chinese or Japanese reads as the narrow ones.
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "＋1", "－1", "＠SUM(A1)"]


def test_no_cell_of_a_file_is_a_formula(client: Client) -> None:
    with one_writing():
        for number, text in enumerate(FORMULAS):
            document = factories.document(title=text, slug=f"a-text-{number}")
            factories.citation(record=document, document=document, value=text)
            factories.organization(name=text, abbreviation=text, slug=f"a-body-{number}")
            factories.party(name=text, slug=f"a-party-{number}")
            factories.round(label=text, summary=text, venues=[text], slug=f"a-round-{number}")
            factories.participation(title_as_listed=text, note=text)

    cells = [
        cell
        for resource in RESOURCES
        for row in csv_rows(CSV.ask(client, resource))
        for part in row.items()
        for cell in part
    ]
    in_sheets = [
        cell
        for resource in RESOURCES
        for row in xlsx_cells(XLSX.ask(client, resource))
        for cell in row
    ]

    assert [cell for cell in cells if cell.startswith(tuple("=+-@\t\r＝＋－＠"))] == []
    counts = {text: cells.count(f"'{text}") for text in FORMULAS}
    assert min(counts.values()) >= 7
    assert {cell.data_type for cell in in_sheets} <= {"inlineStr", "s", "n", "b"}
    # A spreadsheet knows one kind of line end.
    there = [cell.value for cell in in_sheets]
    assert {text: there.count(text.replace("\r", "\n")) for text in FORMULAS} == counts


def test_what_a_spreadsheet_cannot_hold_is_left_out_of_it(client: Client) -> None:
    factories.round(slug="long", label="L", summary="\x0bmany words " * 3_000)

    (row,) = xlsx_rows(client.get("/rounds.xlsx?q=many"))

    assert row["summary"] == ("many words " * 3_000)[:32_767]


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


def test_a_claim_is_one_cell_with_its_sources(client: Client) -> None:
    with one_writing():
        text = factories.document(title="Text", slug="text")
        chapter = factories.chapter(slug="told-of")
        said = factories.statement(chapter=chapter, value="concluded")
        factories.citation(record=said, document=text, locator="page 1")
        factories.citation(record=said, document=text, locator="page 2", field="value")

    (row,) = csv_rows(client.get(f"/chapters.csv?q={chapter.name}"))

    when = said.effective_on.isoformat()
    assert row["status_claims"] == (
        f"{said.uid} (concluded, {when}, text (page 1); text (page 2, value))"
    )


def test_head_has_the_headers_of_get_and_no_body(client: Client, cast: Cast) -> None:
    for surface in ON_EVERY_LIST + ON_PAGE_LISTS:
        address = surface.address.format("rounds")
        get, head = client.get(address), client.head(address)
        assert (head.status_code, dict(head.headers)) == (get.status_code, dict(get.headers))
        assert body(head) == b""
