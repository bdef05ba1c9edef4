"""Records being made and changed by one import, each noted so that all can be taken back."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Model

from mandates.models import Citation, Document, Initiative
from rounds.exporting import Describer, own_columns
from rounds.importing.report import Place, Report
from rounds.models import ActionItem
from tradeinit.publication.models import Part, Publishable

# Fields of the records by the column of the sheet that fills them.
COLUMN_OF = {
    "title": "initiative",
    "name": "parties",
    "label": "title",
    "number": "round_number",
    "start": "start_date",
    "end": "end_date",
    "wording": "start_date",
    "mode": "mode",
    "city": "city",
    "country": "country",
    "address": "source_url",
}


class Batch:
    def __init__(self, report: Report) -> None:
        self.report = report
        self._before: dict[tuple[type[Model], Any], dict[str, Any] | None] = {}
        self._order: list[Model] = []
        self._describer = Describer()

    def make(self, row: Model, place: Place, columns: Mapping[str, str] = COLUMN_OF) -> bool:
        """Check and save a new row; what is wrong goes into the report, by its column."""
        # The constraints, four queries a row, are left to the database: what is new was read and
        # compared so that it keeps to them.
        if not self._is_right(row, place, columns, constraints=False):
            return False
        row.save()
        self._note(row, None)
        resource = row.resource if isinstance(row, Publishable) else row._meta.verbose_name_plural
        self.report.make(row, str(resource))
        return True

    def change(
        self,
        row: Publishable | Part,
        values: Mapping[str, Any],
        place: Place,
        columns: Mapping[str, str] = COLUMN_OF,
    ) -> None:
        """Set what differs, in a draft or a part of one; what is cleared stays as it is."""
        owner = row.owner if isinstance(row, Part) else row
        differing = {
            name: (getattr(row, name), value)
            for name, value in values.items()
            if getattr(row, name) != value
        }
        if not differing:
            return
        told = "; ".join(
            f"{name}: {_shown(row, name, old)} → {_shown(row, name, new)}"
            for name, (old, new) in differing.items()
        )
        if owner.public_from is not None:
            self.report.open(
                place,
                f"“{owner}” is cleared and stays as it is, though {told}. "
                "It is corrected at the desk, with a reason.",
                _correction(row, owner, {name: values[name] for name in differing}),
            )
            return
        before, known_as = self.describe(owner), str(owner)
        for name, (_old, new) in differing.items():
            setattr(row, name, new)
        if self._is_right(row, place, columns):
            row.save()
            self._changed(owner, before)
            self.report.tell(place, f"changed “{known_as}”: {told}.")

    def add(self, part: Part, place: Place, words: str) -> None:
        """Give a draft a part it lacks."""
        owner = part.owner
        new = self._before.get((type(owner), owner.pk), {}) is None
        if owner.public_from is not None and not new:
            own = [name for name in own_columns(type(part)) if getattr(part, name)]
            self.report.open(
                place,
                f"“{owner}” is cleared and stays as it is, without {words}.",
                _correction(part, owner, {name: getattr(part, name) for name in own}),
            )
            return
        before = None if new else self.describe(owner)
        if self._is_right(part, place, COLUMN_OF, constraints=False):
            part.save()
            if not new:
                self._changed(owner, before)
                self.report.tell(place, f"added to “{owner}”: {words}.")

    def cite(self, row: Any, documents: list[Document], place: Place) -> None:
        if not documents:
            return
        cited = set(row.citations.order_by().values_list("document_id", flat=True))
        for document in documents:
            if document.pk not in cited:
                self.add(
                    Citation(record=row, document=document),
                    place.at("source_url"),
                    f"the source {document.address}",
                )

    def leave_to_staff(self, case: Initiative, text: str, place: Place, **about: Any) -> None:
        """Words that the record has no place for are kept where staff see them, once."""
        if ActionItem.objects.filter(initiative=case, text=text, **about).exists():
            return
        if self.make(ActionItem(initiative=case, text=text, **about), place):
            self.report.tell(place, f"new action item: {text}")

    def describe(self, row: Publishable) -> dict[str, Any]:
        return self._describer.one(row)

    def written(self) -> list[dict[str, Any]]:
        """What taking it back needs, in the order in which it was made."""
        told = []
        for row in self._order:
            stored = type(row)._base_manager.get(pk=row.pk)
            told.append(
                {
                    "model": row._meta.label_lower,
                    "pk": row.pk,
                    "name": str(row)[:120],
                    "version": getattr(stored, "version", None),
                    "before": self._before[type(row), row.pk],
                }
            )
        return told

    def _changed(self, row: Publishable, before: dict[str, Any] | None) -> None:
        if (type(row), row.pk) not in self._before:
            self._note(row, before)
            self.report.changed[row.resource] += 1

    def _note(self, row: Model, before: dict[str, Any] | None) -> None:
        self._before[type(row), row.pk] = before
        self._order.append(row)

    def _is_right(
        self, row: Model, place: Place, columns: Mapping[str, str], constraints: bool = True
    ) -> bool:
        try:
            row.full_clean(validate_constraints=constraints)
        except ValidationError as error:
            for name, problems in error.message_dict.items():
                column = "" if name == NON_FIELD_ERRORS else columns.get(name, name)
                self.report.wrong(place.at(column), " ".join(problems))
            return False
        return True


def _correction(
    row: Publishable | Part, owner: Publishable, values: Mapping[str, Any]
) -> dict[str, Any]:
    """What leads to the form of a record that is cleared, with values as the form holds them."""
    entered = {
        # A document that the sheet brings along is not there before the import is recorded.
        name: value.address if isinstance(value, Document) else "" if value is None else str(value)
        for name, value in values.items()
    }
    told: dict[str, Any] = {"resource": owner.resource, "uid": str(owner.uid)}
    if row is owner:
        return told | {"values": entered, "parts": []}
    part = {"kind": row._meta.model_name, "pk": row.pk, "values": entered}
    return told | {"values": {}, "parts": [part]}


def _shown(row: Model, name: str, value: Any) -> str:
    if value in (None, ""):
        return "empty"
    field: Any = row._meta.get_field(name)
    return str(dict(field.flatchoices).get(value, value))
