"""What stands below a record in its form: parts, sources, and records of their own life."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.contenttypes.admin import GenericTabularInline
from django.forms.models import _get_foreign_key
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from tradeinit.desk.choosers import Chooser, GenericInlineFormSet, InlineFormSet, ManyChooser
from tradeinit.desk.forms import RecordForm, RowForm
from tradeinit.publication import registry


class RelatedWithoutDeleting:
    """Beside a relation staff may look, change and add; a record is deleted on its own page."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and hasattr(field.widget, "can_delete_related"):
            field.widget.can_delete_related = False
        return field

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return super().formfield_for_foreignkey(db_field, request, **self._chosen(db_field, kwargs))

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return super().formfield_for_manytomany(db_field, request, **self._chosen(db_field, kwargs))

    def _chosen(self, db_field: Any, kwargs: dict[str, Any]) -> dict[str, Any]:
        owner: Any = self
        if "widget" in kwargs or db_field.name not in owner.autocomplete_fields:
            return kwargs
        chooser = ManyChooser if db_field.many_to_many else Chooser
        return {**kwargs, "widget": chooser(db_field, owner.admin_site)}


class PartInline(RelatedWithoutDeleting, admin.TabularInline):
    """Rows that belong to the record itself."""

    form = RowForm
    formset = InlineFormSet
    extra = 0

    def get_queryset(self, request: HttpRequest) -> Any:
        rows: Any = super().get_queryset(request)
        return rows.with_names(*self.autocomplete_fields)


class SourceInline(RelatedWithoutDeleting, GenericTabularInline):
    """What the record rests on. ``field`` is chosen from what the record tells the public."""

    form = RowForm
    formset: Any = GenericInlineFormSet
    extra = 0
    ct_field = "record_type"
    ct_fk_field = "record_id"

    def get_queryset(self, request: HttpRequest) -> Any:
        rows: Any = super().get_queryset(request)
        return rows.with_names(*self.autocomplete_fields)

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
    formset = InlineFormSet
    extra = 0
    show_change_link = True
    # It is cleared on the one page that shows what then becomes public.
    readonly_fields = ("public_from",)

    def get_queryset(self, request: HttpRequest) -> Any:
        above = _get_foreign_key(self.parent_model, self.model, fk_name=self.fk_name).name
        rows: Any = super().get_queryset(request)
        return rows.with_names(*self.autocomplete_fields, but=above)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Drafts below are deleted on their own page, where what is public refuses."""
        return False
