"""The matrix of a case: what came of each chapter at each meeting, on any day.

That of the first case is tested with the sample.
"""

from datetime import date

import pytest
from django.test import Client

from tests import factories
from tests.surfaces.asking import one_line

pytestmark = pytest.mark.django_db


def page(address: str) -> str:
    response = Client().get(address)
    assert response.status_code == 200
    return one_line(response.content.decode())


def test_parties_that_disagree_are_shown_side_by_side(client: Client) -> None:
    case = factories.initiative(slug="case")
    chapter = factories.chapter(initiative=case)
    for name, value in (("London", "parked"), ("Ottawa", "dropped")):
        seat = factories.initiative_party(initiative=case, party=factories.party(name=name))
        factories.statement(chapter=chapter, value=value, claimed_by=seat)

    html = page("/initiatives/case/matrix/")

    status = html[html.index('<td class="matrix-status">') :]
    assert status.index("Disputed") < status.index("Parked") < status.index("London")
    assert "Dropped" in status


def test_no_hidden_record_is_in_the_matrix(client: Client) -> None:
    case = factories.initiative(slug="case")
    chapter = factories.chapter(initiative=case)
    met = factories.round(initiative=case, start=date(2023, 1, 2))
    factories.outcome(round=met, chapter=chapter, result="blocked", public=False)
    factories.chapter(initiative=case, name="Secret chapter", public=False)
    factories.round(initiative=case, label="Secret talks", start=date(2023, 1, 3), public=False)

    assert client.get("/api/v1/initiatives/case/matrix/").json()["cells"] == []
    html = page("/initiatives/case/matrix/")
    assert "Secret" not in html
    assert "Blocked" not in html


def test_a_chapter_has_no_cell_before_it_was_one(client: Client) -> None:
    case = factories.initiative(slug="case")
    factories.round(initiative=case, start=date(2023, 1, 2), end=date(2023, 1, 3))
    factories.chapter(initiative=case, from_day=date(2023, 1, 4))

    assert "no chapter then" in page("/initiatives/case/matrix/")


def test_words_and_records_that_there_are_not_are_refused_as_elsewhere(client: Client) -> None:
    factories.initiative(slug="case")
    gone = factories.withdraw(factories.initiative(slug="gone"), reason="Entered twice.")

    for prefix in ("", "/api/v1"):
        assert client.get(f"{prefix}/initiatives/case/matrix/?onn=2023-01-01").status_code == 400
        assert client.get(f"{prefix}/initiatives/case/matrix/?on=2023").status_code == 400
        assert client.get(f"{prefix}/initiatives/none/matrix/").status_code == 404
        assert client.get(f"{prefix}{gone.get_absolute_url()}matrix/").status_code == 410
