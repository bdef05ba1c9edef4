"""The log of what the public was told, as readers and mirrors are shown it."""

import json
from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from mandates.models import Initiative
from tradeinit.budgets import Budget
from tradeinit.clocks import TODAY, Clocks
from tradeinit.feeds import Item
from tradeinit.filters import (
    CodeFilter,
    InstantDayFilter,
    InstantFilter,
    ListFilter,
    SearchFilter,
    SlugFilter,
    ordering,
)
from tradeinit.languages import said_of
from tradeinit.lists import WITH_FEED, Listing, ListPage, ListViewSet
from tradeinit.publication import registry
from tradeinit.publication.log import rfc3339
from tradeinit.publication.models import Action, Address, Publication, Publishable
from tradeinit.told import name_of


class CaseFilter(SlugFilter):
    """Changes of an initiative and of all that belongs to it, also of what is withdrawn."""

    def condition(self, value: Any) -> Q:
        cases = Address.objects.filter(resource=Initiative.resource, slug__in=value)
        return Q(root__in=cases.values("slug"))


class ActionFilter(CodeFilter):
    """A reissue changes the form of a body and no fact: it is told to those who ask for it."""

    def filter(self, queryset: QuerySet, value: Any) -> QuerySet:
        return super().filter(queryset, value) if value else queryset.public()  # type: ignore[attr-defined]


class ReasonFilter(SearchFilter):
    """Most changes give no reason; an index holds those that do."""

    def filter(self, queryset: QuerySet, value: str) -> QuerySet:
        found = super().filter(queryset, value)
        return found.exclude(reason="") if value else found


class ChangeFilter(ListFilter):
    # Of the log itself: what was told here by then.
    updated_since = InstantFilter("at", "gte", label=_("Changed since"))
    on = InstantDayFilter("at", "before", label=_("On"), help_text=_("Told by this day."))
    known = InstantDayFilter("at", "before", label=_("Known by"), help_text=_("Told by this day."))
    q = ReasonFilter("reason", label=_("Words"), help_text=_("In the reason."))
    resource = CodeFilter(
        "resource",
        [(model.resource, model._meta.verbose_name_plural) for model in registry.models()],
        label=_("Kind of record"),
    )
    initiative = CaseFilter("root", Initiative.objects.public(), to="", label=_("Initiative"))
    action = ActionFilter(
        "action",
        Action.choices,
        label=_("What was done"),
        help_text=_("A reissue, which changes no fact, is told only where it is asked for."),
    )
    since = InstantFilter("at", "gte", label=_("Since"))
    until = InstantFilter("at", "lt", label=_("Until"))

    ordering = ordering(at="at")

    NOT_ON_THE_FORM = ("updated_since", "on", "known")
    CLOCKS = ()


class ChangeSerializer(serializers.ModelSerializer):
    slug = serializers.CharField(
        allow_null=True, help_text="The address of the record; null where it has no page."
    )

    class Meta:
        model = Publication
        fields = ("at", "resource", "uid", "slug", "action", "reason", "number", "digest")

    @classmethod
    def field_names(cls) -> list[str]:
        return list(cls.Meta.fields)

    @classmethod
    def expandable(cls) -> dict[str, type[Publishable]]:
        return {}

    @classmethod
    def leading_to_answers(cls, rows: QuerySet, *walked_by: str) -> QuerySet:
        return rows

    @classmethod
    def answers(
        cls,
        rows: Sequence[Publication],
        clocks: Clocks = TODAY,
        expand: Collection[str] = (),
        names: Collection[str] | None = None,
    ) -> list[dict[str, Any]]:
        slugs = slugs_of(rows)
        bodies = current_bodies(rows) if "record" in expand else {}
        return [
            {
                "at": rfc3339(row.at),
                "resource": row.resource,
                "uid": str(row.uid),
                "slug": slugs.get(row.uid),
                "action": row.action,
                "reason": row.reason,
                "number": row.number,
                "digest": row.digest,
            }
            | ({"record": bodies.get(row.pk)} if "record" in expand else {})
            for row in rows
        ]


def current_bodies(rows: Sequence[Publication]) -> dict[Any, dict[str, Any]]:
    """Of those entries that are the last word on their record, and no withdrawal."""
    last = Publication.objects.filter(uid__in={row.uid for row in rows}).latest_of_each()
    current = set(last.values_list("pk", flat=True))
    return {row.pk: json.loads(row.body) for row in rows if row.body and row.pk in current}


def slugs_of(rows: Sequence[Publication]) -> dict[Any, str]:
    uids = {row.uid for row in rows}
    return dict(Address.objects.filter(uid__in=uids).values_list("uid", "slug"))


class Changes(Listing):
    queryset = Publication.objects.sealed()
    filterset_class = ChangeFilter
    serializer_class = ChangeSerializer  # type: ignore[assignment]  # read straight from the log
    budgets = {
        "json": Budget(3, 20, 40),
        "csv": Budget(4, 2450, 690),
        "expanded": Budget(4, 50, 40),
        "page": Budget(7, 60, 130),
    }

    @classmethod
    def resource(cls) -> str:
        return "changes"

    @classmethod
    def children(cls) -> list[str]:
        """The body of the record, in the entry that is the last word on it."""
        return ["record"]

    @classmethod
    def entries(cls, queryset: QuerySet) -> QuerySet:
        return queryset

    @classmethod
    def items(cls, entries: Sequence[Publication]) -> list[Item]:
        attach_words(entries)
        slugs = slugs_of(entries)
        return [_item(entry, slugs.get(entry.uid)) for entry in entries]


def _item(entry: Any, slug: str | None) -> Item:
    what = str(entry.kind) if entry.is_gone else said_of(capfirst(str(entry.kind)), entry.name)
    return Item(
        id=f"{entry.uid.urn}#{entry.number}",
        title=f"{capfirst(entry.get_action_display())}: {what}",
        published=rfc3339(entry.at),
        updated=entry.at,
        text=entry.reason,
        kind=entry.resource,
        path=entry.get_absolute_url(),
        api_path=f"/api/v1/{entry.resource}/{slug or entry.uid}/",
    )


class ChangeViewSet(Changes, ListViewSet):
    renderer_classes = WITH_FEED


class ChangeList(Changes, ListPage):
    api = ChangeViewSet
    template_name = "mandates/change_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        attach_words(kwargs["page"].rows if kwargs["page"] else [])
        return super().get_context_data(**kwargs)


def attach_words(rows: Sequence[Any]) -> None:
    """Give each entry its ``kind`` of record, the ``case`` it belongs to, and its ``name``.

    What has been taken back is named nowhere any more, not in its earlier entries either.
    """
    last = Publication.objects.filter(uid__in={row.uid for row in rows}).latest_of_each()
    gone = set(last.filter(action=Action.WITHDRAWN).values_list("uid", flat=True))
    cases = Initiative.objects.public().filter(slug__in={row.root for row in rows})
    case_of = {case.slug: case for case in cases}
    for row in rows:
        model = registry.model_of(row.resource)
        row.kind = model._meta.verbose_name
        row.is_gone = row.uid in gone
        row.name = "" if row.is_gone else name_of(json.loads(row.body), model)
        row.case = None if row.resource == Initiative.resource else case_of.get(row.root)
