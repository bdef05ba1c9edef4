from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from rounds.importing import importing
from rounds.models import Import
from tradeinit.publication.current import Conflict


class Command(BaseCommand):
    help = "Take an import back as a whole; without a number, list the imports."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("number", type=int, nargs="?", help="of the import")

    def handle(self, *args: Any, number: int | None, verbosity: int, **options: Any) -> None:
        if number is None:
            for each in Import.objects.exclude(recorded=None).prefetch_related("files"):
                state = "taken back" if each.taken_back else f"{len(each.written)} records"
                self.stdout.write(f"{each}, {each.recorded:%Y-%m-%d %H:%M} UTC: {state}")
            return
        batch = Import.objects.filter(pk=number).first()
        if batch is None:
            raise CommandError(f"There is no import {number}.")
        try:
            count = importing.take_back(batch)
        except importing.Refusal as refused:
            raise CommandError(str(refused)) from refused
        except ValidationError as error:
            raise CommandError(f"Nothing was taken back. {' '.join(error.messages)}") from error
        except Conflict as conflict:
            raise CommandError(importing.SOMEBODY) from conflict
        if verbosity:
            self.stdout.write(f"Import {number} taken back: {count} records are as before.")
