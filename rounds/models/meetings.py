import zoneinfo
from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from mandates.models import (
    CITED,
    Chapter,
    Initiative,
    InitiativeParty,
    Sourced,
    SourcedPage,
    SourcedQuerySet,
    Statement,
)
from tradeinit import days
from tradeinit.days import Precision, began_by
from tradeinit.languages import CHINESE, HAN, current, listed, local, page_address, said_of
from tradeinit.publication.concerns import Concern
from tradeinit.publication.models import Part


@cache
def timezones() -> set[str]:
    """Read once: it looks into hundreds of files."""
    return zoneinfo.available_timezones()


def known_timezone(name: str) -> None:
    if name not in timezones():
        raise ValidationError(_("No time zone has this name; write it as in “Asia/Taipei”."))


class RoundQuerySet(SourcedQuerySet):
    def true_on(self, day: date) -> Self:
        return self.filter(began_by("start", day))

    def for_list(self) -> Self:
        return (
            self.select_related(
                "initiative", "host__initiative", "host__party", "replaces__initiative"
            )
            .prefetch_related("venues")
            .with_sources()
        )

    def of_cases(self, initiatives: list[Initiative]) -> Self:
        return self.filter(initiative__in=initiatives)

    def in_place_of(self, planned: "Round") -> Self:
        return self.filter(replaces=planned)

    def taking_place(self) -> Self:
        """Neither postponed nor cancelled."""
        return self.exclude(state__in=NOT_TAKING_PLACE)

    def begun(self, day: date) -> Self:
        return self.filter(start__lte=day)

    def coming(self, day: date) -> Self:
        return self.filter(start__gt=day)

    def next_first(self) -> Self:
        return self.for_list().order_by("start", "pk")

    def not_begun(self, day: date) -> Self:
        """Of a later day, or of none that is known."""
        return self.filter(Q(start__gt=day) | Q(start__isnull=True))

    def last_of_each_case(self) -> Self:
        return self._one_of_each_case("-start", "-pk")

    def first_of_each_case(self) -> Self:
        return self._one_of_each_case("start", "pk")

    def _one_of_each_case(self, *order: str) -> Self:
        of_case = self.filter(initiative=OuterRef("initiative")).order_by(*order)
        return self.filter(pk=Subquery(of_case.values("pk")[:1]))


def by_last_meeting(initiatives: Any, day: date) -> Any:
    """Cases in the order of their last meetings, the latest first; those without any last."""
    begun = Round.objects.public().taking_place().begun(day)
    of_case = begun.filter(initiative=OuterRef("pk")).order_by("-start")
    last = Subquery(of_case.values("start")[:1])
    return initiatives.order_by(Coalesce(last, date.min).desc(), "title", "pk")


class Round(SourcedPage):
    """A meeting of a case: a negotiating round, a launch, talks of ministers.

    Each side may number its rounds its own way, so a number is a label and never a key.
    """

    class Kind(models.TextChoices):
        LAUNCH = "launch", _("launch")
        SCOPING = "scoping", _("scoping talks")
        CONCEPTUAL = "conceptual", _("conceptual discussions")
        FULL_ROUND = "full_round", _("negotiating round")
        SPECIAL_ROUND = "special_round", _("special round")
        INTERSESSIONAL = "intersessional", _("intersessional meeting")
        TECHNICAL = "technical", _("technical meeting")
        CHIEF_NEGOTIATORS = "chief_negotiators", _("meeting of chief negotiators")
        MINISTERIAL = "ministerial", _("ministerial meeting")
        STOCKTAKE = "stocktake", _("stocktake")
        LEGAL_REVIEW = "legal_review", _("legal review")
        SIGNING = "signing", _("signing")
        STAKEHOLDER_EVENT = "stakeholder_event", _("stakeholder event")

    class Mode(models.TextChoices):
        IN_PERSON = "in_person", _("in person")
        VIRTUAL = "virtual", _("by video")
        HYBRID = "hybrid", _("in person and by video")
        WRITTEN = "written", _("in writing")
        UNKNOWN = "unknown", _("not stated")

    class PressAccess(models.TextChoices):
        CLOSED = "closed", _("closed press")
        PHOTO_ONLY = "photo_only", _("photographs only")
        STATEMENT = "statement", _("press statement")
        BRIEFING = "briefing", _("press briefing")
        OPEN = "open", _("open to the press")
        UNKNOWN = "unknown", _("not stated")

    class State(models.TextChoices):
        PLANNED = "planned", _("planned (internal)")
        ANNOUNCED = "announced", _("announced")
        CONFIRMED = "confirmed", _("confirmed")
        UNDER_WAY = "under_way", _("under way")
        HELD = "held", _("held")
        POSTPONED = "postponed", _("postponed")
        CANCELLED = "cancelled", _("cancelled")

    resource = "rounds"
    parents = ("initiative",)
    names = (CITED, "host", "replaces")
    named_by = ("venues",)

    initiative = models.ForeignKey(
        Initiative, verbose_name=_("initiative"), on_delete=models.PROTECT, related_name="rounds"
    )
    label = models.CharField(
        _("label"), max_length=200, help_text=_("What the record calls it: “Negotiating round”.")
    )
    label_zh_hant = models.CharField(_("label in Traditional Chinese"), max_length=200, blank=True)
    number = models.PositiveSmallIntegerField(
        _("number"),
        null=True,
        blank=True,
        help_text=_("Only where a source numbers it; the sides may count differently."),
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    mode = models.CharField(
        _("mode"),
        max_length=10,
        choices=Mode,
        default=Mode.UNKNOWN,
        help_text=_("How people sit together."),
    )
    press_access = models.CharField(
        _("press access"), max_length=10, choices=PressAccess, default=PressAccess.UNKNOWN
    )
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=State,
        default=State.PLANNED,
        help_text=_("“Planned” is for the office alone and is never public."),
    )
    start = models.DateField(
        _("first day"), null=True, blank=True, help_text=_("Or the first day of its period.")
    )
    end = models.DateField(
        _("last day"), null=True, blank=True, help_text=_("Included. Empty where no end is stated.")
    )
    precision = models.CharField(
        _("precision"), max_length=10, choices=Precision, default=Precision.DAY
    )
    wording = models.CharField(
        _("dates as worded"),
        max_length=200,
        blank=True,
        help_text=_("The words of the source where they are vague: “early this fall”."),
    )
    timezone = models.CharField(
        _("time zone"),
        max_length=60,
        blank=True,
        validators=[known_timezone],
        help_text=_("Of the place: Asia/Taipei."),
    )
    host = models.ForeignKey(
        InitiativeParty,
        verbose_name=_("host"),
        on_delete=models.PROTECT,
        related_name="rounds_hosted",
        null=True,
        blank=True,
    )
    summary = models.TextField(_("summary"), blank=True)
    summary_zh_hant = models.TextField(_("summary in Traditional Chinese"), blank=True)
    replaces = models.OneToOneField(
        "self",
        verbose_name=_("replaces"),
        on_delete=models.PROTECT,
        related_name="replaced_by",
        null=True,
        blank=True,
        help_text=_("The planned meeting in whose place it was held."),
    )

    objects = RoundQuerySet.as_manager()

    class Meta(SourcedPage.Meta):
        ordering = [F("start").desc(nulls_last=True), "pk"]
        verbose_name = _("round")
        verbose_name_plural = _("rounds")
        constraints = [
            *SourcedPage.Meta.constraints,
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(start__isnull=False, end__gte=F("start")),
                name="rounds_round_ends_after_it_starts",
                violation_error_message=_("The last day needs a first day, not later than it."),
            ),
            models.CheckConstraint(
                condition=Q(number__isnull=True) | Q(number__gte=1),
                name="rounds_round_number_counts_from_one",
                violation_error_message=_("Rounds are numbered from one."),
            ),
            models.CheckConstraint(
                condition=~Q(state="planned") | Q(public_from__isnull=True),
                name="rounds_planned_is_internal",
                violation_error_message=_(
                    "A meeting that is only planned is not public: say that it is announced first."
                ),
            ),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True) | ~Q(replaces=F("id")),
                name="rounds_round_replaces_another",
                violation_error_message=_("A round cannot replace itself."),
            ),
        ]
        indexes = [
            models.Index(fields=["-start", "id"], name="rounds_by_day"),
            # All that a list counts of its rows, so that the rows need not be read for it.
            models.Index(
                fields=[
                    "start",
                    "precision",
                    "initiative",
                    "public_from",
                    "withdrawn_at",
                    "kind",
                    "mode",
                    "press_access",
                    "state",
                ],
                name="rounds_counted",
            ),
        ]

    def __str__(self) -> str:
        cities = (local(venue, "city") for venue in self.known_venues)
        return listed([self.name, *cities, self.dates_in_words])

    def get_absolute_url(self) -> str:
        return page_address("rounds:round", self.slug)

    concerned_with = ("participations",)

    def concerns(self) -> Iterable[Concern]:
        yield from super().concerns()
        told = (self.label, self.label_zh_hant, self.summary, self.summary_zh_hant, self.wording)
        for seat in self.participations.all():
            name = seat.name_as_listed
            if not seat.is_named and name and any(name in text for text in told):
                yield Concern(
                    f"names {name} in its words, whose name is withheld.",
                    stops=True,
                )

    @property
    def name(self) -> str:
        """Its label in the language of the page."""
        return local(self, "label")

    @property
    def dates_in_words(self) -> str:
        """Empty where the source gives no date at all."""
        return days.in_words(self.start, self.end, self.precision) or self.wording

    @property
    def cities(self) -> list[str]:
        return [venue.city for venue in self.known_venues if venue.city]

    @property
    def known_venues(self) -> list["Venue"]:
        return list(self.venues.all()) if self.pk else []

    @property
    def first_venue(self) -> "Venue | None":
        return next(iter(self.venues.all()), None)

    def clean(self) -> None:
        super().clean()
        if self.host and self.host.initiative_id != self.initiative_id:
            raise ValidationError({"host": _("This party has no seat in this initiative.")})
        # Sources begin their weeks on different days of the week.
        if self.start and self.precision != Precision.WEEK:
            first = days.first_day(self.start, self.precision)
            if self.start != first:
                raise ValidationError(
                    {"start": _("Enter the first day of the period: %(day)s.") % {"day": first}}
                )

    @property
    def takes_place(self) -> bool:
        return self.state not in NOT_TAKING_PLACE

    @property
    def span(self) -> tuple[date, date] | None:
        """Its first and last day, where a source gives days."""
        if self.start is None or self.precision != Precision.DAY:
            return None
        return self.start, self.end or self.start


NOT_TAKING_PLACE = (Round.State.POSTPONED, Round.State.CANCELLED)


class Venue(Part):
    """Where a round sits. Most have one, some two, those by video none."""

    owner_field = "round"

    round = models.ForeignKey(
        Round, verbose_name=_("round"), on_delete=models.CASCADE, related_name="venues"
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    city = models.CharField(_("city"), max_length=100, blank=True)
    city_zh_hant = models.CharField(_("city in Traditional Chinese"), max_length=100, blank=True)
    country = models.CharField(
        _("country or territory"),
        max_length=100,
        blank=True,
        help_text=_("Under the name that the case uses."),
    )
    country_zh_hant = models.CharField(
        _("country or territory in Traditional Chinese"), max_length=100, blank=True
    )
    venue = models.CharField(
        _("building"), max_length=200, blank=True, help_text=_("Only where a source names it.")
    )

    class Meta:
        ordering = ["round", "order", "pk"]
        verbose_name = _("venue")
        verbose_name_plural = _("venues")
        constraints = [
            models.CheckConstraint(
                condition=~Q(city="") | ~Q(country="") | ~Q(venue=""),
                name="rounds_venue_is_somewhere",
                violation_error_message=_("Say where: a city, a country or a building."),
            ),
        ]
        indexes = [models.Index(fields=["city"], name="rounds_venue_city")]

    def __str__(self) -> str:
        city, country = local(self, "city"), local(self, "country")
        if current() == CHINESE and HAN.search(city) and HAN.search(country):
            return listed([self.venue, f"{country}{city}"])
        return listed([self.venue, city, country])


class OutcomeQuerySet(SourcedQuerySet):
    def true_on(self, day: date) -> Self:
        return self.filter(began_by("round__start", day))

    def for_list(self) -> Self:
        return (
            self.select_related(
                "round__initiative",
                "chapter__initiative",
                "statement__initiative",
                "statement__chapter__initiative",
            )
            .prefetch_related("round__venues")
            .with_sources()
        )

    def latest_first(self) -> Self:
        return self.order_by(F("round__start").desc(nulls_last=True), "round", "pk")

    def of_case(self, initiative: Initiative) -> Self:
        return self.filter(round__initiative=initiative)


class Outcome(Sourced):
    """What came of one chapter at one round: a cell of the matrix."""

    class Result(models.TextChoices):
        NOT_DISCUSSED = "not_discussed", _("not discussed")
        DISCUSSED = "discussed", _("discussed")
        VIEWS_EXCHANGED = "views_exchanged", _("views exchanged")
        TEXT_TABLED = "text_tabled", _("text tabled")
        PROGRESS = "progress", _("progress")
        CONSOLIDATED = "consolidated", _("text consolidated")
        PROVISIONALLY_CLOSED = "provisionally_closed", _("provisionally closed")
        CONCLUDED = "concluded", _("concluded")
        BLOCKED = "blocked", _("blocked")
        REFERRED_UP = "referred_up", _("referred to a higher level")

    resource = "outcomes"
    parents = ("round", "chapter")
    names = (CITED, "statement")
    named_by = ("chapter",)

    round = models.ForeignKey(
        Round, verbose_name=_("round"), on_delete=models.PROTECT, related_name="outcomes"
    )
    chapter = models.ForeignKey(
        Chapter, verbose_name=_("chapter"), on_delete=models.PROTECT, related_name="outcomes"
    )
    result = models.CharField(
        _("result"),
        max_length=30,
        choices=Result,
        blank=True,
        help_text=_("May stay open in a draft, where the wording fits none of them."),
    )
    summary = models.TextField(_("summary"), blank=True)
    summary_zh_hant = models.TextField(_("summary in Traditional Chinese"), blank=True)
    wording = models.TextField(
        _("wording"), blank=True, help_text=_("In a few words, as the source puts it.")
    )
    statement = models.ForeignKey(
        Statement,
        verbose_name=_("statement it led to"),
        on_delete=models.PROTECT,
        related_name="outcomes",
        null=True,
        blank=True,
    )

    objects = OutcomeQuerySet.as_manager()

    class Meta(Sourced.Meta):
        ordering = ["round", "chapter__order", "pk"]
        verbose_name = _("outcome")
        verbose_name_plural = _("outcomes")
        constraints = [
            *Sourced.Meta.constraints,
            models.UniqueConstraint(
                fields=["round", "chapter"],
                name="rounds_one_outcome_a_chapter",
                violation_error_message=_("This round already has an outcome for this chapter."),
            ),
            models.CheckConstraint(
                condition=Q(public_from__isnull=True) | ~Q(result=""),
                name="rounds_outcome_has_a_result_once_cleared",
                violation_error_message=_("Say what came of the chapter: choose a result."),
            ),
        ]

    def __str__(self) -> str:
        # Until somebody has chosen a result, it goes by its words.
        return said_of(self.chapter, self.get_result_display() or self.wording or "…")

    def get_absolute_url(self) -> str:
        return f"{self.round.get_absolute_url()}#{self.uid}"

    @property
    def public_title(self) -> str:
        return listed([self, self.round.name])

    def clean(self) -> None:
        super().clean()
        entered = self.round_id and self.chapter_id
        if entered and self.round.initiative_id != self.chapter.initiative_id:
            raise ValidationError(
                {"chapter": _("This chapter belongs to another initiative than the round.")}
            )
