"""What happened in a case, in the order of its days: one line of time for everything dated."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any

from mandates.models import Document, Statement

# Texts of the case itself; who reports on it stands among the sources.
TEXTS = {
    Document.Kind.MANDATE,
    Document.Kind.JOINT_STATEMENT,
    Document.Kind.TEXTUAL_PROPOSAL,
    Document.Kind.TEXT_SUMMARY,
    Document.Kind.CONSOLIDATED_TEXT,
    Document.Kind.AGREEMENT_TEXT,
    Document.Kind.LEGISLATION,
}
# Of one day: who met, what was said there, on which text, and what was promised.
ORDER = ("meeting", "statement", "status", "document", "promise")
# The latest years stand open, as many as fill no more than this many entries.
OPEN_ENTRIES = 100


@dataclass
class Entry:
    kind: str
    day: date
    record: Any
    # The chapters of which the same was said on the same day by the same side.
    chapters: list[Any] = field(default_factory=list)


@dataclass
class Year:
    number: int
    entries: list[Entry]
    # Folded to a line in a case of many years, until a reader opens it.
    folded: bool = False


def timeline(
    statements: Iterable[Statement],
    meetings: Iterable[Any],
    documents: Iterable[Document],
    promises: Iterable[Any],
) -> list[Year]:
    """The earliest first. What has no day stands in its own list on the page."""
    entries = [*_said(statements)]
    entries += [Entry("meeting", met.start, met) for met in meetings if met.start]
    entries += [
        Entry("document", text.dated, text)
        for text in documents
        if text.dated and text.kind in TEXTS
    ]
    entries += [
        Entry("promise", promise.made_on, promise) for promise in promises if promise.made_on
    ]
    entries.sort(key=lambda entry: (entry.day, ORDER.index(entry.kind), entry.record.pk))
    by_year = groupby(entries, key=lambda entry: entry.day.year)
    years = [Year(number, list(found)) for number, found in by_year]
    room = OPEN_ENTRIES
    for year in reversed(years):
        room -= len(year.entries)
        year.folded = room < 0 and year is not years[-1]
    return years


def _said(statements: Iterable[Statement]) -> list[Entry]:
    """What was said of chapters on one day stands together."""
    entries, alike = [], defaultdict(list)
    for said in statements:
        if said.chapter_id:
            alike[said.effective_on, said.value, said.claimed_by_id].append(said)
        else:
            entries.append(Entry("statement", said.effective_on, said))
    for (day, _value, _claimant), found in alike.items():
        entries.append(Entry("status", day, found[0], [one.chapter for one in found]))
    return entries
