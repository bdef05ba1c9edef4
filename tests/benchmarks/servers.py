"""The servers that are measured, each pinned to one core, and what they spend there.

A rate is requests for each second that a server's processes ran. On a core of its own that is the
number a second; on a machine that others use as well it is the only number that means anything.
"""

import http.client
import json
import os
import signal
import subprocess
import sys
import time
import venv
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from tests.benchmarks.worlds import PLACE, ROOT
from tests.services import free_port

DATASETTE = "datasette==0.65.5"
TICK = os.sysconf("SC_CLK_TCK")
CORES = sorted(os.sched_getaffinity(0))
SERVER_CORE, OUR_CORE = CORES[0], CORES[-1]


class Server:
    """A server, and what works for it: the PostgreSQL server, or the site behind a proxy."""

    def __init__(
        self, name: str, process: subprocess.Popen, port: int, *behind: "Postmaster | Server"
    ) -> None:
        self.name, self.process, self.port, self.behind = name, process, port, behind
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)

    def get(self, address: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        try:
            self.connection.request("GET", address, headers=headers)
            response = self.connection.getresponse()
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            # It was closed while nobody asked.
            self.connection.close()
            self.connection.request("GET", address, headers=headers)
            response = self.connection.getresponse()
        return response.status, dict(response.getheaders()), response.read()

    def drain(self, address: str) -> int:
        """How many bytes a long answer has, none of them kept."""
        self.connection.close()
        self.connection.request("GET", address)
        response, size = self.connection.getresponse(), 0
        assert response.status == 200, address
        while part := response.read(65_536):
            size += len(part)
        return size

    def seconds(self) -> float:
        """Of CPU, spent so far by all processes of the server and of what works for it."""
        own = sum(map(_spent, self._processes())) / TICK
        return own + sum(other.seconds() for other in self.behind)

    def megabytes(self) -> float:
        """Resident in its largest process: of gunicorn, the worker."""
        pages = max(int(fields[21]) for fields in self._processes())
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20

    def _processes(self) -> list[list[str]]:
        return [fields for _pid, fields in _processes() if int(fields[2]) == self.process.pid]

    def stop(self) -> None:
        self.connection.close()
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait(30)


class Postmaster:
    """A PostgreSQL server, which nobody asks but the server that is measured just then."""

    def __init__(self, pid: int) -> None:
        self.pid = pid

    def seconds(self) -> float:
        """Of CPU, spent so far by it and its backends, each of which is a session of its own."""
        found = _processes()
        own = [fields for pid, fields in found if self.pid in (pid, int(fields[1]))]
        return sum(map(_spent, own)) / TICK


def _processes() -> Iterator[tuple[int, list[str]]]:
    """Each with its fields after the name, which may hold spaces."""
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            yield int(status.parent.name), status.read_text().rpartition(")")[2].split()


def _spent(fields: list[str]) -> int:
    user, system, of_dead_children, in_their_system = fields[11:15]
    return int(user) + int(system) + int(of_dead_children) + int(in_their_system)


@contextmanager
def running(
    name: str, command: list[Any], probe: str, *behind: Any, **environment: str
) -> Iterator[Server]:
    """A server on a free port, which stands as PORT in its command, once it answers."""
    port = free_port()
    with (PLACE / f"{name}.log").open("w") as log:
        process = subprocess.Popen(
            [str(part).replace("PORT", str(port)) for part in command],
            cwd=ROOT,
            env=os.environ | environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        os.sched_setaffinity(process.pid, [SERVER_CORE])
    server = Server(name, process, port, *behind)
    try:
        _wait_for(server, probe)
        yield server
    finally:
        server.stop()


def _wait_for(server: Server, probe: str) -> None:
    for _ in range(600):
        with suppress(OSError, http.client.HTTPException):
            if server.get(probe)[0] == 200:
                return
        server.connection.close()
        assert server.process.poll() is None, (
            f"{server.name} ended: see var/bench/{server.name}.log"
        )
        time.sleep(0.1)
    raise AssertionError(f"{server.name} does not answer")


def project(name: str, database: str, *behind: Any) -> Any:
    """As it is shipped, but with one worker for the one core, and no limit on who asks."""
    command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py"]
    return running(
        name,
        [*command, "--bind=127.0.0.1:PORT", "--workers=1", "tradeinit.wsgi"],
        "/livez",
        *behind,
        DATABASE_URL=database,
        DEBUG="off",
        THROTTLE="off",
    )


def bare(name: str, program: str, database: str, *behind: Any) -> Any:
    """One of the programs in ``bare`` under the same server."""
    command = [sys.executable, "-m", "gunicorn", "--threads=4", "--no-control-socket"]
    return running(
        name,
        [*command, "--bind=127.0.0.1:PORT", f"tests.benchmarks.bare:{program}"],
        "/",
        *behind,
        DATABASE=database,
    )


def datasette(name: str, public: Path, queries: dict[str, str]) -> Any:
    """In an environment of its own, made once: the project does not depend on it."""
    place = PLACE / "datasette"
    python = place / "bin/python"
    if not python.exists():
        print("installing Datasette beside the project, once", flush=True)
        venv.create(place, with_pip=True)
    # Of a run that was broken off, the rest.
    subprocess.run([python, "-m", "pip", "install", "-qq", DATASETTE], check=True)
    said = PLACE / f"{name}.json"
    told = {key: {"sql": sql} for key, sql in queries.items()}
    said.write_text(json.dumps({"databases": {public.stem: {"queries": told}}}))
    command = [python, "-m", "datasette", "serve", "--immutable", public, "--metadata", said]
    limits = [
        "--setting",
        "sql_time_limit_ms",
        "30000",
        "--setting",
        "facet_time_limit_ms",
        "30000",
    ]
    return running(name, [*command, *limits, "--port=PORT"], "/-/versions.json")
