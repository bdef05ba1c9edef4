"""Dates as people write them."""

from datetime import date, datetime
from typing import Any

import pytest

from rounds.importing.dates import Style, Unreadable, read, read_cell

JANUARY = (date(2023, 1, 14), date(2023, 1, 17), "day")


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2023-01-14", "2023-01-17", JANUARY),
        ("14-17 January 2023", "", JANUARY),
        ("January 14–17, 2023", "", JANUARY),
        ("Sat 14 to Tue 17 Jan. 2023", "", JANUARY),
        ("14th January 2023", "17th January 2023", JANUARY),
        ("14/01/2023", "17/01/2023", JANUARY),
        ("14.-17.01.2023", "", JANUARY),
        ("2023-01-14 00:00:00", "2023-01-17T00:00:00Z", JANUARY),
        ("2023-01-14/2023-01-17", "", JANUARY),
        ("14-Jan-2023", "17-Jan-2023", JANUARY),
        ("14 au 17 janvier 2023", "", JANUARY),
        ("2023年1月14-17日", "", JANUARY),
        (datetime(2023, 1, 14), date(2023, 1, 17), JANUARY),
        (44940, 44943.0, JANUARY),
        ("44940", "44943.5", JANUARY),
        ("28 February – 3 March 2023", "", (date(2023, 2, 28), date(2023, 3, 3), "day")),
        ("30 December - 3 January 2023", "", (date(2022, 12, 30), date(2023, 1, 3), "day")),
        ("1/13/2023", "", (date(2023, 1, 13), None, "day")),
        ("04/04/2023", "", (date(2023, 4, 4), None, "day")),
        ("2023-10", "", (date(2023, 10, 1), None, "month")),
        ("10/2023", "", (date(2023, 10, 1), None, "month")),
        ("March 2021", "", (date(2021, 3, 1), None, "month")),
        ("January/February 2023", "", (date(2023, 1, 1), date(2023, 2, 1), "month")),
        ("Q3 2021", "", (date(2021, 7, 1), None, "quarter")),
        ("2021", "", (date(2021, 1, 1), None, "year")),
        ("2024-03-00", "", (date(2024, 3, 1), None, "month")),
        ("00/00/2024", "", (date(2024, 1, 1), None, "year")),
        ("del 10 al 12 de marzo de 2024", "", (date(2024, 3, 10), date(2024, 3, 12), "day")),
        (2021, "", (date(2021, 1, 1), None, "year")),
        ("week of 14 January 2023", "", (date(2023, 1, 14), None, "week")),
        ("", "", (None, None, "day")),
    ],
)
def test_a_date_is_read_no_more_precisely_than_it_is_written(
    start: Any, end: Any, expected: Any
) -> None:
    period, left_open = read(start, end)

    assert (period.first, period.last, period.precision) == expected
    assert (period.wording, left_open) == ("", "")


@pytest.mark.parametrize(
    ("start", "end", "first", "precision", "wording"),
    [
        ("early March 2021", "", date(2021, 3, 1), "month", "early March 2021"),
        ("fall 2022", "", date(2022, 1, 1), "year", "fall 2022"),
        ("H1 2024", "", date(2024, 1, 1), "year", "H1 2024"),
        ("around 14 March 2021", "", date(2021, 3, 1), "month", "around 14 March 2021"),
        ("before June 2020", "", None, "day", "before June 2020"),
        ("14 January 2023", "TBC", date(2023, 1, 14), "day", "14 January 2023 – TBC"),
        ("TBC", "", None, "day", "TBC"),
        ("14 January 2023", "2023", date(2023, 1, 14), "day", "14 January 2023 – 2023"),
        ("", "17 January 2023", None, "day", "– 17 January 2023"),
    ],
)
def test_what_is_vague_is_kept_in_its_own_words(
    start: str, end: str, first: Any, precision: str, wording: str
) -> None:
    period, _left_open = read(start, end)

    assert (period.first, period.precision, period.wording) == (first, precision, wording)


@pytest.mark.parametrize(
    ("written", "first", "precision", "doubt"),
    [
        (
            "03/04/2023",
            date(2023, 1, 1),
            "year",
            "“03/04/2023” can be 3 April or 4 March 2023: only the year is taken.",
        ),
        (
            "2010/11",
            date(2010, 1, 1),
            "year",
            "“2010/11” can be a month or two years: only the year is taken.",
        ),
        ("2023-24", date(2023, 1, 1), "year", "“2023-24” can be two years."),
        ("14-Mar-24", None, "day", "“14-Mar-24” leaves the century open: kept as the wording."),
        ("14/01/23", None, "day", "“14/01/23” leaves the century open: kept as the wording."),
        (
            "Jaunary 2023",
            None,
            "day",
            "“Jaunary 2023” is not read as a date: “jaunary” is no part of one. "
            "Did you mean “January”?",
        ),
        ("14 January", None, "day", "“14 January” names no year."),
        ("10-12 March, 15 May & 2 June 2024", None, "day", ""),
    ],
)
def test_of_what_is_not_sure_only_what_is_sure_is_taken_and_the_words_are_kept(
    written: str, first: Any, precision: str, doubt: str
) -> None:
    period = read_cell(written)

    assert (period.first, period.precision, period.wording) == (first, precision, written)
    assert period.doubt.startswith(doubt)


def test_figures_are_read_as_the_other_dates_of_the_sheet_prove() -> None:
    assert read_cell("03/04/2023", Style(day_first=True)).first == date(2023, 4, 3)
    assert read_cell("03/04/2023", Style(day_first=False)).first == date(2023, 3, 4)
    assert read_cell("3.4.23", Style(True, 20)).first == date(2023, 4, 3)
    assert read_cell("14-Mar-24", Style(None, 20)).first == date(2024, 3, 14)


@pytest.mark.parametrize(
    ("start", "end", "complaint"),
    [
        ("31 February 2023", "", "“31 February 2023” is no day of the calendar."),
        ("2023-13-45", "", "“2023-13-45” is no day of the calendar."),
        ("0000/01", "", "The year 0 lies too far from our time."),
        (
            449,
            "",
            "“449” is a number and no date: format the cell as a date, or write it out.",
        ),
        ("17 May 2023", "14 May 2023", "“14 May 2023” lies before “17 May 2023”."),
    ],
)
def test_what_cannot_be_is_refused_in_words(start: Any, end: Any, complaint: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read(start, end)

    assert str(refused.value) == complaint
