"""The shared cache may die at any time: no reader is told, and hardly one notices."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median

import pytest
import redis

from tests.faults.servers import Process, Site, eventually, program, site
from tests.services import free_port

pytestmark = pytest.mark.full

PAGES = ["/", "/rounds/", "/api/v1/rounds/", "/initiatives/", "/documents/", "/api/v1/changes/"]
# More than a worker answers again from its own memory: most are asked of the cache.
QUESTIONS = [f"{page}?{'&' * times}" for times in range(40) for page in PAGES]
READERS, SECONDS, TURNS = 4, 3, 3


class Cache:
    """A Redis that never writes to the disk."""

    def __init__(self, place: Path) -> None:
        self.port = free_port()
        self.asked = redis.Redis(port=self.port, socket_timeout=1)
        self.server = Process(
            [program("redis-server", "redis-server"), "--port", self.port, "--save", ""],
            place / "redis.log",
            cwd=place,
        )
        eventually(self.answers)

    def answers(self) -> bool:
        try:
            return bool(self.asked.ping())
        except redis.RedisError:
            return False

    def fill(self) -> None:
        """From now on it takes nothing in."""
        self.asked.config_set("maxmemory-policy", "noeviction")
        self.asked.config_set("maxmemory", 1)

    def empty(self) -> None:
        self.asked.config_set("maxmemory", 0)


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cache]:
    cache = Cache(tmp_path_factory.mktemp("cache"))
    yield cache
    cache.asked.close()
    cache.server.kill()


@pytest.fixture(scope="module")
def served(cache: Cache, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    place = tmp_path_factory.mktemp("site")
    shared = f"redis://127.0.0.1:{cache.port}/0"
    with site(place, DATABASE_URL=f"sqlite:///{place}/record.sqlite3", CACHE_URL=shared) as served:
        served.manage("migrate", "-v0")
        served.manage("make_world", "-v0", "--scale=0.1")
        yield served


FAULTS: dict[str, tuple[Callable[[Cache], None], Callable[[Cache], None]]] = {
    "killed": (lambda cache: cache.server.kill(), lambda cache: cache.server.start()),
    "frozen": (lambda cache: cache.server.freeze(), lambda cache: cache.server.thaw()),
    "full": (Cache.fill, Cache.empty),
}


def test_a_cache_that_is_killed_frozen_or_full_costs_no_answer_and_little_time(
    cache: Cache, served: Site, trust: Callable[..., None]
) -> None:
    told = []
    for fault, (begin, end) in FAULTS.items():
        well, ill = [], []
        for _ in range(TURNS):
            eventually(cache.answers)
            well.append(answers_a_second(served))
            begin(cache)
            ill.append(answers_a_second(served))
            end(cache)
        share = median(ill) / median(well)
        assert share >= 0.5, f"{fault}: {ill} answers a second, else {well}"
        told.append(f"{fault}: {share:.0%} of the throughput")

    assert cache.asked.dbsize() > 0
    trust(16, f"{', '.join(told)}; 0 answers 5xx")


def answers_a_second(served: Site) -> float:
    """As four readers get them; each must be right."""
    end = time.monotonic() + SECONDS

    def read(first: int) -> Counter:
        found: Counter = Counter()
        while time.monotonic() < end:
            found[served.get(QUESTIONS[(first + found.total()) % len(QUESTIONS)])[0]] += 1
        return found

    with ThreadPoolExecutor(READERS) as readers:
        found = sum(readers.map(read, range(READERS)), Counter())
    assert set(found) == {200}
    return found.total() / SECONDS
