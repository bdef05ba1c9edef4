"""The benchmark: `make bench`, or with ARGS="--quick" or "--full". See docs/performance.md."""

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from math import ceil

import django

from tests.benchmarks import report, servers, worlds
from tests.benchmarks.proxied import Proxied
from tests.benchmarks.report import Figure
from tests.benchmarks.worlds import PostgreSQL

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tradeinit.settings")
django.setup()

# They need the settings: which words there are is asked of the filters themselves.
from tests.benchmarks import budgets, importing, questions  # noqa: E402
from tests.benchmarks.bench import Bench, OnPostgreSQL, OnSQLite  # noqa: E402
from tests.benchmarks.questions import Questions  # noqa: E402

# Turns, and how many seconds of CPU each lasts for each server.
SHORT, FULL = (3, 0.2), (7, 1.5)


def growth(small: list[Figure], large: list[Figure], scale: float) -> Iterator[Figure]:
    """Time of a request at a larger scale, as a multiple of that at the smallest."""
    seen = set()
    for one, other in zip(small, large, strict=True):
        if one.milliseconds and other.milliseconds and one.work not in seen:
            seen.add(one.work)
            most = 3 if one.work.startswith(("Search", "Facet")) else 1.5
            yield Figure(
                one.work, f"itself at the smallest scale, at {scale:g}",
                other.milliseconds / one.milliseconds, most, milliseconds=other.milliseconds,
                others=one.milliseconds, database=one.database,
            )  # fmt: skip


def worker(stack: ExitStack) -> Iterator[Figure]:
    """A worker that has just come up and answered once."""
    begun = time.monotonic()
    server = stack.enter_context(servers.project("fresh", worlds.url(worlds.database(1))))
    spent = server.seconds()
    for address in ("/", "/rounds/", "/api/v1/rounds/"):
        server.get(address)
    yield Figure("Cold start of a worker, CPU", "", spent, 1.5, "s")
    yield Figure("Memory of a worker after its first answers", "", server.megabytes(), 120, "MB")
    print(f" (up in {time.monotonic() - begun:.1f} s)", end="")


def besides(postgresql: PostgreSQL, stack: ExitStack, turns: int, rows: int) -> Iterator[Figure]:
    """What is not asked request by request: nginx, a worker, budgets, an import of so many rows."""
    proxied = Proxied(stack)
    yield from proxied.speed(turns)
    with ThreadPoolExecutor(1) as thread:
        # It waits for a whole minute, while the others are asked.
        lifting = thread.submit(proxied.embargo)
        with ExitStack() as served:
            yield from worker(served)
            held = servers.project("held", worlds.url(worlds.database(1)))
            yield from budgets.figures(served.enter_context(held))
        yield from importing.figures(postgresql, rows)
        yield from lifting.result()


def requests(
    open_bench: Callable[[float, ExitStack, int], Bench], scales: list[float], turns: int
) -> Iterator[Figure]:
    """All of the second scale; how time grows from the first to each of the others."""
    told_of = scales[:2][-1]
    found: dict[float, list[Figure]] = {}
    of_the_desk: list[Figure] = []
    for scale in scales:
        with ExitStack() as stack:
            bench = open_bench(scale, stack, turns if scale == told_of else ceil(turns / 3))
            print(f"{bench.database}, scale {scale:g} ", end="", flush=True)
            found[scale] = list(bench.figures())
            if scale == told_of:
                of_the_desk = list(bench.desk())
        print()
    yield from [*found[told_of], *of_the_desk]
    for scale in scales[1:]:
        yield from growth(found[scales[0]], found[scale], scale)


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure the site beside its peers and limits.")
    length = parser.add_mutually_exclusive_group()
    length.add_argument(
        "--quick", action="store_true", help="only requests, at one scale; nothing is written"
    )
    length.add_argument("--full", action="store_true", help="longer turns, and more of them")
    parser.add_argument(
        "--scales",
        type=float,
        nargs="+",
        default=[1, 100],
        metavar="S",
        help="worlds: all is told of the second, of larger ones only how time grows",
    )
    arguments = parser.parse_args()
    turns, seconds = FULL if arguments.full else SHORT
    if unknown := questions.unknown_words():
        raise SystemExit(f"The list of rounds does not know: {', '.join(sorted(unknown))}")
    scales = sorted(set(arguments.scales))
    told_of = scales[:2][-1]
    scales = [told_of] if arguments.quick else scales
    worlds.PLACE.mkdir(parents=True, exist_ok=True)
    with worlds.postgresql() as postgresql, ExitStack() as whole:
        for scale in scales if arguments.quick else sorted({1, *scales}):
            worlds.prepare(scale)
        for scale in scales:
            postgresql.prepare(scale)
        worlds.read_through(scales)
        os.sched_setaffinity(0, [servers.OUR_CORE])

        def on_sqlite(scale: float, stack: ExitStack, turns: int) -> Bench:
            return OnSQLite(scale, stack, turns, seconds)

        def on_postgresql(scale: float, stack: ExitStack, turns: int) -> Bench:
            return OnPostgreSQL(scale, postgresql, stack, turns, seconds)

        figures: list[Figure] = []
        if not arguments.quick:
            rows = 100_000 if arguments.full else 10_000
            figures += besides(postgresql, whole, turns, rows)
        for bench in (on_sqlite, on_postgresql):
            figures += requests(bench, scales, turns)
    how = (
        f"{len(Questions(worlds.export(told_of)).slugs):,} rounds, "
        f"{turns} turns of {seconds:g} s of CPU each"
    )
    report.show(figures, how)
    if not arguments.quick:
        report.write(figures, how)
    return 0 if all(figure.holds for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
