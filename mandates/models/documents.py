from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Self

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Prefetch, Q
from django.utils.translation import gettext_lazy as _

from mandates import copies
from mandates.models.chapters import Chapter
from mandates.models.initiatives import Initiative
from mandates.models.parties import Organization, Party
from mandates.models.sources import CITED, SourcedPage, SourcedQuerySet
from tradeinit.days import began_by
from tradeinit.languages import listed, local, page_address
from tradeinit.publication.models import Part


class DocumentQuerySet(SourcedQuerySet):
    def of_kinds(self, kinds: Iterable[str]) -> Self:
        return self.filter(kind__in=kinds)

    def true_on(self, day: date) -> Self:
        return self.filter(began_by("dated", day))

    def for_list(self) -> Self:
        chapters = Prefetch("chapters", Chapter.objects.select_related("initiative"))
        return (
            self.select_related("initiative", "publisher")
            .prefetch_related(chapters, "originators")
            .with_sources()
        )


class Document(SourcedPage):
    """A text that says something of a case; the record cites it and does not copy it."""

    class Kind(models.TextChoices):
        PRESS_RELEASE = "press_release", _("press release")
        ADVISORY = "advisory", _("advisory")
        JOINT_STATEMENT = "joint_statement", _("joint statement")
        MANDATE = "mandate", _("mandate")
        ROUND_REPORT = "round_report", _("round report")
        TEXTUAL_PROPOSAL = "textual_proposal", _("textual proposal")
        TEXT_SUMMARY = "text_summary", _("text summary")
        CONSOLIDATED_TEXT = "consolidated_text", _("consolidated text")
        AGREEMENT_TEXT = "agreement_text", _("text of an agreement")
        LEGISLATION = "legislation", _("legislation")
        NOTICE = "notice", _("official notice")
        TRANSCRIPT = "transcript", _("transcript or minutes")
        NEWS_REPORT = "news_report", _("news report")
        OTHER = "other", _("other")

    resource = "documents"
    needs_a_source = False
    parents = ("initiative",)
    names = (CITED, "publisher", "chapters", "originators")
    _history_m2m_fields = ("chapters", "originators")

    initiative = models.ForeignKey(
        Initiative,
        verbose_name=_("initiative"),
        on_delete=models.PROTECT,
        related_name="documents",
        null=True,
        blank=True,
        help_text=_("Empty where it concerns no case, or several."),
    )
    title = models.CharField(_("title"), max_length=400)
    title_zh_hant = models.CharField(_("title in Traditional Chinese"), max_length=400, blank=True)
    kind = models.CharField(_("kind"), max_length=30, choices=Kind)
    publisher = models.ForeignKey(
        Organization,
        verbose_name=_("publisher"),
        on_delete=models.PROTECT,
        related_name="documents",
        null=True,
        blank=True,
    )
    language = models.CharField(
        _("language"),
        max_length=20,
        blank=True,
        help_text=_("Of the text itself, as a code: en, zh-Hant."),
    )
    dated = models.DateField(_("dated"), null=True, blank=True)
    address = models.URLField(
        _("web address"), max_length=600, blank=True, help_text=_("Where the publisher keeps it.")
    )
    archived = models.URLField(
        _("archived copy"), max_length=600, blank=True, help_text=_("A copy in a web archive.")
    )
    chapters = models.ManyToManyField(
        Chapter, verbose_name=_("chapters"), related_name="documents", blank=True
    )
    originators = models.ManyToManyField(
        Party,
        verbose_name=_("originators"),
        related_name="documents_originated",
        blank=True,
        help_text=_("The parties whose text it is, where that is not its publisher."),
    )
    withheld = models.BooleanField(
        _("withheld"),
        default=False,
        help_text=_("It exists and is listed; its text is not given to the public."),
    )
    withheld_reason = models.TextField(_("why it is withheld"), blank=True)
    sha256 = models.CharField(
        _("SHA-256"),
        max_length=64,
        blank=True,
        validators=[RegexValidator(r"^[0-9a-f]{64}$", _("Sixty-four hexadecimal digits."))],
        help_text=_("Of the file, so that a reader can tell that another copy is the same."),
    )
    file_format = models.CharField(
        _("kept file"),
        max_length=8,
        blank=True,
        choices=copies.CHOICES,
        help_text=_("The office’s own copy. The public can read it once the document is public."),
    )

    objects = DocumentQuerySet.as_manager()

    class Meta(SourcedPage.Meta):
        ordering = ["-dated", "title", "pk"]
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        constraints = [
            *SourcedPage.Meta.constraints,
            models.CheckConstraint(
                condition=Q(withheld=False) | ~Q(withheld_reason=""),
                name="mandates_withheld_with_reason",
                violation_error_message=_("Say why the document is withheld."),
            ),
            models.CheckConstraint(
                condition=Q(file_format="") | Q(withheld=False),
                name="mandates_withheld_without_file",
                violation_error_message=_("A document that is withheld has no file here."),
            ),
            models.CheckConstraint(
                condition=Q(file_format="") | ~Q(sha256=""),
                name="mandates_file_with_digest",
                violation_error_message=_("A kept file is found by its SHA-256."),
            ),
        ]

    def __str__(self) -> str:
        return local(self, "title")

    def clean(self) -> None:
        super().clean()
        if self.file_format and not copies.is_kept(self):
            raise ValidationError({"file_format": _("No such file is kept here.")})

    def get_absolute_url(self) -> str:
        return page_address("mandates:document", self.slug)

    @property
    def file_url(self) -> str | None:
        """Where the public reads the kept file."""
        return f"{self.get_absolute_url()}file/" if self.file_format else None

    @classmethod
    def faults(cls) -> Iterator[str]:
        for row in cls._base_manager.exclude(file_format="").order_by("pk"):
            if not copies.is_whole(row):
                yield f"documents {row.slug}: its file is missing, or not what its SHA-256 says."

    @classmethod
    def earliest_source(cls, rows: models.QuerySet) -> Iterable[tuple[Any, date]]:
        """A document is its own source: it became known on the day it bears."""
        return rows.filter(dated__isnull=False).values_list("pk", "dated")


class Citation(Part):
    """A record's fact rests on this passage of this document."""

    owner_field = "record"
    named_by = ("document",)

    record_type = models.ForeignKey(
        ContentType, verbose_name=_("kind of record"), on_delete=models.PROTECT, related_name="+"
    )
    record_id = models.PositiveBigIntegerField(_("record"))
    record = GenericForeignKey("record_type", "record_id")
    document = models.ForeignKey(
        Document, verbose_name=_("document"), on_delete=models.PROTECT, related_name="cited_by"
    )
    field = models.CharField(
        _("fact"),
        max_length=40,
        blank=True,
        help_text=_("Which field of the record it supports. Empty: the record as a whole."),
    )
    locator = models.CharField(
        _("passage"), max_length=200, blank=True, help_text=_("Page or paragraph: “paragraph 2”.")
    )
    value = models.CharField(
        _("value there"),
        max_length=500,
        blank=True,
        help_text=_("What this document states, where it says it otherwise than the record."),
    )

    class Meta:
        ordering = ["pk"]
        verbose_name = _("citation")
        verbose_name_plural = _("citations")
        indexes = [models.Index(fields=["record_type", "record_id"], name="mandates_cited_record")]
        constraints = [
            models.UniqueConstraint(
                fields=["record_type", "record_id", "document", "field", "locator"],
                name="mandates_one_citation_a_passage",
                violation_error_message=_("This passage is already cited for this fact."),
            ),
            models.CheckConstraint(
                condition=Q(record_id__gt=0),
                name="mandates_citation_of_a_record",
                violation_error_message=_("A citation belongs to a record."),
            ),
        ]

    def __str__(self) -> str:
        return listed([self.document, self.locator])
