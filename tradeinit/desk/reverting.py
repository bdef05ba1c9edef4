"""A form filled with a former version of a record, or with other values: saved, a new version."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.http import urlencode

from tradeinit.desk.forms import REASON
from tradeinit.desk.history import fields_of, parts_at, parts_of
from tradeinit.desk.values import as_sent, of_version

# Before the name of each entry that an address fills in, and of the reason.
FILLED = "filled-"


OF_A_PART = re.compile(rf"{FILLED}(?P<kind>\w+)-(?P<which>\d+|new\d+)-(?P<name>\w+)")


@dataclass
class Filled:
    """What the address of a form fills in: of the record, and of its parts by kind and key."""

    values: dict[str, str] = field(default_factory=dict)
    parts: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.values or self.parts)

    def new(self, kind: str) -> list[dict[str, str]]:
        return [
            values
            for (its_kind, which), values in self.parts.items()
            if its_kind == kind and which.startswith("new")
        ]


def filled_form(
    row: Any, values: Mapping[str, str], parts: Iterable[Mapping[str, Any]], reason: str
) -> str:
    """The address of the record's form, with these values entered and not saved.

    A part has its ``kind``, the ``pk`` of one that is there, and its ``values``.
    """
    form = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
    entered = {f"{FILLED}{name}": value for name, value in values.items()}
    for place, part in enumerate(parts):
        which = part["pk"] or f"new{place}"
        for name, value in part["values"].items():
            entered[f"{FILLED}{part['kind']}-{which}-{name}"] = value
    return f"{form}?{urlencode(entered | {FILLED + REASON: reason})}" if entered else form


def filled_in(request: HttpRequest, model: Any) -> Filled:
    """What the address of a form fills in: of the record itself plain values, no relations."""
    plain = [field.name for field in model._meta.fields if not field.is_relation]
    filled = Filled(
        {
            name: request.GET[f"{FILLED}{name}"]
            for name in (*plain, REASON)
            if f"{FILLED}{name}" in request.GET
        }
    )
    for name, value in request.GET.items():
        part = OF_A_PART.fullmatch(name)
        if part:
            entered = filled.parts.setdefault((part["kind"], part["which"]), {})
            entered[part["name"]] = str(value)
    return filled


def entries_of(desk: Any, request: HttpRequest, row: Any, version: Any) -> QueryDict:
    """What a browser would send if somebody had typed the former version into today's form.

    Records below keep what they say: each has versions of its own.
    """
    values = {name: of_version(version, row, name) for name in fields_of(type(row))}
    values[REASON] = f"Back to version {version.version}."
    return entries_with(desk, request, row, Filled(values), version.history_date)


def entries_with(
    desk: Any, request: HttpRequest, row: Any, filled: Filled, at: Any = None
) -> QueryDict:
    """What a browser would send from today's form with these values, and with the parts of then."""
    entries = QueryDict(mutable=True)
    form = desk.get_form(request, row, change=True)(instance=row)
    for name in form.fields:
        today = form.get_initial_for_field(form.fields[name], name)
        _enter(entries, form, name, filled.values.get(name, today))
    kinds = parts_of(type(row)) if at else []
    formsets, _inlines = desk._create_formsets(request, row, change=True)
    for formset in formsets:
        is_part = formset.model in kinds
        stood = parts_at(formset.model, row, at) if is_part else {}
        _enter_formset(entries, formset, stood, is_part, filled)
    return entries


def _enter_formset(
    entries: QueryDict, formset: Any, stood: dict[Any, Any], is_part: bool, filled: Filled
) -> None:
    kind = formset.model._meta.model_name
    for below in formset.initial_forms:
        former = stood.pop(below.instance.pk, None)
        entered = filled.parts.get((kind, str(below.instance.pk)), {})
        for name in below.fields:
            value = below.get_initial_for_field(below.fields[name], name)
            if former is not None and name in fields_of(formset.model):
                value = of_version(former, below.instance, name)
            _enter(entries, below, name, entered.get(name, value))
        if is_part and former is None:
            entries[below.add_prefix("DELETE")] = "on"
    total = len(formset.initial_forms)
    told = [
        {name: of_version(former, former.instance, name) for name in fields_of(formset.model)}
        for former in stood.values()
    ]
    for values in (*told, *filled.new(kind)):
        blank = formset.empty_form
        blank.prefix = formset.add_prefix(total)
        for name in blank.fields:
            if name in values:
                _enter(entries, blank, name, values[name])
        total += 1
    management = formset.management_form
    for name in management.fields:
        value = total if name == "TOTAL_FORMS" else management.initial.get(name, "")
        entries[management.add_prefix(name)] = str(value)


def _enter(entries: QueryDict, form: Any, name: str, value: Any) -> None:
    for sent, values in as_sent(form, name, value).items():
        entries.setlist(sent, values)
