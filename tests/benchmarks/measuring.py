"""Rates, measured in turns: what disturbs one server disturbs those beside it as well."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from statistics import median
from typing import Any

from tests.benchmarks.servers import Server

# On a machine that others use a turn ends early: it takes at most so many times as long.
PATIENCE = 10
# So often a connection to PostgreSQL asks before it keeps the plan of a question. It lives for
# minutes; a short turn is hardly longer than that.
WARM_UP = 3


@dataclass
class Asker:
    """A server with the addresses that are asked of it, one after the other."""

    server: Server
    addresses: Iterator[str]
    headers: dict[str, str] = field(default_factory=dict)
    status: int = 200

    def ask(self) -> bytes:
        address = next(self.addresses)
        status, _headers, body = self.server.get(address, **self.headers)
        assert status == self.status, f"{self.server.name} {address}: {status} {body[:200]!r}"
        return body

    def rate(self, seconds: float) -> float:
        """Requests for each second of the server's CPU; enough of them to last so long."""
        begun, asked, spent = self.server.seconds(), 0, 0.0
        end = time.monotonic() + PATIENCE * seconds
        while not spent or (spent < seconds and time.monotonic() < end):
            for _ in range(max(1, asked // 4)):
                self.ask()
            asked += max(1, asked // 4)
            spent = self.server.seconds() - begun
        return asked / spent


@dataclass
class Rates:
    """What each was measured at in each turn."""

    of: dict[str, list[float]]

    def milliseconds(self, name: str) -> float:
        return 1000 / median(self.of[name])

    def ratio(self, ours: str, theirs: str) -> tuple[float, float, float]:
        """The median of the ratios of all turns, with the least and the greatest."""
        pairs = zip(self.of[ours], self.of[theirs], strict=True)
        found = sorted(one / other for one, other in pairs)
        return median(found), found[0], found[-1]


def in_turns(measures: dict[str, Callable[[], float]], turns: int) -> Rates:
    rates: dict[str, list[float]] = {name: [] for name in measures}
    for turn in range(turns):
        # Nobody is always the first.
        names = list(measures)
        for name in chain(names[turn % len(names) :], names[: turn % len(names)]):
            rates[name].append(measures[name]())
    return Rates(rates)


def asked_in_turns(askers: dict[str, Asker], turns: int, seconds: float) -> Rates:
    for asker in askers.values():
        for _ in range(WARM_UP):
            asker.ask()
    measures: dict[str, Any] = {
        name: lambda asker=asker: asker.rate(seconds) for name, asker in askers.items()
    }
    return in_turns(measures, turns)
