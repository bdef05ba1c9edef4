"""Days as English releases write them: a table of forms, each with its example."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from rounds.intake.tables import Pattern

MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def _month(n: int) -> str:
    return (
        rf"(?P<m{n}>(?i:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|"
        rf"aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?))\.?"
    )


def _day(n: int) -> str:
    # "10 (Sunday)": the day of the week in brackets says nothing more.
    weekday = r"(?:\s\((?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6}\.?\))?"
    return rf"(?<!\d)(?P<d{n}>[0-3]?\d)(?:\s?(?:st|nd|rd|th))?(?!\d){weekday}"


def _year(n: int) -> str:
    return rf"(?:,?\s+(?:of\s+)?(?P<y{n}>(?:19|20)\d\d)(?!\d))"


def _weekday(n: int) -> str:
    return (
        rf"(?:(?P<w{n}>(?i:mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:rs(?:day)?)?|"
        rf"fri(?:day)?|sat(?:urday)?|sun(?:day)?))\b\.?,?\s+(?:the\s+)?)"
    )


TO = r"\s*,?\s*(?P<to>-{1,2}|to|until|till|through|thru|and|&)\s*(?:the\s+)?"
M1, M2, D1, D2, Y1, Y2 = _month(1), _month(2), _day(1), _day(2), _year(1), _year(2)
W1, W2 = f"{_weekday(1)}?", f"{_weekday(2)}?"
FULL_WEEKDAY = r"(?P<w1>Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)"
NUMBER = "one|two|three|four|five|six|seven|eight|nine|ten"


def _form(name: str, form: str, example: str, reads: str) -> Pattern:
    return Pattern(name, re.compile(rf"(?<![\w/]){form}"), example, reads)


# Read in this order; what an earlier form has read, a later one leaves alone. The examples are
# read as of Wednesday 4 January 2023.
FORMS = (
    _form(
        "week",
        rf"(?i:weeks?\s+(?:of|commencing|beginning|starting)\s+)(?:the\s+)?(?:(?i:on)\s+)?{W1}"
        rf"(?:{D1}(?:{TO}{D2})?(?:\s+of)?\s+{M1}{Y1}?|{M2}\s+{D1.replace('d1', 'd3')}{Y2}?)",
        "the week of the 16th January",
        "2023-01-16 week",
    ),
    _form(
        "day month to day month",
        rf"{W1}{D1}(?:\s+of)?\s+{M1}{Y1}?{TO}{W2}{D2}(?:\s+of)?\s+{M2}{Y2}?",
        "from 30 January to 3 February 2023",
        "2023-01-30/2023-02-03",
    ),
    _form(
        "month day to month day",
        rf"{W1}{M1}\s+{D1}{Y1}?{TO}{W2}{M2}\s+{D2}{Y2}?",
        "January 30 - February 3, 2023",
        "2023-01-30/2023-02-03",
    ),
    _form(
        "days of a month",
        rf"{W1}{D1}{TO}{W2}{D2},?(?:\s+of)?\s+{M1}{Y1}?",
        "Monday 16th - Friday 20th January 2023",
        "2023-01-16/2023-01-20",
    ),
    _form(
        "month and its days",
        rf"{W1}{M1}\s+{D1}{TO}{W2}{D2}(?!\s*(?:{M2.replace('m2', 'm3')})){Y1}?",
        "January 14-17, 2023",
        "2023-01-14/2023-01-17",
    ),
    _form(
        "day month",
        rf"{W1}{D1}(?:\s+day)?(?:\s+of)?\s+{M1}{Y1}?(?!\w)",
        "Saturday, 14 January 2023",
        "2023-01-14",
    ),
    _form(
        "month day",
        rf"{W1}{M1}\s+{D1}{Y1}?(?![\w%])",
        "Tuesday, January 10",
        "2023-01-10",
    ),
    _form(
        "year first",
        r"(?P<y1>(?:19|20)\d\d)(?P<sign>[-./])(?P<n1>[01]?\d)(?P=sign)(?P<n2>[0-3]?\d)(?![\d/])",
        "2023.01.14",
        "2023-01-14",
    ),
    _form(
        "numbers",
        r"(?P<n1>[0-3]?\d)(?P<sign>[-./])(?P<n2>[0-3]?\d)(?P=sign)(?P<y1>(?:19|20)\d\d)(?![\d/])",
        "01/14/2023",
        "2023-01-14",
    ),
    _form(
        "part of a month",
        rf"(?i:(?P<part>early|late|mid|beginning\s+of|end\s+of|middle\s+of|later\s+in)[\s-]+)"
        rf"(?:(?P<which>this|next|last)\s+)?{M1}{Y1}?(?!\w|\s+\d{{1,2}}(?!\d))",
        "early February 2023",
        "2023-02 month",
    ),
    _form(
        "month of this year",
        rf"(?:in|of|since)\s+{M1}\s+(?:of\s+)?(?P<which>this|last|next)\s+year",
        "in June of last year",
        "2022-06 month",
    ),
    _form(
        "month and year",
        rf"{M1}(?:,?\s+(?:of\s+)?(?P<y1>(?:19|20)\d\d))(?!\d)",
        "December 2022",
        "2022-12 month",
    ),
    _form(
        "month",
        r"\b(?:(?:[Ii]n|[Ss]ince|[Bb]y|[Dd]uring)\s+(?:the\s+month\s+of\s+)?|"
        r"(?P<which>this|next|last|This|Next|Last)\s+)"
        r"(?P<m1>January|February|March|April|May|June|July|August|September|October|November|"
        r"December)\b(?!\s+\d{1,2}(?!\d))",
        "in March",
        "2023-03 month",
    ),
    _form(
        "quarter",
        r"(?i:(?P<quarter>first|second|third|fourth|last|Q[1-4])(?:\s+quarter)?(?:\s+of)?)\s+"
        r"(?P<y1>(?:19|20)\d\d)(?!\d)",
        "the first quarter of 2023",
        "2023-01 quarter",
    ),
    _form(
        "season",
        r"(?i:(?:(?:early|late|mid)[\s-]{1,3})?(?:(?P<which>this|next|last)\s+)?"
        r"(?P<season>spring|summer|autumn|fall|winter)(?:\s+of)?)(?:\s+(?P<y1>(?:19|"
        r"20)\d\d))?(?!\w)",
        "early this fall",
        "2023-09 season",
    ),
    _form(
        "week by name",
        r"(?P<which>[Tt]his|[Ll]ast|[Nn]ext)\s+(?P<unit>week)\b(?!end)",
        "this week",
        "2023-01-02 week",
    ),
    _form(
        "year by name",
        r"(?P<which>[Nn]ext|[Ll]ast|[Tt]his)\s+(?P<unit>year|month)\b",
        "next year",
        "2024 year",
    ),
    _form(
        "relative days",
        r"(?P<relative>[Tt]oday)\s+and\s+(?P<second>tomorrow)\b",
        "today and tomorrow",
        "2023-01-04/2023-01-05",
    ),
    _form(
        "relative day",
        r"(?<!of )(?P<relative>[Tt]oday|[Yy]esterday|[Tt]omorrow|(?i:this (?:morning|afternoon|"
        r"evening)))\b(?!'s)",
        "today",
        "2023-01-04",
    ),
    _form(
        "weekdays",
        rf"(?:(?:[Oo]n|[Ff]rom|[Bb]etween|[Tt]his|[Ll]ast|[Nn]ext)\s+)?{FULL_WEEKDAY}\s*"
        r"(?:-|to|through|until|and)\s*"
        r"(?P<w2>Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b",
        "from Monday to Tuesday",
        "2023-01-02/2023-01-03",
    ),
    _form(
        "weekday",
        rf"(?:(?:[Oo]n|[Bb]y|[Uu]ntil|[Ss]ince)\s+)?(?:(?P<which>this|last|next)\s+)?"
        rf"{FULL_WEEKDAY}\b",
        "on Tuesday",
        "2023-01-03",
    ),
)


@dataclass(frozen=True)
class Day:
    """Days as written; ``None`` where the words do not say. Not yet placed in a year."""

    start: int
    end: int
    form: str
    groups: dict[str, str]

    def has(self, *names: str) -> bool:
        return any(self.groups.get(name) for name in names)

    @property
    def year(self) -> int | None:
        found = self.groups.get("y1") or self.groups.get("y2")
        return int(found) if found else None


@dataclass(frozen=True)
class When:
    """Days placed in the calendar: first and last, and how precisely they are known."""

    first: date
    last: date | None
    precision: str = "day"

    def __str__(self) -> str:
        if self.precision == "day":
            if self.last and self.last != self.first:
                return f"{self.first}/{self.last}"
            return f"{self.first}"
        if self.precision in ("year", "decade"):
            return f"{self.first:%Y} {self.precision}"
        if self.precision == "week":
            return f"{self.first} week"
        return f"{self.first:%Y-%m} {self.precision}"

    @property
    def iso(self) -> str:
        """As precise as it is: a day, days, a month, a year."""
        if self.precision == "day" and self.last and self.last != self.first:
            return f"{self.first}/{self.last}"
        if self.precision in ("day", "week"):
            return f"{self.first}"
        return f"{self.first:%Y-%m}" if self.precision != "year" else f"{self.first:%Y}"

    @property
    def is_range(self) -> bool:
        return bool(self.last and self.last > self.first and self.precision == "day")

    def overlaps(self, other: "When") -> bool:
        return self.first <= other.until and other.first <= self.until

    @property
    def until(self) -> date:
        if self.last:
            return self.last
        days = {"week": 6, "month": 27, "quarter": 89, "season": 89, "year": 364}
        return self.first + timedelta(days=days.get(self.precision, 0))


CLOSE = 21


@dataclass(frozen=True)
class Calendar:
    """What places days without a year: the day of the release, or years that the text names."""

    released: date | None = None
    year: int | None = None
    order: str | None = None

    def near(self, month: int, day: int, forward: bool | None = None) -> date | None:
        """The day of this name nearest to the release; ahead of it, or behind, if said."""
        if self.released is None:
            return _date(self.year, month, day) if self.year else None
        released = self.released
        found = [_date(released.year + step, month, day) for step in (-1, 0, 1)]
        known = [one for one in found if one]
        nearest = min(known, key=lambda one: abs((one - released).days), default=None)
        # A few days from the release it is that day, whatever verb stands near it.
        if nearest and abs((nearest - released).days) <= CLOSE:
            return nearest
        if forward is not None:
            sided = [one for one in known if (one >= released if forward else one <= released)]
            known = sided or known
        return min(known, key=lambda one: abs((one - released).days), default=None)


def _date(year: int | None, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if year else None
    except ValueError:
        return None


def find(words: str) -> list[Day]:
    """The days that these words name, in their order."""
    found: list[Day] = []
    taken: list[tuple[int, int]] = []
    for pattern in FORMS:
        for match in pattern.form.finditer(words):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            groups = {name: value for name, value in match.groupdict().items() if value}
            taken.append(match.span())
            found.append(Day(match.start(), match.end(), pattern.name, groups))
    return sorted(found, key=lambda day: day.start)


def number_of(month: str) -> int:
    return MONTHS.index(month[:3].lower()) + 1


def place(day: Day, calendar: Calendar, forward: bool | None = None) -> list[When]:
    """The days in the calendar. Two, where words that could be a range are two single days."""
    groups = day.groups
    if ("m1" in groups and "d1" in groups) or "m2" in groups:
        return list(_named(day, calendar, forward))
    if "n1" in groups:
        found = _numbered(day, calendar)
    elif "m1" in groups:
        found = _of_month(groups, calendar, forward)
    elif "quarter" in groups:
        number = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": 4}
        quarter = groups["quarter"].lower()
        nth = number.get(quarter) or int(quarter[1])
        found = When(date(int(groups["y1"]), 3 * nth - 2, 1), None, "quarter")
    elif "season" in groups:
        found = _season(groups, calendar)
    else:
        found = _relative(groups, calendar, forward)
    return [found] if found else []


def _named(day: Day, calendar: Calendar, forward: bool | None) -> Iterator[When]:
    groups = day.groups
    d1 = int(groups.get("d1") or groups["d3"])
    m1 = number_of(groups.get("m1") or groups["m2"])
    m2 = number_of(groups.get("m2") or groups["m1"])
    last = groups.get("d2")
    y2 = int(groups.get("y2") or groups.get("y1") or 0) or None
    y1 = int(groups.get("y1") or groups.get("y2") or 0) or None
    if y1 and not groups.get("y1") and m1 > m2:
        y1 -= 1
    first = _date(y1, m1, d1) if y1 else calendar.near(m1, d1, forward)
    if first is None or (calendar.released is None and not y1 and _is_another_day(groups, first)):
        return
    if day.form == "week":
        yield When(first, None, "week")
        return
    if not last:
        yield When(first, first)
        return
    until = _date(y2 or first.year, m2, int(last))
    if until and until < first and not y2:
        until = _date(first.year + 1, m2, int(last))
    if until is None or until < first:
        return
    joined = groups.get("to", "-") in ("and", "&") and not groups.get("between")
    if joined and (until - first).days > 1:
        yield When(first, first)
        yield When(until, until)
        return
    yield When(first, until)


def _is_another_day(groups: dict[str, str], found: date) -> bool:
    """``Monday 22 February`` is not in a year in which that day is a Saturday."""
    written = groups.get("w1")
    return bool(written) and WEEKDAYS.index(str(written)[:3].lower()) != found.weekday()


def _numbered(day: Day, calendar: Calendar) -> When | None:
    groups = day.groups
    year, n1, n2 = int(groups["y1"]), int(groups["n1"]), int(groups["n2"])
    if day.form == "year first":
        written = _date(year, n1, n2)
        return When(written, written) if written else None
    if calendar.order is None and n1 <= 12 and n2 <= 12 and n1 != n2:
        # Which of the two is the month depends on who writes, and that is not known.
        return None
    month, number = (n2, n1) if calendar.order == "dmy" else (n1, n2)
    if month > 12:
        month, number = number, month
    found = _date(year, month, number)
    return When(found, found) if found else None


def _of_month(groups: dict[str, str], calendar: Calendar, forward: bool | None) -> When | None:
    month = number_of(groups["m1"])
    which = groups.get("which", "").lower()
    if "y1" in groups:
        year: int | None = int(groups["y1"])
    elif which and calendar.released:
        year = calendar.released.year + {"last": -1, "this": 0, "next": 1}[which]
        if "year" not in groups and which in ("next", "last"):
            year = _nearest_year(month, calendar.released, which == "next")
    else:
        near = calendar.near(month, 15, forward)
        year = near.year if near else None
    found = _date(year, month, 1)
    return When(found, None, "month") if found else None


def _nearest_year(month: int, released: date, ahead: bool) -> int:
    if ahead:
        return released.year + (month <= released.month)
    return released.year - (month >= released.month)


def _season(groups: dict[str, str], calendar: Calendar) -> When | None:
    released = calendar.released
    year = int(groups["y1"]) if "y1" in groups else released.year if released else None
    if year is None:
        return None
    if "y1" not in groups and "which" not in groups:
        return None
    if "y1" not in groups:
        year += {"last": -1, "this": 0, "next": 1}[groups["which"].lower()]
    month = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
    return When(date(year, month[groups["season"].lower()], 1), None, "season")


def _relative(groups: dict[str, str], calendar: Calendar, forward: bool | None) -> When | None:
    released = calendar.released
    if released is None:
        return None
    which = groups.get("which", "").lower()
    step = {"last": -1, "next": 1}.get(which, 0)
    if "relative" in groups:
        step = {"yesterday": -1, "tomorrow": 1}.get(groups["relative"].lower(), 0)
        found = released + timedelta(days=step)
        return When(found, found + timedelta(days="second" in groups))
    match groups.get("unit"):
        case "week":
            monday = released - timedelta(days=released.weekday()) + timedelta(weeks=step)
            return When(monday, None, "week")
        case "year":
            return When(date(released.year + step, 1, 1), None, "year")
        case "month":
            month = released.month - 1 + step
            return When(date(released.year + month // 12, month % 12 + 1, 1), None, "month")
    if "w1" not in groups:
        return None
    first = _weekday_near(groups["w1"], released, forward)
    if "w2" not in groups:
        return When(first, first)
    last = first + timedelta(days=(WEEKDAYS.index(groups["w2"][:3].lower()) - first.weekday()) % 7)
    if forward is not True and last > released:
        first, last = first - timedelta(weeks=1), last - timedelta(weeks=1)
    return When(first, last)


def _weekday_near(name: str, released: date, forward: bool | None) -> date:
    """The last day of this name up to the release, or the first from it on."""
    weekday = WEEKDAYS.index(name[:3].lower())
    if forward:
        return released + timedelta(days=(weekday - released.weekday()) % 7)
    return released - timedelta(days=(released.weekday() - weekday) % 7)


def between(words: str, found: list[Day]) -> list[Day]:
    """Days after "between", which makes a range of what else were two days."""
    return [
        replace(day, groups={**day.groups, "between": "between"})
        if re.search(r"(?i:between|from)\s+$", words[max(0, day.start - 9) : day.start])
        else day
        for day in found
    ]
