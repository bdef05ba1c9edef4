import sys
from pathlib import Path
from time import monotonic
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from rounds.datafiles import Mistake, read
from rounds.importing import files, importing
from rounds.importing.importing import File
from rounds.importing.report import Report, grouped
from rounds.loading import Loaded, load
from tradeinit.desk.rehearsal import rehearse

WIDTH = 30


class Command(BaseCommand):
    help = (
        "Import spreadsheets of rounds and chapters (CSV or XLSX) as drafts, all or nothing. "
        "An import can be taken back with undo_import. A folder that export_record wrote is loaded "
        "as it is, states included: what is missing is added, the rest is left alone."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
        parser.add_argument(
            "--dry-run", action="store_true", help="only say, row by row, what would be done"
        )
        parser.add_argument(
            "--match",
            action="append",
            default=[],
            metavar="NAME=ADDRESS",
            help="this name in the files is that known initiative or party (may be repeated)",
        )

    def handle(
        self,
        *args: Any,
        files: list[Path],
        dry_run: bool,
        match: list[str],
        verbosity: int,
        **options: Any,
    ) -> None:
        if any(path.is_dir() for path in files):
            self.stdout.write(_load(files, dry_run))
            return
        given = [_read(path) for path in files]
        choices = dict(_choice(one) for one in match)
        bar = Bar() if verbosity else None
        step = bar.step if bar else None
        if dry_run:
            report, batch = importing.dry_run(given, choices, step), None
        else:
            report, batch = importing.record(given, choices=choices, step=step)
        if bar:
            bar.end()
        if report.mistakes:
            lines = "\n".join(f"  {line}" for line in report.mistakes)
            count = len(report.mistakes)
            raise CommandError(
                f"Nothing was imported. {count} mistake{'s' if count > 1 else ''}:\n{lines}"
            )
        if verbosity:
            self._tell(report, rows=dry_run or verbosity > 1)
            self.stdout.write(_ending(report, batch, dry_run))

    def _tell(self, report: Report, rows: bool) -> None:
        if rows:
            for line in report.diff:
                self.stdout.write(f"+ {line}")
        for words in grouped(report.left_open):
            self.stdout.write(f"? {words}")
        self.stdout.write(report.summary)


def _load(folders: list[Path], dry_run: bool) -> str:
    """What export_record wrote, all or nothing."""
    found: list[Loaded] = []
    reason = "Loaded from an export."

    def act() -> None:
        found.append(load(entries, reason=reason))

    try:
        entries = [entry for folder in folders for entry in read(folder)]
        if dry_run:
            refused = rehearse(None, reason, act).refused
            if refused:
                raise ValidationError(refused)
        else:
            act()
    except Mistake as error:
        raise CommandError(f"Nothing was imported. {error}") from error
    except ValidationError as error:
        raise CommandError(f"Nothing was imported. {' '.join(error.messages)}") from error
    made, left = found[0].made.total(), found[0].left.total()
    ending = " Dry run: nothing was written." if dry_run else ""
    return f"{made} records made, {left} already there and left as they are.{ending}"


def _ending(report: Report, batch: Any, dry_run: bool) -> str:
    if not report.changes_something:
        return "Nothing to change: all of it is in the record."
    if dry_run:
        return "Dry run: nothing was written."
    return (
        f"Import {batch.pk} recorded, all new records as drafts. "
        f"To take it back: manage.py undo_import {batch.pk}"
    )


def _read(path: Path) -> File:
    try:
        if path.stat().st_size > files.LARGEST_FILE:
            megabytes = files.LARGEST_FILE // files.MEGABYTE
            raise CommandError(f"{path}: the file is larger than {megabytes} MB.")
        return File(path.name, path.read_bytes())
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}.") from error


def _choice(written: str) -> tuple[str, str]:
    name, sign, address = written.rpartition("=")
    if not sign or not name or not address:
        raise CommandError(f"--match {written}: write NAME=ADDRESS.")
    return name.strip(), address.strip()


class Bar:
    """How far the import is, on the error stream; redrawn in place on a terminal only."""

    def __init__(self) -> None:
        self._begun, self._drawn, self._last = monotonic(), 0.0, ""

    def step(self, done: int, total: int) -> None:
        filled = WIDTH * done // max(total, 1)
        self._last = f"[{'#' * filled}{'.' * (WIDTH - filled)}] {done}/{total} rows"
        if sys.stderr.isatty() and (monotonic() - self._drawn > 0.1 or done == total):
            self._drawn = monotonic()
            sys.stderr.write(f"\r{self._last}")
            sys.stderr.flush()

    def end(self) -> None:
        if self._last:
            start = "\r" if sys.stderr.isatty() else ""
            sys.stderr.write(f"{start}{self._last}, {monotonic() - self._begun:.1f} s\n")
