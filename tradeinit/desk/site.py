from typing import Any

from django.contrib.admin import AdminSite
from django.utils.translation import gettext_lazy as _


class Desk(AdminSite):
    """Where staff write the record."""

    site_header = _("TradeInit desk")
    site_title = _("TradeInit desk")
    index_title = _("The record")
    enable_nav_sidebar = True

    def each_context(self, request: Any) -> dict[str, Any]:
        return {**super().each_context(request), "site_url": "/"}
