from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tradeinit.publication import log


class Command(BaseCommand):
    help = "Derive the publication log from the rows again and say where the two disagree."

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(log.differences())
        for difference in found:
            self.stderr.write(difference)
        if found:
            raise CommandError(f"{len(found)} differences between the rows and the log.")
        self.stdout.write("The log says what the rows say.")
