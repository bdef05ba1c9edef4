"""Values as staff read them, as a form holds them, and as a browser sends them."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import QuerySet
from django.forms import BaseForm, CheckboxInput
from django.utils.formats import localize
from django.utils.translation import gettext as _


def key(value: Any) -> Any:
    """A value as a form holds it and as the model does, made comparable."""
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, list | tuple | QuerySet):
        return sorted(key(one) for one in value)
    return value or ""


def in_words(value: Any, row: Any, name: str) -> str:
    """A field's value as staff read it: labels for codes, names for relations."""
    field = row._meta.get_field(name)
    if value in (None, "", []):
        return _("empty")
    if field.many_to_many:
        chosen = field.related_model._base_manager.filter(pk__in=[key(one) for one in value])
        return ", ".join(str(one) for one in chosen) or _("empty")
    if field.remote_field:
        return str(field.related_model._base_manager.filter(pk=key(value)).first() or value)
    if isinstance(value, datetime):
        return localize(value)
    return str(dict(field.flatchoices).get(value, value))


def as_sent(form: BaseForm, name: str, value: Any) -> dict[str, list[str]]:
    """What a browser would send for a field of the form if it held this value."""
    field = form.fields[name]
    widget: Any = field.widget
    sent = form.add_prefix(name)
    value = field.prepare_value(value)
    if hasattr(widget, "widgets_names"):
        parts = widget.decompress(value)
        return {
            f"{sent}{suffix}": [one.format_value(part) or ""]
            for suffix, one, part in zip(widget.widgets_names, widget.widgets, parts, strict=True)
        }
    if isinstance(widget, CheckboxInput):
        return {sent: ["on"] if value else []}
    if isinstance(value, list | tuple | QuerySet):
        return {sent: [str(field.prepare_value(one)) for one in value]}
    return {sent: ["" if value is None else str(field.prepare_value(value))]}


def of_version(version: Any, row: Any, name: str) -> Any:
    """A field's value in a version of the row, as a form would hold it."""
    field = row._meta.get_field(name)
    if field.many_to_many:
        target = field.m2m_reverse_field_name()
        links = version.links[name] if hasattr(version, "links") else getattr(version, name).all()
        return [getattr(link, f"{target}_id") for link in links]
    return getattr(version, field.attname)
