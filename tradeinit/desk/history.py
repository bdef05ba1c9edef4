"""What happened to a record, in words: its own fields, its relations, and what stands below it.

The gate stamps all that one save changed with one instant, so a save is told as one moment.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.admin.utils import label_for_field
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from tradeinit.desk.values import in_words, key, of_version
from tradeinit.publication import registry
from tradeinit.publication.history import History
from tradeinit.publication.models import Part, Publishable, name_paths

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


class Past:
    """All versions of a record, of its parts, and of the records that stand in its form."""

    def __init__(self, row: Any, below: Iterable[Any] = ()) -> None:
        self.row = row
        self.versions = _versions(type(row), id=row.pk)
        self.parts = {part: _versions(part, **owned_by(part, row)) for part in parts_of(type(row))}
        self.below = {
            child: _versions(child, **{f"{name}_id": row.pk})
            for child, name in registry.children_of(type(row))
            if child in below
        }

    def version(self, number: Any) -> Any:
        """One version of the record; nothing where there is none."""
        found = [one for one in self.versions if str(one.version) == str(number)]
        return found[-1] if found else None

    def moments(self) -> list[Moment]:
        """All that is known of the record and of what stands below it, the newest first."""
        row = self.row
        told: dict[datetime, Moment] = {}
        for older, newer in zip([None, *self.versions], self.versions, strict=False):
            told[newer.history_date] = Moment(
                newer.history_date,
                newer.history_user,
                newer.history_change_reason or "",
                version=newer.version,
                first=older is None,
                changes=changes_between(older, newer, row) if older else [],
            )
        stamps = sorted(told)
        for part, versions in self.parts.items():
            for version, event in _events(part, versions, owner=row):
                # A removal is dated when it is done, a moment before the stamp of its save.
                at = version.history_date
                stamp = next((stamp for stamp in stamps if stamp >= at), at)
                _moment(told, stamp, version).below.append(event)
        for child, versions in self.below.items():
            for version, event in list(_events(child, versions, owner=row))[-MOST_BELOW:]:
                _moment(told, version.history_date, version).below.append(event)
        return sorted(told.values(), key=lambda moment: moment.at, reverse=True)

    def compared(self, older: Any, newer: Any) -> list[Change]:
        """Two versions of the record, with the parts that each had."""
        found = changes_between(older, newer, self.row)
        for part, versions in self.parts.items():
            old, new = (
                "\n".join(
                    ", ".join(f"{one.label}: {one.new}" for one in _filled(had, self.row))
                    for had in _standing(versions, version.history_date).values()
                )
                for version in (older, newer)
            )
            if old != new:
                label = capfirst(str(part._meta.verbose_name_plural))
                found.append(Change(label, old or "none", new or "none"))
        return found


def _versions(model: Any, **of: Any) -> list[Any]:
    """The versions of one row, or of all rows of one owner, the oldest first, with all names."""
    fields = [model._meta.get_field(name) for name in fields_of(model)]
    to_one = [one.name for one in fields if one.many_to_one and one.attname not in of]
    joined, fetched = name_paths(model, to_one)
    found = model.history.model.objects.filter(**of).select_related("history_user", *joined)
    rows = list(found.prefetch_related(*fetched).order_by("history_date", "history_id"))
    of_rows = {f"history__{column}": value for column, value in of.items()}
    for many in (one for one in fields if one.many_to_many):
        target = many.m2m_reverse_field_name()
        copies = History.m2m_models[many].objects.filter(**of_rows).select_related(target)
        links = defaultdict(list)
        for link in copies.order_by("pk"):
            links[link.history_id].append(link)
        for row in rows:
            row.links = {**getattr(row, "links", {}), many.name: links[row.pk]}
    return rows


def _row_of(version: Any, owner: Any) -> Any:
    """The row as it was, with what its name reads."""
    row = version.instance
    for name in row.named_by:
        field = row._meta.get_field(name)
        if not field.many_to_one:
            continue
        is_owner = isinstance(owner, field.related_model) and owner.pk == getattr(
            row, field.attname
        )
        named = owner if is_owner else getattr(version, name)
        if named is not None:
            setattr(row, name, named)
    return row


def _moment(told: dict[datetime, Moment], at: datetime, version: Any) -> Moment:
    if at not in told:
        told[at] = Moment(at, version.history_user, version.history_change_reason or "")
    return told[at]


def _events(model: Any, versions: Iterable[Any], owner: Any) -> Iterable[tuple[Any, Below]]:
    before: dict[Any, Any] = {}
    kind = str(model._meta.verbose_name)
    for version in versions:
        older, row = before.get(version.id), _row_of(version, owner)
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
                for one in _filled(version, owner)
            ]
        address = ""
        if issubclass(model, Publishable):
            name = f"admin:{model._meta.app_label}_{model._meta.model_name}_history"
            address = reverse(name, args=[version.id])
        yield version, Below(kind, str(row), what, changes, address)


def _filled(version: Any, owner: Any) -> list[Change]:
    """The fields of a row that say something, for one that was added or removed."""
    found = []
    row = version.instance
    for name in fields_of(type(row)):
        column = row._meta.get_field(name)
        if column.remote_field and column.related_model is type(owner):
            continue
        value = of_version(version, row, name)
        if value not in (None, "", [], False) and value != column.get_default():
            words = _in_words(version, row, name)
            found.append(Change(label_of(row, name), words, words))
    return found


def changes_between(older: Any, newer: Any, row: Any) -> list[Change]:
    """What differs between two versions of one row."""
    return [
        Change(label_of(row, name), _in_words(older, row, name), _in_words(newer, row, name))
        for name in fields_of(type(row))
        if key(of_version(older, row, name)) != key(of_version(newer, row, name))
    ]


def _in_words(version: Any, row: Any, name: str) -> str:
    """A field of a version that was read with all names."""
    field, value = row._meta.get_field(name), of_version(version, row, name)
    if field.many_to_many:
        target = field.m2m_reverse_field_name()
        return ", ".join(str(getattr(link, target)) for link in version.links[name]) or _("empty")
    if field.remote_field and value is not None:
        # What was deleted since has no name.
        return str(getattr(version, name) or value)
    return in_words(value, row, name)


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
    return _standing(_versions(part, **owned_by(part, row)), at)


def _standing(versions: Iterable[Any], at: datetime) -> dict[Any, Any]:
    last = {version.id: version for version in versions if version.history_date <= at}
    return {pk: version for pk, version in last.items() if version.history_type != "-"}


def version_of(row: Any, number: Any) -> Any:
    """One version of a record as its history holds it; nothing where there is none."""
    if not str(number).isdecimal():
        return None
    return row.history.filter(version=number).order_by("-history_id").first()
