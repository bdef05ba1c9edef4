"""Marks that lead from a fact to its sources, and the shape of a fact on a page.

White space counts here: a mark follows its text immediately.
"""

from collections.abc import Iterable
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from mandates.sources import Mark, fact_name
from tradeinit.templatetags.records import lang_of

register = template.Library()


@register.simple_tag(takes_context=True)
def cite(context: Any, record: Any, *facts: str) -> str:
    """The marks of a fact, and what its sources state otherwise; ``""`` is the whole record."""
    return marked(context["sources"].marks(record, *facts))


@register.simple_tag(takes_context=True)
def cite_all(context: Any, record: Any) -> str:
    """The marks of all that a row without a page of its own rests on: for the end of the row."""
    return marked(context["sources"].marks(record, *{c.field for c in record.citations.all()}))


@register.simple_block_tag(takes_context=True)
def cited(context: Any, content: str, record: Any) -> str:
    """The same behind what stands between the tags, where that is more than a word."""
    return _trimmed(content) + cite_all(context, record)


@register.simple_tag(takes_context=True)
def uncited(context: Any, record: Any) -> list[tuple[str, str]]:
    """What of the page's own record has no mark on the page: (fact, marks)."""
    return [
        (capfirst(fact) or _("The record as a whole"), marked(marks))
        for fact, marks in context["sources"].remaining(record)
    ]


@register.simple_block_tag(takes_context=True)
def fact(
    context: Any,
    content: str,
    record: Any,
    *facts: str,
    label: str = "",
    unknown: str = "",
) -> str:
    """One line of a list of facts: its name, its value with marks, and other values beside it.

    An empty value reads as unknown, in words that say so.
    """
    marks = context["sources"].marks(record, *facts)
    return render_to_string(
        "parts/_fact.html",
        {
            "label": label or capfirst(fact_name(type(record), facts[0])),
            "content": _trimmed(content),
            "marks": sup([mark for mark in marks if not mark.value]),
            "others": [mark for mark in marks if mark.value],
            "unknown": unknown or _("Not stated"),
        },
    )


@register.simple_tag
def mark(one: Mark) -> str:
    return sup([one])


def marked(marks: Iterable[Mark]) -> str:
    """Marks in running text, then what sources state otherwise, each with its own mark."""
    marks = list(marks)
    plain = sup({found.number: found for found in marks if not found.value}.values())
    otherwise = format_html_join(
        "",
        ' <span class="stated">{} <q{}>{}</q>{}</span>',
        (
            (_("Stated as"), lang_of(found.value), found.value, sup([found]))
            for found in marks
            if found.value
        ),
    )
    return plain + otherwise


def sup(marks: Iterable[Mark]) -> SafeString:
    links = format_html_join(
        "",
        '<a href="#source-{}" aria-label="{}">{}</a>',
        ((found.number, _name(found), found.number) for found in marks),
    )
    return format_html('<sup class="source-marks">{}</sup>', links) if links else SafeString()


def _name(found: Mark) -> str:
    text = _("Source %(number)s") % {"number": found.number}
    return f"{text}: {found.short}" if found.short else text


def _trimmed(content: str) -> SafeString:
    # Rendered by the template between the tags, where everything is escaped already.
    return mark_safe(conditional_escape(content).strip())  # noqa: S308
