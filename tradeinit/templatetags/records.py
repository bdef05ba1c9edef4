"""What every page says in the same way of any record: a reference to it, a day, a language."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any

from django import template
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from tradeinit import days, languages
from tradeinit.days import Precision
from tradeinit.publication.models import Publishable

register = template.Library()

# How a day is written for machines, as far as it is known.
MACHINE_FORMATS = {Precision.DAY: "%Y-%m-%d", Precision.MONTH: "%Y-%m", Precision.YEAR: "%Y"}


@register.simple_tag
def ref(record: Publishable | None, text: Any = None) -> str:
    """A link to another record. Withdrawn since it was named, it keeps its place, not its name."""
    if record is None:
        return ""
    if not record.is_public:
        return format_html('<span class="unknown">{}</span>', _("withdrawn record"))
    address = escape(record.get_absolute_url())  # type: ignore[attr-defined]
    attribute, shown = _named(str(text or record), languages.current())
    return SafeString(f'<a href="{address}"{attribute}>{shown}</a>')


# The records of a page, and what they belong to, are named again and again.
@lru_cache(maxsize=5_000)
def _named(name: str, language: str) -> tuple[str, str]:
    """The attribute that names the language of a name, and the name with what differs marked."""
    tag = languages.tag_of(name)
    return _lang(tag), escape(name) if tag else languages.marked(name)


@register.simple_tag
def refs(records: Iterable[Publishable]) -> str:
    """Links to several records, in a sentence: ``A, B and C``."""
    links = [ref(record) for record in records]
    first = format_html_join(_(", "), "{}", ((link,) for link in links[:-1]))
    if not first:
        return links[-1] if links else ""
    return format_html(_("{first} and {last}"), first=first, last=links[-1])


@register.simple_tag
def day(when: date | None, precision: str = Precision.DAY) -> str:
    """A day, or the period that is known of it."""
    if when is None:
        return ""
    return period(when, when, precision)


@register.simple_tag
def period(start: date | None, end: date | None, precision: str = Precision.DAY) -> str:
    return _period(start, end, precision, get_language())


@lru_cache(maxsize=5_000)
def _period(start: date | None, end: date | None, precision: str, language: str | None) -> str:
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
    between = _separators().get(separator, separator)
    return format_html_join(between, "{}", ((SafeString(line),) for line in lines if line))


def _separators() -> dict[str, str]:
    """How the language of the page writes what templates give in English."""
    return {
        ", ": pgettext("between the parts of a line", ", "),
        "; ": pgettext("between places", "; "),
    }


@register.simple_tag
def lang_of(text: Any) -> str:
    """The attribute that names the language of a text, where that is not the page's."""
    return _lang(languages.tag_of(text))


def _lang(tag: str) -> str:
    return format_html(' lang="{}"', tag) if tag else ""


@register.simple_tag
def quote(text: Any) -> str:
    """A text between quotation marks; those of its own language, where it is in one."""
    tag = languages.tag_of(text)
    if tag:
        return format_html('<q lang="{}">{}</q>', tag, text)
    return format_html("<q>{}</q>", languages.marked(text))


@register.filter
def in_its_language(text: Any) -> str:
    """A text of the record, with what is not in the page's language marked."""
    return languages.marked(text)


@register.filter
def local(record: Any, name: str) -> str:
    """The text of a column in the page's language; where there is none, visibly in English."""
    return languages.marked(languages.local(record, name))


@register.filter
def column(record: Any, name: str) -> str:
    """The column that ``local`` shows: for the marks of its sources."""
    return languages.column(record, name)


@register.filter
def other_column(record: Any, name: str) -> str:
    """The column that holds the same in the other language, if any."""
    return languages.other_column(record, name)


@register.filter
def in_column(record: Any, name: str) -> Any:
    return getattr(record, name)


@register.filter
def description(record: Any, title: str) -> str:
    """For search engines, so without marks."""
    return languages.local(record, "summary") if getattr(record, "summary", "") else title


register.filter("language_name", languages.language_name)
