"""How records are read out of the rows of an answer, with all that is joined to them or found
besides, where the SQL is at hand and Django has no part in it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.contrib.contenttypes.fields import GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.db.models import F, Prefetch, QuerySet

# In what a relation of many to many leads to: from which record.
HOLDER = "holder_pk"


class Shape:
    """Where in a row the columns of a record stand, and those of the records joined to it."""

    def __init__(
        self, info: Mapping[str, Any], columns: Sequence[Any], converters: Mapping[int, Any]
    ) -> None:
        places = info["select_fields"]
        self.model = info["model"]
        self.first, self.end = places[0], places[-1] + 1
        self.names = [columns[place].target.attname for place in places]
        self.key = self.first + self.names.index(self.model._meta.pk.attname)
        self.converters = [
            (place - self.first, *converters[place]) for place in places if place in converters
        ]
        self.joined = [
            (Shape(below, columns, converters), below["local_setter"], below["remote_setter"])
            for below in info.get("related_klass_infos", ())
        ]

    def read(self, row: Sequence[Any], connection: Any, made: dict[Any, Any]) -> Any:
        values = list(row[self.first : self.end])
        for place, converters, column in self.converters:
            for convert in converters:
                values[place] = convert(values[place], column, connection)
        record = self.model.from_db(connection.alias, self.names, values)
        for shape, local, remote in self.joined:
            other = shape.made(row, connection, made)
            local(record, other)
            if other is not None:
                remote(other, record)
        return record

    def made(self, row: Sequence[Any], connection: Any, made: dict[Any, Any]) -> Any:
        """What many rows are joined to is made once for all of them."""
        key = row[self.key]
        if key is None:
            return None
        if (self, key) not in made:
            made[self, key] = self.read(row, connection, made)
        return made[self, key]


class Besides:
    """What a relation to many leads to: found for all records at once, by their keys."""

    def __init__(self, steps: Sequence[str], relation: Any, lookup: Prefetch) -> None:
        # The way to the records from which the relation leads.
        self.steps, self.relation = steps, relation
        self.name, self.to = relation.name, lookup.to_attr
        self.pk = relation.model._meta.pk.attname
        everything: Any = relation.related_model._default_manager.all()
        self.all = everything if lookup.queryset is None else lookup.queryset

    @classmethod
    def of(cls, model: Any, lookup: str | Prefetch) -> "Besides | None":
        """None where the way is not of joined records, or leads to one: left to Django."""
        whole = Prefetch(lookup) if isinstance(lookup, str) else lookup
        *steps, name = whole.prefetch_through.split("__")
        for step in steps:
            field = model._meta.get_field(step)
            if not field.many_to_one:
                return None
            model = field.related_model
        relation = model._meta.get_field(name)
        return None if relation.many_to_one else cls(steps, relation, whole)

    def holders(self, rows: Iterable[Any]) -> list[Any]:
        for step in self.steps:
            rows = {id(one): one for one in (getattr(row, step) for row in rows) if one}.values()
        return list(rows)

    def values(self, holders: Iterable[Any]) -> dict[str, list[Any]]:
        keys: dict[str, list[Any]] = {"pks": [list({getattr(one, self.pk) for one in holders})]}
        if isinstance(self.relation, GenericRelation):
            keys["kind"] = [ContentType.objects.get_for_model(self.relation.model).pk]
        return keys

    def queryset(self, pks: Sequence[Any], kind: Sequence[Any] = ()) -> QuerySet:
        if isinstance(self.relation, GenericRelation):
            words = self.relation.content_type_field_name, self.relation.object_id_field_name
            return self.all.filter(**{words[0]: kind[0], f"{words[1]}__among": pks[0]})
        back = self.relation.remote_field.name
        found = self.all.filter(**{f"{back}__pk__among": pks[0]})
        return found.annotate(**{HOLDER: F(f"{back}__pk")}) if self.is_many_to_many else found

    @property
    def is_many_to_many(self) -> bool:
        return bool(self.relation.many_to_many)

    def hand_over(self, found: Iterable[Any], holders: Iterable[Any]) -> None:
        of_each: dict[Any, list[Any]] = defaultdict(list)
        for one in found:
            of_each[getattr(one, self._key)].append(one)
        for holder in holders:
            its = of_each[getattr(holder, self.pk)]
            if self.relation.one_to_many and not isinstance(self.relation, GenericRelation):
                for one in its:
                    self.relation.field.set_cached_value(one, holder)
            if self.to:
                setattr(holder, self.to, its)
            else:
                hand_over(holder, self.name, its)

    @property
    def _key(self) -> str:
        if isinstance(self.relation, GenericRelation):
            return self.relation.object_id_field_name
        return HOLDER if self.is_many_to_many else self.relation.field.attname


def hand_over(record: Any, relation: str, found: list[Any]) -> None:
    """Let ``record.chapters.all()`` give what was found for it, and nothing else do."""
    # Sliced, so that a further filter, which would not know the record, is refused.
    known = record._meta.get_field(relation).related_model._base_manager.all()[:0]
    known._result_cache, known._prefetch_done = found, True
    if not hasattr(record, "_prefetched_objects_cache"):
        record._prefetched_objects_cache = {}
    record._prefetched_objects_cache[relation] = known
