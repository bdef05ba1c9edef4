"""Records as files: reading what people wrote, and making the records that are missing.

A file holds the records of one resource and bears its name: ``rounds.json`` is a list of objects.
An object has a ``slug``, or a ``key`` where such records have no slug; model fields by their names;
other records by slug or key; many of them as a list. What belongs to the record is a list of
objects: ``venues``, and ``sources``, whose ``field`` may be a list to cite one passage for several.

A record that exists is left alone, whatever the file says: staff may have worked on it since.
"""

import json
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Field, Model

from tradeinit import clock
from tradeinit.publication import registry
from tradeinit.publication.models import Addressed, Part, Publishable

# Never to change: with it the same key gives the same uid on every installation.
KEYS = uuid.UUID("6a1d3c5e-1f43-5c0b-9d0e-2f6f0e6f7a11")
# The word of the files and of the API -> the relation of the model.
PART_NAMES = {"sources": "citations"}


class Mistake(Exception):
    """Something in a file cannot be recorded; the message says where, for who edits it."""


@dataclass(frozen=True)
class Entry:
    """One object of a file."""

    file: Path
    model: type[Publishable]
    key: str
    values: dict[str, Any]

    def mistake(self, name: str, problem: str) -> Mistake:
        return Mistake(f"{self.file}: {self.key}: {name}: {problem}")

    def check(self, row: Model, where: str = "") -> None:
        try:
            row.full_clean()
        except ValidationError as error:
            for name, problems in error.message_dict.items():
                places = [where] if name == NON_FIELD_ERRORS else [where, name]
                place = " ".join(part for part in places if part) or "the whole object"
                raise self.mistake(place, " ".join(problems)) from error


@dataclass
class Loaded:
    """How many records of each resource were made, and how many were there already."""

    made: Counter[str] = field(default_factory=Counter)
    left: Counter[str] = field(default_factory=Counter)


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
            raise entry.mistake(_key_name(entry.model), f"used twice, first in {first.file}.")
    return entries


def _entries(file: Path) -> Iterator[Entry]:
    models = {model.resource: model for model in registry.models()}
    if file.stem not in models:
        raise Mistake(f"{file}: no records have this name; there are {', '.join(sorted(models))}.")
    model = models[file.stem]
    try:
        objects = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise Mistake(f"{file}: this is not JSON: {error}.") from error
    if not isinstance(objects, list) or not all(isinstance(each, dict) for each in objects):
        raise Mistake(f"{file}: this should be a list of objects.")
    for number, values in enumerate(objects, start=1):
        key = values.get(_key_name(model))
        if not isinstance(key, str) or not key:
            raise Mistake(f"{file}: object {number}: {_key_name(model)}: it has none.")
        yield Entry(file, model, key, {k: v for k, v in values.items() if k != "key"})


def _key_name(model: type[Publishable]) -> str:
    return "slug" if issubclass(model, Addressed) else "key"


# Making


def load(entries: Iterable[Entry]) -> Loaded:
    """Make the records that are missing. Call it inside ``writing()``; raises Mistake."""
    return _Load(entries).run()


class _Load:
    def __init__(self, entries: Iterable[Entry]) -> None:
        self._entries = {(entry.model, entry.key): entry for entry in entries}
        self._rows: dict[tuple[type[Publishable], str], Publishable] = {}
        self._made: list[tuple[Entry, Publishable]] = []
        self._being_made: set[tuple[type[Publishable], str]] = set()
        # A whole minute, as forms for staff can show it, and already past: cleared at once.
        self._public_from = clock.now().replace(second=0, microsecond=0)

    def run(self) -> Loaded:
        for model, key in self._entries:
            self._row(model, key)
        # Afterwards, since a record may cite a document that itself names the record.
        for entry, row in self._made:
            self._relate(entry, row)
            self._add_parts(entry, row)
        made = Counter(entry.model.resource for entry, _row in self._made)
        total = Counter(model.resource for model, _key in self._entries)
        return Loaded(made, total - made)

    def _row(self, model: type[Publishable], key: str) -> Publishable | None:
        """The record of this key: known already, stored, or made now; None if there is none."""
        known = self._rows.get((model, key)) or _stored(model, key)
        if known is None and (model, key) in self._entries:
            known = self._make(self._entries[model, key])
        if known is not None:
            self._rows[model, key] = known
        return known

    def _make(self, entry: Entry) -> Publishable:
        row = entry.model(uid=_uid(entry.model, entry.key), public_from=self._public_from)
        columns = _columns(entry.model)
        others = {*_many(entry.model), *_parts(entry.model)}
        self._being_made.add((entry.model, entry.key))
        for name, value in entry.values.items():
            if name in columns:
                self._set(entry, row, columns[name], value)
            elif name not in others:
                raise entry.mistake(name, f"no such field; there are {_list(columns, others)}.")
        entry.check(row)
        row.save()
        self._being_made.discard((entry.model, entry.key))
        self._made.append((entry, row))
        return row

    def _set(self, entry: Entry, row: Model, column: Field, value: Any, where: str = "") -> None:
        name = f"{where} {column.name}".strip()
        if isinstance(value, list | dict):
            raise entry.mistake(name, "a single value belongs here.")
        if column.is_relation:
            named = None if value is None else self._named(entry, name, column, value)
            setattr(row, column.name, named)
            return
        try:
            setattr(row, column.name, column.clean(value, row))
        except ValidationError as error:
            raise entry.mistake(name, " ".join(error.messages)) from error

    def _named(self, entry: Entry, name: str, relation: Any, key: Any) -> Publishable:
        model = relation.related_model
        if (model, key) in self._being_made:
            raise entry.mistake(name, f"“{key}” and this object name each other.")
        found = self._row(model, key)
        if found is None:
            raise entry.mistake(name, f"there is no “{key}” among the {model.resource}.")
        return found

    def _relate(self, entry: Entry, row: Publishable) -> None:
        for name, relation in _many(entry.model).items():
            keys = entry.values.get(name, [])
            if not isinstance(keys, list):
                raise entry.mistake(name, "a list belongs here.")
            if keys:
                getattr(row, name).set([self._named(entry, name, relation, key) for key in keys])

    def _add_parts(self, entry: Entry, row: Publishable) -> None:
        for name, model in _parts(entry.model).items():
            parts = entry.values.get(name, [])
            if not isinstance(parts, list) or not all(isinstance(part, dict) for part in parts):
                raise entry.mistake(name, "a list of objects belongs here.")
            for number, written in enumerate(parts, start=1):
                for values in _one_each(written):
                    self._add_part(entry, row, model, values, f"{name} {number}")

    def _add_part(
        self, entry: Entry, row: Publishable, model: type[Part], values: dict, where: str
    ) -> None:
        part = model()
        columns = _columns(model)
        for name, value in values.items():
            if name not in columns:
                raise entry.mistake(
                    f"{where} {name}", f"no such field; there are {_list(columns)}."
                )
            self._set(entry, part, columns[name], value, where)
        setattr(part, model.owner_field, row)
        fact = values.get("field")
        facts = registry.serializer_of(entry.model).field_names()
        if fact and fact not in facts:
            raise entry.mistake(
                f"{where} field", f"no fact is called “{fact}”; {_list(facts)} are."
            )
        entry.check(part, where)
        part.save()


def _stored(model: type[Publishable], key: str) -> Publishable | None:
    if issubclass(model, Addressed):
        return model._base_manager.filter(slug=key).first()
    return model._base_manager.filter(uid=_uid(model, key)).first()


def _uid(model: type[Publishable], key: str) -> uuid.UUID:
    return uuid.uuid5(KEYS, f"{model.resource}/{key}")


# What a model has that a file may fill


def _columns(model: type[Model]) -> dict[str, Any]:
    return {
        column.name: column
        for column in model._meta.concrete_fields
        if column.editable and not column.primary_key and _is_ours(column)
    }


def _many(model: type[Model]) -> dict[str, Any]:
    return {relation.name: relation for relation in model._meta.many_to_many}


def _parts(model: type[Model]) -> dict[str, type[Part]]:
    """The rows that belong to a record of this model, by the word of the files."""
    relations = [
        *((relation.name, relation) for relation in model._meta.private_fields),
        *((relation.get_accessor_name(), relation) for relation in model._meta.related_objects),
    ]
    words = {relation: word for word, relation in PART_NAMES.items()}
    return {
        words.get(name, name): relation.related_model
        for name, relation in relations
        if issubclass(relation.related_model, Part)
    }


def _is_ours(column: Field) -> bool:
    return not column.is_relation or issubclass(column.related_model, Publishable)


def _one_each(values: dict[str, Any]) -> list[dict[str, Any]]:
    """One citation for each of the facts for which its passage is cited."""
    facts = values.get("field")
    return [{**values, "field": fact} for fact in facts] if isinstance(facts, list) else [values]


def _list(*names: Iterable[str]) -> str:
    return ", ".join(sorted(set().union(*names)))
