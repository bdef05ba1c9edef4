"""The writing that is open in this context, and what is refused outside one."""

from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tradeinit.publication.gate import Writing

open_writing: ContextVar["Writing | None"] = ContextVar("open_writing", default=None)


class PastTheGate(RuntimeError):
    """A write was tried that the log and the history would not have seen."""


class Conflict(Exception):
    """The row has changed since the writer read it; nothing was written.

    ``stored`` is the row as it stands (None if it was deleted), ``offered`` the refused one.
    """

    def __init__(self, stored: Any, offered: Any) -> None:
        super().__init__(f"{offered!r} was changed by somebody else.")
        self.stored, self.offered = stored, offered


def gate() -> "Writing":
    """The open writing; raises PastTheGate where there is none."""
    writing = open_writing.get()
    if writing is None:
        raise PastTheGate("Records are written inside publication.gate.writing().")
    return writing
