"""Each form of words in the tables reads its own example."""

from datetime import date

import pytest

from rounds.intake import clauses, dates, document, han_dates, kinds, numbering, where
from rounds.intake.dates import Calendar
from rounds.intake.tables import Pattern, publishers, table

READ_AS_OF = Calendar(date(2023, 1, 4), order="mdy")


def named(patterns: tuple[Pattern, ...]) -> dict:
    return {"argvalues": patterns, "ids": [pattern.name for pattern in patterns]}


@pytest.mark.parametrize("pattern", **named(dates.FORMS))
def test_english_days_are_read_as_their_example_says(pattern: Pattern) -> None:
    found = dates.between(pattern.example, dates.find(pattern.example))

    assert [day.form for day in found] == [pattern.name]
    assert [str(when) for day in found for when in dates.place(day, READ_AS_OF)] == [pattern.reads]


@pytest.mark.parametrize("pattern", **named(han_dates.FORMS))
def test_chinese_days_are_read_as_their_example_says(pattern: Pattern) -> None:
    found = han_dates.read(pattern.example, READ_AS_OF)

    assert [str(when) for when, _, _ in found] == [pattern.reads]


@pytest.mark.parametrize(
    ("words", "reads"),
    [
        ("Tuesday, November 8, and Wednesday, November 9", ["2022-11-08/2022-11-09"]),
        ("between 5 and 9 December", ["2022-12-05/2022-12-09"]),
        ("on 5 and 20 January", ["2023-01-05", "2023-01-20"]),
        ("Oct. 11 to 17", ["2022-10-11/2022-10-17"]),
        ("on 19th September, 2025", ["2025-09-19"]),
        ("28 December to 2 January", ["2022-12-28/2023-01-02"]),
        ("05 APR 2025 6:20PM", ["2025-04-05"]),
        ("30 February 2023", []),
        ("on 31 April", []),
    ],
)
def test_days_that_ready_libraries_misread(words: str, reads: list[str]) -> None:
    found = dates.between(words, dates.find(words))

    assert [str(when) for day in found for when in dates.place(day, READ_AS_OF)] == reads


@pytest.mark.parametrize(
    ("order", "reads"), [("mdy", ["2013-04-11"]), ("dmy", ["2013-11-04"]), (None, [])]
)
def test_numbers_are_read_by_the_order_of_the_publisher_or_not_at_all(
    order: str | None, reads: list[str]
) -> None:
    found = [
        str(when)
        for day in dates.find("4-11-2013")
        for when in dates.place(day, Calendar(date(2013, 11, 4), order=order))
    ]

    assert found == reads


@pytest.mark.parametrize("pattern", **named(kinds.KINDS))
def test_a_kind_of_meeting_is_told_by_the_words_of_its_example(pattern: Pattern) -> None:
    assert pattern.form.search(pattern.example)
    first = next(one for one in kinds.KINDS if one.form.search(pattern.example))
    assert first.reads == pattern.reads


@pytest.mark.parametrize("pattern", **named(numbering.NUMBERED))
def test_a_round_bears_the_number_of_its_example(pattern: Pattern) -> None:
    assert [str(number) for number, _ in numbering.numbers_in(pattern.example)] == [pattern.reads]


@pytest.mark.parametrize("pattern", **named((*where.MODES, *where.PRESS, *document.KINDS)))
def test_modes_press_access_and_documents_are_told_by_their_example(pattern: Pattern) -> None:
    assert pattern.form.search(pattern.example)


@pytest.mark.parametrize("pattern", **named(document.DATED))
def test_a_date_line_is_known_by_its_form(pattern: Pattern) -> None:
    assert pattern.form.search(pattern.example)
    assert any(
        str(when) == pattern.reads
        for when, _, _ in document.days_in_line(pattern.example, READ_AS_OF)
    )


@pytest.mark.parametrize("pattern", **named(clauses.FORMS))
def test_a_clause_is_known_by_its_form(pattern: Pattern) -> None:
    found = pattern.form.search(pattern.example)

    assert found
    assert found["value"].strip() == pattern.reads


def test_each_publisher_says_how_it_writes_dates_and_on_whose_side_it_stands() -> None:
    parties = {party["name"] for party in table("parties")}

    assert len(publishers()) > 20
    for publisher in publishers():
        assert publisher["date_order"] in ("mdy", "dmy", "ymd")
        # The World Trade Organization is on no side.
        assert publisher["side"] in {*parties, None}
        assert publisher["says"]


def test_bodies_name_parties_of_the_table() -> None:
    parties = {party["name"] for party in table("parties")}

    assert {body["party"] for body in table("bodies")} - parties == {None}
