"""How a record is written as a body, and how bodies become answers.

A body is written once, by the gate, and kept in the log. An answer is a body read back, with
what is computed today joined to it. So a list costs no serializing, and says what was published.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, partial
from operator import attrgetter
from typing import Any, ClassVar, NamedTuple
from uuid import UUID

import orjson
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from tradeinit import prepared
from tradeinit.clocks import TODAY, Clocks
from tradeinit.languages import TWIN
from tradeinit.publication import log, registry
from tradeinit.publication.models import Addressed, Publishable

COMMON_FIELDS = ("uid", "slug", "url", "html_url")
LOG_FIELDS = ("disclosed_on", "created", "updated")


class SortedKeys(serializers.ManyRelatedField):
    def to_representation(self, iterable: Any) -> list[str]:
        return sorted(super().to_representation(iterable))


@extend_schema_field(OpenApiTypes.STR)
class KeyField(serializers.RelatedField):
    """Another record, by its slug, or by its uid where it has no slug."""

    def to_representation(self, value: Any) -> str:
        return value.key

    @classmethod
    def many_init(cls, *args: Any, **kwargs: Any) -> SortedKeys:
        return SortedKeys(child_relation=cls(read_only=True), read_only=True)


class RowSerializer(serializers.ModelSerializer):
    """Writes what DRF would, in half the time: of thousands of rows, when a world is loaded."""

    @cached_property
    def _ways(self) -> list[tuple[str, Callable[[Any], Any], Callable[[Any], Any]]]:
        """For each column its name, how its value is read from a row, and how it is written."""
        return [
            (str(field.field_name), self._reader(field), field.to_representation)
            for field in self._readable_fields
        ]

    def _reader(self, field: Any) -> Callable[[Any], Any]:
        """DRF asks of every value whether it is to be called; a column's own never is."""
        own = {column.name for column in self.Meta.model._meta.concrete_fields}  # type: ignore[attr-defined]
        plain = type(field).get_attribute is serializers.Field.get_attribute
        return attrgetter(field.source) if plain and field.source in own else field.get_attribute

    def to_representation(self, row: Any) -> dict[str, Any]:
        found = ((name, read(row), write) for name, read, write in self._ways)
        return {name: None if value is None else write(value) for name, value, write in found}


class RecordSerializer(RowSerializer):
    """The columns of a record. ``fields`` in Meta lists its own; the common ones surround them."""

    # Answer fields that are worked out for today, and so never part of a body.
    computed: ClassVar[tuple[str, ...]] = ()
    # Columns that name a record in a way the model does not show.
    expands: ClassVar[dict[str, type[Publishable]]] = {}
    # Those that name a record of one kind or another.
    refers: ClassVar[tuple[str, ...]] = ()
    # In a detail answer: key of the embedded list -> name of the relation that holds the children.
    children: ClassVar[dict[str, str]] = {}
    # Columns by which the record is called, and those whose text is for machines.
    called: ClassVar[tuple[str, ...]] = (
        "name",
        "native_name",
        "title",
        "short_title",
        "label",
        "abbreviation",
    )
    for_machines: ClassVar[tuple[str, ...]] = ("sha256", "timezone", "language", "sort_name")
    # What sources are cited for beside its own fields: what other records say of it.
    cited_besides: ClassVar[tuple[str, ...]] = ()

    uid = serializers.UUIDField(read_only=True, help_text="Permanent identifier.")
    slug = serializers.SerializerMethodField(
        help_text="The last part of the page's address; null where the record has no page."
    )
    url = serializers.CharField(source="api_url", read_only=True, help_text="Address in this API.")
    html_url = serializers.SerializerMethodField(help_text="Address of the page for people.")
    disclosed_on = serializers.SerializerMethodField(
        help_text="The day the earliest source said so, else the day of publication here."
    )
    created = serializers.DateTimeField(read_only=True, help_text="First published here.")
    updated = serializers.DateTimeField(
        read_only=True, help_text="Last published or corrected here."
    )

    serializer_related_field = KeyField

    def get_slug(self, row: Any) -> str | None:
        return getattr(row, "slug", None)

    def get_html_url(self, row: Any) -> str:
        return row.get_absolute_url()

    def get_disclosed_on(self, row: Any) -> str:
        return row.disclosed_on.isoformat() if row.disclosed_on else row.created[:10]

    @classmethod
    def body(cls, row: Any, created: str, updated: str) -> dict[str, Any]:
        row.created, row.updated = created, updated
        return _plain(_writer(cls).to_representation(row))

    @classmethod
    def compute(cls, rows: Sequence[Any], clocks: Clocks) -> dict[Any, dict[str, Any]]:
        """The computed fields of each row, by primary key."""
        return {}

    @classmethod
    def field_names(cls) -> list[str]:
        return list(_columns(cls))

    @classmethod
    def facts(cls) -> list[str]:
        """What a citation can be about: the record's own fields."""
        others = {*COMMON_FIELDS, "created", "updated", "sources", *cls.computed, *cls.children}
        own = [name for name in cls.field_names() if name not in others]
        return [*own, *cls.cited_besides]

    @classmethod
    @cache
    def text_columns(cls) -> tuple[list[str], list[str]]:
        """The columns that hold text for people: its names, and the others."""
        text = [
            name
            for name, field in cls().fields.items()
            if name in cls.facts() and name not in cls.for_machines and _is_text(field)
        ]
        twins = {name + TWIN for name in cls.called}
        names = [name for name in text if name in cls.called or name in twins]
        return names, [name for name in text if name not in names]

    @classmethod
    def words_of(cls, body: dict[str, Any]) -> tuple[list[str], list[str]]:
        """What a body says in words: what its record is called, and all else."""
        names, others = ([body.get(name) for name in some] for some in cls.text_columns())
        return list(_texts(names)), list(_texts(others))

    @classmethod
    def expandable(cls) -> dict[str, type[Publishable]]:
        """The columns that name other records, each with the model of those."""
        found = dict(cls.expands)
        for name, field in _columns(cls).items():
            if name not in found and isinstance(field, KeyField | SortedKeys):
                found[name] = registry.target(cls.Meta.model, "__".join(field.source_attrs))
        return found

    @classmethod
    def leading_to_answers(cls, rows: Any, *walked_by: str) -> Any:
        """The keys alone, with what a cursor walks by: the answer is in the log."""
        return rows.values_list("pk", *walked_by, named=True)

    @classmethod
    def answers(
        cls,
        rows: Sequence[Any],
        clocks: Clocks = TODAY,
        expand: Collection[str] = (),
        names: Collection[str] | None = None,
    ) -> list[dict[str, Any]]:
        """What the public is told of these rows, in their order.

        ``expand`` names columns whose records are embedded in place of their keys; ``names``,
        where given, the lists of children that are wanted.
        """
        found = Branch.of(cls, _told(cls.Meta.model, rows), clocks, names).answers(clocks)
        answers = [found[row.pk] for row in rows if row.pk in found]
        for name, model in cls.expandable().items() if expand else ():
            if name in expand:
                embed(answers, name, model, clocks)
        return answers


class Told(NamedTuple):
    """What the public is told of a row, None where it is not out; ``parent``: what it is below."""

    pk: Any
    parent: Any
    body: dict[str, Any] | None

    @classmethod
    def read(cls, pk: Any, parent: Any, text: str | None) -> "Told":
        return cls(pk, parent, orjson.loads(text) if text else None)


def _told(model: type[Publishable], rows: Sequence[Any]) -> list[Told]:
    if rows and hasattr(rows[0], "told"):
        return [Told.read(row.pk, None, row.told) for row in rows]
    bodies = log.bodies_by_key(model, [row.pk for row in rows])
    return [Told(row.pk, None, bodies.get(row.pk)) for row in rows]


@dataclass
class Branch:
    """Rows that are to be answered, and the rows below them that are embedded."""

    serializer: type[RecordSerializer]
    rows: Sequence[Told]
    # By the key of the embedded list.
    below: dict[str, "Branch"]

    @classmethod
    def of(
        cls,
        serializer: type[RecordSerializer],
        rows: Sequence[Told],
        clocks: Clocks,
        wanted: Collection[str] | None = None,
    ) -> "Branch":
        """``wanted``, where given, names the lists of children that are embedded."""
        keys = [key for key in serializer.children if rows and (wanted is None or key in wanted)]
        model: Any = serializer.Meta.model
        backs = [model._meta.get_field(serializer.children[key]).field for key in keys]
        found = _children(backs, [row.pk for row in rows], clocks)
        below = {
            key: cls.of(type(_columns(serializer)[key].child), children, clocks)
            for key, children in zip(keys, found, strict=True)
        }
        return cls(serializer, rows, below)

    def answers(self, clocks: Clocks) -> dict[Any, dict[str, Any]]:
        """The answer for each row, by primary key; a row that is not out has none."""
        computed = self.serializer.compute(self.rows, clocks)
        names = _names(self.serializer)
        found: dict[Any, dict[str, Any]] = {}
        for row in self.rows:
            if row.body is not None:
                told = row.body | computed[row.pk] if row.pk in computed else row.body
                found[row.pk] = in_order(told, names)
        for key, branch in self.below.items():
            for answer in found.values():
                answer[key] = []
            told = branch.answers(clocks)
            for child in branch.rows:
                if child.pk in told and child.parent in found:
                    found[child.parent][key].append(told[child.pk])
        return found


def _children(backs: list[Any], parents: list[Any], clocks: Clocks) -> list[list[Told]]:
    """For each of these relations the public rows that lead back to the parents, asked at once.

    Of a parent that is not public the log has no body: it has no answer, nor have its children.
    """
    of_each = [partial(_leading, back, clocks) for back in backs]
    found: list[Any]
    if clocks:
        found = [of(parents) for of in of_each]
    else:
        asked = zip(backs, of_each, strict=True)
        found = prepared.together(
            [prepared.ask(("children", back), of, {"parents": parents}) for back, of in asked]
        )
    return [[Told.read(*row) for row in rows] for rows in found]


def _leading(back: Any, clocks: Clocks, parents: Sequence[Any]) -> Any:
    among_siblings = [one for one in back.model._meta.ordering if one != back.name]
    public = clocks.over(back.model.objects.public_below(back.name))
    below = public.filter(**{f"{back.name}__pk__in": parents}).order_by(*among_siblings)
    return log.with_texts(below).values_list("pk", back.attname, "told")


def in_order(told: dict[str, Any], names: list[str]) -> dict[str, Any]:
    """These of its columns; those that a body of an older release lacks are left out."""
    if list(told) == names:
        return told
    return {name: told[name] for name in names if name in told}


def _is_text(field: Any) -> bool:
    """Free text; codes, keys and addresses have fields of their own."""
    if isinstance(field, serializers.ListField):
        return _is_text(field.child)
    return isinstance(field, serializers.CharField) and not isinstance(
        field, serializers.URLField | serializers.SlugField
    )


def _texts(values: Iterable[Any]) -> Iterator[str]:
    for value in values:
        yield from value if isinstance(value, list) else [value] if value else []


def embed(
    answers: list[dict[str, Any]], name: str, model: type[Publishable], clocks: Clocks
) -> None:
    """Put the record itself in place of its key; one that was withdrawn keeps its key."""
    keys: set[str] = set()
    for answer in answers:
        named = answer.get(name) or []
        keys |= set(named) if isinstance(named, list) else {named}
    if not keys:
        return
    rows = _rows_of(model, keys)
    told = Branch.of(registry.serializer_of(model), _told(model, rows), clocks).answers(clocks)
    records = {row.key: told[row.pk] for row in rows if row.pk in told}
    for answer in answers:
        named = answer.get(name)
        if isinstance(named, list):
            answer[name] = [records.get(key, key) for key in named]
        elif named is not None:
            answer[name] = records.get(named, named)


def _rows_of(model: type[Publishable], keys: set[str]) -> list[Any]:
    word = "slug" if issubclass(model, Addressed) else "uid"

    def of(keys: Sequence[Any]) -> Any:
        return model.objects.public().filter(**{f"{word}__in": keys}).order_by().only("uid", word)

    named: list[Any] = sorted(keys) if word == "slug" else [UUID(key) for key in keys]
    return prepared.ask(("keys", model), of, {"keys": named}).rows()


@cache
def _columns(serializer: type[RecordSerializer]) -> Any:
    """The fields by name, of a serializer that is only asked which there are."""
    return serializer().fields


@cache
def _writer(serializer: type[RecordSerializer]) -> RecordSerializer:
    """One serializer for all bodies: building its fields costs more than using them."""
    writer = serializer()
    for name in (*serializer.computed, *serializer.children):
        writer.fields.pop(name)
    return writer


@cache
def _names(serializer: type[RecordSerializer]) -> list[str]:
    return [name for name in serializer.field_names() if name not in serializer.children]


def _plain(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: _plain(value) for key, value in data.items()}
    return [_plain(item) for item in data] if isinstance(data, list) else data
