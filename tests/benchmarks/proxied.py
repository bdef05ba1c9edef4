"""Behind nginx with the rules that are shipped: as fast as a file, and an embargo to the second."""

import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from itertools import repeat

from tests.benchmarks import servers, worlds
from tests.benchmarks.measuring import Asker, asked_in_turns
from tests.benchmarks.report import Figure
from tests.benchmarks.servers import Server
from tests.faults.servers import Nginx
from tests.services import free_port

PAGE, EMBARGOED = "/rounds/", "/parties/embargoed/"
FILES = """
server {{
    listen 127.0.0.1:{port};
    root {place}/files;
    access_log {place}/files.jsonl tradeinit;
}}
"""
# Of CPU: nginx answers thousands of times in a second.
SECONDS = 0.3
# What is done before an embargo lifts takes so long.
SOON = timedelta(seconds=12)


class Proxied:
    """nginx before a site with the smallest world, and beside a file as long as a page."""

    def __init__(self, stack: ExitStack) -> None:
        self.place = worlds.PLACE / "nginx"
        shutil.rmtree(self.place, ignore_errors=True)
        (self.place / "files").mkdir(parents=True)
        # A copy, since something is written into it.
        world = shutil.copy(worlds.database(1), self.place / "world.sqlite3")
        self.database = worlds.url(world)
        self.site: Server = stack.enter_context(servers.project("proxied", self.database))
        (self.place / "files/page").write_bytes(self.site.get(PAGE)[2])
        port = free_port()
        nginx = Nginx(self.place, self.site.port, beside=FILES.format(port=port, place=self.place))
        stack.callback(nginx.server.kill)
        self.proxy = Server("nginx", nginx.server.process, nginx.port, self.site)
        self.files = Server("files", nginx.server.process, port)

    def speed(self, turns: int) -> Iterator[Figure]:
        askers = {
            "project": Asker(self.proxy, repeat(PAGE)),
            "file": Asker(self.files, repeat("/page")),
        }
        rates = asked_in_turns(askers, turns, SECONDS)
        middle, least, greatest = rates.ratio("project", "file")
        yield Figure(
            "A page behind nginx", "a file as long", middle, 0.9, "x", least, greatest,
            rates.milliseconds("project"), rates.milliseconds("file"), "SQLite",
        )  # fmt: skip

    def embargo(self) -> list[Figure]:
        """Takes more than a minute: an embargo lifts at a whole minute."""
        lifts = (datetime.now(UTC) + SOON + timedelta(minutes=1)).replace(second=0, microsecond=0)
        worlds.in_django(self.database, f"make_embargoed({lifts.isoformat()!r})")
        early, late = 0, 0.0
        time.sleep(max(0, lifts.timestamp() - 2 - time.time()))
        while (asked := time.time() - lifts.timestamp()) < 3:
            shown = self.proxy.get(EMBARGOED)[0] == 200
            early += shown and time.time() < lifts.timestamp()
            if not shown:
                late = max(late, asked)
        work = "An embargoed page behind nginx"
        return [
            Figure(f"{work}, told early", "", early, 0, "answers", database="SQLite"),
            Figure(f"{work}, told late", "", late, 1, "s", database="SQLite"),
        ]
