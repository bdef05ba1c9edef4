from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from rounds import world
from tradeinit import garbage


class Command(BaseCommand):
    help = "Fill the database with invented cases: the same rows for the same scale and seed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--scale", type=float, default=1, help="1: twenty cases, 200 rounds")
        parser.add_argument("--seed", type=int, default=1, help="which world, 0 to 255")

    def handle(self, *args: Any, scale: float, seed: int, verbosity: int, **options: Any) -> None:
        if not 0 < scale <= world.LARGEST_SCALE:
            raise CommandError(f"A scale lies above 0 and is at most {world.LARGEST_SCALE}.")
        if seed not in world.SEEDS:
            raise CommandError(f"A seed is one of {world.SEEDS.start} to {world.SEEDS.stop - 1}.")
        begun, total = monotonic(), 0
        try:
            with garbage.seldom_looked_for():
                for step, made in world.make(scale, seed):
                    total += sum(made.values())
                    if verbosity:
                        counts = ", ".join(
                            f"{count} {what}" for what, count in sorted(made.items())
                        )
                        self.stdout.write(f"{monotonic() - begun:6.1f} s  {step}: {counts}")
        except world.Present as present:
            raise CommandError(str(present)) from present
        if verbosity:
            seconds = monotonic() - begun
            self.stdout.write(f"{total} records in {seconds:.1f} s, {total / seconds:.0f} a second")
