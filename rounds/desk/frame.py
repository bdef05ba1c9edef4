"""A new round in the frame of the last: how it meets, where, and the agenda moved to its days."""

from datetime import timedelta
from typing import Any

from django import forms

from rounds.desk.agenda import in_zone
from rounds.models import Round, Session, Venue
from tradeinit.publication.addresses import free_slug

COPIED = ("initiative", "kind", "mode", "press_access", "timezone", "host")


class FrameForm(forms.Form):
    label = forms.CharField(max_length=200)
    number = forms.IntegerField(min_value=1, max_value=32_767, required=False)
    start = forms.DateField(
        label="First day", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    end = forms.DateField(
        label="Last day", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    venues = forms.BooleanField(label="In the same place", required=False)
    sessions = forms.BooleanField(
        label="With the same agenda", required=False, help_text="Moved to the new days."
    )

    def __init__(self, *args: Any, last: Round, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._last = last
        self.fields["label"].initial = last.label
        self.fields["number"].initial = last.number + 1 if last.number else None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        start, end = cleaned.get("start"), cleaned.get("end")
        if end and (not start or end < start):
            self.add_error("end", "The last day needs a first day, not later than it.")
        if cleaned.get("sessions") and not (start and self._last.start):
            self.add_error("sessions", "An agenda can be moved between first days that are known.")
        return cleaned

    def make(self) -> Round:
        """Inside ``writing()``: a draft that is only planned."""
        entered, last = self.cleaned_data, self._last
        met = Round(
            label=entered["label"],
            number=entered["number"],
            start=entered["start"],
            end=entered["end"],
            state=Round.State.PLANNED,
            slug=free_slug(last.initiative.slug, entered["label"], entered["start"]),
            **{name: getattr(last, name) for name in COPIED},
        )
        met.full_clean()
        met.save()
        if entered["venues"]:
            for venue in last.venues.all():
                self._copy(
                    venue,
                    Venue,
                    ("order", "city", "city_zh_hant", "country", "country_zh_hant", "venue"),
                    met,
                )
        if entered["sessions"]:
            self._move_agenda(met)
        return met

    def _move_agenda(self, met: Round) -> None:
        moved = (met.start or self._last.start) - self._last.start  # type: ignore[operator]
        for session in self._last.sessions.prefetch_related("chapters"):
            made = Session(
                round=met,
                starts=_moved(session, session.starts, moved),
                ends=_moved(session, session.ends, moved),
                **{
                    name: getattr(session, name)
                    for name in ("title", "title_zh_hant", "kind", "timezone", "room")
                },
            )
            made.full_clean()
            made.save()
            made.chapters.set(session.chapters.all())

    def _copy(self, row: Any, model: Any, columns: tuple[str, ...], met: Round) -> None:
        model(round=met, **{name: getattr(row, name) for name in columns}).save()


def _moved(session: Session, instant: Any, by: timedelta) -> Any:
    """The same time of the place's clock, so many days later."""
    if instant is None:
        return None
    local = instant.astimezone(session.zone)
    return in_zone(local.date() + by, local.time(), session.zone)
