"""From a list or a record to the page that decides: what is public is changed nowhere else."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy

from tradeinit.desk.deciding import address_of
from tradeinit.desk.decisions import DECISIONS, MOST_OFFERED, reference
from tradeinit.desk.models import Kind


class Clearance(admin.ModelAdmin):
    """The actions of a list that change what is public."""

    actions = ("publish", "withdraw", "reinstate")

    @admin.action(description=gettext_lazy("Clear for publication…"), permissions=["change"])
    def publish(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        return self._decide(request, queryset, Kind.CLEAR)

    @admin.action(description=gettext_lazy("Withdraw…"), permissions=["change"])
    def withdraw(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        return self._decide(request, queryset, Kind.WITHDRAW)

    @admin.action(description=gettext_lazy("Reinstate what was withdrawn…"), permissions=["change"])
    def reinstate(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        return self._decide(request, queryset, Kind.REINSTATE)

    def _decide(self, request: HttpRequest, queryset: Any, kind: Kind) -> HttpResponse | None:
        rows = list(queryset.filter(DECISIONS[kind].applies_to())[: MOST_OFFERED + 1])
        if not rows:
            self.message_user(request, "None of these is open to that.", messages.WARNING)
            return None
        if len(rows) > MOST_OFFERED:
            self.message_user(
                request, f"Choose at most {MOST_OFFERED} records at a time.", messages.WARNING
            )
            return None
        return HttpResponseRedirect(address_of(kind.value, rows))


def steps_for(row: Any) -> list[tuple[str, str]]:
    """What can be decided of a row, each with where."""
    return [
        (decision.title, address_of(kind, [row]))
        for kind, decision in DECISIONS.items()
        if decision.open_to(row)
    ]


def preview_address(row: Any) -> str:
    return f"{reverse('admin:preview', args=[Kind.CLEAR.value])}?row={reference(row)}"
