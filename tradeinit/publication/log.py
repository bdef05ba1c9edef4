"""The publication log: what is due to be told, telling it, and reading what was told.

``due()`` derives entries from rows. The gate seals them; ``verify_record`` expects none.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from django.core.exceptions import ValidationError
from django.db import connections
from django.db.models import Count, Exists, Max, Min, Model, OuterRef, QuerySet, Subquery
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from tradeinit import clock, prepared
from tradeinit.appending import append
from tradeinit.publication import pointing, registry
from tradeinit.publication.instants import Life, chunks, lives, portions
from tradeinit.publication.models import FACTUAL, Action, Publication, Publishable
from tradeinit.replicas import reading
from tradeinit.search import index

# When, of which record, and its number.
Tip = tuple[str, str, int]


def canonical(body: dict[str, Any]) -> str:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def rfc3339(instant: datetime) -> str:
    """``2023-01-04T17:00:00Z``; microseconds only where there are some."""
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def digest(entry: Publication) -> str:
    """Covers the body by its own hash, so that a body the law wants gone can be blanked alone."""
    body_hash = hashlib.sha256(entry.body.encode()).hexdigest()
    parts = (
        str(entry.uid),
        str(entry.number),
        rfc3339(entry.at),
        entry.resource,
        entry.action,
        entry.reason,
        body_hash,
    )
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


# Deriving


@dataclass
class Due:
    """What the log lacks: entries to write, and pending ones that no longer hold."""

    entries: list[Publication] = field(default_factory=list)
    stale: list[Publication] = field(default_factory=list)


@dataclass(frozen=True)
class Told:
    """What the log says of one record so far."""

    first_at: datetime | None = None
    last: Publication | None = None
    pending: Publication | None = None

    @property
    def is_out(self) -> bool:
        return self.last is not None and self.last.action != Action.WITHDRAWN


def told(uids: Collection[UUID], stamp: datetime) -> dict[UUID, Told]:
    found = {uid: Told() for uid in uids}
    for entry in Publication.objects.filter(uid__in=uids).order_by("number"):
        so_far = found[entry.uid]
        found[entry.uid] = (
            replace(so_far, first_at=so_far.first_at or entry.at, last=entry)
            if entry.at <= stamp
            else replace(so_far, pending=entry)
        )
    return found


def due(
    rows: Mapping[type[Publishable], Collection[Any]],
    stamp: datetime,
    reason: str = "",
    reissue: bool = False,
) -> Iterator[Due]:
    """The entries that rows call for at ``stamp``, portion by portion.

    With ``reissue``, bodies that say the same in another form are due as well.
    Raises ValidationError where a row would name, or hide, what it may not.
    """
    for some in portions(rows):
        life_of = lives(some)
        read = [row for model in some for row in _rows(model, life_of[model])]
        refuse_naming_what_is_hidden(life_of, stamp)
        told_of = told([row.uid for row in read], stamp)
        result = Due()
        for row in read:
            record = told_of[row.uid]
            entry = _entry_due(row, life_of[type(row)][row.pk], record, stamp, reason, reissue)
            if entry and _same(entry, record.pending):
                continue
            if record.pending:
                result.stale.append(record.pending)
            if entry:
                entry.row, entry.before = row, record.last
                result.entries.append(entry)
        yield result


def _rows(model: type[Publishable], life_of: dict[Any, Life]) -> list[Any]:
    """The rows; with all that their bodies name, where one is written."""
    gone = {pk for pk, life in life_of.items() if life.withdrawn}
    shown = [pk for pk in life_of if pk not in gone]
    above = [step.path.removesuffix("__") for step in model.ancestry() if step.path]
    bare = model.objects.filter(pk__in=gone).order_by().with_names()
    bare = bare.select_related(*above) if above else bare
    return [*(prepared.question(_named, model, pks=shown).rows() if shown else ()), *bare]


def _named(model: type[Publishable], pks: Any) -> QuerySet:
    return model.objects.filter(pk__among=pks).for_list()


def _entry_due(
    row: Publishable, life: Life, record: Told, stamp: datetime, reason: str, reissue: bool
) -> Publication | None:
    if life.withdrawn:
        if record.last is None or (not record.is_out and record.last.reason == life.reason):
            return None
        return _entry(row, record, stamp, Action.WITHDRAWN, life.reason, body="")
    if life.begins is None or life.begins > stamp:
        if record.is_out:
            raise ValidationError(
                _("%(row)s is public and cannot be placed under a record that is not.")
                % {"row": row}
            )
        if life.begins is None:
            return None
    if not record.is_out:
        at = max(stamp, life.begins)
        text = canonical(body_of(row, record.first_at or at, at))
        return _entry(row, record, at, Action.PUBLISHED, reason if record.last else "", text)
    return _entry_for_change(row, record, stamp, reason, reissue)


def _entry_for_change(
    row: Publishable, record: Told, stamp: datetime, reason: str, reissue: bool
) -> Publication | None:
    last = record.last
    assert last is not None and record.first_at is not None  # noqa: S101 - is_out was asked
    old = json.loads(last.body)
    body = body_of(row, record.first_at, datetime.fromisoformat(old["updated"]))
    if not says_the_same(body, old):
        text = canonical(body_of(row, record.first_at, stamp))
        return _entry(row, record, stamp, Action.CORRECTED, reason, text)
    if reissue and canonical(body) != last.body:
        return _entry(row, record, stamp, Action.REISSUED, "", canonical(body))
    return None


def _entry(
    row: Publishable, record: Told, at: datetime, action: Action, reason: str, body: str
) -> Publication:
    entry = Publication(
        at=at,
        uid=row.uid,
        resource=row.resource,
        root=row.root.key,
        number=record.last.number + 1 if record.last else 1,
        action=action,
        reason=reason,
        body=body,
    )
    entry.digest = digest(entry)
    return entry


def says_the_same(new: Any, old: Any) -> bool:
    """Equal wherever both have a key: a key that a release added says nothing new of the record."""
    if isinstance(new, dict) and isinstance(old, dict):
        return all(says_the_same(new[key], old[key]) for key in new.keys() & old.keys())
    if isinstance(new, list) and isinstance(old, list):
        return len(new) == len(old) and all(map(says_the_same, new, old))
    return new == old


def _same(entry: Publication, pending: Publication | None) -> bool:
    return pending is not None and entry.digest == pending.digest


def body_of(row: Publishable, created: datetime, updated: datetime) -> dict[str, Any]:
    """The body of a record, as its serializer writes it, always in English."""
    serializer = registry.serializer_of(type(row))
    with translation.override("en"):
        return serializer.body(row, created=rfc3339(created), updated=rfc3339(updated))


def refuse_naming_what_is_hidden(
    life_of: dict[type[Publishable], dict[Any, Life]], stamp: datetime
) -> None:
    """A body may name another record only if that one is public by the body's own instant."""
    by_when = {
        model: {
            pk: max(life.begins, stamp)
            for pk, life in lives_of_kind.items()
            if life.begins is not None and not life.withdrawn
        }
        for model, lives_of_kind in life_of.items()
    }
    named = list(pointing.named(by_when))
    targets: dict[type[Publishable], set[Any]] = defaultdict(set)
    for _model, _pk, target_model, target in named:
        targets[target_model].add(target)
    public_from = _public_from(targets)
    for model, pk, target_model, target in named:
        begins = public_from[target_model][target]
        if begins is None or begins > by_when[model][pk]:
            raise ValidationError(
                _("%(row)s names “%(target)s”, which is not public by then. Clear it first.")
                % {
                    "row": model._base_manager.get(pk=pk),
                    "target": target_model._base_manager.get(pk=target),
                }
            )


def _public_from(rows: pointing.Rows) -> dict[Any, dict[Any, datetime | None]]:
    """From when each may be named; never, where it was withdrawn before it was ever public."""
    life_of = lives(rows)
    withdrawn = {
        model: [pk for pk, life in of_kind.items() if life.withdrawn]
        for model, of_kind in life_of.items()
    }
    # Not "uid in all that was ever told": SQLite would gather the whole log first.
    told_of = Publication.objects.sealed().filter(uid=OuterRef("uid"))
    questions = [
        (model, model._base_manager.filter(Exists(told_of), pk__in=chunk), "pk")
        for model, pks in withdrawn.items()
        for chunk in chunks(pks)
    ]
    told_once = {(model, pk) for model, pk, _pk in pointing.answers(questions)}
    return {
        model: {
            pk: None if life.withdrawn and (model, pk) not in told_once else life.begins
            for pk, life in of_kind.items()
        }
        for model, of_kind in life_of.items()
    }


# Telling


def seal(
    rows: dict[type[Publishable], set[Any]],
    stamp: datetime,
    reason: str,
    reissue: bool = False,
    write: bool = True,
) -> list[Publication]:
    """Write what is due for these rows; the entries."""
    written: list[Publication] = []
    for found in due(rows, stamp, reason, reissue):
        if not reason and any(entry.action == Action.CORRECTED for entry in found.entries):
            raise ValidationError(
                _("Say why: the change corrects what the public has been told."),
                code="reason_required",
            )
        if write:
            _write(found)
        written += found.entries
    return written


def take_over(rows: dict[type[Publishable], set[Any]], stamp: datetime) -> list[Publication]:
    """Tell as withdrawn what was public, and withdrawn, before it was first stored here.

    Else a record that names it would name what this log has never heard of.
    """
    written: list[Publication] = []
    for some in portions(pointing.withdrawn(rows)):
        life_of = lives(some)
        gone = {
            model: {pk: life for pk, life in of_kind.items() if life.ended}
            for model, of_kind in life_of.items()
        }
        read = [row for model in gone for row in _rows(model, gone[model])]
        told_of = told([row.uid for row in read], stamp)
        found = Due()
        for row in read:
            record, reason = told_of[row.uid], gone[type(row)][row.pk].reason
            if record.last is None:
                entry = _entry(row, record, stamp, Action.WITHDRAWN, reason, body="")
                found.entries.append(entry)
        _write(found)
        written += found.entries
    return written


def reissue(stamp: datetime) -> int:
    """Write anew the bodies whose form, not whose meaning, a new release changed."""
    everything = {
        model: set(model._base_manager.values_list("pk", flat=True)) for model in registry.models()
    }
    return len(seal(everything, stamp, reason="", reissue=True))


def _write(found: Due) -> None:
    for chunk in chunks(entry.pk for entry in found.stale):
        Publication.objects.filter(pk__in=chunk).delete()
    append(found.entries)
    for entry in found.entries:
        # Of a large import they are many.
        entry.row = entry.before = None
    told_before = {entry.uid for entry in found.entries if entry.number > 1}
    index.tell(found.entries, replacing=told_before | {entry.uid for entry in found.stale})


def forget(uid: UUID) -> None:
    """Of a record that was never told and is deleted: what was due to be told of it."""
    # Not the pending ones alone: were one sealed by now, the database would refuse this.
    Publication.objects.filter(uid=uid).delete()
    index.tell([], replacing={uid})


# Reading


@contextmanager
def at_present() -> Iterator[tuple[datetime, Tip | None]]:
    """Hold the clock at the present instant; with it, the tip of then."""
    instant, last = present()
    with clock.at(instant):
        yield instant, last


def present() -> tuple[datetime, Tip | None]:
    """Every answer begins so, and one that is told again does nothing else."""
    connection = connections[reading.alias()]
    if clock.is_held() or connection.vendor == "sqlite":
        instant = clock.now()
        return instant, tip(instant)
    ((text, at, uid, number),) = prepared.rows_of(connection, PRESENT)
    return datetime.fromisoformat(text), at and _tip(at, uid, number)


def tip(instant: datetime) -> Tip | None:
    """The last entry that is public by then: what every validator begins with."""
    connection = connections[reading.alias()]
    by_then = connection.ops.adapt_datetimefield_value(instant)
    found = prepared.rows_of(connection, TIP, [by_then])
    return _tip(*found[0]) if found else None


# As texts, which are read once and not for each answer: it is nearly always the same entry.
LAST = f"""
    SELECT CAST(at AS text) AS at, CAST(uid AS text) AS uid, number FROM (
        SELECT at, uid, number FROM {Publication._meta.db_table} WHERE at <= {{instant}}
        ORDER BY at DESC, uid DESC, number DESC LIMIT 1
    ) AS last
"""  # noqa: S608 - a name of ours
TIP = LAST.format(instant="%s")
# Read once: the clock of PostgreSQL goes on while it answers.
PRESENT = f"""
    WITH present AS MATERIALIZED (SELECT clock_timestamp() AS instant)
    SELECT CAST(instant AS text), at, uid, number
    FROM present LEFT JOIN LATERAL ({LAST.format(instant="instant")}) AS last ON true
"""  # noqa: S608


@lru_cache(maxsize=64)
def _tip(at: str, uid: str, number: int) -> Tip:
    instant = datetime.fromisoformat(at)
    # SQLite keeps instants in UTC, without saying so.
    instant = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
    return rfc3339(instant), str(UUID(uid)), number


def bodies(uids: Collection[UUID]) -> dict[UUID, dict[str, Any]]:
    """What the public is told now of each record; one that is not out is absent."""
    if not uids:
        return {}

    def last(uids: Sequence[Any]) -> Any:
        told = Publication.objects.filter(uid__in=uids).latest_of_each()
        return told.order_by().values("uid", "body")

    found = prepared.ask("bodies", last, {"uids": list(uids)}).tuples()
    return {uid: orjson.loads(body) for uid, body in found if body}


def bodies_by_key(model: type[Model], pks: Sequence[Any]) -> dict[Any, dict[str, Any]]:
    """The same of rows that are known to be public and bear a uid, by primary key."""
    found = prepared.question(_bodies_of, model, pks=list(pks)).tuples() if pks else ()
    return {pk: orjson.loads(body) for pk, body in found if body}


def _bodies_of(model: type[Model], pks: Any) -> QuerySet:
    rows = model._base_manager.filter(pk__among=pks).order_by()
    return with_texts(rows).values_list("pk", "told")


def with_texts(rows: QuerySet) -> QuerySet:
    """Each row with its body as it stands in the log (``told``), empty where it is not out."""
    last = Publication.objects.sealed().filter(uid=OuterRef("uid")).order_by("-number")
    return rows.annotate(told=Subquery(last.values("body")[:1]))


def texts(model: type[Publishable], pks: Sequence[Any]) -> dict[Any, str]:
    """The bodies of public rows as they stand in the log, by primary key; the others have none."""

    found = prepared.question(_texts_of, model, pks=list(pks)).tuples()
    return {pk: told for pk, told in found if told}


def _texts_of(model: type[Publishable], pks: Any) -> QuerySet:
    public = model.objects.public().filter(pk__among=pks)
    return with_texts(public.order_by()).values_list("pk", "told")


class Revisions(NamedTuple):
    """How often the public was told a fact of one record, first and last when."""

    first: datetime
    last: datetime
    times: int


def revisions(uids: Collection[UUID]) -> dict[UUID, Revisions]:
    found: dict[UUID, Revisions] = {}
    for chunk in chunks(uids):
        told = Publication.objects.filter(uid__in=chunk, action__in=FACTUAL).sealed()
        counted = told.order_by().values("uid").annotate(Min("at"), Max("at"), Count("pk"))
        for row in counted:
            found[row["uid"]] = Revisions(row["at__min"], row["at__max"], row["pk__count"])
    return found


def withdrawal(uid: UUID) -> Publication | None:
    """The entry that says the record is withdrawn, if that is the last word on it."""
    last = Publication.objects.filter(uid=uid).sealed().order_by("-number").first()
    return last if last and last.action == Action.WITHDRAWN else None


def story(uid: UUID) -> QuerySet[Publication]:
    """What the public has been told of a record so far, from its first publication on."""
    return Publication.objects.filter(uid=uid, action__in=FACTUAL).sealed().order_by("number")


def version(uid: UUID, number: int) -> Publication | None:
    """One entry of those that the public has been told."""
    return Publication.objects.filter(uid=uid, number=number).sealed().first()


def differences() -> Iterator[str]:
    """Where rows and log disagree, in words; nothing, if all is well."""
    stamp = clock.now()
    known: set[UUID] = set()
    for model in registry.models():
        known |= set(model._base_manager.values_list("uid", flat=True))
        for found in due({model: model._base_manager.values_list("pk", flat=True)}, stamp):
            yield from (f"not told: {entry}" for entry in found.entries)
            yield from (f"no longer so, but due to be told: {entry}" for entry in found.stale)
    yield from _broken_entries(known)
    yield from index.differences()


def _broken_entries(known: set[UUID]) -> Iterable[str]:
    for entry in Publication.objects.iterator(chunk_size=500):
        if entry.uid not in known:
            yield f"no such record: {entry}"
        if entry.digest != digest(entry):
            yield f"altered: {entry}"
