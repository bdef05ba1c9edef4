"""What each page and each endpoint may cost, declared beside its listing.

Tests and `make bench` hold them.
"""

from typing import NamedTuple


class Budget(NamedTuple):
    """At most so much for one answer.

    The queries are as many with one row as with three. In each the log's tip is one: no answer
    without its validators. A page asks one for each kind of choice of its form; "expanded" is the
    API with all that it can embed. A record's page shows all that belongs to it; one for each kind
    of thing. The changes expanded ask which of them are the last word on their record; only those
    embed it.

    Kilobytes, as they are before they are packed, and milliseconds of the processor are those of a
    full page and of a file of all rows, in a world of two hundred rounds (scale 1).
    """

    queries: int
    kilobytes: int
    milliseconds: int
