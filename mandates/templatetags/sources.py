"""Marks that lead from a fact to its sources, and the shape of a fact on a page.

White space counts here: a mark follows its text immediately.
"""

from collections.abc import Iterable
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from mandates.sources import Mark
from tradeinit.templatetags.records import quote
from tradeinit.told import fact_name

register = template.Library()


# Everywhere: ``""`` names the record as a whole, and no fact at all means every one, for rows that
# have no page of their own on which the rest could stand.


@register.simple_tag(takes_context=True)
def cite(context: Any, record: Any, *facts: str) -> str:
    """In running text: the marks of a fact, and what its sources state otherwise."""
    found = _marks(context, record, facts)
    return marks_of(found) + stated(found)


@register.simple_tag(takes_context=True)
def marks(context: Any, record: Any, *facts: str) -> str:
    """The marks alone: for headings. ``otherwise`` goes below."""
    return sup(_marks(context, record, facts))


@register.simple_tag(takes_context=True)
def otherwise(context: Any, record: Any, *facts: str) -> str:
    """What sources state otherwise, side by side."""
    others = [found for found in _marks(context, record, facts) if found.value]
    return render_to_string("parts/_otherwise.html", {"others": others}) if others else ""


@register.simple_block_tag(takes_context=True)
def cited(context: Any, content: str, record: Any, *facts: str) -> str:
    """``cite`` behind what stands between the tags, where that is more than a word."""
    return _trimmed(content) + cite(context, record, *facts)


@register.simple_tag(takes_context=True)
def uncited(context: Any, record: Any) -> list[tuple[str, str]]:
    """What of the page's own record has no mark on the page: (fact, marks)."""
    return [
        (fact or _("the record as a whole"), marks_of(found) + stated(found))
        for fact, found in context["sources"].remaining(record)
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
    found = _marks(context, record, facts)
    return render_to_string(
        "parts/_fact.html",
        {
            "label": label or capfirst(fact_name(type(record), facts[0])),
            "content": _trimmed(content),
            "marks": marks_of(found),
            "others": [mark for mark in found if mark.value],
            "unknown": unknown or _("Not stated"),
        },
    )


@register.simple_tag
def mark(one: Mark) -> str:
    """One mark by itself."""
    return sup([one])


@register.simple_tag(takes_context=True)
def passage(context: Any, citation: Any) -> str:
    """The mark of one citation."""
    return sup([context["sources"].mark(citation)])


def _marks(context: Any, record: Any, facts: Iterable[str]) -> list[Mark]:
    sources = context.get("sources")
    if sources is None:
        return []  # A list: its rows lead to the pages that cite.
    named = facts or {citation.field for citation in record.cited_passages}
    return sources.marks(record, *named) if named else []


def marks_of(found: Iterable[Mark]) -> SafeString:
    """Of the sources that say what the record says."""
    return sup(mark for mark in found if not mark.value)


def stated(found: Iterable[Mark]) -> SafeString:
    """What the others state, each with its own mark."""
    return format_html_join(
        "",
        ' <span class="stated">{} {}{}</span>',
        ((_("Stated as"), quote(mark.value), sup([mark])) for mark in found if mark.value),
    )


def sup(found: Iterable[Mark]) -> SafeString:
    numbers = {mark.number: mark for mark in found}
    if not numbers:
        return SafeString()
    links = format_html_join(
        "",
        '<a href="#source-{}" aria-label="{}">{}</a>',
        ((number, _name(mark), number) for number, mark in sorted(numbers.items())),
    )
    return format_html('<sup class="source-marks">{}</sup>', links)


def _name(found: Mark) -> str:
    text = _("Source %(number)s") % {"number": found.number}
    return f"{text}: {found.short}" if found.short else text


def _trimmed(content: str) -> SafeString:
    # What a template rendered between two tags is escaped already.
    return SafeString(content.strip())
