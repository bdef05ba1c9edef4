"""The rounds of a case: who sat there, what came of them, what is owed."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

from mandates.models import (
    Chapter,
    Document,
    InitiativeParty,
    Statement,
)
from rounds.models import (
    Outcome,
    Participation,
    Round,
    Session,
    Tabling,
    Undertaking,
    Venue,
)
from rounds.models.people import Role
from rounds.world.cases import CHAPTERS, Case, document
from rounds.world.regions import CITIES_A_PARTY, Pool
from rounds.world.scribe import BASE, EMBARGOED, PUBLISHED, Scribe, after, shown
from tradeinit.days import Precision

ROUNDS, SESSIONS, SEATS_TAKEN = 10, 12, 30  # the latter two of a round
ROLES = ("head", "deputy_head", "chief_negotiator", "spokesperson", "chapter_lead")


def held(scribe: Scribe, pool: Pool, case: Case, statuses: dict[Chapter, Statement]) -> None:
    """All meetings of the case."""
    rounds = _rounds(scribe, pool, case)
    _venues(pool, case, rounds)
    _outcomes(scribe, case, statuses)
    sessions = [session for round in rounds for session in _sessions(scribe, case, round)]
    _participations(scribe, pool, case, rounds)
    _tablings(scribe, case, sessions)
    _undertakings(scribe, case)


def _rounds(scribe: Scribe, pool: Pool, case: Case) -> list[Round]:
    """Held every few weeks; the last is only planned or announced, and some are under embargo."""
    announced, rounds = [], []
    for number in range(ROUNDS):
        start, end = _days(scribe, case, number)
        notice, report = _papers(scribe, pool, case, number, start, end)
        round = _round(scribe, case, number, start, end, notice)
        announced += [notice, report]
        rounds.append(round)
        case.reports[round.uid] = report
    scribe.write(announced)
    scribe.relate(
        Document,
        "chapters",
        [(paper, chapter) for paper in announced for chapter in scribe.some(case.chapters, 3)],
    )
    scribe.write(rounds)
    case.rounds = [round for round in rounds if round.public_from == PUBLISHED]
    case.slips.append((case.rounds[0], "summary", "Both sides spoke of all areas."))
    return rounds


def _days(scribe: Scribe, case: Case, number: int) -> tuple[date, date]:
    """The last is yet to come."""
    length = timedelta(days=scribe.random.randrange(1, 5))
    start = after(case.launch, 75 * (number + 1) + scribe.random.randrange(20))
    if number == ROUNDS - 1:
        start = after(BASE, 30 + case.number % 60)
    return start, start + length


def _papers(
    scribe: Scribe, pool: Pool, case: Case, number: int, start: date, end: date
) -> tuple[Document, Document]:
    """The notice of a round, and what tells of it: a report, or so far its programme."""
    kinds = Document.Kind
    title, told = f"Report of round {number + 1}", after(end, 1)
    if told > BASE:
        title, told = f"Programme of round {number + 1}", after(BASE, -1)
    notified = min(after(start, -7), after(BASE, -2))
    return (
        document(scribe, pool, case, f"Notice of round {number + 1}", kinds.ADVISORY, notified),
        document(scribe, pool, case, title, kinds.ROUND_REPORT, told),
    )


def _round(
    scribe: Scribe, case: Case, number: int, start: date, end: date, notice: Document
) -> Round:
    """Not written yet."""
    kinds, modes, states = Round.Kind, Round.Mode, Round.State
    state = states.HELD
    public_from: datetime | None = PUBLISHED
    if number == ROUNDS - 1:
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
    public = shown(rows)
    case.slips.append((public[0], "summary", "The proposal was read twice."))
    case.errors += public[1:3]


def _sessions(scribe: Scribe, case: Case, round: Any) -> list[Any]:
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
    public = shown(rows)
    if round in case.rounds[:3]:
        case.slips.append((public[0], "room", "Great Hall"))
        case.errors.append(public[1])
    return public if round in case.rounds else []


def _participations(scribe: Scribe, pool: Pool, case: Case, rounds: list[Round]) -> None:
    """People and bodies of every party, and one row without a name."""
    rows = []
    each = SEATS_TAKEN // len(case.seats)
    for round in rounds:
        for number, seat in enumerate(case.seats):
            count = each + (SEATS_TAKEN % len(case.seats) if number == 0 else 0)
            rows += _delegation(scribe, pool, case.reports[round.uid], round, seat, count)
    scribe.write(rows)
    public = shown(rows)
    case.slips += [(row, "note", "As corrected by the secretariat.") for row in public[:200:40]]
    case.errors += public[20:220:40]


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


def _tablings(scribe: Scribe, case: Case, sessions: list[Any]) -> None:
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
    case.errors.append(shown(rows)[-1])


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
