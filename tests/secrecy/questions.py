"""What can be asked of an address: the words of the OpenAPI document, and those of a page's forms.

A word whose kind of value is unknown here fails the suite by its name.
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.test import Client

from tests.secrecy.routes import Route
from tests.secrecy.world import CANARY, NOW, SECRET, TOLD, World
from tradeinit.api import RESOURCES

# Words that lists answer whatever they are about; of a page's forms those that are no question.
NO_QUESTIONS = {"format"}
# How the document describes the slug of a record.
SLUG = "^[-a-zA-Z0-9_]+$"


def has_values(word: str, schema: dict[str, Any]) -> bool:
    """Whether ``values`` below knows what to ask with."""
    item = schema.get("items", schema)
    kinds = ("string", "integer", "boolean")
    return word == "cursor" or "enum" in item or item.get("type") in kinds


class Unasked(Exception):
    """A word of a question that these tests cannot put, and so do not cover."""


@cache
def document() -> dict[str, Any]:
    return json.loads(Client().get("/api/v1/schema/?format=json").content)


def operations() -> dict[str, list[dict[str, Any]]]:
    """The words of each path that the document describes."""
    return {
        path: [
            word | {"schema": _resolved(word["schema"])}
            for word in described["get"].get("parameters", [])
            if word["in"] == "query"
        ]
        for path, described in document()["paths"].items()
    }


def _resolved(schema: dict[str, Any]) -> dict[str, Any]:
    """With what it refers to in place of the reference."""
    if "$ref" in schema:
        found: Any = document()
        for part in schema["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        return found
    return schema | {"items": _resolved(schema["items"])} if "items" in schema else schema


def words_of(route: Route) -> dict[str, dict[str, Any]]:
    """Each word that the list answers, with what the document says of its values."""
    path = f"/api/v1/{route.resource}/"
    described = {word["name"]: word["schema"] for word in operations().get(path, [])}
    return {name: schema for name, schema in described.items() if name not in NO_QUESTIONS}


def words_of_forms(html: str) -> list[str]:
    """The names in the forms of a page that ask by GET."""
    found: list[str] = []
    for form in re.findall(r"<form\b.*?</form>", html, re.DOTALL):
        if not re.search(r'<form[^>]*method="post"', form, re.IGNORECASE):
            found += re.findall(r'<(?:input|select|textarea)[^>]*\bname="([^"]+)"', form)
    return list(dict.fromkeys(found))


def values(resource: str | None, word: str, schema: dict[str, Any], world: World) -> list[str]:
    """What a reader who guesses at hidden rows would ask for, and what public ones answer to."""
    if word == "cursor":
        return [""]
    item = schema.get("items", schema)
    if word in ("fields", "expand"):
        return [",".join(item["enum"]), *item["enum"]]
    if "enum" in item:
        return [str(code) for code in item["enum"]]
    kind, form = item.get("type"), item.get("format")
    if form == "date":
        return ["2023-02-20", "2022-06-01", NOW.date().isoformat()]
    if form == "date-time":
        return ["2023-01-01T00:00:00Z", NOW.isoformat().replace("+00:00", "Z")]
    if item.get("pattern") == SLUG:
        return _keys(resource, word, world)
    if kind == "integer":
        return ["1", "2"]
    if kind == "boolean":
        return ["true", "false"]
    if kind == "string":
        return [SECRET, CANARY, TOLD, "alpha", "Taipei", "canary-rounds-draft"]
    raise Unasked(f"{resource}: tests/secrecy/questions.py knows no value for the word “{word}”.")


def _keys(resource: str | None, word: str, world: World) -> list[str]:
    """Records named: hidden ones of the kind that the word takes, and alpha's own."""
    found = RESOURCES[resource].filterset_class.base_filters.get(word) if resource else None
    model = found.records.model if hasattr(found, "records") else None
    of_kind = [cell for cell in world.hidden if model is None or cell.model is model]
    hidden = [cell.slug for cell in of_kind if not cell.parent]
    shown = [world.alpha(model).key] if model else ["alpha-initiative"]
    return [*hidden, *shown]


def of_list(route: Route, world: World) -> Iterator[tuple[str, list[str]]]:
    """For each word of the list its questions, as query strings."""
    for word, schema in words_of(route).items():
        found = values(route.resource, word, schema, world)
        yield word, [urlencode({word: value}) for value in found]
