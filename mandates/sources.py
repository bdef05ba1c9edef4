"""The sources of one page, numbered in the order in which the page cites them."""

from dataclasses import dataclass, field
from typing import Any

from mandates.models import Citation, Document


@dataclass
class Passage:
    number: int
    locator: str
    # What it states of which fact, where that differs from the record: (fact, value).
    values: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class Cited:
    document: Document
    passages: dict[str, Passage] = field(default_factory=dict)


@dataclass
class SourceList:
    documents: dict[Any, Cited] = field(default_factory=dict)
    _count: int = 0

    def marks(self, record: Any, fact: str = "") -> list[dict[str, Any]]:
        """The numbers to set behind a fact; with no fact named, those of the record as a whole.

        Citations of a field without a mark of its own on the page count for the whole record.
        """
        marks = []
        for citation in record.citations.all():
            if citation.field == fact:
                passage = self._passage(citation)
                marks.append({"number": passage.number, "short": short(citation)})
        return sorted(marks, key=lambda mark: mark["number"])

    def _passage(self, citation: Citation) -> Passage:
        document = citation.document
        cited = self.documents.setdefault(document.pk, Cited(document))
        passage = cited.passages.get(citation.locator)
        if passage is None:
            self._count += 1
            passage = Passage(self._count, citation.locator)
            cited.passages[citation.locator] = passage
        if citation.value and (citation.field, citation.value) not in passage.values:
            passage.values.append((citation.field, citation.value))
        return passage


def short(citation: Citation) -> str:
    """``USTR, 4 January 2023, paragraph 1``."""
    document = citation.document
    publisher = document.publisher.short_name if document.publisher else ""
    dated = f"{document.dated:%-d %B %Y}" if document.dated else ""
    return ", ".join(part for part in (publisher, dated, citation.locator) if part) or str(document)
