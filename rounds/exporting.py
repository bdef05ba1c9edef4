"""The whole record as files: what is public, and what is not yet.

``rounds.json`` is exact and can be loaded again; ``rounds.csv`` holds the same for spreadsheets and
is safe to open in one. The same rows give the same bytes, whatever order they were entered in:
neither primary keys nor versions nor the time of recording are in them.
"""

import csv
import io
import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from django.db.models import Model

from rounds.datafiles import columns, key_name, parts, relations
from tradeinit.late import openpyxl
from tradeinit.publication import registry
from tradeinit.publication.models import Addressed, Part, Publishable
from tradeinit.renderers import add_sheet, cell


def write(folder: Path) -> Iterator[tuple[str, int]]:
    """Write the files of each kind of record; gives its name and how many there are."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content, count in files():
        # Whole or not at all: whoever reads the folder meanwhile sees the former file.
        beside = folder / f".{name}.part"
        beside.write_bytes(content)
        beside.replace(folder / name)
        if count is not None:
            yield name.removesuffix(".json"), count


def files() -> Iterator[tuple[str, bytes, int | None]]:
    for model, described in _all():
        exact = json.dumps(described, ensure_ascii=False, indent=1) + "\n"
        yield f"{model.resource}.json", exact.encode(), len(described)
        yield f"{model.resource}.csv", _csv(model, described), None


def workbook() -> bytes:
    """The same for a spreadsheet, with a sheet for each kind. It bears the time of its making."""
    book = openpyxl.Workbook(write_only=True)
    for model, described in _all():
        names = _heads(model)
        rows = ({name: _flat(row.get(name)) for name in names} for row in map(_with_uid, described))
        add_sheet(book, model.resource, names, rows)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _all() -> Iterator[tuple[type[Publishable], list[dict[str, Any]]]]:
    describer = Describer()
    for model in sorted(registry.models(), key=lambda model: model.resource):
        yield model, describer.all_of(model)


def _csv(model: type[Publishable], described: list[dict[str, Any]]) -> bytes:
    text = io.StringIO(newline="")
    names = _heads(model)
    writer = csv.writer(text)
    writer.writerow(names)
    for row in map(_with_uid, described):
        writer.writerow([cell(_flat(row.get(name))) for name in names])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _heads(model: type[Publishable]) -> list[str]:
    """The headings of its sheet, what names a row first."""
    return list(
        dict.fromkeys([*(["slug"] if key_name(model) == "slug" else []), "uid", *names_of(model)])
    )


def _with_uid(row: dict[str, Any]) -> dict[str, Any]:
    return {"uid": row.get("key"), **row}


def _flat(value: Any) -> Any:
    """A list of names as a list; what has parts of its own as the JSON that it is."""
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return json.dumps(value, ensure_ascii=False)
    return value


def names_of(model: type[Publishable]) -> list[str]:
    return [*columns(model), *relations(model), *parts(model)]


class Describer:
    """Rows in the form of the data files; names of other records are read once for each kind."""

    def __init__(self) -> None:
        self._keys: dict[type[Model], dict[Any, str]] = {}

    def all_of(self, model: type[Publishable]) -> list[dict[str, Any]]:
        rows = list(model._base_manager.order_by())
        return sorted(self._described(model, rows), key=lambda row: row[key_name(model)])

    def one(self, row: Publishable) -> dict[str, Any]:
        # Others may have been made since the last one was described.
        self._keys.clear()
        return next(iter(self._described(type(row), [row])))

    def _described(
        self, model: type[Publishable], rows: list[Publishable]
    ) -> Iterator[dict[str, Any]]:
        linked = {name: self._linked(model, name, rows) for name in relations(model)}
        owned = {name: self._owned(model, part, rows) for name, part in parts(model).items()}
        for row in rows:
            told: dict[str, Any] = {key_name(model): row.key}
            if isinstance(row, Addressed):
                told["uid"] = str(row.uid)
            told |= self.values(row, columns(model))
            # Left out, it would be loaded as public.
            told["public_from"] = self._value(row, columns(model)["public_from"])
            told |= {name: found[row.pk] for name, found in linked.items() if row.pk in found}
            told |= {name: found[row.pk] for name, found in owned.items() if row.pk in found}
            yield told

    def values(self, row: Model, own: dict[str, Any]) -> dict[str, Any]:
        values = {name: self._value(row, column) for name, column in own.items()}
        return {name: value for name, value in values.items() if value not in (None, "")}

    def _value(self, row: Model, column: Any) -> Any:
        value = getattr(row, column.attname)
        if value is None:
            return None
        if column.is_relation:
            return self._key(column.related_model, value)
        if isinstance(value, datetime):
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        return value.isoformat() if isinstance(value, date) else value

    def _key(self, model: Any, pk: Any) -> str:
        if model not in self._keys:
            name = "slug" if issubclass(model, Addressed) else "uid"
            rows = model._base_manager.order_by().values_list("pk", name)
            self._keys[model] = {found: str(key) for found, key in rows}
        return self._keys[model][pk]

    def _linked(
        self, model: type[Publishable], name: str, rows: list[Publishable]
    ) -> dict[Any, list[str]]:
        relation = relations(model)[name]
        own, other = relation.m2m_field_name(), relation.m2m_reverse_field_name()
        links = relation.remote_field.through._base_manager.order_by()
        if len(rows) == 1:
            links = links.filter(**{own: rows[0].pk})
        found: dict[Any, list[str]] = defaultdict(list)
        for pk, linked in links.values_list(f"{own}_id", f"{other}_id"):
            found[pk].append(self._key(relation.related_model, linked))
        return {pk: sorted(keys) for pk, keys in found.items()}

    def _owned(
        self, model: type[Publishable], part: type[Part], rows: list[Publishable]
    ) -> dict[Any, list[dict[str, Any]]]:
        own = own_columns(part)
        found: dict[Any, list[dict[str, Any]]] = defaultdict(list)
        for pk, owned in owned_by(model, part, rows):
            found[pk].append(self.values(owned, own))
        return {pk: sorted(values, key=_in_order) for pk, values in found.items()}


def own_columns(part: type[Part]) -> dict[str, Any]:
    """Of a part: all but what leads to its owner."""
    generic: Any = next(iter(part._meta.private_fields), None)
    leads = {part.owner_field} | ({generic.fk_field} if generic else set())
    return {name: column for name, column in columns(part).items() if name not in leads}


def owned_by(
    model: type[Publishable], part: type[Part], rows: list[Any]
) -> Iterator[tuple[Any, Part]]:
    """The parts of these rows, each after the primary key of its owner."""
    owners = {row.pk for row in rows}
    if not owners:
        return
    generic: Any = next(iter(part._meta.private_fields), None)
    leads = generic.fk_field if generic else f"{part.owner_field}_id"
    owned = part._base_manager.order_by()
    if generic:
        relation: Any = next(
            field
            for field in model._meta.private_fields
            if getattr(field, "related_model", None) is part
        )
        owned = owned.filter(**{generic.ct_field: relation.get_content_type()})
    if len(rows) == 1:
        owned = owned.filter(**{leads: rows[0].pk})
    for one in owned:
        if getattr(one, leads) in owners:
            yield getattr(one, leads), one


def _in_order(values: dict[str, Any]) -> str:
    """By their place where they have one, then by what they say."""
    order = values.get("order", 0)
    return f"{order:08d} {json.dumps(values, ensure_ascii=False, sort_keys=True)}"
