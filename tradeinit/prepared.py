"""Questions whose SQL is written once, and not anew for everybody who asks.

To write the SQL of a list takes Django several times as long as the database takes to answer it.
What is asked for the first time is built as a queryset like any other, with a ``Late`` in place
of each value; what is asked in the same form after that only puts its values in.

A queryset is fit for it if nothing but these values and the held instant tells it from others of
its form: it must not be built from the day, the language or the settings of one request.
"""

import json
from collections import namedtuple
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from types import FunctionType
from typing import Any

import psycopg
from django.db import connections, models
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.backends.sqlite3.base import FORMAT_QMARK_REGEX
from django.db.models import QuerySet, prefetch_related_objects
from django.db.models.query import ModelIterable, NamedValuesListIterable
from django.db.models.sql import Query

from tradeinit import clock
from tradeinit.joined import Besides, Shape
from tradeinit.replicas import reading

# So many forms of questions; then all are forgotten. Which there are is up to those who ask.
MOST = 2_000

# So often a session asks before it keeps the plan.
BEFORE_PLANNED = 2

# To each name what is compared with it.
Values = Mapping[str, Sequence[Any]]


class Late(models.Expression):
    """A value that is filled in when the question is put; ``like``: of which kind it will be."""

    def __init__(
        self, name: str, place: int, like: Any, work: Callable[[Any], Any] | None = None
    ) -> None:
        super().__init__(output_field=self._field(work(like) if work else like))
        self.name, self.place, self.like, self.work = name, place, like, work

    def _field(self, like: Any) -> models.Field:
        return models.Value(like).output_field

    def then(self, work: Callable[[Any], Any]) -> "Late":
        """What is worked out of the value, once there is one."""
        return Late(self.name, self.place, self.like, work)

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return "%s", [self]

    def value(self, values: Values, connection: Any) -> Any:
        value = values[self.name][self.place]
        put = self.work(value) if self.work else value
        return self.output_field.get_db_prep_value(put, connection)


class Keys(Late):
    """Any number of keys, as one value: for ``among``."""

    def _field(self, like: Any) -> models.Field:
        return models.IntegerField()

    def value(self, values: Values, connection: Any) -> Any:
        keys = json.dumps(values[self.name][self.place])
        # As PostgreSQL writes an array: its driver would look at each key for the kind of it.
        return keys if connection.vendor == "sqlite" else f"{{{keys[1:-1]}}}"


@models.IntegerField.register_lookup
class Among(models.Lookup):
    """One of ``Keys``: the same SQL for a thousand as for one.

    Or one of those that a queryset finds, which is asked first, whatever else is joined.
    """

    lookup_name = "among"

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        form = "{} = ANY(ARRAY{})" if self._is_found else "{} = ANY({})"
        return self._compared(form, compiler, connection)

    def as_sqlite(self, compiler: Any, connection: Any) -> Any:
        form = "{} IN {}" if self._is_found else "{} IN (SELECT value FROM json_each({}))"
        return self._compared(form, compiler, connection)

    @property
    def _is_found(self) -> bool:
        return isinstance(self.rhs, Query)

    def _compared(self, form: str, compiler: Any, connection: Any) -> Any:
        key, of_key = self.process_lhs(compiler, connection)
        keys, of_keys = self.process_rhs(compiler, connection)
        return form.format(key, keys), (*of_key, *of_keys)


class Instant(Late):
    """The held instant, which stands in every question for what is public."""

    def value(self, values: Values, connection: Any) -> Any:
        return _written(clock.now(), connection.alias)


@lru_cache(maxsize=64)
def _written(instant: datetime, alias: str) -> Any:
    return connections[alias].ops.adapt_datetimefield_value(instant)


NOW = Instant(" now", 0, datetime(1, 1, 1, tzinfo=UTC))


class Written:
    """The SQL of a queryset, and how its rows are read."""

    def __init__(self, queryset: Any) -> None:
        connection = connections[reading.alias()]
        compiler = queryset.query.get_compiler(connection=connection)
        with clock.held():
            self.sql, parameters = compiler.as_sql()
            held = NOW.value({}, connection)
        self.parameters = [NOW if one == held else one for one in parameters]
        columns = [column for column, _sql, _alias in compiler.select]
        converters = compiler.get_converters(columns)
        self.converters = list(converters.items())
        self.shape: Any = None
        if issubclass(queryset._iterable_class, ModelIterable):
            self.shape = Shape(compiler.klass_info, columns, converters)
        self.named: Any = None
        if issubclass(queryset._iterable_class, NamedValuesListIterable):
            self.named = namedtuple("Row", queryset._fields)
        self.annotated = list((compiler.annotation_col_map or {}).items())
        self.besides = [
            Besides.of(queryset.model, lookup) or lookup
            for lookup in queryset._prefetch_related_lookups
        ]

    @cached_property
    def late(self) -> list[Late]:
        """Each of the values that are filled in, however often it stands in the SQL."""
        found = {id(one): one for one in self.parameters if isinstance(one, Late)}
        return list(found.values())


@dataclass(frozen=True)
class Prepared:
    """A question with its values."""

    form: Hashable
    written: Written
    values: Values
    # To be found in the same way whatever the values are: PostgreSQL keeps how, since for short
    # questions to plan takes longer than to answer. A period may be a day or all of time.
    has_one_plan: bool

    def rows(self) -> list[Any]:
        """As instances of the model; a column that was not asked for is fetched when read."""
        return self._read(self._answer(self.written.sql))

    def first(self, most: int) -> tuple[list[Any], int]:
        """So many of the rows, and how many there are."""
        found = self._answer(self.written.sql)
        return self._read(found[:most]), len(found)

    def tuples(self) -> Iterable[Sequence[Any]]:
        return self.converted(self._answer(self.written.sql))

    def _read(self, rows: list[Any]) -> list[Any]:
        return self._as_named(rows) if self.written.named else self._as_records(rows)

    def _as_named(self, rows: list[Any]) -> list[Any]:
        return [self.written.named(*row) for row in self.converted(rows)]

    def converted(self, rows: list[Any]) -> list[Any]:
        if not self.written.converters:
            return rows
        connection = connections[reading.alias()]
        found = list(map(list, rows))
        for place, (converters, column) in self.written.converters:
            for convert in converters:
                for row in found:
                    row[place] = convert(row[place], column, connection)
        return found

    def _as_records(self, rows: list[Any]) -> list[Any]:
        connection = connections[reading.alias()]
        made: dict[Any, Any] = {}
        records = [self.written.shape.read(row, connection, made) for row in rows]
        for name, place in self.written.annotated:
            for record, row in zip(records, rows, strict=True):
                setattr(record, name, row[place])
        for relation in self.written.besides if records else ():
            if isinstance(relation, Besides):
                self._with(relation, records)
            else:
                prefetch_related_objects(records, relation)
        return records

    def _with(self, relation: Besides, records: list[Any]) -> None:
        holders = relation.holders(records)
        if holders:
            form = ("besides", self.form, *relation.steps, relation.name, relation.to)
            found = ask(form, relation.queryset, relation.values(holders))
            relation.hand_over(found.rows(), holders)

    def count(self) -> int:
        sql = f"SELECT COUNT(*) FROM ({self.written.sql}) AS found"  # noqa: S608 - Django wrote it
        ((found,),) = self._answer(sql)
        return found

    def _answer(self, sql: str) -> list[Any]:
        connection = connections[reading.alias()]
        return rows_of(connection, sql, self.put(connection), keeps_plans=self.has_one_plan)

    def put(self, connection: Any) -> list[Any]:
        """What stands in the SQL for each of its marks."""
        # The instant alone stands in a question some thirty times.
        put = {id(one): one.value(self.values, connection) for one in self.written.late}
        return [put[id(one)] if isinstance(one, Late) else one for one in self.written.parameters]


def together(asked: Sequence[Prepared]) -> list[list[Any]]:
    """The rows of several questions of the same columns, asked at once.

    To PostgreSQL and back is as long a way as a short question is. Each keeps its order: they are
    answered one after the other.
    """
    if not asked:
        return []
    connection = connections[reading.alias()]
    sql = _one_after_the_other(tuple(one.written.sql for one in asked))
    values = [value for one in asked for value in one.put(connection)]
    keeps_plans = all(one.has_one_plan for one in asked)
    found: list[list[Any]] = [[] for _one in asked]
    for *row, place in rows_of(connection, sql, values, keeps_plans=keeps_plans):
        found[place].append(row)
    return [one.converted(rows) for one, rows in zip(asked, found, strict=True)]


@lru_cache(maxsize=MOST)
def _one_after_the_other(questions: tuple[str, ...]) -> str:
    return " UNION ALL ".join(
        f"SELECT *, {place} FROM ({sql}) AS question_{place}"  # noqa: S608 - Django wrote it
        for place, sql in enumerate(questions)
    )


def cursor_of(connection: Any, *, keeps_plans: bool = True) -> Any:
    if connection.vendor != "postgresql" or not keeps_plans:
        return connection.cursor()
    connection.ensure_connection()
    session = connection.connection
    session.prepare_threshold = BEFORE_PLANNED
    usual, session.cursor_factory = session.cursor_factory, ServerBindingCursor
    try:
        return connection.cursor()
    finally:
        session.cursor_factory = usual


def rows_of(
    connection: Any, sql: str, values: Sequence[Any] = (), *, keeps_plans: bool = True
) -> list[Any]:
    """What a question finds, put to the driver.

    What Django has around that takes as long as the database. Where somebody listens, or Django
    would refuse, it goes the usual way.
    """
    if connection.queries_logged or connection.execute_wrappers or connection.needs_rollback:
        with cursor_of(connection, keeps_plans=keeps_plans) as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall()
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    session = connection.connection
    with connection.wrap_database_errors:
        if connection.vendor == "sqlite":
            return session.execute(_for_sqlite(sql), values).fetchall()
        if not keeps_plans:
            return psycopg.ClientCursor(session).execute(sql, values or None).fetchall()
        session.prepare_threshold = BEFORE_PLANNED
        return psycopg.Cursor(session).execute(sql, values or None).fetchall()


@lru_cache(maxsize=MOST)
def _for_sqlite(sql: str) -> str:
    return FORMAT_QMARK_REGEX.sub("?", sql).replace("%%", "%")


_known: dict[Hashable, Written] = {}


def ask(
    form: Hashable,
    build: Callable[..., QuerySet],
    values: Values,
    *,
    has_one_plan: bool = True,
) -> Prepared:
    """``form`` names what ``build`` makes, given a list of ``Late`` for each of the values."""
    whole = (form, *((name, len(given)) for name, given in values.items()))
    written = _known.get(whole)
    if written is None:
        if len(_known) >= MOST:
            forget()
        late = {
            name: [
                (Keys if isinstance(one, list) else Late)(name, place, one)
                for place, one in enumerate(given)
            ]
            for name, given in values.items()
        }
        written = _known[whole] = Written(build(**late))
    return Prepared(whole, written, values, has_one_plan)


def question(build: Callable[..., QuerySet], *given: Any, **values: Any) -> Prepared:
    """What ``build`` makes of what is given and of the values, of which None is left out.

    What it does may depend on nothing else: it and what is given name the form. A list is one of
    keys, for ``among``.
    """

    def of(**late: Sequence[Any]) -> QuerySet:
        return build(*given, **{name: one for name, (one,) in late.items()})

    known = {name: [value] for name, value in values.items() if value is not None}
    return ask(tuple(map(_named, (build, *given))), of, known)


def _named(part: Hashable) -> Hashable:
    """A function is made anew each time that its definition is passed by; its code is not."""
    if not isinstance(part, FunctionType):
        return part
    if part.__closure__ or any(part.__defaults__ or ()):
        raise ValueError(f"{part.__qualname__} knows more than it is given.")
    return part.__module__, part.__code__


def forget() -> None:
    _known.clear()
