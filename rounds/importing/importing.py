"""One import: from files to a report, tried or in earnest; and taking one back."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import ProtectedError

from mandates.models import Chapter, Initiative, Party
from rounds.importing import files, headings
from rounds.importing.batch import Batch
from rounds.importing.cases import Cases
from rounds.importing.evidence import Sources
from rounds.importing.headings import Row
from rounds.importing.meetings import Meetings
from rounds.importing.report import Place, Report
from rounds.importing.restoring import restore
from rounds.importing.returned import Returned
from rounds.importing.subjects import Subjects
from rounds.models import Import, ImportedFile, Outcome, Round
from tradeinit import clock
from tradeinit.publication import current
from tradeinit.publication.current import Conflict
from tradeinit.publication.gate import writing
from tradeinit.publication.models import Publishable

Step = Callable[[int, int], None]
SOMEBODY = "Somebody has changed the record meanwhile, so nothing was written. Try again."


@dataclass(frozen=True)
class File:
    name: str
    content: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


class _OnlyTried(Exception):
    """Ends a dry run: whatever it wrote is rolled back."""


class Refusal(Exception):
    """Nothing was written; the message says why."""


def dry_run(
    given: list[File], choices: dict[str, str] | None = None, step: Step | None = None
) -> Report:
    """What the import would do. It is done, to learn what the database would refuse, and undone."""
    report, sheets = _read(given)
    if sheets is None:
        return report
    try:
        with writing(reason="Dry run."):
            _record(sheets, report, choices or {}, step)
            if not report.mistakes:
                current.gate().close()
            raise _OnlyTried
    except _OnlyTried:
        pass
    except (Conflict, IntegrityError):
        report.wrong(Place("all files"), SOMEBODY)
    except ValidationError as error:
        report.wrong(Place("all files"), " ".join(error.messages))
    return report


def record(
    given: list[File],
    *,
    actor: Any = None,
    choices: dict[str, str] | None = None,
    shown: str = "",
    step: Step | None = None,
    batch: Import | None = None,
) -> tuple[Report, Import | None]:
    """Import all or nothing; with ``shown``, only if it does what was shown before.

    Gives the batch, which can be taken back; none where there was a mistake or nothing new.
    """
    report, sheets = _read(given)
    if sheets is None:
        return report, None
    try:
        with writing(actor, f"Imported from {', '.join(file.name for file in given)}."):
            if batch and Import.objects.select_for_update().get(pk=batch.pk).recorded:
                report.wrong(Place("all files"), "this import was recorded before.")
                raise _OnlyTried
            noted = _record(sheets, report, choices or {}, step)
            if report.mistakes:
                raise _OnlyTried
            if shown and fingerprint(report) != shown:
                report.wrong(
                    Place("all files"),
                    "the record has changed since the dry run was shown, so nothing was written. "
                    "Look at the new one.",
                )
                raise _OnlyTried
            if not report.changes_something:
                return report, None
            written = noted.written()
            batch = batch or Import()
            batch.by, batch.report, batch.written = actor, report.as_json(), written
            batch.choices, batch.recorded = choices or {}, clock.now()
            batch.save()
            _keep_files(batch, given)
    except _OnlyTried:
        return report, None
    except (Conflict, IntegrityError):
        report.wrong(Place("all files"), SOMEBODY)
        return report, None
    except ValidationError as error:
        report.wrong(Place("all files"), " ".join(error.messages))
        return report, None
    return report, batch


def fingerprint(report: Report) -> str:
    """Of all that a report says, with which it can be told whether it would say the same again."""
    told = json.dumps(report.as_json(), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()


def take_back(batch: Import, actor: Any = None) -> int:
    """Delete what the import made and restore what it changed, all or nothing."""
    with writing(actor, f"Import {batch.pk} taken back."):
        batch = Import.objects.select_for_update().get(pk=batch.pk)
        if batch.recorded is None or batch.taken_back is not None:
            raise Refusal("This import is not in the record.")
        _refuse_what_was_worked_on(batch)
        for entry in reversed(batch.written):
            row = _stored(entry)
            if entry["before"] is None:
                _delete(row, entry)
            else:
                restore(row, entry["before"])
        batch.taken_back, batch.taken_back_by = clock.now(), actor
        batch.save()
    return len(batch.written)


def _refuse_what_was_worked_on(batch: Import) -> None:
    problems = []
    for entry in batch.written:
        row = _stored(entry)
        if row is None:
            problems.append(f"“{entry['name']}” is no longer there")
        elif isinstance(row, Publishable) and row.public_from is not None:
            problems.append(f"“{entry['name']}” has been cleared for the public")
        elif isinstance(row, Publishable) and row.version != entry["version"]:
            problems.append(f"“{entry['name']}” has been worked on since")
    if problems:
        more = f", and {len(problems) - 10} more" if len(problems) > 10 else ""
        raise Refusal(f"Nothing was taken back: {'; '.join(problems[:10])}{more}.")


def _stored(entry: dict[str, Any]) -> Any:
    return apps.get_model(entry["model"])._base_manager.filter(pk=entry["pk"]).first()


def _delete(row: Any, entry: dict[str, Any]) -> None:
    try:
        row.delete()
    except ProtectedError as error:
        users = ", ".join(sorted({f"“{one}”" for one in error.protected_objects})[:5])
        raise Refusal(
            f"Nothing was taken back: “{entry['name']}” is used by {users}, entered since."
        ) from error


def _read(given: list[File]) -> tuple[Report, list[headings.Sheet] | None]:
    report, tables = Report(), []
    for file in given:
        try:
            tables += files.read(file.name, file.content)
        except files.Refused as refused:
            report.wrong(Place(file.name), str(refused))
    sheets = list(headings.sheets(tables, report))
    if not any(sheet.rows for sheet in sheets):
        if not report.mistakes:
            report.wrong(Place(given[0].name if given else "files"), "there are no rows.")
        return report, None
    return report, sheets


def _record(
    sheets: list[headings.Sheet], report: Report, choices: dict[str, str], step: Step | None
) -> Batch:
    batch = Batch(report)
    rounds, chapters = (
        [row for sheet in sheets if sheet.kind == kind for row in sheet.rows]
        for kind in (headings.ROUNDS, headings.CHAPTERS)
    )
    every: list[Row] = rounds + chapters
    report.rows = len(every)
    done = 0

    def counted() -> None:
        nonlocal done
        done += 1
        if step:
            step(done, len(every))

    cases = Cases(batch, choices)
    returned = Returned(batch, cases)
    rounds, chapters = returned.find(rounds, Round), returned.find(chapters, Outcome, Chapter)
    cases.record(rounds + chapters)
    # What a name is said to be may have been made by another row.
    _check(choices, report)
    sources = Sources(batch, cases)
    sources.record(rounds + chapters + returned.rows)
    returned.record(sources, counted)
    Meetings(batch, cases, sources).record(rounds, counted)
    Subjects(batch, cases, sources).record(chapters + returned.told_anew, counted)
    return batch


def _check(choices: dict[str, str], report: Report) -> None:
    for name, slug in choices.items():
        known = any(model._base_manager.filter(slug=slug).exists() for model in (Initiative, Party))
        if slug and not known:
            report.wrong(Place("choices"), f"“{name}” is said to be “{slug}”, which is not there.")


def _keep_files(batch: Import, given: list[File]) -> None:
    # What was read is in the record now; that it was this very file, its digest proves.
    batch.files.all().delete()
    for file in given:
        ImportedFile.objects.create(batch=batch, name=file.name[:255], sha256=file.sha256)
