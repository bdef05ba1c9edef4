"""From what a clerk took to draft records, each with the release as its source."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from mandates.models import (
    Chapter,
    Citation,
    Document,
    Initiative,
    InitiativeParty,
    Mandate,
    Organization,
    Party,
)
from rounds.intake import matching
from rounds.intake.draft import Draft
from rounds.intake.review import NOT_A_ROUND, Entry, Locator
from rounds.intake.tables import blocs
from rounds.models import Outcome, Participation, Person, Round, Undertaking, Venue
from rounds.models.people import Role
from tradeinit.publication import registry
from tradeinit.publication.addresses import free_slug
from tradeinit.publication.gate import writing

REASON = "Drafted from a press release."
STATES = {
    "future": Round.State.ANNOUNCED,
    "present": Round.State.UNDER_WAY,
    "past": Round.State.HELD,
}
# What may come of a release.
MODELS = (
    Initiative, Party, InitiativeParty, Mandate, Chapter, Document, Organization,
    Round, Participation, Person, Outcome, Undertaking,
)  # fmt: skip
Taken = dict[str, list[Entry]]


@dataclass
class Saved:
    document: Document
    round: Round | None = None
    records: list[Any] = field(default_factory=list)


def save(
    draft: Draft, taken: Taken, *, case: Initiative | None, document_alone: bool = False
) -> Saved:
    """All of it or nothing; every new record is a draft. Raises ValidationError in words."""
    with writing(reason=REASON) as gate:
        saved = _Clerk(draft, taken, case).save(document_alone)
        gate.close()
        if gate.told:
            # No draft is told; should a rule ever change that, nothing is kept.
            raise ValidationError("This would tell the public something, so nothing was saved.")
    return saved


class _Clerk:
    def __init__(self, draft: Draft, taken: Taken, case: Initiative | None) -> None:
        self.draft, self.taken, self.case = draft, taken, case
        self.locator = Locator(draft)
        self.made: list[Any] = []
        self.document: Document

    def save(self, document_alone: bool) -> Saved:
        self._case()
        self._document()
        if self.case is not None:
            for party in self.taken.get("parties", ()):
                self._seat(party.value)
        met = None
        kind = self._value("meeting.kind")
        if not document_alone and self.case is not None and kind:
            if kind == "mandate":
                self._mandate()
            elif kind not in NOT_A_ROUND:
                met = self._round(kind)
        for made in self.made:
            if made.pk and isinstance(made, Initiative | Party | InitiativeParty):
                self._cite(made, "", self._entries_of(made))
        return Saved(self.document, met, self.made)

    # What was taken

    @property
    def _its_case(self) -> Initiative:
        if self.case is None:
            raise ValidationError("Choose the case, or give the name of a new one.")
        return self.case

    def _entries(self, name: str) -> list[Entry]:
        return self.taken.get(name, [])

    def _value(self, name: str) -> str:
        entries = self._entries(name)
        return str(entries[0].value) if entries else ""

    def _day(self, name: str) -> date | None:
        value = self._value(name)
        try:
            return date.fromisoformat(value) if value else None
        except ValueError:
            raise ValidationError(f"“{value}” is no day; write it as 2023-01-14.") from None

    def _entries_of(self, made: Any) -> list[Entry]:
        if isinstance(made, Initiative):
            return self._entries("initiative")
        name = made.party.name if isinstance(made, InitiativeParty) else made.name
        return [one for one in self._entries("parties") if one.value == name]

    # Writing

    def _new(self, record: Any) -> Any:
        try:
            record.full_clean()
        except ValidationError as error:
            name = record._meta.verbose_name
            words = "; ".join(
                f"{field}: {' '.join(map(str, problems))}"
                if field != "__all__"
                else " ".join(map(str, problems))
                for field, problems in error.message_dict.items()
            )
            raise ValidationError(f"The {name} cannot be saved as it is. {words}") from error
        record.save()
        self.made.append(record)
        return record

    def _cite(self, record: Any, fact: str, entries: Iterable[Entry]) -> None:
        """The passages on which a fact rests; a record is cited by what its body names."""
        known = set(registry.serializer_of(type(record)).facts())
        seen = set()
        for entry in entries:
            locator = self.locator.of(entry.fact)
            field_name = fact if fact in known else ""
            if (field_name, locator) in seen:
                continue
            seen.add((field_name, locator))
            Citation(
                record=record, document=self.document, field=field_name, locator=locator
            ).save()

    # Records

    def _case(self) -> None:
        name = self._value("initiative")
        if self.case is not None or not name:
            return
        parties = [entry.value for entry in self._entries("parties")]
        bloc = any(party in blocs() for party in parties)
        kind = Initiative.Kind.BLOC if bloc else Initiative.Kind.BILATERAL
        if len(parties) > 2:
            kind = Initiative.Kind.PLURILATERAL
        self.case = self._new(
            Initiative(
                title=name,
                slug=free_slug(name),
                kind=kind,
                policy_basis=self._value("policy_basis"),
            )
        )

    def _document(self) -> None:
        title = self._value("document.title")
        if not title:
            raise ValidationError("Give the release a title: its source is listed under it.")
        han = self._value("document.language") == "zh-Hant"
        publisher = self._value("document.publisher")
        self.document = Document(
            initiative=self.case,
            title=title,
            title_zh_hant=title if han else "",
            slug=free_slug(title, self._value("document.date"), otherwise="release"),
            kind=self._value("document.kind") or Document.Kind.PRESS_RELEASE,
            publisher=self._organization(publisher, None) if publisher else None,
            language=self._value("document.language"),
            dated=self._day("document.date"),
        )
        self._new(self.document)
        if self.case is not None:
            chapters = [
                matching.chapter_named(e.value, self.case) for e in self._entries("chapters")
            ]
            self.document.chapters.set([one for one in chapters if one is not None])

    def _organization(self, name: str, party: Party | None) -> Organization:
        found = matching.organization_named(name, party)
        if found is not None:
            return found
        if Organization.objects.filter(name__iexact=name).exists() and party is not None:
            # Two sides may have a body of the same name; the record keeps names apart.
            name = f"{name}, {party.name}"
            found = Organization.objects.filter(name__iexact=name).first()
        return found or self._new(
            Organization(name=name, slug=free_slug(name, otherwise="body"), party=party)
        )

    def _seat(self, name: str) -> InitiativeParty:
        case = self._its_case
        party = matching.party_named(name)
        if party is None:
            kind = Party.Kind.BLOC if name in blocs() else Party.Kind.UNKNOWN
            party = self._new(Party(name=name, slug=free_slug(name), kind=kind))
        seat = case.initiative_parties.filter(party=party).first()
        return seat or self._new(InitiativeParty(initiative=case, party=party))

    def _mandate(self) -> None:
        mandate = self._new(
            Mandate(
                initiative=self.case,
                title=f"Mandate for {self.case}",
                slug=free_slug(f"mandate {self.case}", self._value("meeting.start")),
                announced_on=self._day("meeting.start"),
            )
        )
        self._cite(mandate, "announced_on", self._entries("meeting.start"))

    def _round(self, kind: str) -> Round:
        case = self._its_case
        label = self._value("meeting.label") or str(Round.Kind(kind).label)
        number = self._value("meeting.number")
        if number and not number.isdecimal():
            raise ValidationError(f"“{number}” is no number of a round.")
        start, end = self._day("meeting.start"), self._day("meeting.end")
        wording = self._value("meeting.wording")
        if end and not start:
            # The record knows no end without a start; the words say what is known.
            wording, end = wording or f"until {end}", None
        han = self._value("document.language") == "zh-Hant"
        met = self._new(
            Round(
                initiative=case,
                label=label[:1].upper() + label[1:],
                label_zh_hant=label if han else "",
                slug=free_slug(f"{case.short_name} {label}", str(start or "")),
                kind=kind,
                number=int(number) if number else None,
                mode=self._value("meeting.mode") or Round.Mode.UNKNOWN,
                press_access=self._value("meeting.press_access") or Round.PressAccess.UNKNOWN,
                state=STATES.get(self._value("meeting.tense"), Round.State.PLANNED),
                start=start,
                end=end,
                precision=self._value("meeting.precision") or "day",
                wording=wording,
            )
        )
        self._venues(met)
        for column in (
            "kind",
            "number",
            "label",
            "start",
            "end",
            "wording",
            "mode",
            "press_access",
        ):
            self._cite(met, column, self._entries(f"meeting.{column}"))
        self._cite(met, "state", self._entries("meeting.tense"))
        self._people(met)
        self._outcomes(met)
        self._steps(met)
        return met

    def _venues(self, met: Round) -> None:
        country, building = self._value("meeting.country"), self._value("meeting.venue")
        cities = self._entries("meeting.cities")
        for order, entry in enumerate(cities):
            first = order == 0
            venue = Venue(
                round=met,
                order=order,
                city=entry.value,
                country=country if first else "",
                venue=building if first else "",
            )
            venue.full_clean()
            venue.save()
        if not cities and (country or building):
            Venue(round=met, country=country, venue=building).save()
        self._cite(met, "city", cities)
        self._cite(met, "country", self._entries("meeting.country"))
        self._cite(met, "venue", self._entries("meeting.venue"))

    def _people(self, met: Round) -> None:
        heads = self._entries("heads")
        sides = [entry.value["party"] for entry in heads]
        for order, entry in enumerate(heads):
            name, title, side = (entry.value[part] for part in ("name", "title", "party"))
            if not side:
                raise ValidationError(f"Say on whose side {name} is, or clear the entry.")
            role = Role.CO_HEAD if sides.count(side) > 1 else Role.HEAD
            row = self._new(
                Participation(
                    round=met,
                    initiative_party=self._seat(side),
                    order=order,
                    person=self._person(name),
                    role=role,
                    name_as_listed=name,
                    title_as_listed=title,
                )
            )
            self._cite(row, "", [entry])
        for order, entry in enumerate(self._entries("agencies"), start=len(heads)):
            name, side = entry.value["name"], entry.value["party"]
            if not side:
                raise ValidationError(f"Say on whose side {name} is, or clear the entry.")
            seat = self._seat(side)
            row = self._new(
                Participation(
                    round=met,
                    initiative_party=seat,
                    order=order,
                    organization=self._organization(name, seat.party),
                    role=Role.AGENCY,
                )
            )
            self._cite(row, "", [entry])
        for entry in self._entries("agencies.unnamed"):
            side = self._side_of_the_unnamed()
            if side:
                row = self._new(
                    Participation(
                        round=met,
                        initiative_party=self._seat(side),
                        order=99,
                        role=Role.AGENCY,
                        note=entry.value,
                    )
                )
                self._cite(row, "note", [entry])

    def _side_of_the_unnamed(self) -> str:
        """``several other agencies`` are of the only side whose people are named."""
        named = [*self._entries("agencies"), *self._entries("heads")]
        sides = {entry.value["party"] for entry in named}
        return sides.pop() if len(sides) == 1 else ""

    def _person(self, name: str) -> Person:
        found = matching.person_named(name)
        if found is not None:
            return found
        given, _, family = name.rpartition(" ")
        sort_name = f"{family}, {given}" if given else name
        return self._new(
            Person(name=name, sort_name=sort_name, slug=free_slug(name, otherwise="person"))
        )

    def _outcomes(self, met: Round) -> None:
        """Chapters are outcomes of a round that was held; of an announced one nothing came yet."""
        case = self._its_case
        for order, entry in enumerate(self._entries("chapters"), start=1):
            chapter = matching.chapter_named(entry.value, case)
            if chapter is None and case in self.made:
                name = entry.value[:1].upper() + entry.value[1:]
                slug = free_slug(f"{case.short_name} {name}")
                chapter = self._new(Chapter(initiative=case, name=name, order=order, slug=slug))
                self._cite(chapter, "name", [entry])
            held = met.state == Round.State.HELD
            if chapter is None or not held or met.outcomes.filter(chapter=chapter).exists():
                continue
            row = self._new(Outcome(round=met, chapter=chapter, result=Outcome.Result.DISCUSSED))
            self._cite(row, "result", [entry])

    def _steps(self, met: Round) -> None:
        for entry in self._entries("next_steps"):
            row = self._new(Undertaking(initiative=self.case, round=met, wording=entry.value))
            self._cite(row, "wording", [entry])
