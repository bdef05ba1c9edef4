from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tradeinit import backup


class Command(BaseCommand):
    help = "Put a backup into an empty database."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="what `backup` wrote")
        parser.add_argument(
            "--check", action="store_true", help="only read the file and compare its checksums"
        )

    def handle(self, *args: Any, file: Path, check: bool, **options: Any) -> None:
        try:
            if check:
                with backup.opened(file) as (_place, manifest):
                    self.stdout.write(f"{file} is whole: made at {manifest['made_at']}.")
                return
            manifest = backup.restore(file)
        except backup.Refused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"Restored the record as it stood at {manifest['made_at']}.")
        self.stdout.write("Now run: manage.py migrate, then manage.py verify_record")
