from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from rounds import datafiles
from tradeinit.publication.gate import writing

SAMPLE = Path(datafiles.__file__).parent / "sample"


class Command(BaseCommand):
    help = "Record the sample cases. Run again, it adds what is missing and leaves the rest alone."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--folder", type=Path, default=SAMPLE, help="data files to load instead of the sample"
        )

    def handle(self, *args: Any, folder: Path, verbosity: int, **options: Any) -> None:
        try:
            entries = datafiles.read(folder)
            with writing(reason="Loaded from the sample record."):
                loaded = datafiles.load(entries)
        except datafiles.Mistake as error:
            raise CommandError(f"Nothing was loaded. {error}") from error
        except ValidationError as error:
            # Found by the gate when all rows are written: it names the rows itself.
            raise CommandError(f"Nothing was loaded. {' '.join(error.messages)}") from error
        if verbosity:
            self.stdout.write(summary(loaded))


def summary(loaded: datafiles.Loaded) -> str:
    made = ", ".join(f"{count} {resource}" for resource, count in sorted(loaded.made.items()))
    return (
        f"sample record: {loaded.made.total()} records made{f' ({made})' if made else ''}, "
        f"{loaded.left.total()} already there and left as they are"
    )
