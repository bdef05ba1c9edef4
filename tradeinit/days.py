"""Days as precisely as they are known.

An imprecise date is stored as the first day of its period, with the precision beside it, and
with the words of the source where they say more.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from django.db import models
from django.db.models import Case, Q, When
from django.utils import formats
from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _


class Precision(models.TextChoices):
    DAY = "day", gettext_lazy("to the day")
    WEEK = "week", gettext_lazy("to the week")
    MONTH = "month", gettext_lazy("to the month")
    QUARTER = "quarter", gettext_lazy("to the quarter")
    YEAR = "year", gettext_lazy("to the year")


def first_day(day: date, precision: str) -> date:
    """The day under which a period that holds ``day`` is stored."""
    match precision:
        case Precision.WEEK:
            return day - timedelta(days=day.weekday())
        case Precision.MONTH:
            return day.replace(day=1)
        case Precision.QUARTER:
            return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
        case Precision.YEAR:
            return day.replace(month=1, day=1)
    return day


def last_day(day: date, precision: str) -> date:
    """Of the period that is stored under ``day``."""
    match precision:
        case Precision.WEEK:
            return day + timedelta(days=6)
        case Precision.MONTH:
            return _day_before_month(day.year, day.month + 1)
        case Precision.QUARTER:
            return _day_before_month(day.year, (day.month - 1) // 3 * 3 + 4)
        case Precision.YEAR:
            return day.replace(month=12, day=31)
    return day


def _day_before_month(year: int, month: int) -> date:
    if month > 12:
        return date(year, 12, 31)
    return date(year, month, 1) - timedelta(days=1)


def is_over(day: date, precision: str, on: date) -> bool:
    """Whether the period that is stored under ``day`` lies before the day ``on``."""
    if precision == Precision.WEEK:
        return on > day + timedelta(days=6)
    return first_day(on, precision) > first_day(day, precision)


def reaching(day: date) -> list[date]:
    """For each precision the first day under which a period is stored that reaches ``day``.

    Before them stands the earliest of all, by which an index can be walked.
    """
    # A week may begin on any day of the week: a period of seven days reaches six ahead.
    week = day - timedelta(days=6) if day > date.min + timedelta(days=6) else day
    firsts = [
        week if precision == Precision.WEEK else first_day(day, precision)
        for precision in Precision
    ]
    return [min(firsts), *firsts]


def overlaps_from(field: str, reaching: Sequence[Any], precision_field: str = "precision") -> Q:
    """The period stored in ``field`` lies on or after the day that is ``reaching``."""
    earliest, *firsts = reaching
    first = Case(
        *(
            When(**{precision_field: precision, "then": day})
            for precision, day in zip(Precision, firsts, strict=True)
        )
    )
    return Q(**{f"{field}__gte": earliest}) & Q(**{f"{field}__gte": first})


def start_of(day: date) -> datetime:
    """The first instant of the day in UTC: an index knows instants, and not their days."""
    return datetime.combine(day, time.min, UTC)


def end_of(day: Any) -> Any:
    """The last instant of a day, or of one that is filled in when a kept question is put."""
    if not isinstance(day, date):
        return day.then(end_of)
    return datetime.combine(day, time.max, UTC)


def began_by(field: str, day: date) -> Q:
    """Begun on or before the day, or nobody knows when; of an instant, by the end of the day."""
    return Q(**{f"{field}__lte": day}) | Q(**{f"{field}__isnull": True})


def not_over_by(field: str, day: date) -> Q:
    """Its last day is the day or a later one, or none is known."""
    return Q(**{f"{field}__gte": day}) | Q(**{f"{field}__isnull": True})


def in_words(start: date | None, end: date | None, precision: str = Precision.DAY) -> str:
    """``14–17 January 2023``; empty where no start is known."""
    return _in_words(start, end, precision, get_language()) if start else ""


# The days of a record are few, and its pages name them again and again.
@lru_cache(maxsize=5_000)
def _in_words(start: date, end: date | None, precision: str, language: str | None) -> str:
    if precision == Precision.WEEK:
        return _("week of %(day)s") % {"day": _day(start)}
    if precision == Precision.DAY:
        return _days(start, end)
    label = _PERIOD_LABELS[Precision(precision)]
    if end is None or first_day(end, precision) == first_day(start, precision):
        return label(start)
    if precision == Precision.MONTH and start.year == end.year:
        return _span(pgettext("months of one year", "F|–|F Y"), start, end)
    return _("%(first)s – %(last)s") % {"first": label(start), "last": label(end)}


def _days(start: date, end: date | None) -> str:
    if end is None:
        return _("from %(day)s") % {"day": _day(start)}
    if start == end:
        return _day(start)
    if (start.year, start.month) == (end.year, end.month):
        return _span(pgettext("days of one month", "j|–|j F Y"), start, end)
    if start.year == end.year:
        return _span(pgettext("days of one year", "j F| – |j F Y"), start, end)
    return _("%(first)s – %(last)s") % {"first": _day(start), "last": _day(end)}


def _span(form: str, start: date, end: date) -> str:
    """``form``: how the first is written, what stands between, how the last is written."""
    first, between, last = form.split("|")
    return f"{formats.date_format(start, first)}{between}{formats.date_format(end, last)}"


def _day(day: date) -> str:
    return formats.date_format(day, pgettext("a day", "j F Y"))


def _month(day: date) -> str:
    return formats.date_format(day, pgettext("a month", "F Y"))


def _quarter(day: date) -> str:
    names = (
        _("first quarter of %(year)s"),
        _("second quarter of %(year)s"),
        _("third quarter of %(year)s"),
        _("fourth quarter of %(year)s"),
    )
    return names[(day.month - 1) // 3] % {"year": day.year}


def _year(day: date) -> str:
    return formats.date_format(day, pgettext("a year", "Y"))


_PERIOD_LABELS: dict[Precision, Any] = {
    Precision.MONTH: _month,
    Precision.QUARTER: _quarter,
    Precision.YEAR: _year,
}
