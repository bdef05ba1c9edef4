"""A sheet that came from the record: worked on, and imported again."""

import csv
import io
from copy import deepcopy
from datetime import date
from typing import Any

import pytest

from mandates.models import Chapter, Initiative
from rounds.importing import sheet
from rounds.importing.importing import File, record, take_back
from rounds.models import Outcome, Round
from tests import factories
from tests.importing.sheet import chapters, everything, imported, mistakes, rounds, tried

pytestmark = pytest.mark.django_db

FIRST = {
    "parties": "North; South",
    "round_number": "1",
    "title": "First round",
    "start_date": "2023-01-14",
    "end_date": "2023-01-17",
    "city": "Taipei; Tainan",
    "country": "Taiwan; Elsewhere",
    "mode": "in person",
    "source_url": "https://example.org/first",
}
SECOND = {"title": "=Second", "start_date": "early March 2023", "city": "Lima"}
Lines = dict[str, list[dict[str, str]]]


@pytest.fixture
def lines() -> Lines:
    """A case with two rounds, one of them on the agenda of which there was a chapter; drafts."""
    imported(
        rounds(FIRST, SECOND),
        chapters(
            {"round_number": "1", "chapter": "Goods", "status": "discussed"}, {"chapter": "Labour"}
        ),
    )
    return exported()


def exported() -> Lines:
    sheets = sheet.sheets_of(Initiative.objects.get())
    read = {kind: sheet.as_csv(kind, rows).decode("utf-8-sig") for kind, rows in sheets.items()}
    return {kind: list(csv.DictReader(io.StringIO(text))) for kind, text in read.items()}


def given(lines: Lines) -> list[File]:
    files = []
    for kind, rows in lines.items():
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
        files.append(File(f"{kind}.csv", text.getvalue().encode()))
    return files


def versions_of_rounds() -> list[int]:
    return list(Round.objects.order_by("pk").values_list("version", flat=True))


def opened(report: Any) -> list[str]:
    return [str(line) for line in report.left_open]


def test_a_case_goes_out_in_the_columns_that_an_import_reads(lines: Lines) -> None:
    goods, labour = lines["chapters"]

    assert lines["rounds"][0] | {"uid": ""} == FIRST | {"initiative": "Talks", "uid": ""}
    assert [lines["rounds"][1][name] for name in ("title", "start_date", "city", "mode")] == [
        *("'=Second", "2023-03", "Lima", ""),
    ]
    assert (goods["round_number"], goods["chapter"], goods["status"]) == (
        *("1", "Goods", "discussed"),
    )
    assert (labour["round_number"], labour["chapter"], labour["status"]) == ("", "Labour", "")


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_imported_again_as_it_is_it_changes_nothing(lines: Lines, kind: str) -> None:
    book = sheet.as_workbook(sheet.sheets_of(Initiative.objects.get()))
    before = everything()

    report, batch = record(given(lines) if kind == "csv" else [File("case.xlsx", book)])

    assert (report.rows, report.mistakes, report.diff, report.left_open) == (4, [], [], [])
    assert (report.changes_something, batch) == (False, None)
    assert everything() == before


CHANGES = (
    (0, "end_date", "2023-01-18", "end: 2023-01-17 → 2023-01-18"),
    (0, "start_date", "13 January 2023", "start: 2023-01-14 → 2023-01-13"),
    (0, "round_number", "2", "number: 1 → 2"),
    (0, "mode", "hybrid", "mode: in person → in person and by video"),
    (0, "city", "Taipei; Hualien", "city: Tainan → Hualien"),
    (1, "title", "Second round", "label: =Second → Second round"),
)


def test_one_changed_cell_is_one_change_of_one_row(lines: Lines) -> None:
    for row, column, cell, said in CHANGES:
        changed = deepcopy(lines)
        changed["rounds"][row][column] = cell

        report = tried(*given(changed))

        [line] = report.diff
        assert (line.sheet, line.row, line.column) == ("rounds.csv", row + 2, column)
        assert line.words.endswith(f"”: {said}.")
        assert (report.made, report.changed, report.left_open) == ({}, {"rounds": 1}, [])


def test_a_changed_sheet_is_imported_once_and_taken_back(lines: Lines) -> None:
    before, versions = exported(), versions_of_rounds()
    lines["rounds"][0]["city"] = "Taipei; Hualien"

    batch = imported(*given(lines))

    raised = [now - then for now, then in zip(versions_of_rounds(), versions, strict=True)]
    assert raised == [1, 0]
    assert exported() == lines
    assert not tried(*given(lines)).changes_something
    take_back(batch)
    assert exported() == before


def test_a_changed_status_changes_words_and_code_and_leaves_the_statement(lines: Lines) -> None:
    lines["chapters"][0]["status"] = "text tabled"

    batch = imported(*given(lines))

    outcome = Outcome.objects.get()
    assert (outcome.wording, outcome.result, outcome.statement) == (
        *("text tabled", "text_tabled", None),
    )
    assert [line["words"] for line in batch.report["diff"]] == [
        "changed “Goods: discussed”: "
        "wording: discussed → text tabled; result: discussed → text tabled."
    ]


def test_a_chapter_is_renamed_and_told_what_came_of_it(lines: Lines) -> None:
    lines["chapters"][1] |= {"chapter": "Work", "round_number": "1", "status": "closed"}

    imported(*given(lines))

    assert sorted(Chapter.objects.values_list("name", flat=True)) == ["Goods", "Work"]
    assert Outcome.objects.get(chapter__name="Work").result == "concluded"


def test_new_rows_may_stand_between_those_of_the_record(lines: Lines) -> None:
    fresh = dict.fromkeys(lines["rounds"][0], "") | {"initiative": "Talks", "title": "Third"}
    lines["rounds"].insert(1, fresh)

    batch = imported(*given(lines))

    assert batch.report["made"] == {"rounds": 1}
    assert batch.report["changed"] == {}


def test_what_a_sheet_cannot_change_is_told_cell_by_cell(lines: Lines) -> None:
    lines["rounds"][0] |= {"mode": "", "city": "Taipei", "country": "Taiwan", "parties": "North"}
    lines["rounds"][0]["source_url"] = "https://example.org/other"
    lines["chapters"][0]["round_number"] = "2"

    report = tried(*given(lines))

    met = "First round, Taipei, Tainan, 14–17 January 2023"
    assert [line for line in opened(report) if line.endswith("It is changed at the desk.")] == [
        f"rounds.csv, row 2, mode: is empty here; “{met}” keeps “in person”. "
        "It is changed at the desk.",
        f"rounds.csv, row 2, city: “{met}” keeps the venue Tainan, Elsewhere. "
        "It is changed at the desk.",
        f"rounds.csv, row 2, parties: “{met}” keeps “North; South”. It is changed at the desk.",
        f"rounds.csv, row 2, source_url: “{met}” keeps the source https://example.org/first. "
        "It is changed at the desk.",
        "chapters.csv, row 2, round_number: “Goods: discussed” keeps “1”. "
        "It is changed at the desk.",
    ]
    assert [str(line) for line in report.diff] == [
        "rounds.csv, row 2, source_url: new document “example.org/other”.",
        f"rounds.csv, row 2, source_url: added to “{met}”: the source https://example.org/other.",
    ]


def test_what_is_public_stays_as_it_is_and_the_report_says_how_it_is_corrected() -> None:
    case = factories.initiative(title="Talks")
    met = factories.round(initiative=case, label="First", start=date(2023, 1, 14), end=None)
    lines = {"rounds": exported()["rounds"]}
    lines["rounds"][0]["end_date"] = "2023-01-17"

    report, batch = record(given(lines))

    met.refresh_from_db()
    assert (met.end, batch, report.diff) == (None, None, [])
    assert opened(report) == [
        "rounds.csv, row 2, end_date: “First, from 14 January 2023” is cleared and stays as it is, "
        "though end: empty → 2023-01-17. It is corrected at the desk, with a reason."
    ]


def test_a_uid_that_is_unknown_or_there_twice_is_a_mistake(lines: Lines) -> None:
    lines["rounds"][1]["uid"] = lines["rounds"][0]["uid"]
    lines["chapters"][0]["uid"] = lines["rounds"][0]["uid"]
    lines["chapters"][1]["uid"] = "x"

    uid = lines["rounds"][0]["uid"]
    assert mistakes(*given(lines)) == [
        "rounds.csv, row 3, uid: row 2 is of the same.",
        f"chapters.csv, row 2, uid: no outcome or chapter bears “{uid}”; "
        "the cell of a new row stays empty.",
        "chapters.csv, row 3, uid: no outcome or chapter bears “x”; "
        "the cell of a new row stays empty.",
    ]
