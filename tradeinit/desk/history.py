"""What happened to a record, in words: its own fields, its relations, and what stands below it.

The gate stamps all that one save changed with one instant, so a save is told as one moment.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.admin.utils import label_for_field
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils.text import capfirst

from tradeinit.desk.values import in_words, key, of_version
from tradeinit.publication import registry
from tradeinit.publication.models import Part, Publishable

# Of the rows below a record, so many of the last changes are told on its page.
MOST_BELOW = 200


@dataclass(frozen=True)
class Change:
    label: str
    old: str
    new: str


@dataclass
class Below:
    """What a save did to one row below the record."""

    kind: str
    name: str
    # "added", "removed" or "changed"
    what: str
    changes: list[Change]
    address: str = ""


@dataclass
class Moment:
    """One save: when, who, why, and what it changed."""

    at: datetime
    who: Any
    why: str
    # Of the record itself; none where only something below it changed.
    version: int | None = None
    first: bool = False
    changes: list[Change] = field(default_factory=list)
    below: list[Below] = field(default_factory=list)


def moments(row: Any) -> list[Moment]:
    """All that is known of a record and of what stands below it, the newest first."""
    told: dict[datetime, Moment] = {}
    versions = list(_of_one(row.history.model, id=row.pk))
    for older, newer in zip([None, *versions], versions, strict=False):
        told[newer.history_date] = Moment(
            newer.history_date,
            newer.history_user,
            newer.history_change_reason or "",
            version=newer.version,
            first=older is None,
            changes=changes_between(older, newer, row) if older else [],
        )
    stamps = sorted(told)
    for model in parts_of(type(row)):
        rows = _of_one(model.history.model, **owned_by(model, row))
        for at, event in _events(model, rows, owner=row):
            # A removal is dated when it is done, a moment before the stamp of its save.
            stamp = next((stamp for stamp in stamps if stamp >= at.history_date), at.history_date)
            _moment(told, stamp, at).below.append(event)
    for model, parent in registry.children_of(type(row)):
        history = model.history.model
        rows = _of_one(history, **{f"{parent}_id": row.pk})
        for at, event in list(_events(model, rows, owner=row))[-MOST_BELOW:]:
            _moment(told, at.history_date, at).below.append(event)
    return sorted(told.values(), key=lambda moment: moment.at, reverse=True)


def _of_one(history: Any, **of: Any) -> Any:
    """The versions of one row, or of all rows of one owner, the oldest first."""
    found = history.objects.filter(**of).select_related("history_user")
    return found.order_by("history_date", "history_id")


def _moment(told: dict[datetime, Moment], at: datetime, version: Any) -> Moment:
    if at not in told:
        told[at] = Moment(at, version.history_user, version.history_change_reason or "")
    return told[at]


def _events(model: Any, versions: Iterable[Any], owner: Any) -> Iterable[tuple[Any, Below]]:
    before: dict[Any, Any] = {}
    kind = str(model._meta.verbose_name)
    for version in versions:
        older, row = before.get(version.id), version.instance
        before[version.id] = version
        what = {"+": "added", "-": "removed"}.get(version.history_type, "changed")
        if what == "changed" and older is not None:
            changes = changes_between(older, version, row)
            if not changes:
                continue
        else:
            changes = [
                Change(one.label, "", one.new)
                if what == "added"
                else Change(one.label, one.old, "")
                for one in _filled(version, row, owner)
            ]
        address = ""
        if issubclass(model, Publishable):
            name = f"admin:{model._meta.app_label}_{model._meta.model_name}_history"
            address = reverse(name, args=[version.id])
        yield version, Below(kind, str(row), what, changes, address)


def _filled(version: Any, row: Any, owner: Any) -> list[Change]:
    """The fields of a row that say something, for one that was added or removed."""
    found = []
    for name in fields_of(type(row)):
        column = row._meta.get_field(name)
        if column.remote_field and column.related_model is type(owner):
            continue
        value = of_version(version, row, name)
        if value not in (None, "", [], False) and value != column.get_default():
            words = in_words(value, row, name)
            found.append(Change(label_of(row, name), words, words))
    return found


def changes_between(older: Any, newer: Any, row: Any) -> list[Change]:
    """What differs between two versions of one row."""
    found = []
    for name in fields_of(type(row)):
        old, new = of_version(older, row, name), of_version(newer, row, name)
        if key(old) != key(new):
            found.append(
                Change(label_of(row, name), in_words(old, row, name), in_words(new, row, name))
            )
    return found


def fields_of(model: Any) -> list[str]:
    left_out = {"id", "uid", "version", *_columns_of_owner(model)}
    many = {field.name for field in model._meta.many_to_many}
    tracked = [field.name for field in model.history.model.tracked_fields]
    return [
        name
        for name in [*tracked, *(one for one in getattr(model, "_history_m2m_fields", ()))]
        if name not in left_out and (name in many or name in tracked)
    ]


def _columns_of_owner(model: Any) -> set[str]:
    if not issubclass(model, Part):
        return set()
    owner = model._meta.get_field(model.owner_field)
    if isinstance(owner, GenericForeignKey):
        return {owner.ct_field, owner.fk_field}
    return {owner.name}


def label_of(row: Any, name: str) -> str:
    return capfirst(str(label_for_field(name, type(row))))


# Parts


def parts_of(model: Any) -> list[Any]:
    """The kinds of part that a record of this model owns."""
    return [part for part in _kinds_of_part() if owned_by(part, model()) is not None]


def _kinds_of_part() -> list[Any]:
    return [part for part in Part.__subclasses__() if not part._meta.abstract]


def owned_by(part: Any, row: Any) -> Any:
    """How to ask for the parts of this row, or nothing where it can have none."""
    owner = part._meta.get_field(part.owner_field)
    if isinstance(owner, GenericForeignKey):
        if not any(relation.related_model is part for relation in row._meta.private_fields):
            return None
        kind = ContentType.objects.get_for_model(type(row))
        return {f"{owner.ct_field}_id": kind.pk, owner.fk_field: row.pk}
    return {f"{owner.name}_id": row.pk} if owner.related_model is type(row) else None


def parts_at(part: Any, row: Any, at: datetime) -> dict[Any, Any]:
    """The parts of a row as they stood at an instant, by primary key."""
    last: dict[Any, Any] = {}
    for version in _of_one(part.history.model, **owned_by(part, row)).filter(history_date__lte=at):
        last[version.id] = version
    return {pk: version for pk, version in last.items() if version.history_type != "-"}


# Comparing


def compared(row: Any, older: Any, newer: Any) -> list[Change]:
    """Two versions of a record, with the parts that each had."""
    found = changes_between(older, newer, row)
    for part in parts_of(type(row)):
        old, new = (
            "\n".join(_parts_in_words(part, row, version.history_date))
            for version in (older, newer)
        )
        if old != new:
            label = capfirst(str(part._meta.verbose_name_plural))
            found.append(Change(label, old or "none", new or "none"))
    return found


def _parts_in_words(part: Any, row: Any, at: datetime) -> list[str]:
    return [
        ", ".join(f"{one.label}: {one.new}" for one in _filled(version, version.instance, row))
        for version in parts_at(part, row, at).values()
    ]


def version_of(row: Any, number: Any) -> Any:
    """One version of a record as its history holds it; nothing where there is none."""
    if not str(number).isdecimal():
        return None
    return row.history.filter(version=number).order_by("-history_id").first()
