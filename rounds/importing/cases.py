"""The initiatives that sheets name, their parties and their seats."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from mandates.models import Initiative, InitiativeParty, Party
from rounds.importing import cells, names
from rounds.importing.batch import Batch
from rounds.importing.dates import said
from rounds.importing.headings import Row
from rounds.importing.report import Place
from tradeinit.publication.addresses import free_slug


@dataclass
class _Wanted:
    """A case as all rows together tell it."""

    title: str
    place: Place
    parties: dict[str, tuple[cells.Named, Place]] = field(default_factory=dict)


class Cases:
    """Finds or makes each case once, with all parties that any row gives it."""

    def __init__(self, batch: Batch, choices: dict[str, str]) -> None:
        self._batch, self._report = batch, batch.report
        # What somebody has said that a name means: key of the name -> slug.
        self._choices = {names.key(name): slug for name, slug in choices.items() if slug}
        self._cases = _Index(Initiative, ("title", "short_title", "title_zh_hant", "slug"))
        self._parties = _Index(Party, ("name", "name_zh_hant", "slug"))
        self._found: dict[str, Initiative | None] = {}

    def record(self, rows: list[Row]) -> None:
        wanted: dict[str, _Wanted] = {}
        for row in rows:
            title = cells.text(row.cells.get("initiative"))
            if not title:
                self._report.wrong(
                    row.at("initiative"),
                    "the initiative is not named; each row needs it, merged cells too.",
                )
                continue
            case = wanted.setdefault(names.key(title), _Wanted(title, row.at("initiative")))
            for party in cells.parties(row.cells.get("parties")):
                case.parties.setdefault(names.key(party.name), (party, row.at("parties")))
        for key, case in wanted.items():
            initiative = self._initiative(case)
            self._found[key] = initiative
            if initiative:
                self._seats(initiative, case)

    def keep(self, row: Row, case: Initiative) -> None:
        """A row of this case, whatever it calls it."""
        self._found.setdefault(self.key_of(row), case)

    def of(self, row: Row) -> Initiative | None:
        return self._found.get(names.key(said(row.cells.get("initiative"))))

    def key_of(self, row: Row) -> str:
        return names.key(said(row.cells.get("initiative")))

    # Initiatives

    def _initiative(self, case: _Wanted) -> Initiative | None:
        found = self._chosen(self._cases, case.title)
        found = found or self._one(self._cases, case.title, case.place)
        if found or self._cases.find(case.title):
            if found:
                self._report.match(found)
            return found
        kind = _kind(case)
        made = Initiative(title=case.title, kind=kind, slug=free_slug(case.title))
        if not self._batch.make(made, case.place):
            return None
        self._report.tell(case.place, f"new initiative “{made}”, {made.get_kind_display()}.")
        self._propose(self._cases, case.title, case.place)
        if len(case.parties) < 2:
            self._report.open(
                case.place,
                f"“{made}” has fewer than two parties here; its kind is taken to be "
                f"{made.get_kind_display()}.",
            )
        self._cases.add(made)
        return made

    # Parties

    def _seats(self, initiative: Initiative, case: _Wanted) -> None:
        seated = list(initiative.initiative_parties.select_related("party"))
        by_name = {
            names.key(name): seat.party
            for seat in seated
            for name in (seat.designation, seat.designation_zh_hant)
            if name
        }
        held = {seat.party_id for seat in seated}
        for key, (named, place) in case.parties.items():
            party = by_name.get(key) or self._party(named, place)
            if party is None or party.pk in held:
                continue
            seat = InitiativeParty(initiative=initiative, party=party)
            if self._batch.make(seat, place):
                held.add(party.pk)
                self._report.tell(place, f"new seat of {party} in “{initiative}”.")

    def _party(self, named: cells.Named, place: Place) -> Party | None:
        found = self._chosen(self._parties, named.name)
        found = found or self._one(self._parties, named.name, place)
        if found is None and not self._parties.find(named.name):
            kind = Party.Kind.BLOC if named.is_bloc else Party.Kind.UNKNOWN
            found = Party(name=named.name, kind=kind, slug=free_slug(named.name))
            if not self._batch.make(found, place):
                return None
            proposed = f", taken for a {found.get_kind_display()}" if named.is_bloc else ""
            self._report.tell(place, f"new party “{found}”{proposed}.")
            self._propose(self._parties, named.name, place)
            self._parties.add(found)
            members = [self._party(cells.Named(one), place) for one in named.members]
            found.members.set([member for member in members if member])
        elif found:
            self._report.match(found)
        return found

    # Names

    def _chosen(self, index: "_Index", name: str) -> Any:
        slug = self._choices.get(names.key(name))
        found = index.model._base_manager.filter(slug=slug).first() if slug else None
        if found:
            self._offer(index, name)
        return found

    def _one(self, index: "_Index", name: str, place: Place) -> Any:
        found = index.find(name)
        if len(found) > 1:
            slugs = ", ".join(sorted(row.slug for row in found))
            self._report.wrong(place, f"“{name}” is the name of several records: {slugs}.")
        return found[0] if len(found) == 1 else None

    def _propose(self, index: "_Index", name: str, place: Place) -> None:
        near = self._offer(index, name)
        if near:
            listed = ", ".join(f"“{row}” ({row.slug})" for row in near)
            self._report.open(place, f"“{name}” is new; near it is already {listed}.")

    def _offer(self, index: "_Index", name: str) -> list[Any]:
        """The records near a name, which may be chosen for it, or that choice be undone."""
        near = index.near(name)
        if near and name not in [one["name"] for one in self._report.near]:
            self._report.near.append(
                {
                    "resource": index.model.resource,
                    "name": name,
                    "near": [{"slug": row.slug, "name": str(row)} for row in near],
                }
            )
        return near


class _Index:
    """Records of one kind by every name they go by."""

    def __init__(self, model: Any, columns: tuple[str, ...]) -> None:
        self.model, self._columns = model, columns
        self._by_key: dict[str, dict[Any, Any]] = defaultdict(dict)
        self._names: dict[str, Any] = {}
        for row in model._base_manager.order_by("pk"):
            self.add(row)

    def add(self, row: Any) -> None:
        for column in self._columns:
            name = getattr(row, column)
            if name:
                self._by_key[names.key(name)][row.pk] = row
                self._names.setdefault(name, row)

    def find(self, name: str) -> list[Any]:
        return list(self._by_key.get(names.key(name), {}).values())

    def near(self, name: str) -> list[Any]:
        found = {self._names[one].pk: self._names[one] for one in names.near(name, self._names)}
        return list(found.values())


def _kind(case: _Wanted) -> str:
    words = names.key(case.title)
    if "accession" in words.split():
        return Initiative.Kind.ACCESSION
    if any(named.is_bloc for named, _place in case.parties.values()):
        return Initiative.Kind.BLOC
    return Initiative.Kind.PLURILATERAL if len(case.parties) > 2 else Initiative.Kind.BILATERAL
