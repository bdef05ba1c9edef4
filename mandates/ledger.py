"""Where a subject stands: the ledger's statements rolled up, for pages and API alike."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from mandates.models import Initiative, InitiativeParty, Statement
from mandates.models.statements import STATUS_OF, Word, last_words
from tradeinit import prepared
from tradeinit.clocks import TODAY, Clocks
from tradeinit.days import Precision


class Basis(models.TextChoices):
    AGREED = "agreed", _("agreed")
    ONE_SIDED = "one_sided", _("said by one side only")
    DISPUTED = "disputed", _("disputed")
    UNKNOWN = "unknown", _("nothing recorded")


@dataclass
class Standing:
    """Where one subject stands; ``value`` is None where nothing is said, or it is disputed."""

    claims: list[Statement] = field(default_factory=list)
    basis: Basis = Basis.UNKNOWN

    @property
    def value(self) -> str | None:
        settled = self.basis in (Basis.AGREED, Basis.ONE_SIDED)
        return self.claims[0].value if settled else None

    @property
    def label(self) -> str:
        settled = self.basis in (Basis.AGREED, Basis.ONE_SIDED)
        return str(self.claims[0].get_value_display()) if settled else str(self.basis.label)

    @property
    def is_settled(self) -> bool:
        return self.value is not None

    @property
    def since(self) -> date | None:
        return self.claims[0].effective_on if self.claims else None

    @property
    def since_precision(self) -> str:
        return self.claims[0].precision if self.claims else Precision.DAY


def standings(
    subject: str,
    pks: Collection[Any],
    clocks: Clocks = TODAY,
) -> dict[Any, Standing]:
    """The standing of each initiative, chapter or agreement; ``subject`` says which."""
    [found] = standings_on([clocks.on_day], subject, pks, clocks.known_day)
    return found


def standings_on(
    on: Sequence[date], subject: str, pks: Collection[Any], known: date
) -> list[dict[Any, Standing]]:
    """The same on each of these days, as known on one."""
    if not pks:
        return [{} for _day in on]
    words: dict[Any, list[Word]] = defaultdict(list)
    asked = prepared.question(_words, subject, on=max(on), known=known, pks=list(pks))
    for word in asked.tuples():
        words[word[0]].append(Word(*word))
    vocabulary = STATUS_OF[subject].values
    standing = [
        {
            pk: last_words([word for word in found if word.effective_on <= day], vocabulary)
            for pk, found in words.items()
        }
        for day in on
    ]
    wanted = {word.pk for found in standing for each in found.values() for word in each}
    statements = {row.pk: row for row in _listed(wanted)}
    seats = _seats({statement.case.pk for statement in statements.values()})
    return [
        {pk: _standing([statements[word.pk] for word in found.get(pk, ())], day, seats)
         for pk in pks}
        for day, found in zip(on, standing, strict=True)
    ]  # fmt: skip


def _standing(claims: list[Statement], on: date, seats: list[InitiativeParty]) -> Standing:
    claims.sort(key=lambda statement: (statement.effective_on, statement.uid))
    return Standing(claims, _basis(claims, on, seats)) if claims else Standing()


def _basis(claims: list[Statement], on: date, seats: list[InitiativeParty]) -> Basis:
    if len({statement.value for statement in claims}) > 1:
        return Basis.DISPUTED
    if any(statement.claimed_by_id is None for statement in claims):
        return Basis.AGREED
    case = claims[0].case
    everybody = {seat.pk for seat in seats if seat.initiative_id == case.pk and seat.is_taken(on)}
    said_by = {statement.claimed_by_id for statement in claims}
    return Basis.AGREED if everybody and everybody <= said_by else Basis.ONE_SIDED


def _words(subject: str, on: Any, known: Any, pks: list[Any]) -> Any:
    said = Statement.objects.said(subject, on, known)
    return said.filter(**{f"{subject}__pk__among": pks}).words(subject)


def _listed(pks: Collection[Any]) -> list[Statement]:
    return prepared.question(_by_key, pks=list(pks)).rows() if pks else []


def _by_key(pks: list[Any]) -> Any:
    return Statement.objects.public().filter(pk__among=pks).for_list()


def _seats(cases: set[Any]) -> list[InitiativeParty]:
    """The seats whose word is needed for an agreement."""
    return prepared.question(_with_a_say, cases=list(cases)).rows() if cases else []


def _with_a_say(cases: list[Any]) -> Any:
    seats = InitiativeParty.objects.public().exclude(role=InitiativeParty.Role.OBSERVER)
    return seats.filter(initiative__pk__among=cases)


def told_of(
    case: Initiative, clocks: Clocks, between: tuple[date, date] | None = None
) -> list[Statement]:
    """What was said of a case and all that belongs to it; ``between``: effective on which days."""
    first, last = between or (None, None)
    days = {"on": clocks.on, "known": clocks.known, "first": first, "last": last}
    return prepared.question(_told_of, case=case.pk, **days).rows()


def _told_of(
    case: Any, on: Any = None, known: Any = None, first: Any = None, last: Any = None
) -> Any:
    told = Clocks(on, known).over(Statement.objects.public()).of_case(case).for_list()
    return told.effective_between(first, last) if first else told


def attach_corrections(statements: list[Statement]) -> None:
    """Give each statement, as ``correction``, the public one that puts it right, if any."""
    pks = [statement.pk for statement in statements]
    found = prepared.question(_corrections, pks=pks).rows() if pks else []
    by_corrected = {statement.corrects_id: statement for statement in found}
    for statement in statements:
        statement.correction = by_corrected.get(statement.pk)  # type: ignore[attr-defined]


def _corrections(pks: list[Any]) -> Any:
    corrections = Statement.objects.public().filter(corrects__pk__among=pks)
    return corrections.for_list().prefetch_related(None)


def attach(subject: str, rows: list[Any], clocks: Clocks = TODAY) -> None:
    """Give each row, as ``standing``, where it stands by these clocks: for templates."""
    found = standings(subject, [row.pk for row in rows], clocks)
    for row in rows:
        row.standing = found[row.pk]
