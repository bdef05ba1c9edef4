"""Values as staff read them, and as a form and a model hold them."""

from typing import Any

from django.db import models
from django.db.models import QuerySet
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
    return str(dict(field.flatchoices).get(value, value))
