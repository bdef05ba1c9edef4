"""The cells of the matrix, without a template for each: a page has hundreds of them."""

from functools import lru_cache
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html
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
    return SafeString("\n".join(_cell(context, cell) for cell in line.cells))


def _cell(context: Any, cell: Cell) -> SafeString:
    outcome = cell.outcome
    if outcome is None:
        return _empty(cell.is_there, get_language())
    return format_html(
        '<td class="cell cell-{}"><span class="cell-meeting">{}</span>'
        '<span class="cell-code">{} <a href="{}">{}</a></span>{}{}</td>',
        outcome.result,
        _meeting(context, cell.meeting),
        _icon(outcome.result),
        outcome.get_absolute_url(),
        _named(outcome.result, get_language()),
        _led_to(cell.led_to),
        marks(context, outcome),
    )


def _meeting(context: Any, met: Round) -> SafeString:
    """Shown in each cell where the table is too wide for its head; written once for the page."""
    written = context.render_context.setdefault("meetings", {})
    if met.pk not in written:
        written[met.pk] = render_to_string("rounds/_cell_meeting.html", {"met": met})
    return written[met.pk]


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
def _icon(result: str) -> SafeString:
    return format_html(
        '<svg width="18" height="18" aria-hidden="true"><use href="#code-{}" /></svg>', result
    )


@lru_cache(maxsize=100)
def _named(result: str, language: str | None) -> str:
    return capfirst(str(Outcome.Result(result).label))
