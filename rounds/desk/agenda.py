"""The agenda of a round as a grid: a row for each chapter, a column for each day, rooms inside."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from mandates.models import Chapter
from rounds.models import Round, Session

# A round longer than that shows the days on which it sits.
LONGEST = 14


@dataclass
class Grid:
    days: list[date]
    # Each chapter (none: sessions of the whole) with its sessions on each day.
    rows: list[tuple[Chapter | None, list[list[Session]]]]
    undated: list[Session] = field(default_factory=list)
    clashes: list[str] = field(default_factory=list)


def grid(met: Round) -> Grid:
    sessions = list(
        met.sessions.select_related("round").prefetch_related("chapters", "round__venues")
    )
    dated = [session for session in sessions if session.day]
    days = sorted({session.day for session in dated if session.day} | set(_days(met)))
    rows: list[tuple[Chapter | None, list[list[Session]]]] = []
    whole = [session for session in dated if not session.chapters.all()]
    chapters: list[Chapter | None] = list(met.initiative.chapters.order_by("order", "pk"))
    for chapter in [None, *chapters]:
        own = [one for one in dated if chapter in one.chapters.all()] if chapter else whole
        rows.append((chapter, [[one for one in own if one.day == day] for day in days]))
    undated = [session for session in sessions if not session.day]
    return Grid(days, rows, undated, _clashes(dated))


def _days(met: Round) -> list[date]:
    if met.span is None:
        return []
    first, last = met.span
    length = (last - first).days + 1
    return [first + timedelta(days=i) for i in range(length)] if length <= LONGEST else []


def _clashes(sessions: list[Session]) -> list[str]:
    """Two sessions at one time in one room, or on one chapter."""
    found = []
    timed = [session for session in sessions if session.starts and session.ends]
    for i, one in enumerate(timed):
        for other in timed[i + 1 :]:
            if not (one.starts < other.ends and other.starts < one.ends):  # type: ignore[operator]
                continue
            both = f"“{one.name}” and “{other.name}” at {other.times_in_words}"
            if one.room and one.room == other.room:
                found.append(f"{both}: both in {one.room}.")
            shared = set(one.chapters.all()) & set(other.chapters.all())
            found += [f"{both}: both on {chapter}." for chapter in shared]
    return found


class SessionForm(forms.Form):
    """A session entered in the place's own time."""

    title = forms.CharField(max_length=250)
    kind = forms.ChoiceField(choices=Session.Kind.choices, initial=Session.Kind.CHAPTER_GROUP)
    chapters = forms.ModelMultipleChoiceField(Chapter.objects.none(), required=False)
    day = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}))
    begins = forms.TimeField(label="From", widget=forms.TimeInput(attrs={"type": "time"}))
    ends = forms.TimeField(
        label="To", required=False, widget=forms.TimeInput(attrs={"type": "time"})
    )
    room = forms.CharField(max_length=120, required=False)

    def __init__(self, *args: Any, met: Round, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._met = met
        chapters: Any = self.fields["chapters"]
        chapters.queryset = met.initiative.chapters.order_by("order", "pk")
        self.fields["day"].initial = met.start

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        zone = ZoneInfo(self._met.timezone or "UTC")
        for name, instant in (("begins", "starts"), ("ends", "until")):
            if cleaned.get("day") and cleaned.get(name):
                try:
                    cleaned[instant] = in_zone(cleaned["day"], cleaned[name], zone)
                except ValueError as error:
                    self.add_error(name, str(error))
        if cleaned.get("until") and cleaned.get("starts") and cleaned["until"] < cleaned["starts"]:
            self.add_error("ends", "It ends before it begins.")
        return cleaned

    def enter(self) -> Session:
        """Inside ``writing()``."""
        entered = self.cleaned_data
        session = Session(
            round=self._met,
            title=entered["title"],
            kind=entered["kind"],
            starts=entered["starts"],
            ends=entered.get("until"),
            timezone=self._met.timezone,
            room=entered["room"],
        )
        session.full_clean()
        session.save()
        session.chapters.set(entered["chapters"])
        return session


def in_zone(day: date, at: time, zone: ZoneInfo) -> datetime:
    """An instant of the place's clock; one that the clock skips or shows twice is refused."""
    local = datetime.combine(day, at, zone)
    offsets = {local.utcoffset(), local.replace(fold=1).utcoffset()}
    if len(offsets) > 1:
        raise ValueError(f"The clock is changed at {at:%H:%M} that day: choose another time.")
    return local
