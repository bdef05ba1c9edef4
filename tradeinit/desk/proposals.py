"""What editors proposed: read here, decided on the page that it leads to, or declined."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.html import format_html

from tradeinit import clock
from tradeinit.desk.models import Proposal
from tradeinit.desk.permissions import may_publish


class DeclineForm(forms.Form):
    remark = forms.CharField(
        label="Why not, for whoever proposed it",
        widget=forms.Textarea(attrs={"rows": 3, "cols": 60}),
    )


@admin.register(Proposal)
class ProposalAdmin(admin.ModelAdmin):
    list_display = ("__str__", "resource", "proposed_by", "proposed_at", "state", "decided")
    list_filter = ("state", "kind", ("proposed_by", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("proposed_by", "decided_by")
    search_fields = ("title", "reason")
    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description="Decision")
    def decided(self, row: Proposal) -> str:
        if row.state == Proposal.State.OPEN:
            return format_html('<a href="{}">look and decide</a>', row.decision_address)
        return f"{row.get_state_display()} by {row.decided_by}"

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        proposal = self.get_object(request, object_id)
        if proposal is None or not self.has_view_permission(request, proposal):
            raise PermissionDenied
        may_decline = proposal.state == Proposal.State.OPEN and (
            may_publish(request.user) or proposal.proposed_by_id == request.user.pk
        )
        form = DeclineForm(request.POST or None)
        if request.method == "POST" and may_decline and form.is_valid():
            proposal.decide(
                Proposal.State.DECLINED, request.user, clock.now(), form.cleaned_data["remark"]
            )
            messages.success(request, "Declined; whoever proposed it reads why.")
            return HttpResponseRedirect("../../")
        context = {
            **self.admin_site.each_context(request),
            "title": str(proposal),
            "opts": self.opts,
            "proposal": proposal,
            "form": form,
            "may_decline": may_decline,
        }
        return TemplateResponse(request, "admin/proposal.html", context)
