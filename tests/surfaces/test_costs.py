"""What an answer costs: the same number of queries however many rows there are."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.rollback import undone
from tests.surfaces.asking import body, has_page
from tests.surfaces.cast import one_case
from tests.surfaces.conftest import Reader
from tradeinit.api import RESOURCES

pytestmark = pytest.mark.django_db

# In each the log's tip is one: no answer without its validators. A page asks one for each kind of
# choice of its form; "expanded" is the API with all that it can embed. A record's page shows all
# that belongs to it; one for each kind of thing. The changes expanded ask which of them are the
# last word on their record; only those embed it.
LISTS = {
    "changes": {"json": 3, "csv": 4, "expanded": 4, "page": 6},
    "initiatives": {"json": 7, "csv": 8, "expanded": 35, "page": 11},
    "initiative-parties": {"json": 3, "csv": 3, "expanded": 13},
    "representations": {"json": 3, "csv": 3, "expanded": 13},
    "mandates": {"json": 3, "csv": 3, "expanded": 13, "page": 5},
    "chapters": {"json": 7, "csv": 8, "expanded": 15, "page": 11},
    "parties": {"json": 3, "csv": 3, "expanded": 5, "page": 7},
    "organizations": {"json": 3, "csv": 3, "expanded": 7, "page": 5},
    "documents": {"json": 3, "csv": 3, "expanded": 17, "page": 11},
    "lineage": {"json": 3, "csv": 3, "expanded": 21},
    "agreements": {"json": 7, "csv": 8, "expanded": 19, "page": 11},
    "statements": {"json": 3, "csv": 3, "expanded": 13, "page": 9},
    "rounds": {"json": 3, "csv": 3, "expanded": 21, "page": 18},
    "sessions": {"json": 3, "csv": 3, "expanded": 17},
    "outcomes": {"json": 3, "csv": 3, "expanded": 19},
    "participations": {"json": 3, "csv": 3, "expanded": 17},
    "tablings": {"json": 3, "csv": 3, "expanded": 23},
    "undertakings": {"json": 3, "csv": 3, "expanded": 13},
    "people": {"json": 3, "csv": 3, "expanded": 3, "page": 11},
}
RECORDS = {
    "party": {"json": 5, "page": 13},
    "bloc": {"json": 5, "page": 9},
    "organization": {"json": 4, "page": 13},
    "initiative": {"json": 30, "page": 45},
    "mandate": {"json": 4, "page": 12},
    "chapter": {"json": 8, "page": 35},
    "agreement": {"json": 9, "page": 12},
    "document": {"json": 6, "page": 56},
    "person": {"json": 4, "page": 7},
    "round": {"json": 13, "page": 31},
    "home": {"page": 23},
    "matrix": {"json": 31, "page": 27},
    "calendar": {"page": 18},
}
# Where a page is full, one more counts the rows.
LONG = "page_size=200"


def cost(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
        body(response)
    assert response.status_code == 200, address
    return len(queries)


def everything(resource: str) -> str:
    return ",".join(RESOURCES[resource].expandable())


def costs(n: int) -> tuple[dict[str, dict[str, int]], dict[str, dict[str, int]]]:
    """What every list and every record costs in a case with ``n`` of everything."""
    client = Reader()
    with undone():
        cast = one_case(n)
        # Content types are read once a process.
        client.get("/")
        lists = {
            resource: {"json": cost(client, f"/api/v1/{resource}/?{LONG}")}
            | {"csv": cost(client, f"/api/v1/{resource}.csv")}
            | {
                "expanded": cost(
                    client, f"/api/v1/{resource}/?{LONG}&expand={everything(resource)}"
                )
            }
            | ({"page": cost(client, f"/{resource}/?{LONG}")} if has_page(resource) else {})
            for resource in RESOURCES
        }
        records = {
            name: {"json": cost(client, row.api_url), "page": cost(client, row.get_absolute_url())}
            for name, row in cast.items()
        }
        records["home"] = {"page": cost(client, "/")}
        matrix = f"{cast['initiative'].get_absolute_url()}matrix/"
        records["calendar"] = {"page": cost(client, "/calendar/")}
        records["matrix"] = {"json": cost(client, f"/api/v1{matrix}"), "page": cost(client, matrix)}
    return lists, records


@pytest.mark.parametrize("n", [1, 3])
def test_lists_and_records_cost_the_same_with_one_row_and_with_three(n: int) -> None:
    lists, records = costs(n)

    assert lists == LISTS
    assert records == RECORDS


def test_nothing_is_asked_of_the_records_when_nothing_has_changed(client: Client) -> None:
    one_case(1)
    first = client.get("/rounds/")

    with CaptureQueriesContext(connection) as queries:
        again = client.get("/rounds/", headers={"If-None-Match": first["ETag"]})

    assert again.status_code == 304
    assert len(queries) == 1
    assert "rounds_round" not in queries[0]["sql"]
