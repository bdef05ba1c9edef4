"""What must hold, and the figure that shows it: `docs/trust.md`, written by the runs of the tests.

A test that has reached a figure says so, once all that it asserts has held:

    trust(2, "3,120 answers asked twice, 0 differences")

Each note is kept in `var/trust/`. `make test-full` ends by writing them into the document; what a
run did not reach keeps the figure of the run before. By hand: `python tests/trust.py`.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "docs/trust.md"
NOTES = ROOT / "var/trust"
DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
PROFILES = {"fast": "make test", "full": "make test-full"}

HEAD = """# What can be trusted, and why

What must hold, the test that shows it, and the figure that the test reached. The tests write this
page themselves (`tests/trust.py`); do not edit the tables by hand. A line without a table has no
test yet. `make test` runs the fast profile, `make test-full` the full one.

Not tried, since the tests have one machine and no network: TLS, a CDN, a power cut, a network that
is cut between machines, clocks that drift, the units under a running systemd, and the containers.
"""

# Number: what must hold, and when the tests pass.
LINES: dict[int, tuple[str, str]] = {
    1: (
        "A record shows where, when and to whom its state says, and nowhere else",
        "Every model, in each state, below parents in each state, asked for by each role on each "
        "surface: 0 leaks. An address that the tests cannot ask for fails them.",
    ),
    2: (
        "What is hidden changes no answer",
        "Status, headers and body of every answer are the same, byte for byte, with all hidden "
        "rows and without: 0 differences.",
    ),
    3: (
        "No word of what is hidden is in any answer",
        "Words planted in every text of every hidden row are looked for in bodies, headers and "
        "unpacked files: 0 found.",
    ),
    4: (
        "The tests would notice a leak",
        "Leaks are built in on purpose, one at a time; each must be caught: all of them.",
    ),
    5: (
        "The publication log agrees with the rows after any sequence of operations",
        "Create, edit, schedule, publish, correct, withdraw, move time, lose the cache: "
        "0 violations.",
    ),
    6: (
        "An embargo lifts at its instant",
        "One second before, at the instant, and after, also where clocks change: exact. "
        "An instant that a zone has twice, or not at all, is refused.",
    ),
    7: (
        "A shared cache never mixes roles or keeps what was withdrawn",
        "0 answers to the wrong role; withdrawn is gone from the origin at once.",
    ),
    8: (
        "Hidden and never existing are the same, so are wrong names and wrong passwords",
        "The same bytes; the median times differ by less than a tenth.",
    ),
    9: (
        "Hostile values break nothing",
        "Values that should not be there, in every parameter of every address and form: "
        "no answer says 5xx.",
    ),
    10: (
        "The API does what its description says",
        "Schemathesis, all its checks, every operation: 0 failures.",
    ),
    11: (
        "No question costs too much",
        "Huge pages, thousands of values, long addresses: capped or refused, in few queries.",
    ),
    12: (
        "No text of the record runs as a formula or as a script",
        "Formulas in cells and headers, vectors of scripts on pages: 0 run.",
    ),
    13: (
        "Uploads and imports cannot hurt",
        "Bombs, polyglots, wrong encodings: refused in 2 seconds with at most 100 MB more.",
    ),
    14: (
        "A form changes only the fields that it shows",
        "Every form and every address posted with every column: 0 others changed.",
    ),
    15: (
        "What was acknowledged is kept",
        "The site, its database and its standby killed in a storm of writes: 0 rows lost.",
    ),
    16: (
        "The cache may die at any time",
        "Killed, frozen, full: no answer says 5xx, at least half the throughput.",
    ),
    17: (
        "A replica may die at any time",
        "Killed, lagging, frozen: 0 failed reads; staff see their own saves.",
    ),
    18: (
        "Of two who save at once one wins, and the other is told",
        "On every way to write: one wins, no 500, no row twice.",
    ),
    19: (
        "An import is whole or nothing",
        "A bad row anywhere: nothing written and every bad row named. The same file again: "
        "0 changes.",
    ),
    20: (
        "Every change has a history",
        "On every way to write, in bulk, by import or by command: all of them.",
    ),
    21: (
        "Writers on SQLite wait, and none is turned away",
        "Eight writers and two readers: no database is locked, a write takes a second at most.",
    ),
    22: (
        "A backup restores, and every migration runs up and down",
        "Row by row the same, in at most a minute.",
    ),
    23: (
        "Browsers are kept on a short lead, and so are those who sign in",
        "Headers of every address and role, cookies, lockout, forged proxies, `check --deploy`: "
        "all right, 0 warnings.",
    ),
    24: (
        "It stays quick under load",
        "0 errors; of a hundred answers ninety-nine within a second.",
    ),
    25: (
        "A careless installation does not start, and logs hold no secrets",
        "The demo's secret serves this machine alone; of planted secrets 0 are found in logs or on "
        "error pages.",
    ),
}


@dataclass(frozen=True, order=True)
class Note:
    line: int
    test: str
    profile: str
    database: str
    figure: str

    def keep(self) -> None:
        name = hashlib.sha256(repr((self.line, self.test, self.profile)).encode()).hexdigest()[:16]
        place = NOTES / self.database
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{name}.json").write_text(json.dumps(vars(self)))


def kept() -> list[Note]:
    return [Note(**json.loads(file.read_text())) for file in sorted(NOTES.glob("*/*.json"))]


ROW = re.compile(r"^\| `(?P<test>[^`]+)` \| (?P<profile>\w+) \| (?P<figures>.*) \|$")


def stated(text: str) -> list[Note]:
    """The figures that the document holds already."""
    found, line = [], 0
    for row in text.splitlines():
        if heading := re.match(r"## (\d+)\. ", row):
            line = int(heading[1])
        elif match := ROW.match(row):
            figures = zip(DATABASES, match["figures"].split(" | "), strict=True)
            found += [
                Note(line, match["test"], match["profile"], database, figure)
                for database, figure in figures
                if figure != "–"
            ]
    return found


def exists(test: str) -> bool:
    """Whether the test is still there."""
    file, _, name = test.partition("::")
    return (ROOT / file).is_file() and f"def {name}(" in (ROOT / file).read_text()


def written(notes: list[Note]) -> str:
    figures = {
        (note.line, note.test, note.profile, note.database): note.figure
        for note in notes
        if exists(note.test)
    }
    parts = [HEAD]
    for line, (holds, passes) in LINES.items():
        parts.append(f"## {line}. {holds}\n\n{passes}\n")
        rows = sorted({key[1:3] for key in figures if key[0] == line})
        if rows:
            table = [f"| test | profile | {' | '.join(DATABASES.values())} |", "|---|---|---|---|"]
            for test, profile in rows:
                reached = [figures.get((line, test, profile, one), "–") for one in DATABASES]
                table.append(f"| `{test}` | {profile} | {' | '.join(reached)} |")
            parts.append("\n".join(table) + "\n")
    return "\n".join(parts)


def write() -> None:
    before = stated(DOCUMENT.read_text()) if DOCUMENT.exists() else []
    DOCUMENT.write_text(written(before + kept()))


if __name__ == "__main__":
    write()
