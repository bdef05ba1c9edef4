"""A hidden record takes as long to be refused as one that never was."""

from collections.abc import Callable
from statistics import median
from time import process_time

import pytest
from django.test import Client

from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.full]

ASKED = 300


@pytest.mark.parametrize("address", ["/api/v1/rounds/{}/", "/rounds/{}/", "/rounds/{}/versions/"])
def test_hidden_and_never_existing_take_as_long(
    address: str, trust: Callable[[int, str], None]
) -> None:
    for number in range(50):
        factories.round(slug=f"hidden-{number:03}", public=False)
    taken: dict[str, list[float]] = {"hidden": [], "absent": []}
    client = Client()

    # In turn, so that whatever else the machine does falls on both alike.
    for turn in range(ASKED):
        for word, times in taken.items():
            began = process_time()
            response = client.get(address.format(f"{word}-{turn % 50:03}"))
            times.append(process_time() - began)
            assert response.status_code == 404

    hidden, absent = (median(times) for times in taken.values())
    assert 0.9 < hidden / absent < 1.1
    trust(8, f"hidden and never existing, each asked for {ASKED} times: medians within a tenth")
