"""What the site said it had saved is there, whatever was killed while it was saving."""

import os
import random
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from statistics import median

import psycopg
import pytest

from tests.faults.desk import Storm, employ
from tests.faults.servers import Postgres, Site, children, eventually, primary, site

pytestmark = pytest.mark.full

KILLS_OF_THE_SITE, KILLS_OF_POSTGRESQL, PROMOTIONS = 200, 20, 10
Trust = Callable[..., None]


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/record.sqlite3"
    else:
        with primary() as server:
            yield server.url


def test_a_killed_site_loses_nothing_and_is_back(url: str, tmp_path: Path, trust: Trust) -> None:
    with site(tmp_path, DATABASE_URL=url) as served:
        open_for_clerks(served)
        away = []
        with Storm(served) as storm:
            for number in range(KILLS_OF_THE_SITE):
                more_is_saved(storm)
                kill = kill_a_worker if number % 2 else kill_all
                away.append(seconds_away(lambda kill=kill: kill(served), served))

        assert lost(storm, url) == set()
        assert "The log says what the rows say" in served.manage("verify_record")
        assert max(away) <= 2
        kind = "sqlite" if url.startswith("sqlite") else "postgresql"
        trust(15, told("site", away, storm), kind)


def test_a_killed_postgresql_loses_nothing_and_is_back(tmp_path: Path, trust: Trust) -> None:
    with primary() as server, site(tmp_path, DATABASE_URL=server.url) as served:
        open_for_clerks(served)
        away = []

        def kill_and_start() -> None:
            server.kill()
            server.start()

        with Storm(served) as storm:
            for _ in range(KILLS_OF_POSTGRESQL):
                more_is_saved(storm)
                away.append(seconds_away(kill_and_start, served))

        assert lost(storm, server.url) == set()
        assert max(away) <= 5
        trust(15, told("PostgreSQL", away, storm), "postgresql")


def test_a_promoted_standby_has_all_that_was_acknowledged(tmp_path: Path, trust: Trust) -> None:
    # As in deploy/postgresql/primary.conf.
    with primary(max_wal_senders=4, wal_retrieve_retry_interval="500ms") as first:
        servers = [first, first.replica("standby0")]
        wait_for_standby(first, "ANY 1 (*)")
        url = either(*servers)
        try:
            with site(tmp_path, DATABASE_URL=url) as served:
                open_for_clerks(served)
                away = []

                def fail_over() -> None:
                    servers[0].kill()
                    # Nobody stands by for the new primary until the machine that died is back.
                    wait_for_standby(servers[1], "")
                    servers[1].ask("SELECT pg_promote()")

                with Storm(served) as storm:
                    for number in range(PROMOTIONS):
                        more_is_saved(storm)
                        away.append(seconds_away(fail_over, served))
                        servers.reverse()
                        port = servers[1].port
                        servers[1] = servers[0].replica(f"standby{number + 1}", port)
                        wait_for_standby(servers[0], "ANY 1 (*)")
                        eventually(lambda: stands_by(servers[0]))

            assert lost(storm, servers[0].url) == set()
            assert max(away) <= 5
            trust(15, told("primary", away, storm), "postgresql")
        finally:
            for server in servers:
                server.stop()


def either(*servers: Postgres) -> str:
    hosts = ",".join(f"127.0.0.1:{server.port}" for server in servers)
    return f"postgres://tradeinit@{hosts}/tradeinit?target_session_attrs=read-write"


def wait_for_standby(server: Postgres, names: str) -> None:
    """From now on a save is acknowledged when a standby of these names has it too."""
    server.ask(f"ALTER SYSTEM SET synchronous_standby_names = '{names}'")
    server.ask("SELECT pg_reload_conf()")


def stands_by(server: Postgres) -> bool:
    return server.ask("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'quorum'") == 1


def open_for_clerks(served: Site) -> None:
    served.manage("migrate", "-v0")
    employ(served)


def more_is_saved(storm: Storm) -> None:
    """The storm is on: saves have been acknowledged since, and others are on their way."""
    before = len(storm.acknowledged)
    eventually(lambda: len(storm.acknowledged) > before)
    time.sleep(random.uniform(0, 0.1))


def kill_all(served: Site) -> None:
    served.server.restart()


def kill_a_worker(served: Site) -> None:
    workers = eventually(lambda: children(served.server.process.pid))
    os.kill(random.choice(workers), signal.SIGKILL)


def seconds_away(kill: Callable[[], None], served: Site) -> float:
    begun = time.monotonic()
    kill()
    eventually(lambda: served.get("/readyz")[0] == 200)
    return time.monotonic() - begun


def lost(storm: Storm, url: str) -> set[str]:
    """What was acknowledged and is not there, with its history."""
    assert len(storm.acknowledged) > 50
    address = url.removeprefix("sqlite:///")
    opened = sqlite3.connect(address) if address != url else psycopg.connect(url)
    with closing(opened) as database:
        found = [
            {name for (name,) in database.execute(f"SELECT name FROM {table}").fetchall()}
            for table in ("rounds_person", "rounds_historicalperson")
        ]
    return set(storm.acknowledged) - set.intersection(*found)


def told(what: str, away: list[float], storm: Storm) -> str:
    return (
        f"{what} killed {len(away)} times: 0 of {len(storm.acknowledged):,} acknowledged saves "
        f"lost; back in {median(away):.1f} s (median), {max(away):.1f} s at the most"
    )
