"""Calendars (RFC 5545): a list of meetings that a calendar program can subscribe to.

An app says which ``Event`` a row is; here it becomes text. Nothing in it depends on when it is
asked: the same record gives the same bytes. There is no METHOD, so DTSTAMP is by definition the
instant of the last revision, and not that of the asking.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import icalendar
from django.conf import settings

from tradeinit.publication import log
from tradeinit.renderers import FileRenderer, Whole

CONFIRMED, TENTATIVE, CANCELLED = "CONFIRMED", "TENTATIVE", "CANCELLED"
PRODID = "-//TradeInit//The public record of trade negotiations//EN"
REFRESH = timedelta(hours=1)
END = b"END:VCALENDAR\r\n"
# Between these years the changes of a zone are told; negotiations are not older.
FIRST_YEAR, LAST_YEAR = 1970, 2037


@dataclass(frozen=True)
class Event:
    uid: UUID
    title: str
    # Both days, or both instants; ``ends`` is not part of it any more.
    starts: date | datetime
    ends: date | datetime | None
    status: str
    place: str
    text: str
    path: str
    kind: str
    # The records whose words stand in the event: a change of any is a new revision of it.
    rests_on: tuple[UUID, ...]


class CalendarRenderer(FileRenderer):
    """The meetings of the question as a calendar to subscribe to. A cancelled one stays, marked as
    such; a withdrawn one, and one without a day, is not in it."""

    media_type = "text/calendar"
    format = "ics"
    charset = "utf-8"
    has_columns = False

    def file_of(self, whole: Whole) -> Iterator[bytes]:
        # Which rows is asked at once, and not when the first part is sent.
        return _parts(whole, whole.rows())


def _parts(whole: Whole, found: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    yield _head(whole).to_ical().removesuffix(END)
    # A calendar without any component is none: some programs would keep what they had.
    told = {"UTC"}
    yield zone_of("UTC").to_ical()
    for rows in found:
        with whole.as_told():
            parts = _written(whole.listing.events(rows), told)
        yield from parts
    yield END


def _head(whole: Whole) -> icalendar.Calendar:
    head = icalendar.Calendar()
    head.add("prodid", PRODID)
    head.add("version", "2.0")
    head.add("calscale", "GREGORIAN")
    name = f"TradeInit: {whole.title}"
    # The name by RFC 7986, and as Google, Outlook and Apple read it.
    head.add("name", name)
    head.add("x-wr-calname", name)
    head.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    head.add("x-published-ttl", "PT1H")
    head.add("source", whole.address(), parameters={"VALUE": "URI"})
    return head


def _written(events: Iterable[Event | None], told: set[str]) -> list[bytes]:
    """Each event, and before the first in a zone what that zone is."""
    found = [event for event in events if event]
    revised = log.revisions({uid for event in found for uid in event.rests_on})
    parts = []
    for event in found:
        zone = _zone_name(event.starts)
        if zone and zone not in told:
            told.add(zone)
            parts.append(zone_of(zone).to_ical())
        parts.append(_event(event, [revised[uid] for uid in event.rests_on]).to_ical())
    return parts


def _zone_name(starts: date | datetime) -> str:
    zone = starts.tzinfo if isinstance(starts, datetime) else None
    return zone.key if isinstance(zone, ZoneInfo) else ""


def _event(event: Event, revisions: list[log.Revisions]) -> icalendar.Event:
    found = icalendar.Event()
    found.add("uid", str(event.uid))
    last = max(one.last for one in revisions).replace(microsecond=0)
    found.add("dtstamp", last)
    found.add("last-modified", last)
    found.add("created", revisions[0].first.replace(microsecond=0))
    found.add("sequence", sum(one.times for one in revisions) - len(revisions))
    found.add("dtstart", event.starts)
    if event.ends and event.ends > event.starts:
        found.add("dtend", event.ends)
    found.add("summary", event.title)
    found.add("status", event.status)
    if event.place:
        found.add("location", event.place)
    address = f"{settings.PUBLIC_BASE_URL}{event.path}"
    # Google shows no URL; so the address stands in the text as well.
    found.add("description", f"{event.text}\n{address}".strip())
    found.add("url", address)
    found.add("categories", [event.kind])
    found.add("class", "PUBLIC")
    # Who follows talks does not sit in them: nobody's hours are taken up.
    found.add("transp", "TRANSPARENT")
    found.add("x-microsoft-cdo-busystatus", "FREE")
    if not isinstance(event.starts, datetime):
        found.add("x-microsoft-cdo-alldayevent", "TRUE")
    return found


# Time zones. Written here because Outlook reads yearly rules only, and no lists of single days.


@dataclass(frozen=True)
class Change:
    """A clock is put forward or back: when by the clock so far, from what, to what."""

    at: datetime
    before: timedelta
    after: timedelta
    name: str
    summer: bool

    def turns_to(self) -> tuple[Any, ...]:
        return self.before, self.after, self.name, self.summer, self.at.month, self.at.time()

    @property
    def weekdays(self) -> set[str]:
        """The rules of a month that its day meets: ``2SU``, ``-1SU``."""
        day = icalendar.vWeekday.week_days
        name = next(name for name, at in day.items() if at == self.at.isoweekday() % 7)
        found = {f"{(self.at.day - 1) // 7 + 1}{name}"}
        if (self.at + timedelta(days=7)).month != self.at.month:
            found.add(f"-1{name}")
        return found


@cache
def zone_of(name: str) -> icalendar.Timezone:
    found = icalendar.Timezone()
    found.add("tzid", name)
    zone = ZoneInfo(name)
    begins = datetime(FIRST_YEAR, 1, 1, tzinfo=zone)
    offset = begins.utcoffset() or timedelta()
    first = Change(
        begins.replace(tzinfo=None), offset, offset, begins.tzname() or name, bool(begins.dst())
    )
    runs = sorted(_runs(_changes(zone)), key=lambda run: run[0][0].at)
    for run, rules in [([first], set()), *runs]:
        found.add_component(_observance(run, rules))
    return found


def _changes(zone: ZoneInfo) -> list[Change]:
    found = []
    day, end = datetime(FIRST_YEAR, 1, 1, tzinfo=UTC), datetime(LAST_YEAR, 12, 31, tzinfo=UTC)
    while day < end:
        following = day + timedelta(days=1)
        before, after = (moment.astimezone(zone).utcoffset() for moment in (day, following))
        if before is not None and after is not None and before != after:
            at = _bisected(zone, day, following)
            new = at.astimezone(zone)
            local = (at + before).replace(tzinfo=None)
            found.append(Change(local, before, after, new.tzname() or "", bool(new.dst())))
        day = following
    return found


def _bisected(zone: ZoneInfo, low: datetime, high: datetime) -> datetime:
    """The first second of the new offset between two instants of which only the later has it."""
    old = low.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low).total_seconds() // 2)
        low, high = (middle, high) if middle.astimezone(zone).utcoffset() == old else (low, middle)
    return high


def _runs(changes: list[Change]) -> Iterator[tuple[list[Change], set[str]]]:
    """Changes that come back year after year by one rule, with what the rule may be."""
    open_runs: list[tuple[list[Change], set[str]]] = []
    for change in changes:
        for place, (run, rules) in enumerate(open_runs):
            shared = rules & change.weekdays
            follows = run[-1].at.year + 1 == change.at.year
            if follows and shared and run[-1].turns_to() == change.turns_to():
                open_runs[place] = ([*run, change], shared)
                break
        else:
            open_runs.append(([change], change.weekdays))
    yield from open_runs


def _observance(run: list[Change], rules: set[str]) -> icalendar.cal.component.Component:
    first, last = run[0], run[-1]
    found: Any = icalendar.TimezoneDaylight() if first.summer else icalendar.TimezoneStandard()
    found.add("dtstart", first.at)
    found.add("tzoffsetfrom", first.before)
    found.add("tzoffsetto", first.after)
    found.add("tzname", first.name)
    if len(run) > 1:
        # "The last Sunday" before "the fourth": the fifth, where there is one, is then right too.
        rule: dict[str, Any] = {"freq": "yearly", "bymonth": first.at.month, "byday": min(rules)}
        if last.at.year < LAST_YEAR:
            # A day after, since some readers take it for UTC and some for local time.
            rule["until"] = (last.at + timedelta(days=1)).replace(tzinfo=UTC)
        found.add("rrule", rule)
    return found
