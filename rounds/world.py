"""A world of invented cases: as many records as wanted, the same ones for the same seed.

Nothing in it is real. It is made region by region: a pool of parties, bodies and people, then the
cases among them, then what the office put right since. Each step is a writing of its own, so
memory stays flat however large the world is.
"""

import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from random import Random
from typing import Any

from django.utils.text import slugify

from mandates.models import (
    Agreement,
    Chapter,
    ChapterLineage,
    Citation,
    Document,
    Initiative,
    InitiativeParty,
    Mandate,
    Organization,
    Party,
    Representation,
    Statement,
)
from rounds import invented
from rounds.models import (
    Outcome,
    Participation,
    Person,
    Round,
    Session,
    Tabling,
    Undertaking,
    Venue,
)
from rounds.models.people import Role
from tradeinit import clock
from tradeinit.days import Precision
from tradeinit.publication.gate import Writing, writing
from tradeinit.publication.instants import chunks
from tradeinit.publication.models import Addressed, Publishable

# Never to change: with it the same seed gives the same uids on every installation.
WORLD = uuid.UUID("3c0f6e0b-52f1-5d0a-8d3e-74b1f0c9a2d5")
SEEDS = range(256)
LARGEST_SCALE = 100

# The day on which this world is told; all that happened lies before it.
BASE = date(2023, 1, 2)
PUBLISHED = datetime(2023, 1, 2, 9, tzinfo=UTC)
EMBARGOED = datetime(2100, 1, 4, 9, tzinfo=UTC)

CASES = 20  # in a world of scale 1, and in each region of a larger one
CASES_A_WRITING = 5
PARTIES, CITIES_A_PARTY, PEOPLE = 14, 3, 240  # in each region
WORDS_A_REGION = 100
CHAPTERS, ROUNDS, SESSIONS, SEATS_TAKEN = 12, 10, 12, 30  # of a case; the latter two of a round
DOCUMENTS = 38  # of a case; two more stand in the region's almanacs

SUBJECTS = (
    ("Customs and trade facilitation", "關務及貿易便捷化"),
    ("Good regulatory practices", "良好法制作業"),
    ("Services domestic regulation", "服務業國內規章"),
    ("Anticorruption", "反貪腐"),
    ("Small and medium-sized enterprises", "中小企業"),
    ("Agriculture", "農業"),
    ("Standards", "標準"),
    ("Digital trade", "數位貿易"),
    ("Labor", "勞動"),
    ("Environment", "環境"),
    ("State-owned enterprises", "國營事業"),
    ("Non-market policies and practices", "非市場政策及做法"),
)
BODIES = (
    ("Ministry of Trade", "貿易部", "MOT", Organization.Kind.MINISTRY),
    ("Office for Trade Negotiations", "貿易談判辦公室", "OTN", Organization.Kind.OFFICE),
    ("Institute for Trade", "貿易協會", "IFT", Organization.Kind.REPRESENTATIVE_OFFICE),
)
STATUSES = ("conceptual", "text_tabled", "consolidating", "consolidated", "provisionally_closed")
PHASES = ("launched", "negotiating", "concluded_in_principle", "concluded")
ROLES = ("head", "deputy_head", "chief_negotiator", "spokesperson", "chapter_lead")


Words = tuple[str, str]


class Present(Exception):
    """The world of this seed has been made already."""


def make(scale: float, seed: int) -> Iterator[tuple[str, Counter[str]]]:
    """Make the world; after each step, what it was and the records made. Raises Present."""
    refuse_second(seed)
    cases = max(1, round(CASES * scale))
    for number, first in enumerate(range(0, cases, CASES)):
        yield from _region(seed, number, range(first, min(first + CASES, cases)))


def refuse_second(seed: int) -> None:
    first = uid_of(f"{seed}/region 0", Party, 0)
    if Party.objects.filter(uid=first).exists():
        raise Present(f"The world of seed {seed} is here already; take another seed.")


def uid_of(step: str, model: type[Publishable], number: int) -> uuid.UUID:
    return uuid.uuid5(WORLD, f"{step}/{model.resource}/{number}")


def _region(seed: int, number: int, cases: range) -> Iterator[tuple[str, Counter[str]]]:
    # One minute of the log for each step.
    begins = PUBLISHED + timedelta(minutes=10 * number)
    with clock.at(begins), writing() as opened:
        scribe = Scribe(opened, f"{seed}/region {number}")
        words = seed * LARGEST_SCALE * WORDS_A_REGION + number * WORDS_A_REGION
        pool = _pool(scribe, words, len(cases))
    yield f"region {number + 1}: its parties, bodies and people", scribe.made
    made: list[Case] = []
    for step, chunk in enumerate(chunks(cases, CASES_A_WRITING), start=1):
        with clock.at(begins + timedelta(minutes=step)), writing() as opened:
            scribe = Scribe(opened, f"{seed}/cases {chunk[0]}")
            made += [_case(scribe, pool, case) for case in chunk]
            scribe.cite()
        yield f"region {number + 1}: cases {chunk[0] + 1} to {chunk[-1] + 1}", scribe.made
    with clock.at(begins + timedelta(minutes=9)), writing(reason="Read again in the source."):
        put_right = _put_right(made)
    yield f"region {number + 1}: corrected and withdrawn", put_right


class Scribe:
    """Makes the rows of one step, and a citation for each."""

    def __init__(self, opened: Writing, step: str) -> None:
        self.random = Random(step)  # noqa: S311 - to be foreseen is its purpose
        self.made: Counter[str] = Counter()
        self._writing, self._step = opened, step
        self._sources: list[tuple[Publishable, Document]] = []

    def row(
        self, model: type[Any], source: Document | None = None, slug_of: str = "", **fields: Any
    ) -> Any:
        uid = uid_of(self._step, model, self.made[model.resource])
        self.made[model.resource] += 1
        if issubclass(model, Addressed):
            fields["slug"] = f"{slugify(slug_of)[:80]}-{uid.hex[:10]}"
        row = model(uid=uid, **{"public_from": PUBLISHED} | fields)
        if source:
            self.rests_on(row, source)
        return row

    def rests_on(self, row: Any, source: Document) -> None:
        row.disclosed_on = source.dated
        self._sources.append((row, source))

    def life(self) -> datetime | None:
        """A few are drafts, and a few under embargo."""
        chance = self.random.random()
        return None if chance < 0.02 else EMBARGOED if chance < 0.04 else PUBLISHED

    def write(self, rows: Sequence[Any]) -> Any:
        return type(rows[0]).objects.bulk_create(rows) if rows else []

    def relate(self, model: type[Any], relation: str, pairs: Iterable[tuple[Any, Any]]) -> None:
        self._writing.relate_many(model, relation, list(pairs))

    def some(self, things: Sequence[Any], most: int) -> list[Any]:
        return self.random.sample(things, self.random.randint(1, min(most, len(things))))

    def cite(self) -> None:
        """At the end of the step, when all rows have their keys; two passages for a few."""
        citations = []
        for row, source in self._sources:
            passage = self.random.randint(1, 40)
            citations.append(Citation(record=row, document=source, locator=f"paragraph {passage}"))
            if passage == 40:
                citations.append(Citation(record=row, document=source, locator="annex"))
        Citation.objects.bulk_create(citations)


# A region


@dataclass
class Pool:
    parties: list[Party]
    bodies: dict[Party, list[Organization]]
    people: dict[Party, list[Person]]
    cities: dict[Party, list[Words]]
    titles: list[Words]


def _pool(scribe: Scribe, first_word: int, cases: int) -> Pool:
    words = [invented.word(first_word + number) for number in range(WORDS_A_REGION)]
    names, places = words[:PARTIES], words[PARTIES : PARTIES * (1 + CITIES_A_PARTY)]
    almanacs = _almanacs(scribe, names, 2 * cases)
    parties = _parties(scribe, names, almanacs[0])
    pool = Pool(
        parties=parties,
        bodies=_bodies(scribe, parties, almanacs[0]),
        people=_people(scribe, parties, almanacs),
        cities={party: places[number::PARTIES] for number, party in enumerate(parties)},
        titles=words[-CASES:],
    )
    scribe.cite()
    return pool


def _almanacs(scribe: Scribe, names: list[Words], count: int) -> list[Document]:
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


def _parties(scribe: Scribe, names: list[Words], almanac: Document) -> list[Party]:
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
        given, family, han = invented.person(scribe.random)
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


# A case


@dataclass
class Case:
    """What has been made of a case so far; only what its public rows may name."""

    initiative: Initiative
    number: int
    launch: date
    parties: list[Party]
    origin: Document = field(init=False)
    seats: list[InitiativeParty] = field(init=False)
    mandate: Mandate = field(init=False)
    chapters: list[Chapter] = field(init=False)
    rounds: list[Round] = field(default_factory=list)
    # The document that tells of each chapter, and of each round.
    proposals: list[Document] = field(default_factory=list)
    reports: dict[uuid.UUID, Document] = field(default_factory=dict)
    # What the office puts right later.
    slips: list[tuple[Publishable, str, str]] = field(default_factory=list)
    errors: list[Publishable] = field(default_factory=list)


def _case(scribe: Scribe, pool: Pool, number: int) -> Case:
    case = _initiative(scribe, pool, number)
    case.seats = _seats(scribe, case)
    _representations(scribe, pool, case)
    case.mandate = _mandates(scribe, case)
    case.chapters = _chapters(scribe, case)
    _proposals(scribe, pool, case)
    _lineage(scribe, case)
    _agreements(scribe, case)
    _phases(scribe, case)
    statuses = _statuses(scribe, case)
    rounds = _rounds(scribe, pool, case)
    _venues(pool, case, rounds)
    _outcomes(scribe, case, statuses)
    sessions = [session for round in rounds for session in _sessions(scribe, case, round)]
    _participations(scribe, pool, case, rounds)
    _tablings(scribe, case, sessions)
    _undertakings(scribe, case)
    return case


def _initiative(scribe: Scribe, pool: Pool, number: int) -> Case:
    """The last two of a region are hidden: a draft, and one under embargo."""
    count = 4 if number % 4 == 3 else 2
    parties = scribe.random.sample(pool.parties[:-1], count)
    name, han = pool.titles[number % CASES]
    between = " and ".join(party.name for party in parties[:2])
    launch = date(2015, 1, 1) + timedelta(days=scribe.random.randrange(1900))
    hidden = {CASES - 2: None, CASES - 1: EMBARGOED}
    initiative = scribe.row(
        Initiative,
        slug_of=f"{name} Initiative",
        title=f"{name} Initiative on Trade between {between}",
        title_zh_hant=f"{han}貿易倡議",
        short_title=f"{name} Initiative",
        short_title_zh_hant=f"{han}倡議",
        kind=Initiative.Kind.BILATERAL if count == 2 else Initiative.Kind.PLURILATERAL,
        summary=f"Talks on {CHAPTERS} areas of trade, first proposed in {name}.",
        disclosed_on=launch,
        public_from=hidden.get(number % CASES, PUBLISHED),
    )
    scribe.write([initiative])
    case = Case(initiative, number, launch, parties)
    case.origin = _document(
        scribe, pool, case, "Joint statement on the launch", Document.Kind.JOINT_STATEMENT, launch
    )
    mandate = _document(
        scribe, pool, case, "Negotiating mandate", Document.Kind.MANDATE, _after(launch, 30)
    )
    scribe.write([case.origin, mandate])
    scribe.rests_on(initiative, case.origin)
    return case


def _document(
    scribe: Scribe, pool: Pool, case: Case, title: str, kind: str, dated: date, **fields: Any
) -> Document:
    """Not written yet; it cites itself."""
    publisher = pool.bodies[scribe.random.choice(case.parties)][1]
    document = scribe.row(
        Document,
        slug_of=f"{case.initiative.short_title} {title}",
        initiative=case.initiative,
        title=f"{case.initiative.short_title}: {title}",
        kind=kind,
        publisher=publisher,
        language="en",
        dated=dated,
        address=f"https://www.example.org/{publisher.slug}/{dated}-{slugify(title)}",
        **fields,
    )
    scribe.rests_on(document, document)
    return document


def _seats(scribe: Scribe, case: Case) -> list[InitiativeParty]:
    return scribe.write(
        [
            scribe.row(
                InitiativeParty,
                case.origin,
                initiative=case.initiative,
                party=party,
                joined_on=case.launch,
            )
            for party in case.parties
        ]
    )


def _representations(scribe: Scribe, pool: Pool, case: Case) -> None:
    """Through its ministry, for which its office speaks."""
    capacities = Representation.Capacity
    rows = []
    for seat in case.seats:
        ministry, office, _institute = pool.bodies[seat.party]
        for body, capacity, principal in (
            (ministry, capacities.AUSPICES, None),
            (office, capacities.DESIGNATED_REPRESENTATIVE, ministry),
        ):
            rows.append(
                scribe.row(
                    Representation,
                    case.origin,
                    initiative_party=seat,
                    organization=body,
                    capacity=capacity,
                    on_behalf_of=principal,
                    from_day=case.launch,
                )
            )
    scribe.write(rows)


def _mandates(scribe: Scribe, case: Case) -> Mandate:
    title = f"{case.initiative.short_title}: joint mandate"
    mandate = scribe.row(
        Mandate,
        case.origin,
        title,
        initiative=case.initiative,
        title=title,
        announced_on=_after(case.launch, 30),
        summary=f"It names {CHAPTERS - 1} areas.",
    )
    return scribe.write([mandate])[0]


def _chapters(scribe: Scribe, case: Case) -> list[Chapter]:
    """The last was added later, and in every fourth case it is a draft still."""
    late = None if case.number % 4 == 2 else PUBLISHED
    chapters = scribe.write(
        [
            scribe.row(
                Chapter,
                case.origin,
                f"{case.initiative.short_title} {name}",
                initiative=case.initiative,
                mandate=case.mandate if order < CHAPTERS else None,
                order=order,
                name=name,
                name_zh_hant=han,
                aim=f"Rules on {name.lower()} that both sides can keep.",
                from_day=case.launch,
                public_from=PUBLISHED if order < CHAPTERS else late,
            )
            for order, (name, han) in enumerate(SUBJECTS, start=1)
        ]
    )
    return [chapter for chapter in chapters if chapter.public_from]


def _proposals(scribe: Scribe, pool: Pool, case: Case) -> None:
    """A proposal on each chapter; of the last two the text is withheld, or not public at all."""
    for number, chapter in enumerate(case.chapters):
        withheld = number >= CHAPTERS - 2
        case.proposals.append(
            _document(
                scribe,
                pool,
                case,
                f"Proposal on {chapter.name.lower()}",
                Document.Kind.TEXTUAL_PROPOSAL,
                _after(case.launch, 60 + 20 * number),
                withheld=withheld,
                withheld_reason="Shared among the parties in confidence." if withheld else "",
            )
        )
    others = [
        _document(
            scribe,
            pool,
            case,
            f"Note {number} on the proposals",
            Document.Kind.TEXT_SUMMARY,
            _after(case.launch, 300 + number),
            public_from=scribe.life(),
        )
        for number in range(1, DOCUMENTS - 2 - 2 * ROUNDS - len(case.chapters) + 1)
    ]
    scribe.write(case.proposals + others)
    about = [*zip(case.proposals, case.chapters, strict=True)]
    scribe.relate(Document, "chapters", about + [(note, case.chapters[0]) for note in others])
    scribe.relate(
        Document,
        "originators",
        [(proposal, scribe.random.choice(case.parties)) for proposal in case.proposals],
    )
    case.errors.append(case.proposals[1])


def _lineage(scribe: Scribe, case: Case) -> None:
    kinds = ChapterLineage.Kind
    renamed, put_off = scribe.write(
        [
            scribe.row(
                ChapterLineage,
                case.origin,
                initiative=case.initiative,
                kind=kind,
                on_day=_after(case.launch, 200),
                former_name=former,
            )
            for kind, former in ((kinds.RENAMED, "Food and farming"), (kinds.DEFERRED, ""))
        ]
    )
    scribe.relate(ChapterLineage, "to_chapters", [(renamed, case.chapters[5])])
    scribe.relate(ChapterLineage, "from_chapters", [(put_off, case.chapters[10])])


def _agreements(scribe: Scribe, case: Case) -> None:
    """One of every case, a second of some; each with its ledger."""
    agreements = scribe.write(
        [
            scribe.row(
                Agreement,
                case.origin,
                f"{case.initiative.short_title} {title}",
                initiative=case.initiative,
                ordinal=ordinal,
                title=f"{title} under the {case.initiative.title}",
                short_title=title,
            )
            for ordinal, title in enumerate(("First Agreement", "Second Agreement"), start=1)
            if ordinal <= 1 + case.number % 2
        ]
    )
    halves = (case.chapters[:6], case.chapters[6:])
    scribe.relate(
        Agreement,
        "chapters",
        [
            (agreement, chapter)
            for agreement, half in zip(agreements, halves, strict=False)
            for chapter in half
        ],
    )
    scribe.write(
        [
            _statement(scribe, case, value, 700 + 90 * number, agreement=agreement)
            for agreement in agreements
            for number, value in enumerate(("drafting", "text_agreed", "signed"))
        ]
    )


def _statement(scribe: Scribe, case: Case, value: str, after: int, **fields: Any) -> Statement:
    """Not written yet."""
    day = _after(case.launch, after)
    row = scribe.row(Statement, case.origin, value=value, effective_on=day, **fields)
    row.disclosed_on = day
    return row


def _phases(scribe: Scribe, case: Case) -> None:
    """The parties' ledger of the case as a whole; in some they disagree on where it stands."""
    about = case.initiative
    rows = [
        _statement(scribe, case, value, 250 * number, initiative=about)
        for number, value in enumerate(PHASES[: 2 + case.number % 3])
    ]
    rows += [
        _statement(scribe, case, value, 40 * number, initiative=about)
        for number, value in enumerate(("launch", "mandate_published", "first_round"))
    ]
    if case.number % 5 == 4:
        rows.append(
            _statement(scribe, case, "paused", 990, initiative=about, claimed_by=case.seats[0])
        )
    scribe.write(rows)
    case.errors.append(rows[-1])


def _statuses(scribe: Scribe, case: Case) -> dict[Chapter, Statement]:
    """The way of each chapter; one statement corrects another. Returns the first of each."""
    firsts, rows = {}, []
    for number, chapter in enumerate(case.chapters):
        way = STATUSES[: scribe.random.randint(3, len(STATUSES))]
        said = [
            _statement(
                scribe,
                case,
                value,
                100 + 150 * place + number,
                chapter=chapter,
                claimed_by=scribe.random.choice([None, None, None, *case.seats]),
            )
            for place, value in enumerate(way)
        ]
        firsts[chapter] = said[0]
        rows += said
    rows.append(
        _statement(scribe, case, "parked", 980, chapter=case.chapters[-1], public_from=EMBARGOED)
    )
    scribe.write(rows)
    wrong = firsts[case.chapters[0]]
    right = _statement(scribe, case, "not_opened", 100, chapter=wrong.chapter, corrects=wrong)
    scribe.write([right])
    return firsts


# The rounds of a case


def _rounds(scribe: Scribe, pool: Pool, case: Case) -> list[Round]:
    """Held every few weeks; the last is only planned or announced, and some are under embargo."""
    announced, rounds = [], []
    for number in range(ROUNDS):
        start = _after(case.launch, 75 * (number + 1) + scribe.random.randrange(20))
        end = start + timedelta(days=scribe.random.randrange(1, 5))
        report = _document(
            scribe,
            pool,
            case,
            f"Report of round {number + 1}",
            Document.Kind.ROUND_REPORT,
            end + timedelta(days=1),
        )
        notice = _document(
            scribe,
            pool,
            case,
            f"Notice of round {number + 1}",
            Document.Kind.ADVISORY,
            start - timedelta(days=7),
        )
        round = _round(scribe, case, number, start, end, notice)
        announced += [notice, report]
        rounds.append(round)
        case.reports[round.uid] = report
    scribe.write(announced)
    scribe.relate(
        Document,
        "chapters",
        [
            (document, chapter)
            for document in announced
            for chapter in scribe.some(case.chapters, 3)
        ],
    )
    scribe.write(rounds)
    case.rounds = [round for round in rounds if round.public_from == PUBLISHED]
    case.slips.append((case.rounds[0], "summary", "Both sides spoke of all areas."))
    return rounds


def _round(
    scribe: Scribe, case: Case, number: int, start: date, end: date, notice: Document
) -> Round:
    """Not written yet."""
    kinds, modes, states = Round.Kind, Round.Mode, Round.State
    state, public_from = states.HELD, PUBLISHED
    if number == ROUNDS - 1:
        start = end = BASE + timedelta(days=30 + case.number % 60)
        drafted = case.number % 2
        state, public_from = (states.PLANNED, None) if drafted else (states.ANNOUNCED, PUBLISHED)
    elif number == ROUNDS - 2 and case.number % 3 == 0:
        public_from = EMBARGOED
    elif number == 4 and case.number % 4 == 0:
        state = states.POSTPONED
    label = f"Round {number + 1}"
    return scribe.row(
        Round,
        notice,
        f"{case.initiative.short_title} {label}",
        initiative=case.initiative,
        label=label,
        label_zh_hant=f"第{number + 1}輪談判",
        number=number + 1,
        kind=scribe.random.choice([kinds.FULL_ROUND] * 3 + [kinds.TECHNICAL, kinds.MINISTERIAL]),
        mode=modes.VIRTUAL if number % 4 == 3 else modes.IN_PERSON,
        press_access=scribe.random.choice(Round.PressAccess.values),
        state=state,
        start=start,
        end=end,
        timezone="UTC",
        host=case.seats[number % len(case.seats)],
        summary=f"{label} was held between {start} and {end}." if state == states.HELD else "",
        public_from=public_from,
    )


def _venues(pool: Pool, case: Case, rounds: list[Round]) -> None:
    """A city of the host, now and then two; none where they met by video."""
    venues = []
    for number, round in enumerate(rounds):
        host = case.parties[number % len(case.parties)]
        for order in range(0 if round.mode == Round.Mode.VIRTUAL else 1 + (number % 5 == 4)):
            city, han = pool.cities[host][(number + order) % CITIES_A_PARTY]
            venues.append(
                Venue(
                    round=round,
                    order=order,
                    city=city,
                    city_zh_hant=han,
                    country=host.name,
                    country_zh_hant=host.name_zh_hant,
                )
            )
    Venue.objects.bulk_create(venues)


def _outcomes(scribe: Scribe, case: Case, statuses: dict[Chapter, Statement]) -> None:
    """Half of the matrix is filled."""
    rows = []
    for round in case.rounds[: ROUNDS - 1]:
        for chapter in scribe.random.sample(case.chapters, CHAPTERS // 2):
            statement = statuses[chapter] if round is case.rounds[0] else None
            rows.append(
                scribe.row(
                    Outcome,
                    case.reports[round.uid],
                    round=round,
                    chapter=chapter,
                    result=scribe.random.choice(Outcome.Result.values),
                    summary=f"The parties went through the proposal on {chapter.name.lower()}.",
                    statement=statement,
                    public_from=scribe.life(),
                )
            )
    scribe.write(rows)
    shown = _shown(rows)
    case.slips.append((shown[0], "summary", "The proposal was read twice."))
    case.errors += shown[1:3]


def _sessions(scribe: Scribe, case: Case, round: Round) -> list[Session]:
    """The agenda grid: a plenary, then a group for one or two chapters at a time."""
    rows, groups = [], []
    for number in range(SESSIONS):
        day = round.start + timedelta(days=number // 4)
        starts = datetime.combine(day, time(8 + 2 * (number % 4)), UTC)
        chapters = scribe.some(case.chapters, 2) if number else []
        rows.append(
            scribe.row(
                Session,
                case.reports[round.uid],
                round=round,
                title=chapters[0].name if chapters else "Opening plenary",
                kind=Session.Kind.CHAPTER_GROUP if chapters else Session.Kind.PLENARY,
                starts=starts,
                ends=starts + timedelta(minutes=90),
                timezone="UTC",
                room=f"Room {1 + number % 3}",
                public_from=scribe.life(),
            )
        )
        groups += [(rows[-1], chapter) for chapter in chapters]
    scribe.write(rows)
    scribe.relate(Session, "chapters", groups)
    shown = _shown(rows)
    if round in case.rounds[:3]:
        case.slips.append((shown[0], "room", "Great Hall"))
        case.errors.append(shown[1])
    return shown if round in case.rounds else []


def _participations(scribe: Scribe, pool: Pool, case: Case, rounds: list[Round]) -> None:
    """People and bodies of every party, and one row without a name."""
    rows = []
    each = SEATS_TAKEN // len(case.seats)
    for round in rounds:
        for number, seat in enumerate(case.seats):
            count = each + (SEATS_TAKEN % len(case.seats) if number == 0 else 0)
            rows += _delegation(scribe, pool, case.reports[round.uid], round, seat, count)
    scribe.write(rows)
    shown = _shown(rows)
    case.slips += [(row, "note", "As corrected by the secretariat.") for row in shown[:200:40]]
    case.errors += shown[20:220:40]


def _delegation(
    scribe: Scribe,
    pool: Pool,
    source: Document,
    round: Round,
    seat: InitiativeParty,
    count: int,
) -> list[Participation]:
    """Not written yet. Heads by name, the others by title; the last row for those not listed."""
    ministry, office, institute = pool.bodies[seat.party]
    people = scribe.random.sample(pool.people[seat.party], count - 1)
    rows = [
        scribe.row(
            Participation,
            source,
            round=round,
            initiative_party=seat,
            order=order,
            person=person,
            organization=(ministry, office, institute)[order % 3],
            role=ROLES[order] if order < len(ROLES) else Role.DELEGATE,
            name_as_listed=person.name,
            title_as_listed=f"Director, {office.name}",
            named=order % 4 == 0,
            public_from=scribe.life(),
        )
        for order, person in enumerate(people)
    ]
    rest = scribe.row(
        Participation,
        source,
        round=round,
        initiative_party=seat,
        order=count,
        role=Role.AGENCY,
        note="several other agencies",
        note_zh_hant="其他機關",
    )
    return [*rows, rest]


def _tablings(scribe: Scribe, case: Case, sessions: list[Session]) -> None:
    rows = []
    for proposal, chapter in zip(case.proposals, case.chapters, strict=True):
        for act in (Tabling.Act.PROPOSAL, Tabling.Act.COUNTER_PROPOSAL):
            session = scribe.random.choice(sessions)
            rows.append(
                scribe.row(
                    Tabling,
                    case.reports[session.round.uid],
                    document=proposal,
                    initiative_party=scribe.random.choice(case.seats),
                    chapter=chapter,
                    round=session.round,
                    session=session,
                    act=act,
                    on_day=session.starts.date(),
                    public_from=scribe.life(),
                )
            )
    scribe.write(rows)
    case.errors.append(_shown(rows)[-1])


def _undertakings(scribe: Scribe, case: Case) -> None:
    """Each round but the last announces the next."""
    rows = [
        scribe.row(
            Undertaking,
            case.reports[round.uid],
            initiative=case.initiative,
            round=round,
            wording="The parties agreed to meet again within three months.",
            expected_from=following.start.replace(day=1),
            expected_to=following.start.replace(day=28),
            precision=Precision.MONTH,
            met_by=following if following.state == Round.State.HELD else None,
            public_from=scribe.life(),
        )
        for round, following in pairwise(case.rounds)
    ]
    scribe.write(rows)


def _after(day: date, days: int) -> date:
    return day + timedelta(days=days)


def _shown(rows: list[Any]) -> list[Any]:
    return [row for row in rows if row.public_from == PUBLISHED]


# What the office puts right


def _put_right(cases: list[Case]) -> Counter[str]:
    done: Counter[str] = Counter()
    for case in cases:
        if case.initiative.public_from != PUBLISHED:
            continue
        for row, name, value in case.slips:
            setattr(row, name, value)
            row.save()
        for row in case.errors:
            row.withdrawn_at, row.withdrawal_reason = clock.now(), "Entered in error."
            row.save()
        done.update(corrected=len(case.slips), withdrawn=len(case.errors))
    return done
