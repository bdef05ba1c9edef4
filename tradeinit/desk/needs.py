"""What needs somebody at the desk: declared with a record's admin, shown on the desk's first page.

A need is a filter of a list. The first page shows its first rows and how many there are, and leads
to the list, so that the two cannot disagree.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, F, Func, IntegerField, QuerySet, Subquery, Window
from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import capfirst

from tradeinit.desk.models import Proposal
from tradeinit.publication import registry
from tradeinit.publication.models import Publication, PublishableQuerySet
from tradeinit.told import name_of

SHOWN = 5


@dataclass(frozen=True)
class Need:
    """Rows that wait for somebody, the most pressing first."""

    code: str
    title: str
    rows: Callable[[Any, HttpRequest], QuerySet]
    # What is said beside a row: mostly by when.
    when: Callable[[Any], Any] = lambda row: ""


class NeedFilter(admin.SimpleListFilter):
    """The needs of a list, as a filter of it."""

    title = "what needs somebody"
    parameter_name = "needs"

    def __init__(self, request: HttpRequest, params: Any, model: Any, model_admin: Any) -> None:
        self.needs = {need.code: need for need in model_admin.needs}
        super().__init__(request, params, model, model_admin)

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(need.code, need.title) for need in self.needs.values()]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        need = self.needs.get(self.value() or "")
        return need.rows(queryset, request) if need else queryset


@dataclass
class Panel:
    title: str
    address: str
    count: int = 0
    # (what, when, where)
    lines: list[tuple[Any, Any, str]] = field(default_factory=list)


def panels(site: Any, request: HttpRequest) -> list[Panel]:
    """Everything that needs somebody and that this one may see, what presses most first."""
    found = [_proposals(request), _embargoes(request)]
    for model, desk in site._registry.items():
        declared = getattr(desk, "needs", ())
        if declared and desk.has_view_or_change_permission(request):
            found += [_panel(need, model, desk, request) for need in declared]
    return [panel for panel in found if panel is not None]


def _panel(need: Need, model: Any, desk: Any, request: HttpRequest) -> Panel:
    meta = model._meta
    rows = need.rows(desk.get_queryset(request), request)
    first = list(rows.annotate(in_all=Window(Count("pk")))[:SHOWN])
    name = f"admin:{meta.app_label}_{meta.model_name}"
    return Panel(
        need.title,
        f"{reverse(f'{name}_changelist')}?{NeedFilter.parameter_name}={need.code}",
        first[0].in_all if first else 0,
        [(row, need.when(row), reverse(f"{name}_change", args=[row.pk])) for row in first],
    )


def _proposals(request: HttpRequest) -> Panel | None:
    if not request.user.has_perm("tradeinit.view_proposal"):
        return None
    rows = Proposal.objects.open().most_urgent_first().select_related("proposed_by")
    first = list(rows.annotate(in_all=Window(Count("pk")))[:SHOWN])
    return Panel(
        "Proposals awaiting a publisher, corrections first",
        f"{reverse('admin:tradeinit_proposal_changelist')}?state__exact=open",
        first[0].in_all if first else 0,
        [
            (row, f"{row.proposed_by}, {row.proposed_at:%d %b}", row.decision_address)
            for row in first
        ],
    )


def _embargoes(request: HttpRequest) -> Panel | None:
    """What the log will tell of itself at its instant."""
    if not registry.models():
        return None
    rows = Publication.objects.pending()
    first = rows.order_by("at", "uid")[:SHOWN]
    lines = []
    for entry in first:
        model = registry.model_of(entry.resource)
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
        told = name_of(json.loads(entry.body), model)
        lines.append((told, entry.at, f"{reverse(name)}?uid__exact={entry.uid}"))
    # They are of several kinds: their lists are named in the table below.
    return Panel("Embargoes about to lift", "#kinds" if lines else "", rows.count(), lines)


# Each kind of record


@dataclass(frozen=True)
class Kind:
    name: str
    address: str
    drafts: int
    embargoed: int
    unsourced: int

    @property
    def waits(self) -> bool:
        return bool(self.drafts or self.embargoed or self.unsourced)


def kinds(site: Any, request: HttpRequest) -> list[Kind]:
    """Lists that hold drafts, embargoes or facts without a source, and how many; in one query."""
    models: list[Any] = [
        model
        for model in registry.models()
        if model in site._registry and site._registry[model].has_view_or_change_permission(request)
    ]
    asked = {
        f"{model._meta.model_name}_{state}": _count(rows)
        for model in models
        for state, rows in _states(model.objects.all()).items()
    }
    counts: Any = ContentType.objects.order_by("pk").values(**asked).first() or {}
    found = [
        Kind(
            capfirst(model._meta.verbose_name_plural),
            reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"),
            *(int(counts.get(f"{model._meta.model_name}_{state}") or 0) for state in STATES),
        )
        for model in models
    ]
    return [kind for kind in found if kind.waits]


STATES = ("drafts", "embargoed", "unsourced")


def _states(rows: PublishableQuerySet) -> dict[str, Any]:
    return dict(
        zip(STATES, (rows.drafts(), rows.embargoed(), rows.without_a_source()), strict=True)
    )


def _count(rows: Any) -> Subquery:
    """The number of rows as a column; an aggregate would group by what is around it."""
    counted = rows.order_by().annotate(how_many=Func(F("pk"), function="COUNT"))
    return Subquery(counted.values("how_many"), output_field=IntegerField())
