"""The two clocks a reader may set: what was true on a day, and what was known by a day.

Both are filters over today's rows. What this site said at an instant is another question; the
versions of each record and the log of changes answer it.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from tradeinit import clock


@dataclass(frozen=True)
class Clocks:
    """``on``: what was true on that day. ``known``: what the record could say by that day."""

    on: date | None = None
    known: date | None = None

    def __bool__(self) -> bool:
        return self.on is not None or self.known is not None

    @property
    def on_day(self) -> date:
        return self.on or clock.today()

    @property
    def known_day(self) -> date:
        return self.known or clock.today()

    @property
    def as_query(self) -> str:
        """What a link needs so that the page behind it shows the same day; empty for today."""
        set_days = {"on": self.on, "known": self.known}
        return urlencode({word: day for word, day in set_days.items() if day})

    def over(self, queryset: Any) -> Any:
        """The public rows of a queryset as these clocks show them."""
        if self.on:
            queryset = queryset.true_on(self.on)
        if self.known:
            queryset = queryset.known_by(self.known)
        return queryset


TODAY = Clocks()
