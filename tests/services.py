"""What the tests need besides Python: a PostgreSQL server and a Chromium.

Each is taken from where it is already; else installed with apt-get where that is allowed;
else `Missing` says what to install. Nothing is skipped for want of a service.
"""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")


class Missing(Exception):
    pass


def chromium() -> str:
    if given := os.environ.get("CHROMIUM"):
        return given
    if not find_chromium():
        apt_install("chromium", "fonts-noto-cjk", "fonts-dejavu-core")
    if found := find_chromium():
        return found
    raise Missing("The browser tests need Chromium: apt-get install chromium fonts-noto-cjk")


@contextmanager
def postgresql() -> Iterator[str]:
    """The address of a PostgreSQL server: the one in DATABASE_URL, or one of our own."""
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith(("postgres:", "postgresql:")):
        yield given
        return
    if not find_postgresql():
        apt_install("postgresql")
    binaries = find_postgresql()
    if not binaries:
        raise Missing(
            "The tests need PostgreSQL: apt-get install postgresql, "
            "or set DATABASE_URL=postgres://user:password@host/database"
        )
    with cluster(binaries) as address:
        yield address


@contextmanager
def cluster(binaries: Path) -> Iterator[str]:
    """A server for this run alone, removed afterwards."""
    scratch = Path(tempfile.mkdtemp(prefix="tradeinit-postgresql-"))
    try:
        with served(binaries, scratch, stop="immediate") as address:
            yield address
    finally:
        shutil.rmtree(scratch)


@contextmanager
def served(binaries: Path, place: Path, stop: str = "fast", **settings: str) -> Iterator[str]:
    """A server over the data in that directory, made if there are none; it never waits for the
    disk. One that runs there already is taken as it is, and left running.
    """
    # PostgreSQL refuses to run as root.
    account = unprivileged_account() if os.geteuid() == 0 else {}
    data, log, port = place / "data", place / "log", free_port()
    options = {
        "port": port,
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": place,
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        "jit": "off",
        **settings,
    }
    flags = " ".join(f"-c {name}={value}" for name, value in options.items())

    def run(program: str, *arguments: str, check: bool = True) -> bool:
        command = [binaries / program, "--pgdata", data, *arguments]
        done = subprocess.run(command, check=check, cwd=place, stdout=subprocess.DEVNULL, **account)
        return done.returncode == 0

    if account:
        shutil.chown(place, account["user"])
    if not (data / "PG_VERSION").exists():
        run("initdb", "--username=tradeinit", "--auth=trust", "--encoding=UTF8",
            "--locale=C.UTF-8", "--no-sync")  # fmt: skip
    if run("pg_ctl", "status", check=False):
        port = int((data / "postmaster.pid").read_text().splitlines()[3])
        yield f"postgres://tradeinit@127.0.0.1:{port}/postgres"
        return
    run("pg_ctl", "--wait", f"--log={log}", f"--options={flags}", "start")
    try:
        yield f"postgres://tradeinit@127.0.0.1:{port}/postgres"
    finally:
        run("pg_ctl", "--wait", f"--mode={stop}", "stop", check=False)


def find_chromium() -> str | None:
    return next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


def find_postgresql() -> Path | None:
    """The newest directory that holds the whole server; a client package has a part of it."""
    debian = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parts[-2])
    )
    path = map(Path, os.environ["PATH"].split(os.pathsep))
    server = ("initdb", "pg_ctl", "postgres")
    for directory in (*reversed(debian), *path):
        if all((directory / program).is_file() for program in server):
            return directory
    return None


def apt_install(*packages: str) -> None:
    """Install Debian packages if we are root, or may be without a password; else do nothing."""
    sudo = [] if os.geteuid() == 0 else ["sudo", "--non-interactive"]
    if not all(map(shutil.which, ["apt-get", *sudo[:1]])):
        return
    print("Installing", *packages, flush=True)
    apt_get = [*sudo, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "--quiet=2"]
    subprocess.run([*apt_get, "update"], check=False)
    subprocess.run([*apt_get, "install", "--no-install-recommends", *packages], check=False)


def unprivileged_account() -> dict:
    for name in ("postgres", "nobody"):
        try:
            account = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    raise Missing("PostgreSQL does not run as root, and there is no user named postgres.")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
