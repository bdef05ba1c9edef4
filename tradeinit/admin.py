"""What the desk does the same way for every record: versions, reasons, states, history."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.contrib.admin.utils import label_for_field
from django.contrib.contenttypes.admin import GenericTabularInline
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q, QuerySet
from django.forms.models import model_to_dict
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tradeinit import clock
from tradeinit.publication import current, registry
from tradeinit.publication.current import Conflict
from tradeinit.publication.gate import refusal_to_delete, writing
from tradeinit.publication.models import Publishable, PublishableQuerySet

REASON = "change_reason"
PUBLICATION_FIELDS = ("public_from", "disclosed_on")


# Forms


class VersionField(forms.IntegerField):
    """The version that the form was filled from. An untouched inline must not count as changed."""

    widget = forms.HiddenInput

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


class RecordForm(forms.ModelForm):
    """A form over one version of a record: a save over a newer one is refused, nothing lost."""

    version = VersionField(required=False)

    # What the gate refused on the first try, to be shown with the entries as they were made.
    refused: Sequence[str] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = self.instance.version if self.instance.pk else None
        # Stored and offered values of each field that differs, once a save was refused.
        self.conflict: list[dict[str, str]] = []

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.instance.pk:
            self._refuse_an_older_version(cleaned.get("version"))
        if self.refused:
            raise ValidationError(list(self.refused))
        return cleaned

    def _refuse_an_older_version(self, version: int | None) -> None:
        stored = type(self.instance)._base_manager.filter(pk=self.instance.pk).first()
        if stored is None:
            raise ValidationError(_("Somebody has deleted this record in the meantime."))
        self.instance.version = version if version is not None else 0
        if stored.version == version:
            return
        self.conflict = self._differences(stored)
        # Saving again is a decision made on the newer version, which is now shown.
        entered: Any = self.data
        self.data = entered = entered.copy()
        entered[self.add_prefix("version")] = str(stored.version)
        raise ValidationError(
            _(
                "Somebody has changed this record since you opened it, so nothing was saved. "
                "Both versions are shown below; your entries are still in the form. "
                "Merge what you want to keep and save again."
            ),
            code="conflict",
        )

    def _differences(self, stored: Any) -> list[dict[str, str]]:
        theirs = model_to_dict(stored, fields=list(self.fields))
        return [
            {
                "label": str(field.label or name),
                "stored": in_words(theirs.get(name), stored, name),
                "offered": in_words(self.cleaned_data.get(name), self.instance, name),
            }
            for name, field in self.fields.items()
            if name in theirs
            and name != "version"
            and _key(theirs.get(name)) != _key(self.cleaned_data.get(name))
        ]


def _key(value: Any) -> Any:
    """A value as a form holds it and as the model does, made comparable."""
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, list | tuple | QuerySet):
        return sorted(_key(one) for one in value)
    return value or ""


def in_words(value: Any, row: Any, name: str) -> str:
    """A field's value as staff read it: labels for codes, names for relations."""
    field = row._meta.get_field(name)
    if value in (None, "", []):
        return _("empty")
    if field.many_to_many:
        chosen = field.related_model._base_manager.filter(pk__in=[_key(one) for one in value])
        return ", ".join(str(one) for one in chosen) or _("empty")
    if field.remote_field:
        return str(field.related_model._base_manager.filter(pk=_key(value)).first() or value)
    return str(dict(field.flatchoices).get(value, value))


class PublicRecordForm(RecordForm):
    """A record's own page in the desk: a change to what is public asks for its reason."""

    change_reason = forms.CharField(
        label=gettext_lazy("Reason for the change"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy(
            "Needed when something that is public changes. "
            "The public reads it beside the correction."
        ),
    )


# Lists


def state_in_words(row: Publishable) -> str:
    """Draft, embargoed, public or withdrawn, its parents considered."""
    now = clock.now()
    if row.withdrawn_at:
        return _("withdrawn")
    if row.public_from is None:
        return _("draft")
    if row.public_from > now:
        return _("embargoed until %(instant)s UTC") % {
            "instant": f"{row.public_from:%Y-%m-%d %H:%M}"
        }
    for above in ancestors(row):
        if above.withdrawn_at:
            return _("withdrawn with “%(above)s”") % {"above": above}
        if above.public_from is None or above.public_from > now:
            return _("waits for “%(above)s”") % {"above": above}
    return _("public")


def ancestors(row: Publishable) -> list[Publishable]:
    found: list[Publishable] = []
    for name in row.parents:
        above = getattr(row, name)
        if above is not None:
            found += [above, *ancestors(above)]
    return found


class StateFilter(admin.SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "state_of_publication"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("draft", _("Draft")),
            ("embargoed", _("Embargoed")),
            ("public", _("Public")),
            ("withdrawn", _("Withdrawn")),
        ]

    def queryset(self, request: Any, queryset: Any) -> Any:
        asked = {
            "draft": queryset.drafts,
            "embargoed": queryset.embargoed,
            "public": queryset.public,
            "withdrawn": queryset.withdrawn,
        }.get(self.value() or "")
        return asked() if asked else queryset


class RelatedWithoutDeleting:
    """Beside a relation staff may look, change and add; a record is deleted on its own page."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and hasattr(field.widget, "can_delete_related"):
            field.widget.can_delete_related = False
        return field


# The admin of a record


class RecordAdmin(RelatedWithoutDeleting, admin.ModelAdmin):
    """Every write of a form goes through the gate, under the name of who signed in."""

    form = PublicRecordForm
    change_form_template = "admin/record_change_form.html"
    object_history_template = "admin/record_history.html"
    save_on_top = True
    # Typed without a scheme, an address of today is meant to be secure.
    formfield_overrides: ClassVar = {models.URLField: {"assume_scheme": "https"}}
    show_facets = admin.ShowFacets.ALWAYS
    list_per_page = 50
    actions = ("publish", "publish_with_drafts_below", "withdraw", "reinstate")

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

    # Actions

    @admin.action(description=gettext_lazy("Publish now"), permissions=["change"])
    def publish(self, request: HttpRequest, queryset: Any) -> None:
        self._tell(request, clear(queryset))

    @admin.action(
        description=gettext_lazy("Publish now, with the drafts below"), permissions=["change"]
    )
    def publish_with_drafts_below(self, request: HttpRequest, queryset: Any) -> None:
        self._tell(request, sum(clear(rows) for rows in with_below(queryset)))

    def _tell(self, request: HttpRequest, count: int) -> None:
        message = ngettext("%(count)d record published.", "%(count)d records published.", count)
        self.message_user(request, message % {"count": count}, messages.SUCCESS)

    @admin.action(description=gettext_lazy("Withdraw, with a reason"), permissions=["change"])
    def withdraw(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        reason = request.POST.get(REASON, "").strip()
        if not reason:
            context = {
                **self.admin_site.each_context(request),
                "title": _("Withdraw"),
                "opts": self.opts,
                "rows": queryset,
                "asked": "apply" in request.POST,
                "action": "withdraw",
                "select": helpers.ACTION_CHECKBOX_NAME,
                "below": [row for rows in with_below(queryset) for row in rows.public()][
                    len(queryset) :
                ],
            }
            return TemplateResponse(request, "admin/withdraw.html", context)
        for row in queryset.filter(public_from__isnull=False, withdrawn_at__isnull=True):
            row.withdrawn_at, row.withdrawal_reason = clock.now(), reason
            row.save()
        self.message_user(request, _("Withdrawn; the public reads the reason."), messages.SUCCESS)
        return None

    @admin.action(description=gettext_lazy("Reinstate what was withdrawn"), permissions=["change"])
    def reinstate(self, request: HttpRequest, queryset: Any) -> None:
        for row in queryset.withdrawn():
            row.withdrawn_at, row.withdrawal_reason = None, ""
            row.full_clean()
            row.save()
        self.message_user(request, _("Reinstated."), messages.SUCCESS)

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


def clear(rows: Any) -> int:
    """Publish the drafts, and lift the embargoes, among these rows."""
    now = clock.now()
    count = 0
    for row in rows.filter(Q(public_from__isnull=True) | Q(public_from__gt=now)):
        row.public_from = now
        row.full_clean()
        row.save()
        count += 1
    return count


def with_below(rows: PublishableQuerySet) -> list[PublishableQuerySet]:
    """The rows themselves, then every kind of record below them, parents before children."""
    found = [rows]
    for child, name in registry.children_of(rows.model):
        below = child.objects.filter(**{f"{name}__in": rows.values("pk")})
        found += with_below(below)
    return found


def versions_in_words(row: Any) -> list[dict[str, Any]]:
    """Each version of a row, the newest first: when, who, why, and what changed."""
    history = list(
        row.history.select_related("history_user").order_by("-history_date", "-history_id")
    )
    told = []
    for newer, older in zip(history, [*history[1:], None], strict=False):
        changes = newer.diff_against(older).changes if older else []
        told.append(
            {
                "version": newer.version,
                "at": newer.history_date,
                "who": newer.history_user,
                "why": newer.history_change_reason or "",
                "first": older is None,
                "changes": [
                    {
                        "label": capfirst(str(label_for_field(change.field, type(row)))),
                        "old": _historical(change.old, row, change.field),
                        "new": _historical(change.new, row, change.field),
                    }
                    for change in changes
                    if change.field not in ("version", "slug_frozen")
                ],
            }
        )
    return told


def _historical(value: Any, row: Any, name: str) -> str:
    if row._meta.get_field(name).many_to_many:
        value = [
            next(v for k, v in link.items() if k not in ("id", row._meta.model_name))
            for link in value or []
        ]
    return in_words(value, row, name)


def is_part(formset: Any) -> bool:
    return not issubclass(formset.model, Publishable)


def _forget_messages(request: HttpRequest) -> None:
    """Messages of success that a refused write had queued before it was refused."""
    storage: Any = messages.get_messages(request)
    storage._queued_messages.clear()


# Inlines


class PartInline(RelatedWithoutDeleting, admin.TabularInline):
    """Rows that belong to the record itself."""

    extra = 0


class SourceInline(RelatedWithoutDeleting, GenericTabularInline):
    """What the record rests on. ``field`` is chosen from what the record tells the public."""

    extra = 0
    ct_field = "record_type"
    ct_fk_field = "record_id"

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name != "field":
            return super().formfield_for_dbfield(db_field, request, **kwargs)
        facts = registry.serializer_of(self.parent_model).facts()
        return forms.ChoiceField(
            label=capfirst(db_field.verbose_name),
            required=False,
            choices=[("", _("the whole record")), *((fact, fact) for fact in facts)],
            help_text=db_field.help_text,
        )


class RecordInline(RelatedWithoutDeleting, admin.StackedInline):
    """Records below a record, each with its own version and its own publication."""

    form = RecordForm
    extra = 0
    show_change_link = True

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Drafts below are deleted on their own page, where what is public refuses."""
        return False
