"""The records that the surfaces are asked for: two cases that differ in everything, and many.

``two_cases()`` holds every record twice, an alpha and a beta, so that each question can be put
with an answer that the one matches and the other does not. ``one_case(n)`` has ``n`` of everything
that a page can show, so that a query for each row shows in the count.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db.models import Model

from tests import factories
from tradeinit import clock
from tradeinit.publication.gate import writing
from tradeinit.publication.models import Publishable

# The instant at which all questions are asked, and the one at which beta was published.
NOW = datetime(2023, 3, 1, 12, 0, 30, tzinfo=UTC)
BETA_PUBLISHED = datetime(2023, 2, 1, 9, tzinfo=UTC)

Cast = dict[str, Publishable]


@dataclass(frozen=True)
class Case:
    word: str
    day: date
    party_kind: str
    organization_kind: str
    initiative_kind: str
    phase: str
    seat_role: str
    capacity: str
    status: str
    document_kind: str
    round_kind: str
    mode: str
    press_access: str
    state: str
    number: int
    city: str
    country: str
    result: str
    role: str
    language: str
    withheld_reason: str
    agreement_status: str
    lineage_kind: str
    session_kind: str
    act: str


ALPHA = Case(
    word="alpha",
    day=date(2022, 6, 1),
    party_kind="state",
    organization_kind="ministry",
    initiative_kind="bilateral",
    phase="negotiating",
    seat_role="negotiating",
    capacity="auspices",
    status="conceptual",
    document_kind="press_release",
    round_kind="full_round",
    mode="in_person",
    press_access="closed",
    state="held",
    number=1,
    city="Taipei",
    country="Taiwan",
    result="discussed",
    role="head",
    language="en",
    withheld_reason="",
    agreement_status="drafting",
    lineage_kind="added",
    session_kind="plenary",
    act="proposal",
)
BETA = Case(
    word="beta",
    day=date(2023, 1, 14),
    party_kind="customs_territory",
    organization_kind="agency",
    initiative_kind="plurilateral",
    phase="paused",
    seat_role="observer",
    capacity="lead_agency",
    status="text_tabled",
    document_kind="mandate",
    round_kind="ministerial",
    mode="virtual",
    press_access="open",
    state="announced",
    number=2,
    city="New York",
    country="United States",
    result="blocked",
    role="co_head",
    language="zh-Hant",
    withheld_reason="beta keeps its proposals to itself",
    agreement_status="signed",
    lineage_kind="deferred",
    session_kind="press",
    act="offer",
)


def factory_of(model: type[Model]) -> Callable[..., Any]:
    return getattr(factories, re.sub(r"(?<!^)(?=[A-Z])", "_", model.__name__).lower())


def two_cases() -> Cast:
    with clock.at(factories.PUBLISHED), writing():
        alpha = _case(ALPHA)
    with clock.at(BETA_PUBLISHED), writing():
        beta = _case(BETA)
    return alpha | beta


def _case(case: Case) -> Cast:
    def called(thing: str, **fields: Any) -> dict[str, Any]:
        """Its name in the cast is its name in the record."""
        return fields | {"slug": f"{case.word}-{thing}"}

    word, day = case.word, case.day
    rows: Cast = {}
    rows["party"] = party = factories.party(
        **called("party", name=f"{word} party", kind=case.party_kind)
    )
    rows["bloc"] = factories.party(
        **called("bloc", name=f"{word} bloc", kind="bloc"), members=[party]
    )
    rows["office"] = office = factories.organization(
        **called("office", name=f"{word} office", kind=case.organization_kind, party=party),
        abbreviation=word.upper(),
    )
    rows["initiative"] = initiative = factories.initiative(
        **called("initiative", title=f"{word} initiative", kind=case.initiative_kind)
    )
    rows["seat"] = seat = factories.initiative_party(
        initiative=initiative, party=party, role=case.seat_role, joined_on=day
    )
    rows["representation"] = factories.representation(
        initiative_party=seat, organization=office, capacity=case.capacity
    )
    rows["mandate"] = mandate = factories.mandate(
        **called("mandate", initiative=initiative, title=f"{word} mandate", announced_on=day)
    )
    rows["chapter"] = chapter = factories.chapter(
        **called("chapter", initiative=initiative, mandate=mandate, name=f"{word} chapter")
    )
    rows["lineage"] = factories.chapter_lineage(
        initiative=initiative,
        kind=case.lineage_kind,
        to_chapters=[chapter],
        on_day=day,
        note=f"{word} lineage",
    )
    rows["agreement"] = agreement = factories.agreement(
        **called("agreement", initiative=initiative, title=f"{word} agreement"),
        ordinal=case.number,
        chapters=[chapter],
    )
    rows["document"] = document = factories.document(
        **called("document", initiative=initiative, title=f"{word} document", publisher=office),
        kind=case.document_kind,
        dated=day,
        chapters=[chapter],
        originators=[party],
        language=case.language,
        withheld=bool(case.withheld_reason),
        withheld_reason=case.withheld_reason,
        **({} if case.withheld_reason else factories.kept_text(f"{word} file")),
    )
    rows["phase"] = factories.statement(
        initiative=initiative,
        value=case.phase,
        effective_on=day,
        claimed_by=seat,
        wording=f"{word} phase",
    )
    rows["status"] = factories.statement(
        chapter=chapter, value=case.status, effective_on=day + timedelta(days=1)
    )
    rows["progress"] = factories.statement(
        agreement=agreement, value=case.agreement_status, effective_on=day + timedelta(days=2)
    )
    rows["person"] = person = factories.person(
        **called("person", name=f"{word} person", sort_name=f"{word}, person")
    )
    rows["round"] = round = factories.round(
        **called("round", initiative=initiative, label=f"{word} round", number=case.number),
        kind=case.round_kind,
        mode=case.mode,
        press_access=case.press_access,
        state=case.state,
        start=day,
        end=day,
    )
    factories.venue(round=round, city=case.city, country=case.country)
    factories.citation(record=round, document=document, locator="paragraph 1")
    factories.citation(record=round, document=document, field="mode", value="not as recorded")
    rows["outcome"] = factories.outcome(
        round=round, chapter=chapter, result=case.result, summary=f"{word} outcome"
    )
    rows["participation"] = factories.participation(
        round=round,
        initiative_party=seat,
        person=person,
        organization=office,
        role=case.role,
        order=case.number,
        title_as_listed=f"{word} minister",
    )
    rows["session"] = session = factories.session(
        round=round,
        title=f"{word} session",
        kind=case.session_kind,
        chapters=[chapter],
        starts=datetime.combine(day, time(2, 30), tzinfo=UTC),
        ends=datetime.combine(day, time(4), tzinfo=UTC),
        room="Room 1",
    )
    rows["tabling"] = factories.tabling(
        document=document,
        initiative_party=seat,
        chapter=chapter,
        round=round,
        session=session,
        act=case.act,
        on_day=day,
    )
    rows["undertaking"] = factories.undertaking(
        initiative=initiative,
        round=round,
        met_by=round if case.state == "held" else None,
        wording=f"{word} undertaking",
        expected_from=day,
    )
    return {f"{word} {thing}": row for thing, row in rows.items()}


@contextmanager
def one_writing() -> Iterator[None]:
    """Many records at once, published when the factories publish."""
    with clock.at(factories.PUBLISHED), writing():
        yield


def one_case(n: int) -> Cast:
    """One case in which each record has ``n`` of each relation, and every one cites ``n`` texts."""
    with one_writing():
        return _case_of_many(n)


def _case_of_many(n: int) -> Cast:
    each = range(n)
    office = factories.organization(name="Office", slug="office")
    initiative = factories.initiative(title="Case", slug="case")
    documents = [factories.document(initiative=initiative, publisher=office) for _ in each]

    def cited(row: Any) -> Any:
        for document in documents:
            factories.citation(record=row, document=document, locator="paragraph 1")
        return row

    for document in documents:
        cited(document)
    cited(office), cited(initiative)
    parties = [cited(factories.party()) for _ in each]
    bloc = cited(factories.party(name="Bloc", slug="bloc", kind="bloc", members=parties))
    party = cited(factories.party(name="Party", slug="party", members=parties))
    for number in each:
        cited(factories.party(name=f"Bloc of the party {number}", kind="bloc", members=[party]))
        cited(factories.organization(party=party, parent=office))
        cited(factories.initiative(succeeds=initiative))
    seats = [
        cited(factories.initiative_party(initiative=initiative, party=one))
        for one in [party, *parties[1:]]
    ]
    for seat in seats:
        for _ in each:
            acting = factories.organization(party=seat.party, parent=office)
            cited(factories.representation(initiative_party=seat, organization=acting))
    mandate = cited(factories.mandate(initiative=initiative, slug="mandate", issuer=seats[0]))
    for _ in each:
        cited(factories.mandate(initiative=initiative, supersedes=mandate, issuer=seats[0]))
    chapters = [cited(factories.chapter(initiative=initiative, mandate=mandate)) for _ in each]
    text = factories.document(
        initiative=initiative, publisher=office, slug="document", chapters=chapters
    )
    cited(text)
    agreements = [
        cited(factories.agreement(initiative=initiative, chapters=chapters)) for _ in each
    ]
    for agreement in agreements:
        cited(factories.statement(agreement=agreement, claimed_by=seats[0]))
        cited(
            factories.chapter_lineage(
                initiative=initiative, from_chapters=chapters, to_chapters=chapters
            )
        )
    people = [cited(factories.person()) for _ in each]
    rounds = [
        cited(
            factories.round(
                initiative=initiative,
                host=seats[0],
                start=date(2023, 1, 2) + timedelta(days=number),
                venues=[f"City {place}" for place in each],
            )
        )
        for number in each
    ]
    for number, round in enumerate(rounds):
        cited(
            factories.round(
                initiative=initiative,
                replaces=round,
                start=date(2023, 2, 2) + timedelta(days=number),
            )
        )
        for chapter in chapters:
            statement = cited(factories.statement(chapter=chapter, claimed_by=seats[0]))
            cited(factories.statement(chapter=chapter, corrects=statement, claimed_by=seats[0]))
            cited(factories.outcome(round=round, chapter=chapter, statement=statement))
        cited(factories.statement(initiative=initiative, effective_on=round.start))
        session = cited(factories.session(round=round, chapters=chapters))
        for seat in seats:
            cited(
                factories.tabling(
                    document=documents[0],
                    initiative_party=seat,
                    chapter=chapters[0],
                    round=round,
                    session=session,
                )
            )
        cited(factories.undertaking(initiative=initiative, round=round, met_by=rounds[0]))
        for seat in seats:
            for person in people:
                cited(
                    factories.participation(
                        round=round,
                        initiative_party=seat,
                        person=person,
                        organization=office,
                        role=["head", "co_head", "chief_negotiator"][seats.index(seat)],
                    )
                )
    cast: Cast = {
        "party": party,
        "bloc": bloc,
        "organization": office,
        "initiative": initiative,
        "mandate": mandate,
        "chapter": chapters[0],
        "agreement": agreements[0],
        "document": documents[0],
        "person": people[0],
        "round": rounds[0],
    }
    return cast
