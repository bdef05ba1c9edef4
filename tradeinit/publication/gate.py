"""The one gate: every write of a record happens inside ``writing()``.

``save()`` and its kin only note what they touched. When the outermost ``writing()`` closes, and
before the transaction commits, the gate rereads the noted rows, so inlines and many-to-many
relations, which Django saves after the row, are in; writes one history row for each; and lets the
log tell the public what changed for it.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.signals import m2m_changed, pre_save
from django.utils.translation import gettext_lazy as _

from tradeinit import clock
from tradeinit.publication import log, pointing, registry
from tradeinit.publication.current import Conflict, PastTheGate, gate, open_writing
from tradeinit.publication.instants import chunks
from tradeinit.publication.models import (
    Address,
    Addressed,
    Part,
    Publication,
    Publishable,
    StampClock,
    Tracked,
    tracker,
)

# A change to one of these can change the life, or the address, of rows below and of rows that
# name it.
LIFE_FIELDS = {"public_from", "withdrawn_at", "withdrawal_reason", "slug"}


@contextmanager
def writing(actor: Any = None, reason: str = "") -> Iterator["Writing"]:
    """Open the gate; nested, join the writing that is open already, its actor and its reason.

    ``reason`` is shown to the public beside a correction. Raises ValidationError when closing
    would tell the public of a record that is not public, and Conflict when a row has changed
    since it was read; either way nothing is written. A writing is whole: what fails in a nested
    one fails the outer one, even where the failure is caught on the way.
    """
    outer = open_writing.get()
    if outer is not None:
        with transaction.atomic(savepoint=False):
            yield outer
        return
    opened = Writing(actor, reason)
    token = open_writing.set(opened)
    try:
        with transaction.atomic(durable=True):
            yield opened
            opened.close()
    except BaseException:
        opened.take_back_versions()
        raise
    finally:
        open_writing.reset(token)


def reissue() -> int:
    """Tell anew what a new release writes in another form; to be run when it is deployed."""
    with transaction.atomic(durable=True):
        stamp = next_stamp()
        with clock.at(stamp):
            return log.reissue(stamp)


def next_stamp() -> datetime:
    """The next instant of the log: later than every earlier one, under a lock."""
    moment = timedelta(microseconds=1)
    locked = StampClock.objects.select_for_update()
    last, _is_new = locked.get_or_create(pk=1, defaults={"last": clock.now() - moment})
    last.last = max(clock.now(), last.last + moment)
    last.save()
    return last.last


class Writing:
    def __init__(self, actor: Any, reason: str) -> None:
        self.actor, self.reason = actor, reason.strip()
        # Taken back without being read: then neither history nor log need be written, only told.
        self.is_only_told = False
        # Of records that come from another site with the states they had there.
        self.takes_over = False
        # What the public is told, or will be, on account of this writing.
        self.told: list[Publication] = []
        self.changed = False
        # model -> pk -> "+" or "~": rows that get a history row.
        self._noted: dict[type[Tracked], dict[Any, str]] = defaultdict(dict)
        # Rows whose public life may have changed, and with it that of rows around them.
        self._moved: dict[type[Publishable], set[Any]] = defaultdict(set)
        # Rows stored before whose address changed.
        self._renamed: dict[type[Publishable], set[Any]] = defaultdict(set)
        # Rows that have their new version already.
        self._versioned: dict[tuple[type[Tracked], Any], Publishable] = {}
        # Slugs given out for rows whose addresses are claimed when this closes.
        self.slugs_given: set[str] = set()
        # What the rows in memory said of their version before.
        self._read_versions: list[tuple[Publishable, int]] = []

    # What rows call

    def save(self, row: Any, write: Callable[[], None]) -> None:
        if isinstance(row, Part):
            self._save_part(row, write)
        elif row._state.adding:
            row.version = 1
            write()
            self._note(row, "+")
        else:
            self._save_stored(row, write)

    def create_many(self, rows: list[Any], write: Callable[[], Any]) -> Any:
        for row in rows:
            if isinstance(row, Part):
                self.touch(row.owner)
        written = write()
        for row in rows:
            self._note(row, "+")
        return written

    def change_many(self, rows: Iterable[Any], values: dict[str, Any]) -> None:
        """Give these rows, of whatever kinds, the same values: the bulk way of ``save()``.

        What the rows themselves would refuse is for whoever calls this to ask.
        """
        for chunk in chunks(rows):
            told = set()
            if "public_from" in values:
                entries = Publication.objects.filter(uid__in=[row.uid for row in chunk]).sealed()
                told = set(entries.order_by().values_list("uid", flat=True))
            for model, some in registry.of_each_kind(chunk).items():
                self._change_kind(model, some, values, told)

    def _change_kind(
        self, model: Any, rows: list[Any], values: dict[str, Any], told: set[UUID]
    ) -> None:
        locked = model._base_manager.select_for_update()
        stored = {one.pk: one for one in locked.filter(pk__in=[row.pk for row in rows])}
        new = set()
        for row in rows:
            held = self._lock(row, stored.get(row.pk))
            for name, value in values.items():
                setattr(row, name, value)
            # Only a change of this instant asks whether the row was ever told.
            if row.uid in told or "public_from" not in values:
                row.refuse_unpublishing(held)
            if (model, row.pk) not in self._versioned:
                self._set_version(row, row.version + 1)
                new.add(row.pk)
            self._note(row, "~")
        raised = {"version": F("version") + 1}
        for pks, written in ((new, values | raised), (stored.keys() - new, values)):
            if pks:
                QuerySet(model).filter(pk__in=pks).update(**written)
        if LIFE_FIELDS & values.keys():
            self._moved[model] |= set(stored)

    def relate_many(
        self, model: type[Publishable], relation: str, pairs: Collection[tuple[Any, Any]]
    ) -> None:
        """Link rows of ``model`` to others at once: the bulk way of ``relation.add()``.

        Links that are there already are refused by the database.
        """
        field: Any = model._meta.get_field(relation)
        for owner, _other in pairs:
            self.touch(owner)
        field.remote_field.through._base_manager.bulk_create(
            [
                field.remote_field.through(
                    **{
                        f"{field.m2m_field_name()}_id": owner.pk,
                        f"{field.m2m_reverse_field_name()}_id": other.pk,
                    }
                )
                for owner, other in pairs
            ],
            batch_size=500,
        )

    def delete(self, row: Any, erase: Callable[[], Any]) -> Any:
        if isinstance(row, Part):
            self._lock_part(row)
        else:
            self._delete_record(row)
        row._history_user, row._history_date = self.actor, clock.now()
        row._change_reason = self.reason or None
        self._noted[type(row)].pop(row.pk, None)
        self._moved.get(type(row), set()).discard(row.pk)
        return erase()

    def touch(self, row: Publishable) -> None:
        """Give a row a new version because something that belongs to it changed."""
        key = (type(row), row.pk)
        if row.pk is None or key in self._versioned:
            return
        self._set_version(row, self._lock(row).version + 1)
        QuerySet(type(row)).filter(pk=row.pk).update(version=row.version)
        self._note(row, "~")

    def take_back_versions(self) -> None:
        """After a failure: the rows in memory are of the version that they were read in."""
        for row, version in reversed(self._read_versions):
            row.version = version

    # What happens on the way

    def _save_stored(self, row: Publishable, write: Callable[[], None]) -> None:
        stored = type(row)._base_manager.select_for_update().filter(pk=row.pk).first()
        changed = stored.columns_that_differ(row) if stored else {"version"}
        if not changed:
            return
        stored = self._lock(row, stored)
        row.refuse_unpublishing(stored)
        if (type(row), row.pk) not in self._versioned:
            self._set_version(row, stored.version + 1)
        write()
        self._note(row, "~")
        if changed & (LIFE_FIELDS | {f"{name}_id" for name in row.parents}):
            self._moved[type(row)].add(row.pk)
        if "slug" in changed:
            self._renamed[type(row)].add(row.pk)

    def _save_part(self, part: Part, write: Callable[[], None]) -> None:
        if part._state.adding:
            self.touch(part.owner)
            write()
            self._note(part, "+")
        else:
            stored = _stored(part)
            if stored and not stored.columns_that_differ(part):
                return
            self._lock_part(part)
            write()
            self._note(part, "~")
        part.remember()

    def _lock_part(self, part: Part) -> None:
        """Change its owner, and the former one if it moves; so nobody else changes the part."""
        self.touch(part.owner)
        stored = _stored(part)
        if stored is None or stored.was_changed_since_read(part):
            raise Conflict(stored, part)
        self.touch(stored.owner)

    def _delete_record(self, row: Publishable) -> None:
        self._lock(row)
        self._refuse_deleting_what_was_public(row)
        for referrer, path in registry.referrers_of(type(row)):
            for named in referrer._base_manager.filter(**{path: row.pk}):
                self.touch(named)
        log.forget(row.uid)
        Address.objects.filter(uid=row.uid).delete()

    def _set_version(self, row: Publishable, version: int) -> None:
        self._read_versions.append((row, row.version))
        row.version = version

    def _lock(self, row: Publishable, stored: Publishable | None = None) -> Publishable:
        stored = stored or type(row)._base_manager.select_for_update().filter(pk=row.pk).first()
        if stored is None or stored.version != row.version:
            raise Conflict(stored, row)
        return stored

    def _refuse_deleting_what_was_public(self, row: Publishable) -> None:
        if row.was_told():
            raise ValidationError(refusal_to_delete(row))

    def _note(self, row: Any, history_type: str) -> None:
        self._noted[type(row)].setdefault(row.pk, history_type)
        if isinstance(row, Publishable):
            self._versioned[type(row), row.pk] = row

    # Closing

    def close(self) -> None:
        if transaction.get_rollback():
            raise transaction.TransactionManagementError("Part of this writing failed.")
        if not self._noted:
            return
        self.changed = True
        # First, for its lock: from here on no other writing closes, and all that did are seen.
        stamp = next_stamp()
        self._claim_addresses()
        self._fill_disclosure()
        with clock.at(stamp):
            if not self.is_only_told:
                self._write_history(stamp)
            rows = self._rows_to_tell()
            if self.takes_over:
                self.told += log.take_over(rows, stamp)
            self.told += log.seal(rows, stamp, self.reason, write=not self.is_only_told)
        # Closed early, as the admin does to learn what is refused: what follows starts anew.
        self._noted.clear()
        self._moved.clear()
        self._renamed.clear()
        self._versioned.clear()

    def _claim_addresses(self) -> None:
        for model, types in self._noted.items():
            if not issubclass(model, Addressed):
                continue
            made = {pk for pk, noted in types.items() if noted == "+"}
            for chunk in chunks(made | self._renamed[model]):
                rows = model._base_manager.filter(pk__in=chunk).order_by()
                wanted = dict(rows.values_list("slug", "uid"))
                taken = Address.objects.filter(slug__in=wanted).values_list("slug", "uid")
                for slug, uid in taken:
                    if wanted[slug] != uid:
                        raise ValidationError(
                            _("The address “%(slug)s” belongs to another record.") % {"slug": slug}
                        )
                held = {slug for slug, _uid in taken}
                new = {slug: uid for slug, uid in wanted.items() if slug not in held}
                Address.objects.filter(uid__in=new.values()).delete()
                Address.objects.bulk_create(
                    Address(slug=slug, uid=uid, resource=model.resource)
                    for slug, uid in new.items()
                )

    def _fill_disclosure(self) -> None:
        """A cleared row without a day of disclosure takes that of its earliest dated source."""
        for model, pks in self._noted.items():
            if not issubclass(model, Publishable):
                continue
            rows = [self._versioned[model, pk] for pk in pks]
            asked = [row.pk for row in rows if row.public_from and row.disclosed_on is None]
            for chunk in chunks(asked):
                silent = model._base_manager.filter(
                    pk__in=chunk, public_from__isnull=False, disclosed_on__isnull=True
                ).order_by()
                for day, found in _by_value(model.earliest_source(silent)).items():
                    QuerySet(model).filter(pk__in=found).update(disclosed_on=day)
                    for pk in found:
                        self._versioned[model, pk].disclosed_on = day

    def _write_history(self, stamp: Any) -> None:
        for model, types in self._noted.items():
            for history_type in ("+", "~"):
                pks = [pk for pk, noted in types.items() if noted == history_type]
                for chunk in chunks(pks):
                    tracker.record(model, chunk, history_type, stamp, self.actor, self.reason)

    def _rows_to_tell(self) -> dict[type[Publishable], set[Any]]:
        """The noted records, with all below and all that name those whose life changed."""
        rows: dict[type[Publishable], set[Any]] = defaultdict(set)
        for model, types in self._noted.items():
            if issubclass(model, Publishable):
                rows[model] |= set(types)
        moved: dict[type[Publishable], set[Any]] = defaultdict(set)
        further: dict[type[Publishable], set[Any]] = self._moved
        while further:
            for model, pks in further.items():
                moved[model] |= pks
            found = pointing.below(further)
            further = {model: new for model, pks in found.items() if (new := pks - moved[model])}
        for around in (moved, pointing.naming(moved)):
            for model, pks in around.items():
                rows[model] |= pks
        return rows


def _by_value(pairs: Iterable[tuple[Any, Any]]) -> dict[Any, list[Any]]:
    found: dict[Any, list[Any]] = defaultdict(list)
    for key, value in pairs:
        found[value].append(key)
    return found


def refusal_to_delete(row: Publishable) -> str:
    message = _("%(row)s has been public and cannot be deleted. Withdraw it, with a reason.")
    return message % {"row": row}


def _stored(part: Part) -> Part | None:
    return type(part)._base_manager.filter(pk=part.pk).first()


def watch_signals() -> None:
    """Some changes reach no ``save()``: note the owner of a relation, refuse what else there is."""
    m2m_changed.connect(_relation_changes, dispatch_uid="tradeinit.publication.gate")
    pre_save.connect(_refuse_fixtures, dispatch_uid="tradeinit.publication.gate")


def _refuse_fixtures(sender: Any, raw: bool, **_kwargs: Any) -> None:
    if raw and issubclass(sender, Tracked):
        raise PastTheGate("A fixture is loaded past the gate: import the records instead.")


def _relation_changes(
    sender: Any, instance: Any, action: str, reverse: bool, pk_set: Any, **_kwargs: Any
) -> None:
    if not isinstance(instance, Publishable) or not action.startswith("pre_"):
        return
    if reverse:
        raise PastTheGate("Change a relation from the record that lists it, not from its far side.")
    # Django names to "add" only what is missing, and to "remove" also what is not there.
    if pk_set if action == "pre_add" else _is_linked(sender, instance, pk_set):
        gate().touch(instance)


def _is_linked(through: Any, owner: Publishable, targets: set[Any] | None) -> bool:
    """Whether the table links the record to one of the targets, or to any if they are None."""
    relations = owner._meta.many_to_many
    field = next(field for field in relations if field.remote_field.through is through)
    links = through._base_manager.filter(**{field.m2m_field_name(): owner.pk})
    if targets is not None:
        links = links.filter(**{f"{field.m2m_reverse_field_name()}__in": targets})
    return links.exists()
