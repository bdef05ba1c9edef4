"""What every page says in the same way of any record: a reference to it, a day, a language."""

import re
from datetime import date
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tradeinit import days
from tradeinit.days import Precision
from tradeinit.publication.models import Publishable

register = template.Library()

HAN = re.compile(r"[\u3400-\u9fff]")
# How a day is written for machines, as far as it is known.
MACHINE_FORMATS = {Precision.DAY: "%Y-%m-%d", Precision.MONTH: "%Y-%m", Precision.YEAR: "%Y"}


@register.simple_tag
def ref(record: Publishable | None, text: Any = None) -> str:
    """A link to another record. Withdrawn since it was named, it keeps its place, not its name."""
    if record is None:
        return ""
    if not record.is_public:
        return format_html('<span class="unknown">{}</span>', _("withdrawn record"))
    shown = text or record
    return format_html(
        '<a href="{}"{}>{}</a>',
        record.get_absolute_url(),  # type: ignore[attr-defined]
        lang_of(str(shown)),
        shown,
    )


@register.simple_tag
def day(when: date | None, precision: str = Precision.DAY) -> str:
    """A day, or the period that is known of it."""
    if when is None:
        return ""
    return period(when, when, precision)


@register.simple_tag
def period(start: date | None, end: date | None, precision: str = Precision.DAY) -> str:
    words = days.in_words(start, end, precision)
    machine = MACHINE_FORMATS.get(Precision(precision))
    if start is None or machine is None:
        return words
    return format_html('<time datetime="{}">{}</time>', start.strftime(machine), words)


@register.simple_block_tag
def joined(content: str, separator: str = ", ") -> SafeString:
    """The lines between the tags, in one: ``Taipei, Taiwan``. Empty lines leave no trace.

    Not for text that may hold line breaks of its own.
    """
    lines = (line.strip() for line in content.splitlines())
    return format_html_join(separator, "{}", ((SafeString(line),) for line in lines if line))


@register.simple_tag
def lang_of(text: Any) -> str:
    """The attribute that names the language of a text, where that is Chinese."""
    return SafeString(' lang="zh-Hant"') if HAN.search(str(text or "")) else ""
