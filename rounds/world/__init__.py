"""A world of invented cases: as many records as wanted, the same ones for the same seed.

Nothing in it is real. It is made region by region: a pool of parties, bodies and people, then the
cases among them, then what the office put right since. Each step is a writing of its own, so
memory stays flat however large the world is.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from mandates.models import Party
from rounds.world import cases, meetings, regions
from rounds.world.regions import CASES
from rounds.world.scribe import PUBLISHED, Scribe, uid_of
from tradeinit import clock
from tradeinit.publication.gate import writing
from tradeinit.publication.instants import chunks

SEEDS = range(256)
LARGEST_SCALE = 100
CASES_A_WRITING = 5


class Present(Exception):
    """The world of this seed has been made already."""


def make(scale: float, seed: int) -> Iterator[tuple[str, Counter[str]]]:
    """Make the world; after each step, what it was and the records made. Raises Present."""
    refuse_second(seed)
    count = max(1, round(CASES * scale))
    for number, first in enumerate(range(0, count, CASES)):
        yield from _region(seed, number, range(first, min(first + CASES, count)))


def refuse_second(seed: int) -> None:
    first = uid_of(f"{seed}/region 0", Party, 0)
    if Party.objects.filter(uid=first).exists():
        raise Present(f"The world of seed {seed} is here already; take another seed.")


def _region(seed: int, number: int, numbers: range) -> Iterator[tuple[str, Counter[str]]]:
    # One minute of the log for each step.
    begins = PUBLISHED + timedelta(minutes=10 * number)
    with clock.at(begins), writing() as opened:
        scribe = Scribe(opened, f"{seed}/region {number}")
        words = seed * LARGEST_SCALE * regions.WORDS_A_REGION + number * regions.WORDS_A_REGION
        pool = regions.pool(scribe, words, len(numbers))
    yield f"region {number + 1}: its parties, bodies and people", scribe.made
    made: list[cases.Case] = []
    for step, chunk in enumerate(chunks(numbers, CASES_A_WRITING), start=1):
        with clock.at(begins + timedelta(minutes=step)), writing() as opened:
            scribe = Scribe(opened, f"{seed}/cases {chunk[0]}")
            made += [_case(scribe, pool, one) for one in chunk]
            scribe.cite()
        yield f"region {number + 1}: cases {chunk[0] + 1} to {chunk[-1] + 1}", scribe.made
    with clock.at(begins + timedelta(minutes=9)), writing(reason="Read again in the source."):
        put_right = _put_right(made)
    yield f"region {number + 1}: corrected and withdrawn", put_right


def _case(scribe: Scribe, pool: regions.Pool, number: int) -> cases.Case:
    case, statuses = cases.begun(scribe, pool, number)
    meetings.held(scribe, pool, case, statuses)
    return case


def _put_right(made: list[cases.Case]) -> Counter[str]:
    done: Counter[str] = Counter()
    for case in made:
        if case.initiative.public_from != PUBLISHED:
            continue
        for row, name, value in case.slips:
            setattr(row, name, value)
            row.save()
        for row in case.errors:
            row.withdrawn_at, row.withdrawal_reason = clock.now(), "Entered in error."
            row.save()
        done.update(corrected=len(case.slips), withdrawn=len(case.errors))
    return done
