"""What was lost comes back: from a backup that was made under load, and to a point in time."""

import re
import shlex
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults.desk import Storm, employ
from tests.faults.servers import ROOT, Postgres, eventually, primary, site
from tests.operate.conftest import Installation
from tests.operate.rows import rows_of

pytestmark = pytest.mark.full

TEXT = (ROOT / "docs/operating.md").read_text()
Trust = Callable[..., None]
# What a save changes besides adding rows; who signs in is no part of the record.
CHANGES = {"tradeinit_stampclock", "django_session", "sqlite_sequence", "auth_user"}
# Where the saves of the storm went that the backup came too early for.
GROWN = {
    "rounds_person",
    "rounds_historicalperson",
    "tradeinit_address",
    "tradeinit_submission",
    "django_admin_log",
}
# The innards of SQLite's index of words: `verify_record` compares what they say.
INDEX = re.compile(r"search\w*_(data|idx|docsize|config|content)$")


@pytest.fixture(params=["sqlite", "postgresql"])
def places(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[list[str]]:
    """A database to lose and an empty one to restore into."""
    if request.param == "sqlite":
        yield [f"sqlite:///{tmp_path}/{name}.sqlite3" for name in ("record", "empty")]
        return
    with primary() as server:
        server.ask("CREATE DATABASE empty", database="postgres")
        yield [server.url, server.url.removesuffix("tradeinit") + "empty"]


def test_a_backup_under_load_comes_back_row_by_row(
    places: list[str], tmp_path: Path, trust: Trust
) -> None:
    url, empty = places
    file = tmp_path / "record.backup"
    with site(tmp_path, DATABASE_URL=url) as served:
        served.manage("migrate", "-v0")
        served.manage("make_world", "-v0", "--scale=0.2")
        employ(served)
        with Storm(served) as storm:
            eventually(lambda: len(storm.acknowledged) > 20)
            before = set(storm.acknowledged)
            begun = time.monotonic()
            served.manage("backup", file)
            seconds = time.monotonic() - begun
            during = len(storm.acknowledged) - len(before)

    elsewhere = Installation(empty, tmp_path / "elsewhere")
    begun = time.monotonic()
    elsewhere.run("restore", file)
    elsewhere.run("verify_record")
    back_in = time.monotonic() - begun

    there, here = rows_of(url), rows_of(empty)
    assert here.keys() == there.keys()
    record = [name for name in here if name not in CHANGES and not INDEX.search(name)]
    assert {name: here[name] - there[name] for name in record if here[name] - there[name]} == {}
    assert {name for name in record if there[name] - here[name]} <= GROWN
    people = " ".join(here["rounds_person"])
    assert [name for name in before if f"'{name}'" not in people] == []
    assert during > 0
    assert seconds <= 60 and back_in <= 60
    rows = sum(len(here[name]) for name in record)
    trust(
        22,
        f"{rows:,} rows, copied in {seconds:.0f} s while {during} saves were made, restored and "
        f"verified in {back_in:.0f} s: each row the same",
        "sqlite" if url.startswith("sqlite") else "postgresql",
    )


def test_postgresql_goes_back_to_an_instant(tmp_path: Path, trust: Trust) -> None:
    """As docs/operating.md tells it, with the settings of deploy/postgresql."""
    settings = ROOT / "deploy/postgresql"
    with primary((settings / "primary.conf").read_text()) as server:
        with site(tmp_path, DATABASE_URL=server.url) as served:
            served.manage("migrate", "-v0")
            employ(served)
            server.run(*base_backup(server))
            with Storm(served, "right") as right:
                eventually(lambda: len(right.acknowledged) > 20)
            time.sleep(0.1)
            instant = server.ask("SELECT clock_timestamp()::text")
            with Storm(served, "wrong") as wrong:
                eventually(lambda: len(wrong.acknowledged) > 20)
        last = server.ask("SELECT pg_walfile_name(pg_switch_wal())")
        eventually(lambda: (server.place / "archive" / last).exists())
        server.kill()

        again = Postgres(server.place, "base", {})
        recovery = (settings / "recovery.conf").read_text()
        again.configure(re.sub("(recovery_target_time = ).*", rf"\1'{instant}'", recovery))
        again.mark("recovery.signal")
        begun = time.monotonic()
        again.start()
        try:
            eventually(lambda: not again.ask("SELECT pg_is_in_recovery()"))
            seconds = time.monotonic() - begun
            people = again.ask("SELECT string_agg(name, ' ') FROM rounds_person").split()
            Installation(again.url, tmp_path / "files").run("verify_record")
        finally:
            again.stop()

    assert set(right.acknowledged) <= set(people)
    assert not set(wrong.acknowledged) & set(people)
    trust(
        22,
        f"back to an instant in {seconds:.0f} s: {len(right.acknowledged)} saves before it there, "
        f"{len(wrong.acknowledged)} after it gone",
        "postgresql",
    )


def base_backup(server: Postgres) -> list[str]:
    """The command that docs/operating.md gives."""
    (command,) = re.findall(r"^    (pg_basebackup .*base.*)$", TEXT, re.MULTILINE)
    name, *arguments = shlex.split(command.replace("/var/lib/postgresql", str(server.place)))
    return [name, "-h127.0.0.1", f"-p{server.port}", "-Utradeinit", *arguments]
