"""The changes: what the public was told, of which record, when and why."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from mandates.models import Initiative
from tests import factories
from tests.rollback import once_a_module
from tests.surfaces.asking import API, CSV, NDJSON, XLSX, csv_rows, ndjson_rows, xlsx_rows
from tests.surfaces.cast import NOW
from tests.surfaces.conftest import Reader
from tradeinit import clock
from tradeinit.publication import log
from tradeinit.publication.models import Action, Publication

pytestmark = pytest.mark.django_db

FIRST = datetime(2023, 2, 1, 9, tzinfo=UTC)


def at(days: int) -> Any:
    return clock.at(FIRST + timedelta(days=days))


@once_a_module
def story() -> dict[str, Any]:
    """Day by day: a case, its round and a party; the round is corrected, the party withdrawn."""
    with at(0):
        case = factories.initiative(slug="case")
    with at(1):
        round = factories.round(initiative=case, slug="round", label="Talks")
    with at(2):
        party = factories.party(slug="party")
    with at(3):
        factories.edit(round, label="More talks", reason="The label was short.")
    with at(4):
        factories.withdraw(party, reason="It was never so.")
    with at(5):
        other = factories.initiative(slug="other")
    return {"case": case, "round": round, "party": party, "other": other}


def changes(query: str = "") -> list[dict[str, Any]]:
    response = Reader().get(f"/api/v1/changes/{query}")
    assert response.status_code == 200, response.content
    return json.loads(response.content)["results"]


def told(query: str = "") -> list[str]:
    return [f"{row['slug']} {row['action']}" for row in changes(query)]


EVERYTHING = [
    "other published",
    "party withdrawn",
    "round corrected",
    "party published",
    "round published",
    "case published",
]


def test_the_newest_come_first(story: dict[str, Any]) -> None:
    assert told() == EVERYTHING
    assert told("?ordering=at") == EVERYTHING[::-1]
    assert told("?ordering=-at") == EVERYTHING


def test_a_change_says_what_the_log_says(story: dict[str, Any]) -> None:
    entry = Publication.objects.get(uid=story["round"].uid, number=2)

    (row,) = changes("?action=corrected")

    assert row == {
        "at": "2023-02-04T09:00:00Z",
        "resource": "rounds",
        "uid": str(story["round"].uid),
        "slug": "round",
        "action": "corrected",
        "reason": "The label was short.",
        "number": 2,
        "digest": entry.digest,
    }
    assert entry.digest == log.digest(entry)


def test_a_withdrawal_says_why_and_keeps_the_slug(story: dict[str, Any]) -> None:
    (row,) = changes("?action=withdrawn")

    assert (row["slug"], row["number"], row["reason"]) == ("party", 2, "It was never so.")


def test_what_has_no_page_has_no_slug() -> None:
    with at(0):
        row = factories.undertaking()

    found = [change for change in changes() if change["resource"] == "undertakings"]

    assert [(change["slug"], change["uid"]) for change in found] == [(None, str(row.uid))]


QUESTIONS = [
    ("resource=rounds", ["round corrected", "round published"]),
    ("resource=parties&resource=rounds", EVERYTHING[1:5]),
    ("resource=people", []),
    ("initiative=case", ["round corrected", "round published", "case published"]),
    ("initiative=case&initiative=other", [EVERYTHING[0], *EVERYTHING[2:3], *EVERYTHING[4:]]),
    ("initiative=party", []),
    ("initiative=nowhere", []),
    ("action=published", [EVERYTHING[0], *EVERYTHING[3:]]),
    ("action=withdrawn&action=corrected", EVERYTHING[1:3]),
    ("since=2023-02-04T09:00:00Z", EVERYTHING[:3]),
    ("since=2023-02-04T09:00:01Z", EVERYTHING[:2]),
    ("since=2023-02-04T17:00:00%2B08:00", EVERYTHING[:3]),
    ("since=2023-02-04", EVERYTHING[:3]),
    ("since=2023-02-05", EVERYTHING[:2]),
    ("until=2023-02-04T09:00:00Z", EVERYTHING[3:]),
    ("until=2023-02-04T09:00:01Z", EVERYTHING[2:]),
    ("until=2023-02-04", EVERYTHING[3:]),
    ("until=2023-02-05", EVERYTHING[2:]),
    ("since=2023-02-03&until=2023-02-05", EVERYTHING[2:4]),
    ("updated_since=2023-02-05T00:00:00Z", EVERYTHING[:2]),
    ("known=2023-02-03", EVERYTHING[3:]),
    ("on=2023-02-03", EVERYTHING[3:]),
    ("q=short", ["round corrected"]),
    ("resource=rounds&action=published", ["round published"]),
]


@pytest.mark.parametrize(("query", "expected"), QUESTIONS)
def test_a_question_of_the_changes_is_answered(
    story: dict[str, Any], query: str, expected: list[str]
) -> None:
    assert told(f"?{query}") == expected


def test_the_changes_of_a_withdrawn_case_are_still_found_under_it(story: dict[str, Any]) -> None:
    with at(6):
        case = Initiative.objects.get(pk=story["case"].pk)
        factories.withdraw(case, reason="The talks never were.")

    assert told("?initiative=case&since=2023-02-07") == ["round withdrawn", "case withdrawn"] or (
        told("?initiative=case&since=2023-02-07") == ["case withdrawn", "round withdrawn"]
    )
    assert {row["reason"] for row in changes("?since=2023-02-07")} == {"The talks never were."}


def test_what_is_still_to_come_is_not_told(story: dict[str, Any]) -> None:
    with at(6):
        factories.round(slug="soon", initiative=story["case"], public_from=NOW + timedelta(hours=1))
        factories.round(slug="draft", initiative=story["case"], public=False)

    assert told() == EVERYTHING
    with clock.at(NOW + timedelta(hours=1)):
        later = json.loads(Client().get("/api/v1/changes/").content)["results"]
    assert [row["slug"] for row in later] == ["soon", *[line.split()[0] for line in EVERYTHING]]


def test_a_reissue_is_no_change_and_told_only_to_who_asks_for_it(story: dict[str, Any]) -> None:
    last = Publication.objects.filter(uid=story["case"].uid).get()
    reissued = Publication(
        at=FIRST + timedelta(days=7),
        uid=last.uid,
        resource=last.resource,
        number=2,
        root=last.root,
        action=Action.REISSUED,
        body=last.body,
    )
    reissued.digest = log.digest(reissued)
    reissued.save()

    assert told() == EVERYTHING
    response = Reader().get("/api/v1/changes/?action=reissued")
    assert [row["number"] for row in response.json()["results"]] == [2]


def test_every_format_tells_the_same(story: dict[str, Any]) -> None:
    client = Reader()
    rows = json.loads(API.ask(client, "changes").content)["results"]

    assert ndjson_rows(NDJSON.ask(client, "changes")) == rows
    as_text = [{name: str(value) for name, value in row.items()} for row in rows]
    assert csv_rows(CSV.ask(client, "changes")) == as_text
    sheet = xlsx_rows(XLSX.ask(client, "changes"))
    assert [{name: str(value or "") for name, value in row.items()} for row in sheet] == as_text


def test_one_change_has_no_address_of_its_own(story: dict[str, Any]) -> None:
    assert Reader().get(f"/api/v1/changes/{story['case'].uid}/").status_code == 404


def test_the_page_answers_the_same_question(story: dict[str, Any]) -> None:
    for query in ("", "?action=corrected", "?initiative=case&ordering=at"):
        response = Reader().get(f"/changes/{query}")

        assert response.status_code == 200
        rows = response.context_data["page"].rows
        assert [(str(row.uid), row.number) for row in rows] == [
            (row["uid"], row["number"]) for row in changes(query)
        ]
    assert Reader().get("/changes.csv").status_code == 200
    assert Reader().get("/changes/?action=nonsense").status_code == 400


@pytest.mark.parametrize("suffix", ["csv", "ndjson", "xlsx"])
def test_a_file_holds_every_change(suffix: str) -> None:
    with at(0):
        person = factories.person()
    for number in range(1, 60):
        with at(number) if number < 20 else clock.at(FIRST + timedelta(days=19, hours=number)):
            factories.edit(person, native_name=f"Name {number}")

    response = Reader().get(f"/api/v1/changes.{suffix}?resource=people")

    readers = {"csv": csv_rows, "ndjson": ndjson_rows, "xlsx": xlsx_rows}
    assert [int(row["number"]) for row in readers[suffix](response)] == list(range(60, 0, -1))
