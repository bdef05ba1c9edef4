"""History of every tracked row, written by the gate with the gate's stamp."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import connection, models
from simple_history.models import HistoricalRecords
from simple_history.utils import get_m2m_field_name


class History(HistoricalRecords):
    """django-simple-history, told when to write: once a row and writing, relations included."""

    def __init__(self) -> None:
        reason = models.TextField(null=True)
        super().__init__(inherit=True, history_change_reason_field=reason)

    def record(
        self,
        model: type[models.Model],
        pks: Collection[Any],
        history_type: str,
        at: datetime,
        actor: Any,
        reason: str,
    ) -> None:
        """Write a history row for each row, with its many-to-many rows.

        The database copies them: none needs to come here and go back.
        """
        historical = model.history.model  # type: ignore[attr-defined]  # put there by the package
        told = {
            "history_date": at,
            "history_type": history_type,
            "history_user": actor and actor.pk,
            "history_change_reason": reason or None,
        }
        _copy_rows(model, historical, pks, told)
        for field in self.get_m2m_fields_from_model(model):
            _copy_links(field, self.m2m_models[field], historical, pks, at)


def _copy_rows(
    model: Any,
    historical: Any,
    pks: Collection[Any],
    told: dict[str, Any],
) -> None:
    """Copy some rows of ``model`` to its history, beside columns with one value for them all."""
    quote, own = connection.ops.quote_name, historical._meta.get_field
    fields = {own(name): value for name, value in told.items()}
    values = [field.get_db_prep_save(value, connection) for field, value in fields.items()]
    same = [quote(field.column) for field in historical.tracked_fields]
    columns = ", ".join([*same, *(quote(field.column) for field in fields)])
    given = ", ".join([*same, *("%s" for _ in values)])
    some = ", ".join("%s" for _ in pks)
    sql = (
        f"INSERT INTO {quote(historical._meta.db_table)} ({columns}) "  # noqa: S608 - names of ours
        f"SELECT {given} FROM {quote(model._meta.db_table)} "
        f"WHERE {quote(model._meta.pk.column)} IN ({some})"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, *pks])


def _copy_links(field: Any, copy: Any, historical: Any, pks: Collection[Any], at: datetime) -> None:
    """Copy the links of some rows beside the history rows that were just written for them."""
    quote, through = connection.ops.quote_name, field.remote_field.through
    side = quote(through._meta.get_field(get_m2m_field_name(field)).column)
    key = quote(historical._meta.get_field(field.model._meta.pk.name).column)
    same = [quote(column.column) for column in through._meta.fields]
    columns = ", ".join([*same, quote(copy._meta.get_field("history").column)])
    given = ", ".join(f"link.{column}" for column in same)
    some = ", ".join("%s" for _ in pks)
    sql = (
        f"INSERT INTO {quote(copy._meta.db_table)} ({columns}) "  # noqa: S608 - names of ours
        f"SELECT {given}, told.history_id FROM {quote(through._meta.db_table)} link "
        f"JOIN {quote(historical._meta.db_table)} told "
        f"ON told.{key} = link.{side} AND told.history_date = %s WHERE link.{side} IN ({some})"
    )
    written = historical._meta.get_field("history_date").get_db_prep_save(at, connection)
    with connection.cursor() as cursor:
        cursor.execute(sql, [written, *pks])
