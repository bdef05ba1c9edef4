"""Two languages at two addresses: which one a page is in, and which words of a record it shows.

The address alone decides, so that every answer is the same for everybody who asks for it. A text
of the record has its Chinese twin in ``<column>_zh_hant``; where that is empty the English stands
in, marked as English wherever a page shows it.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import get_script_prefix, is_valid_path, reverse
from django.utils import translation
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language_info, gettext_noop, pgettext
from django.utils.translation import gettext as _

ENGLISH, CHINESE = "en", "zh-hant"
# As HTML names them.
TAGS = {ENGLISH: "en", CHINESE: "zh-Hant"}
TWIN = "_zh_hant"

HAN = re.compile(r"[\u3400-\u9fff]")
# From the first letter of a script to its last before the other begins.
HAN_RUN = re.compile(r"[\u3400-\u9fff](?:[\u3000-\u9fff\uff00-\uffef·\s]*[\u3400-\u9fff])?")
LATIN_RUN = re.compile(r"[A-Za-zÀ-ɏ](?:[^\u3000-\u9fff\uff00-\uffef]*[A-Za-zÀ-ɏ.])?")
# Chinese text writes an abbreviation in Latin letters: AIT, USTR.
WORD = re.compile(r"[a-zà-ɏ]")

# Words of the API that pages show though no field of a model bears them as its name.
API_WORDS = (
    gettext_noop("at"),
    gettext_noop("start"),
    gettext_noop("end"),
    gettext_noop("country"),
    gettext_noop("cities"),
    gettext_noop("dates in words"),
)


# Of a request


def by_address(get_response: Callable[[HttpRequest], HttpResponse]) -> Any:
    """The language of the address is that of the answer; no header and no cookie has a say."""

    def middleware(request: HttpRequest) -> HttpResponse:
        with translation.override(of_path(request.path_info)):
            return get_response(request)

    return middleware


def of_path(path: str) -> str:
    first = path.split("/", 2)[1] if path.startswith("/") else ""
    return first if first in TAGS and first != settings.LANGUAGE_CODE else settings.LANGUAGE_CODE


def path_in(language: str, path: str) -> str:
    """The same page in that language."""
    plain = path.removeprefix(f"/{of_path(path)}") if of_path(path) != ENGLISH else path
    return plain if language == ENGLISH else f"/{language}{plain}"


def page_address(name: str, *args: str) -> str:
    """``reverse``, remembered: a page names hundreds of others."""
    return _page_address(name, args, translation.get_language(), get_script_prefix())


@lru_cache(maxsize=10_000)
def _page_address(name: str, args: tuple[str, ...], language: str, prefix: str) -> str:
    return reverse(name, args=args)


class Edition(NamedTuple):
    """A page in one language."""

    tag: str
    name: str
    path: str
    # The same with the question that was asked.
    address: str
    is_this: bool
    is_default: bool
    # An address that is in error here is in error there: what is offered is the front page.
    exists: bool


def editions(request: HttpRequest) -> list[Edition]:
    question = request.META.get("QUERY_STRING", "")
    return [_edition(request.path_info, question, language) for language in TAGS]


def _edition(path: str, question: str, language: str) -> Edition:
    there = path_in(language, path)
    with translation.override(language):
        exists = bool(is_valid_path(there))
    if not exists:
        there = path_in(language, "/")
    return Edition(
        tag=TAGS[language],
        name=get_language_info(language)["name_local"],
        path=there,
        address=f"{there}?{question}" if exists and question else there,
        is_this=language == current(),
        is_default=language == settings.LANGUAGE_CODE,
        exists=exists,
    )


# Of a text


def current() -> str:
    return CHINESE if translation.get_language() == CHINESE else ENGLISH


def column(record: Any, name: str) -> str:
    """The column in which a page of the current language finds this text."""
    twin = name + TWIN
    has_twin = bool(getattr(record, twin, ""))
    return twin if has_twin and current() == CHINESE else name


def other_column(record: Any, name: str) -> str:
    """The column that holds the same text in the other language; empty where there is none."""
    twin = name + TWIN
    if not getattr(record, twin, ""):
        return ""
    return name if current() == CHINESE else twin


def local(record: Any, name: str) -> Any:
    """The text in the current language, else as there is."""
    return getattr(record, column(record, name))


def tag_of(text: Any) -> str:
    """The language of a text that is wholly in another than the page, else empty."""
    said = str(text or "")
    if current() == ENGLISH:
        return TAGS[CHINESE] if HAN.search(said) and not WORD.search(said) else ""
    return TAGS[ENGLISH] if WORD.search(said) and not HAN.search(said) else ""


def marked(text: Any) -> str:
    """A text of the record with whatever is not in the page's language marked as what it is."""
    said = str(text if text is not None else "")
    if current() == ENGLISH:
        return _with_runs(said, HAN_RUN.finditer(said), TAGS[CHINESE])
    runs = (run for run in LATIN_RUN.finditer(said) if WORD.search(run[0]))
    return _with_runs(said, runs, TAGS[ENGLISH])


def _with_runs(text: str, runs: Iterator[re.Match[str]], tag: str) -> str:
    html, end = SafeString(), 0
    for run in runs:
        html += format_html('{}<span lang="{}">{}</span>', text[end : run.start()], tag, run[0])
        end = run.end()
    return html + escape(text[end:])


def listed(parts: Iterable[Any]) -> str:
    """``Negotiating round, Taipei``; empty parts leave no trace."""
    return pgettext("between the parts of a line", ", ").join(str(part) for part in parts if part)


def said_of(what: Any, value: Any) -> str:
    """``Digital trade: text tabled``."""
    return _("%(what)s: %(value)s") % {"what": what, "value": value}


def language_name(code: str) -> str:
    """``English`` for ``en``; a code that is unknown stands for itself."""
    try:
        return str(get_language_info(code.lower())["name_translated"])
    except KeyError:
        return code
