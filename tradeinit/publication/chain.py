"""The chain of the log: one checksum for all that the public was ever told, up to an entry.

It is worked out from the digests alone, by the server and by a mirror alike, and stored nowhere:
sha256 of the checksum so far and of the next digest, both in hexadecimal, begun with nothing.
"""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import QuerySet

from tradeinit import clock
from tradeinit.publication.models import Publication

# An entry may be seen a moment after its instant: what is older than this is complete.
SETTLED = timedelta(minutes=1)


@dataclass(frozen=True)
class State:
    """How many entries there are up to the last of them, and their checksum."""

    last: Publication | None
    entries: int
    checksum: str


def linked(checksum: str, digest: str) -> str:
    return hashlib.sha256((checksum + digest).encode()).hexdigest()


def settled() -> QuerySet[Publication]:
    return Publication.objects.sealed().filter(at__lt=clock.now() - SETTLED)


def state_of(told: QuerySet[Publication]) -> State:
    """Of these entries, which are all up to some one."""
    checksum, count, last = "", 0, None
    for entry in told.in_order().defer("body", "reason").iterator(chunk_size=5_000):  # type: ignore[attr-defined]
        checksum, count, last = linked(checksum, entry.digest), count + 1, entry
    return State(last, count, checksum)
