"""Records that the desk no longer offers: archived instead of deleted, for the public unchanged."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest


class Archived(models.Model):
    """One record is out of the way of staff. It says nothing about what the public reads."""

    uid = models.UUIDField(primary_key=True)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )

    def __str__(self) -> str:
        return str(self.uid)


class ArchiveFilter(admin.SimpleListFilter):
    title = "archive"
    parameter_name = "archive"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
        return [("archived", "Archived"), ("all", "All")]

    def choices(self, changelist: Any) -> Any:
        first, *others = super().choices(changelist)
        # What is shown unless somebody asks for more.
        yield {**first, "display": "In use"}
        yield from others

    def queryset(self, request: Any, queryset: QuerySet) -> QuerySet:
        archived = Archived.objects.values("uid")
        if self.value() == "archived":
            return queryset.filter(uid__in=archived)
        return queryset if self.value() == "all" else queryset.exclude(uid__in=archived)


class WithArchive(admin.ModelAdmin):
    """Archived records stay where they are named, and are no longer offered."""

    def get_list_filter(self, request: HttpRequest) -> Any:
        return (ArchiveFilter, *super().get_list_filter(request))

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        found, duplicates = super().get_search_results(request, queryset, search_term)
        match = request.resolver_match
        if match and match.url_name == "autocomplete":
            found = found.exclude(uid__in=Archived.objects.values("uid"))
        return found, duplicates

    def get_actions(self, request: HttpRequest) -> Any:
        actions = super().get_actions(request)
        if self.has_change_permission(request):
            for name in ("archive", "take_out"):
                actions[name] = self.get_action(name)
        return actions

    @admin.action(description="Archive: offer it no longer")
    def archive(self, request: HttpRequest, queryset: Iterable[Any]) -> None:
        made = [Archived(uid=row.uid, by_id=request.user.pk) for row in queryset]
        Archived.objects.bulk_create(made, ignore_conflicts=True)
        messages.success(request, f"Archived: {len(made)}. What the public reads is unchanged.")

    @admin.action(description="Take out of the archive")
    def take_out(self, request: HttpRequest, queryset: Iterable[Any]) -> None:
        uids = [row.uid for row in queryset]
        Archived.objects.filter(uid__in=uids).delete()
        messages.success(request, f"In use again: {len(uids)}.")
