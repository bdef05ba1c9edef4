"""Draft, embargoed, public, withdrawn: in words, and as a filter of every list."""

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tradeinit import clock
from tradeinit.publication.models import Publishable


def state_in_words(row: Publishable) -> str:
    """Draft, embargoed, public or withdrawn, its parents considered."""
    now = clock.now()
    if row.withdrawn_at:
        return _("withdrawn")
    if row.public_from is None:
        return _("draft")
    if row.public_from > now:
        return _("embargoed until %(instant)s UTC") % {
            "instant": f"{row.public_from:%Y-%m-%d %H:%M}"
        }
    for above in ancestors(row):
        if above.withdrawn_at:
            return _("withdrawn with “%(above)s”") % {"above": above}
        if above.public_from is None or above.public_from > now:
            return _("waits for “%(above)s”") % {"above": above}
    return _("public")


def ancestors(row: Publishable) -> list[Publishable]:
    found: list[Publishable] = []
    for name in row.parents:
        above = getattr(row, name)
        if above is not None:
            found += [above, *ancestors(above)]
    return found


class StateFilter(admin.SimpleListFilter):
    title = gettext_lazy("publication")
    parameter_name = "state_of_publication"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("draft", _("Draft")),
            ("embargoed", _("Embargoed")),
            ("public", _("Public")),
            ("withdrawn", _("Withdrawn")),
            ("unsourced", _("Without a source")),
        ]

    def queryset(self, request: Any, queryset: Any) -> Any:
        asked = {
            "draft": queryset.drafts,
            "embargoed": queryset.embargoed,
            "public": queryset.public,
            "withdrawn": queryset.withdrawn,
            "unsourced": queryset.without_a_source,
        }.get(self.value() or "")
        return asked() if asked else queryset

    def get_facet_counts(self, pk_attname: str, filtered_qs: Any) -> dict[str, Any]:
        # Of the filtered rows those in each state. Django would repeat the filters in each state.
        return super().get_facet_counts(pk_attname, filtered_qs.model.objects.all())
