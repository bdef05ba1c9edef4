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
    return SafeString("\n".join(_cell(context, cell, language) for cell in line.cells))


def _cell(context: Any, cell: Cell, language: str | None) -> SafeString:
    if cell.outcome is None:
        return _empty(cell.is_there, language)
    meeting, page = _meeting(context, cell.meeting)
    result, uid = cell.outcome.result, cell.outcome.uid
    return SafeString(
        f'{_opening(result)}<span class="cell-meeting">{meeting}</span>'
        f'<span class="cell-code">{_icon(result)} <a href="{page}#{uid}">'
        f"{_named(result, language)}</a></span>"
        f"{_led_to(cell.led_to)}{marks(context, cell.outcome)}</td>"
    )


def _meeting(context: Any, met: Round) -> tuple[SafeString, SafeString]:
    """Shown in each cell where the table is too wide for its head, and its page; written once."""
    written = context.render_context.setdefault("meetings", {})
    if met.pk not in written:
        named = render_to_string("rounds/_cell_meeting.html", {"met": met})
        written[met.pk] = named, escape(met.get_absolute_url())
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
def _opening(result: str) -> SafeString:
    return format_html('<td class="cell cell-{}">', result)


@lru_cache(maxsize=100)
def _icon(result: str) -> SafeString:
    return format_html(
        '<svg width="18" height="18" aria-hidden="true"><use href="#code-{}" /></svg>', result
    )


@lru_cache(maxsize=100)
def _named(result: str, language: str | None) -> SafeString:
    return escape(capfirst(str(Outcome.Result(result).label)))
