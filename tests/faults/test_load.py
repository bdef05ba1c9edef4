"""Under load for minutes nobody is turned away or kept waiting, and memory stays what it was.

Clients, site and PostgreSQL share one machine. Each client asks twenty questions over and over:
14 lists, 4 records and a filter, and then saves.
"""

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from statistics import median

import pytest

from tests.faults.desk import ADD, Clerk, employ
from tests.faults.servers import Site, children, primary, site

pytestmark = pytest.mark.full

Trust = Callable[..., None]
# Five minutes, after two in which each worker fills what it keeps of answers and rows.
CLIENTS, SECONDS, WARM_UP = 4, 420, 120
ROUNDS = 100_000
FILL = f"from tests.faults.filling import add_rounds; add_rounds({ROUNDS})"
TURN = ["list"] * 14 + ["record"] * 4 + ["filter", "save"]
LISTS = ["rounds", "initiatives", "chapters", "documents", "people", "statements", "changes"]
FILTERS = ["/rounds/?state=held", "/search/?q=goods", "/rounds/?q=second", "/documents/?q=text",
           "/api/v1/rounds/?state=held&page_size=20"]  # fmt: skip


def test_seven_minutes_of_reading_and_saving(tmp_path: Path, trust: Trust) -> None:
    with primary() as server, site(tmp_path, DATABASE_URL=server.url) as served:
        served.manage("migrate", "-v0")
        served.manage("make_world", "-v0", "--scale=1")
        served.manage("shell", "-v0", "-c", FILL)
        server.ask("ANALYZE")
        employ(served)
        slugs = server.ask(
            "SELECT string_agg(slug, ' ') FROM rounds_round"
            " WHERE public_from < now() AND withdrawn_at IS NULL"
        ).split()
        rounds = server.ask("SELECT count(*) FROM rounds_round")
        assert rounds >= ROUNDS
        began = time.monotonic()

        def work(number: int) -> list[tuple[str, int, float]]:
            return list(client(served, number, slugs, until=began + SECONDS))

        with ThreadPoolExecutor(CLIENTS) as clients:
            working = [clients.submit(work, number) for number in range(CLIENTS)]
            time.sleep(WARM_UP)
            before = memory(served)
            answers = [answer for one in working for answer in one.result()]
            after = memory(served)

    statuses = Counter(status for _, status, _ in answers)
    took = sorted(seconds for _, _, seconds in answers)
    slow = took[int(len(took) * 0.99)]
    saves = sum(kind == "save" for kind, _, _ in answers)
    # A record may be withdrawn with its case, or its case not be public.
    assert set(statuses) <= {200, 302, 404, 410}
    assert statuses[404] + statuses[410] < statuses.total() / 10
    assert slow <= 1
    assert after <= before * 1.05
    trust(
        24,
        f"{len(answers):,} answers, {saves} of them saves, in {SECONDS} s over {rounds:,} rounds: "
        f"0 errors, median {median(took) * 1000:.0f} ms, 99% within {slow * 1000:.0f} ms, memory "
        f"{before:.0f} MB after {WARM_UP} s and {after:.0f} MB at the end",
        "postgresql",
    )


def client(
    served: Site, number: int, slugs: list[str], until: float
) -> Iterator[tuple[str, int, float]]:
    clerk, chance, count = Clerk(served.port), random.Random(number), 0
    form = clerk.form(ADD)
    while time.monotonic() < until:
        for kind in chance.sample(TURN, len(TURN)):
            count += 1
            begun = time.monotonic()
            if kind == "save":
                name = f"Person {number} {count}"
                entries = {"name": name, "sort_name": name, "slug": f"person-{number}-{count}"}
                status = clerk.post(ADD, form | entries).status
            elif kind == "record":
                status, _ = served.get(f"/rounds/{chance.choice(slugs)}/")
            elif kind == "filter":
                status, _ = served.get(chance.choice(FILTERS))
            else:
                prefix = chance.choice(["", "/api/v1"])
                status, _ = served.get(f"{prefix}/{chance.choice(LISTS)}/")
            yield kind, status, time.monotonic() - begun


def memory(served: Site) -> float:
    """What the workers hold, in megabytes; what they share is counted once."""
    found = 0
    for worker in children(served.server.process.pid):
        for line in Path(f"/proc/{worker}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                found += int(line.split()[1])
    return found / 1024


def test_a_second_process_reads_more(tmp_path: Path, trust: Trust) -> None:
    with ExitStack() as stack:
        server = stack.enter_context(primary())
        one, two = (
            stack.enter_context(
                site(tmp_path, DATABASE_URL=server.url, WORKERS=workers, THREADS="1")
            )
            for workers in ("1", "2")
        )
        one.manage("migrate", "-v0")
        one.manage("make_world", "-v0", "--scale=0.1")
        pairs = [(answers_a_second(one), answers_a_second(two)) for _ in range(5)]

    ratio = median(by_two / by_one for by_one, by_two in pairs)
    assert ratio >= 1.2
    trust(
        24, f"a second process on two cores: {ratio:.1f} times the answers a second", "postgresql"
    )


def answers_a_second(served: Site, seconds: float = 5) -> float:
    """Each question another one, so that no answer is kept from before."""
    end = time.monotonic() + seconds

    def read(_: int) -> int:
        count = 0
        while time.monotonic() < end:
            count += 1
            assert served.get(f"/api/v1/rounds/?q=round+{random.randrange(10**9)}")[0] == 200
        return count

    with ThreadPoolExecutor(4) as readers:
        return sum(readers.map(read, range(4))) / seconds
