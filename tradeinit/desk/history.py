"""The versions of a row in words."""

from typing import Any

from django.contrib.admin.utils import label_for_field
from django.utils.text import capfirst

from tradeinit.desk.values import in_words


def versions_in_words(row: Any) -> list[dict[str, Any]]:
    """Each version of a row, the newest first: when, who, why, and what changed."""
    history = list(
        row.history.select_related("history_user").order_by("-history_date", "-history_id")
    )
    told = []
    for newer, older in zip(history, [*history[1:], None], strict=False):
        changes = newer.diff_against(older).changes if older else []
        told.append(
            {
                "version": newer.version,
                "at": newer.history_date,
                "who": newer.history_user,
                "why": newer.history_change_reason or "",
                "first": older is None,
                "changes": [
                    {
                        "label": capfirst(str(label_for_field(change.field, type(row)))),
                        "old": _historical(change.old, row, change.field),
                        "new": _historical(change.new, row, change.field),
                    }
                    for change in changes
                    if change.field not in ("version", "slug_frozen")
                ],
            }
        )
    return told


def _historical(value: Any, row: Any, name: str) -> str:
    if row._meta.get_field(name).many_to_many:
        value = [
            next(v for k, v in link.items() if k not in ("id", row._meta.model_name))
            for link in value or []
        ]
    return in_words(value, row, name)
