"""The worlds that are measured, each made once and kept in var/bench.

Beside each lies its public record as plain tables, for whoever wants to serve it otherwise.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from tests.services import Missing, apt_install, find_postgresql, served

ROOT = Path(__file__).resolve().parents[2]
PLACE = ROOT / "var/bench"


def database(scale: float) -> Path:
    return PLACE / f"world-{scale:g}.sqlite3"


def export(scale: float) -> Path:
    return PLACE / f"public-{scale:g}.sqlite3"


def url(path: Path) -> str:
    return f"sqlite:///{path}"


def prepare(scale: float) -> None:
    """Make what is not there yet; half a world never bears the name of a whole one."""
    half = PLACE / f"half-{scale:g}.sqlite3"
    if not database(scale).exists():
        print(f"making the world of scale {scale:g}, once", flush=True)
        half.unlink(missing_ok=True)
        in_django(url(half), f"make({scale})")
        half.rename(database(scale))
    in_django(url(database(scale)), "bring_up_to_date()")
    if not export(scale).exists():
        print(f"writing its public record as tables, once: {export(scale).name}", flush=True)
        half.unlink(missing_ok=True)
        in_django(url(database(scale)), f"export({str(half)!r})")
        half.rename(export(scale))


def read_through(scales: Sequence[float]) -> None:
    """What is asked first is not to wait for the disk: the others find all in memory."""
    files = [path(scale) for scale in scales for path in (database, export)]
    for file in [*files, *(PLACE / "postgresql/data/base").glob("*/*")]:
        with file.open("rb", buffering=0) as opened:
            while opened.read(2**20):
                pass


@dataclass(frozen=True)
class PostgreSQL:
    """The server whose data are kept beside the worlds on SQLite."""

    address: str

    def url(self, database: str) -> str:
        return f"{self.address.rpartition('/')[0]}/{database}"

    def world(self, scale: float) -> str:
        return self.url(_name(scale))

    def prepare(self, scale: float) -> None:
        if not self.ask("SELECT 1 FROM pg_database WHERE datname = %s", _name(scale)):
            print(f"copying the world of scale {scale:g} to PostgreSQL, once", flush=True)
            half = self.empty("half")
            in_django(half, f"copy_from({str(database(scale))!r})")
            self.ask(f'ALTER DATABASE half RENAME TO "{_name(scale)}"')
        in_django(self.world(scale), "bring_up_to_date()")

    def empty(self, name: str) -> str:
        """The address of a database with nothing in it."""
        self.ask(f"DROP DATABASE IF EXISTS {name}")
        self.ask(f"CREATE DATABASE {name}")
        return self.url(name)

    def ask(self, sql: str, *values: Any) -> list[Any]:
        with psycopg.connect(self.address, autocommit=True) as connection:
            found = connection.execute(sql, values)
            return found.fetchall() if found.description else []

    @property
    def pid(self) -> int:
        return int((PLACE / "postgresql/data/postmaster.pid").read_text().split()[0])


def _name(scale: float) -> str:
    return f"world_{scale:g}"


@contextmanager
def postgresql() -> Iterator[PostgreSQL]:
    if not find_postgresql():
        apt_install("postgresql")
    binaries, place = find_postgresql(), PLACE / "postgresql"
    if not binaries:
        raise Missing("The bench needs PostgreSQL: apt-get install postgresql")
    if not place.exists():
        # Where we are root it runs as another, who may not be let into this clone.
        place.unlink(missing_ok=True)
        place.symlink_to(tempfile.mkdtemp(prefix="tradeinit-bench-", dir="/var/tmp"))
    # Nothing is to be at work but what is asked.
    with served(binaries, place.resolve(), autovacuum="off") as address:
        yield PostgreSQL(address)


def in_django(address: str, call: str, module: str = "filling") -> str:
    """Call a function in a process of its own that works on this database."""
    script = f"from tests.benchmarks import {module}; {module}.{call}"
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "-v0", "-c", script],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": address, "LOG_REQUESTS": "WARNING"},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return done.stdout
