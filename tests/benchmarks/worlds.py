"""The worlds that are measured, each made once and kept in var/bench.

Beside each lies its public record as plain tables, for whoever wants to serve it otherwise.
"""

import os
import subprocess
import sys
from pathlib import Path

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
    PLACE.mkdir(parents=True, exist_ok=True)
    half = PLACE / f"half-{scale:g}.sqlite3"
    if not database(scale).exists():
        print(f"making the world of scale {scale:g}, once", flush=True)
        half.unlink(missing_ok=True)
        in_django(half, f"make({scale})")
        half.rename(database(scale))
    in_django(database(scale), "bring_up_to_date()")
    if not export(scale).exists():
        print(f"writing its public record as tables, once: {export(scale).name}", flush=True)
        half.unlink(missing_ok=True)
        in_django(database(scale), f"export({str(half)!r})")
        half.rename(export(scale))


def in_django(path: Path, call: str) -> str:
    """Call a function of ``filling`` in a process of its own that works on this database."""
    script = f"from tests.benchmarks import filling; filling.{call}"
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "-v0", "-c", script],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": url(path), "LOG_REQUESTS": "WARNING"},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return done.stdout
