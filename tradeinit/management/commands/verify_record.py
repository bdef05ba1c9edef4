from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tradeinit.paging import Cursor
from tradeinit.publication import chain, log
from tradeinit.publication.models import Publication


class Command(BaseCommand):
    help = "Derive the publication log from the rows again and say where the two disagree."

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(log.differences())
        for difference in found:
            self.stderr.write(difference)
        if found:
            raise CommandError(f"{len(found)} differences between the rows and the log.")
        self.stdout.write("The log says what the rows say.")
        state = chain.state_of(chain.settled())
        cursor = Cursor(Publication, "").at(state.last) if state.last else ""
        # For who keeps a mirror, and asks whether it is the same.
        self.stdout.write(f"{state.entries} entries, checksum {state.checksum} at cursor {cursor}")
