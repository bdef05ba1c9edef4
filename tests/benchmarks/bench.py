"""The servers over one world, and the figures of each kind of work, on either database."""

import csv
import io
import json
import re
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from itertools import cycle, islice, repeat
from typing import Any

import psycopg

from tests.benchmarks import bare, desk, questions, servers, worlds
from tests.benchmarks.filling import WIDE
from tests.benchmarks.measuring import Asker, Rates, asked_in_turns, in_turns
from tests.benchmarks.questions import Questions
from tests.benchmarks.report import Figure
from tests.benchmarks.servers import Postmaster, Server
from tests.benchmarks.worlds import PostgreSQL

ROWS = 50
# Turns are so many times as long where one word costs far more than another, where an answer is so
# cheap that the clock, which counts in hundredths of a second, would be seen, and where a turn
# would hold but ten of them.
LONGER = 3
LIST = "API list: party, chapter and period"
ONE = "One round in full"
PAGE = "HTML list of rounds with its form"
FACETS = "Facet counts of a list"
# A server with the way in which a question is put to it.
Way = tuple[Server, Callable[[Any], str]]


class Bench:
    """What is asked on both databases."""

    database: str
    # What the project is held against, and how many times as fast it must be.
    wanted_list: dict[str, float]
    wanted_one: dict[str, float]
    export: str

    def __init__(
        self, scale: float, address: str, stack: ExitStack, turns: int, seconds: float, *behind: Any
    ) -> None:
        self.scale, self.address, self.turns, self.seconds = scale, address, turns, seconds
        self.public, self.questions = worlds.export(scale), Questions(worlds.export(scale))
        self.mark = f"{self.database.lower()}-{scale:g}"
        self.ours: Server = stack.enter_context(
            servers.project(f"project-{self.mark}", address, *behind)
        )
        self.bodies: Server = stack.enter_context(
            servers.bare(f"bare-{self.mark}", "stored_bodies", address, *behind)
        )
        self.empty: Server = stack.enter_context(
            servers.bare(f"empty-{self.mark}", "empty_django", address)
        )

    def figures(self) -> Iterator[Figure]:
        """Of what may grow with the record; the desk is looked at apart."""
        return self._of(
            self.api_list, self.one_round, self.html_list, self.matrix, self.search,
            self.facets, self.repeated, self.files,
        )  # fmt: skip

    def _of(self, *works: Callable[[], Iterator[Figure]]) -> Iterator[Figure]:
        for work in works:
            for figure in work():
                figure.database = self.database
                yield figure
            print(".", end="", flush=True)

    def turns_of(self, times: int = 1, **askers: Asker) -> Rates:
        return asked_in_turns(askers, self.turns, times * self.seconds)

    def asked(
        self, ways: dict[str, Way], draw: Callable[[], Iterator[Any]], times: int = 1
    ) -> Rates:
        """All are put the same questions, in the same order, in turns so many times as long."""
        askers = {name: Asker(server, map(form, draw())) for name, (server, form) in ways.items()}
        return self.turns_of(times, **askers)

    def api_list(self) -> Iterator[Figure]:
        def draw() -> Iterator[Any]:
            return self.questions.rounds("list")

        ways = {
            "project": (self.ours, questions.api_list),
            "bare": (self.bodies, questions.bare_list),
            **self.peers_of_the_list(),
        }
        for asked, _ in zip(draw(), range(5), strict=False):
            self._same_rows({name: said(*way, asked) for name, way in ways.items()})
        rates = self.asked(ways, draw)
        for other, wanted in self.wanted_list.items():
            yield ratio(rates, LIST, other, wanted)

    def _same_rows(self, answers: dict[str, Any]) -> None:
        """Before anything is timed: all answer with the same rows, and each with all fields."""
        ours, bare = answers["project"]["results"], answers["bare"]["results"]
        told = [row["uid"] for row in ours]
        same([row["uid"] for row in bare][:ROWS], told)
        for mine, other in zip(ours, bare, strict=False):
            same(mine, other)
        if peer := answers.get("datasette"):
            same(sorted(row["uid"] for row in peer[:ROWS]), sorted(told))
            same(sorted(ours[0]), sorted(peer[0]))

    def one_round(self) -> Iterator[Figure]:
        ways = {
            "project": (self.ours, questions.one),
            "bare": (self.bodies, questions.bare_one),
            **self.peers_of_one(),
        }
        answers = {name: said(*way, next(self.questions.one("look"))) for name, way in ways.items()}
        if "datasette" in answers:
            [answers["datasette"]] = answers["datasette"]
        for answer in answers.values():
            same(sorted(answer), sorted(answers["project"]))
        for name in ("sessions", "outcomes", "participations", "undertakings"):
            uids = [sorted(row["uid"] for row in listed(one[name])) for one in answers.values()]
            same(uids, [uids[0]] * len(uids))
        rates = self.asked(ways, lambda: self.questions.one("a"))
        for other, wanted in self.wanted_one.items():
            yield ratio(rates, ONE, other, wanted)

    def peers_of_the_list(self) -> dict[str, Way]:
        return {}

    def peers_of_one(self) -> dict[str, Way]:
        return {}

    def matrix(self) -> Iterator[Figure]:
        days = (f"{year}-{month:02}-{day:02}" for year in range(2024, 2090)
                for month in range(1, 13) for day in range(1, 28))  # fmt: skip
        asked = (f"/initiatives/{WIDE}/matrix/?on={day}" for day in days)
        rates = self.turns_of(LONGER, project=Asker(self.ours, asked))
        cost = rates.milliseconds("project")
        work = "Matrix of 24 chapters and 30 meetings"
        yield Figure(work, "", cost, 20, "ms", milliseconds=cost)

    def searches(self) -> Iterator[tuple[str, Callable[[], Iterator[str]]]]:
        """Words that few records have, and two at once of those that many have."""
        rows = self.questions.ask("SELECT count(*) FROM search")[0]
        rare, common = self.questions.words(1, 20), self.questions.words(rows // 100, rows)
        yield "Search for a rare word", lambda: self.questions.searches("word", rare)
        yield "Search for a common word", lambda: self.questions.searches_for_two("word", common)

    def html_list(self) -> Iterator[Figure]:
        raise NotImplementedError

    def search(self) -> Iterator[Figure]:
        raise NotImplementedError

    def facets(self) -> Iterator[Figure]:
        raise NotImplementedError

    def repeated(self) -> Iterator[Figure]:
        address = next(map(questions.api_list, self.questions.rounds("again")))
        etag = self.ours.get(address)[1]["ETag"]
        rates = self.turns_of(
            LONGER,
            unchanged=Asker(self.ours, repeat(address), {"If-None-Match": etag}, 304),
            again=Asker(self.ours, cycle([address])),
            empty=Asker(self.empty, repeat("/")),
        )
        yield ratio(rates, "Nothing has changed (304)", "empty", 0.8, "unchanged")
        yield ratio(rates, "A recent answer again", "empty", 0.8, "again")

    def files(self) -> Iterator[Figure]:
        """Rows a second, beside what the database's own export writes."""
        rows = len(self.questions.slugs)
        before = self.ours.megabytes()
        for format in ("csv", "ndjson"):
            rates = in_turns(
                {
                    "project": lambda format=format: self._rows_a_second(format, rows),
                    self.export: lambda: self.own_export(rows),
                },
                min(self.turns, 3),
            )
            yield ratio(rates, f"All rounds as {format.upper()}", self.export, 0.5)
        grown = self.ours.megabytes() - before
        yield Figure("Memory gained while files are written", "", grown, 10, "MB")

    def desk(self) -> Iterator[Figure]:
        return self._of(lambda: desk.figures(self.ours, self.address))

    def _rows_a_second(self, format: str, rows: int) -> float:
        begun, written, spent = self.ours.seconds(), 0, 0.0
        while not written or spent < self.seconds:
            assert self.ours.drain(f"/rounds.{format}") > 100 * rows
            written += rows
            spent = self.ours.seconds() - begun
        return written / spent

    def own_export(self, rows: int) -> float:
        raise NotImplementedError


class OnSQLite(Bench):
    """Beside Datasette over the public record."""

    database = "SQLite"
    wanted_list = {"datasette": 5, "bare": 0.6}
    wanted_one = {"datasette": 2, "bare": 0.4}
    export = "csv"

    def __init__(self, scale: float, stack: ExitStack, turns: int, seconds: float) -> None:
        address = worlds.url(worlds.database(scale))
        super().__init__(scale, address, stack, turns, seconds)
        self.datasette: Server = stack.enter_context(
            servers.datasette(
                f"datasette-{scale:g}", self.public, questions.datasette_queries(self.public)
            )
        )

    def peer(self, address: str) -> str:
        return address.replace("DATABASE", self.public.stem)

    def peers_of_the_list(self) -> dict[str, Way]:
        return {"datasette": (self.datasette, lambda one: self.peer(questions.datasette_list(one)))}

    def peers_of_one(self) -> dict[str, Way]:
        return {"datasette": (self.datasette, lambda one: self.peer(questions.datasette_one(one)))}

    def html_list(self) -> Iterator[Figure]:
        asked = next(self.questions.periods("look"))
        ours = self.ours.get(questions.page(asked))[2].decode()
        peer = self.datasette.get(self.peer(questions.table(asked)))[2].decode()
        shown = set(re.findall(r'record-title">\s*<a[^>]*/rounds/([-a-z0-9]+)/', ours))
        told = set(re.findall(r'class="col-slug[^>]*>([-a-z0-9]+)<', peer))
        same((len(shown), len(told)), (ROWS, ROWS))
        # Of the meetings of one day each takes its own order, and so cuts the last day elsewhere.
        same(len({self._begun(slug) for slug in shown ^ told}) <= 1, True)
        ways = {
            "project": (self.ours, questions.page),
            "datasette": (self.datasette, lambda one: self.peer(questions.table(one))),
        }
        rates = self.asked(ways, lambda: self.questions.periods("page"))
        yield ratio(rates, PAGE, "datasette", 10)

    def _begun(self, slug: str) -> Any:
        return self.questions.ask("SELECT start FROM rounds WHERE slug = ?", slug)[0]

    def search(self) -> Iterator[Figure]:
        address = self.peer("/DATABASE/search.json?_shape=array&q={}")
        ways = {
            "project": (self.ours, "/api/v1/search/?q={}".format),
            "datasette": (self.datasette, address.format),
        }
        for work, draw in self.searches():
            for asked in islice(draw(), 5):
                ours = said(*ways["project"], asked)["results"]
                self._same_found(ours, said(*ways["datasette"], asked))
            yield ratio(self.asked(ways, draw, LONGER), work, "datasette", 1)

    def _same_found(self, ours: list[Any], peer: list[Any]) -> None:
        """All that the peer finds, or a page as full; the project knows other forms of a word."""
        found, told = ({row["uid"] for row in rows} for rows in (ours, peer))
        same(0 < len(told) <= len(found), True)
        if len(told) < ROWS:
            same(told - found, set())

    def facets(self) -> Iterator[Figure]:
        """The page counts what its form offers, so all of the page is held against the counts."""
        ways = {
            "project": (self.ours, questions.page),
            "datasette": (self.datasette, lambda one: self.peer(questions.facets(one))),
        }
        rates = self.asked(ways, lambda: self.questions.periods("facets"))
        yield ratio(rates, FACETS, "datasette", 50)

    def own_export(self, rows: int) -> float:
        begun = time.process_time()
        with closing(sqlite3.connect(self.public)) as connection:
            writer = csv.writer(io.StringIO())
            writer.writerows(connection.execute("SELECT * FROM rounds ORDER BY start DESC"))
        return rows / (time.process_time() - begun)


class OnPostgreSQL(Bench):
    """Beside what the same questions cost on SQLite, and beside plain SQL and COPY."""

    database = "PostgreSQL"
    wanted_list = wanted_one = {"bare": 0.4}
    export = "copy"

    def __init__(
        self, scale: float, server: PostgreSQL, stack: ExitStack, turns: int, seconds: float
    ) -> None:
        self.postmaster = Postmaster(server.pid)
        super().__init__(scale, server.world(scale), stack, turns, seconds, self.postmaster)
        # Of one session for all turns: what one that ends has spent is seen a moment too late.
        self.reader: psycopg.Connection = stack.enter_context(
            psycopg.connect(self.address, autocommit=True)
        )
        self.on_sqlite: Server = stack.enter_context(
            servers.project(f"beside-{self.mark}", worlds.url(worlds.database(scale)))
        )

    def beside_sqlite(
        self,
        work: str,
        form: Callable[[Any], str],
        draw: Callable[[], Iterator[Any]],
        times: int = 1,
    ) -> Figure:
        ways = {"project": (self.ours, form), "sqlite": (self.on_sqlite, form)}
        return ratio(self.asked(ways, draw, times), work, "sqlite", 0.5)

    def html_list(self) -> Iterator[Figure]:
        yield self.beside_sqlite(PAGE, questions.page, lambda: self.questions.periods("page"))

    def search(self) -> Iterator[Figure]:
        form = "/api/v1/search/?q={}".format
        for work, draw in self.searches():
            for asked in islice(draw(), 5):
                same(
                    said(self.ours, form, asked)["results"],
                    said(self.on_sqlite, form, asked)["results"],
                )
            yield self.beside_sqlite(work, form, draw, LONGER)

    def facets(self) -> Iterator[Figure]:
        asked = next(self.questions.periods("look"))
        period = asked["start_after"], asked["start_before"]
        held = self.questions.ask(
            "SELECT count(*) FROM rounds WHERE start >= ? AND start <= ?", *period
        )
        counted = said(self.bodies, questions.bare_list, asked)
        same({sum(counts.values()) for counts in counted.values()}, set(held))
        ways = {"project": (self.ours, questions.page), "sql": (self.bodies, questions.bare_list)}
        rates = self.asked(ways, lambda: self.questions.periods("facets"))
        yield ratio(rates, FACETS, "sql", 50)

    def own_export(self, rows: int) -> float:
        """What PostgreSQL spends; who reads it goes free."""
        public = bare.public("r", "i").replace(":now", "now()")
        sql = (
            "COPY (SELECT r.* FROM rounds_round r JOIN mandates_initiative i "
            f"ON i.id = r.initiative_id WHERE {public} ORDER BY r.start DESC) "
            "TO STDOUT (FORMAT csv)"
        )
        begun, written = self.postmaster.seconds(), 0
        while not written or self.postmaster.seconds() - begun < self.seconds:
            with self.reader.cursor().copy(sql) as copy:
                same(sum(1 for _row in copy), rows)
            written += rows
        return written / (self.postmaster.seconds() - begun)


NAMES = {
    "datasette": "Datasette",
    "bare": "the bare limit",
    "empty": "Django's empty answer",
    "csv": "SQLite's own rows through Python's csv",
    "sqlite": "the same on SQLite",
    "sql": "its own plain SQL",
    "copy": "COPY",
}


def ratio(rates: Rates, work: str, other: str, wanted: float, ours: str = "project") -> Figure:
    middle, least, greatest = rates.ratio(ours, other)
    costs = rates.milliseconds(ours), rates.milliseconds(other)
    return Figure(work, NAMES[other], middle, wanted, "x", least, greatest, *costs)


def said(server: Server, form: Callable[[Any], str], asked: Any) -> Any:
    return json.loads(server.get(form(asked))[2])


def listed(rows: Any) -> list[dict[str, Any]]:
    return json.loads(rows) if isinstance(rows, str) else rows


def same(one: Any, other: Any) -> None:
    if one != other:
        raise SystemExit(
            f"The servers do not give the same answer:\n{one}\n{other}\n"
            "If an older bench wrote var/bench/public-*, delete these: they are made anew."
        )
