from datetime import date
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mandates.models.initiatives import Initiative, InitiativeParty
from mandates.models.sources import CITED, SourcedPage, SourcedQuerySet
from tradeinit.days import began_by, not_over_by
from tradeinit.languages import local, page_address


class MandateQuerySet(SourcedQuerySet):
    def true_on(self, day: date) -> Self:
        return self.filter(began_by("announced_on", day))

    def for_list(self) -> Self:
        return self.select_related(
            "initiative", "issuer__initiative", "issuer__party", "supersedes__initiative"
        ).with_sources()


class Mandate(SourcedPage):
    """What the parties, or one of them, set out to negotiate."""

    resource = "mandates"
    parents = ("initiative",)
    names = (CITED, "issuer", "supersedes")

    initiative = models.ForeignKey(
        Initiative, verbose_name=_("initiative"), on_delete=models.PROTECT, related_name="mandates"
    )
    title = models.CharField(_("title"), max_length=250)
    title_zh_hant = models.CharField(_("title in Traditional Chinese"), max_length=250, blank=True)
    announced_on = models.DateField(_("announced on"), null=True, blank=True)
    issuer = models.ForeignKey(
        InitiativeParty,
        verbose_name=_("issuer"),
        on_delete=models.PROTECT,
        related_name="mandates_issued",
        null=True,
        blank=True,
        help_text=_("Empty: issued jointly."),
    )
    supersedes = models.ForeignKey(
        "self",
        verbose_name=_("supersedes"),
        on_delete=models.PROTECT,
        related_name="superseded_by",
        null=True,
        blank=True,
    )
    summary = models.TextField(_("summary"), blank=True)
    summary_zh_hant = models.TextField(_("summary in Traditional Chinese"), blank=True)

    objects = MandateQuerySet.as_manager()

    class Meta(SourcedPage.Meta):
        ordering = ["initiative", "announced_on", "pk"]
        verbose_name = _("mandate")
        verbose_name_plural = _("mandates")
        constraints = [
            *SourcedPage.Meta.constraints,
            models.CheckConstraint(
                condition=Q(supersedes__isnull=True) | ~Q(supersedes=F("id")),
                name="mandates_mandate_supersedes_another",
                violation_error_message=_("A mandate cannot supersede itself."),
            ),
        ]

    def __str__(self) -> str:
        return local(self, "title")

    def get_absolute_url(self) -> str:
        return page_address("mandates:mandate", self.slug)


class ChapterQuerySet(SourcedQuerySet):
    def true_on(self, day: date) -> Self:
        return self.begun(day).filter(not_over_by("to_day", day))

    def begun(self, day: date) -> Self:
        """Those that are or were chapters by then."""
        return self.filter(began_by("from_day", day))

    def for_list(self) -> Self:
        return self.select_related("initiative", "mandate__initiative").with_sources()


class Chapter(SourcedPage):
    """A subject of the negotiation, as the mandate names it or as it was added later."""

    resource = "chapters"
    parents = ("initiative",)
    names = (CITED, "mandate")

    initiative = models.ForeignKey(
        Initiative, verbose_name=_("initiative"), on_delete=models.PROTECT, related_name="chapters"
    )
    mandate = models.ForeignKey(
        Mandate,
        verbose_name=_("mandate"),
        on_delete=models.PROTECT,
        related_name="chapters",
        null=True,
        blank=True,
        help_text=_("Empty: added later, under no mandate of its own."),
    )
    order = models.PositiveSmallIntegerField(
        _("order"), default=0, help_text=_("Its place in the list of the case.")
    )
    name = models.CharField(_("name"), max_length=250)
    name_zh_hant = models.CharField(_("name in Traditional Chinese"), max_length=250, blank=True)
    aim = models.TextField(_("aim"), blank=True)
    aim_zh_hant = models.TextField(_("aim in Traditional Chinese"), blank=True)
    from_day = models.DateField(_("from"), null=True, blank=True)
    to_day = models.DateField(_("to"), null=True, blank=True)

    objects = ChapterQuerySet.as_manager()

    class Meta(SourcedPage.Meta):
        ordering = ["initiative", "order", "pk"]
        verbose_name = _("chapter")
        verbose_name_plural = _("chapters")
        constraints = [
            *SourcedPage.Meta.constraints,
            models.UniqueConstraint(
                fields=["initiative", "name"],
                name="mandates_one_name_a_chapter",
                violation_error_message=_("The initiative already has a chapter of this name."),
            ),
            models.CheckConstraint(
                condition=Q(to_day__isnull=True)
                | Q(from_day__isnull=True)
                | Q(to_day__gte=F("from_day")),
                name="mandates_chapter_ends_after_it_begins",
                violation_error_message=_("The last day lies before the first."),
            ),
        ]

    def __str__(self) -> str:
        return local(self, "name")

    def get_absolute_url(self) -> str:
        return page_address("mandates:chapter", self.slug)

    @property
    def was_added_later(self) -> bool:
        """Under no mandate, and from a day on. A case may have no mandate on record at all: that a
        chapter is under none does not make it a late one."""
        return self.mandate_id is None and self.from_day is not None

    def was_there(self, first: date | None, last: date | None = None) -> bool:
        """Whether it was a chapter at some time of a meeting, as far as is known."""
        begun = self.from_day is None or (last or first or self.from_day) >= self.from_day
        return begun and (self.to_day is None or first is None or first <= self.to_day)

    def clean(self) -> None:
        super().clean()
        if self.mandate and self.mandate.initiative_id != self.initiative_id:
            raise ValidationError({"mandate": _("This mandate belongs to another initiative.")})
