"""What this site said of a record, each time it said it, and what differs between two times."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from rounds.models import Round
from tests import factories
from tests.surfaces.asking import one_line
from tests.surfaces.cast import NOW
from tests.surfaces.conftest import Reader
from tradeinit import clock
from tradeinit.publication.gate import writing

pytestmark = pytest.mark.django_db

CORRECTED = NOW - timedelta(days=2)


@pytest.fixture
def client() -> Client:
    return Reader()


@pytest.fixture
def met() -> Round:
    """A round published on 4 January and corrected on 27 February 2023."""
    case = factories.initiative(slug="case", title="Trade talks")
    found = factories.round(
        slug="met",
        initiative=case,
        label="First round",
        start=date(2023, 1, 14),
        end=date(2023, 1, 17),
        mode="virtual",
        summary="The delegations met for four days and exchanged views on all of the chapters.",
    )
    correct(found, "The press release says 16 January.", end=date(2023, 1, 16), mode="in_person")
    return found


def correct(row: Any, reason: str, at: Any = CORRECTED, **fields: Any) -> None:
    with clock.at(at), writing(reason=reason):
        for name, value in fields.items():
            setattr(row, name, value)
        row.save()


def page(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, address
    return one_line(response.content.decode())


def answer(client: Client, address: str) -> Any:
    response = client.get(address)
    assert response.status_code == 200, response.content
    return json.loads(response.content)


def differences(client: Client, address: str) -> list[tuple[str, list[str], list[str]]]:
    response = client.get(address)
    assert response.status_code == 200
    return [
        (one.label, [str(line) for line in one.before], [str(line) for line in one.after])
        for one in response.context_data["differences"]  # type: ignore[attr-defined]
    ]


def test_the_versions_of_a_record_are_listed_with_the_reason_of_each(
    client: Client, met: Round
) -> None:
    text = page(client, "/rounds/met/versions/")

    assert '<a href="/rounds/met/versions/1/">Version 1</a>' in text
    assert '<a href="/rounds/met/versions/2/">Version 2</a>' in text
    assert "The press release says 16 January." in text
    assert '<a href="/rounds/met/versions/2/">Version 2</a>' in page(client, "/rounds/met/")


def test_a_version_stands_as_it_was_told_as_page_and_as_json(client: Client, met: Round) -> None:
    before = answer(client, "/api/v1/rounds/met/?version=1")
    after = answer(client, "/api/v1/rounds/met/?version=2")
    text = page(client, "/rounds/met/versions/1/")

    assert (before["end"], before["mode"]) == ("2023-01-17", "virtual")
    assert (after["end"], after["mode"]) == ("2023-01-16", "in_person")
    assert "by video" in text
    assert '<time datetime="2023-01-17">17 January 2023</time>' in text
    assert 'Version 1, as told on <time datetime="2023-01-04">4 January 2023</time>.' in text
    assert 'It was put right on <time datetime="2023-02-27">27 February 2023</time>.' in text
    assert 'href="/api/v1/rounds/met/?version=1"' in text


def test_two_versions_are_compared_in_words(client: Client, met: Round) -> None:
    found = differences(client, "/rounds/met/versions/")

    assert found == [
        ("Mode", ["by video"], ["in person"]),
        (
            "Last day",
            ['<time datetime="2023-01-17">17 January 2023</time>'],
            ['<time datetime="2023-01-16">16 January 2023</time>'],
        ),
        ("Dates in words", ["14–17 January 2023"], ["14–16 January 2023"]),
    ]
    backwards = differences(client, "/rounds/met/versions/?from=2&to=1")
    assert [(label, after, before) for label, before, after in backwards] == found
    assert differences(client, "/rounds/met/versions/?from=2&to=2") == []


def test_long_texts_are_compared_word_by_word(client: Client, met: Round) -> None:
    words = "The delegations met for three days and exchanged views on all of the chapters."
    correct(met, "Counted again.", at=NOW, summary=words)

    [(_, [before], [after])] = differences(client, "/rounds/met/versions/?from=2&to=3")

    assert "met for <del>four</del> days" in before
    assert "met for <ins>three</ins> days" in after


def test_sources_that_came_and_went_are_told_apart_from_those_that_stayed(
    client: Client, met: Round
) -> None:
    papers = [factories.document(title=f"Paper {number}") for number in (1, 2)]
    with clock.at(NOW), writing(reason="A source."):
        factories.citation(record=met, document=papers[0], locator="page 1", field="end")

    [(label, before, [added])] = differences(client, "/rounds/met/versions/?from=2&to=3")

    assert (label, before) == ("Sources", [])
    assert added.endswith("Paper 1</a> (page 1, last day)")


def test_a_record_without_a_page_has_versions_too(client: Client, met: Round) -> None:
    outcome = factories.outcome(round=met, summary="Views were exchanged.")

    assert "Views were exchanged." in page(client, f"/outcomes/{outcome.uid}/versions/1/")


@pytest.mark.parametrize("question", ["from=9", "to=x", "from=1&from=2", "words=1", "version=1"])
def test_what_cannot_be_compared_is_refused(client: Client, met: Round, question: str) -> None:
    page(client, f"/rounds/met/versions/?{question}", status=400)


@pytest.mark.parametrize(
    ("question", "status"),
    [("version=3", 404), ("version=0", 400), ("version=x", 400), ("version=99999999999", 400)]
    + [(f"version=1&{word}", 400) for word in ("on=2023-01-01", "known=2023-01-01", "expand=")],
)
def test_a_version_that_is_not_there_or_is_asked_by_a_clock_is_refused(
    client: Client, met: Round, question: str, status: int
) -> None:
    assert client.get(f"/api/v1/rounds/met/?{question}").status_code == status


def test_versions_of_what_is_hidden_or_under_embargo_are_nowhere(client: Client) -> None:
    factories.round(slug="draft", public=False)
    factories.round(slug="coming", public_from=factories.FUTURE)

    for place in ("draft", "coming", "never"):
        for tail in ("", "1/"):
            page(client, f"/rounds/{place}/versions/{tail}", status=404)
        assert client.get(f"/api/v1/rounds/{place}/?version=1").status_code == 404


def test_what_was_taken_back_shows_its_reason_in_place_of_its_versions(
    client: Client, met: Round
) -> None:
    with clock.at(NOW):
        factories.withdraw(met, reason="It was never held.")

    for place in ("versions/", "versions/1/"):
        text = page(client, f"/rounds/met/{place}", status=410)
        assert "It was never held." in text
        assert "four days" not in text
    assert client.get("/api/v1/rounds/met/?version=1").status_code == 410


# What changed in a case


def changes(client: Client, question: str) -> list[tuple[str, str, int]]:
    response = client.get(f"/initiatives/case/changes/?{question}")
    assert response.status_code == 200
    return [
        (str(one.action), one.name, len(one.differences))
        for one in response.context_data["changes"]  # type: ignore[attr-defined]
    ]


def test_what_changed_in_a_case_between_two_days_is_its_net_change(
    client: Client, met: Round
) -> None:
    with clock.at(NOW - timedelta(hours=1)):
        factories.withdraw(
            factories.round(slug="wrong", initiative=met.initiative, label="Never held"),
            reason="It was never held.",
        )

    assert changes(client, "since=2023-01-04&until=2023-02-27") == [("corrected", "First round", 3)]
    assert changes(client, "until=2023-02-26") == [
        ("published", "First round", 0),
        ("published", "Trade talks", 0),
    ]
    # Published and withdrawn within the time: nothing of it is left.
    assert changes(client, "since=2023-02-27") == []
    assert "Never held" not in page(client, "/initiatives/case/changes/")


def test_a_change_that_was_taken_back_is_none(client: Client, met: Round) -> None:
    correct(met, "It was right.", at=NOW, end=date(2023, 1, 17), mode="virtual")

    assert changes(client, "since=2023-01-04") == []
    page(client, "/initiatives/case/changes/?since=2023-02-30", status=400)
