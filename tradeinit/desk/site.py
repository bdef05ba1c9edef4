from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.translation import gettext_lazy as _

from tradeinit import errors
from tradeinit.desk import submissions
from tradeinit.desk.deciding import DecisionView, PreviewView
from tradeinit.desk.needs import kinds, panels
from tradeinit.desk.sign_in import SignInView, lacks_a_second_factor


class Desk(AdminSite):
    """Where staff write the record."""

    site_header = _("TradeInit desk")
    site_title = _("TradeInit desk")
    index_title = _("The record")
    enable_nav_sidebar = True
    index_template = "admin/desk_index.html"

    def get_urls(self) -> list[URLPattern | URLResolver]:
        decide = self.admin_view(submissions.shows_what_was_kept(DecisionView.as_view(site=self)))
        preview = self.admin_view(PreviewView.as_view(site=self))
        return [
            path("decide/<slug:kind>/", decide, name="decide"),
            path("decide/<slug:kind>/preview/", preview, name="preview"),
            *super().get_urls(),
        ]

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Keep what is sent after the session has ended; after signing in it is shown again."""

        @wraps(view)
        def explaining(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            try:
                return view(request, *args, **kwargs)
            except PermissionDenied:
                return self.refused(request)

        inner = super().admin_view(explaining, cacheable)

        @wraps(view)
        def keeping(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if "%00" in request.META.get("QUERY_STRING", ""):
                # No database holds a NUL, and Django asks for it where a list is filtered.
                return errors.bad_request(request)
            if request.method == "POST" and not self.has_permission(request):
                submissions.keep(request)
            if self.has_permission(request) and lacks_a_second_factor(request):
                messages.warning(request, "Whoever decides what is public needs a second factor.")
                return HttpResponseRedirect(reverse("mfa_activate_totp"))
            return inner(request, *args, **kwargs)

        return keeping

    def refused(self, request: HttpRequest) -> TemplateResponse:
        """What somebody's groups do not allow."""
        groups = [group.name for group in request.user.groups.order_by("name")]
        shown = {**self.each_context(request), "title": "This is not yours to do", "groups": groups}
        return TemplateResponse(request, "admin/refused.html", shown, status=403)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return SignInView.as_view(extra_context=self.each_context(request))(request)

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        shown = {"panels": panels(self, request), "kinds": kinds(self, request)}
        return super().index(request, {**shown, **(extra_context or {})})

    def each_context(self, request: Any) -> dict[str, Any]:
        return {**super().each_context(request), "site_url": "/"}
