from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from rounds.datafiles import Mistake, read
from rounds.loading import Loaded, load

SAMPLE = settings.BASE_DIR / "rounds" / "sample"


class Command(BaseCommand):
    help = "Record the sample cases. Run again, it adds what is missing and leaves the rest alone."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--folder", type=Path, default=SAMPLE, help="data files to load instead of the sample"
        )

    def handle(self, *args: Any, folder: Path, verbosity: int, **options: Any) -> None:
        try:
            loaded = load(read(folder), reason="Loaded from the sample record.")
        except Mistake as error:
            raise CommandError(f"Nothing was loaded. {error}") from error
        except ValidationError as error:
            # Found by the gate when all rows are written: it names the rows itself.
            raise CommandError(f"Nothing was loaded. {' '.join(error.messages)}") from error
        if verbosity:
            self.stdout.write(summary(loaded))


def summary(loaded: Loaded) -> str:
    made = ", ".join(f"{count} {resource}" for resource, count in sorted(loaded.made.items()))
    return (
        f"sample record: {loaded.made.total()} records made{f' ({made})' if made else ''}, "
        f"{loaded.left.total()} already there and left as they are"
    )
