"""What the lists and the forms of the desk cost an editor."""

import re
from collections.abc import Iterator

from tests.benchmarks import worlds
from tests.benchmarks.report import Figure
from tests.benchmarks.servers import Server

LIST = re.compile(r'href="(/admin/(?:mandates|rounds)/[a-z]+/)"')
MILLISECONDS, QUERIES = 300, 15


def figures(server: Server, world: str) -> Iterator[Figure]:
    """Of every list with its first form and its blank one: the slowest, and the most asked of."""
    cookie = worlds.in_django(world, "signed_in()").strip()
    costs, asked = {}, {}
    for address in _pages(server, cookie):
        # What a worker works out once is no part of it.
        (_spent, _count), (costs[address], asked[address]) = (
            _cost(server, address, cookie) for _ in range(2)
        )
    for told, most, unit in ((costs, MILLISECONDS, "ms"), (asked, QUERIES, "queries")):
        worst = max(told, key=lambda address: told[address])
        yield Figure(
            f"{len(told)} lists and forms of the desk",
            f"the most: {worst}",
            told[worst],
            most,
            unit,
        )


def _pages(server: Server, cookie: str) -> Iterator[str]:
    for address in sorted(set(LIST.findall(_page(server, "/admin/", cookie)[0]))):
        yield address
        page = _page(server, address, cookie)[0]
        yield from re.findall(rf'href="({address}\d+/change/)', page)[:1]
        yield from re.findall(rf'href="({address}add/)', page)[:1]


def _cost(server: Server, address: str, cookie: str) -> tuple[float, float]:
    """Milliseconds of CPU, the database's own included, and questions to it."""
    begun = server.seconds()
    _body, timing = _page(server, address, cookie)
    spent = server.seconds() - begun
    return 1000 * spent, float(timing.split('desc="')[1].split(" ")[0])


def _page(server: Server, address: str, cookie: str) -> tuple[str, str]:
    status, headers, body = server.get(address, Cookie=cookie)
    assert status == 200, f"{address}: {status}"
    return body.decode(), headers["Server-Timing"]
