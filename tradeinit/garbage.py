"""Python's search for cycles, where rows are made by the thousand."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

FEWER_LOOKS = 50_000


@contextmanager
def seldom_looked_for() -> Iterator[None]:
    """Rows are many and hold no cycles: looking for some takes a fifth more time."""
    usual = gc.get_threshold()
    gc.set_threshold(FEWER_LOOKS)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
