"""Which replica may answer now.

A replica may answer if it has replayed all that the primary had written at most a second ago.
Asking for the age of the last transaction instead would call every replica late while nobody
writes, and a cut-off one early. While the primary is away, what it last said is what counts.
"""

import logging
from dataclasses import dataclass, field
from itertools import count
from threading import Lock
from time import monotonic

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connections

from tradeinit.replicas.reading import PRIMARY

logger = logging.getLogger(__name__)

# So long what was learnt holds, of the primary's position and of a replica that had not reached it.
A_SECOND, A_MOMENT = 1.0, 0.25
# A replica that failed is left alone for so long, doubled with every failure in a row.
FIRST_REST, LONGEST_REST = 1.0, 30.0

POSITION = "SELECT CASE WHEN pg_is_in_recovery() THEN NULL ELSE pg_current_wal_lsn()::text END"
HAS_REACHED = "SELECT pg_is_in_recovery() AND pg_last_wal_replay_lsn() >= %s::pg_lsn"


@dataclass
class Breaker:
    """Open for a while after each failure; nothing is asked of the replica meanwhile."""

    failures: int = 0
    closed_from: float = 0.0
    reached: str = ""

    def trip(self) -> None:
        rest = min(FIRST_REST * 2**self.failures, LONGEST_REST)
        self.failures += 1
        self.closed_from, self.reached = monotonic() + rest, ""


@dataclass
class Health:
    """What this process knows of the primary and of each replica."""

    breakers: dict[str, Breaker]
    position: str = ""
    learnt: float = float("-inf")
    turns: count = field(default_factory=count)
    lock: Lock = field(default_factory=Lock)

    def choose(self) -> str | None:
        """The next replica in turn that may answer; None where none may."""
        position = self._position()
        if not position:
            return None
        names, turn = list(self.breakers), next(self.turns)
        for step in range(len(names)):
            name = names[(turn + step) % len(names)]
            if self._may_answer(name, position):
                return name
        return None

    def trip(self, name: str) -> None:
        self.breakers[name].trip()
        logger.warning("replica %s did not answer; it rests", name)

    def _may_answer(self, name: str, position: str) -> bool:
        breaker = self.breakers[name]
        if breaker.reached == position:
            return True
        if monotonic() < breaker.closed_from:
            return False
        try:
            with connections[name].cursor() as cursor:
                cursor.execute(HAS_REACHED, [position])
                (reached,) = cursor.fetchone()
        except (DatabaseError, InterfaceError):
            self.trip(name)
            return False
        breaker.failures = 0
        if reached:
            breaker.reached = position
        else:
            breaker.closed_from = monotonic() + A_MOMENT
        return bool(reached)

    def _position(self) -> str:
        """Where the primary's log stood at most a second ago, as one thread asks it."""
        if monotonic() - self.learnt < A_SECOND:
            return self.position
        if not self.lock.acquire(blocking=not self.position):
            return self.position
        try:
            with connections[PRIMARY].cursor() as cursor:
                cursor.execute(POSITION)
                (found,) = cursor.fetchone()
            self.position = found or self.position
        except (DatabaseError, InterfaceError):
            logger.warning("the primary did not answer; replicas answer for it")
            connections[PRIMARY].close()
        finally:
            self.learnt = monotonic()
            self.lock.release()
        return self.position


health = Health({name: Breaker() for name in settings.REPLICAS})
