"""The cells of the matrix, without a template for each: a page has hundreds of them."""

from functools import lru_cache
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from mandates.models import Statement
from mandates.templatetags.sources import marks
from rounds.matrix import Cell, Line
from rounds.models import Outcome, Round

register = template.Library()


@register.simple_tag(takes_context=True)
def cells(context: Any, line: Line) -> SafeString:
    language = get_language()
    # Shown in each cell where the table is too wide for its head: written once for each meeting.
    meetings = context.render_context.setdefault("meetings", {})
    return SafeString("\n".join(_cell(context, cell, meetings, language) for cell in line.cells))


def _cell(context: Any, cell: Cell, meetings: dict[Any, Any], language: str | None) -> SafeString:
    outcome, met = cell.outcome, cell.meeting
    if outcome is None:
        return _empty(cell.is_there, language)
    if met.pk not in meetings:
        meetings[met.pk] = _meeting(met)
    named, page = meetings[met.pk]
    opening, icon, result = _result(outcome.result, language)
    return SafeString(
        f'{opening}<span class="cell-meeting">{named}</span>'
        f'<span class="cell-code">{icon} <a href="{page}#{outcome.uid}">{result}</a></span>'
        f"{_led_to(cell.led_to)}{marks(context, outcome) if outcome.cited_passages else ''}</td>"
    )


def _meeting(met: Round) -> tuple[SafeString, SafeString]:
    """As each of its cells names it, and its page."""
    named = render_to_string("rounds/_cell_meeting.html", {"met": met})
    return named, escape(met.get_absolute_url())


def _led_to(said: Statement | None) -> SafeString:
    if said is None:
        return SafeString()
    claimant = said.claimed_by
    return format_html(
        '<span class="cell-led"><span class="visually-hidden">{}</span> {}{}</span>',
        _("It led to the status"),
        said.get_value_display(),
        format_html('<span class="cell-claimant">{}</span>', claimant.name) if claimant else "",
    )


# From cell to cell these hardly differ.


@lru_cache(maxsize=100)
def _empty(is_there: bool, language: str | None) -> SafeString:
    kind, words = (
        ("cell-none", _("nothing recorded")) if is_there else ("cell-absent", _("no chapter then"))
    )
    return format_html('<td class="{}"><span class="visually-hidden">{}</span></td>', kind, words)


@lru_cache(maxsize=100)
def _result(result: str, language: str | None) -> tuple[SafeString, SafeString, SafeString]:
    """How its cell begins, its icon and its name."""
    return (
        format_html('<td class="cell cell-{}">', result),
        format_html(
            '<svg width="18" height="18" aria-hidden="true"><use href="#code-{}" /></svg>', result
        ),
        escape(capfirst(str(Outcome.Result(result).label))),
    )
