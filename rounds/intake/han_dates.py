"""Days as releases in Traditional Chinese write them."""

import re
from datetime import date

from rounds.intake.dates import Calendar, When
from rounds.intake.draft import Span
from rounds.intake.passages import Passages
from rounds.intake.tables import Pattern

NUMERALS = {sign: number for number, sign in enumerate("〇一二三四五六七八九十")}
N = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
YEAR = r"(?:(?P<roc>民國|中華民國)?\s?(?P<y{n}>\d{{2,4}})\s?年\s?|(?P<rel{n}>今|去|前|明|同)年\s?)"
Y1, Y2 = YEAR.format(n=1), YEAR.format(n=2).replace("(?P<roc>民國|中華民國)", "(?:民國|中華民國)")
# "本(1)月17日": the month may stand in brackets.
M1, M2 = rf"\(?(?P<m1>{N})\)?\s?月\s?", rf"(?P<m2>{N})\s?月\s?"
D1, D2 = rf"(?P<d1>{N})\s?日?", rf"(?P<d2>{N})\s?日"
WEEKDAY = r"(?:\s?\([^)]{1,6}\))?"
TO = r"\s?(?P<to>起?[-~至到]|[、及和與])\s?"

# Read in this order. The examples are read as of 4 January 2023.
FORMS = (
    Pattern(
        "month and its days",
        re.compile(rf"{Y1}?{M1}{D1}{WEEKDAY}{TO}{D2}"),
        "1月14-17日",
        "2023-01-14/2023-01-17",
    ),
    Pattern(
        "days over two months",
        re.compile(rf"{Y1}?{M1}{D1}{WEEKDAY}{TO}{Y2}?{M2}{D2}"),
        "1月30日至2月3日",
        "2023-01-30/2023-02-03",
    ),
    Pattern(
        "day in brackets",
        re.compile(
            rf"(?P<today>今天?|本|昨天?|明天?)?\s?\((?:{M1})?(?P<d1>{N})日?\)(?!\s?[年月])\s?日?"
        ),
        "今(4)日",
        "2023-01-04",
    ),
    Pattern("day", re.compile(rf"{Y1}?{M1}(?P<d1>{N})\s?日"), "去年8月18日", "2022-08-18"),
    Pattern(
        "month",
        re.compile(rf"{Y1}?(?P<m1>{N})\s?月(?:份|底|初|中旬?)?(?![日\d])"),
        "去年6月",
        "2022-06 month",
    ),
    Pattern(
        "days alone",
        re.compile(rf"(?<![\d月年])(?P<d1>{N})\s?日?{WEEKDAY}{TO}(?P<d2>{N})\s?日"),
        "8日到9日",
        "2023-01-08/2023-01-09",
    ),
    Pattern(
        "numbers",
        re.compile(r"(?P<y1>\d{4})[-./](?P<n1>\d{1,2})[-./](?P<n2>\d{1,2})"),
        "2023/01/04",
        "2023-01-04",
    ),
    Pattern(
        "numbers of the Republic",
        re.compile(r"(?<!\d)(?P<y1>1\d\d)[-./](?P<n1>\d{1,2})[-./](?P<n2>\d{1,2})(?!\d)"),
        "112-01-04",
        "2023-01-04",
    ),
    Pattern(
        "day alone",
        re.compile(r"(?<![\d月年第])(?P<d1>\d{1,2})\s?日(?!圓)"),
        "於14日",
        "2023-01-14",
    ),
    Pattern("today", re.compile(r"(?P<today>今天|今日|昨天|昨日|明天|明日)"), "今日", "2023-01-04"),
    Pattern("year by name", re.compile(r"(?P<rel1>去|今|明)年(?!\s?\d)"), "明年", "2024 year"),
    Pattern("year", re.compile(r"(?P<y1>(?:19|20)\d\d)\s?年(?!\s?\d)"), "2022年", "2022 year"),
)


def number(text: str) -> int:
    if text.isdigit():
        return int(text)
    if "十" not in text:
        return NUMERALS.get(text, 0)
    tens, _, ones = text.partition("十")
    return 10 * (NUMERALS.get(tens, 1) if tens else 1) + (NUMERALS.get(ones, 0) if ones else 0)


def read(
    words: str, calendar: Calendar, forward: bool | None = None
) -> list[tuple[When, int, int]]:
    """The days named here. A day without its month is of the month of the release."""
    found: list[tuple[When, int, int]] = []
    taken: list[tuple[int, int]] = []
    matches = []
    for pattern in FORMS:
        for match in pattern.form.finditer(words):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            taken.append(match.span())
            matches.append(match)
    for match in sorted(matches, key=lambda one: one.start()):
        groups = {name: value for name, value in match.groupdict().items() if value}
        when = _place(groups, calendar, forward)
        if when:
            found.append((when, match.start(), match.end()))
    return found


def _place(groups: dict[str, str], calendar: Calendar, forward: bool | None) -> When | None:
    released = calendar.released
    if "n1" in groups:
        return _days(_year(groups, 1, calendar), int(groups["n1"]), int(groups["n2"]))
    if "m1" in groups and "d1" not in groups:
        return _month(groups, calendar, forward)
    if "d1" in groups:
        return _day(groups, calendar, forward)
    if released and "today" in groups:
        step = {"昨": -1, "明": 1}.get(groups["today"][0], 0)
        found = date.fromordinal(released.toordinal() + step)
        return When(found, found)
    year = _year(groups, 1, calendar)
    return When(date(year, 1, 1), None, "year") if year else None


def _day(groups: dict[str, str], calendar: Calendar, forward: bool | None) -> When | None:
    released = calendar.released
    if released is None and "rel1" in groups:
        # "去年" of an unknown day is no year.
        return None
    day = number(groups["d1"])
    if "m1" not in groups:
        if released is None:
            return None
        first = _days(released.year, released.month, day)
        if first is None:
            return None
        # "8日" in a release of the 2nd that looks back lies in the month before.
        if forward is False and first.first > released and "d2" not in groups:
            month = released.month - 1 or 12
            first = _days(released.year - (released.month == 1), month, day)
            if first is None:
                return None
        last = _days(first.first.year, first.first.month, number(groups.get("d2", groups["d1"])))
        return _span(first, last, groups)
    month = number(groups["m1"])
    year = _year(groups, 1, calendar)
    if year is None:
        near = calendar.near(month, day, forward) if 1 <= month <= 12 else None
        year = near.year if near else None
    first = _days(year, month, day)
    if first is None or "d2" not in groups:
        return first
    second = number(groups.get("m2", groups["m1"]))
    year2 = _year(groups, 2, calendar) or (first.first.year + (second < month))
    return _span(first, _days(year2, second, number(groups["d2"])), groups)


def _span(first: When, last: When | None, groups: dict[str, str]) -> When | None:
    if last is None or last.first < first.first:
        return None
    return When(first.first, last.first)


def _month(groups: dict[str, str], calendar: Calendar, forward: bool | None) -> When | None:
    month = number(groups["m1"])
    if not 1 <= month <= 12 or (calendar.released is None and "rel1" in groups):
        return None
    year = _year(groups, 1, calendar)
    if year is None:
        near = calendar.near(month, 15, forward)
        year = near.year if near else None
    return When(date(year, month, 1), None, "month") if year else None


def _year(groups: dict[str, str], n: int, calendar: Calendar) -> int | None:
    if written := groups.get(f"y{n}"):
        year = int(written)
        # Years of the Republic count from 1912.
        return year + 1911 if year < 200 else year
    relative = groups.get(f"rel{n}")
    if relative and calendar.released:
        return calendar.released.year + {"去": -1, "前": -2, "明": 1}.get(relative, 0)
    return None


def _days(year: int | None, month: int, day: int) -> When | None:
    try:
        found = date(year, month, day) if year else None
    except ValueError:
        return None
    return When(found, found) if found else None


TODAY = re.compile(r"(?:今|本)天?\s?\((?:\d{1,2}[月/.])?\d{1,2}日?\)|今[日天]")


def released(passages: Passages, calendar: Calendar) -> tuple[When, Span, str] | None:
    """``今(10)日`` is the day of the release; its month and year stand elsewhere, if at all."""
    for sentence in passages.sentences[:8]:
        today = re.search(r"今天?\s?\((?:(?P<m>\d{1,2})[月/.])?(?P<d>\d{1,2})日?\)", sentence.words)
        if today is None or today["m"] is None:
            continue
        years = {int(year) for year in re.findall(r"(?<!\d)(20\d\d)年", passages.plain)}
        if len(years) == 1:
            when = _days(years.pop(), int(today["m"]), int(today["d"]))
            if when:
                return when, sentence.span(*today.span()), "“今” with its day"
    return None
