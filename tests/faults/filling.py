"""Rounds by the hundred thousand, through the gate, with history, log and index."""

from datetime import date, timedelta

from mandates.models import Initiative
from rounds.models import Round
from rounds.world.scribe import PUBLISHED
from tradeinit.publication.gate import writing

# So many in one writing.
AT_ONCE = 5_000


def add_rounds(number: int) -> None:
    """Meetings of the cases that are public, one after the other."""
    cases = list(Initiative.objects.public(PUBLISHED).order_by("pk"))
    for start in range(0, number, AT_ONCE):
        with writing():
            Round.objects.bulk_create(
                Round(
                    slug=f"meeting-{place}",
                    initiative=cases[place % len(cases)],
                    label=f"Meeting {place}",
                    kind=Round.Kind.FULL_ROUND,
                    state=Round.State.HELD,
                    start=date(1950, 1, 1) + timedelta(days=place // 4),
                    public_from=PUBLISHED,
                )
                for place in range(start, min(start + AT_ONCE, number))
            )
