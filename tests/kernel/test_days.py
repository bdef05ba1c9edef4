"""Days as precisely as they are known: how they are stored, compared and read."""

from datetime import date, timedelta

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from rounds.models import Round
from tests import factories
from tradeinit.days import Precision, first_day, in_words, overlaps_from, reaching

DAYS = st.dates(min_value=date(1900, 1, 1), max_value=date(2200, 12, 31))
PRECISIONS = st.sampled_from(Precision)


@pytest.mark.parametrize(
    ("precision", "first"),
    [
        ("day", date(2023, 8, 17)),
        ("week", date(2023, 8, 14)),
        ("month", date(2023, 8, 1)),
        ("quarter", date(2023, 7, 1)),
        ("year", date(2023, 1, 1)),
    ],
)
def test_the_first_day_of_a_period(precision: str, first: date) -> None:
    assert first_day(date(2023, 8, 17), precision) == first


@given(DAYS, PRECISIONS)
def test_the_first_day_of_a_first_day_is_itself(day: date, precision: Precision) -> None:
    first = first_day(day, precision)

    assert first_day(first, precision) == first <= day


@given(DAYS, PRECISIONS)
def test_the_day_before_a_first_day_lies_in_another_period(day: date, precision: Precision) -> None:
    first = first_day(day, precision)

    assert first_day(first - timedelta(days=1), precision) < first


@pytest.mark.parametrize(
    ("start", "end", "precision", "words"),
    [
        (None, None, "day", ""),
        ("2023-01-14", "2023-01-14", "day", "14 January 2023"),
        ("2023-01-14", "2023-01-17", "day", "14–17 January 2023"),
        ("2022-11-30", "2022-12-01", "day", "30 November – 1 December 2022"),
        ("2022-12-30", "2023-01-02", "day", "30 December 2022 – 2 January 2023"),
        ("2024-04-29", None, "day", "from 29 April 2024"),
        ("2023-01-16", None, "week", "week of 16 January 2023"),
        ("2023-08-01", None, "month", "August 2023"),
        ("2023-08-01", "2023-08-31", "month", "August 2023"),
        ("2023-08-01", "2023-09-30", "month", "August–September 2023"),
        ("2023-12-01", "2024-01-01", "month", "December 2023 – January 2024"),
        ("2023-07-01", None, "quarter", "third quarter of 2023"),
        (
            "2023-07-01",
            "2023-10-01",
            "quarter",
            "third quarter of 2023 – fourth quarter of 2023",
        ),
        ("2023-01-01", None, "year", "2023"),
        ("2023-01-01", "2024-12-31", "year", "2023 – 2024"),
    ],
)
def test_days_in_words(start: str | None, end: str | None, precision: str, words: str) -> None:
    days = [date.fromisoformat(text) if text else None for text in (start, end)]

    with translation.override("en"):
        assert in_words(*days, precision) == words


@pytest.mark.django_db
def test_a_period_reaches_up_to_its_last_day_and_no_further() -> None:
    stored = {
        "day": date(2023, 8, 17),
        # A week as a source counts it may begin on any day.
        "week": date(2023, 8, 17),
        "month": date(2023, 8, 1),
        "quarter": date(2023, 7, 1),
        "year": date(2023, 1, 1),
    }
    last = {
        "day": date(2023, 8, 17),
        "week": date(2023, 8, 23),
        "month": date(2023, 8, 31),
        "quarter": date(2023, 9, 30),
        "year": date(2023, 12, 31),
    }
    for precision, start in stored.items():
        factories.round(start=start, precision=precision, slug=precision, public=False)

    def found_from(day: date) -> set[str]:
        found = Round.objects.filter(overlaps_from("start", reaching(day)))
        return set(found.values_list("slug", flat=True))

    for precision, end in last.items():
        assert precision in found_from(end)
        assert precision not in found_from(end + timedelta(days=1))


@pytest.mark.django_db
def test_the_first_days_of_the_calendar_are_days_too() -> None:
    factories.round(start=date(2023, 1, 1), slug="ours", public=False)

    assert Round.objects.filter(overlaps_from("start", reaching(date.min))).get().slug == "ours"
