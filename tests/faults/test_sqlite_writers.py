"""On SQLite one writes at a time: the others wait, not for long, and none is turned away."""

import json
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median

import pytest

from tests.faults.servers import site

pytestmark = pytest.mark.full

WRITERS, READERS, SECONDS = 8, 2, 300
PAGES = ["/", "/rounds/", "/api/v1/rounds/", "/people/", "/api/v1/changes/"]
# As an import or a form writes: a record with its history, in a writing of its own.
WRITES = """
import json, time
from rounds.models import Person
from tradeinit.publication.gate import writing
took, end = [], time.monotonic() + {seconds}
while time.monotonic() < end:
    name = f"writer-{number}-{{len(took)}}"
    begun = time.monotonic()
    with writing():
        Person(name=name, sort_name=name, slug=name).save()
    took.append(time.monotonic() - begun)
    time.sleep(0.02)
print(json.dumps(took))
"""


def test_eight_writers_and_two_readers_lock_nobody_out(
    tmp_path: Path, trust: Callable[..., None]
) -> None:
    url = f"sqlite:///{tmp_path}/record.sqlite3"
    with site(tmp_path, DATABASE_URL=url) as served:
        served.manage("migrate", "-v0")
        served.manage("make_world", "-v0", "--scale=0.1")

        def write(number: int) -> list[float]:
            """How many seconds each writing took; one that was turned away ends it all."""
            command = WRITES.format(number=number, seconds=SECONDS)
            return json.loads(served.manage("shell", "--no-imports", "--command", command))

        def read(first: int) -> Counter:
            found: Counter = Counter()
            end = time.monotonic() + SECONDS
            while time.monotonic() < end:
                found[served.get(PAGES[(first + found.total()) % len(PAGES)])[0]] += 1
            return found

        with ThreadPoolExecutor(WRITERS + READERS) as pool:
            writers = [pool.submit(write, number) for number in range(WRITERS)]
            readers = [pool.submit(read, number) for number in range(READERS)]
            took = [seconds for writer in writers for seconds in writer.result()]
            read_by = sum((reader.result() for reader in readers), Counter())

        assert set(read_by) == {200}
        assert "The log says what the rows say" in served.manage("verify_record")
        assert max(took) <= 1
        trust(
            21,
            f"{len(took):,} writings and {read_by.total():,} answers in {SECONDS} s: 0 turned "
            f"away; a writing took {median(took):.2f} s (median), {max(took):.2f} s at the most",
            "sqlite",
        )
