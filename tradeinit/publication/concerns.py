"""What a publisher should know of a record before it is cleared."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Concern:
    """One thing to mend, or to have seen. What ``stops`` cannot be waved through."""

    words: Any
    stops: bool = False
