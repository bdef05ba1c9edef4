import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from rounds.intake import printing, record, source
from rounds.intake.reading import read


class Command(BaseCommand):
    help = "Read a press release and print what it says, each fact with the words it rests on."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file", help="text, or a page saved from a site; - reads standard input"
        )
        parser.add_argument("--json", action="store_true", help="print the draft as JSON")

    def handle(self, *args: Any, file: str, **options: Any) -> None:
        try:
            draft = read(source.text_of(content(file)), record.titles_of_cases())
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        except source.Unreadable as error:
            raise CommandError(f"{file}: {error}") from error
        if options["json"]:
            self.stdout.write(json.dumps(printing.as_json(draft), ensure_ascii=False, indent=1))
            return
        for line in printing.as_lines(draft):
            self.stdout.write(line)


def content(file: str) -> bytes:
    """At most a little more than may be read, so that a giant file is refused unread."""
    if file == "-":
        return sys.stdin.buffer.read(source.LIMIT + 1)
    with Path(file).open("rb") as opened:
        return opened.read(source.LIMIT + 1)
