"""What a page cost is told to staff, at the desk, and to nobody else."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext


def test_a_page_of_the_desk_tells_staff_what_it_cost(clerk: Client) -> None:
    with CaptureQueriesContext(connection) as asked:
        page = clerk.get("/admin/")

    told = re.fullmatch(
        r'db;desc="(\d+) queries";dur=\d+\.\d, cpu;dur=\d+\.\d', page["Server-Timing"]
    )
    assert told
    # The clock of PostgreSQL is asked before anything else.
    assert int(told[1]) == len(asked) - (1 if connection.vendor == "postgresql" else 0)


@pytest.mark.parametrize("place", ["/", "/rounds/", "/api/v1/rounds/", "/admin", "/livez"])
def test_a_public_page_tells_nobody(clerk: Client, place: str) -> None:
    assert "Server-Timing" not in clerk.get(place).headers


@pytest.mark.django_db
@pytest.mark.parametrize("place", ["/admin/", "/admin/login/", "/admin/rounds/round/1/change/"])
def test_who_has_not_signed_in_is_told_nothing(client: Client, place: str) -> None:
    assert "Server-Timing" not in client.get(place).headers
