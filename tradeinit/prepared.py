"""Questions whose SQL is written once, and not anew for everybody who asks.

To write the SQL of a list takes Django several times as long as the database takes to answer it.
What is asked for the first time is built as a queryset like any other, with a ``Late`` in place
of each value; what is asked in the same form after that only puts its values in.

A queryset is fit for it if nothing but these values and the held instant tells it from others of
its form: it must not be built from the day, the language or the settings of one request.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from django.db import connections, models
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.models import QuerySet

from tradeinit import clock
from tradeinit.replicas import reading

# So many forms of questions; then all are forgotten. Which there are is up to those who ask.
MOST = 2_000

# So often a session asks before it keeps the plan.
BEFORE_PLANNED = 2

# To each name what is compared with it.
Values = Mapping[str, Sequence[Any]]


class Late(models.Expression):
    """A value that is filled in when the question is put; ``like``: of which kind it will be."""

    def __init__(self, name: str, place: int, like: Any) -> None:
        super().__init__(output_field=models.Value(like).output_field)
        self.name, self.place = name, place

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return "%s", [self]

    def value(self, values: Values, connection: Any) -> Any:
        return self.output_field.get_db_prep_value(values[self.name][self.place], connection)


# The held instant, which stands in every question for what is public.
NOW = Late(" now", 0, datetime(1, 1, 1, tzinfo=UTC))


class Written:
    """The SQL of a queryset, and how its columns are read."""

    def __init__(self, queryset: QuerySet) -> None:
        if queryset.query.select_related:
            raise ValueError("What is joined to a row is not read: leave out select_related().")
        self.model = queryset.model
        connection = connections[reading.alias()]
        compiler = queryset.query.get_compiler(connection=connection)
        with clock.held() as instant:
            self.sql, parameters = compiler.as_sql()
        held = NOW.value({NOW.name: [instant]}, connection)
        self.parameters = [NOW if one == held else one for one in parameters]
        self.columns = [column for column, _sql, _alias in compiler.select]
        self.converters = list(compiler.get_converters(self.columns).items())

    @cached_property
    def late(self) -> list[Late]:
        """Each of the values that are filled in, however often it stands in the SQL."""
        found = {id(one): one for one in self.parameters if isinstance(one, Late)}
        return list(found.values())

    @cached_property
    def names(self) -> list[str]:
        return [column.target.attname for column in self.columns]


@dataclass(frozen=True)
class Prepared:
    """A question with its values."""

    written: Written
    values: Values
    # To be found in the same way whatever the values are: PostgreSQL keeps how, since for short
    # questions to plan takes longer than to answer. A period may be a day or all of time.
    has_one_plan: bool

    def rows(self) -> list[Any]:
        """As instances of the model; a column that was not asked for is fetched when read."""
        return self._as_instances(self.tuples())

    def first(self, most: int) -> tuple[list[Any], int]:
        """So many of the rows, and how many there are."""
        found = self._answer(self.written.sql)
        return self._as_instances(self._converted(found[:most])), len(found)

    def tuples(self) -> Iterator[list[Any]]:
        return self._converted(self._answer(self.written.sql))

    def _as_instances(self, rows: Iterable[list[Any]]) -> list[Any]:
        alias, from_db, names = reading.alias(), self.written.model.from_db, self.written.names
        return [from_db(alias, names, row) for row in rows]

    def _converted(self, found: list[Any]) -> Iterator[list[Any]]:
        connection = connections[reading.alias()]
        for row in map(list, found):
            for place, (converters, column) in self.written.converters:
                for convert in converters:
                    row[place] = convert(row[place], column, connection)
            yield row

    def count(self) -> int:
        sql = f"SELECT COUNT(*) FROM ({self.written.sql}) AS found"  # noqa: S608 - Django wrote it
        ((found,),) = self._answer(sql)
        return found

    def _answer(self, sql: str) -> list[Any]:
        connection = connections[reading.alias()]
        values = {**self.values, NOW.name: [clock.now()]}
        # The instant alone stands in a question some thirty times.
        put = {id(one): one.value(values, connection) for one in self.written.late}
        parameters = [
            put[id(one)] if isinstance(one, Late) else one for one in self.written.parameters
        ]
        with cursor_of(connection, keeps_plans=self.has_one_plan) as cursor:
            cursor.execute(sql, parameters)
            return cursor.fetchall()


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
            name: [Late(name, place, one) for place, one in enumerate(given)]
            for name, given in values.items()
        }
        written = _known[whole] = Written(build(**late))
    return Prepared(written, values, has_one_plan)


def forget() -> None:
    _known.clear()
