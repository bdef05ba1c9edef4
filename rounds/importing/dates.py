"""Days as people write them, no more precise than they are written.

Read are ``2023-01-14``, ``14 January 2023``, ``January 14-17, 2023``, ``28 Feb - 3 March 2023``,
``14/01/2023``, ``2023-10``, ``March 2021``, ``Q3 2021``, ``2019``, ``early March 2021``,
``2023年1月14日``, the date cells of a spreadsheet, and months in the larger European languages.
Of what can be read in two ways, or is not understood, only what is sure is taken and the words
are kept. What the calendar does not have is refused.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from difflib import get_close_matches
from typing import Any

from django.utils import translation
from django.utils.dates import MONTHS, MONTHS_3, MONTHS_AP

from tradeinit.days import Precision, first_day

YEARS = range(1900, 2101)
# The day before the first that a spreadsheet numbers, and the numbers of the years 1955 to 2099.
NOUGHT = date(1899, 12, 30)
SERIALS = range(20_090, 73_051)
SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
LANGUAGES = ("en", "fr", "de", "es", "pt", "it", "nl")
ORDER = list(Precision.values)


class Unreadable(ValueError):
    """A cell that cannot be true; the message says why, for whoever keeps the spreadsheet."""


@dataclass(frozen=True)
class Period:
    """When something was, as precisely as it was written."""

    first: date | None = None
    last: date | None = None
    precision: str = Precision.DAY
    wording: str = ""
    # Why not all of what is written was taken.
    doubt: str = ""


@dataclass(frozen=True)
class Style:
    """How dates in figures are written, as far as that is sure."""

    day_first: bool | None = None
    century: int | None = None


AS_WRITTEN = Style()


class _Unclear(ValueError):
    """What is written may be true but is not sure; whatever of it is sure goes with it."""

    def __init__(self, doubt: str, *sure: Any) -> None:
        super().__init__(doubt)
        self.sure = sure


def read(start: Any, end: Any, style: Style = AS_WRITTEN) -> tuple[Period, str]:
    """The period that two cells tell, and what of both together had to be left open, in words."""
    begins, ends = read_cell(start, style), read_cell(end, style)
    words = f"{said(start)} – {said(end)}" if said(start) else f"– {said(end)}"
    if ends.first is None:
        if begins.first is None or not ends.wording:
            return begins, ""
        kept = Period(begins.first, begins.last, begins.precision, words[:200])
        return kept, f"“{said(end)}” is no last day: kept as the wording."
    if begins.first is None:
        kept = Period(wording=words[:200])
        return kept, f"no first day is stated: “{said(end)}” is kept as the wording."
    last = ends.last or ends.first
    if begins.last and begins.last != last:
        raise Unreadable(f"“{said(start)}” names another last day than “{said(end)}”.")
    if ORDER.index(ends.precision) > ORDER.index(begins.precision):
        # A later month than the day's is no last day.
        if last < first_day(begins.first, ends.precision):
            raise Unreadable(f"“{said(end)}” lies before “{said(start)}”.")
        kept = Period(begins.first, None, begins.precision, words[:200])
        return kept, f"“{said(end)}” is less precise than the first day: kept as the wording."
    precision = begins.precision
    if last < begins.first:
        raise Unreadable(f"“{said(end)}” lies before “{said(start)}”.")
    exact = ends.precision == precision
    wording = words if begins.wording or ends.wording or not exact else ""
    last = first_day(last, precision)
    period = Period(begins.first, _beyond(begins.first, last, precision), precision, wording[:200])
    if exact:
        return period, ""
    return period, f"“{said(end)}” is more precise than the beginning: kept as the wording."


def read_cell(value: Any, style: Style = AS_WRITTEN) -> Period:
    """One cell: a day, a longer period, a range of either, or nothing."""
    number = serial(value)
    if number is not None:
        value = NOUGHT + timedelta(days=number)
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return Period(_in_reach(value), None, Precision.DAY)
    if isinstance(value, bool) or (isinstance(value, int | float) and value not in YEARS):
        raise Unreadable(
            f"“{said(value)}” is a number and no date: format the cell as a date, or write it out."
        )
    text = said(value)
    if not text:
        return Period()
    try:
        return _read_text(text, style)
    except _Unclear as unclear:
        return Period(*(unclear.sure or (None, None)), wording=text[:200], doubt=str(unclear))


def centuries(value: Any) -> set[int]:
    """Of the full years that a cell names."""
    return {int(one) for one in re.findall(r"(?<!\d)(19|20)\d\d(?!\d)", said(value))}


def is_short(value: Any) -> bool:
    """Whether a cell writes a year with two figures."""
    plain = _plain(said(value))
    return bool(SHORT_YEAR.search(plain)) or any(
        len(year) == 2 for _day, _sign, _month, year in NUMERIC.findall(plain)
    )


def in_figures(value: Any) -> Iterator[bool | None]:
    """Of each date in figures whether its day stands first; None where it may or may not."""
    for first, _sign, second, year in NUMERIC.findall(_plain(said(value))):
        one, other = int(first), int(second)
        if len(year) < 4:
            yield None
        elif one != other and 0 < min(one, other) <= 12:
            yield None if max(one, other) <= 12 else other <= 12


def _read_text(text: str, style: Style) -> Period:
    sides, vague, week = _sides(text, style)
    if not sides:
        return Period(wording=text[:200])
    first, last, precision = _range(sides, text)
    if week and precision == Precision.DAY and last is None:
        precision = Precision.WEEK
    if precision == Precision.DAY and AROUND.search(_plain(text)):
        precision = Precision.MONTH
        first, last = first_day(first, precision), last and first_day(last, precision)
    last = _beyond(first, last, precision)
    doubt = _doubt(text) if style.day_first is None else ""
    return Period(first, last, precision, text[:200] if vague or doubt else "", doubt)


def _beyond(first: date, last: date | None, precision: str) -> date | None:
    """A month that ends in itself has no end of its own."""
    return last if last != first or precision == Precision.DAY else None


def _doubt(text: str) -> str:
    """What a date in figures may mean, where nothing says which of its figures is the day."""
    for first, sign, second, year in NUMERIC.findall(_plain(text)):
        written = f"{first}{sign}{second}{sign}{year}"
        if len(year) == 4 and None in in_figures(written):
            one, other = int(first), int(second)
            return (
                f"“{written}” can be {one} {_month(other)} or {other} {_month(one)} {year}: "
                f"only the year is taken."
            )
    return ""


def serial(value: Any) -> int | None:
    """A day as spreadsheets number them, where its cell was not formatted as a date."""
    if isinstance(value, str) and SERIAL.fullmatch(value.strip()):
        value = float(value)
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    return int(value) if SERIALS.start <= value < SERIALS.stop else None


def said(value: Any) -> str:
    """A cell as the text that its reader sees."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, datetime):
        value = value.date()
    return " ".join(str(value).split())


# The words


def _months() -> dict[str, int]:
    """Month names and their short forms; no word means two months in these languages."""
    found: dict[str, int] = {"sept": 9}
    for language in LANGUAGES:
        with translation.override(language):
            for names in (MONTHS, MONTHS_3, MONTHS_AP):
                for number, name in names.items():
                    found[_plain(str(name)).strip(".")] = number
    return found


def _plain(text: str) -> str:
    """Lower case, without accents, with one kind of dash."""
    text = unicodedata.normalize("NFKD", text.casefold())
    text = "".join(sign for sign in text if not unicodedata.combining(sign))
    return re.sub(r"[\u2010-\u2015\u2212~～]", "-", text)


MONTH_NAMES = _months()
# What lies before or after a day is not on it.
BOUND = re.compile(
    r"\b(?:before|after|since|prior to|following|by|no (?:later|earlier) than|avant|apres|antes"
    r"|despues|vor|nach)\b"
)
AROUND = re.compile(r"\b(?:around|about|circa|ca|c(?=\.)|approximately|approx|vers|hacia)\b")
VAGUE = re.compile(
    r"\b(?:first|second|1st|2nd) half(?: of)?\b|\b(?:beginning|start|middle|end|course) of\b"
    rf"|{AROUND.pattern}\.?"
    r"|\b(?:(?:primer|segundo|premier|deuxieme|primeiro) semestre|por (?:confirmar|definir))\b"
    r"|\b(?:early|late|mid|provisionally|tentatively|h[12]|[12]h"
    r"|spring|summer|autumn|fall|winter|in|the|this|next|year"
    r"|debut|mi|fin|anfang|mitte|ende|(?:a )?(?:principios|mediados|finales)|inicio|final"
    r"|printemps|ete|automne|hiver|primavera|verano|otono|invierno|fruhjahr|sommer|herbst"
    r"|tbc|tbd|tba|(?:to be|not yet) (?:confirmed|determined|decided|announced|scheduled|set|known)"
    r"|postponed|cancelled|canceled|ongoing|present|unknown|undated|not stated|no date|date)\b\.?"
    r"|\b(?:week|wk|w|kw|semaine|semana|woche)[ .]?\d{1,2}\b"
    r"|上旬|中旬|下旬|月初|月底|上半年|下半年|春季|夏季|秋季|冬季|待定|未定|[?()\[\]]"
)
WEEK = re.compile(r"\bweek (?:of|commencing|beginning|starting)\b")
WEEKDAY = re.compile(
    r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b(?:mon|tue|wed|thu|fri|sat|sun)\b\.?"
)
JOINED = re.compile(
    r"\b(?:to|until|till|through|and|bis|und|au|et|al|a|y|ao|e|tot)\b|&|–|(?<=\d)[至到](?=\d)"
)
# 14-Mar-24, as spreadsheets write it.
SHORT_YEAR = re.compile(r"\b(\d{1,2})[ -]([a-z]{3,9})\.?[ -]'?(\d{2})\b(?!\s*(?:-|to)\s*\d)")
NUMERIC = re.compile(r"(?<!\d)(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?!\d)")
ORDINAL = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th|\.(?=\s|-|$)|º|er)(?![a-z])")
TOKEN = re.compile(
    r"(?P<iso>\d{4}([-/.])\d{1,2}\2\d{1,2})"
    r"(?:[t ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:z|[+-]\d{2}:?\d{2})?)?"
    r"|(?P<numeric>\d{1,2}([-/.])\d{1,2}\4\d{2,4})(?!\d)(?: \d{1,2}:\d{2}(?::\d{2})?)?"
    r"|(?P<year_month>\d{4}[-/.]\d{1,2})(?![\d-])"
    r"|(?P<month_year>\d{1,2}[/.-]\d{4})(?!\d)"
    r"|(?P<compact>\d{8})(?!\d)"
    r"|(?P<year>\d{4})(?!\d)"
    r"|(?P<day>\d{1,2})(?!\d)"
    r"|q(?P<quarter>[1-4])(?!\d)|(?P<quarter_first>[1-4])q(?!\d)"
    r"|(?P<month>[a-z]+)\.?"
    r"|(?P<dash>-|/)"
    r"|(?P<nothing>[\s,.;:]+)"
    r"|(?P<stray>.)"
)
Side = dict[str, int]


def _sides(text: str, style: Style) -> tuple[list[Side], bool, bool]:
    """What stands before and after the dash: days, months, quarters and years."""
    plain = _plain(text)
    if BOUND.search(plain):
        raise _Unclear(f"“{text}” names no day of its own: kept as the wording.")
    plain = re.sub(r"(\d{4})\s*年\s*", r"\1 ", plain)
    plain = re.sub(r"(\d{1,2})\s*月\s*", lambda found: f"{_english(found[1])} ", plain)
    plain = re.sub(r"(\d{1,2})\s*日", r"\1 ", plain)
    if style.century:
        plain = SHORT_YEAR.sub(rf"\g<1> \g<2> {style.century}\g<3>", plain)
    elif SHORT_YEAR.search(plain):
        raise _Unclear(f"“{text}” leaves the century open: kept as the wording.")
    plain, weeks = WEEK.subn(" ", plain)
    plain, vague = VAGUE.subn(" ", plain)
    plain = re.sub(r"\b(?:de|del|of|from|le|der|den|du|el|vom|van|em|en|im)\b", " ", plain)
    plain = ORDINAL.sub(r"\1 ", JOINED.sub(" - ", WEEKDAY.sub(" ", plain)))
    sides: list[Side] = [{}]
    for found in TOKEN.finditer(plain):
        kind, token = found.lastgroup or "", found[0]
        if kind == "nothing":
            continue
        if kind == "dash":
            sides.append({})
            continue
        for part, number in _parts(kind, found, text, style).items():
            if part in sides[-1]:
                raise _Unclear(f"“{text}” is not read as a date: {token} is one part too many.")
            sides[-1][part] = number
    sides = [side for side in sides if side]
    singles = [next(iter(side)) for side in sides if len(side) == 1]
    # 14-Jan-2023 is one day, and Jan-2023 one month.
    if len(singles) == len(sides) and len(set(singles)) == len(singles) and "month" in singles:
        sides = [{part: number for side in sides for part, number in side.items()}]
    if not sides and not vague:
        raise _Unclear(f"“{text}” is not read as a date.")
    return sides, bool(vague), bool(weeks)


def _english(number: str) -> str:
    found = next((name for name, month in MONTH_NAMES.items() if month == int(number)), number)
    return found


def _parts(kind: str, found: re.Match[str], text: str, style: Style) -> Side:
    token = found[kind] if kind in found.groupdict() else found[0]
    numbers = [int(number) for number in re.findall(r"\d+", token)]
    match kind:
        case "iso":
            return _known(*numbers)
        case "compact":
            return _known(int(token[:4]), int(token[4:6]), int(token[6:]))
        case "numeric":
            return _numeric(numbers, token, style)
        case "year_month":
            year, second = numbers
            if second == year % 100 + 1 and (second > 12 or "/" in token):
                last = _new_year(year + 1) if second > 12 else None
                kept = "two years" if last else "a month or two years: only the year is taken"
                raise _Unclear(f"“{text}” can be {kept}.", *(_new_year(year), last, Precision.YEAR))
            return _known(*numbers)
        case "month_year":
            return {"month": numbers[0], "year": numbers[1]}
        case "year" | "day":
            return {kind: numbers[0]}
        case "quarter" | "quarter_first":
            return {"quarter": numbers[0]}
        case "month" if found["month"] in MONTH_NAMES:
            return {"month": MONTH_NAMES[found["month"]]}
    near = get_close_matches(token.strip("."), MONTH_NAMES, 1, 0.7)
    hint = f" Did you mean “{near[0].capitalize()}”?" if near else ""
    raise _Unclear(f"“{text}” is not read as a date: “{token.strip()}” is no part of one.{hint}")


def _known(year: int, month: int, day: int = 0) -> Side:
    """Without the noughts that stand for a day or a month that is not known."""
    parts = {"year": year, "month": month, "day": day}
    return {part: number for part, number in parts.items() if number}


def _numeric(numbers: list[int], token: str, style: Style) -> Side:
    first, second, year = numbers
    day_first = style.day_first
    if year < 100:
        if day_first is None or style.century is None:
            raise _Unclear(f"“{token}” leaves the century open: kept as the wording.")
        year += 100 * style.century
    if 0 in (first, second):
        return _known(year, first or second)
    if first == second or max(first, second) > 12:
        day_first = second <= 12
    if day_first is None:
        return {"year": year}
    return _known(year, *((second, first) if day_first else (first, second)))


def _month(number: int) -> str:
    return date(2000, number, 1).strftime("%B")


# From parts to days


def _range(sides: list[Side], text: str) -> tuple[date, date | None, str]:
    if len(sides) > 2:
        years = {side["year"] for side in sides if "year" in side}
        year = (_new_year(years.pop()), None, Precision.YEAR) if len(years) == 1 else ()
        raise _Unclear(f"“{text}” has more than two ends.", *year)
    one_year = sum("year" in side for side in sides) == 1
    first, last = sides[0], sides[-1]
    if len(sides) == 2:
        first = {**{k: last[k] for k in ("month", "year") if k in last}, **first}
        last = {**{k: first[k] for k in ("month", "year") if k in first}, **last}
        if "month" in first and "month" not in sides[0] and "day" not in first:
            del first["month"]
    if "year" not in first or "year" not in last:
        raise _Unclear(f"“{text}” names no year.")
    begins, precision = _day(first, text)
    ends, other = _day(last, text)
    if precision != other:
        coarse = max(precision, other, key=ORDER.index)
        sure = (first_day(begins, coarse), first_day(ends, coarse), coarse)
        raise _Unclear(f"“{text}” begins and ends with different precision.", *sure)
    if len(sides) == 1:
        return begins, None, precision
    # “30 December - 3 January 2023” began the year before.
    if ends < begins and one_year and "month" in sides[0]:
        begins, _precision = _day({**first, "year": first["year"] - 1}, text)
    if ends < begins:
        raise Unreadable(f"“{text}” ends before it begins.")
    return begins, ends, precision


def _day(side: Side, text: str) -> tuple[date, str]:
    year = side["year"]
    month, precision = side.get("month", 1), Precision.MONTH
    if "quarter" in side:
        month, precision = side["quarter"] * 3 - 2, Precision.QUARTER
    elif "month" not in side:
        precision = Precision.YEAR
        if "day" in side:
            raise _Unclear(f"“{text}” names a day and no month.")
    if "day" in side:
        precision = Precision.DAY
    try:
        return _in_reach(date(year, month, side.get("day", 1))), precision
    except ValueError as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable(f"“{text}” is no day of the calendar.") from error


def _new_year(year: int) -> date:
    if year not in YEARS:
        raise Unreadable(f"The year {year} lies too far from our time.")
    return date(year, 1, 1)


def _in_reach(day: date) -> date:
    _new_year(day.year)
    return day
