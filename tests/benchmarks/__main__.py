"""The benchmark: `make bench`, or `make bench ARGS="--full"`. See docs/performance.md."""

import argparse
import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from math import ceil

import django

from tests.benchmarks import report, servers, worlds
from tests.benchmarks.proxied import Proxied
from tests.benchmarks.report import Figure

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tradeinit.settings")
django.setup()

# They need the settings: which words there are is asked of the filters themselves.
from tests.benchmarks import budgets, importing, questions  # noqa: E402
from tests.benchmarks.bench import Bench, OnPostgreSQL, OnSQLite  # noqa: E402
from tests.benchmarks.questions import Questions  # noqa: E402

# Turns, and how many seconds of CPU each lasts for each server.
QUICK, FULL = (3, 0.2), (7, 1.5)


def growth(small: list[Figure], large: list[Figure], scale: float) -> Iterator[Figure]:
    """Time of a request at a larger scale, as a multiple of that at the smallest."""
    seen = set()
    for one, other in zip(small, large, strict=True):
        if one.milliseconds and other.milliseconds and one.work not in seen:
            seen.add(one.work)
            most = 3 if one.work.startswith(("Search", "Facet")) else 1.5
            grown = other.milliseconds / one.milliseconds
            beside = f"itself at the smallest scale, at {scale:g}"
            yield Figure(one.work, beside, grown, most, database=one.database)


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


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure the site beside its peers and limits.")
    parser.add_argument("--full", action="store_true", help="longer turns, and more of them")
    parser.add_argument(
        "--scales",
        type=float,
        nargs="+",
        default=[1, 100],
        metavar="S",
        help="worlds: all is told of the second, of larger ones only how time grows",
    )
    arguments = parser.parse_args()
    turns, seconds = FULL if arguments.full else QUICK
    if unknown := questions.unknown_words():
        raise SystemExit(f"The list of rounds does not know: {', '.join(sorted(unknown))}")
    scales = sorted(set(arguments.scales))
    # The scale of which all is told.
    main_scale = scales[:2][-1]
    worlds.PLACE.mkdir(parents=True, exist_ok=True)
    with worlds.postgresql() as postgresql, ExitStack() as whole:
        for scale in sorted({1, *scales}):
            worlds.prepare(scale)
        for scale in scales:
            postgresql.prepare(scale)
        worlds.read_through(scales)
        os.sched_setaffinity(0, [servers.OUR_CORE])
        proxied = Proxied(whole)
        figures = list(proxied.speed(turns))
        # While the others are asked.
        lifting = whole.enter_context(ThreadPoolExecutor(1)).submit(proxied.embargo)
        with ExitStack() as stack:
            held = servers.project("held", worlds.url(worlds.database(1)))
            figures += [*worker(stack), *budgets.figures(stack.enter_context(held))]
        figures += importing.figures(postgresql, 100_000 if arguments.full else 10_000)

        def on_sqlite(scale: float, stack: ExitStack, turns: int) -> Bench:
            return OnSQLite(scale, stack, turns, seconds)

        def on_postgresql(scale: float, stack: ExitStack, turns: int) -> Bench:
            return OnPostgreSQL(scale, postgresql, stack, turns, seconds)

        for bench in (on_sqlite, on_postgresql):
            found: dict[float, list[Figure]] = {}
            of_the_desk: list[Figure] = []
            for scale in scales:
                # The others only show how time grows.
                enough = turns if scale == main_scale else ceil(turns / 3)
                with ExitStack() as stack:
                    one = bench(scale, stack, enough)
                    print(f"{one.database}, scale {scale:g} ", end="", flush=True)
                    found[scale] = list(one.figures())
                    of_the_desk += one.desk() if scale == main_scale else ()
                print()
            figures += [*found[main_scale], *of_the_desk]
            for scale in scales[1:]:
                figures += growth(found[scales[0]], found[scale], scale)
        figures += lifting.result()
    how = (
        f"{len(Questions(worlds.export(main_scale)).slugs):,} rounds, "
        f"{turns} turns of {seconds:g} s of CPU each"
    )
    report.write(figures, how)
    report.show(figures)
    return 0 if all(figure.holds for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
