"""The office's clock on the pages of the desk, and the lines of its forms."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.conf import settings

from tradeinit import clock, widgets

register = template.Library()
register.filter("form_row", widgets.form_row)


@register.filter
def kind(row: Any) -> str:
    """What a record is, as staff call it."""
    return row._meta.verbose_name if row else ""


@register.filter
def in_office(instant: datetime | None) -> str:
    """``14 January 2023, 09:00 Asia/Taipei``."""
    if instant is None:
        return ""
    there = instant.astimezone(ZoneInfo(settings.OFFICE_TIME_ZONE))
    return f"{there.day} {there:%B %Y, %H:%M} {settings.OFFICE_TIME_ZONE}"


@register.simple_tag
def now_in_office() -> str:
    return in_office(clock.now())


@register.filter
def on_the_desk(when: Any) -> str:
    """A day, an instant on the office's clock, or words."""
    if isinstance(when, datetime):
        return in_office(when)
    if isinstance(when, date):
        return f"{when.day} {when:%B %Y}"
    return str(when)
