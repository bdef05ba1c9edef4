"""A form filled with a former version of a record, or with other values: saved, a new version."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.http import urlencode

from tradeinit.desk.forms import REASON
from tradeinit.desk.history import fields_of, parts_at, parts_of
from tradeinit.desk.values import as_sent, of_version

# Before the name of each entry that an address fills in, and of the reason.
FILLED = "filled-"


def filled_form(row: Any, values: Mapping[str, str], reason: str) -> str:
    """The address of the record's form, with these values entered and not saved."""
    form = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
    entered = {f"{FILLED}{name}": value for name, value in values.items()}
    return f"{form}?{urlencode(entered | {FILLED + REASON: reason})}" if entered else form


def filled_in(request: HttpRequest, model: Any) -> dict[str, str]:
    """What the address of a form fills in: plain values, no relations."""
    plain = [field.name for field in model._meta.fields if not field.is_relation]
    return {
        name: request.GET[f"{FILLED}{name}"]
        for name in (*plain, REASON)
        if f"{FILLED}{name}" in request.GET
    }


def entries_of(desk: Any, request: HttpRequest, row: Any, version: Any) -> QueryDict:
    """What a browser would send if somebody had typed the former version into today's form.

    Records below keep what they say: each has versions of its own.
    """
    values = {name: of_version(version, row, name) for name in fields_of(type(row))}
    values[REASON] = f"Back to version {version.version}."
    return entries_with(desk, request, row, values, version.history_date)


def entries_with(
    desk: Any, request: HttpRequest, row: Any, values: Mapping[str, Any], at: Any = None
) -> QueryDict:
    """What a browser would send from today's form with these values, and with the parts of then."""
    entries = QueryDict(mutable=True)
    form = desk.get_form(request, row, change=True)(instance=row)
    for name in form.fields:
        today = form.get_initial_for_field(form.fields[name], name)
        _enter(entries, form, name, values.get(name, today))
    kinds = parts_of(type(row)) if at else []
    formsets, _inlines = desk._create_formsets(request, row, change=True)
    for formset in formsets:
        is_part = formset.model in kinds
        stood = parts_at(formset.model, row, at) if is_part else {}
        _enter_formset(entries, formset, stood, is_part)
    return entries


def _enter_formset(entries: QueryDict, formset: Any, stood: dict[Any, Any], is_part: bool) -> None:
    for below in formset.initial_forms:
        former = stood.pop(below.instance.pk, None)
        for name in below.fields:
            value = below.get_initial_for_field(below.fields[name], name)
            if former is not None and name in fields_of(formset.model):
                value = of_version(former, below.instance, name)
            _enter(entries, below, name, value)
        if is_part and former is None:
            entries[below.add_prefix("DELETE")] = "on"
    total = len(formset.initial_forms)
    for former in stood.values():
        blank = formset.empty_form
        blank.prefix = formset.add_prefix(total)
        for name in blank.fields:
            if name in fields_of(formset.model):
                _enter(entries, blank, name, of_version(former, former.instance, name))
        total += 1
    management = formset.management_form
    for name in management.fields:
        value = total if name == "TOTAL_FORMS" else management.initial.get(name, "")
        entries[management.add_prefix(name)] = str(value)


def _enter(entries: QueryDict, form: Any, name: str, value: Any) -> None:
    for sent, values in as_sent(form, name, value).items():
        entries.setlist(sent, values)
