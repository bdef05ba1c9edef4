"""The matrix of a case: its chapters by its meetings, on a day, as known on a day."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any, NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.db.models import Func, TextField, prefetch_related_objects
from django.utils.translation import gettext as _

from mandates import ledger
from mandates.ledger import Standing
from mandates.models import (
    Agreement,
    Chapter,
    ChapterLineage,
    Citation,
    Initiative,
    Mandate,
    Statement,
)
from mandates.models.sources import SHOWN
from mandates.serializers import ChapterLineageSerializer, ChapterSerializer
from rounds.models import Outcome, Round
from rounds.serializers import OutcomeSerializer, RoundSerializer
from tradeinit import prepared
from tradeinit.clocks import Clocks
from tradeinit.languages import local
from tradeinit.prepared import Prepared

# A page shows so many meetings, the latest; each earlier one is a day away.
COLUMNS = 24
# Of an outcome.
READ = ("pk", "written", "result", "statement_id", "round_id", "chapter_id")
# So many days are offered to go to.
DAYS = 40


class Written(Func):
    """A uid as addresses write it. To make one of each for its text takes long in Python."""

    template = "CAST(%(expressions)s AS text)"
    output_field = TextField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Kept without hyphens."""
        parts = ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))
        cut = " || '-' || ".join(f"substr(%(expressions)s, {at}, {most})" for at, most in parts)
        return self.as_sql(compiler, connection, template=f"({cut})")


class Recorded(NamedTuple):
    """An outcome, as far as the matrix shows it: a page has hundreds of them."""

    pk: Any
    uid: str
    result: str
    statement_id: Any
    round: Round
    chapter: Chapter
    cited_passages: Sequence[Citation]

    @property
    def place(self) -> tuple[Any, ...]:
        """In a list of them: as ``Outcome`` has it, the last meeting first."""
        begun = self.round.start or date.min
        return -begun.toordinal(), self.round.pk, self.chapter.order

    @property
    def label(self) -> str:
        return str(Outcome.Result(self.result).label)


@dataclass
class Cell:
    """What came of a chapter at a meeting; ``outcome`` is None where nothing is recorded."""

    meeting: Round
    outcome: Recorded | None
    led_to: Statement | None
    # Whether the chapter was one at the time.
    is_there: bool


@dataclass
class Column:
    """A meeting, and at how many chapters something is recorded of it."""

    meeting: Round
    recorded: int


@dataclass
class Line:
    """A chapter: where it stands, where it stood before the last meeting, and its cells."""

    chapter: Chapter
    standing: Standing
    before: Standing
    cells: list[Cell] = field(default_factory=list)
    lineage: list[ChapterLineage] = field(default_factory=list)

    @property
    def has_moved(self) -> bool:
        return _said(self.standing) != _said(self.before)


@dataclass
class Total:
    """The chapters that stand alike."""

    standing: Standing
    lines: list[Line]

    @property
    def count(self) -> int:
        return len(self.lines)


@dataclass
class Turn:
    """How chapters became others, as it is drawn: what was, what is, and what leads where."""

    row: ChapterLineage

    @property
    def before(self) -> list[str]:
        named = [str(chapter) for chapter in self.row.from_chapters.all()]
        if self.row.kind == ChapterLineage.Kind.RENAMED:
            return [local(self.row, "former_name")]
        return named or [_("new")]

    @property
    def after(self) -> list[str]:
        named = [str(chapter) for chapter in self.row.to_chapters.all()]
        is_deferred = self.row.kind == ChapterLineage.Kind.DEFERRED
        return named or [_("left for later") if is_deferred else _("not stated")]

    @property
    def lines(self) -> list[tuple[int, int]]:
        """From which height to which each line leads, in hundredths of the picture."""
        return [(left, right) for left in _heights(self.before) for right in _heights(self.after)]


def _heights(names: list[str]) -> list[int]:
    """The middles of so many rows of one height."""
    return [(2 * place + 1) * 50 // len(names) for place in range(len(names))]


@dataclass
class Matrix:
    initiative: Initiative
    clocks: Clocks

    @property
    def day(self) -> date:
        return self.clocks.on_day

    # Rows, each kind asked for once

    # Of chapters and meetings the page says nothing that would need its source.

    @cached_property
    def chapters(self) -> list[Chapter]:
        """Also those that have become others since: what came of them stays."""
        return self._of_case(
            Chapter,
            lambda rows, day: rows.begun(day).select_related("initiative"),
            day=self.day,
        ).rows()

    @cached_property
    def rounds(self) -> list[Round]:
        """Whenever they begin, the earliest first."""
        return self._of_case(
            Round, lambda rows: rows.for_list().prefetch_related(None).order_by("start", "pk")
        ).rows()

    @cached_property
    def meetings(self) -> list[Round]:
        """Begun by the day."""
        return [met for met in self.rounds if met.start and met.start <= self.day]

    @cached_property
    def coming(self) -> list[Round]:
        """Announced for a later day, or for none that is known; with their places."""
        found = [met for met in self.rounds if not met.start or met.start > self.day]
        prefetch_related_objects(found, "venues")
        return found

    @cached_property
    def outcomes(self) -> list[Recorded]:
        """Of the chapters at the meetings, in no order."""
        meetings = {meeting.pk: meeting for meeting in self.meetings}
        chapters = {chapter.pk: chapter for chapter in self.chapters}
        case, known = self.initiative.pk, self.clocks.known
        rows = prepared.question(_recorded, case=case, known=known).tuples()
        found = [row for row in rows if row[-2] in meetings and row[-1] in chapters]
        cited = _cited([row[0] for row in found])
        return [
            Recorded(pk, uid, result, said, meetings[met], chapters[chapter], cited.get(pk, ()))
            for pk, uid, result, said, met, chapter in found
        ]

    @cached_property
    def statements(self) -> dict[Any, Statement]:
        """Those to which outcomes led, by primary key: few did."""
        pks = list({row.statement_id for row in self.outcomes} - {None})
        rows = prepared.question(_with_claimants, pks=pks).rows() if pks else []
        return {row.pk: row for row in rows}

    @cached_property
    def became(self) -> list[ChapterLineage]:
        """On whichever day."""
        return self._of_case(ChapterLineage, lambda rows: rows.for_list()).rows()

    @cached_property
    def lineage(self) -> list[ChapterLineage]:
        """By the day that is asked for."""
        on = self.clocks.on
        return [row for row in self.became if not (on and row.on_day and row.on_day > on)]

    def _of_case(
        self, model: Any, shape: Any, path: str = "initiative", **days: date | None
    ) -> Prepared:
        """The public rows of the case, as known; ``shape`` says which, on these days."""
        case, known = self.initiative.pk, self.clocks.known
        return prepared.question(_of_case, model, path, shape, case=case, known=known, **days)

    # What follows from them

    @cached_property
    def columns(self) -> list[Column]:
        counts = Counter(outcome.round.slug for outcome in self.outcomes)
        return [Column(met, counts[met.slug]) for met in self.meetings[-COLUMNS:]]

    @property
    def earlier(self) -> list[Round]:
        """The meetings for which there is no column."""
        return self.meetings[:-COLUMNS]

    @property
    def codes(self) -> list[tuple[str, str]]:
        """The results that occur, each with its name."""
        found = {outcome.result for outcome in self.outcomes}
        return [choice for choice in Outcome.Result.choices if choice[0] in found]

    @property
    def turns(self) -> list[Turn]:
        return [Turn(row) for row in self.lineage]

    @property
    def last(self) -> Round | None:
        """The last meeting that took place, for all that is known."""
        held = [meeting for meeting in self.meetings if meeting.takes_place]
        return held[-1] if held else None

    @cached_property
    def lines(self) -> list[Line]:
        pks = [chapter.pk for chapter in self.chapters]
        now, then = ledger.standings_on([self.day, self.eve], "chapter", pks, self.clocks.known_day)
        cells = {(found.chapter.slug, found.round.slug): found for found in self.outcomes}
        lineage: dict[Any, list[ChapterLineage]] = defaultdict(list)
        for row in self.lineage:
            for chapter in {*row.from_chapters.all(), *row.to_chapters.all()}:
                lineage[chapter.pk].append(row)
        return [
            Line(
                chapter,
                now[chapter.pk],
                then[chapter.pk],
                [
                    self._cell(
                        chapter, column.meeting, cells.get((chapter.slug, column.meeting.slug))
                    )
                    for column in self.columns
                ],
                lineage[chapter.pk],
            )
            for chapter in self.chapters
        ]

    def _cell(self, chapter: Chapter, met: Round, outcome: Recorded | None) -> Cell:
        led_to = self.led_to(outcome) if outcome else None
        return Cell(met, outcome, led_to, chapter.was_there(met.start, met.end))

    @property
    def eve(self) -> date:
        """The day before the last meeting, from which what moved is counted."""
        begun = self.last.start if self.last else None
        return begun - timedelta(days=1) if begun else self.day

    @property
    def moved(self) -> list[Line]:
        """The chapters that stand otherwise than on the eve of the last meeting."""
        return [line for line in self.lines if line.has_moved]

    @property
    def turned(self) -> list[ChapterLineage]:
        """How chapters became others since that eve."""
        return [row for row in self.lineage if row.on_day and row.on_day > self.eve]

    @cached_property
    def totals(self) -> list[Total]:
        """How many chapters stand where, the most first."""
        groups: dict[Any, list[Line]] = defaultdict(list)
        for line in self.lines:
            groups[line.standing.value, line.standing.basis].append(line)
        found = [Total(lines[0].standing, lines) for lines in groups.values()]
        return sorted(found, key=lambda total: -total.count)

    @cached_property
    def counted(self) -> list[tuple[Any, Citation]]:
        """What sources say of how many chapters there are: each with the record it is said of."""
        records = [
            record
            for model in (Mandate, Agreement)
            for record in self._of_case(model, _with_sources, on=self.clocks.on).rows()
        ]
        return [
            (record, citation)
            for record in records
            for citation in record.cited_passages
            if citation.field == "chapters" and citation.value and self._is_said(citation)
        ]

    def _is_said(self, citation: Citation) -> bool:
        dated = citation.document.dated
        return dated is None or dated <= min(self.day, self.clocks.known_day)

    @property
    def contested(self) -> list[Recorded]:
        """The cells of which a source says something else."""
        found = [row for row in self.outcomes if any(one.value for one in row.cited_passages)]
        return sorted(found, key=lambda row: row.place)

    @cached_property
    def days(self) -> list[date]:
        """The days on which the matrix changed, up to today: meetings and what was said."""
        found = {met.start for met in self.rounds if met.start}
        of_chapters = self._of_case(
            Statement, lambda rows: rows.values_list("effective_on"), path="chapter__initiative"
        )
        found |= {day for (day,) in of_chapters.tuples()}
        found |= {row.on_day for row in self.became if row.on_day}
        return sorted(day for day in found if day <= Clocks().on_day)[-DAYS:]

    def led_to(self, outcome: Recorded) -> Statement | None:
        """The statement that it led to, as far as that was made, and known, by then."""
        said = self.statements.get(outcome.statement_id)
        if said is None or not said.is_public or said.effective_on > self.day:
            return None
        known = self.clocks.known
        is_known = known is None or (said.disclosed_on is not None and said.disclosed_on <= known)
        return said if is_known else None

    # For machines

    def answer(self) -> dict[str, Any]:
        """Everything in the words of the API; each record as its own list answers it."""
        chapters = ChapterSerializer.answers(self.chapters, self.clocks)
        moved = {line.chapter.slug for line in self.moved}
        outcomes = sorted(self.outcomes, key=lambda row: row.place)
        led_to = {row.uid: self.led_to(row) for row in outcomes}
        cells = OutcomeSerializer.answers(outcomes, self.clocks)
        return {
            "initiative": self.initiative.slug,
            "url": f"{self.initiative.api_url}matrix/",
            "html_url": f"{self.initiative.get_absolute_url()}matrix/",
            "on": self.day.isoformat(),
            "known": self.clocks.known and self.clocks.known.isoformat(),
            "meetings": RoundSerializer.answers(self.meetings, self.clocks),
            "chapters": [row | {"changed": row["slug"] in moved} for row in chapters],
            "cells": [row | _status(led_to[row["uid"]]) for row in cells],
            "lineage": ChapterLineageSerializer.answers(self.lineage, self.clocks),
            "totals": [
                {
                    "status": total.standing.value,
                    "basis": str(total.standing.basis),
                    "count": total.count,
                    "chapters": [line.chapter.slug for line in total.lines],
                }
                for total in self.totals
            ],
            "stated": [
                {
                    "record": record.slug,
                    "document": citation.document.key,
                    "locator": citation.locator,
                    "value": citation.value,
                }
                for record, citation in self.counted
                if citation.document.is_public
            ],
        }

    def table(self) -> tuple[list[str], list[dict[str, Any]]]:
        """A row for each chapter and a column for each meeting, with the code of the result."""
        fixed = ["chapter", "order", "name", "name_zh_hant", "status", "basis", "changed"]
        rows = []
        for line in self.lines:
            chapter = line.chapter
            rows.append(
                {
                    "chapter": chapter.slug,
                    "order": chapter.order,
                    "name": chapter.name,
                    "name_zh_hant": chapter.name_zh_hant,
                    "status": line.standing.value or "",
                    "basis": str(line.standing.basis),
                    "changed": line.has_moved,
                }
            )
        by_chapter = {row["chapter"]: row for row in rows}
        for outcome in self.outcomes:
            by_chapter[outcome.chapter.slug][outcome.round.slug] = outcome.result
        return [*fixed, *(meeting.slug for meeting in self.meetings)], rows


def _cited(outcomes: list[Any]) -> dict[Any, list[Citation]]:
    """What each of them cites, by primary key."""
    kind = ContentType.objects.get_for_model(Outcome).pk
    asked = prepared.question(_citations, pks=outcomes, kind=kind) if outcomes else None
    found = defaultdict(list)
    for row in asked.rows() if asked else ():
        found[row.record_id].append(row)
    return found


def _citations(pks: list[Any], kind: Any) -> Any:
    cited = Citation.objects.filter(record_type=kind, record_id__among=pks)
    return cited.select_related(*SHOWN)


def _with_claimants(pks: list[Any]) -> Any:
    return Statement.objects.filter(pk__among=pks).select_related(
        "initiative",
        "chapter__initiative",
        "agreement__initiative",
        "claimed_by__initiative",
        "claimed_by__party",
    )


def _with_sources(rows: Any, on: Any = None) -> Any:
    return Clocks(on=on).over(rows).select_related("initiative").with_sources()


def _of_case(model: Any, path: str, shape: Any, case: Any, known: Any = None, **days: Any) -> Any:
    rows = model.objects.public().filter(**{path: case})
    return shape(Clocks(known=known).over(rows), **days)


def _recorded(case: Any, known: Any = None) -> Any:
    """Of its chapters and meetings, which are looked up among those that are public."""
    public = Outcome.objects.public_below("round", "chapter")
    rows = public.filter(round__initiative=case).order_by()
    return Clocks(known=known).over(rows).annotate(written=Written("uid")).values_list(*READ)


def _said(standing: Standing) -> set[tuple[Any, str]]:
    """Who says what; that a second side says the same is a change as well."""
    return {(claim.claimed_by_id, claim.value) for claim in standing.claims}


def _status(statement: Statement | None) -> dict[str, Any]:
    """What the statement says that an outcome led to, and by whom."""
    claimant = statement.claimed_by if statement else None
    return {
        "status": statement.value if statement else None,
        "claimed_by": claimant.party.slug if claimant and claimant.is_public else None,
    }
