"""Databases of their own for commands that run as an operator runs them: as processes."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.conf import settings
from django.db import connection


@dataclass
class Installation:
    """A database, and `manage.py` on it."""

    url: str
    files: Path
    environment: dict[str, str] = field(default_factory=dict)

    def manage(self, *arguments: Any) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *map(str, arguments)],
            cwd=settings.BASE_DIR,
            env=os.environ
            | {"DATABASE_URL": self.url, "FILES_DIR": str(self.files)}
            | self.environment,
            capture_output=True,
            text=True,
            timeout=300,
        )

    def run(self, *arguments: Any) -> str:
        done = self.manage(*arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def refusal(self, *arguments: Any) -> str:
        done = self.manage(*arguments)
        assert done.returncode == 1, done.stdout
        return done.stderr


def server_url(name: str) -> str:
    given = connection.settings_dict
    account = given["USER"] + (f":{given['PASSWORD']}" if given["PASSWORD"] else "")
    return f"postgres://{account}@{given['HOST']}:{given['PORT']}/{name}"


@pytest.fixture(scope="session")
def new_installation(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Callable[[], Installation]]:
    """Makes empty databases of the kind that the suite runs on; they go when it ends."""
    place = tmp_path_factory.mktemp("installations")
    if connection.vendor == "sqlite":

        def made_of_a_file() -> Installation:
            name = uuid4().hex
            return Installation(f"sqlite:///{place}/{name}.sqlite3", place / name)

        yield made_of_a_file
        return
    made: list[str] = []
    with psycopg.connect(server_url("postgres"), autocommit=True) as server:

        def make() -> Installation:
            made.append(f"tradeinit_{uuid4().hex}")
            server.execute(f"CREATE DATABASE {made[-1]}")
            return Installation(server_url(made[-1]), place / made[-1])

        yield make
        for name in made:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def filled(new_installation: Callable[[], Installation]) -> Installation:
    """An installation with a small invented world. Tests read it and change nothing."""
    installation = new_installation()
    installation.run("migrate", "-v0")
    installation.run("make_world", "-v0", "--scale=0.05")
    return installation


@pytest.fixture
def backup_file(tmp_path: Path) -> Path:
    return tmp_path / "backup.tar.gz"
