"""What of a draft the record has already: its case, its round, its bodies, its chapters."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q

from mandates.models import Chapter, Document, Initiative, Organization, Party
from rounds.intake.draft import Draft
from rounds.models import Person, Round

# Rounds of one case that begin within so many days of each other are the same one.
APART = timedelta(days=4)
COMPARED = {
    "meeting.kind": "kind",
    "meeting.number": "number",
    "meeting.label": "label",
    "meeting.start": "start",
    "meeting.end": "end",
    "meeting.mode": "mode",
    "meeting.press_access": "press_access",
}


def bare(words: str) -> str:
    """A name without case, signs and what stands in brackets."""
    return re.sub(r"[\W_]+", "", re.sub(r"\([^)]*\)", "", words)).lower()


def case_of(draft: Draft) -> Initiative | None:
    """The case that bears the name found, in one of its languages or in short."""
    fact = draft.first("initiative")
    if fact is None:
        return None
    wanted = bare(fact.value)
    inside = re.search(r"\(([A-Z][\w-]+)\)$", fact.value)
    for case in Initiative.objects.order_by("pk"):
        names = (case.title, case.title_zh_hant, case.short_title, case.short_title_zh_hant)
        if wanted in {bare(name) for name in names if name}:
            return case
        if inside and case.short_title == inside[1]:
            return case
    return None


def party_named(name: str) -> Party | None:
    return Party.objects.filter(Q(name__iexact=name) | Q(name_zh_hant=name)).first()


def organization_named(name: str, party: Party | None = None) -> Organization | None:
    """The body of this name; of several, the one on this side."""
    plain = re.sub(r"\s*\([^)]*\)", "", name).strip()
    found = list(
        Organization.objects.filter(
            Q(name__iexact=plain)
            | Q(name__iexact=plain.removeprefix("U.S. "))
            | Q(name_zh_hant=plain)
            | Q(abbreviation=plain)
        ).select_related("party")
    )
    if party is not None:
        found = [one for one in found if one.party_id == party.pk]
    return found[0] if len(found) == 1 else None


def person_named(name: str) -> Person | None:
    found = Person.objects.filter(Q(name__iexact=name) | Q(native_name=name))
    return found.first() if found.count() == 1 else None


def chapter_named(name: str, case: Initiative) -> Chapter | None:
    wanted = _chapter(name)
    for chapter in case.chapters.all():
        if wanted in {_chapter(chapter.name), _chapter(chapter.name_zh_hant)} - {""}:
            return chapter
    return None


def _chapter(name: str) -> str:
    """``Small and medium-sized enterprises`` and ``small and medium enterprises`` are one."""
    plain = bare(name).replace("sized", "").replace("size", "").replace("labour", "labor")
    return plain.removeprefix("the")


@dataclass
class Twin:
    """A round of the record that is the one of the release, and how the two differ."""

    round: Round
    differences: list[tuple[str, str, str]]


def twins(draft: Draft, case: Initiative | None) -> list[Twin]:
    if case is None or (
        draft.value("meeting.start") is None and draft.value("meeting.number") is None
    ):
        return []
    alike = Q(pk__in=())
    if start := draft.value("meeting.start"):
        day = date.fromisoformat(start)
        alike |= Q(start__gte=day - APART, start__lte=day + APART)
    if number := draft.value("meeting.number"):
        alike |= Q(number=number)
    found = case.rounds.filter(alike).prefetch_related("venues")
    return [Twin(one, list(_differences(draft, one))) for one in found]


def _differences(draft: Draft, stored: Round) -> Any:
    for name, column in COMPARED.items():
        fact = draft.first(name)
        held = getattr(stored, column)
        held = "" if held is None else str(held)
        if fact is not None and bare(str(fact.value)) != bare(held):
            yield column.replace("_", " "), held, str(fact.value)
    cities = set(map(bare, stored.cities))
    wanted = draft.values("meeting.cities")
    if wanted and not {bare(city) for city in wanted} & cities:
        yield "city", ", ".join(stored.cities), ", ".join(wanted)


def document_there(draft: Draft) -> Document | None:
    title = draft.value("document.title")
    if not title:
        return None
    found = Document.objects.filter(Q(title__iexact=title) | Q(title_zh_hant=title))
    dated = draft.value("document.date")
    return found.filter(dated=dated).first() if dated else found.first()
