"""What a meeting, and a sitting of it, is in a calendar."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from rounds.models import Round, Session
from tradeinit.calendars import CANCELLED, CONFIRMED, TENTATIVE, Event
from tradeinit.days import Precision, last_day
from tradeinit.languages import listed, local, said_of

# Outlook shows a cancelled meeting like any other: the title must say so.
OFF = {Round.State.CANCELLED: "Cancelled", Round.State.POSTPONED: "Postponed"}


def of_rounds(rows: Iterable[Round]) -> list[Event | None]:
    """Whole days. A meeting of which no day is known, not even roughly, has no place in one."""
    return [_of_round(row) if row.start else None for row in rows]


def of_sessions(rows: Iterable[Session]) -> list[Event | None]:
    return [_of_session(row) if row.starts else None for row in rows]


def _of_round(row: Round) -> Event:
    assert row.start is not None  # noqa: S101 - its callers ask
    name = said_of(row.initiative.short_name, row.name)
    if row.precision != Precision.DAY:
        name = f"{name} ({row.dates_in_words})"
    return Event(
        uid=row.uid,
        title=_called(name, row),
        starts=row.start,
        ends=_after(last_day(row.end or row.start, row.precision)),
        status=_status(row),
        place="; ".join(str(venue) for venue in row.known_venues),
        text="\n".join([*_said_of_round(row), row.summary]).strip(),
        path=row.get_absolute_url(),
        kind=row.get_kind_display(),
        rests_on=(row.uid, row.initiative.uid),
    )


def _said_of_round(row: Round) -> list[str]:
    words = [row.dates_in_words, row.wording if row.wording != row.dates_in_words else ""]
    if row.mode != Round.Mode.UNKNOWN:
        words.append(row.get_mode_display())
    if row.press_access != Round.PressAccess.UNKNOWN:
        words.append(row.get_press_access_display())
    return [f"{row.initiative.short_name}: {row.get_state_display()}", listed(words)]


def _of_session(row: Session) -> Event:
    met = row.round
    chapters = list(row.chapters.all())
    # One that was withdrawn stays on the agenda, and is named nowhere.
    named = listed(local(chapter, "name") for chapter in chapters if chapter.is_public)
    starts, ends = (
        moment.astimezone(row.zone) if moment else None for moment in (row.starts, row.ends)
    )
    assert starts is not None  # noqa: S101 - its callers ask
    return Event(
        uid=row.uid,
        title=_called(listed([row.name, met.name]), met),
        starts=starts,
        ends=ends,
        status=_status(met),
        place=listed([row.room, *(str(venue) for venue in met.known_venues[:1])]),
        text="\n".join(filter(None, [met.initiative.short_name, named])),
        path=row.get_absolute_url(),
        kind=row.get_kind_display(),
        rests_on=(
            row.uid,
            met.uid,
            met.initiative.uid,
            *(chapter.uid for chapter in chapters),
        ),
    )


def _called(name: str, met: Round) -> str:
    off: Any = OFF.get(Round.State(met.state))
    return f"{off}: {name}" if off else name


def _status(met: Round) -> str:
    if met.state in OFF:
        return CANCELLED
    fixed = met.state != Round.State.ANNOUNCED and met.precision == Precision.DAY
    return CONFIRMED if fixed else TENTATIVE


def _after(day: date) -> date:
    """A calendar's end is the day after the last."""
    return day + timedelta(days=1) if day < date.max else day
