from typing import Any

from django.core.management.base import BaseCommand

from tradeinit import bulk


class Command(BaseCommand):
    help = (
        "Write the whole public record into one file, which /api/v1/bulk/latest.zip then leads to. "
        "Let a timer run it, each night or each hour."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        path = bulk.make()
        self.stdout.write(f"{path}: {path.stat().st_size:,} bytes")
