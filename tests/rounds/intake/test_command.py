"""``manage.py intake``: as people and as programs use it."""

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError

from mandates.models import Initiative
from rounds.intake import record
from tests import factories
from tests.rounds.intake import scoring

pytestmark = pytest.mark.django_db

RELEASE = next(one for one in scoring.RELEASES if one.stem == "ec_indonesia_fourteenth_round")


def printed(*arguments: Any) -> str:
    out = io.StringIO()
    call_command("intake", *map(str, arguments), stdout=out)
    return out.getvalue()


def test_json_has_the_promised_form() -> None:
    found = json.loads(printed(RELEASE, "--json"))

    assert list(found) == [
        "document", "meeting", "initiative", "parties", "heads", "agencies", "chapters",
        "milestones", "next_steps", "spans",
    ]  # fmt: skip
    assert list(found["document"]) == ["kind", "publisher", "date", "title", "language"]
    assert list(found["meeting"]) == [
        "kind", "number", "label", "start", "end", "precision", "tense", "cities", "country",
        "mode", "press_access",
    ]  # fmt: skip
    assert {tuple(head) for head in found["heads"]} == {("name", "title", "party")}
    assert {tuple(step) for step in found["milestones"]} == {("date", "text")}
    assert found["meeting"]["mode"] is None
    start = found["spans"]["meeting.start"][0]
    assert start["value"] == "2023-05-08"
    assert start["spans"][0]["text"] == "Monday 8 to Friday 12 May 2023"
    assert (start["confidence"], start["derived"]) == ("high", False)
    text = RELEASE.read_text(encoding="utf-8")
    for facts in found["spans"].values():
        for fact in facts:
            for span in fact["spans"]:
                assert text[span["start"] : span["end"]] == span["text"]


def test_people_read_each_fact_with_its_words_and_its_reason() -> None:
    lines = printed(RELEASE).splitlines()

    place = next(n for n, line in enumerate(lines) if line.startswith("meeting.country"))
    assert lines[place].split() == ["meeting.country", "Belgium"]
    assert "“Brussels”" in lines[place + 1]
    assert "of the city, from a table; confidence high, derived" in lines[place + 2]


def test_a_dash_reads_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    given = io.TextIOWrapper(io.BytesIO(RELEASE.read_bytes()))
    monkeypatch.setattr(sys, "stdin", given)

    assert json.loads(printed("-", "--json")) == json.loads(printed(RELEASE, "--json"))


def test_what_cannot_be_read_is_an_error_in_words(tmp_path: Path) -> None:
    binary = tmp_path / "binary"
    binary.write_bytes(bytes(range(256)))
    large = tmp_path / "large"
    large.write_bytes(b"a" * 2_000_001)

    for file, words in (
        (tmp_path / "missing", "cannot be read"),
        (tmp_path, "cannot be read"),
        (binary, "no text"),
        (large, "more than 2 MB"),
    ):
        with pytest.raises(CommandError, match=words):
            printed(file, "--json")


def test_a_text_that_is_silent_gives_nulls(tmp_path: Path) -> None:
    silent = tmp_path / "silent.txt"
    silent.write_text("Nothing of note.")

    found = json.loads(printed(silent, "--json"))

    assert found["meeting"] == {
        **dict.fromkeys(found["meeting"]),
        "cities": [],
    }
    assert found["initiative"] is None


def test_a_case_of_the_record_is_known_by_its_title(tmp_path: Path) -> None:
    factories.initiative(title="Northern Dialogue on Timber")
    release = tmp_path / "release.txt"
    release.write_text(
        "The Northern Dialogue on Timber held its second round in Oslo on 3 May 2024."
    )

    found = json.loads(printed(release, "--json"))

    assert found["initiative"] == "Northern Dialogue on Timber"
    assert found["spans"]["initiative"][0]["reason"] == "the title of a case in the record"


def test_without_a_record_a_release_is_read_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*names: str) -> None:
        raise DatabaseError("no such table")

    monkeypatch.setattr(Initiative.objects, "values_list", missing)

    assert record.titles_of_cases() == []
    assert json.loads(printed(RELEASE, "--json"))["meeting"]["number"] == 14
