"""The log of what the public was told, as readers and mirrors are shown it."""

from collections.abc import Collection, Sequence
from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from mandates.models import Initiative
from tradeinit.clocks import TODAY, Clocks
from tradeinit.filters import CodeFilter, InstantFilter, ListForm, SlugFilter
from tradeinit.lists import Listing, ListPage, ListViewSet
from tradeinit.publication import registry
from tradeinit.publication.log import rfc3339
from tradeinit.publication.models import Action, Address, Publication, Publishable

TOLD = [choice for choice in Action.choices if choice[0] != Action.REISSUED]


class ChangeFilter(django_filters.FilterSet):
    resource = CodeFilter(
        "resource",
        [(model.resource, model._meta.verbose_name_plural) for model in registry.models()],
        label=_("Kind of record"),
    )
    initiative = SlugFilter("root", Initiative.objects.public(), to="", label=_("Initiative"))
    action = CodeFilter("action", TOLD, label=_("What was done"))
    since = InstantFilter("at", "gte", label=_("Since"))
    until = InstantFilter("at", "lt", label=_("Until"))

    class Meta:
        form = ListForm

    clocks = TODAY

    @property
    def on_the_form(self) -> list[Any]:
        return list(self.form)


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
    def answers(
        cls, rows: Sequence[Publication], clocks: Clocks = TODAY, expand: Collection[str] = ()
    ) -> list[dict[str, Any]]:
        slugs = slugs_of(rows)
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
            for row in rows
        ]


def slugs_of(rows: Sequence[Publication]) -> dict[Any, str]:
    uids = {row.uid for row in rows}
    return dict(Address.objects.filter(uid__in=uids).values_list("uid", "slug"))


class Changes(Listing):
    queryset = Publication.objects.public()
    filterset_class = ChangeFilter
    serializer_class = ChangeSerializer  # type: ignore[assignment]  # read straight from the log

    @classmethod
    def resource(cls) -> str:
        return "changes"


class ChangeViewSet(Changes, ListViewSet):
    pass


class ChangeList(Changes, ListPage):
    api = ChangeViewSet
    template_name = "mandates/change_list.html"
