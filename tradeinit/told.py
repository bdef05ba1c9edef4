"""What a body in the log says, in words: what it calls its record, and what its codes mean."""

from datetime import date
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from tradeinit.languages import CHINESE, TWIN, current
from tradeinit.publication.models import Publishable

# Under which keys a body holds what its record is called, and the codes that stand for it.
NAMES = ("name", "title", "label", "wording", "former_name", "designation")
CODES = ("value", "result", "act", "capacity", "role", "kind")
# The day of what happened on one.
DAYS = ("start", "starts", "dated", "effective_on", "announced_on", "on", "expected_from")


def name_of(told: dict[str, Any], model: type[Publishable]) -> str:
    """What a body calls its record: by a name, by its words, or else by its code in words."""
    for key in NAMES:
        if told.get(key):
            return local(told, key)
    for key in CODES:
        if told.get(key):
            return str(capfirst(code_in_words(told[key], key, model)))
    return ""


def local(told: dict[str, Any], key: str) -> str:
    """The text under a key in the page's language, else as there is."""
    twin = told.get(key + TWIN) if current() == CHINESE else ""
    return str(twin or told[key])


def code_in_words(code: Any, key: str, model: type[Publishable]) -> Any:
    field: Any = model._meta.get_field(key)
    return dict(field.flatchoices).get(code, code)


def day_of(told: dict[str, Any]) -> date | None:
    """The day of what the record tells of; none where it tells of no single day."""
    found = next((told[key] for key in DAYS if told.get(key)), None)
    return date.fromisoformat(found[:10]) if found else None


def fact_name(model: Any, fact: str) -> str:
    """What readers call a field: ``press_access`` is “press access”."""
    try:
        found = model._meta.get_field(fact)
    except FieldDoesNotExist:
        return _(fact.replace("_", " "))
    if found.one_to_many:
        return str(found.related_model._meta.verbose_name_plural)
    return str(found.verbose_name)
