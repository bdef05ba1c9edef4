"""Where a record is used, and merging it with another that turned out to be the same."""

from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.widgets import AutocompleteSelect
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.http import urlencode
from django.utils.text import capfirst

from tradeinit.desk.archive import Archived, WithArchive
from tradeinit.desk.forms import REASON
from tradeinit.desk.permissions import NeedsPublisher, refuse_telling
from tradeinit.publication.current import Conflict
from tradeinit.publication.gate import writing
from tradeinit.publication.merging import (
    fields_naming,
    is_part_of_any,
    kind_of_owner,
    listing,
    merge,
    pointing,
)
from tradeinit.publication.models import Part

# So many of one kind are named; of more, how many there are.
MOST_NAMED = 100
# A text may be cited by eighteen kinds of record, and the names of each kind are a question.
MOST_KINDS = 5


@dataclass
class Use:
    """The records of one kind that name this one in one field."""

    kind: str
    name: str
    count: int = 0
    rows: list[tuple[Any, str]] = field(default_factory=list)
    # Asks for the names of these, where they are not named here.
    question: str = ""


def uses(row: Any, asked: str = "") -> list[Use]:
    """All of them; of parts that any kind of record may have, those of the commonest kinds by name,
    or of the one kind that is asked for.
    """
    counted = _owners_counted(row)
    commonest = sorted(counted, key=lambda key: (-counted[key], key[0].model))
    few = {kind for kind, _name in commonest[:MOST_KINDS]}
    named = {kind for kind, _name in counted if kind.model == asked} or few
    found: dict[tuple[str, str], Use] = {}
    seen: set[tuple[Any, str]] = set()
    for one, name in [*pointing(row, named), *listing(row)]:
        shown = one.owner if isinstance(one, Part) else one
        # A record may cite a text for several facts.
        if (shown, name) in seen:
            continue
        seen.add((shown, name))
        use = found.setdefault((shown.resource, name), _use(type(shown), type(one), name))
        use.count += 1
        if len(use.rows) < MOST_NAMED:
            address = f"admin:{shown._meta.app_label}_{shown._meta.model_name}_change"
            use.rows.append((shown, reverse(address, args=[shown.pk])))
    for (kind, (model, name)), count in counted.items():
        if kind not in named:
            use = _use(kind.model_class(), model, name)
            use.count, use.question = count, urlencode({"kind": kind.model})
            found[kind.model, name] = use
    return list(found.values())


def _use(kind: Any, model: Any, name: str) -> Use:
    is_part = issubclass(model, Part)
    verbose = model._meta.verbose_name if is_part else model._meta.get_field(name).verbose_name
    return Use(capfirst(str(kind._meta.verbose_name_plural)), str(verbose))


def _owners_counted(row: Any) -> dict[tuple[ContentType, tuple[Any, str]], int]:
    """How many records have a part that names the row, by their kind, and by what names it."""
    found = {}
    for model, name in fields_naming(type(row)):
        if is_part_of_any(model):
            parts = model._base_manager.filter(**{name: row.pk}).order_by()
            owner = Count(model._meta.get_field(model.owner_field).fk_field, distinct=True)
            for kind, count in parts.values_list(kind_of_owner(model)).annotate(owner):
                found[ContentType.objects.get_for_id(kind), (model, name)] = count
    return found


class WhereUsed(WithArchive):
    """A page that lists every record which names this one."""

    change_form_template = "admin/used_change_form.html"
    merges = False

    def get_urls(self) -> list[Any]:
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        wrap = self.admin_site.admin_view
        own = [path("<int:pk>/uses/", wrap(self.uses_view), name=f"{name}_uses")]
        if self.merges:
            own.append(path("<int:pk>/merge/", wrap(self.merge_view), name=f"{name}_merge"))
        return [*own, *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> Any:
        row = kwargs.get("obj")
        if row is not None:
            name = f"admin:{self.opts.app_label}_{self.opts.model_name}"
            context["uses_address"] = reverse(f"{name}_uses", args=[row.pk])
            if self.merges and self.has_change_permission(request, row):
                context["merge_address"] = reverse(f"{name}_merge", args=[row.pk])
        return super().render_change_form(request, context, *args, **kwargs)

    def uses_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = self._row(request, pk)
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        may_archive = self.has_change_permission(request, row)
        if request.method == "POST":
            if not may_archive:
                raise PermissionDenied
            (self.take_out if "take_out" in request.POST else self.archive)(request, [row])
            return HttpResponseRedirect(request.get_full_path())
        context = self._context(request, row, f"Where “{row}” is used")
        context |= {
            "uses": uses(row, request.GET.get("kind", "")),
            "may_archive": may_archive,
            "is_archived": Archived.objects.filter(uid=row.uid).exists(),
        }
        return TemplateResponse(request, "admin/uses.html", context)

    def _row(self, request: HttpRequest, pk: int) -> Any:
        row = self.get_object(request, str(pk))
        if row is None:
            raise Http404
        return row

    def _context(self, request: HttpRequest, row: Any, title: str) -> dict[str, Any]:
        site = self.admin_site.each_context(request)
        return {**site, "title": title, "opts": self.opts, "original": row}

    # Merging

    def merge_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = self._row(request, pk)
        allowed = self.has_change_permission(request, row) and self.has_delete_permission(request)
        if not allowed:
            raise PermissionDenied
        form = self._merge_form(request, row)
        refused: list[str] = []
        if request.method == "POST" and form.is_valid():
            kept = form.cleaned_data["into"]
            refused = self._merge(request, row, kept, form.cleaned_data[REASON])
            if not refused:
                return HttpResponseRedirect(
                    reverse(
                        f"admin:{self.opts.app_label}_{self.opts.model_name}_change",
                        args=[kept.pk],
                    )
                )
        context = self._context(request, row, f"Merge “{row}” into another")
        context |= {"form": form, "refused": refused, "uses": uses(row), "told": row.was_told()}
        return TemplateResponse(request, "admin/merge.html", context)

    def _merge_form(self, request: HttpRequest, row: Any) -> Any:
        related = next(
            field
            for model in self.admin_site._registry
            for field in model._meta.concrete_fields
            if field.related_model is self.model and model in self.admin_site._registry
        )
        chosen = forms.ModelChoiceField(
            self.model._base_manager.exclude(pk=row.pk),
            label="Is the same as",
            widget=AutocompleteSelect(related, self.admin_site),
        )
        reason = forms.CharField(
            label="Reason",
            widget=forms.Textarea(attrs={"rows": 2}),
            help_text="The public reads it beside what changes.",
        )
        form = type("MergeForm", (forms.Form,), {"into": chosen, REASON: reason})
        return form(request.POST or None)

    def _merge(self, request: HttpRequest, gone: Any, kept: Any, reason: str) -> list[str]:
        try:
            with writing(request.user, reason) as gate:
                changed = merge(gone, kept)
                gate.close()
                refuse_telling(request.user, gate.told)
        except NeedsPublisher:
            return ["This changes what the public reads, and only publishers do that."]
        except Conflict:
            return ["Somebody has changed this meanwhile; nothing was merged. Try again."]
        except ValidationError as error:
            return error.messages
        messages.success(request, f"Merged: {changed} records now name “{kept}”.")
        return []
