"""A pasted delegation list: name, title and body on each line, and what is known of them."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from django import forms
from django.db.models import Max

from mandates.models import InitiativeParty, Organization
from rounds.importing import names
from rounds.models import Participation, Person, Round
from rounds.models.people import Role
from tradeinit.publication.addresses import free_slug

MOST_LINES = 200
NEW, NOBODY = "new", ""
POLITE = re.compile(
    r"^(?:(?:mr|mrs|ms|miss|dr|prof|amb|ambassador|h\.?e|hon|the honou?rable|sir|dame)\b\.?\s*)+",
    re.IGNORECASE,
)
# The first that the title holds.
ROLE_WORDS = (
    ("co-head", Role.CO_HEAD),
    ("deputy head", Role.DEPUTY_HEAD),
    ("head of delegation", Role.HEAD),
    ("chief negotiator", Role.CHIEF_NEGOTIATOR),
    ("adviser", Role.ADVISER),
    ("advisor", Role.ADVISER),
    ("observer", Role.OBSERVER),
    ("spokesperson", Role.SPOKESPERSON),
)


@dataclass
class Line:
    name: str
    title: str = ""
    body: str = ""
    # The known person of this very name, and those whose names are near it.
    person: Person | None = None
    near: list[Person] = field(default_factory=list)
    organization: Organization | None = None
    near_bodies: list[Organization] = field(default_factory=list)
    role: str = Role.DELEGATE
    listed_already: bool = False
    # What is chosen for it; at first, what the record suggests.
    keep: bool = True
    is_person: str = NEW
    is_body: str = NOBODY
    named: bool = False


class PasteForm(forms.Form):
    party = forms.ModelChoiceField(InitiativeParty.objects.none())
    lines = forms.CharField(
        label="Delegation list",
        widget=forms.Textarea(attrs={"rows": 12, "cols": 80}),
        help_text="One person on each line: name, title, body; parted by tabs, semicolons or "
        "commas.",
    )

    def __init__(self, *args: Any, met: Round, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        party: Any = self.fields["party"]
        party.queryset = met.initiative.initiative_parties.select_related("party", "initiative")

    def clean_lines(self) -> list[Line]:
        lines = [read(line) for line in self.cleaned_data["lines"].splitlines() if line.strip()]
        if len(lines) > MOST_LINES:
            raise forms.ValidationError(f"At most {MOST_LINES} lines at once.")
        return lines


def read(line: str) -> Line:
    """``Jane Roe; Director, Services; Ministry of Trade``."""
    for sign in ("\t", ";", "|"):
        if sign in line:
            parts = [" ".join(part.split()) for part in line.split(sign)]
            break
    else:
        parts = [" ".join(part.split()) for part in line.split(",")]
        if len(parts) > 3:
            parts = [parts[0], ", ".join(parts[1:-1]), parts[-1]]
    name, title, body = [*parts, "", ""][:3]
    title = ", ".join([title, *parts[3:]]) if len(parts) > 3 else title
    words = title.casefold()
    role = next((role for word, role in ROLE_WORDS if word in words), Role.DELEGATE)
    return Line(POLITE.sub("", name)[:200], title[:250], body, role=role)


def compare(lines: list[Line], met: Round) -> None:
    """Find for each line who it is, or who it may be."""
    people, bodies = _People(), _Bodies()
    listed = set(met.participations.exclude(person=None).values_list("person_id", flat=True))
    names_listed = {
        names.key(name) for name in met.participations.values_list("name_as_listed", flat=True)
    }
    for line in lines:
        line.person, line.near = people.find(line.name)
        if line.title and not line.body:
            line.organization, _near = bodies.find(line.title)
            if line.organization:
                line.title, line.body = "", line.title
        elif line.body:
            line.organization, line.near_bodies = bodies.find(line.body)
        line.listed_already = (
            line.person.pk in listed if line.person else names.key(line.name) in names_listed
        )
        line.keep = not line.listed_already
        line.is_person = str(line.person.pk) if line.person else NEW
        line.is_body = str(line.organization.pk) if line.organization else NOBODY


def choose(lines: list[Line], entered: Any) -> None:
    """Give the lines what somebody had chosen for them when nothing could be saved."""
    for i, line in enumerate(lines):
        if f"{i}-name" not in entered:
            continue
        line.name, line.title = entered[f"{i}-name"], entered.get(f"{i}-title", "")
        line.keep, line.named = f"{i}-keep" in entered, f"{i}-named" in entered
        line.is_person = entered.get(f"{i}-person", NOBODY)
        line.is_body = entered.get(f"{i}-organization", NOBODY)
        line.role = entered.get(f"{i}-role", line.role)


class _People:
    """People by every word of their names: thousands of them are not compared one by one."""

    def __init__(self) -> None:
        self._by_key: dict[str, Person] = {}
        self._by_word: dict[str, set[Person]] = defaultdict(set)
        for person in Person.objects.only("pk", "name", "native_name", "sort_name", "slug"):
            family, _comma, given = person.sort_name.partition(",")
            for name in (person.native_name, f"{given} {family}", person.name):
                key = names.key(name)
                if key:
                    self._by_key[key] = person
            for word in names.key(f"{person.name} {person.native_name}").split():
                self._by_word[word].add(person)
                self._by_word[word[:3]].add(person)

    def find(self, name: str) -> tuple[Person | None, list[Person]]:
        key = names.key(name)
        same = self._by_key.get(key)
        words = key.split()
        some = {one for word in words for begin in (word, word[:3]) for one in self._by_word[begin]}
        rated = sorted(
            ((_likeness(key, names.key(one.name)), one.pk, one) for one in some if one != same),
            reverse=True,
        )
        return same, [one for likeness, _pk, one in rated[:3] if likeness >= 0.75]


def _likeness(one: str, other: str) -> float:
    """Of two names, whatever the order of their words."""
    plain = SequenceMatcher(None, one, other).ratio()
    first, second = (" ".join(sorted(name.split())) for name in (one, other))
    return max(plain, SequenceMatcher(None, first, second).ratio())


class _Bodies:
    def __init__(self) -> None:
        self._by_key: dict[str, Organization] = {}
        self._names: dict[str, Organization] = {}
        for body in Organization.objects.only("pk", "name", "name_zh_hant", "abbreviation"):
            for name in (body.name_zh_hant, body.abbreviation, body.name):
                if name:
                    self._by_key[names.key(name)] = self._names[name] = body

    def find(self, name: str) -> tuple[Organization | None, list[Organization]]:
        same = self._by_key.get(names.key(name))
        if same:
            return same, []
        near = {self._names[one].pk: self._names[one] for one in names.near(name, self._names)}
        return None, list(near.values())


class SeatForm(forms.Form):
    """One line as it will be entered: who it is taken for is somebody's choice."""

    keep = forms.BooleanField(required=False)
    name = forms.CharField(max_length=200)
    title = forms.CharField(max_length=250, required=False)
    body = forms.CharField(max_length=250, required=False)
    person = forms.CharField(required=False)
    organization = forms.CharField(required=False)
    role = forms.ChoiceField(choices=Role.choices)
    named = forms.BooleanField(required=False)

    def clean_person(self) -> Person | str:
        return _chosen(Person, self.cleaned_data["person"])

    def clean_organization(self) -> Organization | str:
        return _chosen(Organization, self.cleaned_data["organization"])


def _chosen(model: Any, value: str) -> Any:
    if value in (NEW, NOBODY):
        return value
    found = model.objects.filter(pk=value).first() if value.isdecimal() else None
    if found is None:
        raise forms.ValidationError("It is no longer there.")
    return found


def enter(met: Round, seat: InitiativeParty, seats: list[dict[str, Any]]) -> int:
    """Inside ``writing()``: a draft for each line that is kept; gives how many."""
    order = met.participations.filter(initiative_party=seat).aggregate(last=Max("order"))["last"]
    made = 0
    for entry in seats:
        if not entry["keep"]:
            continue
        order = (order or 0) + 1
        person, organization = entry["person"] or None, entry["organization"] or None
        if person == NEW:
            person = _new_person(entry["name"])
        if organization == NEW:
            organization = _new_body(entry["body"], seat)
        row = Participation(
            round=met,
            initiative_party=seat,
            order=order,
            person=person,
            organization=organization,
            role=entry["role"],
            name_as_listed=entry["name"],
            title_as_listed=entry["title"],
            named=entry["named"],
            # A body that is not in the record is kept in the words of the list.
            note=entry["body"] if entry["body"] and organization is None else "",
        )
        row.full_clean()
        row.save()
        made += 1
    return made


def _new_person(name: str) -> Person:
    *given, family = name.split()
    person = Person(
        name=name,
        sort_name=f"{family}, {' '.join(given)}" if given else family,
        slug=free_slug(name, otherwise="person"),
    )
    person.full_clean()
    person.save()
    return person


def _new_body(name: str, seat: InitiativeParty) -> Organization:
    known = Organization.objects.filter(name=name).first()
    if known:
        return known
    body = Organization(name=name, party=seat.party, slug=free_slug(name, otherwise="body"))
    body.full_clean()
    body.save()
    return body
