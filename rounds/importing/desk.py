"""Importing in the desk: files are tried, shown, then recorded or dropped; later taken back."""

import hashlib
import io
import zipfile
from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html

from mandates.models import Chapter, Document, Initiative, InitiativeParty, Party, Statement
from rounds import exporting
from rounds.importing import files, importing, sheet
from rounds.importing.headings import CHAPTERS, ROUNDS
from rounds.importing.importing import File
from rounds.importing.report import Line, Report, grouped
from rounds.models import ActionItem, Import, ImportedFile, Outcome, Round
from tradeinit import clock
from tradeinit.desk.reverting import filled_form
from tradeinit.desk.sessions import is_fresh, prove_again
from tradeinit.publication import registry
from tradeinit.publication.current import Conflict
from tradeinit.renderers import XLSXRenderer

# What an import writes: whoever may not enter these by hand may not import them either.
WRITTEN = (
    *(Initiative, Party, InitiativeParty, Chapter, Document, Statement),
    *(Round, Outcome, ActionItem),
)
MOST_FILES = 10
# A proposal that nobody has recorded by then is dropped with its files.
PROPOSALS_KEPT = timedelta(days=7)
CHOICE = "same-as-"
CSV = "text/csv; charset=utf-8"
# The files of a case: what each is, and how it is written.
SHEETS: dict[str, tuple[str, Any]] = {
    "case.xlsx": (XLSXRenderer.media_type, sheet.as_workbook),
    "rounds.csv": (CSV, lambda sheets: sheet.as_csv(ROUNDS, sheets[ROUNDS])),
    "chapters.csv": (CSV, lambda sheets: sheet.as_csv(CHAPTERS, sheets[CHAPTERS])),
}


class _ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    widget = _ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        given = data if isinstance(data, list | tuple) else [data]
        if len(given) > MOST_FILES:
            raise ValidationError(f"At most {MOST_FILES} files at once.")
        return [super(FilesField, self).clean(one, initial) for one in given]


class UploadForm(forms.Form):
    sheets = FilesField(
        label="Files",
        help_text="CSV or XLSX, up to 10 MB each. Nothing is written yet.",
        widget=_ManyFiles(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
    )

    def clean_sheets(self) -> list[File]:
        for given in self.cleaned_data["sheets"]:
            # Asked before it is read into memory.
            if given.size > files.LARGEST_FILE:
                limit = files.LARGEST_FILE // files.MEGABYTE
                raise ValidationError(f"{given.name} is larger than {limit} MB.")
        return [File(given.name or "file", given.read()) for given in self.cleaned_data["sheets"]]


class ImportAdmin(admin.ModelAdmin):
    list_display = ("__str__", "state", "by", "begun")
    list_select_related = ("by",)
    list_per_page = 50
    change_list_template = "admin/imports/list.html"
    actions = None

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("files")

    def get_urls(self) -> list[Any]:
        export = self.admin_site.admin_view(self.export_view)
        sheets = self.admin_site.admin_view(self.sheets_view)
        return [
            path("export/", export, name="rounds_import_export"),
            path("sheets/<int:pk>/", sheets, name="rounds_import_sheets"),
            *super().get_urls(),
        ]

    @admin.display(description="State")
    def state(self, batch: Import) -> str:
        if batch.taken_back:
            return format_html('<span class="state-withdrawn">{}</span>', "taken back")
        if batch.recorded:
            return f"recorded, {len(batch.written)} records"
        return "only tried"

    # Who may

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and _may(request, "add", "change")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and _may(request, "add", "change")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only what was never recorded is dropped; the rest is the office's own history."""
        dropped = obj is not None and obj.recorded is None
        return dropped and super().has_delete_permission(request, obj)

    # Pages

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> Any:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = UploadForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            batch = self._try(request, form.cleaned_data["sheets"])
            if batch is not None:
                return HttpResponseRedirect(_page(batch))
            form.add_error("sheets", "There is nothing to import.")
        context = {
            **self.admin_site.each_context(request),
            "title": "Import spreadsheets",
            "opts": self.opts,
            "form": form,
            "columns": importing.headings.COLUMNS.items(),
        }
        return TemplateResponse(request, "admin/imports/add.html", context)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: Any = None,
    ) -> Any:
        batch = self.get_object(request, object_id)
        if batch is None:
            raise Http404
        if not self.has_view_permission(request, batch):
            raise PermissionDenied
        if request.method == "POST":
            if not self.has_change_permission(request, batch):
                raise PermissionDenied
            return self._decide(request, batch)
        report = Report.from_json(batch.report)
        context = {
            **self.admin_site.each_context(request),
            "title": f"Import {batch}",
            "opts": self.opts,
            "batch": batch,
            "report": report,
            "corrections": _corrections(report),
            "open": grouped([line for line in report.left_open if not line.correction]),
            "near": [
                {**one, "field": _field(one["name"]), "chosen": batch.choices.get(one["name"], "")}
                for one in report.near
            ],
            "may": self.has_change_permission(request, batch),
            "may_take_back": _may(request, "delete"),
            "may_drop": self.has_delete_permission(request, batch),
        }
        return TemplateResponse(request, "admin/imports/report.html", context)

    def export_view(self, request: HttpRequest) -> HttpResponse:
        """All records as files, drafts included: not for whoever finds a desk left open."""
        every = (f"{m._meta.app_label}.view_{m._meta.model_name}" for m in registry.models())
        if not all(request.user.has_perm(permission) for permission in every):
            raise PermissionDenied
        if not is_fresh(request):
            return prove_again(request)
        content = io.BytesIO()
        with transaction.atomic(), zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, part, _count in exporting.files():
                archive.writestr(name, part)
            archive.writestr("record.xlsx", exporting.workbook())
        name = f"record-{clock.now():%Y-%m-%d}.zip"
        return HttpResponse(
            content.getvalue(),
            content_type="application/zip",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    def sheets_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A case as sheets, drafts included, to be worked on and imported again."""
        case = get_object_or_404(Initiative, pk=pk)
        if not _may(request, "view"):
            raise PermissionDenied
        name = request.GET.get("file", "")
        if name not in SHEETS:
            context = {
                **self.admin_site.each_context(request),
                "title": f"Sheets of {case}",
                "opts": self.opts,
            }
            return TemplateResponse(request, "admin/imports/sheets.html", context)
        if not is_fresh(request):
            return prove_again(request)
        content_type, written = SHEETS[name]
        return HttpResponse(
            written(sheet.sheets_of(case)),
            content_type=content_type,
            headers={"Content-Disposition": f'attachment; filename="{case.slug}-{name}"'},
        )

    # What is done

    def _try(self, request: HttpRequest, given: list[File]) -> Import | None:
        if not given:
            return None
        report = importing.dry_run(given)
        with transaction.atomic():
            Import.objects.filter(recorded=None, begun__lt=clock.now() - PROPOSALS_KEPT).delete()
            batch = Import.objects.create(
                by=request.user,
                report=report.as_json(),
                shown=importing.fingerprint(report),
            )
            for file in given:
                ImportedFile.objects.create(
                    batch=batch, name=file.name[:255], sha256=file.sha256, content=file.content
                )
        return batch

    def _decide(self, request: HttpRequest, batch: Import) -> HttpResponse:
        if "take-back" in request.POST:
            self._take_back(request, batch)
        elif batch.recorded:
            messages.info(request, "This import was recorded before.")
        elif "record" in request.POST:
            self._record(request, batch)
        else:
            self._look_again(request, batch)
        return HttpResponseRedirect(_page(batch))

    def _look_again(self, request: HttpRequest, batch: Import) -> None:
        names = [one["name"] for one in batch.report.get("near", [])]
        chosen = {name: request.POST.get(_field(name), "") for name in names}
        batch.choices = {name: slug for name, slug in {**batch.choices, **chosen}.items() if slug}
        self._show(batch, importing.dry_run(_given(batch), batch.choices))
        messages.info(request, "Tried again. Nothing is written yet.")

    def _record(self, request: HttpRequest, batch: Import) -> None:
        report, recorded = importing.record(
            _given(batch),
            actor=request.user,
            choices=batch.choices,
            shown=batch.shown,
            batch=batch,
        )
        if recorded:
            messages.success(request, f"Recorded as drafts. {report.summary}")
        elif report.mistakes:
            self._show(batch, importing.dry_run(_given(batch), batch.choices))
            for line in report.mistakes[:5]:
                messages.error(request, str(line))
        else:
            messages.info(request, "Nothing to change: all of it is in the record.")

    def _show(self, batch: Import, report: Report) -> None:
        batch.report, batch.shown = report.as_json(), importing.fingerprint(report)
        batch.save()

    def _take_back(self, request: HttpRequest, batch: Import) -> None:
        if not _may(request, "delete"):
            raise PermissionDenied
        try:
            count = importing.take_back(batch, request.user)
        except importing.Refusal as refused:
            messages.error(request, str(refused))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        except Conflict:
            messages.error(request, importing.SOMEBODY)
        else:
            messages.success(request, f"Taken back: {count} records are as before.")


def _may(request: HttpRequest, *verbs: str) -> bool:
    return all(
        request.user.has_perm(f"{model._meta.app_label}.{verb}_{model._meta.model_name}")
        for model in WRITTEN
        for verb in verbs
    )


def _given(batch: Import) -> list[File]:
    return [File(file.name, bytes(file.content)) for file in batch.files.all()]


def _page(batch: Import) -> str:
    return reverse("admin:rounds_import_change", args=[batch.pk])


def _corrections(report: Report) -> list[tuple[list[Line], str]]:
    """What a sheet says otherwise of cleared records, each with the form, filled with it."""
    lines: dict[tuple[str, str], list[Line]] = defaultdict(list)
    uids: dict[str, set[str]] = defaultdict(set)
    for line in report.left_open:
        if line.correction:
            resource, uid = line.correction["resource"], line.correction["uid"]
            lines[resource, uid].append(line)
            uids[resource].add(uid)
    rows = {
        (resource, str(row.uid)): row
        for resource, some in uids.items()
        for row in registry.model_of(resource)._base_manager.filter(uid__in=some)
    }
    documents = _documents(report)
    return [
        (told, _filled(rows[record], told, documents))
        for record, told in lines.items()
        if record in rows
    ]


def _documents(report: Report) -> dict[str, int]:
    """The sources that are to be added, as far as they are in the record by now."""
    named = {
        part["values"]["document"]
        for line in report.left_open
        for part in (line.correction or {}).get("parts", ())
        if "document" in part["values"]
    }
    found = Document._base_manager.filter(address__in=named) if named else Document.objects.none()
    return dict(found.values_list("address", "pk"))


def _filled(row: Any, lines: list[Line], documents: dict[str, int]) -> str:
    values: dict[str, str] = {}
    parts: list[dict[str, Any]] = []
    for line in lines:
        correction = line.correction or {}
        values |= correction["values"]
        for part in correction.get("parts", ()):
            entered = dict(part["values"])
            if "document" in entered:
                entered["document"] = str(documents.get(entered["document"], ""))
            if entered.get("document") != "":
                parts.append({**part, "values": entered})
    return filled_form(row, values, parts, f"As in {replace(lines[0].place, column='')}.")


def _field(name: str) -> str:
    """A name of the files as a name of a form's field."""
    return CHOICE + hashlib.sha256(name.encode()).hexdigest()[:16]
