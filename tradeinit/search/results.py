"""What was found, in order, and as readers are shown it.

Which records match is asked of the index; all that is shown of them is read from the log.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

from django.utils.text import capfirst

from tradeinit import prepared
from tradeinit.days import Precision
from tradeinit.languages import current, path_in
from tradeinit.publication import log, registry
from tradeinit.publication.models import Address, Addressed
from tradeinit.search.engines import Hit, Search, engine
from tradeinit.search.models import SearchEntry
from tradeinit.search.words import BETWEEN_TEXTS, Part, Phrase, excerpt, marked
from tradeinit.told import day_of, name_of

# Of what matches more often only so many are looked at, those that were written last.
CANDIDATES = 1_000


@dataclass(frozen=True)
class Found:
    entries: list[Hit]
    is_capped: bool
    # How many there are of each kind, whichever kinds are asked for.
    of_each_kind: Counter[str]
    all_are_capped: bool


def find(phrases: Sequence[Phrase], resources: Collection[str], roots: Collection[str]) -> Found:
    """The records that match, the likeliest to be meant first."""
    entries, is_capped = _candidates(phrases, resources, roots)
    all_kinds, all_capped = _candidates(phrases, (), roots) if resources else (entries, is_capped)
    return Found(entries, is_capped, Counter(one.resource for one in all_kinds), all_capped)


def _candidates(
    phrases: Sequence[Phrase], resources: Collection[str], roots: Collection[str]
) -> tuple[list[Hit], bool]:
    def found(in_name: bool) -> list[Hit]:
        return engine().find(Search(tuple(phrases), in_name, resources, roots), CANDIDATES + 1)

    anywhere = found(in_name=False)
    is_capped = len(anywhere) > CANDIDATES
    # Only of the latest of very many it is not known whether all names are among them.
    by_name = (
        found(in_name=True) if is_capped else [hit for hit in anywhere if _names(hit, phrases)]
    )
    named = {hit.pk for hit in by_name}
    asked = " ".join(form for phrase in phrases for form in phrase.forms)
    rest = [hit for hit in anywhere if hit.pk not in named]
    in_order = [
        *sorted(_latest_first(by_name), key=lambda hit: not _bears(hit, asked)),
        *sorted(_latest_first(rest), key=lambda hit: not hit.name),
    ]
    return in_order[:CANDIDATES], is_capped


def _names(hit: Hit, phrases: Sequence[Phrase]) -> bool:
    """Whether each phrase stands in the name; of an open one the last word may go on."""
    name = f" {hit.name} "
    return all(
        f" {' '.join(phrase.forms)}{'' if phrase.is_open else ' '}" in name for phrase in phrases
    )


def _bears(hit: Hit, asked: str) -> bool:
    """Whether the words are a name of the record, and not only part of one."""
    return asked in hit.name.split(f" {BETWEEN_TEXTS} ")


def _latest_first(hits: list[Hit]) -> list[Hit]:
    """What lasts comes before what happened."""
    return sorted(hits, key=lambda hit: (not hit.day, hit.day, hit.pk), reverse=True)


class Place(NamedTuple):
    """A page that a record stands on, or the case it belongs to."""

    name: str
    address: str


@dataclass(frozen=True)
class Result:
    told: dict[str, Any]
    resource: str
    name: list[Part]
    excerpt: list[Part]
    # The slug of the page that it stands on, or of its case; empty where that is its own.
    above: str
    under: Place | None = None

    @property
    def kind(self) -> str:
        return str(capfirst(registry.model_of(self.resource)._meta.verbose_name))

    @property
    def day(self) -> date | None:
        return day_of(self.told)

    @property
    def precision(self) -> str:
        return self.told.get("precision") or Precision.DAY

    @property
    def address(self) -> str:
        """Of its page in the page's language."""
        return path_in(current(), self.told["html_url"])

    @property
    def answer(self) -> dict[str, Any]:
        return {
            "resource": self.resource,
            **{key: self.told[key] for key in ("uid", "slug", "url", "html_url")},
            "name": "".join(part.text for part in self.name),
            "excerpt": "".join(part.text for part in self.excerpt),
            "found": _places(self.excerpt),
            "day": self.day and self.day.isoformat(),
            "precision": self.precision if self.day else None,
        }


def _places(parts: list[Part]) -> list[list[int]]:
    """Where in the excerpt what was looked for stands: from which character, to which."""
    places, end = [], 0
    for part in parts:
        start, end = end, end + len(part.text)
        if part.found:
            places.append([start, end])
    return places


def results(entries: Sequence[Hit], phrases: list[Phrase]) -> list[Result]:
    """What the public is told of these records now; one withdrawn meanwhile is left out."""
    bodies = log.bodies_by_key(SearchEntry, [entry.pk for entry in entries])
    return [_result(entry, bodies[entry.pk], phrases) for entry in entries if entry.pk in bodies]


def placed(results: list[Result]) -> list[Result]:
    """The same for a page, which says under what each stands."""
    places = _places_of({one.above for one in results if one.above})
    return [replace(one, under=places.get(one.above)) for one in results]


def _above(entry: Hit, told: dict[str, Any]) -> str:
    """The slug of the page that a record stands on, else that of its case."""
    page, _hash, anchor = told["html_url"].partition("#")
    return page.strip("/").split("/")[-1] if anchor else entry.root


def _places_of(slugs: Collection[str]) -> dict[str, Place]:
    if not slugs:
        return {}
    held = {row.uid: row for row in _addresses(sorted(slugs))}
    bodies = log.bodies(list(held))
    return {
        held[uid].slug: Place(
            name_of(told, registry.model_of(held[uid].resource)),
            path_in(current(), told["html_url"]),
        )
        for uid, told in bodies.items()
    }


def _addresses(slugs: list[str]) -> list[Address]:
    def of(slugs: Sequence[Any]) -> Any:
        return Address.objects.filter(slug__in=slugs)

    return prepared.ask("addresses", of, {"slugs": slugs}).rows()


def _result(entry: Hit, told: dict[str, Any], phrases: list[Phrase]) -> Result:
    model = registry.model_of(entry.resource)
    names, texts = registry.serializer_of(model).words_of(told)
    # A record without a page is called by its kind; what it says stands below.
    has_page = issubclass(model, Addressed)
    name = name_of(told, model) if has_page else ""
    others = [text for text in [*names, *texts] if text != name]
    above = _above(entry, told)
    return Result(
        told=told,
        resource=entry.resource,
        name=marked(name, phrases),
        excerpt=excerpt(others, phrases),
        above=above if above != told["slug"] else "",
    )
