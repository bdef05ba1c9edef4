"""History of every tracked row, written by the gate with the gate's stamp."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import models
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
        rows: Iterable[models.Model],
        history_type: str,
        at: datetime,
        actor: Any,
        reason: str,
    ) -> None:
        """Write a history row for each of ``rows``, with its many-to-many rows."""
        historical = model.history.model  # type: ignore[attr-defined]  # put there by the package
        written = historical.objects.bulk_create(
            [
                historical(
                    history_date=at,
                    history_type=history_type,
                    history_user=actor,
                    history_change_reason=reason or None,
                    **{f.attname: getattr(row, f.attname) for f in historical.tracked_fields},
                )
                for row in rows
            ],
            batch_size=500,
        )
        of_row = {getattr(entry, model._meta.pk.attname): entry for entry in written}
        for field in self.get_m2m_fields_from_model(model):
            through, copy = field.remote_field.through, self.m2m_models[field]
            side = get_m2m_field_name(field)
            copy.objects.bulk_create(
                [
                    copy(
                        history=of_row[getattr(link, f"{side}_id")],
                        **{f.attname: getattr(link, f.attname) for f in through._meta.fields},
                    )
                    for link in through.objects.filter(**{f"{side}__in": of_row})
                ],
                batch_size=500,
            )
