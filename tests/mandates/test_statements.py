"""A public statement stands as it was made: it can be withdrawn, once, or corrected by another."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import QuerySet

from mandates.models import Statement
from tests import factories
from tests.kernel.reading import day, entries, instant, story
from tradeinit.publication.current import PastTheGate
from tradeinit.publication.gate import writing

pytestmark = pytest.mark.django_db

# Each column that states the fact, with another value for it.
OTHER_VALUES: dict[str, Any] = {
    "id": 1_000_000,
    "uid": "00000000-0000-0000-0000-000000000001",
    "initiative_id": None,
    "chapter_id": 1,
    "agreement_id": 1,
    "value": "ended",
    "effective_on": date(1999, 1, 1),
    "precision": "year",
    "claimed_by_id": 1,
    "wording": "Words that nobody said.",
    "disclosed_on": date(1999, 1, 1),
    "corrects_id": 1,
    "public_from": None,
}
FREE = {"version", "withdrawn_at", "withdrawal_reason"}


@pytest.fixture
def statement() -> Statement:
    """Public by the database's own clock as well, which the triggers ask."""
    return factories.statement(value="negotiating", wording="As the parties put it.")


def as_stored(row: Statement) -> dict[str, Any]:
    return Statement.objects.filter(pk=row.pk).values().get()


def test_every_column_of_a_statement_is_either_a_fact_or_free() -> None:
    columns = {field.attname for field in Statement._meta.concrete_fields}

    assert columns == set(OTHER_VALUES) | FREE


@pytest.mark.parametrize("column", [name for name in OTHER_VALUES if name != "id"])
def test_a_public_statement_is_not_changed_by_a_save(statement: Statement, column: str) -> None:
    before = as_stored(statement)
    row = Statement.objects.get()
    setattr(row, column, OTHER_VALUES[column])

    with pytest.raises(ValidationError), writing(reason="To make it so."):
        row.save()

    assert as_stored(statement) == before


@pytest.mark.parametrize("column", OTHER_VALUES)
def test_nor_by_an_update_past_the_gate(statement: Statement, column: str) -> None:
    before = as_stored(statement)

    with pytest.raises(DatabaseError, match="cannot be changed"), transaction.atomic():
        QuerySet(Statement).filter(pk=statement.pk).update(**{column: OTHER_VALUES[column]})

    assert as_stored(statement) == before


@pytest.mark.parametrize("column", OTHER_VALUES)
def test_nor_by_sql(statement: Statement, column: str) -> None:
    before = as_stored(statement)

    with pytest.raises(DatabaseError, match="cannot be changed"), transaction.atomic():
        sql(
            f"UPDATE mandates_statement SET {column} = %s WHERE id = %s",
            adapted(OTHER_VALUES[column]),
            statement.pk,
        )

    assert as_stored(statement) == before


@pytest.mark.parametrize("manager", ["objects", "_base_manager", "_default_manager"])
def test_the_orm_offers_no_update(statement: Statement, manager: str) -> None:
    with pytest.raises(PastTheGate), writing():
        getattr(Statement, manager).update(value="ended")


def delete_row(row: Statement) -> None:
    with writing():
        row.delete()


def delete_queryset(row: Statement) -> None:
    with writing():
        Statement.objects.all().delete()


def delete_raw(row: Statement) -> None:
    QuerySet(Statement).filter(pk=row.pk)._raw_delete("default")


def delete_by_sql(row: Statement) -> None:
    sql("DELETE FROM mandates_statement WHERE id = %s", row.pk)


@pytest.mark.parametrize("delete", [delete_row, delete_queryset, delete_raw, delete_by_sql])
@pytest.mark.parametrize("withdrawn", [False, True])
def test_what_was_ever_stated_is_not_deleted(
    statement: Statement, delete: Callable[[Statement], None], withdrawn: bool
) -> None:
    if withdrawn:
        factories.withdraw(statement)

    with pytest.raises((ValidationError, DatabaseError), match="cannot be deleted"), undo_only():
        delete(statement)

    assert Statement.objects.get() == statement


def test_a_public_statement_is_withdrawn_once_with_a_reason(statement: Statement) -> None:
    factories.withdraw(statement, reason="The source was misread.")

    assert story(statement) == ["published", "withdrawn"]
    assert entries(statement)[-1].reason == "The source was misread."
    with pytest.raises(ValidationError, match="stands as it was made"):
        factories.edit(statement, withdrawal_reason="For another reason.")
    with pytest.raises(ValidationError, match="stands as it was made"):
        factories.edit(Statement.objects.get(), withdrawn_at=None, withdrawal_reason="")


@pytest.mark.parametrize(
    "change", [{"withdrawal_reason": "Another."}, {"withdrawn_at": None}, {"withdrawn_at": 1}]
)
def test_nor_does_the_database_let_a_withdrawal_be_changed(
    statement: Statement, change: dict[str, Any]
) -> None:
    factories.withdraw(statement)
    change = {name: instant(value) if value == 1 else value for name, value in change.items()}

    with pytest.raises(DatabaseError, match="cannot be changed"), transaction.atomic():
        QuerySet(Statement).filter(pk=statement.pk).update(**change)


def test_a_withdrawal_without_a_reason_is_refused(statement: Statement) -> None:
    with pytest.raises(IntegrityError):
        factories.withdraw(statement, reason="")

    statement.refresh_from_db()
    assert statement.withdrawn_at is None


def test_a_withdrawal_changes_nothing_else(statement: Statement) -> None:
    with pytest.raises(ValidationError, match="stands as it was made"):
        factories.edit(
            statement,
            value="ended",
            withdrawn_at=factories.PUBLISHED,
            withdrawal_reason="And in passing ...",
        )


def test_a_public_statement_may_be_given_another_source(statement: Statement) -> None:
    factories.citation(record=statement)

    assert story(statement) == ["published", "corrected"]


def test_saving_a_public_statement_unchanged_is_no_offence(statement: Statement) -> None:
    with writing():
        Statement.objects.get().save()

    assert story(statement) == ["published"]


@pytest.mark.parametrize("public_from", [None, instant(5)], ids=["draft", "embargoed"])
@pytest.mark.parametrize("way", ["save", "sql", "delete"])
def test_until_it_is_public_a_statement_may_be_changed_and_deleted(
    public_from: Any, way: str
) -> None:
    with day(0):
        row = factories.statement(public_from=public_from)

    with day(1):
        if way == "save":
            factories.edit(row, value="ended", effective_on=date(2022, 12, 1))
        elif way == "sql":
            QuerySet(Statement).filter(pk=row.pk).update(value="ended")
        else:
            delete_row(row)

    expected = [] if way == "delete" else ["ended"]
    assert list(Statement.objects.values_list("value", flat=True)) == expected


# What a statement is


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"initiative": None}, "exactly one thing"),
        ({"chapter": "a chapter"}, "exactly one thing"),
        ({"value": "consolidated"}, "cannot be said of this subject"),
        ({"initiative": None, "chapter": "a chapter"}, "cannot be said of this subject"),
        ({"disclosed_on": None}, "on which day the statement became known"),
        ({"corrects": "itself"}, "cannot correct itself"),
    ],
)
def test_a_statement_that_makes_no_sense_is_refused_in_words_and_by_the_database(
    statement: Statement, fields: dict[str, Any], message: str
) -> None:
    with day(0):
        stand_ins = {
            "a chapter": factories.chapter(initiative=statement.initiative),
            "itself": factories.statement(public=False),
        }
    row = stand_ins["itself"]
    row.public_from = factories.PUBLISHED
    for name, value in fields.items():
        setattr(row, name, stand_ins.get(value, value) if isinstance(value, str) else value)

    with pytest.raises(ValidationError, match=message):
        row.full_clean()
    with pytest.raises(IntegrityError), writing():
        row.save()


@pytest.mark.parametrize("name", ["claimed_by", "corrects"])
def test_a_statement_speaks_of_its_own_case(statement: Statement, name: str) -> None:
    with day(0):
        other = factories.initiative()
        row = factories.statement(initiative=other, public=False)
        claimant = factories.initiative_party(initiative=statement.initiative)
    setattr(row, name, {"claimed_by": claimant, "corrects": statement}[name])

    with pytest.raises(ValidationError) as refused:
        row.full_clean()

    assert list(refused.value.message_dict) == [name]


def sql(statement: str, *parameters: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def adapted(value: Any) -> Any:
    """As the database takes it in plain SQL."""
    if isinstance(value, str) and len(value) == 36 and connection.vendor == "sqlite":
        return value.replace("-", "")
    return value.isoformat() if isinstance(value, date) else value


def undo_only() -> Any:
    """A savepoint in which a writing may open as well."""
    atomic = transaction.atomic()
    atomic._from_testcase = True
    return atomic
