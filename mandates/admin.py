from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from mandates import copies
from mandates.models import (
    Agreement,
    Chapter,
    ChapterLineage,
    Citation,
    Document,
    Initiative,
    InitiativeParty,
    Mandate,
    Organization,
    Party,
    Representation,
    Statement,
)
from mandates.models.statements import ChapterStatus, Phase
from tradeinit import clock
from tradeinit.admin import (
    Need,
    PublicRecordForm,
    RecordAdmin,
    RecordInline,
    SourceInline,
    WhereUsed,
)

# Of these nothing more is expected.
SETTLED = (
    ChapterStatus.CONCLUDED,
    ChapterStatus.LEGALLY_VERIFIED,
    ChapterStatus.DEFERRED,
    ChapterStatus.DROPPED,
)


class CitationInline(SourceInline):
    model = Citation
    autocomplete_fields = ("document",)
    verbose_name = _("source")
    verbose_name_plural = _("sources")


@admin.register(Party)
class PartyAdmin(WhereUsed, RecordAdmin):
    list_display = ("name", "name_zh_hant", "kind")
    list_filter = ("kind",)
    search_fields = ("name", "name_zh_hant", "slug")
    prepopulated_fields = {"slug": ("name",)}
    autocomplete_fields = ("members",)
    inlines = (CitationInline,)


@admin.register(Organization)
class OrganizationAdmin(WhereUsed, RecordAdmin):
    merges = True
    list_display = ("name", "abbreviation", "party", "kind")
    list_filter = ("kind",)
    search_fields = ("name", "name_zh_hant", "abbreviation", "slug")
    prepopulated_fields = {"slug": ("name",)}
    autocomplete_fields = ("party", "parent")
    inlines = (CitationInline,)


class SeatInline(RecordInline):
    model = InitiativeParty
    autocomplete_fields = ("party",)
    fields = (
        ("party", "role"),
        ("designation", "designation_zh_hant"),
        ("joined_on", "left_on"),
        ("public_from", "disclosed_on"),
        "version",
    )


class MandateInline(RecordInline):
    model = Mandate
    autocomplete_fields = ("issuer", "supersedes")
    prepopulated_fields = {"slug": ("title",)}
    fields = (
        ("title", "title_zh_hant"),
        ("slug", "announced_on"),
        ("issuer", "supersedes"),
        "summary",
        ("public_from", "disclosed_on"),
        "version",
    )


class ChapterInline(RecordInline):
    model = Chapter
    autocomplete_fields = ("mandate",)
    prepopulated_fields = {"slug": ("name",)}
    fields = (
        ("order", "name", "name_zh_hant"),
        ("slug", "mandate"),
        "aim",
        ("public_from", "disclosed_on"),
        "version",
    )


@admin.register(Initiative)
class InitiativeAdmin(RecordAdmin):
    change_form_template = "admin/mandates/initiative/change_form.html"
    list_display = ("title", "short_title", "kind")
    list_filter = ("kind",)
    search_fields = ("title", "title_zh_hant", "short_title", "slug")
    prepopulated_fields = {"slug": ("title",)}
    autocomplete_fields = ("succeeds",)
    inlines = (CitationInline, SeatInline, MandateInline, ChapterInline)


class RepresentationInline(RecordInline):
    model = Representation
    autocomplete_fields = ("organization", "on_behalf_of")
    fields = (
        ("organization", "capacity", "on_behalf_of"),
        ("from_day", "to_day"),
        ("public_from", "disclosed_on"),
        "version",
    )


@admin.register(InitiativeParty)
class InitiativePartyAdmin(RecordAdmin):
    list_display = ("party", "initiative", "role")
    list_filter = ("role",)
    search_fields = ("party__name", "initiative__title", "initiative__short_title", "designation")
    autocomplete_fields = ("initiative", "party")
    inlines = (CitationInline, RepresentationInline)


@admin.register(Representation)
class RepresentationAdmin(RecordAdmin):
    list_display = ("organization", "capacity", "initiative_party")
    list_filter = ("capacity",)
    search_fields = ("organization__name", "organization__abbreviation")
    autocomplete_fields = ("initiative_party", "organization", "on_behalf_of")
    inlines = (CitationInline,)


@admin.register(Mandate)
class MandateAdmin(RecordAdmin):
    list_display = ("title", "initiative", "announced_on")
    search_fields = ("title", "title_zh_hant", "slug")
    prepopulated_fields = {"slug": ("title",)}
    autocomplete_fields = ("initiative", "issuer", "supersedes")
    date_hierarchy = "announced_on"
    inlines = (CitationInline,)


def long_silent(rows: Any, request: HttpRequest) -> QuerySet:
    """Chapters of a living case of which nothing was said, and that no meeting took up, for long.

    Without a word at all, a chapter counts from when it was announced.
    """
    since = clock.today() - timedelta(days=settings.DORMANT_AFTER_DAYS)
    said = Statement.objects.public().order_by("-effective_on", "-pk")
    phase = said.filter(initiative=OuterRef("initiative"), value__in=Phase.values)
    status = said.filter(chapter=OuterRef("pk"))
    return (
        rows.annotate(
            phase=Coalesce(Subquery(phase.values("value")[:1]), Value("")),
            status=Coalesce(Subquery(status.values("value")[:1]), Value("")),
            last_said=Subquery(status.values("effective_on")[:1]),
        )
        .exclude(phase__in=(Phase.CONCLUDED, Phase.ENDED))
        .exclude(status__in=SETTLED)
        .filter(Q(last_said__lt=since) | Q(last_said__isnull=True))
        .exclude(outcomes__round__start__gte=since)
        .order_by(F("last_said").asc(nulls_first=True), "pk")
    )


@admin.register(Chapter)
class ChapterAdmin(RecordAdmin):
    list_display = ("name", "initiative", "order", "mandate")
    needs = (
        Need("silent", "Chapters long silent", long_silent, lambda row: row.last_said or "never"),
    )
    # A chapter that comes late moves all those after it.
    list_editable = ("order",)
    search_fields = ("name", "name_zh_hant", "slug", "initiative__title")
    prepopulated_fields = {"slug": ("name",)}
    autocomplete_fields = ("initiative", "mandate")
    inlines = (CitationInline,)


class ChaptersOfOneCaseForm(PublicRecordForm):
    """A record that lists chapters lists those of its own initiative."""

    CHAPTERS = ("chapters", "from_chapters", "to_chapters")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        initiative = cleaned.get("initiative")
        for name in self.CHAPTERS:
            strays = [c for c in cleaned.get(name) or [] if c.initiative != initiative]
            if initiative and strays:
                listed = ", ".join(str(chapter) for chapter in strays)
                self.add_error(
                    name, _("Of another initiative: %(chapters)s.") % {"chapters": listed}
                )
        return cleaned


def link_to_the_file(named: Document) -> SafeString:
    address = reverse("admin:mandates_document_file", args=[named.sha256, named.file_format])
    return format_html('<a href="{}">{}</a>', address, _("Look at the file"))


class DocumentForm(ChaptersOfOneCaseForm):
    upload = forms.FileField(
        label=_("File"),
        required=False,
        help_text=_("The office’s own copy: PDF, Word, OpenDocument or plain text, at most 20 MB."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "file_format" not in self.fields:
            # Who may only look is shown what is recorded, and no entries.
            return
        # A file is given by the entry above; here it is taken away, or comes back with a version.
        kept = self.instance.file_format
        self.fields["file_format"].choices = [  # type: ignore[attr-defined]
            ("", _("none")),
            *(choice for choice in copies.CHOICES if self.is_bound or choice[0] == kept),
        ]
        self._link_to_the_file()

    def _link_to_the_file(self) -> None:
        """The file that the entries name: the record's, or one that is given or proposed."""
        named = Document(
            file_format=self["file_format"].value() or "", sha256=self["sha256"].value() or ""
        )
        if copies.is_kept(named):
            self.fields["file_format"].help_text = link_to_the_file(named)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("upload"):
            self._take(cleaned)
        return cleaned

    def _take(self, cleaned: dict[str, Any]) -> None:
        upload, said = cleaned["upload"], cleaned.get("sha256")
        try:
            ending, digest = copies.examine(upload)
        except ValidationError as error:
            self.add_error("upload", error)
            return
        if said and said != digest:
            problem = _(
                "Its SHA-256 is %(digest)s, and not the one below. "
                "To take this file all the same, empty that."
            )
            self.add_error("upload", problem % {"digest": digest})
            return
        cleaned |= {"file_format": ending, "sha256": digest}
        # Before the record, which may not name a file that is not there. Refused for another
        # reason, the form leaves a file that no record names and nobody can read.
        copies.keep(upload, ending, digest)
        # Shown again, or proposed, the form names the file: a browser does not send it twice.
        data: Any = self.data
        self.data = data = data.copy()
        data[self.add_prefix("file_format")], data[self.add_prefix("sha256")] = ending, digest
        self._link_to_the_file()


@admin.register(Document)
class DocumentAdmin(WhereUsed, RecordAdmin):
    form = DocumentForm
    list_display = ("title", "kind", "publisher", "dated", "initiative")
    list_filter = ("kind", "language", "withheld")
    search_fields = ("title", "title_zh_hant", "slug", "publisher__name")
    prepopulated_fields = {"slug": ("title",)}
    autocomplete_fields = ("initiative", "publisher", "chapters", "originators")
    date_hierarchy = "dated"
    inlines = (CitationInline,)

    def get_urls(self) -> list[Any]:
        look = self.admin_site.admin_view(self.file_view)
        file = path("file/<slug:digest>/<slug:ending>/", look, name="mandates_document_file")
        return [file, *super().get_urls()]

    def file_view(self, request: HttpRequest, digest: str, ending: str) -> HttpResponseBase:
        """A file that is kept here, for staff to look at before the public does."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        named = Document(file_format=ending, sha256=digest)
        if not copies.is_kept(named):
            raise Http404
        return copies.to_keep(named, digest)

    def own_fields(self) -> list[str]:
        own = super().own_fields()
        own.insert(own.index("sha256"), "upload")
        return own

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Who may only look is led to the file, where others can give one."""
        found = super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return found
        return [
            (
                title,
                shown | {"fields": ["kept_file" if n == "upload" else n for n in shown["fields"]]},
            )
            for title, shown in found
        ]

    @admin.display(description=_("File"))
    def kept_file(self, row: Document) -> str:
        return link_to_the_file(row) if copies.is_kept(row) else str(_("none"))


@admin.register(Agreement)
class AgreementAdmin(RecordAdmin):
    form = ChaptersOfOneCaseForm
    list_display = ("title", "ordinal", "initiative")
    search_fields = ("title", "title_zh_hant", "short_title", "slug")
    prepopulated_fields = {"slug": ("short_title",)}
    autocomplete_fields = ("initiative", "chapters")
    inlines = (CitationInline,)


@admin.register(ChapterLineage)
class ChapterLineageAdmin(RecordAdmin):
    form = ChaptersOfOneCaseForm
    list_display = ("initiative", "kind", "on_day", "former_name")
    list_filter = ("kind",)
    search_fields = ("initiative__title", "former_name", "note")
    autocomplete_fields = ("initiative", "from_chapters", "to_chapters")
    inlines = (CitationInline,)


@admin.register(Statement)
class StatementAdmin(RecordAdmin):
    list_display = ("subject", "value", "effective_on", "claimed_by")
    list_filter = ("value",)
    search_fields = ("initiative__title", "chapter__name", "agreement__title", "wording")
    autocomplete_fields = ("initiative", "chapter", "agreement", "claimed_by", "corrects")
    date_hierarchy = "effective_on"
    inlines = (CitationInline,)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Once public a statement stands; it is withdrawn, or another one corrects it."""
        if obj and obj.was_told():
            return [*self.own_fields(), "public_from", "disclosed_on"]
        return super().get_readonly_fields(request, obj)

    @admin.display(description=_("Subject"))
    def subject(self, row: Statement) -> str:
        return str(row.subject)
