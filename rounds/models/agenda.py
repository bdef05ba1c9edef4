from datetime import date
from typing import Self
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, Prefetch, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mandates.models import CITED, Chapter, Sourced, SourcedQuerySet
from rounds.models.meetings import Round, known_timezone
from tradeinit import days
from tradeinit.days import began_by
from tradeinit.languages import listed, local


class SessionQuerySet(SourcedQuerySet):
    def true_on(self, day: date) -> Self:
        return self.filter(began_by("starts", days.end_of(day)))

    def for_list(self) -> Self:
        chapters = Prefetch("chapters", Chapter.objects.select_related("initiative"))
        return (
            self.select_related("round__initiative")
            .prefetch_related("round__venues", chapters)
            .with_sources()
        )


class Session(Sourced):
    """One sitting of a round: a field of the agenda grid."""

    class Kind(models.TextChoices):
        PLENARY = "plenary", _("plenary")
        CHAPTER_GROUP = "chapter_group", _("chapter group")
        HEADS = "heads", _("heads of delegation")
        STAKEHOLDERS = "stakeholders", _("stakeholders")
        PRESS = "press", _("press")
        OTHER = "other", _("other")

    resource = "sessions"
    parents = ("round",)
    names = (CITED, "chapters")
    named_by = ("round",)
    _history_m2m_fields = ("chapters",)

    round = models.ForeignKey(
        Round, verbose_name=_("round"), on_delete=models.PROTECT, related_name="sessions"
    )
    title = models.CharField(_("title"), max_length=250)
    title_zh_hant = models.CharField(_("title in Traditional Chinese"), max_length=250, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.CHAPTER_GROUP)
    chapters = models.ManyToManyField(
        Chapter, verbose_name=_("chapters"), related_name="sessions", blank=True
    )
    starts = models.DateTimeField(
        _("starts"), null=True, blank=True, help_text=_("In UTC; pages show the place's own time.")
    )
    ends = models.DateTimeField(_("ends"), null=True, blank=True, help_text=_("In UTC."))
    timezone = models.CharField(
        _("time zone"),
        max_length=60,
        blank=True,
        validators=[known_timezone],
        help_text=_("Empty: the round's."),
    )
    room = models.CharField(_("room"), max_length=120, blank=True)

    objects = SessionQuerySet.as_manager()

    class Meta(Sourced.Meta):
        ordering = ["round", "starts", "pk"]
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        constraints = [
            *Sourced.Meta.constraints,
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(starts__isnull=False, ends__gte=F("starts")),
                name="rounds_session_ends_after_it_starts",
                violation_error_message=_("The end needs a start, not later than it."),
            ),
        ]
        indexes = [models.Index(fields=["starts"], name="rounds_session_starts")]

    def __str__(self) -> str:
        return listed([local(self, "title"), self.round])

    def get_absolute_url(self) -> str:
        return f"{self.round.get_absolute_url()}#{self.uid}"

    @property
    def name(self) -> str:
        """Its title in the language of the page."""
        return local(self, "title")

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone or "UTC")

    @property
    def day(self) -> date | None:
        """On which it begins, in its own zone."""
        return self.starts.astimezone(self.zone).date() if self.starts else None

    @property
    def times_in_words(self) -> str:
        """``09:00–12:30``, in its own zone; empty where no time is known."""
        if self.starts is None:
            return ""
        starts = self.starts.astimezone(self.zone)
        begins = f"{starts:%H:%M}"
        if self.ends is None:
            return gettext("from %(time)s") % {"time": begins}
        ends = self.ends.astimezone(self.zone)
        if ends.date() == starts.date():
            return f"{begins}–{ends:%H:%M}"
        return f"{begins} – {days.in_words(ends.date(), ends.date())}, {ends:%H:%M}"

    def clean(self) -> None:
        super().clean()
        if not self.timezone and self.round_id:
            self.timezone = self.round.timezone
