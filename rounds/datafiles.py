"""Records as files that people write: what such a file may hold, and reading it.

A file holds the records of one resource and bears its name: ``rounds.json`` is a list of objects.
An object has a ``slug``, or a ``key`` where such records have no slug; fields of the model by their
names; other records by slug or key, several of them as a list. What belongs to the record is a list
of objects: ``venues``, and ``sources``, where ``field`` may list all the facts of one passage.
Files that the export wrote also hold the ``uid``, which is then kept; it is the key of a record
that has no slug.
"""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Model

from tradeinit.publication import registry
from tradeinit.publication.models import Addressed, Part, Publishable

# The word of the files and of the API for a relation of the model.
PART_NAMES = {"citations": "sources"}


class Mistake(Exception):
    """Something in a file cannot be recorded; the message says where, for whoever edits it."""


@dataclass(frozen=True)
class Entry:
    """One object of a file."""

    file: Path
    model: type[Publishable]
    key: str
    values: dict[str, Any]

    def mistake(self, place: str, problem: str) -> Mistake:
        return Mistake(f"{self.file}: {self.key}: {place}: {problem}")

    def check(
        self, row: Model, cleaned: Collection[str], place: str = "", whole: bool = True
    ) -> None:
        """Apply the rules of the model, for the record itself or for a part of it.

        Unless ``whole``, what the database refuses in any case is left to it, and the fields that
        are clean already are not cleaned again.
        """
        own = () if whole else row._meta.fields
        names = {field.name for field in own if field.is_relation or field.name in cleaned}
        try:
            row.full_clean(exclude=names, validate_unique=whole, validate_constraints=whole)
        except ValidationError as error:
            for name, problems in error.message_dict.items():
                field = "" if name == NON_FIELD_ERRORS else name
                where = f"{place} {field}".strip() or "as a whole"
                raise self.mistake(where, " ".join(problems)) from error


# Reading


def read(folder: Path) -> list[Entry]:
    """All objects of all files in the folder and below."""
    entries = [entry for file in sorted(folder.rglob("*.json")) for entry in _entries(file)]
    if not entries:
        raise Mistake(f"{folder}: there are no records in this folder.")
    seen: dict[tuple[type[Publishable], str], Entry] = {}
    for entry in entries:
        first = seen.setdefault((entry.model, entry.key), entry)
        if first is not entry:
            raise entry.mistake(key_name(entry.model), f"used already in {first.file}.")
    return entries


def _entries(file: Path) -> Iterator[Entry]:
    models = {model.resource: model for model in registry.models()}
    if file.stem not in models:
        raise Mistake(f"{file}: no records bear this name; there are {listed(models)}.")
    model = models[file.stem]
    try:
        objects = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise Mistake(f"{file}: this is not JSON: {error}.") from error
    if not isinstance(objects, list) or not all(isinstance(each, dict) for each in objects):
        raise Mistake(f"{file}: this should be a list of objects.")
    for number, values in enumerate(objects, start=1):
        key = values.get(key_name(model))
        if not isinstance(key, str) or not key:
            raise Mistake(f"{file}: object {number}: {key_name(model)}: it has none.")
        yield Entry(file, model, key, {name: values[name] for name in values if name != "key"})


# What a file may say of a model


def key_name(model: type[Publishable]) -> str:
    return "slug" if issubclass(model, Addressed) else "key"


@cache
def columns(model: type[Model]) -> dict[str, Any]:
    """Its own fields, and those that name one other record."""
    return {
        column.name: column
        for column in model._meta.concrete_fields
        if (column.editable or column.name == "withdrawn_at")
        and not (column.primary_key or column.name == "version")
        and _is_value_or_record(column)
    }


@cache
def relations(model: type[Model]) -> dict[str, Any]:
    """Its fields that name several other records."""
    return {relation.name: relation for relation in model._meta.many_to_many}


@cache
def parts(model: type[Model]) -> dict[str, type[Part]]:
    """The rows that belong to its records: citations, venues."""
    found = [(relation.name, relation.related_model) for relation in model._meta.private_fields] + [
        (relation.get_accessor_name(), relation.related_model)
        for relation in model._meta.related_objects
        # A document is cited by citations, but they belong to the records that cite it.
        if relation.field.name == getattr(relation.related_model, "owner_field", "")
    ]
    return {
        PART_NAMES.get(name, name): related
        for name, related in found
        if isinstance(related, type) and issubclass(related, Part)
    }


@cache
def facts(model: type[Publishable]) -> list[str]:
    """What a citation can be about, in the words of the API."""
    return registry.serializer_of(model).facts()


def listed(*names: Any) -> str:
    return ", ".join(sorted(set().union(*names)))


def _is_value_or_record(column: Any) -> bool:
    return not column.is_relation or issubclass(column.related_model, Publishable)
