"""The admin of a record: versions, reasons, states, history."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tradeinit.desk.clearance import Clearance
from tradeinit.desk.forms import REASON, PublicRecordForm
from tradeinit.desk.history import versions_in_words
from tradeinit.desk.inlines import RelatedWithoutDeleting
from tradeinit.desk.states import StateFilter, state_in_words
from tradeinit.publication import current
from tradeinit.publication.current import Conflict
from tradeinit.publication.gate import refusal_to_delete, writing
from tradeinit.publication.models import Publishable

PUBLICATION_FIELDS = ("public_from", "disclosed_on")


class RecordAdmin(RelatedWithoutDeleting, Clearance):
    """Every write of a form goes through the gate, under the name of who signed in."""

    form = PublicRecordForm
    change_form_template = "admin/record_change_form.html"
    object_history_template = "admin/record_history.html"
    save_on_top = True
    # Typed without a scheme, an address of today is meant to be secure.
    formfield_overrides: ClassVar = {models.URLField: {"assume_scheme": "https"}}
    show_facets = admin.ShowFacets.ALWAYS
    list_per_page = 50

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        return type(form.__name__, (form,), {"refused": getattr(request, "refused", ())})

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The facts as the class declares them, then publication, then the reason."""
        own = self.fieldsets or [(None, {"fields": tuple(self.own_fields())})]
        return [
            *own,
            (_("Publication"), {"fields": PUBLICATION_FIELDS}),
            (None, {"fields": (REASON, "version"), "classes": ("reason",)}),
        ]

    def own_fields(self) -> list[str]:
        left_out = {*PUBLICATION_FIELDS, "withdrawal_reason", "version", "id"}
        return [
            field.name
            for field in (*self.opts.fields, *self.opts.many_to_many)
            if field.editable and field.name not in left_out
        ]

    def get_list_display(self, request: HttpRequest) -> Any:
        return (*super().get_list_display(request), "state_of_publication")

    def get_list_filter(self, request: HttpRequest) -> Any:
        return (StateFilter, *super().get_list_filter(request))

    def get_list_select_related(self, request: HttpRequest) -> Any:
        above = [step.path[:-2].rstrip("_") for step in self.model.ancestry() if step.path]
        chosen = self.list_select_related
        return [*above, *(chosen if isinstance(chosen, list | tuple) else ())]

    @admin.display(description=gettext_lazy("Publication"), ordering="public_from")
    def state_of_publication(self, row: Publishable) -> str:
        word = state_in_words(row)
        code = word.split()[0] if row.pk else ""
        return format_html('<span class="state state-{}">{}</span>', code, word)

    def view_on_site(self, row: Any) -> str | None:
        return row.get_absolute_url() if state_in_words(row) == _("public") else None

    # Writing

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        show = super().changeform_view
        if request.method != "POST":
            return show(request, object_id, form_url, extra_context)
        try:
            with writing(request.user, request.POST.get(REASON, "").strip()):
                return show(request, object_id, form_url, extra_context)
        except Conflict:
            # Another save came between this form's check and its write; the check now sees it.
            pass
        except ValidationError as error:
            request.refused = error.messages  # type: ignore[attr-defined]
        return show(request, object_id, form_url, extra_context)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        gate = current.gate()
        if change and any(formset.has_changed() for formset in formsets if is_part(formset)):
            gate.touch(form.instance)
        super().save_related(request, form, formsets, change)
        # Now, and not after the message that says all is saved.
        gate.close()

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> Any:
        row = kwargs.get("obj")
        context["conflict"] = conflicts(context)
        context["state_of_publication"] = state_in_words(row) if row else _("draft")
        # What was ever public is withdrawn, not deleted.
        context["show_delete"] = not (row and row.was_told())
        return super().render_change_form(request, context, *args, **kwargs)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        if request.method != "POST":
            return super().changelist_view(request, extra_context)
        return self._through_the_gate(request, super().changelist_view, extra_context)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        row = self.get_object(request, object_id)
        if row is not None and row.was_told():
            self.message_user(request, refusal_to_delete(row), messages.ERROR)
            return HttpResponseRedirect("../change/")
        if request.method != "POST":
            return super().delete_view(request, object_id, extra_context)
        return self._through_the_gate(request, super().delete_view, object_id, extra_context)

    def _through_the_gate(self, request: HttpRequest, view: Any, *args: Any) -> Any:
        try:
            with writing(request.user, request.POST.get(REASON, "").strip()):
                response = view(request, *args)
                current.gate().close()
                return response
        except Conflict:
            refused = [_("Somebody has changed this meanwhile; nothing was saved. Try again.")]
        except ValidationError as error:
            refused = error.messages
        _forget_messages(request)
        for message in refused:
            self.message_user(request, message, messages.ERROR)
        return HttpResponseRedirect(request.get_full_path())

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        queryset.delete()

    # History

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        extra = {"versions": versions_in_words(row) if row else []}
        return super().history_view(request, object_id, {**(extra_context or {}), **extra})


def conflicts(context: dict[str, Any]) -> list[dict[str, str]]:
    """What differs between the stored rows and the refused ones, inlines included."""
    found = [*getattr(context["adminform"].form, "conflict", [])]
    for inline in context["inline_admin_formsets"]:
        for form in inline.formset:
            found += [
                {**difference, "label": f"{form.instance}: {difference['label']}"}
                for difference in getattr(form, "conflict", [])
            ]
    return found


def is_part(formset: Any) -> bool:
    return not issubclass(formset.model, Publishable)


def _forget_messages(request: HttpRequest) -> None:
    """Messages of success that a refused write had queued before it was refused."""
    storage: Any = messages.get_messages(request)
    storage._queued_messages.clear()
