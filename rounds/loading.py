"""Making the records that data files describe and the database lacks.

A record that exists is left alone, whatever the files say: staff may have worked on it since.
"""

import re
import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import Model

from rounds.datafiles import Entry, columns, facts, listed, parts, relations
from tradeinit import clock
from tradeinit.publication.gate import writing
from tradeinit.publication.models import Addressed, Part, Publishable

IS_UID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# Never to change: with it the same key gives the same uid on every installation.
KEYS = uuid.UUID("6a1d3c5e-1f43-5c0b-9d0e-2f6f0e6f7a11")


@dataclass
class Loaded:
    """How many records of each resource were made, and how many were there already."""

    made: Counter[str] = field(default_factory=Counter)
    left: Counter[str] = field(default_factory=Counter)


def load(entries: Iterable[Entry], reason: str) -> Loaded:
    """Make what is missing, in one writing; raises Mistake.

    What the database refuses, it refuses without a word on where. Only then is each row asked, in
    a second try: to ask every row first, with a query for every rule, takes most of the time.
    """
    entries = list(entries)
    try:
        with writing(reason=reason):
            return _Load(entries).run()
    except IntegrityError:
        with writing(reason=reason):
            return _Load(entries, ask_all=True).run()


def uid_of(model: type[Publishable], key: str) -> uuid.UUID:
    """Made of the key, unless the key is a uid itself, as in files that were exported."""
    if IS_UID.fullmatch(key):
        return uuid.UUID(key)
    return uuid.uuid5(KEYS, f"{model.resource}/{key}")


def stored(model: type[Publishable], key: str) -> Publishable | None:
    if issubclass(model, Addressed):
        return model._base_manager.filter(slug=key).first()
    return model._base_manager.filter(uid=uid_of(model, key)).first()


class _Load:
    def __init__(self, entries: Iterable[Entry], ask_all: bool = False) -> None:
        self._ask_all = ask_all
        self._entries = {(entry.model, entry.key): entry for entry in entries}
        self._known: dict[tuple[type[Publishable], str], Publishable] = {}
        self._begun: set[tuple[type[Publishable], str]] = set()
        self._made: list[tuple[Entry, Publishable]] = []
        # Cleared at once. A whole minute, so that a form for staff gives it back unchanged.
        self._public_from = clock.now().replace(second=0, microsecond=0)

    def run(self) -> Loaded:
        for model, key in self._entries:
            self._record(model, key)
        # Only now: a record may cite a document that, by its publisher, names the record.
        for entry, row in self._made:
            self._relate(entry, row)
            self._add_parts(entry, row)
        made = Counter(entry.model.resource for entry, _row in self._made)
        asked = Counter(model.resource for model, _key in self._entries)
        return Loaded(made=made, left=asked - made)

    def _record(self, model: type[Publishable], key: str) -> Publishable | None:
        """The record of this key, made if need be; None where no file has it either."""
        row = self._known.get((model, key)) or stored(model, key)
        if row is None and (model, key) in self._entries:
            row = self._make(self._entries[model, key])
        if row is not None:
            self._known[model, key] = row
        return row

    def _make(self, entry: Entry) -> Publishable:
        self._begun.add((entry.model, entry.key))
        uid = str(entry.values.get("uid", entry.key))
        row = entry.model(uid=uid_of(entry.model, uid), public_from=self._public_from)
        own, later = columns(entry.model), {*relations(entry.model), *parts(entry.model)}
        for name, value in entry.values.items():
            if name in own:
                self._set(entry, row, own[name], value, name)
            elif name not in {*later, "uid"}:
                raise entry.mistake(name, f"no such field; there are {listed(own, later)}.")
        entry.check(row, whole=self._ask_all)
        row.save()
        self._made.append((entry, row))
        return row

    def _set(self, entry: Entry, row: Model, column: Any, value: Any, place: str) -> None:
        if isinstance(value, list | dict):
            raise entry.mistake(place, "a single value belongs here.")
        if column.is_relation and value is not None:
            value = self._named(entry, column, value, place)
        elif not column.is_relation:
            try:
                value = column.clean(value, row)
            except ValidationError as error:
                raise entry.mistake(place, " ".join(error.messages)) from error
        setattr(row, column.name, value)

    def _named(self, entry: Entry, relation: Any, key: Any, place: str) -> Publishable:
        model = relation.related_model
        if (model, key) in self._begun and (model, key) not in self._known:
            raise entry.mistake(place, f"“{key}” cannot be made first, since it needs this record.")
        row = self._record(model, key)
        if row is None:
            raise entry.mistake(place, f"there is no “{key}” among the {model.resource}.")
        return row

    def _relate(self, entry: Entry, row: Publishable) -> None:
        for name, relation in relations(entry.model).items():
            keys = entry.values.get(name, [])
            if not isinstance(keys, list):
                raise entry.mistake(name, "a list belongs here.")
            getattr(row, name).set([self._named(entry, relation, key, name) for key in keys])

    def _add_parts(self, entry: Entry, row: Publishable) -> None:
        for name, model in parts(entry.model).items():
            written = entry.values.get(name, [])
            if not isinstance(written, list) or not all(isinstance(one, dict) for one in written):
                raise entry.mistake(name, "a list of objects belongs here.")
            for number, one in enumerate(written, start=1):
                for values in _one_a_fact(one):
                    self._add_part(entry, row, model, values, f"{name} {number}")

    def _add_part(
        self, entry: Entry, row: Publishable, model: type[Part], values: dict[str, Any], place: str
    ) -> None:
        part, own = model(), columns(model)
        for name, value in values.items():
            if name not in own:
                raise entry.mistake(f"{place} {name}", f"no such field; there are {listed(own)}.")
            self._set(entry, part, own[name], value, f"{place} {name}")
        fact = values.get("field")
        if fact and fact not in facts(entry.model):
            raise entry.mistake(
                f"{place} field",
                f"“{fact}” is no fact of it; there are {listed(facts(entry.model))}.",
            )
        setattr(part, model.owner_field, row)
        entry.check(part, place, whole=self._ask_all)
        part.save()


def _one_a_fact(values: dict[str, Any]) -> list[dict[str, Any]]:
    """A passage that is cited for several facts makes a citation for each."""
    named = values.get("field")
    return [{**values, "field": fact} for fact in named] if isinstance(named, list) else [values]
