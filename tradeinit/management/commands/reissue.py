from typing import Any

from django.core.management.base import BaseCommand

from tradeinit.publication import gate


class Command(BaseCommand):
    help = "After a release that changed the form of bodies: write them again, as no correction."

    def handle(self, *args: Any, **options: Any) -> None:
        count = gate.reissue()
        self.stdout.write(f"{count} bodies written again.")
