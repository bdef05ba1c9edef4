"""Bodies of the log in words, and what differs between two of them.

A version of a record is an entry of the log. It is read from there and from nowhere else, so it
says what this site said, whatever the row says today.
"""

import json
import re
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.dateparse import parse_datetime
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from rest_framework import serializers

from tradeinit.days import Precision
from tradeinit.languages import current, marked, path_in
from tradeinit.publication import log, registry
from tradeinit.publication.models import Address, Publication, Publishable
from tradeinit.templatetags.records import period
from tradeinit.told import code_in_words, fact_name, name_of

# Texts longer than so many words are compared word by word.
WORD_BY_WORD = 8
UID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# What a comparison of texts moves about: a word, a Chinese character, what stands between.
PIECE = re.compile(r"[\u3400-\u9fff]|[^\W\u3400-\u9fff]+|\s+|[^\w\s]")


@dataclass(frozen=True)
class Version:
    """What one entry of the log told, with the names of the records that its body bears."""

    entry: Publication
    told: dict[str, Any]
    model: type[Publishable]

    @classmethod
    def of(cls, entry: Publication) -> "Version":
        told = json.loads(entry.body) if entry.body else {}
        return cls(entry, told, registry.model_of(entry.resource))

    @property
    def name(self) -> str:
        return name_of(self.told, self.model)

    def keys(self) -> set[str]:
        """The slugs and uids of other records that the body bears."""
        found: set[str] = set()
        for name in self.told.keys() & _referring(self.model):
            value = self.told[name]
            found |= set(value) if isinstance(value, list) else {value} if value else set()
        return found | {source["document"] for source in self.told.get("sources", ())}


class Reference(NamedTuple):
    name: str
    address: str


def references(keys: Collection[str]) -> dict[str, Reference]:
    """What is told today of the records under these slugs and uids; of one taken back, nothing."""
    uids = {UUID(key): key for key in keys if _is_uid(key)}
    slugs = Address.objects.filter(slug__in=[key for key in keys if not _is_uid(key)])
    uids |= dict(slugs.values_list("uid", "slug"))
    resources = dict(
        Publication.objects.filter(uid__in=uids, number=1).sealed().values_list("uid", "resource")
    )
    return {
        uids[uid]: Reference(
            name_of(told, registry.model_of(resources[uid])),
            path_in(current(), told["html_url"]),
        )
        for uid, told in log.bodies(list(uids)).items()
    }


def _is_uid(key: str) -> bool:
    return UID.fullmatch(key) is not None


@dataclass(frozen=True)
class Fact:
    """One column of a body, in words: a line for each thing it says."""

    name: str
    label: str
    lines: list[SafeString]


@dataclass(frozen=True)
class Difference:
    """A column in which two versions differ: what went and what came."""

    label: str
    before: list[SafeString]
    after: list[SafeString]


@dataclass
class Reading:
    """Puts bodies into words; which records they name is asked once for all of them."""

    versions: list[Version]
    _names: dict[str, Reference] = field(default_factory=dict)

    def __post_init__(self) -> None:
        keys: set[str] = set().union(*(version.keys() for version in self.versions))
        self._names = references(keys)

    def facts(self, version: Version) -> list[Fact]:
        return [
            Fact(name, self._label(version.model, name), lines)
            for name in _columns(version.model)
            if (lines := self._lines(version, name))
        ]

    def differences(self, before: Version, after: Version) -> list[Difference]:
        """Column by column; one that only a later release writes tells no change of the record."""
        return [
            self._difference(before, after, name)
            for name in _columns(after.model)
            if name in before.told and name in after.told
            if before.told[name] != after.told[name]
        ]

    def _difference(self, before: Version, after: Version, name: str) -> Difference:
        label = self._label(after.model, name)
        old, new = before.told[name], after.told[name]
        if isinstance(old, str) and isinstance(new, str) and _is_long(old) and _is_long(new):
            return Difference(label, *_word_by_word(old, new))
        gone, come = self._lines(before, name), self._lines(after, name)
        if isinstance(old, list):
            gone, come = (
                [line for line in gone if line not in come],
                [line for line in come if line not in gone],
            )
        return Difference(label, gone, come)

    def _label(self, model: type[Publishable], name: str) -> str:
        return str(capfirst(fact_name(model, name)))

    def _lines(self, version: Version, name: str) -> list[SafeString]:
        value = version.told.get(name)
        if value in (None, "", []):
            return []
        values = value if isinstance(value, list) else [value]
        return [self._line(version, name, one) for one in values]

    def _line(self, version: Version, name: str, value: Any) -> SafeString:
        if name == "sources":
            return self._source(version.model, value)
        if name in _referring(version.model):
            return self._reference(value)
        if isinstance(value, bool):
            return format_html("{}", _("yes") if value else _("no"))
        return _plain(version, name, value)

    def _reference(self, key: str) -> SafeString:
        found = self._names.get(key)
        if found is None:
            return format_html('<span class="unknown">{}</span>', _("withdrawn record"))
        return format_html('<a href="{}">{}</a>', found.address, marked(found.name or key))

    def _source(self, model: type[Publishable], source: dict[str, str]) -> SafeString:
        document = self._reference(source["document"])
        about = fact_name(model, source["field"]) if source["field"] else ""
        rest = [part for part in (source["locator"], about) if part]
        line = format_html("{}", document)
        if rest:
            line = format_html("{} ({})", line, marked(", ".join(rest)))
        return (
            format_html("{}: <q>{}</q>", line, marked(source["value"])) if source["value"] else line
        )


def _plain(version: Version, name: str, value: Any) -> SafeString:
    field = _fields(version.model)[name]
    if isinstance(field, serializers.ChoiceField):
        return format_html("{}", code_in_words(value, name, version.model))
    if isinstance(field, serializers.DateTimeField):
        return format_html("{} UTC", f"{parse_datetime(value):%Y-%m-%d %H:%M}")
    if isinstance(field, serializers.DateField):
        day = date.fromisoformat(value)
        return SafeString(period(day, day, version.told.get("precision") or Precision.DAY))
    return SafeString(marked(value))


@cache
def _fields(model: type[Publishable]) -> dict[str, Any]:
    return dict(registry.serializer_of(model)().fields)


@cache
def _columns(model: type[Publishable]) -> list[str]:
    return [*registry.serializer_of(model).facts(), "sources"]


@cache
def _referring(model: type[Publishable]) -> set[str]:
    """The columns that hold keys of other records."""
    serializer = registry.serializer_of(model)
    return {*serializer.expandable(), *serializer.refers}


def _is_long(text: str) -> bool:
    return len(PIECE.findall(text)) > 2 * WORD_BY_WORD


def _word_by_word(old: str, new: str) -> tuple[list[SafeString], list[SafeString]]:
    """Two texts, each with what the other lacks marked as deleted or inserted."""
    before, after = PIECE.findall(old), PIECE.findall(new)
    gone: list[tuple[str, str]] = []
    come: list[tuple[str, str]] = []
    for what, a, b, c, d in SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes():
        gone.append(("" if what == "equal" else "del", "".join(before[a:b])))
        come.append(("" if what == "equal" else "ins", "".join(after[c:d])))
    return [_pieces(gone)], [_pieces(come)]


def _pieces(parts: list[tuple[str, str]]) -> SafeString:
    return format_html_join(
        "",
        "{}",
        (
            (format_html("<{0}>{1}</{0}>", SafeString(tag), marked(text)) if tag else marked(text),)
            for tag, text in parts
            if text
        ),
    )
