"""Writing rows whose keys nobody asks for: the log, and the index that is derived from it.

Django makes one statement of the values of many rows, which psycopg quotes in Python, and asks for
every new key. PostgreSQL can copy them, which takes a fifth of the time.
"""

from collections.abc import Iterable
from itertools import chain
from typing import Any

from django.db import connections, models, router

from tradeinit.publication.instants import chunks


def append(rows: Iterable[models.Model]) -> None:
    """The bulk way of ``save()`` for new rows of one kind; in memory they get no key."""
    for some in chunks(rows):
        _append(type(some[0]), some)


def _append(model: type[models.Model], rows: list[Any]) -> None:
    connection: Any = connections[router.db_for_write(model)]
    quote = connection.ops.quote_name
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    columns = ", ".join(quote(field.column) for field in fields)
    table = f"{quote(model._meta.db_table)} ({columns})"
    values = [
        [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]
        for row in rows
    ]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            given = ", ".join([f"({', '.join('%s' for _ in fields)})"] * len(rows))
            sql = f"INSERT INTO {table} VALUES {given}"  # noqa: S608 - names of ours
            cursor.execute(sql, list(chain.from_iterable(values)))
            return
        with connection.wrap_database_errors, cursor.copy(f"COPY {table} FROM STDIN") as target:
            for row in values:
                target.write_row(row)
