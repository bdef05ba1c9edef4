from datetime import date
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.utils.translation import gettext_lazy as _

from mandates.models.chapters import Chapter
from mandates.models.initiatives import Initiative
from mandates.models.sources import CITED, Sourced, SourcedPage, SourcedQuerySet
from tradeinit import days
from tradeinit.days import Precision, began_by
from tradeinit.languages import local, page_address, said_of


def with_case() -> models.QuerySet:
    """Chapters as a page names them: with the initiative that decides whether they are public."""
    return Chapter.objects.select_related("initiative")


class AgreementQuerySet(SourcedQuerySet):
    def true_on(self, day: date) -> Self:
        """From the day of the first word on it; where there is no word, on any."""
        word = self.model.statements.rel.related_model.objects.public().filter(
            agreement=OuterRef("pk")
        )
        return self.filter(Exists(word.filter(effective_on__lte=day)) | ~Exists(word))

    def for_list(self) -> Self:
        chapters = Prefetch("chapters", with_case())
        return self.select_related("initiative").prefetch_related(chapters).with_sources()


class Agreement(SourcedPage):
    """What is signed: it comes out of an initiative, which may yield several."""

    resource = "agreements"
    parents = ("initiative",)
    names = (CITED, "chapters")
    _history_m2m_fields = ("chapters",)

    initiative = models.ForeignKey(
        Initiative,
        verbose_name=_("initiative"),
        on_delete=models.PROTECT,
        related_name="agreements",
    )
    ordinal = models.PositiveSmallIntegerField(
        _("ordinal"), null=True, blank=True, help_text=_("First, second: where a source counts.")
    )
    title = models.CharField(_("title"), max_length=400)
    title_zh_hant = models.CharField(_("title in Traditional Chinese"), max_length=400, blank=True)
    short_title = models.CharField(_("short title"), max_length=120, blank=True)
    short_title_zh_hant = models.CharField(
        _("short title in Traditional Chinese"), max_length=120, blank=True
    )
    chapters = models.ManyToManyField(
        Chapter, verbose_name=_("chapters"), related_name="agreements", blank=True
    )

    objects = AgreementQuerySet.as_manager()

    class Meta(SourcedPage.Meta):
        ordering = ["initiative", "ordinal", "pk"]
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        constraints = [
            *SourcedPage.Meta.constraints,
            models.UniqueConstraint(
                fields=["initiative", "ordinal"],
                name="mandates_one_agreement_an_ordinal",
                violation_error_message=_("The initiative already has an agreement so numbered."),
            ),
            models.CheckConstraint(
                condition=Q(ordinal__isnull=True) | Q(ordinal__gte=1),
                name="mandates_agreement_ordinal_counts_from_one",
                violation_error_message=_("Agreements are counted from one."),
            ),
        ]

    def __str__(self) -> str:
        return local(self, "short_title") or local(self, "title")

    def get_absolute_url(self) -> str:
        return page_address("mandates:agreement", self.slug)


class ChapterLineageQuerySet(SourcedQuerySet):
    def true_on(self, day: date) -> Self:
        return self.filter(began_by("on_day", day))

    def for_list(self) -> Self:
        return (
            self.select_related("initiative")
            .prefetch_related(
                Prefetch("from_chapters", with_case()), Prefetch("to_chapters", with_case())
            )
            .with_sources()
        )


class ChapterLineage(Sourced):
    """How chapters became others: renamed, split, merged, added late, or put off."""

    class Kind(models.TextChoices):
        RENAMED = "renamed", _("renamed")
        SPLIT = "split", _("split")
        MERGED = "merged", _("merged")
        ADDED = "added", _("added")
        DEFERRED = "deferred", _("deferred")

    resource = "lineage"
    parents = ("initiative",)
    names = (CITED, "from_chapters", "to_chapters")
    named_by = ("initiative",)
    _history_m2m_fields = ("from_chapters", "to_chapters")

    initiative = models.ForeignKey(
        Initiative,
        verbose_name=_("initiative"),
        on_delete=models.PROTECT,
        related_name="lineage",
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    on_day = models.DateField(_("on"), null=True, blank=True)
    precision = models.CharField(
        _("precision"), max_length=10, choices=Precision, default=Precision.DAY
    )
    from_chapters = models.ManyToManyField(
        Chapter, verbose_name=_("from"), related_name="lineage_from", blank=True
    )
    to_chapters = models.ManyToManyField(
        Chapter, verbose_name=_("to"), related_name="lineage_to", blank=True
    )
    former_name = models.CharField(
        _("former name"), max_length=250, blank=True, help_text=_("Of a chapter renamed.")
    )
    former_name_zh_hant = models.CharField(
        _("former name in Traditional Chinese"), max_length=250, blank=True
    )
    note = models.TextField(_("note"), blank=True, help_text=_("The public reads it."))

    objects = ChapterLineageQuerySet.as_manager()

    class Meta(Sourced.Meta):
        ordering = ["initiative", "on_day", "pk"]
        verbose_name = _("chapter lineage")
        verbose_name_plural = _("chapter lineage")
        constraints = [
            *Sourced.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(kind="renamed") | ~Q(former_name=""),
                name="mandates_renamed_from_something",
                violation_error_message=_("Say what the chapter was called before."),
            ),
        ]

    def __str__(self) -> str:
        return said_of(self.get_kind_display(), self.initiative.short_name)

    def get_absolute_url(self) -> str:
        return f"{self.initiative.get_absolute_url()}#{self.uid}"

    @property
    def day_in_words(self) -> str:
        return days.in_words(self.on_day, self.on_day, self.precision)
