"""Dates as people write them."""

from datetime import date, datetime
from typing import Any

import pytest

from rounds.importing.dates import Unreadable, read

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
    ("start", "end", "complaint"),
    [
        (
            "03/04/2023",
            "",
            "“03/04/2023” can be 3 April or 4 March 2023: write 2023-04-03 or 2023-03-04.",
        ),
        ("14/01/23", "", "“14/01/23” leaves the century open: write the year with four digits."),
        (
            "Jaunary 2023",
            "",
            "“Jaunary 2023” is not read as a date: “jaunary” is no part of one. "
            "Did you mean “January”?",
        ),
        ("31 February 2023", "", "“31 February 2023” is no day of the calendar."),
        ("14 January", "", "“14 January” names no year: write it with four digits."),
        (
            "2010/11",
            "",
            "“2010/11” can be a month or two years: write 2010-11 for the month, or 2010 - 2011.",
        ),
        (
            449,
            "",
            "“449” is a number and no date: format the cell as a date, or write it out.",
        ),
        ("17 May 2023", "14 May 2023", "“14 May 2023” lies before “17 May 2023”."),
        ("not a date", "", "“not a date” is not read as a date: “not” is no part of one."),
    ],
)
def test_what_cannot_be_read_in_one_way_only_is_refused_in_words(
    start: Any, end: Any, complaint: str
) -> None:
    with pytest.raises(Unreadable) as refused:
        read(start, end)

    assert str(refused.value) == complaint
