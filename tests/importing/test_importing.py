"""What an import records, leaves open, refuses and takes back."""

import csv
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import pytest
from django.core.management.base import CommandError
from django.db import connection
from openpyxl import load_workbook
from openpyxl.utils.datetime import MAC_EPOCH

from mandates.models import Chapter, Document, Initiative, Party, Statement
from rounds.importing.importing import File, Refusal, record, take_back
from rounds.models import ActionItem, Import, Outcome, Round
from tests import factories
from tests.importing.sheet import (
    CHAPTERS,
    ROUNDS,
    chapters,
    command,
    csv_file,
    everything,
    imported,
    mistakes,
    rounds,
    tried,
    workbook,
)
from tests.rollback import undone
from tradeinit.publication import log, registry
from tradeinit.publication.gate import writing
from tradeinit.publication.models import Publication

SHEETS = Path(__file__).parent / "sheets"
FIRST = {
    "parties": "North; South",
    "round_number": "1",
    "title": "First round",
    "start_date": "14 January 2023",
    "end_date": "17 January 2023",
    "city": "Taipei",
    "country": "Taiwan",
    "mode": "in person",
    "source_url": "https://example.org/first",
}

pytestmark = pytest.mark.django_db


def opened(report) -> list[str]:
    return [str(line) for line in report.left_open]


# What is recorded


def test_a_row_makes_a_case_with_parties_a_round_and_its_source_as_drafts() -> None:
    imported(rounds(FIRST))

    met = Round.objects.get()
    assert (met.label, met.number, met.start, met.end, met.precision, met.mode, met.state) == (
        *("First round", 1, date(2023, 1, 14), date(2023, 1, 17), "day", "in_person", "held"),
    )
    assert [(venue.city, venue.country) for venue in met.venues.all()] == [("Taipei", "Taiwan")]
    assert [str(c.document.address) for c in met.citations.all()] == ["https://example.org/first"]
    assert str(met.initiative.kind) == "bilateral"
    assert sorted(met.initiative.initiative_parties.values_list("party__name", flat=True)) == [
        *("North", "South"),
    ]
    drafts = [Initiative, Party, Round, Document]
    assert [model.objects.exclude(public_from=None).count() for model in drafts] == [0, 0, 0, 0]
    assert Publication.objects.count() == 0
    assert {row.history.get().history_change_reason for row in Round.objects.all()} == {
        "Imported from rounds.csv."
    }


def test_a_second_import_of_the_same_files_changes_nothing() -> None:
    files = [rounds(FIRST, {**FIRST, "title": "Talks", "round_number": ""}), chapters(
        {"round_number": "1", "chapter": "Services", "status": "text tabled"}
    )]  # fmt: skip
    imported(*files)
    before = everything()

    report, batch = record(files)

    assert (report.made, report.changed, batch) == ({}, {}, None)
    assert everything() == before


def test_the_same_number_in_two_phases_makes_two_rounds() -> None:
    imported(
        rounds(
            {**FIRST, "start_date": "April 2000", "end_date": "", "source_url": ""},
            {**FIRST, "start_date": "29 June - 2 July 2010", "end_date": "", "source_url": ""},
        )
    )

    found = Round.objects.order_by("start").values_list("number", "start", "precision")
    assert list(found) == [(1, date(2000, 4, 1), "month"), (1, date(2010, 6, 29), "day")]


def test_a_chapter_of_a_number_that_two_phases_share_goes_to_the_round_of_its_source() -> None:
    imported(
        rounds(
            {**FIRST, "start_date": "April 2000", "end_date": "", "source_url": ""},
            FIRST,
        ),
        chapters(
            {
                "round_number": "1",
                "chapter": "Services",
                "status": "closed",
                "source_url": "http://www.example.org/first/",
            },
            {"round_number": "1", "chapter": "Goods", "status": "closed"},
        ),
    )

    assert Outcome.objects.get().round.start == date(2023, 1, 14)
    assert ActionItem.objects.get().text == (
        "Imported status of “Goods”: “closed”; several rounds are numbered 1: "
        "First round, April 2000; First round, 14–17 January 2023."
    )


def test_a_status_keeps_its_words_and_gets_a_code_only_where_one_fits() -> None:
    imported(
        rounds(FIRST),
        chapters(
            {"round_number": "I", "chapter": "Goods", "status": "Provisionally closed"},
            {"round_number": "1", "chapter": "Services", "status": "wide open"},
        ),
    )

    goods, services = Outcome.objects.order_by("chapter__name")
    assert (goods.wording, goods.result) == ("Provisionally closed", "provisionally_closed")
    assert (goods.statement.value, goods.statement.effective_on) == (
        *("provisionally_closed", date(2023, 1, 17)),
    )
    assert (services.wording, services.result, services.statement) == ("wide open", "", None)


def test_an_outcome_without_a_code_cannot_be_published(clerk) -> None:
    imported(rounds(FIRST), chapters({"round_number": "1", "chapter": "A", "status": "wide open"}))
    case = Initiative.objects.get()
    form = {"action": "publish_with_drafts_below", "_selected_action": [str(case.pk)]}

    response = clerk.post("/admin/mandates/initiative/", form, follow=True)

    assert response.status_code == 200
    assert Outcome.objects.exclude(public_from=None).count() == 0


def test_an_import_leaves_what_is_public_as_it_is_and_says_so() -> None:
    case = factories.initiative(title="Talks")
    met = factories.round(
        initiative=case, label="First round", number=1, start=date(2023, 1, 14), end=None
    )
    before = Publication.objects.count()

    report, _batch = record([rounds({**FIRST, "parties": ""})])

    met.refresh_from_db()
    assert (met.end, met.mode, met.citations.count()) == (None, "unknown", 0)
    assert Publication.objects.count() == before
    assert any("is cleared and stays as it is, though" in line for line in opened(report))


def test_a_draft_takes_what_the_sheet_knows_by_now() -> None:
    imported(rounds({**FIRST, "end_date": "", "mode": ""}))

    batch = imported(rounds(FIRST))

    met = Round.objects.get()
    assert (met.end, met.mode, met.version) == (date(2023, 1, 17), "in_person", 2)
    assert [line["words"] for line in batch.report["diff"]] == [
        "changed “First round, Taipei, from 14 January 2023”: "
        "end: empty → 2023-01-17; mode: not stated → in person."
    ]


def test_near_names_are_proposed_and_can_be_said_to_be_the_same() -> None:
    factories.party(name="United States", slug="united-states")
    given = rounds({**FIRST, "parties": "US; South"})

    report = tried(given)
    record([given], choices={"US": "united-states"})

    assert report.near == [
        {
            "resource": "parties",
            "name": "US",
            "near": [{"slug": "united-states", "name": "United States"}],
        }
    ]
    assert sorted(Party.objects.values_list("name", flat=True)) == ["South", "United States"]


# How it is written


@pytest.mark.parametrize(
    "style",
    [
        {"delimiter": ";"},
        {"delimiter": "\t"},
        {"newline": "\r\n", "mark": b"\xef\xbb\xbf"},
        {"mark": b"sep=,\n"},
    ],
    ids=str,
)
def test_files_are_read_in_whatever_dialect(style) -> None:
    row = {"initiative": "Talks", **FIRST, "parties": "North | South"}
    columns = list(reversed(ROUNDS))

    imported(csv_file("a.csv", columns, [row], **style))

    assert Round.objects.get().end == date(2023, 1, 17)
    assert Party.objects.count() == 2


def test_a_workbook_may_hold_both_sheets_with_dates_and_numbers_as_such() -> None:
    titles = [name.replace("_", " ").title() for name in ROUNDS]
    row = ["Talks", "A;B", 2.0, "Second", datetime(2023, 5, 1), datetime(2023, 5, 3)]
    imported(
        workbook(
            "book.xlsx",
            Notes=[["Kept by the office"]],
            Rounds=[["Rounds of the talks"], titles, [*row, "Paris", "France", "Online", None]],
            Chapters=[list(CHAPTERS), ["Talks", 2, "Goods", "discussed", None]],
        )
    )

    met = Round.objects.get()
    assert (met.number, met.start, met.end, met.mode) == (
        *(2, date(2023, 5, 1), date(2023, 5, 3), "virtual"),
    )
    assert Outcome.objects.get().result == "discussed"


def test_days_may_stand_as_the_numbers_that_a_spreadsheet_gives_them() -> None:
    row = ["Talks", "A;B", 1, "First", 44940, 44943.0]
    since_1904 = ["Talks", "A;B", 2, "Second", 43478, 43481]
    for name, line in (("a.xlsx", row), ("mac.xlsx", since_1904)):
        book = workbook(name, Rounds=[list(ROUNDS), line])
        imported(of_a_mac(book) if name == "mac.xlsx" else book)

    january = (date(2023, 1, 14), date(2023, 1, 17))
    assert [(met.start, met.end) for met in Round.objects.all()] == [january, january]


def of_a_mac(book: File) -> File:
    read = load_workbook(BytesIO(book.content))
    read.epoch = MAC_EPOCH
    content = BytesIO()
    read.save(content)
    return File(book.name, content.getvalue())


def test_a_sheet_with_all_that_foreign_sheets_do_comes_in_as_it_is() -> None:
    heads = [" CITY ", "Initiative", "Title", "Round Number", "Start Date", "End Date"]
    heads += ["PARTIES", "Country", "Mode", "Source URL"]
    lines = [
        "Taipei; Tainan|Talks|First|1|January 2023||North; Bloc (South, West)|Taiwan|in person|",
        "|Talks|Second||2023-05-02|||||",
        "Lima|Talks|First|1|2024-02-01|2024-02-03||Peru|hybrid|https://example.org/phase-two",
        "|Talks|Second||2023-05-02|||||",
    ]
    text = "\r\n".join([";".join(heads), *(quoted(line) for line in lines)])
    statuses = chapters(
        {"round_number": "1", "chapter": "Goods", "status": "nearly there, bar two brackets"},
        {"round_number": "1", "chapter": "Services", "status": "CLOSED"},
    )

    batch = imported(File("foreign.csv", b"\xef\xbb\xbf" + text.encode()), statuses)

    found = Round.objects.order_by("start")
    assert [(met.label, met.number, met.start, met.end, met.cities) for met in found] == [
        ("First", 1, date(2023, 1, 1), None, ["Taipei", "Tainan"]),
        ("Second", None, date(2023, 5, 2), None, []),
        ("First", 1, date(2024, 2, 1), date(2024, 2, 3), ["Lima"]),
    ]
    bloc = Party.objects.get(name="Bloc")
    assert (bloc.kind, sorted(bloc.members.values_list("name", flat=True))) == (
        *("bloc", ["South", "West"]),
    )
    # Two rounds bear the number, so whose outcomes these are is asked and not guessed.
    assert not Outcome.objects.exists()
    assert sorted(ActionItem.objects.values_list("chapter__name", flat=True)) == [
        *("Goods", "Services"),
    ]
    take_back(batch)
    assert everything() == {model.resource: [] for model in registry.models()}


def quoted(line: str) -> str:
    return ";".join(f'"{cell}"' if ";" in cell else cell for cell in line.split("|"))


STRANGER = """\
Register of rounds, 2021-2024 (provisional),,;;;;;;;;;
;;;;;;;;;
INITIATIVE;Parties;Round Number; Title ;Start-Date;End date;City;COUNTRY;Mode;Source URL
EPA;Korea, Republic of / Côte d'Ivoire;III;Third;10/03/2024;12/03/2024;n/a;;pasillo;ex.org/3
;;3bis;;14/03/2024;;TBD;;In-person / online;see annex
;;TBD;Ministers;2024-05-00;TBC;Online;;;TBD
;;;;;;;;;
Pact;"Mercosur (Argentina; Brasil); UK";-;Ministers;spring 2023;;;;TBC;https://ex.org/a https://ex.org/b
Pact;UK;-;Ministers;2023;;;;TBC;
Pact;UK;-;Ministers;2023;;;;TBC;

Source: the ministry;;;;;;;;;
"""


def test_a_stranger_s_sheet_comes_in_with_what_is_sure_and_the_rest_is_left_to_staff() -> None:
    sheet = File("a.csv", b"\xef\xbb\xbf" + STRANGER.encode())

    batch = imported(sheet)

    found = [
        (met.label, met.number, met.start, met.end, met.precision, met.wording, met.mode)
        for met in Round.objects.order_by("pk")
    ]
    march = (date(2024, 3, 10), date(2024, 3, 12), "day", "", "unknown")
    year = (date(2023, 1, 1), None, "year")
    assert found == [
        ("Third", 3, *march),
        ("Round 3bis", None, date(2024, 3, 14), None, "day", "", "hybrid"),
        ("Ministers", None, date(2024, 5, 1), None, "month", "2024-05-00 – TBC", "virtual"),
        ("Ministers", None, *year, "spring 2023", "unknown"),
        ("Ministers", None, *year, "", "unknown"),
    ]
    assert sorted(Party.objects.values_list("name", flat=True)) == [
        *("Argentina", "Brasil", "Côte d'Ivoire", "Korea, Republic of", "Mercosur", "UK"),
    ]
    assert sorted(ActionItem.objects.values_list("text", flat=True)) == [
        "Imported mode of “Third”: “pasillo”.",
        "Imported source: “see annex”.",
    ]
    told = [f"{line['row']}: {line['words']}" for line in batch.report["left_open"]]
    assert "None: 2 dates are read day before month, as row 5, start_date, proves." in told
    assert "5: no initiative is named: taken for that of row 4." in told
    assert "10: the same meeting as in row 9, taken as one." in told
    assert "12: taken for a note and not read: “Source: the ministry”." in told
    assert record([sheet])[1] is None
    take_back(batch)
    assert everything() == {model.resource: [] for model in registry.models()}


def test_a_row_that_tells_of_no_round_makes_none() -> None:
    batch = imported(rounds({"parties": "North; South"}))

    assert (Initiative.objects.count(), Round.objects.count()) == (1, 0)
    assert "neither number, title, day nor place: no round is made." in str(batch.report)


def test_dates_that_contradict_each_other_prove_no_order() -> None:
    when = ["03/04/2024", "14/04/2024", "04/14/2024", "05/04/2024"]

    batch = imported(rounds(*({**FIRST, "start_date": day, "end_date": ""} for day in when)))

    assert list(Round.objects.order_by("pk").values_list("start", "precision", "wording")) == [
        (date(2024, 1, 1), "year", "03/04/2024"),
        (date(2024, 4, 14), "day", ""),
        (date(2024, 1, 1), "year", "05/04/2024"),
    ]
    assert (
        "row 3, start_date and row 4, start_date, write day and month in either order, so of 2 "
        "dates neither is sure: only their year is taken."
    ) in [line["words"] for line in batch.report["left_open"]]


def test_what_a_sheet_knows_less_exactly_than_a_draft_changes_nothing() -> None:
    imported(rounds(FIRST))
    before = everything()

    report, batch = record([rounds({**FIRST, "start_date": "early 2023", "end_date": ""})])

    assert (report.diff, batch) == ([], None)
    assert everything() == before


# What is refused


def test_unknown_columns_are_refused_with_the_near_ones() -> None:
    found = mistakes(csv_file("a.csv", ["initiative", "titel", "Start", "x"], []))

    assert found == [
        "a.csv, row 1, titel: no such column; near it are title.",
        "a.csv, row 1, Start: no such column; near it are start_date.",
        "a.csv, row 1, x: no such column; there are initiative, parties, round_number, title, "
        "start_date, end_date, city, country, mode, source_url, uid.",
    ]


def test_mistakes_of_one_sheet_do_not_hide_those_of_another() -> None:
    wrong = csv_file("a.csv", ["initiative", "titel"], [{"initiative": "Talks"}])
    stray = csv_file("c.csv", [*CHAPTERS, ""], [{"initiative": "T", "chapter": "A", "": "x"}])

    assert mistakes(wrong, rounds({**FIRST, "start_date": "2023-02-30"}), stray)[:3] == [
        "a.csv, row 1, titel: no such column; near it are title.",
        "c.csv, row 2, F: this cell stands under no heading.",
        "rounds.csv, row 2, start_date: “2023-02-30” is no day of the calendar.",
    ]


def test_words_beside_an_address_are_told_and_not_kept() -> None:
    batch = imported(rounds({**FIRST, "source_url": "See https://example.org/first"}))

    assert Document.objects.get().address == "https://example.org/first"
    assert "“See” beside the address is not kept." in str(batch.report["left_open"])


def test_a_column_that_is_missing_or_there_twice_is_told() -> None:
    assert mistakes(csv_file("a.csv", ["title", "city", "title"], [])) == [
        "a.csv, row 1, title: the column title is there twice.",
        "a.csv, row 1, initiative: this column is missing.",
    ]


BAD = {**FIRST, "start_date": "2023-13-45", "end_date": "31 February 2023"}


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_bad_row_anywhere_writes_nothing_and_every_mistake_is_told(
    place: int, trust: Callable[[int, str], None]
) -> None:
    rows = [FIRST, {**FIRST, "round_number": "2"}]
    rows.insert(place, BAD)
    before = everything()

    found = mistakes(
        rounds(*rows, {**FIRST, "title": "x" * 201}),
        chapters({"round_number": "1", "chapter": ""}, {"chapter": "x" * 301}),
    )

    row = place + 2
    assert [line.split(":")[0] for line in found] == [
        f"rounds.csv, row {row}, start_date",
        f"rounds.csv, row {row}, end_date",
        "rounds.csv, row 5, title",
        "chapters.csv, row 2, chapter",
        "chapters.csv, row 3, chapter",
    ]
    assert everything() == before
    assert Import.objects.count() == 0
    trust(19, "a bad row first, in the middle, last: nothing written, 5 of 5 mistakes told")


def test_what_the_record_itself_refuses_is_told_by_row_and_column() -> None:
    assert mistakes(rounds({**FIRST, "title": "x" * 201, "city": "y" * 101})) == [
        "rounds.csv, row 2, title: Ensure this value has at most 200 characters (it has 201)."
    ]


def test_a_formula_is_kept_as_text_and_exported_safely(tmp_path: Path) -> None:
    imported(rounds({**FIRST, "title": "=1+1"}))

    command("export_record", str(tmp_path))

    assert Round.objects.get().label == "=1+1"
    assert ",'=1+1," in (tmp_path / "rounds.csv").read_text()
    assert json.loads((tmp_path / "rounds.json").read_text())[0]["label"] == "=1+1"


# Trying, taking back


def test_a_dry_run_tells_the_same_and_writes_nothing() -> None:
    files = [rounds(FIRST), chapters({"round_number": "1", "chapter": "A", "status": "closed"})]
    before = everything()

    report = tried(*files)

    assert everything() == before
    assert report.as_json() == imported(*files).report


def exported(folder: Path) -> dict[str, bytes]:
    command("export_record", str(folder))
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir())}


ALL = "160 rows; made: 4 action items, 17 chapters, 2 documents"


@pytest.mark.parametrize(
    ("rows", "kind", "said_of_it"),
    [
        (26, "csv", "46 rows; made: "),
        pytest.param(140, "csv", ALL, marks=pytest.mark.full),
        pytest.param(140, "xlsx", ALL, marks=pytest.mark.full),
    ],
)
def test_a_foreign_sheet_comes_in_and_goes_out_without_a_trace(
    tmp_path: Path, rows: int, kind: str, said_of_it: str, trust: Callable[[int, str], None]
) -> None:
    factories.party(name="Japan")
    before = exported(tmp_path / "before")
    lines = (SHEETS / "rounds.csv").read_text().splitlines()
    assert len(lines) == 141
    some = [lines[0], *lines[-rows:]]
    chosen = {"rounds": some, "chapters": (SHEETS / "chapters.csv").read_text().splitlines()}
    if kind == "xlsx":
        book = workbook("b.xlsx", **{name: list(csv.reader(of)) for name, of in chosen.items()})
        (tmp_path / book.name).write_bytes(book.content)
        sheets = [str(tmp_path / book.name)]
    else:
        for name, of in chosen.items():
            (tmp_path / f"{name}.csv").write_text("\n".join(of))
        sheets = [str(tmp_path / f"{name}.csv") for name in chosen]

    tried_first = command("import_record", *sheets, "--dry-run")
    said = command("import_record", *sheets)
    again = command("import_record", *sheets)
    batch = Import.objects.get()
    undone = command("undo_import", str(batch.pk))

    assert "Dry run: nothing was written." in tried_first
    assert said_of_it in said
    assert "Nothing to change: all of it is in the record." in again
    assert "are as before" in undone
    assert exported(tmp_path / "after") == before
    assert list(log.differences()) == []
    trust(19, f"{rows} rows of foreign rounds, again: 0 changes; taken back: not a byte is left")


def test_what_staff_have_worked_on_since_is_not_taken_back() -> None:
    batch = imported(rounds(FIRST))
    with writing():
        met = Round.objects.get()
        met.summary = "Written since."
        met.save()
    before = everything()

    with pytest.raises(Refusal) as refused:
        take_back(batch)

    named = "First round, Taipei, 14–17 January 2023"
    assert str(refused.value) == f"Nothing was taken back: “{named}” has been worked on since."
    assert everything() == before


def test_what_others_have_used_since_is_not_taken_back() -> None:
    batch = imported(rounds(FIRST))
    factories.chapter(initiative=Initiative.objects.get(), public=False, name="Entered since")

    with pytest.raises(Refusal) as refused:
        take_back(batch)

    assert "is used by “Entered since”" in str(refused.value)
    assert Round.objects.count() == 1


def test_an_import_is_taken_back_once() -> None:
    batch = imported(rounds(FIRST))
    take_back(batch)

    with pytest.raises(CommandError, match="not in the record"):
        command("undo_import", str(batch.pk))


def test_an_export_can_be_loaded_into_an_empty_site(tmp_path: Path) -> None:
    case = factories.initiative(title="Talks")
    met = factories.round(initiative=case, venues=["Taipei"], public=False)
    chapter = factories.chapter(initiative=case)
    factories.outcome(round=met, chapter=chapter, public=False)
    text = factories.document(initiative=case, chapters=[chapter])
    factories.citation(record=case, document=text)
    before = exported(tmp_path / "before")
    with writing():
        for model in (Outcome, Round):
            model.objects.all().delete()

    dry = command("import_record", str(tmp_path / "before"), "--dry-run")
    assert Round.objects.count() == 0
    said = command("import_record", str(tmp_path / "before"))
    again = command("import_record", str(tmp_path / "before"))

    assert (
        dry
        == "2 records made, 3 already there and left as they are. Dry run: nothing was written.\n"
    )
    assert said == "2 records made, 3 already there and left as they are.\n"
    assert again == "0 records made, 5 already there and left as they are.\n"
    assert exported(tmp_path / "after") == before


def test_an_empty_site_tells_as_withdrawn_what_an_export_says_was_public_and_withdrawn(
    client, tmp_path: Path
) -> None:
    with undone():
        party = factories.party()
        text = factories.document(originators=[party])
        met = factories.round()
        came = factories.outcome(round=met)
        never = factories.round(public_from=datetime(2040, 1, 1, tzinfo=UTC))
        for row in (party, met, never):
            factories.withdraw(row, reason="It was never a party.")
        before = exported(tmp_path / "before")

    dry = command("import_record", str(tmp_path / "before"), "--dry-run")
    assert Publication.objects.count() == 0
    command("import_record", str(tmp_path / "before"))

    assert "Dry run: nothing was written." in dry
    assert exported(tmp_path / "after") == before
    answers = {
        row: client.get(f"/api/v1/{row.resource}/{row.key}/")
        for row in (text, party, met, came, never)
    }
    assert [answer.status_code for answer in answers.values()] == [200, 410, 410, 410, 404]
    assert "It was never a party." in answers[party].json()["detail"]
    assert answers[text].json()["originators"] == [party.slug]
    told = Publication.objects.exclude(action="published").values_list("uid", "number", "body")
    assert sorted(told) == sorted((row.uid, 1, "") for row in (party, met, came))


def test_the_record_is_written_as_a_workbook_too(tmp_path: Path) -> None:
    case = factories.initiative(title="=Talks")
    met = factories.round(initiative=case, venues=["Taipei"], public=False)

    command("export_record", str(tmp_path), "--xlsx")

    book = load_workbook(tmp_path / "record.xlsx", read_only=True)
    assert sorted(book.sheetnames) == sorted(model.resource for model in registry.models())
    heads, row = (list(line) for line in book["rounds"].iter_rows(values_only=True))
    told = dict(zip(heads, row, strict=True))
    assert (told["slug"], told["initiative"]) == (met.slug, case.slug)
    assert "Taipei" in told["venues"]
    titles = [line[heads.index("slug")] for line in book["initiatives"].iter_rows(values_only=True)]
    assert titles == ["slug", case.slug]


# More than one at a time


@pytest.mark.django_db(transaction=True)
def test_of_imports_at_once_each_record_is_made_once() -> None:
    answers: list[bool] = []

    def run() -> None:
        report, batch = record([rounds(FIRST)])
        answers.append(batch is not None and not report.mistakes)
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers.count(True) == 1
    assert [Initiative.objects.count(), Round.objects.count(), Party.objects.count()] == [1, 1, 2]


@pytest.mark.django_db(transaction=True)
def test_an_import_that_is_killed_half_way_leaves_nothing(
    tmp_path: Path, trust: Callable[[int, str], None]
) -> None:
    """Killed in earnest, by a signal that no process can catch, once half the rows are written."""
    program = (
        "import os, signal, sys, django; django.setup()\n"
        "from django.db import connections\n"
        "connections['default'].settings_dict['NAME'] = sys.argv[1]\n"
        "from rounds.importing.importing import File, record\n"
        "content = open(sys.argv[2], 'rb').read()\n"
        "def step(done, total):\n"
        "    if done * 2 > total: os.kill(os.getpid(), signal.SIGKILL)\n"
        "record([File('rounds.csv', content)], step=step)\n"
    )
    few = tmp_path / "rounds.csv"
    few.write_text("\n".join((SHEETS / "rounds.csv").read_text().splitlines()[:12]))
    before = everything()

    ended = subprocess.run(
        [sys.executable, "-c", program, str(connection.settings_dict["NAME"]), str(few)],
        timeout=120,
        env={"DJANGO_SETTINGS_MODULE": "tradeinit.settings", **os.environ},
    )

    assert ended.returncode == -signal.SIGKILL
    assert everything() == before
    assert [Import.objects.count(), Chapter.objects.count(), Statement.objects.count()] == [0, 0, 0]
    trust(19, "the process killed half-way: nothing written")
