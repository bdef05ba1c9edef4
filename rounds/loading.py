"""Making the records that data files describe and the database lacks.

A record that exists is left alone, whatever the files say: staff may have worked on it since.
"""

import re
import uuid
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import Model

from rounds.datafiles import Entry, columns, facts, listed, parts, relations
from tradeinit import clock, garbage
from tradeinit.publication.gate import Writing, writing
from tradeinit.publication.instants import chunks
from tradeinit.publication.models import Addressed, Part, Publishable, Tracked

IS_UID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# Never to change: with it the same key gives the same uid on every installation.
KEYS = uuid.UUID("6a1d3c5e-1f43-5c0b-9d0e-2f6f0e6f7a11")
Name = tuple[type[Publishable], str]


@dataclass
class Loaded:
    """How many records of each resource were made, and how many were there already."""

    made: Counter[str] = field(default_factory=Counter)
    left: Counter[str] = field(default_factory=Counter)


@garbage.seldom_looked_for()
def load(entries: Iterable[Entry], reason: str) -> Loaded:
    """Make what is missing, in one writing; raises Mistake.

    Records are written many at a time. What the database refuses, it then refuses without a word on
    where. Only then is each row asked, in a second try: to ask every row first, with a query for
    every rule, takes most of the time.
    """
    entries = list(entries)
    try:
        with writing(reason=reason) as opened:
            return _Load(entries, opened).run()
    except IntegrityError:
        with writing(reason=reason) as opened:
            return _Load(entries, opened, ask_all=True).run()


def uid_of(model: type[Publishable], key: str) -> uuid.UUID:
    """Made of the key, unless the key is a uid itself, as in files that were exported."""
    if IS_UID.fullmatch(key):
        return uuid.UUID(key)
    return uuid.uuid5(KEYS, f"{model.resource}/{key}")


def stored(model: type[Publishable], keys: Collection[str]) -> dict[str, Publishable]:
    rows = model._base_manager.order_by()
    if issubclass(model, Addressed):
        return {row.key: row for row in rows.filter(slug__in=keys)}
    named = {uid_of(model, key): key for key in keys}
    return {named[row.uid]: row for row in rows.filter(uid__in=named)}


class _Load:
    def __init__(self, entries: Iterable[Entry], opened: Writing, ask_all: bool = False) -> None:
        self._opened, self._ask_all = opened, ask_all
        opened.takes_over = True
        self._entries = {(entry.model, entry.key): entry for entry in entries}
        self._known: dict[Name, Publishable | None] = {}
        self._begun: set[Name] = set()
        self._waves: dict[Name, int] = {}
        # Cleared at once. A whole minute, so that a form for staff gives it back unchanged.
        self._public_from = clock.now().replace(second=0, microsecond=0)

    def run(self) -> Loaded:
        self._find()
        waves: dict[int, dict[type[Publishable], list[Entry]]] = defaultdict(
            lambda: defaultdict(list)
        )
        for name, entry in self._entries.items():
            if wave := self._wave(name):
                waves[wave][entry.model].append(entry)
        for wave in sorted(waves):
            for model, entries in waves[wave].items():
                self._make(model, map(self._row, entries))
        new = {name: self._entries[name] for name in self._waves}
        # Only now: a record may cite a document that, by its publisher, names the record.
        self._relate(new)
        self._make_parts(new)
        made = Counter(model.resource for model, _key in new)
        asked = Counter(model.resource for model, _key in self._entries)
        return Loaded(made=made, left=asked - made)

    def _find(self) -> None:
        keys: dict[type[Publishable], list[str]] = defaultdict(list)
        for model, key in self._entries:
            keys[model].append(key)
        for model, wanted in keys.items():
            for chunk in chunks(wanted):
                for key, row in stored(model, chunk).items():
                    self._known[model, key] = row

    def _wave(self, name: Name) -> int:
        """Of a new record one more than of any that it names; 0 of what is stored, or nowhere."""
        if name in self._waves:
            return self._waves[name]
        if name in self._known or name not in self._entries:
            return 0
        self._begun.add(name)
        entry, wave, own = self._entries[name], 1, columns(name[0])
        for place, value in entry.values.items():
            if place in own and own[place].is_relation and isinstance(value, str):
                named = own[place].related_model, value
                if named in self._begun and named not in self._waves:
                    raise entry.mistake(
                        place, f"“{value}” cannot be made first, since it needs this record."
                    )
                wave = max(wave, 1 + self._wave(named))
        self._waves[name] = wave
        return wave

    def _make(self, model: type[Tracked], rows: Iterator[Any]) -> None:
        """One by one where each is asked: then one of them may be what the next collides with."""
        if self._ask_all:
            for row in rows:
                row.save()
        else:
            model.objects.bulk_create(rows, batch_size=500)

    def _row(self, entry: Entry) -> Publishable:
        uid = str(entry.values.get("uid", entry.key))
        row = entry.model(uid=uid_of(entry.model, uid), public_from=self._public_from)
        own, later = columns(entry.model), {*relations(entry.model), *parts(entry.model)}
        for name, value in entry.values.items():
            if name in own:
                self._set(entry, row, own[name], value, name)
            elif name not in {*later, "uid"}:
                raise entry.mistake(name, f"no such field; there are {listed(own, later)}.")
        # Whether another record has its address, the gate asks of all at once.
        row.is_as_stored = not self._ask_all
        entry.check(row, entry.values, whole=self._ask_all)
        self._known[entry.model, entry.key] = row
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
        name = relation.related_model, key
        if name not in self._known:
            self._known[name] = stored(relation.related_model, [key]).get(key)
        row = self._known[name]
        if row is None:
            resource = relation.related_model.resource
            raise entry.mistake(place, f"there is no “{key}” among the {resource}.")
        return row

    def _relate(self, new: dict[Name, Entry]) -> None:
        links: dict[tuple[type[Publishable], str], dict[Any, None]] = defaultdict(dict)
        for (model, key), entry in new.items():
            for name, relation in relations(model).items():
                keys = entry.values.get(name, [])
                if not isinstance(keys, list):
                    raise entry.mistake(name, "a list belongs here.")
                for one in keys:
                    named = self._named(entry, relation, one, name)
                    links[model, name][self._known[model, key], named] = None
        for (model, name), pairs in links.items():
            self._opened.relate_many(model, name, pairs)

    def _make_parts(self, new: dict[Name, Entry]) -> None:
        kinds: dict[type[Part], list[tuple[str, Name]]] = defaultdict(list)
        for name in new:
            for place, model in parts(name[0]).items():
                kinds[model].append((place, name))
        for model, places in kinds.items():
            self._make(model, self._parts(model, places))

    def _parts(self, model: type[Part], places: list[tuple[str, Name]]) -> Iterator[Part]:
        for name, owner in places:
            entry = self._entries[owner]
            written = entry.values.get(name, [])
            if not isinstance(written, list) or not all(isinstance(one, dict) for one in written):
                raise entry.mistake(name, "a list of objects belongs here.")
            for number, one in enumerate(written, start=1):
                for values in _one_a_fact(one):
                    yield self._part(entry, model, values, f"{name} {number}")

    def _part(self, entry: Entry, model: type[Part], values: dict[str, Any], place: str) -> Part:
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
        setattr(part, model.owner_field, self._known[entry.model, entry.key])
        entry.check(part, values, place, whole=self._ask_all)
        return part


def _one_a_fact(values: dict[str, Any]) -> list[dict[str, Any]]:
    """A passage that is cited for several facts makes a citation for each."""
    named = values.get("field")
    return [{**values, "field": fact} for fact in named] if isinstance(named, list) else [values]
