"""A case but for its meetings: who negotiates what, on what evidence, and where it stands."""

import uuid
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils.text import slugify

from mandates.models import (
    Agreement,
    Chapter,
    ChapterLineage,
    Document,
    Initiative,
    InitiativeParty,
    Mandate,
    Party,
    Representation,
    Statement,
)
from rounds.world.regions import CASES, Pool
from rounds.world.scribe import EMBARGOED, PUBLISHED, Scribe, after
from tradeinit.publication.models import Publishable

CHAPTERS, NOTES = 12, 4
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
STATUSES = ("conceptual", "text_tabled", "consolidating", "consolidated", "provisionally_closed")
PHASES = ("launched", "negotiating", "concluded_in_principle", "concluded")


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
    rounds: list[Any] = field(default_factory=list)
    # The document that tells of each chapter, and of each round.
    proposals: list[Document] = field(default_factory=list)
    reports: dict[uuid.UUID, Document] = field(default_factory=dict)
    # What the office puts right later.
    slips: list[tuple[Publishable, str, str]] = field(default_factory=list)
    errors: list[Publishable] = field(default_factory=list)


def begun(scribe: Scribe, pool: Pool, number: int) -> tuple[Case, dict[Chapter, Statement]]:
    """A case with all but its meetings, and the first statement on each chapter."""
    case = _initiative(scribe, pool, number)
    case.seats = _seats(scribe, case)
    _representations(scribe, pool, case)
    case.mandate = _mandates(scribe, case)
    case.chapters = _chapters(scribe, case)
    _proposals(scribe, pool, case)
    _lineage(scribe, case)
    _agreements(scribe, case)
    _phases(scribe, case)
    return case, _statuses(scribe, case)


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
    case.origin = document(
        scribe, pool, case, "Joint statement on the launch", Document.Kind.JOINT_STATEMENT, launch
    )
    mandate = document(
        scribe, pool, case, "Negotiating mandate", Document.Kind.MANDATE, after(launch, 30)
    )
    scribe.write([case.origin, mandate])
    scribe.rests_on(initiative, case.origin)
    return case


def document(
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
        announced_on=after(case.launch, 30),
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
            document(
                scribe,
                pool,
                case,
                f"Proposal on {chapter.name.lower()}",
                Document.Kind.TEXTUAL_PROPOSAL,
                after(case.launch, 60 + 20 * number),
                withheld=withheld,
                withheld_reason="Shared among the parties in confidence." if withheld else "",
            )
        )
    others = [
        document(
            scribe,
            pool,
            case,
            f"Note {number} on the proposals",
            Document.Kind.TEXT_SUMMARY,
            after(case.launch, 300 + number),
            public_from=scribe.life(),
        )
        for number in range(1, NOTES + 1 + CHAPTERS - len(case.chapters))
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
                on_day=after(case.launch, 200),
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


def _statement(scribe: Scribe, case: Case, value: str, days: int, **fields: Any) -> Statement:
    """Not written yet."""
    day = after(case.launch, days)
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
