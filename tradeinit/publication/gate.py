"""The one gate: every write of a record happens inside ``writing()``.

``save()`` and its kin only note what they touched. When the outermost ``writing()`` closes, and
before the transaction commits, the gate rereads the noted rows, so inlines and many-to-many
relations, which Django saves after the row, are in; writes one history row for each; and lets the
log tell the public what changed for it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.signals import m2m_changed
from django.utils.translation import gettext_lazy as _

from tradeinit import clock
from tradeinit.publication import log, registry
from tradeinit.publication.current import Conflict, PastTheGate, open_writing
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
    """Open the gate; nested, join the writing that is open already.

    ``reason`` is shown to the public beside a correction. Raises ValidationError when closing
    would tell the public of a record that is not public, and Conflict when a row has changed
    since it was read; either way nothing is written.
    """
    outer = open_writing.get()
    if outer is not None:
        yield outer
        return
    with transaction.atomic(durable=True):
        opened = Writing(actor, reason)
        token = open_writing.set(opened)
        try:
            yield opened
            opened.close()
        finally:
            open_writing.reset(token)


class Writing:
    def __init__(self, actor: Any, reason: str) -> None:
        self.actor, self.reason = actor, reason
        # model -> pk -> "+" or "~": rows that get a history row.
        self._noted: dict[type[Tracked], dict[Any, str]] = defaultdict(dict)
        # Rows whose public life may have changed, and with it that of rows around them.
        self._moved: dict[type[Publishable], set[Any]] = defaultdict(set)
        self._versioned: set[tuple[type[Tracked], Any]] = set()

    @property
    def changed(self) -> bool:
        return bool(self._noted)

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
        written = write()
        for row in rows:
            self._note(row, "+")
            if isinstance(row, Part):
                self.touch(row.owner)
        return written

    def delete(self, row: Any, erase: Callable[[], Any]) -> Any:
        if isinstance(row, Part):
            self.touch(row.owner)
        else:
            self._refuse_deleting_what_was_public(row)
            Publication.objects.pending().filter(uid=row.uid).delete()
            Address.objects.filter(uid=row.uid).delete()
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
        stored = self._lock(row)
        type(row)._base_manager.filter(pk=row.pk).update(version=stored.version + 1)
        row.version = stored.version + 1
        self._note(row, "~")

    # What happens on the way

    def _save_stored(self, row: Publishable, write: Callable[[], None]) -> None:
        stored = type(row)._base_manager.select_for_update().filter(pk=row.pk).first()
        changed = stored.columns_that_differ(row) if stored else {"version"}
        if not changed:
            return
        stored = self._lock(row, stored)
        row.refuse_unpublishing(stored)
        if (type(row), row.pk) not in self._versioned:
            row.version = stored.version + 1
        write()
        self._note(row, "~")
        if changed & (LIFE_FIELDS | {f"{name}_id" for name in row.parents}):
            self._moved[type(row)].add(row.pk)

    def _save_part(self, part: Part, write: Callable[[], None]) -> None:
        adding = part._state.adding
        if not adding:
            stored = type(part)._base_manager.filter(pk=part.pk).first()
            if stored and not stored.columns_that_differ(part):
                return
        write()
        self._note(part, "+" if adding else "~")
        self.touch(part.owner)

    def _lock(self, row: Publishable, stored: Publishable | None = None) -> Publishable:
        stored = stored or type(row)._base_manager.select_for_update().filter(pk=row.pk).first()
        if stored is None or stored.version != row.version:
            raise Conflict(stored, row)
        return stored

    def _refuse_deleting_what_was_public(self, row: Publishable) -> None:
        if row.was_told():
            raise ValidationError(
                _("%(row)s has been public and cannot be deleted. Withdraw it, with a reason.")
                % {"row": row}
            )

    def _note(self, row: Any, history_type: str) -> None:
        self._noted[type(row)].setdefault(row.pk, history_type)
        if isinstance(row, Publishable):
            self._versioned.add((type(row), row.pk))

    # Closing

    def close(self) -> None:
        if not self._noted:
            return
        self._claim_addresses()
        self._fill_disclosure()
        stamp = self._stamp()
        with clock.at(stamp):
            self._write_history(stamp)
            log.seal(self._rows_to_tell(), stamp, self.reason)
        # Closed early, as the admin does to learn what is refused: what follows starts anew.
        self._noted.clear()
        self._moved.clear()
        self._versioned.clear()

    def _stamp(self) -> Any:
        """The next instant of the log: later than every earlier one, under a lock."""
        StampClock.objects.get_or_create(pk=1, defaults={"last": clock.now()})
        last = StampClock.objects.select_for_update().get(pk=1)
        last.last = max(clock.now(), last.last + timedelta(microseconds=1))
        last.save()
        return last.last

    def _claim_addresses(self) -> None:
        for model, pks in self._noted.items():
            if not issubclass(model, Addressed):
                continue
            for chunk in chunks(pks):
                wanted = dict(model._base_manager.filter(pk__in=chunk).values_list("slug", "uid"))
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
            for chunk in chunks(pks):
                silent = model._base_manager.filter(
                    pk__in=chunk, public_from__isnull=False, disclosed_on__isnull=True
                )
                for pk, day in model.earliest_source(silent):
                    model._base_manager.filter(pk=pk).update(disclosed_on=day)

    def _write_history(self, stamp: Any) -> None:
        for model, types in self._noted.items():
            for history_type in ("+", "~"):
                pks = [pk for pk, noted in types.items() if noted == history_type]
                for chunk in chunks(pks):
                    rows = model._base_manager.filter(pk__in=chunk)
                    tracker.record(model, rows, history_type, stamp, self.actor, self.reason)

    def _rows_to_tell(self) -> dict[type[Publishable], set[Any]]:
        """The noted records, with all below and all that name those whose life changed."""
        rows: dict[type[Publishable], set[Any]] = defaultdict(set)
        for model, types in self._noted.items():
            if issubclass(model, Publishable):
                rows[model] |= set(types)
        frontier = [(model, set(pks)) for model, pks in self._moved.items()]
        seen: dict[type[Publishable], set[Any]] = defaultdict(set)
        while frontier:
            model, pks = frontier.pop()
            pks -= seen[model]
            seen[model] |= pks
            if not pks:
                continue
            rows[model] |= pks
            for child, name in registry.children_of(model):
                frontier.append((child, _pointing(child, name, pks)))
            for referrer, path in registry.referrers_of(model):
                rows[referrer] |= _pointing(referrer, path, pks)
        return rows


def _pointing(model: type[Publishable], path: str, pks: set[Any]) -> set[Any]:
    found: set[Any] = set()
    for chunk in chunks(pks):
        found |= set(
            model._base_manager.filter(**{f"{path}__in": chunk}).values_list("pk", flat=True)
        )
    return found


def watch_relations() -> None:
    """Many-to-many changes reach no ``save()``: note their owner, refuse the far side."""
    m2m_changed.connect(_relation_changes, dispatch_uid="tradeinit.publication.gate")


def _relation_changes(
    sender: Any, instance: Any, action: str, reverse: bool, pk_set: Any, **_kwargs: Any
) -> None:
    if not isinstance(instance, Publishable) or not action.startswith("pre_"):
        return
    if reverse:
        raise PastTheGate("Change a relation from the record that lists it, not from its far side.")
    if pk_set or action == "pre_clear":
        writing_now = open_writing.get()
        if writing_now is None:
            raise PastTheGate("Relations of a record are changed inside writing().")
        writing_now.touch(instance)
