from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, path
from django.utils.translation import gettext_lazy as _

from tradeinit.desk import submissions
from tradeinit.desk.deciding import DecisionView, PreviewView


class Desk(AdminSite):
    """Where staff write the record."""

    site_header = _("TradeInit desk")
    site_title = _("TradeInit desk")
    index_title = _("The record")
    enable_nav_sidebar = True

    def get_urls(self) -> list[URLPattern | URLResolver]:
        decide = self.admin_view(DecisionView.as_view(site=self))
        preview = self.admin_view(PreviewView.as_view(site=self))
        return [
            path("decide/<slug:kind>/", decide, name="decide"),
            path("decide/<slug:kind>/preview/", preview, name="preview"),
            *super().get_urls(),
        ]

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Keep what is sent after the session has ended; after signing in it is shown again."""
        inner = super().admin_view(view, cacheable)

        def keeping(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if request.method == "POST" and not self.has_permission(request):
                submissions.keep(request)
            return inner(request, *args, **kwargs)

        return keeping

    def each_context(self, request: Any) -> dict[str, Any]:
        return {**super().each_context(request), "site_url": "/"}
