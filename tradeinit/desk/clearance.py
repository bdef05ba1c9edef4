"""Publishing, withdrawing and reinstating the rows of a list."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tradeinit import clock
from tradeinit.desk.forms import REASON
from tradeinit.publication import registry
from tradeinit.publication.models import PublishableQuerySet


class Clearance(admin.ModelAdmin):
    """The actions of a list that change what is public."""

    actions = ("publish", "publish_with_drafts_below", "withdraw", "reinstate")

    # Actions

    @admin.action(description=gettext_lazy("Publish now"), permissions=["change"])
    def publish(self, request: HttpRequest, queryset: Any) -> None:
        self._tell(request, clear(queryset))

    @admin.action(
        description=gettext_lazy("Publish now, with the drafts below"), permissions=["change"]
    )
    def publish_with_drafts_below(self, request: HttpRequest, queryset: Any) -> None:
        self._tell(request, sum(clear(rows) for rows in with_below(queryset)))

    def _tell(self, request: HttpRequest, count: int) -> None:
        message = ngettext("%(count)d record published.", "%(count)d records published.", count)
        self.message_user(request, message % {"count": count}, messages.SUCCESS)

    @admin.action(description=gettext_lazy("Withdraw, with a reason"), permissions=["change"])
    def withdraw(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        reason = request.POST.get(REASON, "").strip()
        if not reason:
            context = {
                **self.admin_site.each_context(request),
                "title": _("Withdraw"),
                "opts": self.opts,
                "rows": queryset,
                "asked": "apply" in request.POST,
                "action": "withdraw",
                "select": helpers.ACTION_CHECKBOX_NAME,
                "below": [row for rows in with_below(queryset) for row in rows.public()][
                    len(queryset) :
                ],
            }
            return TemplateResponse(request, "admin/withdraw.html", context)
        for row in queryset.filter(public_from__isnull=False, withdrawn_at__isnull=True):
            row.withdrawn_at, row.withdrawal_reason = clock.now(), reason
            row.save()
        self.message_user(request, _("Withdrawn; the public reads the reason."), messages.SUCCESS)
        return None

    @admin.action(description=gettext_lazy("Reinstate what was withdrawn"), permissions=["change"])
    def reinstate(self, request: HttpRequest, queryset: Any) -> None:
        for row in queryset.withdrawn():
            row.withdrawn_at, row.withdrawal_reason = None, ""
            row.full_clean()
            row.save()
        self.message_user(request, _("Reinstated."), messages.SUCCESS)


def clear(rows: Any) -> int:
    """Publish the drafts, and lift the embargoes, among these rows."""
    now = clock.now()
    count = 0
    for row in rows.filter(Q(public_from__isnull=True) | Q(public_from__gt=now)):
        row.public_from = now
        row.full_clean()
        row.save()
        count += 1
    return count


def with_below(rows: PublishableQuerySet) -> list[PublishableQuerySet]:
    """The rows themselves, then every kind of record below them, parents before children."""
    found = [rows]
    for child, name in registry.children_of(rows.model):
        below = child.objects.filter(**{f"{name}__in": rows.values("pk")})
        found += with_below(below)
    return found
