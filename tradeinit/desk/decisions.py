"""What a publisher decides of records: clear, withdraw, reinstate, take back to draft.

Each decision is one function over rows, done inside the gate. What else it takes along, what it
would tell and what speaks against it is worked out here; the page is in ``deciding.py``.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q, prefetch_related_objects

from tradeinit import clock
from tradeinit.desk.models import Kind
from tradeinit.desk.permissions import needs_a_second_person
from tradeinit.publication import current, pointing, registry
from tradeinit.publication.concerns import Concern
from tradeinit.publication.models import Action, Publication, Publishable

# A page with more boxes to tick than this is no confirmation: clear a case in parts.
MOST_OFFERED = 300


def reference(row: Publishable) -> str:
    """A row in a form: ``rounds:<uid>``."""
    return f"{row.resource}:{row.uid}"


def rows_of(references: Iterable[str], checked: bool = True) -> list[Any]:
    """The rows that a form names, in its order; what is no reference is left out.

    With what their rules and their bodies read, if they are to be checked; else with their names.
    """
    wanted: dict[str, list[UUID]] = {}
    resources = {model.resource for model in registry.models()}
    for one in references:
        resource, _colon, uid = one.partition(":")
        try:
            if resource in resources:
                wanted.setdefault(resource, []).append(UUID(uid))
        except ValueError:
            continue
    found = {}
    for resource, uids in wanted.items():
        model: Any = registry.model_of(resource)
        rows = model.objects.filter(uid__in=uids)
        for row in _read(rows, checked):
            found[reference(row)] = row
    return [found[one] for one in dict.fromkeys(references) if one in found]


def _read(rows: Any, checked: bool) -> Any:
    return rows.for_list() if checked else rows.with_names(*rows.model.parents)


# What goes with it


def offered_with(rows: list[Any], checked: bool = True) -> list[Any]:
    """Drafts that could be cleared together with these rows: below, above, and named by them.

    Read as ``rows_of()`` reads.
    """
    chosen = {reference(row) for row in rows}
    found: dict[str, Any] = {}
    frontier = list(rows)
    while frontier and len(found) <= MOST_OFFERED:
        around = _drafts_around(registry.of_each_kind(frontier), checked)
        frontier = []
        for row in around:
            if reference(row) not in chosen and reference(row) not in found:
                found[reference(row)] = row
                frontier.append(row)
    return list(found.values())[:MOST_OFFERED]


def _drafts_around(kinds: dict[Any, list[Any]], checked: bool) -> list[Any]:
    pks = {model: [row.pk for row in rows] for model, rows in kinds.items()}
    named: dict[Any, set[Any]] = defaultdict(set)
    for _model, _pk, target, key in pointing.named(pks):
        named[target].add(key)
    below = [
        (child, child.objects.drafts().filter(**{f"{name}__in": pks[model]}), "pk")
        for model in kinds
        for child, name in registry.children_of(model)
        # Its first parent is what it belongs to: a party's seat in a case goes with the case.
        if name == child.parents[0]
    ]
    beside = [
        (target, target.objects.drafts().filter(pk__in=keys), "pk")
        for target, keys in named.items()
    ]
    wanted: dict[Any, set[Any]] = defaultdict(set)
    for model, pk, _pk in pointing.answers([*below, *beside]):
        wanted[model].add(pk)
    found: list[Any] = []
    for model, keys in wanted.items():
        found += _read(model.objects.filter(pk__in=sorted(keys)[:MOST_OFFERED]), checked)
    above = [
        getattr(row, name)
        for model, rows in kinds.items()
        for name in model.parents
        for row in rows
    ]
    return [*found, *(row for row in above if row is not None and row.public_from is None)]


# Doing it


def clear(rows: Iterable[Any], at: datetime | None, reason: str) -> None:
    """Public from the instant, or from now on; what is public already stays as it is."""
    now = clock.now()
    ahead = [row for row in rows if row.public_from is None or row.public_from > now]
    _check(ahead)
    _change(ahead, public_from=at or now)


def hold(rows: Iterable[Any], at: datetime | None, reason: str) -> None:
    cleared = [row for row in rows if row.public_from is not None]
    _check(cleared)
    _change(cleared, public_from=None)


def withdraw(rows: Iterable[Any], at: datetime | None, reason: str) -> None:
    public = [row for row in rows if row.public_from is not None and row.withdrawn_at is None]
    _change(public, withdrawn_at=clock.now(), withdrawal_reason=reason)


def reinstate(rows: Iterable[Any], at: datetime | None, reason: str) -> None:
    withdrawn = [row for row in rows if row.withdrawn_at is not None]
    _check(withdrawn)
    _change(withdrawn, withdrawn_at=None, withdrawal_reason="")


def _check(rows: list[Any]) -> None:
    """The rules of the rows, before what is decided of them; each was read for this decision."""
    for row in rows:
        row.is_as_stored = True
        relations = {field.name for field in row._meta.fields if field.is_relation}
        _in_words(
            row,
            partial(row.full_clean, relations, validate_unique=False, validate_constraints=False),
        )
        row.is_as_stored = False


def _change(rows: list[Any], **values: Any) -> None:
    """Written at once. Only where the database refuses are the rows asked one by one, for words."""
    try:
        with transaction.atomic():
            current.gate().change_many(rows, values)
    except IntegrityError:
        for row in rows:
            _in_words(row, row.validate_constraints)
        raise


def _in_words(row: Any, check: Callable[[], None]) -> None:
    try:
        check()
    except ValidationError as error:
        raise ValidationError([f"{row}: {message}" for message in error.messages]) from error


@dataclass(frozen=True)
class Decision:
    kind: Kind
    act: Callable[[Iterable[Any], datetime | None, str], None]
    title: str
    verb: str
    # What editors without the right to decide are offered instead.
    propose: str
    needs_reason: bool = False
    takes_along: bool = False
    is_checked: bool = True
    # A wrong publication must be answered at once, whoever is in the office.
    needs_two: bool = False
    sets_instant: bool = False

    def applies_to(self) -> Q:
        """Which rows it can be done to."""
        return {
            Kind.CLEAR: Q(withdrawn_at__isnull=True)
            & (Q(public_from__isnull=True) | Q(public_from__gt=clock.now())),
            Kind.HOLD: Q(withdrawn_at__isnull=True, public_from__gt=clock.now()),
            Kind.WITHDRAW: Q(withdrawn_at__isnull=True, public_from__lte=clock.now()),
            Kind.REINSTATE: Q(withdrawn_at__isnull=False),
        }[self.kind]

    def open_to(self, row: Any) -> bool:
        """The same, of a row in hand."""
        is_cleared = row.public_from is not None
        is_ahead = is_cleared and row.public_from > clock.now()
        return {
            Kind.CLEAR: not row.withdrawn_at and (not is_cleared or is_ahead),
            Kind.HOLD: not row.withdrawn_at and is_ahead,
            Kind.WITHDRAW: not row.withdrawn_at and is_cleared and not is_ahead,
            Kind.REINSTATE: bool(row.withdrawn_at),
        }[self.kind]


DECISIONS = {
    decision.kind.value: decision
    for decision in (
        Decision(
            Kind.CLEAR,
            clear,
            title="Clear for publication",
            verb="Publish",
            propose="Propose to publish",
            takes_along=True,
            needs_two=True,
            sets_instant=True,
        ),
        Decision(
            Kind.HOLD, hold, title="Take back to draft", verb="Take back", propose="Propose this"
        ),
        Decision(
            Kind.WITHDRAW,
            withdraw,
            title="Withdraw",
            verb="Withdraw",
            propose="Propose to withdraw",
            needs_reason=True,
            is_checked=False,
        ),
        Decision(
            Kind.REINSTATE,
            reinstate,
            title="Reinstate",
            verb="Reinstate",
            propose="Propose to reinstate",
            needs_two=True,
        ),
    )
}


# What speaks against it


def concerns_about(decision: Decision, rows: list[Any], user: Any) -> list[tuple[Any, Concern]]:
    """What stops the decision or wants a second look, each with its row."""
    found: list[tuple[Any, Concern]] = []
    if decision.kind == Kind.CLEAR:
        for model, some in registry.of_each_kind(rows).items():
            prefetch_related_objects(some, *model.concerned_with)
        found += [(row, concern) for row in rows for concern in row.concerns()]
    if decision.needs_two and settings.TWO_PERSON_CLEARANCE:
        words = "You wrote it since it was last cleared, so somebody else must clear it."
        authors = authors_of(rows)
        found += [
            (row, Concern(words, stops=True))
            for row in rows
            if any(needs_a_second_person(user, author) for author in authors.get(row.uid, ()))
        ]
    return found


def authors_of(rows: list[Any]) -> dict[UUID, list[Any]]:
    """Who wrote the versions of each that the public has not been told yet."""
    found: dict[UUID, list[Any]] = {}
    for model, some in registry.of_each_kind(rows).items():
        uids = [row.uid for row in some]
        entries = Publication.objects.filter(uid__in=uids).sealed().order_by("number")
        told = dict(entries.values_list("uid", "at"))
        versions = model.history.filter(uid__in=uids, history_user__isnull=False)
        for version in versions.select_related("history_user"):
            if version.uid not in told or version.history_date > told[version.uid]:
                found.setdefault(version.uid, []).append(version.history_user)
    return found


# What would be told, in words

UNTOLD = {"uid", "slug", "url", "html_url", "created", "updated"}


@dataclass
class Telling:
    """One entry of the log as staff read it before it is written."""

    entry: Publication
    row: Any
    # The name of each fact with its value, and where it is corrected, the value before.
    facts: list[tuple[str, str, str | None]] = field(default_factory=list)


def in_words(told: list[Publication], first: Iterable[Any]) -> list[Telling]:
    """What is told of the rows that were chosen, then of what goes with them."""
    chosen = {row.uid for row in first}

    def place(entry: Publication) -> Any:
        return (entry.uid not in chosen, entry.at, entry.resource, str(entry.uid))

    return [Telling(entry, entry.row, _facts(entry)) for entry in sorted(told, key=place)]


def _facts(entry: Publication) -> list[tuple[str, str, str | None]]:
    if not entry.body:
        return []
    body = json.loads(entry.body)
    last = entry.before if entry.action == Action.CORRECTED else None
    before = json.loads(last.body) if last else None
    return [
        (name.replace("_", " "), said(value), said(before.get(name)) if before else None)
        for name, value in body.items()
        if name not in UNTOLD and (value not in (None, "", []) or before)
        if before is None or before.get(name) != value
    ]


def said(value: Any) -> str:
    """A value of a body as one reads it."""
    if value in (None, "", []):
        return "–"
    if isinstance(value, dict):
        return ", ".join(
            f"{name.replace('_', ' ')}: {said(one)}"
            for name, one in value.items()
            if one not in (None, "", [])
        )
    if isinstance(value, list):
        return "; ".join(said(one) for one in value)
    return (
        {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)
    )


def fingerprint(told: list[Publication]) -> str:
    """Of what was shown: a confirmation holds for this and for nothing else."""
    parts = sorted(
        f"{entry.uid} {entry.action} {json.dumps(_lasting(entry), sort_keys=True)}"
        for entry in told
    )
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _lasting(entry: Publication) -> Any:
    """The body without what only tells the time at which it is written."""
    body = json.loads(entry.body) if entry.body else {}
    days = ("created", "updated", "disclosed_on")
    return {name: value for name, value in body.items() if name not in days}
