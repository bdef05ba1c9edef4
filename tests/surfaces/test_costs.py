"""What an answer costs: the same number of queries however many rows there are."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.budgets import LISTS, RECORDS, Budget
from tests.rollback import undone
from tests.surfaces.asking import body, has_page, is_for_the_tip_alone
from tests.surfaces.cast import one_case
from tests.surfaces.conftest import Reader
from tradeinit.api import RESOURCES

pytestmark = pytest.mark.django_db

# Where a page is full, one more counts the rows.
LONG = "page_size=200"


def cost(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
        body(response)
    assert response.status_code == 200, address
    return len(queries)


def queries(table: dict[str, dict[str, Budget]]) -> dict[str, dict[str, int]]:
    return {
        name: {form: budget.queries for form, budget in forms.items()}
        for name, forms in table.items()
    }


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

    assert lists == queries(LISTS)
    assert records == queries(RECORDS)


def test_nothing_is_asked_of_the_records_when_nothing_has_changed(client: Client) -> None:
    one_case(1)
    first = client.get("/rounds/")

    with CaptureQueriesContext(connection) as queries:
        again = client.get("/rounds/", headers={"If-None-Match": first["ETag"]})

    assert again.status_code == 304
    assert is_for_the_tip_alone(queries)
