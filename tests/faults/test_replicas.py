"""Readers do not notice that a replica died, froze or fell behind; staff read the primary."""

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import pytest

from tests.faults.desk import ADD, Clerk, employ
from tests.faults.servers import Postgres, Site, eventually, primary, site

pytestmark = pytest.mark.full

Trust = Callable[..., None]

PAGES = ["/", "/rounds/", "/api/v1/rounds/", "/initiatives/", "/api/v1/changes/"]
READERS, ASKED = 4, 300
READS = "SELECT sum(seq_scan + coalesce(idx_scan, 0)) FROM pg_stat_user_tables"


@pytest.fixture(scope="module")
def servers() -> Iterator[list[Postgres]]:
    """A primary and two streaming replicas, with a small invented world."""
    with primary(max_wal_senders=4) as first:
        copies: list[Postgres] = []
        try:
            copies.append(first.replica("one"))
            copies.append(first.replica("two"))
            yield [first, *copies]
        finally:
            for copy in copies:
                copy.stop()


@pytest.fixture(scope="module")
def served(servers: list[Postgres], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    first, *copies = servers
    urls = ",".join(copy.url for copy in copies)
    place = tmp_path_factory.mktemp("site")
    with site(place, DATABASE_URL=first.url, DATABASE_REPLICA_URLS=urls) as served:
        served.manage("migrate", "-v0")
        served.manage("make_world", "-v0", "--scale=0.1")
        employ(served)
        for copy in copies:
            eventually(lambda copy=copy: copy.has_reached(first))
        yield served


@pytest.fixture(autouse=True)
def all_well(servers: list[Postgres], served: Site) -> Iterator[None]:
    """Each test begins with every server up and every breaker closed."""
    yield
    for server in servers:
        server.thaw()
        if not server.answers():
            server.start()
    served.server.restart()
    eventually(lambda: served.get("/livez")[0] == 200)


def read(served: Site, count: int) -> Counter:
    """The statuses of so many answers, asked by four readers at once."""
    paths = [PAGES[number % len(PAGES)] for number in range(count)]
    with ThreadPoolExecutor(READERS) as readers:
        return Counter(status for status, _ in readers.map(served.get, paths))


def rounds_at(served: Site) -> int:
    """How many rounds the public is told of."""
    return json.loads(served.get("/api/v1/rounds/")[1])["count"]


def rounds_of(server: Postgres) -> int:
    told = "SELECT count(DISTINCT uid) FROM tradeinit_publication WHERE resource = 'rounds'"
    gone = "SELECT uid FROM tradeinit_publication WHERE action = 'withdrawn'"
    return server.ask(f"{told} AND at <= now() AND uid NOT IN ({gone})")


def more_reads(servers: list[Postgres], before: list[int]) -> list[int]:
    return [reads_of(server) - was for server, was in zip(servers, before, strict=True)]


def reads_of(server: Postgres) -> int:
    return server.ask(READS) or 0


def test_readers_without_a_cookie_are_answered_by_the_replicas(
    servers: list[Postgres], served: Site, trust: Trust
) -> None:
    _, *copies = servers
    before = [reads_of(server) for server in servers]

    assert read(served, 60) == {200: 60}

    eventually(
        lambda: all(reads_of(copy) > was for copy, was in zip(copies, before[1:], strict=True))
    )
    by_primary, *by_copies = more_reads(servers, before)
    assert by_primary < sum(by_copies)
    share = sum(by_copies) / (by_primary + sum(by_copies))
    trust(17, f"both well: {share:.0%} of the reading done by the replicas", "postgresql")


def test_with_replicas_the_primary_has_its_processor_for_itself(
    servers: list[Postgres], served: Site, tmp_path: Path, trust: Trust
) -> None:
    """What it spends on readers, with replicas and without, by turns."""
    first = servers[0]
    with site(tmp_path, DATABASE_URL=first.url) as alone:
        pairs = [(spent(first, alone), spent(first, served)) for _ in range(3)]

    without, with_them = (sum(found) for found in zip(*pairs, strict=True))
    assert without >= 5 * with_them
    trust(
        24,
        f"two replicas: the primary spends {without:.1f} s of its processor on {3 * ASKED:,} "
        f"questions without them, {with_them:.1f} s with them",
        "postgresql",
    )


def spent(server: Postgres, served: Site) -> float:
    """Of the server's processor on so many questions, each of them another."""
    begun = server.seconds()
    for _ in range(ASKED):
        assert served.get(f"/api/v1/rounds/?q=round+{uuid4().hex[:12]}")[0] == 200
    return server.seconds() - begun


def test_a_killed_replica_fails_no_reader(
    servers: list[Postgres], served: Site, trust: Trust
) -> None:
    read(served, 20)
    with ThreadPoolExecutor(1) as other:
        reading = other.submit(read, served, 500)
        time.sleep(1)
        servers[1].kill()

        assert reading.result() == {200: 500}
    trust(17, "one killed: 500 answers, 0 failed", "postgresql")


def test_a_frozen_replica_holds_no_reader_for_long(
    servers: list[Postgres], served: Site, trust: Trust
) -> None:
    read(served, 20)
    servers[1].freeze()
    begun = time.monotonic()

    assert read(served, 200) == {200: 200}

    seconds = time.monotonic() - begun
    trust(17, f"one frozen: 200 answers in {seconds:.0f} s, 0 failed", "postgresql")


def test_a_replica_that_fell_behind_is_not_asked(
    servers: list[Postgres], served: Site, trust: Trust
) -> None:
    first, *copies = servers
    read(served, 20)
    for copy in copies:
        copy.ask("SELECT pg_wal_replay_pause()")
    try:
        served.manage("make_world", "-v0", "--scale=0.05", "--seed=7")
        behind = [copy.has_reached(first) for copy in copies]
        in_time = time.monotonic() + 2
        known = eventually(lambda: rounds_at(served) == rounds_of(first), seconds=3)
        assert behind == [False, False] and known and time.monotonic() < in_time
        assert {rounds_at(served) for _ in range(100)} == {rounds_of(first)}
        assert read(served, 100) == {200: 100}
    finally:
        for copy in copies:
            copy.ask("SELECT pg_wal_replay_resume()")
    trust(17, "both behind: 200 answers, 0 failed, 0 without what was published", "postgresql")


def test_staff_see_their_own_save_while_the_replicas_are_behind(
    servers: list[Postgres], served: Site, trust: Trust
) -> None:
    clerk = Clerk(served.port)
    form = clerk.form(ADD)
    for copy in servers[1:]:
        copy.ask("SELECT pg_wal_replay_pause()")
    try:
        for number in range(50):
            name = f"Saved {number}"
            entries = {"name": name, "sort_name": name, "slug": f"saved-{number}"}
            assert clerk.post(ADD, form | entries).status == 302
            assert name in clerk.get(f"/admin/rounds/person/?q=saved-{number}").body
    finally:
        for copy in servers[1:]:
            copy.ask("SELECT pg_wal_replay_resume()")
    trust(17, "both behind: 50 saves of staff, each seen at once by who saved it", "postgresql")


def test_readers_are_answered_while_the_primary_is_away(
    servers: list[Postgres], served: Site, trust: Trust
) -> None:
    read(served, 20)
    servers[0].kill()

    assert read(served, 200) == {200: 200}
    trust(17, "the primary killed: 200 answers, 0 failed", "postgresql")
