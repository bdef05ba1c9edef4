"""Every address of the site, as the URL resolver knows them, with its parameters filled.

Nothing is listed here by hand but what a parameter can be. An address with a parameter of another
name, or without a name of its own, fails the suite by its name.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

from django.conf import settings
from django.urls import get_resolver, reverse
from django.urls.resolvers import LocalePrefixPattern
from django.utils import translation

from tradeinit import middleware
from tradeinit.api import RESOURCES
from tradeinit.lists import Listing
from tradeinit.publication import registry
from tradeinit.publication.models import Publishable

FORMATS = list(
    dict.fromkeys(
        renderer.format for viewset in RESOURCES.values() for renderer in viewset.renderer_classes
    )
)


class Unfilled(Exception):
    """An address that these tests cannot ask for, and so do not cover."""


@dataclass(frozen=True)
class Route:
    name: str
    # As people write it: /rounds/<slug>/
    template: str
    view: Any
    parameters: tuple[str, ...]
    languages: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.template} ({self.name})"

    @property
    def is_public(self) -> bool:
        return not self.template.startswith(middleware.PRIVATE_PREFIX)

    @property
    def listing(self) -> type[Listing] | None:
        found = getattr(self.view, "cls", None) or getattr(self.view, "view_class", None)
        return found if isinstance(found, type) and issubclass(found, Listing) else None

    @property
    def resource(self) -> str | None:
        """The records it is about, by its listing or a word of its address; none where of any."""
        if self.listing:
            return self.listing.resource()
        if "resource" in self.parameters:
            return None
        return next((word for word in self.template.split("/") if word in RESOURCES), None)

    @property
    def names_a_record(self) -> bool:
        return not {"slug", "uid"}.isdisjoint(self.parameters)

    @property
    def is_list(self) -> bool:
        return bool(self.listing) and not self.names_a_record

    @property
    def is_page(self) -> bool:
        """For people: in each of their languages, and no file."""
        return len(self.languages) > 1 and "format" not in self.parameters

    def addresses(self, row: Publishable | None = None) -> list[str]:
        """In each of its languages, with each value that its parameters take for the row."""
        if not self.name:
            raise Unfilled(f"{self.template} has no name, so that no test can ask for it.")
        unknown = [name for name in self.parameters if name not in PARAMETERS]
        if unknown:
            raise Unfilled(
                f"{self} has the parameter “{unknown[0]}”, which tests/secrecy/routes.py cannot "
                "fill: add to PARAMETERS what it can be."
            )
        filled = product(*(PARAMETERS[name](self, row) for name in self.parameters))
        found = []
        for values in filled:
            for language in self.languages:
                with translation.override(language):
                    arguments = dict(zip(self.parameters, values, strict=True))
                    found.append(reverse(self.name, kwargs=arguments))
        return list(dict.fromkeys(found))

    def is_of(self, row: Publishable) -> bool:
        return self.names_a_record and self.resource in (None, row.resource)


def _formats(route: Route, row: Any) -> list[str]:
    """Those that the view knows, else all there are."""
    view: Any = getattr(route.listing, "api", route.listing)
    return [one.format for one in view.renderer_classes] if view else FORMATS


# What can stand in an address, of each parameter; of a record, where the address names one.
PARAMETERS: dict[str, Callable[[Route, Any], list[Any]]] = {
    "slug": lambda route, row: list(dict.fromkeys([row.key, str(row.uid)])),
    "uid": lambda route, row: [row.uid],
    "format": _formats,
    "resource": lambda route, row: (
        [row.resource] if row else [model.resource for model in registry.models()]
    ),
    "page": lambda route, row: [1],
    "number": lambda route, row: [1],
    "version": lambda route, row: [1],
    "name": lambda route, row: ["tradeinit-20230301T120000Z.zip"],
}


def routes() -> list[Route]:
    return list(_walk(get_resolver(), "", "", (), (settings.LANGUAGE_CODE,)))


def public_routes() -> list[Route]:
    """Pages first. The order in which addresses are tried is no matter of what is asked of them."""
    found = [route for route in routes() if route.is_public]
    return sorted(found, key=lambda route: route.template.startswith("/api/"))


def _walk(
    resolver: Any,
    namespace: str,
    template: str,
    parameters: tuple[str, ...],
    languages: tuple[str, ...],
) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        own = entry.pattern
        if isinstance(own, LocalePrefixPattern):
            yield from _walk(
                entry,
                namespace,
                template,
                parameters,
                tuple(code for code, _ in settings.LANGUAGES),
            )
            continue
        reached = (template or "/") + _in_words(own)
        named = (*parameters, *_names(own))
        if hasattr(entry, "url_patterns"):
            below = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry, below, reached, named, languages)
        else:
            name = f"{namespace}{entry.name}" if entry.name else ""
            yield Route(name, reached, entry.callback, named, languages)


def _names(pattern: Any) -> tuple[str, ...]:
    if hasattr(pattern, "_route"):
        return tuple(pattern.converters)
    return tuple(pattern.regex.groupindex)


def _in_words(pattern: Any) -> str:
    if hasattr(pattern, "_route"):
        text = pattern._route
        for name in pattern.converters:
            start = text.rindex("<", 0, text.index(f"{name}>"))
            text = text[:start] + f"<{name}>" + text[text.index(">", start) + 1 :]
        return text
    # What the router writes: ^rounds/(?P<slug>[-a-zA-Z0-9_]+)/$
    text = pattern._regex
    for name in pattern.regex.groupindex:
        start = text.index(f"(?P<{name}>")
        depth, end = 1, start + 1
        while depth:
            depth += {"(": 1, ")": -1}.get(text[end], 0)
            end += 1
        text = f"{text[:start]}<{name}>{text[end:]}"
    return text.removeprefix("^").removesuffix("$").removesuffix(r"\Z").replace("\\", "")
