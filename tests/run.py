"""Run the test suite on PostgreSQL and on SQLite side by side, then on the other Pythons found.

`make test` calls this; whatever follows goes to pytest: `make test ARGS="-k embargo"`.
Logs, caches and temporary files of each run are in var/tests/<name>/.
"""

import argparse
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from threading import Thread

from services import Missing, chromium, postgresql

ROOT = Path(__file__).resolve().parent.parent
PYTHONS = ("3.11", "3.12", "3.13")
# Where a Python can differ, and what no database can.
ON_EVERY_PYTHON = ("tests/kernel", "tests/mandates", "tests/rounds/intake")
# What a browser shows, a language says or a text could inject, the surfaces give it: they, the
# desk's forms and every race are tested on both databases.
ON_ONE_DATABASE = (
    "tests/browser",
    "tests/hostile/test_injection.py",
    "tests/test_languages.py",
    "tests/test_plans.py",
    "tests/test_house.py",
)
# Each is busy with one core; a test that drives a browser is slow where it has to share.
AT_ONCE = 2
# The lines of pytest that tell how far it has come.
PROGRESS = re.compile(r"\[ *\d+%\]$")
MAKE_VENV = """
cmp -s requirements-dev.txt "$1"/installed.txt && exit
"$0" -m venv --clear "$1"
"$1"/bin/python -m pip install -qq --disable-pip-version-check \
    --require-hashes --requirement requirements-dev.txt
cp requirements-dev.txt "$1"/installed.txt
"""


class Suite:
    """One pytest process on one database and one Python."""

    def __init__(
        self, name: str, arguments: list[str], python: str = sys.executable, database: str = ""
    ):
        self.name = name
        place = ROOT / "var/tests" / name
        place.mkdir(parents=True, exist_ok=True)
        self.log = place / "log"
        places = [f"--basetemp={place}/scratch", "-o", f"cache_dir={place}/cache"]
        self.command = [python, "-m", "pytest", *places, *arguments]
        self.environment = {
            "DATABASE_URL": database or f"sqlite:///{place}/db.sqlite3",
            "HYPOTHESIS_STORAGE_DIRECTORY": f"{place}/hypothesis",
            "PYTHONUNBUFFERED": "1",
        }
        self.process: subprocess.Popen | None = None

    def run(self, venv: subprocess.Popen | None = None) -> None:
        """From start to end; an environment of its own is waited for first."""
        if venv and venv.wait():
            raise Missing(f"The packages could not be installed for {self.name}.")
        self.process = subprocess.Popen(
            self.command,
            cwd=ROOT,
            env=os.environ | self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        follower = Thread(target=self.follow, args=[self.process.stdout], daemon=True)
        follower.start()
        self.process.wait()
        # What a test has left running may hold the pipe open for ever.
        follower.join(timeout=10)
        if not self.passed:
            say(f"\n{self.name}: FAILED, exit code {self.process.returncode}\n")
            say(self.log.read_text())

    def follow(self, lines: Iterable[str]) -> None:
        with self.log.open("w") as log:
            for line in lines:
                log.write(line)
                log.flush()
                if PROGRESS.search(line):
                    say(f"{self.name:12} {line.rstrip()}")

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            # As Ctrl-C: pytest takes down its databases and browsers.
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                self.process.kill()

    @property
    def closing_line(self) -> str:
        lines = self.log.read_text().strip().splitlines()
        return lines[-1] if lines else "(no output)"

    @property
    def passed(self) -> bool:
        """A run that passed no test, for whatever reason, did not pass."""
        ended_well = self.process is not None and self.process.returncode == 0
        return ended_well and " passed" in self.closing_line


def main() -> int:
    options, arguments = parse_arguments()
    os.environ["CHROMIUM"] = chromium()
    os.environ["HYPOTHESIS_PROFILE"] = "full" if options.full else "fast"
    chosen = ["-m", "" if options.full else "not full", *arguments]
    if options.full:
        # A heavy test is long at work and not stuck.
        chosen += ["-o", "faulthandler_timeout=7200"]
    # Who picks a part wants to know quickly; the other Pythons answer for the whole suite.
    whole = not (options.only or arguments)
    pythons = other_pythons() if whole else {}
    if options.full and whole:
        # They have servers of their own and run once, when nothing else does.
        chosen.append("--ignore=tests/faults")

    suites = []
    with ExitStack() as stack:
        pool = stack.enter_context(ThreadPoolExecutor(AT_ONCE))
        venvs = {version: make_venv(version, python) for version, python in pythons.items()}
        for venv in venvs.values():
            stack.callback(venv.kill)
        running = []

        def plan(suite: Suite, venv: subprocess.Popen | None = None) -> None:
            suites.append(suite)
            stack.callback(suite.stop)
            running.append(pool.submit(suite.run, venv))

        # The longest first, so that the short ones fill the gap at the end.
        if options.only != "sqlite":
            asked = (
                [f"--ignore={place}" for place in ON_ONE_DATABASE]
                if whole and not options.full
                else []
            )
            database = stack.enter_context(postgresql())
            plan(Suite("postgresql", [*chosen, *asked], database=database))
        if options.only != "postgresql":
            plan(Suite("sqlite", chosen))
        for version, venv in venvs.items():
            core = ["-m", "not browser and not full", *ON_EVERY_PYTHON]
            plan(Suite(f"python{version}", core, python=f".venv-{version}/bin/python"), venv)
        # First of all when this is broken off: what waits does not begin.
        stack.callback(pool.shutdown, wait=False, cancel_futures=True)
        for suite in running:
            suite.result()

        if options.full and whole:
            suites.append(
                Suite("faults", ["-m", "", "-o", "faulthandler_timeout=3600", "tests/faults"])
            )
            stack.callback(suites[-1].stop)
            suites[-1].run()

    for suite in suites:
        say(f"\n{suite.name}: {'passed' if suite.passed else 'FAILED'}\n{suite.closing_line}")
    passed = all(suite.passed for suite in suites)
    if options.full and passed:
        subprocess.run([sys.executable, "tests/trust.py"], cwd=ROOT, check=True)
        say("\nThe figures reached are in docs/trust.md.")
    return 0 if passed else 1


def parse_arguments() -> tuple[argparse.Namespace, list[str]]:
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--only", choices=["sqlite", "postgresql"], help="run on one database")
    parser.add_argument("--full", action="store_true", help="run the heavy tests too")
    return parser.parse_known_args()


def other_pythons() -> dict[str, str]:
    """The Pythons here, beside this one, that run and can make an environment."""
    found = {}
    for version in PYTHONS:
        if version == f"{sys.version_info.major}.{sys.version_info.minor}":
            continue
        pyenv = Path.home().glob(f".pyenv/versions/{version}.*/bin/python{version}")
        for python in filter(None, [shutil.which(f"python{version}"), *map(str, pyenv)]):
            probe = subprocess.run([python, "-c", "import ensurepip"], capture_output=True)
            if probe.returncode == 0:
                found[version] = python
        say(f"Python {version}: {found.get(version, 'not found here, not tested')}")
    return found


def make_venv(version: str, python: str) -> subprocess.Popen:
    """Begin to make .venv-<version>, unless it holds these very packages already."""
    return subprocess.Popen(["sh", "-ec", MAKE_VENV, python, f".venv-{version}"], cwd=ROOT)


def say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    # As exceptions these stop what was started. A shell's background job would ignore SIGINT.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        sys.exit(main())
    except Missing as missing:
        sys.exit(f"FAILED: {missing}")
    except KeyboardInterrupt:
        sys.exit(130)
