from typing import Any

from django.core.management.base import BaseCommand

from tradeinit.search import index


class Command(BaseCommand):
    help = "Write the search index anew from the publication log. It changes nothing public."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{index.rebuild()} records can be found.")
