"""What the database refuses, whoever asks it and however."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet

from rounds.models import Round
from tests import factories
from tests.kernel.reading import day, entries, instant, story
from tradeinit.publication import triggers
from tradeinit.publication.models import Publication

pytestmark = pytest.mark.django_db


@contextmanager
def refused() -> Iterator[None]:
    with pytest.raises(DatabaseError, match="sealed publication cannot be"), transaction.atomic():
        yield


def sql(statement: str, *parameters: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def update_row(entry: Publication) -> None:
    entry.reason = "Never said."
    entry.save()


def delete_row(entry: Publication) -> None:
    entry.delete()


def update_queryset(entry: Publication) -> None:
    Publication.objects.filter(pk=entry.pk).update(at=instant(1))


def update_base_manager(entry: Publication) -> None:
    Publication._base_manager.filter(pk=entry.pk).update(body="{}")


def bulk_update(entry: Publication) -> None:
    entry.digest = "0" * 64
    Publication.objects.bulk_update([entry], ["digest"])


def delete_queryset(entry: Publication) -> None:
    Publication.objects.filter(pk=entry.pk).delete()


def raw_delete(entry: Publication) -> None:
    QuerySet(Publication).filter(pk=entry.pk)._raw_delete("default")


def sql_update(entry: Publication) -> None:
    sql("UPDATE tradeinit_publication SET number = 7 WHERE id = %s", entry.pk)


def sql_delete(entry: Publication) -> None:
    sql("DELETE FROM tradeinit_publication WHERE id = %s", entry.pk)


def sql_replace(entry: Publication) -> None:
    """What SQLite calls a conflict resolution: an insertion that deletes."""
    columns = "id, at, uid, resource, root, number, action, reason, body, digest"
    told = "id, at, uid, resource, root, 7, action, reason, body, digest"
    stored = f"SELECT {told} FROM tradeinit_publication WHERE id = %s"
    if connection.vendor == "sqlite":
        sql(f"REPLACE INTO tradeinit_publication ({columns}) {stored}", entry.pk)
    else:
        upsert = "ON CONFLICT (id) DO UPDATE SET number = EXCLUDED.number"
        sql(f"INSERT INTO tradeinit_publication ({columns}) {stored} {upsert}", entry.pk)


WAYS = [
    update_row,
    delete_row,
    update_queryset,
    update_base_manager,
    bulk_update,
    delete_queryset,
    raw_delete,
    sql_update,
    sql_delete,
    sql_replace,
]


@pytest.mark.parametrize("write", WAYS)
def test_a_sealed_entry_is_neither_changed_nor_deleted(
    write: Callable[[Publication], None],
) -> None:
    row = factories.round()
    (sealed,) = Publication.objects.filter(uid=row.uid).values()

    with refused():
        write(Publication.objects.get(uid=row.uid))

    assert list(Publication.objects.filter(uid=row.uid).values()) == [sealed]


@pytest.mark.parametrize("write", WAYS)
def test_nor_is_one_that_was_sealed_a_moment_ago(write: Callable[[Publication], None]) -> None:
    """At the clock of the database, not one that a test holds."""
    row = factories.party(public=False)
    row.public_from = factories.PUBLISHED
    with factories.writing():
        row.save()

    with refused():
        write(Publication.objects.get(uid=row.uid))


@pytest.mark.parametrize("write", WAYS)
def test_an_entry_that_lies_ahead_may_be_replaced(write: Callable[[Publication], None]) -> None:
    with day(0):
        row = factories.round(public_from=instant(3))

    write(entries(row)[0])


@pytest.mark.parametrize("table", ["tradeinit_publication", "mandates_statement"])
def test_the_log_and_the_ledger_are_not_emptied_in_one_stroke(table: str) -> None:
    factories.statement()
    if connection.vendor == "sqlite":
        statement = f"DELETE FROM {table}"
    else:
        statement = f"TRUNCATE {table} CASCADE"
        # Else PostgreSQL refuses because the foreign keys of this very test are yet unchecked.
        connection.check_constraints()

    with pytest.raises(DatabaseError, match="cannot be deleted"), transaction.atomic():
        sql(statement)


def test_the_gate_itself_replaces_what_lies_ahead_under_the_triggers() -> None:
    row = factories.round(public_from=instant(3))

    factories.edit(row, public_from=instant(4))

    assert [(entry.number, entry.at) for entry in entries(row)] == [(1, instant(4))]


def test_a_migration_leaves_the_triggers_in_place() -> None:
    call_command("migrate", verbosity=0)

    assert installed() == sorted(trigger.name for trigger in triggers.registered())


def test_triggers_may_be_installed_over_themselves() -> None:
    triggers.install(connection)

    assert installed() == sorted(trigger.name for trigger in triggers.registered())


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_again", [1, 2])
def test_a_transactional_test_finds_the_triggers_and_leaves_no_rows(_again: int) -> None:
    assert Publication.objects.count() == Round.objects.count() == 0
    assert installed() == sorted(trigger.name for trigger in triggers.registered())

    row = factories.round(venues=["Taipei"])
    factories.citation(record=row)

    with refused():
        delete_queryset(entries(row)[0])
    assert story(row) == ["published", "corrected"]


def installed() -> list[str]:
    """On the tables that refuse something; the index of the search has triggers of its own."""
    tables = sorted({trigger.table for trigger in triggers.registered()})
    some = ", ".join("%s" for _ in tables)
    query = {
        "sqlite": f"SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ({some})",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal "
        f"AND tgrelid::regclass::text IN ({some})",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(query, tables)
        # PostgreSQL has one more against TRUNCATE, by the function of the one against DELETE.
        return sorted({name.removesuffix("_of_all") for (name,) in cursor.fetchall()})
