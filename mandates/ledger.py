"""Where a subject stands: the ledger's statements rolled up, for pages and API alike."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mandates.models import InitiativeParty, Statement
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
    claims: dict[Any, list[Statement]] = defaultdict(list)
    standing = Statement.objects.standing(subject, clocks.on_day, clocks.known_day).for_list()
    for statement in standing.filter(**{f"{subject}__in": list(pks)}).order_by(
        "effective_on", "uid"
    ):
        claims[getattr(statement, f"{subject}_id")].append(statement)
    cases = {statement.case.pk for found in claims.values() for statement in found}
    tables = _negotiating(cases, clocks.on_day)
    return {
        pk: Standing(claims[pk], _basis(claims[pk], tables)) if pk in claims else Standing()
        for pk in pks
    }


def _basis(claims: list[Statement], tables: dict[Any, set[Any]]) -> Basis:
    if len({statement.value for statement in claims}) > 1:
        return Basis.DISPUTED
    if any(statement.claimed_by_id is None for statement in claims):
        return Basis.AGREED
    everybody = tables[claims[0].case.pk]
    said_by = {statement.claimed_by_id for statement in claims}
    return Basis.AGREED if everybody and everybody <= said_by else Basis.ONE_SIDED


def _negotiating(cases: set[Any], on: date) -> dict[Any, set[Any]]:
    """The seats whose word was needed for an agreement on that day, by initiative."""
    seats: dict[Any, set[Any]] = defaultdict(set)
    if cases:
        at_the_table = (
            InitiativeParty.objects.public()
            .filter(Q(joined_on__isnull=True) | Q(joined_on__lte=on))
            .filter(Q(left_on__isnull=True) | Q(left_on__gt=on))
            .exclude(role=InitiativeParty.Role.OBSERVER)
        )
        for pk, case in at_the_table.filter(initiative__in=cases).values_list("pk", "initiative"):
            seats[case].add(pk)
    return seats


def attach_corrections(statements: list[Statement]) -> None:
    """Give each statement, as ``correction``, the public one that puts it right, if any."""
    corrections = Statement.objects.public().filter(corrects__in=statements)
    found = corrections.for_list().prefetch_related(None)
    by_corrected = {statement.corrects_id: statement for statement in found}
    for statement in statements:
        statement.correction = by_corrected.get(statement.pk)  # type: ignore[attr-defined]


def attach(subject: str, rows: list[Any], clocks: Clocks = TODAY) -> None:
    """Give each row, as ``standing``, where it stands by these clocks: for templates."""
    found = standings(subject, [row.pk for row in rows], clocks)
    for row in rows:
        row.standing = found[row.pk]
