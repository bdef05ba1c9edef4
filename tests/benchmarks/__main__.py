"""The benchmark: `make bench`, or `make bench ARGS="--full"`. See docs/performance.md."""

import argparse
import csv
import io
import json
import os
import re
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from itertools import cycle, repeat
from typing import Any

import django

from tests.benchmarks import report, servers, worlds
from tests.benchmarks.measuring import Asker, Rates, asked_in_turns, in_turns
from tests.benchmarks.report import Figure
from tests.benchmarks.servers import Server

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tradeinit.settings")
django.setup()

# Needs the settings: which words there are is asked of the filters themselves.
from tests.benchmarks import budgets, questions  # noqa: E402
from tests.benchmarks.filling import WIDE  # noqa: E402
from tests.benchmarks.questions import Questions  # noqa: E402

ROWS = 50
# Turns, and how many seconds of CPU each lasts for each server.
QUICK, FULL = (3, 0.25), (7, 1.5)


class Bench:
    """The servers over one world, and the figures of each kind of work."""

    def __init__(self, scale: float, stack: ExitStack, turns: int, seconds: float) -> None:
        self.turns, self.seconds = turns, seconds
        self.public, self.questions = worlds.export(scale), Questions(worlds.export(scale))
        database, mark = worlds.database(scale), f"{scale:g}"
        self.ours: Server = stack.enter_context(servers.project(f"project-{mark}", database))
        self.bodies: Server = stack.enter_context(
            servers.bare(f"bare-{mark}", "stored_bodies", database)
        )
        self.empty: Server = stack.enter_context(
            servers.bare(f"empty-{mark}", "empty_django", database)
        )
        self.datasette: Server = stack.enter_context(
            servers.datasette(
                f"datasette-{mark}", self.public, questions.datasette_queries(self.public)
            )
        )

    def peer(self, address: str) -> str:
        return address.replace("DATABASE", self.public.stem)

    def turns_of(self, **askers: Asker) -> Rates:
        return asked_in_turns(askers, self.turns, self.seconds)

    def figures(self) -> Iterator[Figure]:
        for work in (
            self.api_list, self.one_round, self.html_list, self.matrix, self.search,
            self.facets, self.repeated, self.files,
        ):  # fmt: skip
            yield from work()
            print(".", end="", flush=True)

    def api_list(self) -> Iterator[Figure]:
        def asked(form: Any) -> Iterator[str]:
            return (self.peer(form(one)) for one in self.questions.rounds("list"))

        self._same_rows(asked)
        rates = self.turns_of(
            project=Asker(self.ours, asked(questions.api_list)),
            datasette=Asker(self.datasette, asked(questions.datasette_list)),
            bare=Asker(self.bodies, asked(questions.bare_list)),
        )
        work = "API list: party, chapter and period"
        yield ratio(rates, work, "datasette", 5)
        yield ratio(rates, work, "bare", 0.6)

    def _same_rows(self, asked: Any) -> None:
        """Before anything is timed: all answer with the same rows, and each with all fields."""
        ways = (questions.api_list, questions.datasette_list, questions.bare_list)
        for addresses, _ in zip(zip(*map(asked, ways), strict=True), range(5), strict=False):
            ours, peer, bare = (
                json.loads(server.get(address)[2])
                for server, address in zip(
                    (self.ours, self.datasette, self.bodies), addresses, strict=True
                )
            )
            told = [row["uid"] for row in ours["results"]]
            same([row["uid"] for row in bare["results"]][:50], told)
            same(sorted(row["uid"] for row in peer[:50]), sorted(told))
            for mine, other in zip(ours["results"], bare["results"], strict=False):
                same(mine, other)
            if told:
                same(sorted(ours["results"][0]), sorted(peer[0]))

    def one_round(self) -> Iterator[Figure]:
        slug = self.questions.slugs[0]
        ours = json.loads(self.ours.get(f"/api/v1/rounds/{slug}/")[2])
        bare = json.loads(self.bodies.get(f"/?slug={slug}")[2])
        address = self.peer("/DATABASE/one.json?_shape=array&slug=")
        peer = json.loads(self.datasette.get(f"{address}{slug}")[2])[0]
        same(sorted(ours), sorted(bare))
        same(sorted(ours), sorted(peer))
        for name in ("sessions", "outcomes", "participations", "undertakings"):
            uids = [sorted(row["uid"] for row in rows)
                    for rows in (ours[name], bare[name], json.loads(peer[name]))]  # fmt: skip
            same(uids[0], uids[1])
            same(uids[0], uids[2])
        rates = self.turns_of(
            project=Asker(self.ours, (f"/api/v1/rounds/{one}/" for one in self.questions.one("a"))),
            datasette=Asker(self.datasette, (f"{address}{one}" for one in self.questions.one("a"))),
            bare=Asker(self.bodies, (f"/?slug={one}" for one in self.questions.one("a"))),
        )
        yield ratio(rates, "One round in full", "datasette", 2)
        yield ratio(rates, "One round in full", "bare", 0.4)

    def html_list(self) -> Iterator[Figure]:
        asked = next(self.questions.periods("look"))
        ours = self.ours.get(questions.page(asked))[2].decode()
        peer = self.datasette.get(self.peer(questions.table(asked)))[2].decode()
        shown = set(re.findall(r'record-title">\s*<a[^>]*/rounds/([-a-z0-9]+)/', ours))
        told = set(re.findall(r'class="col-slug[^>]*>([-a-z0-9]+)<', peer))
        same((len(shown), len(told)), (ROWS, ROWS))
        # Of the meetings of one day each takes its own order, and so cuts the last day elsewhere.
        same(len({self._begun(slug) for slug in shown ^ told}) <= 1, True)
        rates = self.turns_of(
            project=Asker(self.ours, map(questions.page, self.questions.periods("page"))),
            datasette=Asker(
                self.datasette,
                (self.peer(questions.table(one)) for one in self.questions.periods("page")),
            ),
        )
        yield ratio(rates, "HTML list of rounds with its form", "datasette", 10)

    def _begun(self, slug: str) -> Any:
        return self.questions.ask("SELECT start FROM rounds WHERE slug = ?", slug)[0]

    def matrix(self) -> Iterator[Figure]:
        days = (f"{year}-{month:02}-{day:02}" for year in range(2024, 2090)
                for month in range(1, 13) for day in range(1, 28))  # fmt: skip
        asked = (f"/initiatives/{WIDE}/matrix/?on={day}" for day in days)
        rates = self.turns_of(project=Asker(self.ours, asked))
        milliseconds = rates.milliseconds("project")
        yield Figure("Matrix of 24 chapters and 30 meetings", "", milliseconds, 20, "ms")

    def search(self) -> Iterator[Figure]:
        rows = self.questions.ask("SELECT count(*) FROM search")[0]
        kinds = {
            "rare": (self.questions.words(1, 20), False),
            "common": (self.questions.words(rows // 100, rows), True),
        }
        for kind, (words, several) in kinds.items():

            def asked(form: str, words: Any = words, several: Any = several) -> Iterator[str]:
                found = self.questions.searches("word", words, several)
                return (self.peer(form) + one.replace(" ", "+") for one in found)

            rates = self.turns_of(
                project=Asker(self.ours, asked("/api/v1/search/?q=")),
                datasette=Asker(self.datasette, asked("/DATABASE/search.json?_shape=array&q=")),
            )
            yield ratio(rates, f"Search for a {kind} word", "datasette", 1)

    def facets(self) -> Iterator[Figure]:
        """The page counts what its form offers, so all of the page is held against the counts."""
        rates = self.turns_of(
            project=Asker(self.ours, map(questions.page, self.questions.periods("facets"))),
            datasette=Asker(
                self.datasette,
                (self.peer(questions.facets(one)) for one in self.questions.periods("facets")),
            ),
        )
        yield ratio(rates, "Facet counts of a list", "datasette", 50)

    def repeated(self) -> Iterator[Figure]:
        address = next(map(questions.api_list, self.questions.rounds("again")))
        etag = self.ours.get(address)[1]["ETag"]
        rates = self.turns_of(
            unchanged=Asker(self.ours, repeat(address), {"If-None-Match": etag}, 304),
            again=Asker(self.ours, cycle([address])),
            empty=Asker(self.empty, repeat("/")),
        )
        yield ratio(rates, "Nothing has changed (304)", "empty", 0.8, "unchanged")
        yield ratio(rates, "A recent answer again", "empty", 0.8, "again")

    def files(self) -> Iterator[Figure]:
        """Rows a second, beside what the database's own library writes of the same columns."""
        rows = len(self.questions.slugs)
        before = self.ours.megabytes()
        for format in ("csv", "ndjson"):
            rates = in_turns(
                {
                    "project": lambda format=format: self._rows_a_second(format, rows),
                    "database": lambda: self._own_export(rows),
                },
                min(self.turns, 3),
            )
            yield ratio(rates, f"All rounds as {format.upper()}", "database", 0.5)
        grown = self.ours.megabytes() - before
        yield Figure("Memory gained while files are written", "", grown, 10, "MB")

    def _rows_a_second(self, format: str, rows: int) -> float:
        begun, written = self.ours.seconds(), 0
        while (spent := self.ours.seconds() - begun) < self.seconds:
            assert self.ours.drain(f"/rounds.{format}") > 100 * rows
            written += rows
        return written / spent

    def _own_export(self, rows: int) -> float:
        begun = time.process_time()
        with closing(sqlite3.connect(self.public)) as connection:
            writer = csv.writer(io.StringIO())
            writer.writerows(connection.execute("SELECT * FROM rounds ORDER BY start DESC"))
        return rows / (time.process_time() - begun)


NAMES = {
    "datasette": "Datasette",
    "bare": "the bare limit",
    "empty": "Django's empty answer",
    "database": "SQLite's own rows through Python's csv",
}


def ratio(rates: Rates, work: str, other: str, wanted: float, ours: str = "project") -> Figure:
    middle, least, greatest = rates.ratio(ours, other)
    cost = rates.milliseconds(ours)
    return Figure(work, NAMES[other], middle, wanted, "x", least, greatest, cost)


def same(one: Any, other: Any) -> None:
    if one != other:
        raise SystemExit(f"The servers do not give the same answer:\n{one}\n{other}")


def growth(small: list[Figure], large: list[Figure]) -> Iterator[Figure]:
    """Time of a request at the largest scale, as a multiple of that at the smallest."""
    seen = set()
    for one, other in zip(small, large, strict=True):
        if one.milliseconds and other.milliseconds and one.work not in seen:
            seen.add(one.work)
            most = 3 if one.work.startswith(("Search", "Facet")) else 1.5
            if not one.work.startswith("All rounds"):
                grown = other.milliseconds / one.milliseconds
                yield Figure(one.work, "itself at the smallest scale", grown, most)


def worker(stack: ExitStack) -> Iterator[Figure]:
    """A worker that has just come up and answered once."""
    begun = time.monotonic()
    server = stack.enter_context(servers.project("fresh", worlds.database(1)))
    spent = server.seconds()
    for address in ("/", "/rounds/", "/api/v1/rounds/"):
        server.get(address)
    yield Figure("Cold start of a worker, CPU", "", spent, 1.5, "s")
    yield Figure("Memory of a worker after its first answers", "", server.megabytes(), 120, "MB")
    print(f" (up in {time.monotonic() - begun:.1f} s)", end="")


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure the site beside its peers and limits.")
    parser.add_argument("--full", action="store_true", help="longer turns, and more of them")
    parser.add_argument("--scales", type=float, nargs="+", default=[1, 100], metavar="S")
    arguments = parser.parse_args()
    turns, seconds = FULL if arguments.full else QUICK
    if unknown := questions.unknown_words():
        raise SystemExit(f"The list of rounds does not know: {', '.join(sorted(unknown))}")
    for scale in {1, *arguments.scales}:
        worlds.prepare(scale)
    os.sched_setaffinity(0, [servers.OUR_CORE])
    found: dict[float, list[Figure]] = {}
    with ExitStack() as stack:
        first = list(worker(stack))
        first += budgets.figures(stack.enter_context(servers.project("held", worlds.database(1))))
    for scale in sorted(arguments.scales):
        print(f"scale {scale:g} ", end="", flush=True)
        with ExitStack() as stack:
            found[scale] = list(Bench(scale, stack, turns, seconds).figures())
        print()
    small, large = found[min(found)], found[max(found)]
    figures = [*large, *first, *(growth(small, large) if len(found) > 1 else ())]
    how = (
        f"{len(Questions(worlds.export(max(found))).slugs):,} rounds on SQLite, "
        f"{turns} turns of {seconds:g} s of CPU each"
    )
    report.write(figures, how)
    report.show(figures)
    return 0 if all(figure.holds for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
