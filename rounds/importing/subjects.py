"""The chapters of a sheet, what came of each at a round, and the status that it led to."""

from collections.abc import Callable
from datetime import date

from django.db.models import Max

from mandates.models import Chapter, Initiative, Statement
from rounds.importing import cells, names
from rounds.importing.batch import Batch
from rounds.importing.cases import Cases
from rounds.importing.evidence import Sources
from rounds.importing.headings import Row
from rounds.importing.meetings import rounds_numbered, sources_of
from rounds.models import Outcome, Round
from tradeinit.days import Precision
from tradeinit.publication.addresses import free_slug

COLUMN_OF = {
    "name": "chapter",
    "wording": "status",
    "result": "status",
    "value": "status",
    "text": "status",
    "round": "round_number",
}


class Subjects:
    def __init__(self, batch: Batch, cases: Cases, sources: Sources) -> None:
        self._batch, self._report = batch, batch.report
        self._cases, self._sources = cases, sources
        self._chapters: dict[Initiative, dict[str, Chapter]] = {}
        self._told: dict[tuple[int, int], Row] = {}

    def record(self, rows: list[Row], step: Callable[[], None]) -> None:
        for row in rows:
            step()
            case = self._cases.of(row)
            chapter = self._chapter(case, row) if case else None
            number, words = cells.number(row.cells.get("round_number"))
            if case and chapter:
                self._status(case, chapter, number, words, row)

    def _chapter(self, case: Initiative, row: Row) -> Chapter | None:
        name = cells.text(row.cells.get("chapter"))
        if not name:
            self._report.wrong(row.at("chapter"), "the chapter is not named.")
            return None
        if case not in self._chapters:
            self._chapters[case] = _by_name(case)
        known = self._chapters[case]
        found = known.get(names.key(name))
        if found:
            self._report.match(found)
            return found
        last = case.chapters.aggregate(last=Max("order"))["last"] or 0
        made = Chapter(
            initiative=case,
            name=name,
            order=last + 1,
            slug=free_slug(case.slug[:60], name),
        )
        if not self._batch.make(made, row.place, COLUMN_OF):
            return None
        self._report.tell(row.place, f"new chapter “{made}” of “{case}”.")
        near = names.near(name, [chapter.name for chapter in known.values()])
        if near:
            listed = ", ".join(f"“{one}”" for one in near)
            self._report.open(row.at("chapter"), f"“{name}” is new; near it is already {listed}.")
        known[names.key(name)] = made
        self._batch.cite(made, self._sources.of(row), row.place)
        return made

    def _status(
        self, case: Initiative, chapter: Chapter, number: int | None, words: str, row: Row
    ) -> None:
        standing = cells.standing(row.cells.get("status"))
        if not standing.wording:
            return
        met, why = self._round(case, number, words, row)
        if met is None:
            self._leave_to_staff(case, chapter, standing.wording, why, row)
            return
        before = self._told.setdefault((met.pk, chapter.pk), row)
        outcome = Outcome._base_manager.filter(round=met, chapter=chapter).first()
        if before is not row:
            self._repeat(outcome, standing, before, row)
        elif outcome:
            self._compare(outcome, standing, row)
        else:
            outcome = self._make(met, chapter, standing, row)
        if outcome:
            self._batch.cite(outcome, self._sources.of(row), row.place)

    def _round(
        self, case: Initiative, number: int | None, words: str, row: Row
    ) -> tuple[Round | None, str]:
        if number is None and not words:
            return None, "no round is named"
        found = rounds_numbered(case, number, words)
        told = number if number is not None else words
        if len(found) > 1:
            # Two phases may count alike; the source may tell which of them is meant.
            cited = {document.pk for document in self._sources.of(row)}
            by_source = [met for met in found if cited & {one.pk for one in sources_of(met)}]
            if len(by_source) != 1:
                listed = "; ".join(
                    f"{met.label}, {met.dates_in_words or 'no date'}" for met in found
                )
                return None, f"several rounds are numbered {told}: {listed}"
            found = by_source
        if not found:
            return None, f"the case has no round {told}"
        return found[0], ""

    def _make(
        self, met: Round, chapter: Chapter, standing: cells.Standing, row: Row
    ) -> Outcome | None:
        outcome = Outcome(
            round=met, chapter=chapter, result=standing.result, wording=standing.wording
        )
        statement = self._statement(met, chapter, standing, row) if standing.status else None
        outcome.statement = statement
        if not self._batch.make(outcome, row.place, COLUMN_OF):
            return None
        coded = [str(outcome.get_result_display())] if standing.result else []
        coded += [f"status {statement.get_value_display()}"] if statement else []
        told = f"proposed: {', '.join(coded)}" if coded else "not coded"
        self._report.tell(row.place, f"new outcome “{standing.wording}” for “{chapter}”, {told}.")
        if not coded:
            self._report.open(
                row.at("status"), f"“{standing.wording}” is kept as worded; no code fits it."
            )
        return outcome

    def _statement(
        self, met: Round, chapter: Chapter, standing: cells.Standing, row: Row
    ) -> Statement | None:
        day = _last_day(met)
        if day is None:
            self._report.open(
                row.at("status"), f"“{standing.wording}” has no day: “{met.label}” has none."
            )
            return None
        known = Statement._base_manager.filter(
            chapter=chapter, value=standing.status, effective_on=day, claimed_by=None
        ).first()
        if known:
            self._report.match(known)
            return known
        made = Statement(
            chapter=chapter,
            value=standing.status,
            effective_on=day,
            precision=met.precision,
            wording=standing.wording,
        )
        if not self._batch.make(made, row.place, COLUMN_OF):
            return None
        self._batch.cite(made, self._sources.of(row), row.place)
        return made

    def _compare(self, outcome: Outcome, standing: cells.Standing, row: Row) -> None:
        self._report.match(outcome)
        values = {"wording": standing.wording}
        if standing.result and not outcome.result:
            values["result"] = standing.result
        self._batch.change(outcome, values, row.place, COLUMN_OF)

    def _repeat(
        self, outcome: Outcome | None, standing: cells.Standing, before: Row, row: Row
    ) -> None:
        if outcome and outcome.wording != standing.wording:
            self._report.open(
                row.at("status"),
                f"“{standing.wording}” stands beside “{outcome.wording}” of row "
                f"{before.place.row}, which counts.",
            )
        else:
            self._report.open(row.place, f"the same as row {before.place.row}.")

    def _leave_to_staff(
        self, case: Initiative, chapter: Chapter, wording: str, why: str, row: Row
    ) -> None:
        self._report.open(row.at("round_number"), f"“{wording}” for “{chapter}”: {why}.")
        text = f"Imported status of “{chapter}”: “{wording}”; {why}."
        self._batch.leave_to_staff(case, text, row.place, chapter=chapter)


def _by_name(case: Initiative) -> dict[str, Chapter]:
    found: dict[str, Chapter] = {}
    for chapter in case.chapters.order_by("-pk"):
        for name in (chapter.name_zh_hant, chapter.slug, chapter.name):
            if name:
                found[names.key(name)] = chapter
    return found


def _last_day(met: Round) -> date | None:
    """From which a status reached at the round holds: its last day, where that is known."""
    return met.end if met.end and met.precision == Precision.DAY else met.start
