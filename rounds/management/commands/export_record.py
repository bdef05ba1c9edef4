from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from rounds import exporting


class Command(BaseCommand):
    help = (
        "Write the whole record into a folder, drafts included: for each kind of record a JSON "
        "file, which load_sample --folder reads, and a CSV file for spreadsheets."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR", help="made if it is not there")
        parser.add_argument(
            "--xlsx", action="store_true", help="write record.xlsx too, with a sheet for each kind"
        )

    def handle(self, *args: Any, folder: Path, xlsx: bool, verbosity: int, **options: Any) -> None:
        try:
            with transaction.atomic():
                counts = dict(exporting.write(folder))
                if xlsx:
                    (folder / "record.xlsx").write_bytes(exporting.workbook())
        except OSError as error:
            raise CommandError(f"Cannot write there: {error}.") from error
        if verbosity:
            total = sum(counts.values())
            self.stdout.write(f"{total} records of {len(counts)} kinds written to {folder}")
