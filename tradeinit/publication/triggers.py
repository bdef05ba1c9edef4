"""What the database itself refuses, whoever asks: the log is append-only, and so is the ledger.

Triggers are set anew after every ``migrate``, not by a migration: SQLite alters a table by making
another, and the triggers of the old one go with it.

A trigger raises IntegrityError on SQLite and ProgrammingError on PostgreSQL: catch DatabaseError.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connections

# SQLite's clock counts milliseconds; the stamp of an entry written just now may be one ahead.
SQLITE_NOW = "strftime('%Y-%m-%d %H:%M:%f', 'now', '+0.001 seconds')"
POSTGRESQL_NOW = "clock_timestamp()"


@dataclass(frozen=True)
class Trigger:
    """Refuses an UPDATE or DELETE of rows of ``table`` for which ``when`` holds.

    ``when`` is SQL over OLD and NEW, with ``{now}`` for the database's clock.
    """

    name: str
    table: str
    event: str
    when: str
    message: str

    def create(self, vendor: str) -> list[str]:
        if vendor == "sqlite":
            when = self.when.format(now=SQLITE_NOW, differs="IS NOT")
            return [
                f"CREATE TRIGGER {self.name} BEFORE {self.event} ON {self.table} "
                f"FOR EACH ROW WHEN {when} BEGIN SELECT RAISE(ABORT, '{self.message}'); END"
            ]
        when = self.when.format(now=POSTGRESQL_NOW, differs="IS DISTINCT FROM")
        kept = "OLD" if self.event == "DELETE" else "NEW"
        statements = [
            f"CREATE FUNCTION {self.name}() RETURNS trigger LANGUAGE plpgsql AS $$ "
            f"BEGIN IF TG_OP = 'TRUNCATE' OR {when} THEN RAISE EXCEPTION '{self.message}'; END IF; "
            f"RETURN {kept}; END $$",
            f"CREATE TRIGGER {self.name} BEFORE {self.event} ON {self.table} "
            f"FOR EACH ROW EXECUTE FUNCTION {self.name}()",
        ]
        if self.event == "DELETE":
            statements.append(
                f"CREATE TRIGGER {self.name}_of_all BEFORE TRUNCATE ON {self.table} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION {self.name}()"
            )
        return statements

    def drop(self, vendor: str) -> list[str]:
        if vendor == "sqlite":
            return [f"DROP TRIGGER IF EXISTS {self.name}"]
        return [
            f"DROP TRIGGER IF EXISTS {self.name} ON {self.table}",
            f"DROP TRIGGER IF EXISTS {self.name}_of_all ON {self.table}",
            f"DROP FUNCTION IF EXISTS {self.name}()",
        ]


LOG = (
    Trigger(
        name="publication_sealed_update",
        table="tradeinit_publication",
        event="UPDATE",
        when="OLD.at <= {now}",
        message="A sealed publication cannot be changed.",
    ),
    Trigger(
        name="publication_sealed_delete",
        table="tradeinit_publication",
        event="DELETE",
        when="OLD.at <= {now}",
        message="A sealed publication cannot be deleted.",
    ),
)


_triggers: list[Trigger] = [*LOG]


def register(triggers: Iterable[Trigger]) -> None:
    """Called by an app's ``ready()`` for tables of its own."""
    _triggers.extend(triggers)


def registered() -> list[Trigger]:
    return list(_triggers)


def install_after_migrate(using: str, **_kwargs: Any) -> None:
    install(connections[using])


def install(connection: Any) -> None:
    remove(connection)
    _execute(connection, "create")


def remove(connection: Any) -> None:
    _execute(connection, "drop")


def _execute(connection: Any, verb: str) -> None:
    present = connection.introspection.table_names()
    with connection.cursor() as cursor:
        for trigger in _triggers:
            if trigger.table in present:
                for statement in getattr(trigger, verb)(connection.vendor):
                    cursor.execute(statement)
