"""What was laid on the table, what was promised, and what the office itself must do."""

from datetime import date
from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mandates.models import (
    CITED,
    Chapter,
    Document,
    Initiative,
    InitiativeParty,
    Sourced,
    SourcedQuerySet,
)
from rounds.models.agenda import Session
from rounds.models.meetings import Round
from tradeinit import days
from tradeinit.days import Precision, began_by
from tradeinit.languages import local, said_of


class TablingQuerySet(SourcedQuerySet):
    def true_on(self, day: date) -> Self:
        return self.filter(began_by("on_day", day))

    def for_list(self) -> Self:
        return self.select_related(
            "document__initiative",
            "initiative_party__initiative",
            "initiative_party__party",
            "chapter__initiative",
            "round__initiative",
            "session__round__initiative",
        ).with_sources()


class Tabling(Sourced):
    """A party lays a document on the table."""

    class Act(models.TextChoices):
        PROPOSAL = "proposal", _("proposal")
        COUNTER_PROPOSAL = "counter_proposal", _("counter-proposal")
        OFFER = "offer", _("offer")
        REQUEST = "request", _("request")
        SUMMARY = "summary", _("summary")
        CONSOLIDATED_TEXT = "consolidated_text", _("consolidated text")
        COMMENT = "comment", _("comment")

    resource = "tablings"
    parents = ("document", "initiative_party")
    names = (CITED, "chapter", "round", "session")
    named_by = ("document",)

    document = models.ForeignKey(
        Document, verbose_name=_("document"), on_delete=models.PROTECT, related_name="tablings"
    )
    initiative_party = models.ForeignKey(
        InitiativeParty,
        verbose_name=_("party"),
        on_delete=models.PROTECT,
        related_name="tablings",
    )
    chapter = models.ForeignKey(
        Chapter,
        verbose_name=_("chapter"),
        on_delete=models.PROTECT,
        related_name="tablings",
        null=True,
        blank=True,
    )
    round = models.ForeignKey(
        Round,
        verbose_name=_("round"),
        on_delete=models.PROTECT,
        related_name="tablings",
        null=True,
        blank=True,
    )
    session = models.ForeignKey(
        Session,
        verbose_name=_("session"),
        on_delete=models.PROTECT,
        related_name="tablings",
        null=True,
        blank=True,
    )
    act = models.CharField(_("act"), max_length=20, choices=Act)
    on_day = models.DateField(_("on"), null=True, blank=True)

    objects = TablingQuerySet.as_manager()

    class Meta(Sourced.Meta):
        ordering = [F("on_day").desc(nulls_last=True), "pk"]
        verbose_name = _("tabling")
        verbose_name_plural = _("tablings")
        constraints = [*Sourced.Meta.constraints]

    def __str__(self) -> str:
        return said_of(self.get_act_display(), self.document)

    def get_absolute_url(self) -> str:
        return f"{self.document.get_absolute_url()}#{self.uid}"

    def clean(self) -> None:
        super().clean()
        if not self.initiative_party_id:
            return
        case = self.initiative_party.initiative_id
        for name, named in (("chapter", self.chapter), ("round", self.round)):
            if named and named.initiative_id != case:
                raise ValidationError({name: _("It belongs to another initiative than the party.")})
        if self.session and self.session.round_id != self.round_id:
            raise ValidationError({"session": _("This session belongs to another round.")})


class UndertakingQuerySet(SourcedQuerySet):
    def true_on(self, day: date) -> Self:
        """What had been promised by then."""
        return self.filter(began_by("round__start", day))

    def for_list(self) -> Self:
        return self.select_related(
            "initiative", "round__initiative", "met_by__initiative"
        ).with_sources()

    def open(self) -> Self:
        """Promised, and not met by any meeting yet."""
        return self.filter(met_by__isnull=True)

    def met(self) -> Self:
        return self.filter(met_by__isnull=False)


class Undertaking(Sourced):
    """An announced next step, in its own words, and the meeting that met it."""

    class State(models.TextChoices):
        """How it stands on a day; computed, no column."""

        OPEN = "open", _("open")
        LATE = "late", _("late")
        MET = "met", _("met")

    resource = "undertakings"
    parents = ("initiative",)
    names = (CITED, "round", "met_by")

    initiative = models.ForeignKey(
        Initiative,
        verbose_name=_("initiative"),
        on_delete=models.PROTECT,
        related_name="undertakings",
    )
    round = models.ForeignKey(
        Round,
        verbose_name=_("announced at"),
        on_delete=models.PROTECT,
        related_name="undertakings",
        null=True,
        blank=True,
    )
    wording = models.TextField(_("wording"), help_text=_("In a few words, as the source puts it."))
    wording_zh_hant = models.TextField(_("wording in Traditional Chinese"), blank=True)
    expected_from = models.DateField(_("expected from"), null=True, blank=True)
    expected_to = models.DateField(_("expected to"), null=True, blank=True)
    precision = models.CharField(
        _("precision"), max_length=10, choices=Precision, default=Precision.DAY
    )
    met_by = models.ForeignKey(
        Round,
        verbose_name=_("met by"),
        on_delete=models.PROTECT,
        related_name="undertakings_met",
        null=True,
        blank=True,
    )

    objects = UndertakingQuerySet.as_manager()

    class Meta(Sourced.Meta):
        ordering = [F("expected_from").desc(nulls_last=True), "pk"]
        verbose_name = _("undertaking")
        verbose_name_plural = _("undertakings")
        constraints = [
            *Sourced.Meta.constraints,
            models.CheckConstraint(
                condition=Q(expected_to__isnull=True)
                | Q(expected_from__isnull=False, expected_to__gte=F("expected_from")),
                name="rounds_expected_to_after_from",
                violation_error_message=_("The last day needs a first day, not later than it."),
            ),
        ]

    def __str__(self) -> str:
        return local(self, "wording")

    def get_absolute_url(self) -> str:
        return f"{self.initiative.get_absolute_url()}#{self.uid}"

    @property
    def expected_in_words(self) -> str:
        """Empty where no time was named."""
        end = self.expected_to or self.expected_from
        return days.in_words(self.expected_from, end, self.precision)

    @property
    def made_on(self) -> date | None:
        """The day of the meeting that announced it, else of the first source that did."""
        if self.round:
            return self.round.start
        dated = [found.document.dated for found in self.cited_passages if found.document.dated]
        return min(dated, default=self.expected_from)

    @property
    def was_late(self) -> bool:
        """Whether the meeting that met it began after the time that was named."""
        last = self.expected_to or self.expected_from
        begun = self.met_by.start if self.met_by else None
        return bool(last and begun and days.is_over(last, self.precision, begun))

    def state_on(self, day: date) -> State:
        if self.met_by and (self.met_by.start is None or self.met_by.start <= day):
            return self.State.MET
        last = self.expected_to or self.expected_from
        if last and days.is_over(last, self.precision, day):
            return self.State.LATE
        return self.State.OPEN


class ActionItem(models.Model):
    """Something the office itself must do. Never public, so in a table of its own."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        DONE = "done", _("done")
        DROPPED = "dropped", _("dropped")

    text = models.TextField(_("what is to be done"))
    initiative = models.ForeignKey(
        Initiative,
        verbose_name=_("initiative"),
        on_delete=models.PROTECT,
        related_name="action_items",
    )
    chapter = models.ForeignKey(
        Chapter,
        verbose_name=_("chapter"),
        on_delete=models.PROTECT,
        related_name="action_items",
        null=True,
        blank=True,
    )
    round = models.ForeignKey(
        Round,
        verbose_name=_("round"),
        on_delete=models.PROTECT,
        related_name="action_items",
        null=True,
        blank=True,
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("owner"),
        on_delete=models.PROTECT,
        related_name="action_items",
        null=True,
        blank=True,
    )
    due = models.DateField(_("due"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)

    class Meta:
        ordering = ["state", F("due").asc(nulls_last=True), "pk"]
        verbose_name = _("action item")
        verbose_name_plural = _("action items")

    def __str__(self) -> str:
        return self.text[:80]
