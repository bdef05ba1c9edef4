"""The two clocks: ``on=``, what was true on a day, and ``known=``, what could be known by a day."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from tests import factories
from tests.surfaces.cast import Cast, factory_of
from tradeinit import clock
from tradeinit.api import RESOURCES

pytestmark = pytest.mark.django_db


def told(client: Client, address: str) -> Any:
    response = client.get(address)
    assert response.status_code == 200, response.content
    return json.loads(response.content)


def results(client: Client, address: str) -> list[dict[str, Any]]:
    return told(client, address)["results"]


# On


PERIODS = [
    # resource, how a row begins and ends, and whether it still is on its last day
    ("chapters", "from_day", "to_day", True),
    ("representations", "from_day", "to_day", True),
    ("initiative-parties", "joined_on", "left_on", False),
]


@pytest.mark.parametrize(("resource", "begins", "ends", "on_the_last"), PERIODS)
def test_what_begins_and_ends_is_true_in_between(
    client: Client, resource: str, begins: str, ends: str, on_the_last: bool
) -> None:
    first, last = date(2022, 6, 1), date(2022, 9, 30)
    make = factory_of(RESOURCES[resource].model())
    rows: Cast = {
        "both": make(**{begins: first, ends: last}),
        "from": make(**{begins: first}),
        "to": make(**{ends: last}),
        "always": make(),
    }

    def on(day: date) -> list[str]:
        found = results(client, f"/api/v1/{resource}/?on={day}")
        uids = {row["uid"] for row in found}
        return [name for name, row in rows.items() if str(row.uid) in uids]

    day = timedelta(days=1)
    assert on(first - day) == ["to", "always"]
    assert on(first) == ["both", "from", "to", "always"]
    assert on(last - day) == ["both", "from", "to", "always"]
    on_last = ["both", "from", "to", "always"] if on_the_last else ["from", "always"]
    assert on(last) == on_last
    assert on(last + day) == ["from", "always"]


def test_what_has_no_day_is_true_on_any(client: Client) -> None:
    case = factories.initiative(slug="undated")
    round = factories.round(initiative=case, start=None, end=None)
    factories.session(round=round, starts=None)
    factories.tabling(initiative_party=factories.initiative_party(initiative=case), on_day=None)
    factories.mandate(initiative=case, announced_on=None)
    factories.document(initiative=case, dated=None)

    for resource in ("rounds", "sessions", "tablings", "mandates", "documents"):
        address = f"/api/v1/{resource}/?initiative=undated&on=1999-01-01"
        if resource != "documents":
            assert len(results(client, address)) == 1, resource


def test_an_agreement_is_there_from_the_first_word_on_it(client: Client) -> None:
    case = factories.initiative()
    early = factories.agreement(initiative=case, slug="early")
    factories.agreement(initiative=case, slug="never-spoken-of")
    for day in (date(2023, 5, 18), date(2023, 6, 1)):
        factories.statement(agreement=early, value="drafting", effective_on=day)
    factories.statement(
        agreement=early, value="drafting", effective_on=date(2022, 6, 1), public=False
    )

    def on(day: str) -> list[str]:
        return sorted(row["slug"] for row in results(client, f"/api/v1/agreements/?on={day}"))

    assert on("2023-05-17") == ["never-spoken-of"]
    assert on("2023-05-18") == ["early", "never-spoken-of"]


# Known


def test_a_row_is_known_from_the_day_it_was_disclosed(client: Client) -> None:
    factories.round(slug="early", disclosed_on=date(2022, 6, 1))
    factories.round(slug="late", disclosed_on=date(2023, 1, 20))
    factories.round(slug="here")

    def known(day: str) -> list[str]:
        return sorted(row["slug"] for row in results(client, f"/api/v1/rounds/?known={day}"))

    # The last is known from its publication here, on 4 January 2023.
    assert {day: known(day) for day in (
        "2022-05-31", "2022-06-01", "2023-01-03", "2023-01-04", "2023-01-19", "2023-01-20"
    )} == {
        "2022-05-31": [],
        "2022-06-01": ["early"],
        "2023-01-03": ["early"],
        "2023-01-04": ["early", "here"],
        "2023-01-19": ["early", "here"],
        "2023-01-20": ["early", "here", "late"],
    }  # fmt: skip


def test_the_earliest_dated_source_says_when_a_row_was_known(client: Client) -> None:
    with clock.at(factories.PUBLISHED):
        text = factories.document(slug="text", dated=date(2022, 11, 1))
        round = factories.round(slug="sourced", public=False)
        factories.citation(record=round, document=text)
        factories.edit(round, public_from=factories.PUBLISHED)

    (row,) = results(client, "/api/v1/rounds/?known=2022-11-01")
    assert (row["slug"], row["disclosed_on"]) == ("sourced", "2022-11-01")
    assert [row["slug"] for row in results(client, "/api/v1/documents/?known=2022-11-01")] == [
        "text"
    ]
    assert results(client, "/api/v1/rounds/?known=2022-10-31") == []


def test_a_correction_does_not_make_a_row_known_later(client: Client) -> None:
    round = factories.round(slug="corrected")
    with clock.at(datetime(2023, 2, 1, tzinfo=UTC)):
        factories.edit(round, summary="Now with a summary.")

    (row,) = results(client, "/api/v1/rounds/?known=2023-01-04")

    assert row["summary"] == "Now with a summary."


# Where a subject stands


@pytest.fixture
def chapter() -> Any:
    """Tabled in November, said a month later; one side alone says in January that it is parked;
    and a clerk's error of December that was put right in February."""
    case = factories.initiative(slug="case")
    side = factories.initiative_party(
        initiative=case, party=factories.party(name="Our side", slug="ours")
    )
    factories.initiative_party(initiative=case)
    row = factories.chapter(initiative=case, slug="moving", from_day=date(2022, 8, 1))

    def said(value: str, on: date, disclosed: date, **fields: Any) -> Any:
        return factories.statement(
            chapter=row, value=value, effective_on=on, disclosed_on=disclosed, **fields
        )

    said("text_tabled", date(2022, 11, 8), date(2022, 12, 8))
    wrong = said("concluded", date(2022, 12, 15), date(2022, 12, 15))
    said("consolidating", date(2022, 12, 15), date(2023, 2, 15), corrects=wrong)
    said("parked", date(2023, 1, 10), date(2023, 1, 12), claimed_by=side)
    return row


# The day, the day of knowledge, and where the chapter stood.
STOOD = [
    ("2022-11-07", None, (None, "unknown")),
    ("2022-12-01", None, ("text_tabled", "agreed")),
    ("2022-12-01", "2022-12-07", (None, "unknown")),
    ("2022-12-01", "2022-12-08", ("text_tabled", "agreed")),
    ("2023-01-01", None, ("consolidating", "agreed")),
    ("2023-01-01", "2023-02-14", ("concluded", "agreed")),
    ("2023-01-01", "2023-02-15", ("consolidating", "agreed")),
    ("2023-02-01", None, ("parked", "one_sided")),
    ("2023-02-01", "2023-01-11", ("concluded", "agreed")),
    (None, "2023-01-11", ("concluded", "agreed")),
    (None, None, ("parked", "one_sided")),
]


def asked(word: str, on: str | None, known: str | None) -> str:
    words = {word: on, "known": known}
    return "&".join(f"{name}={day}" for name, day in words.items() if day)


@pytest.mark.parametrize("word", ["on", "status_on"])
@pytest.mark.parametrize(("on", "known", "stood"), STOOD)
def test_a_chapter_stands_where_the_ledger_says_for_that_day(
    client: Client, chapter: Any, word: str, on: str | None, known: str | None,
    stood: tuple[str | None, str],
) -> None:  # fmt: skip
    with clock.at(datetime(2023, 3, 1, 12, tzinfo=UTC)):
        factories.edit(chapter, disclosed_on=date(2022, 8, 1))

    query = asked(word, on, known)
    (row,) = results(client, f"/api/v1/chapters/?{query}")
    page = client.get(f"/chapters/?{query}").context_data["page"]
    standing = page.rows[0].standing

    assert (row["status"], row["status_basis"]) == stood
    assert (standing.value, str(standing.basis)) == stood
    assert [claim["value"] for claim in row["status_claims"]] == [stood[0]] * bool(stood[0])
    if word == "on":
        one = told(client, f"/api/v1/chapters/moving/?{query}")
        assert one == row
        html = client.get(f"/chapters/moving/?{query}")
        assert html.status_code == 200


@pytest.mark.parametrize(("on", "known", "stood"), STOOD)
def test_and_is_found_under_that_status(
    client: Client, chapter: Any, on: str | None, known: str | None, stood: tuple[str | None, str]
) -> None:
    with clock.at(datetime(2023, 3, 1, 12, tzinfo=UTC)):
        factories.edit(chapter, disclosed_on=date(2022, 8, 1))

    codes = ["text_tabled", "concluded", "consolidating", "parked"]
    for word in ("on", "status_on"):
        query = asked(word, on, known)
        found = [
            code for code in codes if results(client, f"/api/v1/chapters/?status={code}&{query}")
        ]
        # What a joint statement said stands beside what one side said after it only if later.
        assert found == [code for code in codes if code == stood[0]]


def test_the_day_of_the_status_moves_no_rows(client: Client, chapter: Any) -> None:
    """Before the chapter was added it had no status, and ``on`` does not show it at all."""
    assert results(client, "/api/v1/chapters/?on=2022-07-31") == []
    (row,) = results(client, "/api/v1/chapters/?status_on=2022-07-31")
    assert row["status"] is None


@pytest.mark.parametrize(
    ("resource", "word", "subject", "values"),
    [
        ("initiatives", "phase", "initiative", ("launched", "negotiating")),
        ("agreements", "status", "agreement", ("drafting", "signed")),
    ],
)
def test_initiatives_and_agreements_stand_by_the_clocks_too(
    client: Client, resource: str, word: str, subject: str, values: tuple[str, str]
) -> None:
    row = factory_of(RESOURCES[resource].model())(disclosed_on=date(2022, 1, 1))
    for value, day in zip(values, (date(2022, 6, 1), date(2022, 9, 1)), strict=True):
        factories.statement(**{subject: row}, value=value, effective_on=day)
    question = f"/api/v1/{resource}/?on=2022-08-01"

    assert [found[word] for found in results(client, question)] == [values[0]]
    assert [found[word] for found in results(client, f"/api/v1/{resource}/")] == [values[1]]
    assert len(results(client, f"{question}&{word}={values[0]}")) == 1
    assert results(client, f"{question}&{word}={values[1]}") == []
    assert results(client, f"/api/v1/{resource}/?known=2022-08-01&{word}={values[1]}") == []


# Both, and one record


def test_both_clocks_must_be_met(client: Client) -> None:
    factories.round(slug="met", start=date(2022, 6, 1), disclosed_on=date(2022, 9, 1))

    def shown(on: str, known: str) -> int:
        return len(results(client, f"/api/v1/rounds/?on={on}&known={known}"))

    assert [shown("2022-06-01", "2022-09-01"), shown("2022-05-31", "2022-09-01")] == [1, 0]
    assert shown("2022-06-01", "2022-08-31") == 0


def test_the_children_of_a_record_are_those_of_the_clocks(client: Client) -> None:
    case = factories.initiative(slug="case")
    early = {"disclosed_on": date(2022, 6, 1)}
    factories.initiative_party(initiative=case, joined_on=date(2022, 6, 1), **early)
    factories.initiative_party(initiative=case, joined_on=date(2023, 1, 1), **early)
    kept = factories.chapter(initiative=case, slug="kept", **early)
    factories.chapter(initiative=case, slug="added", from_day=date(2023, 1, 1), **early)
    factories.chapter(initiative=case, slug="told-late", disclosed_on=date(2022, 12, 1))
    factories.statement(chapter=kept, value="conceptual", effective_on=date(2022, 6, 1))
    factories.statement(chapter=kept, value="consolidated", effective_on=date(2023, 1, 1))

    def shown(query: str) -> tuple[int, dict[str, str | None]]:
        one = told(client, f"/api/v1/initiatives/case/{query}")
        return len(one["parties"]), {row["slug"]: row["status"] for row in one["chapters"]}

    today = {"kept": "consolidated", "added": None, "told-late": None}
    assert shown("") == (2, today)
    assert shown("?on=2022-09-01") == (1, {"kept": "conceptual", "told-late": None})
    assert shown("?known=2022-09-01") == (2, {"kept": "conceptual", "added": None})
    assert shown("?on=2022-09-01&known=2022-09-01") == (1, {"kept": "conceptual"})
    (listed,) = results(client, "/api/v1/initiatives/?on=2022-09-01&expand=chapters")
    assert {row["slug"]: row["status"] for row in listed["chapters"]} == {
        "kept": "conceptual",
        "told-late": None,
    }


def test_and_so_are_those_of_a_round(client: Client) -> None:
    round = factories.round(slug="met", start=date(2022, 6, 1), end=date(2022, 6, 2))
    for number, day in enumerate((1, 2)):
        factories.session(
            round=round,
            title=f"Session {number}",
            starts=datetime(2022, 6, day, 1, tzinfo=UTC),
            disclosed_on=date(2022, 6, day),
        )

    for word in ("on", "known"):
        one = told(client, f"/api/v1/rounds/met/?{word}=2022-06-01")
        assert [row["title"] for row in one["sessions"]] == ["Session 0"]
        page = client.get(f"/rounds/met/?{word}=2022-06-01").content.decode()
        assert ("Session 0" in page, "Session 1" in page) == (True, False)
    assert len(told(client, "/api/v1/rounds/met/")["sessions"]) == 2
