from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tradeinit.paging import Cursor
from tradeinit.publication import chain, log
from tradeinit.publication.models import Publication
from tradeinit.publication.registry import models


class Command(BaseCommand):
    help = "Derive the log from the rows again, read the kept files, and say what disagrees."

    def handle(self, *args: Any, **options: Any) -> None:
        found = [*log.differences(), *(fault for model in models() for fault in model.faults())]
        for difference in found:
            self.stderr.write(difference)
        if found:
            raise CommandError(f"{len(found)} differences between rows, log and kept files.")
        self.stdout.write("The log says what the rows say, and each kept file is whole.")
        state = chain.state_of(chain.settled())
        cursor = Cursor(Publication, "").at(state.last) if state.last else ""
        # For who keeps a mirror, and asks whether it is the same.
        self.stdout.write(f"{state.entries} entries, checksum {state.checksum} at cursor {cursor}")
