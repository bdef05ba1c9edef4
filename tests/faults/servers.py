"""Real servers for the tests of faults: each is started, killed and frozen as a process.

A missing program is installed with apt-get where that is allowed; else `Missing` says which.
"""

import http.client
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import psycopg

from tests.services import Missing, apt_install, find_postgresql, free_port, unprivileged_account

ROOT = Path(__file__).resolve().parents[2]


def eventually(holds: Callable[[], Any], seconds: float = 30) -> Any:
    """What `holds()` gives as soon as it is true; AssertionError after so many seconds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := holds():
            return found
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds} s: {holds}")


def program(name: str, package: str) -> str:
    places = os.environ["PATH"] + os.pathsep + "/usr/sbin"
    if not shutil.which(name, path=places):
        apt_install(package)
    found = shutil.which(name, path=places)
    if not found:
        raise Missing(f"The tests of faults need {name}: apt-get install {package}")
    return found


def children(pid: int) -> list[int]:
    listed = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True)
    pairs = [tuple(map(int, line.split())) for line in listed.stdout.splitlines()]
    return [child for child, parent in pairs if parent == pid]


class Process:
    """A server process that can be killed, frozen and thawed, with all its children."""

    def __init__(self, command: list[Any], log: Path, **options: Any) -> None:
        self.command, self.log, self.options = list(map(str, command)), log, options
        self.start()

    def start(self) -> None:
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                **self.options,
            )

    def signal(self, number: int) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)

    def kill(self) -> None:
        self.signal(signal.SIGKILL)
        self.process.wait()

    def freeze(self) -> None:
        self.signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.signal(signal.SIGCONT)

    def restart(self) -> None:
        self.kill()
        self.start()


# PostgreSQL


class Postgres:
    """A PostgreSQL server with a data directory of its own."""

    def __init__(self, place: Path, name: str, settings: dict[str, Any]) -> None:
        found = find_postgresql()
        if not found:
            apt_install("postgresql")
            found = find_postgresql()
        if not found:
            raise Missing("The tests of faults need PostgreSQL: apt-get install postgresql")
        self.binaries, self.name, self.port = found, name, free_port()
        self.place, self.data, self.log = place, place / name, place / f"{name}.log"
        self.settings = {
            "port": self.port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": place,
            **settings,
        }
        self.account = unprivileged_account() if os.geteuid() == 0 else {}

    @property
    def url(self) -> str:
        return f"postgres://tradeinit@127.0.0.1:{self.port}/tradeinit"

    def run(self, name: str, *arguments: Any) -> None:
        done = subprocess.run(
            [self.binaries / name, *map(str, arguments)],
            cwd=self.place,
            capture_output=True,
            text=True,
            **self.account,
        )
        assert done.returncode == 0, done.stderr

    def owns(self, path: Path) -> None:
        if self.account:
            shutil.chown(path, self.account["user"])

    def mark(self, name: str) -> None:
        """Put an empty file of that name beside the data, which tells the server what it is."""
        (self.data / name).touch()
        self.owns(self.data / name)

    def configure(self, shipped: str) -> None:
        """Add a file of deploy/postgresql to the settings."""
        with (self.data / "postgresql.conf").open("a") as file:
            file.write(shipped.replace("/var/lib/postgresql", str(self.place)))

    def start(self) -> None:
        flags = [f"-c{name}={value}" for name, value in self.settings.items()]
        self.server = Process(
            [self.binaries / "postgres", "-D", self.data, *flags],
            self.log,
            cwd=self.place,
            **self.account,
        )
        eventually(self.answers)

    def answers(self) -> bool:
        with suppress(psycopg.OperationalError):
            return self.ask("SELECT 1", database="postgres") == 1
        return False

    def ask(self, sql: str, database: str = "tradeinit") -> Any:
        address = f"postgres://tradeinit@127.0.0.1:{self.port}/{database}?connect_timeout=2"
        with psycopg.connect(address, autocommit=True) as connection:
            found = connection.execute(sql)
            return found.fetchone()[0] if found.description else None

    def process_ids(self) -> list[int]:
        """The server and all that it forked, each of which has made itself a session."""
        top = self.server.process.pid
        return [top, *children(top)]

    def seconds(self) -> float:
        """Of the processor, spent so far by the server and all that it forked."""
        found = 0
        for pid in self.process_ids():
            with suppress(OSError):
                fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
                # Its own, and those of its children that have ended; in user mode and in system.
                found += sum(map(int, fields[11:15]))
        return found / os.sysconf("SC_CLK_TCK")

    def signal(self, number: int) -> None:
        for pid in self.process_ids():
            with suppress(ProcessLookupError):
                os.kill(pid, number)

    def kill(self) -> None:
        self.signal(signal.SIGKILL)
        self.server.process.wait()

    def freeze(self) -> None:
        self.signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.signal(signal.SIGCONT)

    def stop(self) -> None:
        if self.server.process.poll() is None:
            self.thaw()
            self.kill()

    def replica(self, name: str, port: int = 0) -> "Postgres":
        """A streaming replica of this server, started."""
        copy = Postgres(self.place, name, {**self.settings, "primary_conninfo": ""})
        copy.port = port or copy.port
        copy.settings |= {
            "port": copy.port,
            "hot_standby": "on",
            "primary_conninfo": (
                f"host=127.0.0.1 port={self.port} user=tradeinit application_name={name}"
            ),
        }
        self.run("pg_basebackup", "-h127.0.0.1", f"-p{self.port}", "-Utradeinit", "-D", copy.data,
                 "--checkpoint=fast", "--no-sync")  # fmt: skip
        copy.mark("standby.signal")
        copy.start()
        return copy

    def has_reached(self, primary: "Postgres") -> bool:
        position = primary.ask("SELECT pg_current_wal_lsn()::text")
        return bool(self.ask(f"SELECT pg_last_wal_replay_lsn() >= '{position}'::pg_lsn"))


@contextmanager
def primary(shipped: str = "", **settings: Any) -> Iterator[Postgres]:
    """A PostgreSQL server that keeps its promises to the disk, with an empty database.

    `shipped` is put into its file of settings, as an operator does with deploy/postgresql.
    """
    place = Path(tempfile.mkdtemp(prefix="tradeinit-faults-"))
    server = Postgres(place, "primary", {"wal_level": "replica", "jit": "off", **settings})
    try:
        server.owns(place)
        (place / "archive").mkdir()
        server.owns(place / "archive")
        server.run("initdb", "-D", server.data, "--username=tradeinit", "--auth=trust",
                   "--encoding=UTF8", "--locale=C.UTF-8")  # fmt: skip
        server.configure(shipped)
        server.start()
        server.ask("CREATE DATABASE tradeinit", database="postgres")
        yield server
    finally:
        server.stop()
        shutil.rmtree(place)


# The site


class Site:
    """The application as an office runs it: gunicorn with two workers, as deploy/ sets it up."""

    def __init__(self, place: Path, environment: dict[str, str], workers: int = 2) -> None:
        self.place, self.port = place, free_port()
        self.environment = os.environ | {
            "THROTTLE": "off",
            "BIND": f"127.0.0.1:{self.port}",
            "WORKERS": str(workers),
            "THREADS": "2",
            "PUBLIC_BASE_URL": f"http://127.0.0.1:{self.port}",
            **environment,
        }
        command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py",
                   "tradeinit.wsgi"]  # fmt: skip
        self.server = Process(
            command, place / f"site-{self.port}.log", cwd=ROOT, env=self.environment
        )

    def manage(self, *arguments: Any) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *map(str, arguments)],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def get(self, path: str, cookie: str = "", seconds: float = 20) -> tuple[int, str]:
        """The status and the body; 0 where there was no answer."""
        return get(f"http://127.0.0.1:{self.port}{path}", cookie, seconds)

    def stop(self) -> None:
        self.server.kill()


class Nginx:
    """nginx with the file that the project ships, its three lines marked HERE changed.

    It is put before the site on these ports; ``beside`` is what else nginx is to serve.
    """

    def __init__(self, place: Path, *ports: int, beside: str = "") -> None:
        self.port, self.log = free_port(), place / "nginx.jsonl"
        upstream = "".join(
            f"server 127.0.0.1:{port} max_fails=1 fail_timeout=2s;" for port in ports
        )
        text = (ROOT / "deploy/nginx.conf").read_text()
        for shipped, here in [
            (r"server 127\.0\.0\.1:8000 .*;", upstream),
            (r"/var/cache/nginx/tradeinit", f"{place}/kept"),
            (r"listen 80;", f"listen 127.0.0.1:{self.port};"),
            (r"/var/log/nginx/tradeinit\.log", str(self.log)),
        ]:
            text, found = re.subn(shipped, here, text)
            assert found == 1, shipped
        (place / "site.conf").write_text(text)
        (place / "nginx.conf").write_text(
            f"user root; daemon off; pid {place}/pid; error_log {place}/error.log;"
            f"events {{}} http {{ include {place}/site.conf; {beside} }}"
        )
        command = [program("nginx", "nginx-light"), "-p", place, "-c", place / "nginx.conf"]
        self.server = Process(command, place / "nginx.log")
        eventually(lambda: self.get("/livez")[0] == 200)

    def get(self, path: str) -> tuple[int, str]:
        return get(f"http://127.0.0.1:{self.port}{path}")


def get(address: str, cookie: str = "", seconds: float = 20) -> tuple[int, str]:
    headers = {"Cookie": cookie} if cookie else {}
    try:
        with urlopen(Request(address, headers=headers), timeout=seconds) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        return error.code, error.read().decode()
    except (OSError, http.client.HTTPException):
        return 0, ""


@cache
def collect_static_files() -> None:
    """Once a run: those that an earlier release left would not do."""
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "-v0", "--no-input", "--ignore=redoc"],
        cwd=ROOT,
        check=True,
    )


@contextmanager
def site(place: Path, **environment: str) -> Iterator[Site]:
    collect_static_files()
    served = Site(place, environment)
    try:
        eventually(lambda: served.get("/livez")[0] == 200, seconds=60)
        yield served
    finally:
        served.stop()
