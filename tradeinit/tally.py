"""How often whom: counts in a small file that all processes of a machine share.

Each worker would else count for itself. Nothing is written down but hashes and numbers, and what
belongs to a window that is over is overwritten.
"""

import fcntl
import hashlib
import mmap
import os
import struct
from pathlib import Path
from threading import Lock


class Tally:
    """A table of counts in a file: a hash of whom, in which window, how often."""

    SLOTS, NEAR = 65_536, 8
    SLOT = struct.Struct("<QII")

    def __init__(self, path: Path) -> None:
        size = self.SLOTS * self.SLOT.size
        self.file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        os.ftruncate(self.file, size)
        self.table = mmap.mmap(self.file, size)
        # The lock of the file keeps processes apart, but not the threads of one.
        self.lock = Lock()

    def count(self, whom: str, window: int) -> int:
        """One more of this address in this window; how many that makes."""
        hashed = hashlib.blake2b(whom.encode(), digest_size=8).digest()
        (key,) = struct.unpack("<Q", hashed)
        window &= 0xFFFFFFFF
        with self.lock:
            fcntl.lockf(self.file, fcntl.LOCK_EX)
            try:
                return self._counted(key, window)
            finally:
                fcntl.lockf(self.file, fcntl.LOCK_UN)

    def _counted(self, key: int, window: int) -> int:
        first = key % self.SLOTS
        near = [((first + step) % self.SLOTS) * self.SLOT.size for step in range(self.NEAR)]
        slots = {place: self.SLOT.unpack_from(self.table, place) for place in near}
        for place, (who, when, count) in slots.items():
            if (who, when) == (key, window):
                self.SLOT.pack_into(self.table, place, key, window, count + 1)
                return count + 1
        # A place whose window is over, else that of whoever asked least.
        free = min(near, key=lambda place: (slots[place][1] == window, slots[place][2]))
        self.SLOT.pack_into(self.table, free, key, window, 1)
        return 1
