"""A form filled with a former version of a record: saved, it is a new version."""

from typing import Any

from django.http import HttpRequest, QueryDict

from tradeinit.desk.forms import REASON
from tradeinit.desk.history import fields_of, parts_at, parts_of
from tradeinit.desk.values import as_sent, of_version


def entries_of(desk: Any, request: HttpRequest, row: Any, version: Any) -> QueryDict:
    """What a browser would send if somebody had typed the former version into today's form.

    Records below keep what they say: each has versions of its own.
    """
    entries = QueryDict(mutable=True)
    form = desk.get_form(request, row, change=True)(instance=row)
    former = set(fields_of(type(row)))
    for name in form.fields:
        if name in former:
            value = of_version(version, row, name)
        else:
            value = form.get_initial_for_field(form.fields[name], name)
        _enter(entries, form, name, value)
    entries[REASON] = f"Back to version {version.version}."
    kinds = parts_of(type(row))
    formsets, _inlines = desk._create_formsets(request, row, change=True)
    for formset in formsets:
        is_part = formset.model in kinds
        stood = parts_at(formset.model, row, version.history_date) if is_part else {}
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
