from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tradeinit import backup


class Command(BaseCommand):
    help = "Copy the database and the uploaded files into one file, while the site runs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="where to; a file that is there is replaced")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            manifest = backup.make(file)
        except (backup.Refused, OSError) as refused:
            raise CommandError(str(refused)) from refused
        size = file.stat().st_size
        self.stdout.write(f"{file}: {len(manifest['members'])} members, {size} bytes.")
