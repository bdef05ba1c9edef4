"""What the cases of a region share: parties, their bodies, their people and their cities."""

from dataclasses import dataclass
from datetime import date

from mandates.models import (
    Document,
    Organization,
    Party,
)
from rounds.models import (
    Person,
)
from rounds.world import names
from rounds.world.scribe import Scribe

CASES = 20
PARTIES, CITIES_A_PARTY, PEOPLE = 14, 3, 240  # in each region
WORDS_A_REGION = 100
BODIES = (
    ("Ministry of Trade", "貿易部", "MOT", Organization.Kind.MINISTRY),
    ("Office for Trade Negotiations", "貿易談判辦公室", "OTN", Organization.Kind.OFFICE),
    ("Institute for Trade", "貿易協會", "IFT", Organization.Kind.REPRESENTATIVE_OFFICE),
)


@dataclass
class Pool:
    parties: list[Party]
    bodies: dict[Party, list[Organization]]
    people: dict[Party, list[Person]]
    cities: dict[Party, list[names.Words]]
    titles: list[names.Words]


def pool(scribe: Scribe, first_word: int, cases: int) -> Pool:
    words = [names.word(first_word + number) for number in range(WORDS_A_REGION)]
    parties_named, places = words[:PARTIES], words[PARTIES : PARTIES * (1 + CITIES_A_PARTY)]
    almanacs = _almanacs(scribe, parties_named, 2 * cases)
    parties = _parties(scribe, parties_named, almanacs[0])
    made = Pool(
        parties=parties,
        bodies=_bodies(scribe, parties, almanacs[0]),
        people=_people(scribe, parties, almanacs),
        cities={party: places[number::PARTIES] for number, party in enumerate(parties)},
        titles=words[-CASES:],
    )
    scribe.cite()
    return made


def _almanacs(scribe: Scribe, names: list[names.Words], count: int) -> list[Document]:
    """Documents of no case: what is known of parties, bodies and people stands in them."""
    almanacs = []
    for number in range(count):
        name, han = names[number % PARTIES]
        year = 2014 - number // PARTIES
        almanac = scribe.row(
            Document,
            slug_of=f"Almanac of {name} {year}",
            title=f"Almanac of {name}, {year}",
            title_zh_hant=f"{han}年鑑 {year}",
            kind=Document.Kind.OTHER,
            language="en",
            dated=date(year, 1, 15),
        )
        scribe.rests_on(almanac, almanac)
        almanacs.append(almanac)
    return scribe.write(almanacs)


def _parties(scribe: Scribe, names: list[names.Words], almanac: Document) -> list[Party]:
    """States for the most part; the last is a bloc of some of the others."""
    kinds = [Party.Kind.STATE] * (PARTIES - 3) + [Party.Kind.CUSTOMS_TERRITORY] * 2
    parties = scribe.write(
        [
            scribe.row(Party, almanac, name, name=name, name_zh_hant=han, kind=kind)
            for (name, han), kind in zip(names, [*kinds, Party.Kind.BLOC], strict=True)
        ]
    )
    scribe.relate(Party, "members", [(parties[-1], member) for member in parties[:5]])
    return parties


def _bodies(
    scribe: Scribe, parties: list[Party], almanac: Document
) -> dict[Party, list[Organization]]:
    """Of each party: a ministry, the ministry's office for negotiations, and an institute."""
    found = {}
    for party in parties:
        ministry, office, institute = (
            scribe.row(
                Organization,
                almanac,
                f"{title} {party.name}",
                name=f"{title} of {party.name}",
                name_zh_hant=f"{party.name_zh_hant}{han}",
                abbreviation=f"{short}-{party.name[:4].upper()}",
                kind=kind,
                party=party,
            )
            for title, han, short, kind in BODIES
        )
        scribe.write([ministry])
        office.parent = ministry
        found[party] = [ministry, *scribe.write([office, institute])]
    return found


def _people(
    scribe: Scribe, parties: list[Party], almanacs: list[Document]
) -> dict[Party, list[Person]]:
    people = []
    for number in range(PEOPLE):
        given, family, han = names.person(scribe.random)
        people.append(
            scribe.row(
                Person,
                almanacs[number % len(almanacs)],
                f"{given} {family}",
                name=f"{given} {family}",
                native_name=han,
                sort_name=f"{family}, {given}",
            )
        )
    scribe.write(people)
    return {party: people[number::PARTIES] for number, party in enumerate(parties)}
