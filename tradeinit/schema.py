"""OpenAPI of a listing: its filters, fields and formats describe themselves."""

import inspect
import json
from collections.abc import Iterable
from copy import deepcopy
from pathlib import Path
from typing import Any

from django.db.models import TextChoices
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers

from tradeinit.filters import CLOCKS, ListFilter, several
from tradeinit.publication import registry

PROBLEM = "application/problem+json"
# A record of each kind as the API tells it, and a problem: true answers, which a test asks for.
EXAMPLES = Path(__file__).with_name("examples.json")


class WrongWordSerializer(serializers.Serializer):
    name = serializers.CharField(help_text=_("The word of the question."))
    detail = serializers.CharField(help_text=_("What is wrong with it."))


class ProblemSerializer(serializers.Serializer):
    """Problem details by RFC 9457."""

    type = serializers.CharField(help_text=_("Always about:blank: the status says it all."))
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(required=False, help_text=_("The reason of a withdrawal."))
    errors: Any = WrongWordSerializer(many=True, required=False)


PROBLEMS = {
    301: _("It was merged with another record, at the address in Location."),
    400: _("A word is unknown, or its value malformed."),
    404: _("No public record, or no such page."),
    410: _("The record has been withdrawn, for the reason given."),
    429: _("Too many questions from one address; Retry-After says how long to wait."),
}
# Of an answer that has not changed since the ETag, or the instant, that was sent along.
UNCHANGED = OpenApiResponse(description="Not changed since it was last asked for.")
VERSION = OpenApiParameter(
    "version",
    {"type": "integer", "minimum": 1, "maximum": 2_147_483_647},
    description="One of its versions, as it was told; without on, known and expand.",
)
# The formats that are text; the others are bytes.
TEXTS = ("text/", "application/x-ndjson", "application/atom+xml")


class ListingSchema(AutoSchema):
    @property
    def listing(self) -> Any:
        """The view, if it is that of a listing."""
        return self.view if hasattr(self.view, "filterset_class") else None

    def _insert_field_validators(self, field: Any, schema: Any) -> None:
        """Without what the database at hand could hold: the description is of the site."""
        super()._insert_field_validators(field, schema)
        if isinstance(field, serializers.IntegerField):
            for of_a_database in ("maximum", "format"):
                schema.pop(of_a_database, None)

    def get_tags(self) -> list[str]:
        return [self.listing.resource()] if self.listing else super().get_tags()

    def get_operation_id(self) -> str:
        if not self.listing:
            return super().get_operation_id()
        return f"{self.listing.resource().replace('-', '_')}_{self.listing.action}"

    def get_summary(self) -> str | None:
        if not self.listing:
            return super().get_summary()
        meta = self.listing.model()._meta
        is_list = self.listing.action == "list"
        return capfirst(meta.verbose_name_plural if is_list else meta.verbose_name)

    def get_description(self) -> str:  # type: ignore[override]
        if not self.listing:
            return super().get_description()
        return inspect.getdoc(self.listing.model()) or ""

    def get_override_parameters(self) -> list[Any]:
        if not self.listing:
            return []
        if self.listing.action == "retrieve":
            one = OpenApiParameter("slug", str, "path", description=_("Its slug or its uid."))
            columns = self.listing.detail_names()
            return [one, *clock_parameters(), *_parts(columns, self.listing.expandable()), VERSION]
        columns = self.listing.serializer_class.field_names()
        filters = self.listing.filterset_class.base_filters
        return [*_parameters(filters), *_parts(columns, self.listing.expandable())]

    def _is_list_view(self, serializer: Any = None) -> bool:
        # Else the first of its formats decides, by the alphabet. A file has no pages.
        if self.listing:
            return self.listing.action == "list" and not isinstance(serializer, OpenApiTypes)
        return super()._is_list_view(serializer)

    def get_response_serializers(self) -> Any:
        found = super().get_response_serializers()
        if not self.listing:
            return found
        if self.listing.action == "retrieve":
            return answers_of(found)
        return answers_of(found, self.listing.renderer_classes, of_one=False)


def answers_of(found: Any, renderers: Iterable[Any] = (), of_one: bool = True) -> Any:
    """What an address answers: its JSON, its files, and its problems."""
    answers: dict[Any, Any] = {(200, "application/json"): found}
    for renderer in renderers:
        if renderer.whole_file:
            flat = renderer.media_type.startswith(TEXTS)
            answers[200, renderer.media_type] = OpenApiTypes.STR if flat else OpenApiTypes.BINARY
    answers[304] = UNCHANGED
    for code, description in PROBLEMS.items():
        if of_one or code not in (301, 410):
            answers[code, PROBLEM] = OpenApiResponse(
                ProblemSerializer, description=str(description)
            )
    return answers


def clock_parameters() -> list[OpenApiParameter]:
    return _parameters({word: ListFilter.base_filters[word] for word in CLOCKS})


def _parameters(filters: dict[str, Any]) -> list[OpenApiParameter]:
    return [_parameter(word, found) for word, found in filters.items()]


def _parts(columns: list[str], expandable: list[str]) -> list[OpenApiParameter]:
    """Which parts of a record are answered, and what is embedded in it."""
    found = [_chosen("fields", columns, _("Only these columns, parted by commas."))]
    if expandable:
        hint = _("Other records in place of their keys, and lists of children; parted by commas.")
        found.append(_chosen("expand", expandable, hint))
    return found


def _chosen(word: str, names: list[str], hint: Any) -> OpenApiParameter:
    schema = several({"type": "string", "enum": names}) | {"minItems": 1}
    return OpenApiParameter(word, schema, description=hint, explode=False, style="form")


def _parameter(word: str, found: Any) -> OpenApiParameter:
    hint = found.extra.get("help_text")
    # A word is repeated for "or"; only orders and fields are parted by commas. The filter's own
    # schema is copied: `named_vocabularies` changes what it is given.
    return OpenApiParameter(
        word,
        deepcopy(found.schema),
        description=f"{found.label}. {hint}" if hint else f"{found.label}.",
        explode=False if found.parted_by_commas else None,
        style="form" if found.parted_by_commas else None,
    )


def named_vocabularies(result: dict[str, Any], **_context: Any) -> dict[str, Any]:
    """Each vocabulary has one name, that of its class: ``RoundKind``, ``Precision``.

    A name made up from where the codes are used would change when they are used elsewhere too.
    """
    used: dict[str, Any] = {}
    names = _vocabularies()
    for part in (result["paths"], result["components"]["schemas"]):
        _name_vocabularies(part, names, used)
    result["components"]["schemas"] |= dict(sorted(used.items()))
    return result


def _vocabularies() -> dict[tuple[Any, ...], str]:
    classes = [
        one for one in TextChoices.__subclasses__() if not one.__module__.startswith("django.")
    ]
    by_codes: dict[tuple[Any, ...], str] = {}
    for one in sorted(classes, key=lambda one: one.__qualname__, reverse=True):
        by_codes[tuple(sorted(one.values))] = one.__qualname__.replace(".", "")
    return by_codes


def _name_vocabularies(part: Any, names: dict[tuple[Any, ...], str], used: dict[str, Any]) -> None:
    if isinstance(part, dict):
        part.pop("x-spec-enum-id", None)
        codes = part.get("enum")
        name = names.get(tuple(sorted(codes))) if isinstance(codes, list) and all(codes) else None
        if name:
            used[name] = {"type": "string", "enum": part.pop("enum")}
            part.pop("type", None)
            part["$ref"] = f"#/components/schemas/{name}"
        for value in part.values():
            _name_vocabularies(value, names, used)
    elif isinstance(part, list):
        for value in part:
            _name_vocabularies(value, names, used)


def partial(result: dict[str, Any], **_context: Any) -> dict[str, Any]:
    """``fields=`` leaves columns out, and ``expand=`` puts records in place of their keys.

    OpenAPI cannot say that an answer depends on the question. So of a record no column is required,
    and a column that can be expanded is a key or the record itself.
    """
    schemas = result["components"]["schemas"]
    for name, serializer in _records().items():
        schema = schemas.get(name)
        if schema is None:
            continue
        schema.pop("required", None)
        for column, model in serializer.expandable().items():
            whole = {"$ref": f"#/components/schemas/{_component(registry.serializer_of(model))}"}
            if column in schema["properties"]:
                _take_either(schema["properties"][column], whole)
    schemas["Change"].pop("required", None)
    return result


def _take_either(column: dict[str, Any], whole: dict[str, Any]) -> None:
    if "items" in column:
        column["items"] = {"anyOf": [column["items"], whole]}
        return
    key = {"type": column.pop("type")}
    column["anyOf"] = [key, whole]


def _component(serializer: Any) -> str:
    return serializer.__name__.removesuffix("Serializer")


def _records() -> dict[str, Any]:
    """Those of records in lists, and of one record with its children."""
    listed = [registry.serializer_of(model) for model in registry.models()]
    found = [one for each in listed for one in (each, *each.__subclasses__())]
    return {_component(serializer): serializer for serializer in found}


def described(result: dict[str, Any], **_context: Any) -> dict[str, Any]:
    """A column that has no help text is described by its name."""
    for schema in result["components"]["schemas"].values():
        for name, column in schema.get("properties", {}).items():
            title = column.pop("title", None) or capfirst(name.replace("_", " "))
            column.setdefault("description", f"{title}.")
    return result


def exemplified(result: dict[str, Any], **_context: Any) -> dict[str, Any]:
    """Records with one of their kind, and refusals with a question that was refused."""
    examples = json.loads(EXAMPLES.read_text())
    refused = examples.pop("Problem")
    for name, example in examples.items():
        result["components"]["schemas"][name]["examples"] = [example]
    for path in result["paths"].values():
        responses = path["get"]["responses"]
        if "400" in responses:
            responses["400"]["content"][PROBLEM]["example"] = refused
    return result


def rooted(result: dict[str, Any], **_context: Any) -> dict[str, Any]:
    """What generators of clients and linters ask of the document as a whole.

    The site is the one that serves the document, nobody signs in, and a tag is what its list is of.
    """
    operations = [path["get"] for path in result["paths"].values()]
    tags = {operation["tags"][0]: operation["description"] for operation in operations}
    result["servers"] = [{"url": "/", "description": "This site."}]
    result["security"] = []
    result["tags"] = [{"name": name, "description": tags[name]} for name in sorted(tags)]
    return result
