"""The sources of one page, numbered in the order in which the page cites them."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils.text import capfirst
from django.utils.translation import pgettext

from mandates.models import Citation, Document
from tradeinit import days
from tradeinit.clocks import TODAY, Clocks
from tradeinit.languages import listed
from tradeinit.told import fact_name


@dataclass(frozen=True)
class Mark:
    """The number behind a fact. ``value`` is what the passage says, where it says it otherwise."""

    number: int
    short: str
    value: str = ""


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
    _marked: set[Any] = field(default_factory=set)

    def marks(self, record: Any, *facts: str) -> list[Mark]:
        """The marks to set behind a fact; ``""`` names the record as a whole."""
        return self._mark(found for found in record.cited_passages if found.field in facts)

    def remaining(self, record: Any) -> list[tuple[str, list[Mark]]]:
        """The facts of a record that have no mark on the page so far, each with its marks."""
        left: dict[str, list[Citation]] = defaultdict(list)
        for citation in record.cited_passages:
            if citation.pk not in self._marked:
                left[citation.field].append(citation)
        return [
            (fact_name(type(record), fact), self._mark(iter(found))) for fact, found in left.items()
        ]

    def mark(self, citation: Citation) -> Mark:
        """The mark of one passage."""
        return self._mark(iter([citation]))[0]

    def _mark(self, citations: Iterator[Citation]) -> list[Mark]:
        marks = {}
        for citation in citations:
            self._marked.add(citation.pk)
            passage = self._passage(citation)
            marks[passage.number, citation.value] = Mark(
                passage.number, short(citation), citation.value
            )
        return sorted(marks.values(), key=lambda mark: mark.number)

    def _passage(self, citation: Citation) -> Passage:
        document = citation.document
        cited = self.documents.setdefault(document.pk, Cited(document))
        passage = cited.passages.get(citation.locator)
        if passage is None:
            self._count += 1
            passage = Passage(self._count, citation.locator)
            cited.passages[citation.locator] = passage
        if citation.value:
            model = citation.record_type.model_class()
            said = (fact_name(model, citation.field), citation.value)
            if said not in passage.values:
                passage.values.append(said)
        return passage


def short(citation: Citation) -> str:
    """``USTR, 4 January 2023, paragraph 1``."""
    document = citation.document
    if not document.is_public:
        return citation.locator
    publisher = document.publisher
    parts = (
        publisher.short_name if publisher and publisher.is_public else "",
        days.in_words(document.dated, document.dated),
        citation.locator,
    )
    return listed(parts) or str(document)


@dataclass
class Resting:
    """A public record that rests on a document, with the passages it cites there."""

    record: Any
    citations: list[Citation]

    @property
    def facts(self) -> str:
        """Which facts of the record it supports; none where it is the record as a whole."""
        names = {found.field for found in self.citations if found.field}
        return listed(sorted(fact_name(type(self.record), name) for name in names))

    @property
    def passages(self) -> str:
        locators = dict.fromkeys(found.locator for found in self.citations if found.locator)
        return pgettext("between places", "; ").join(locators)


def resting_on(document: Document, clocks: Clocks = TODAY) -> list[tuple[str, list[Resting]]]:
    """The public records that cite a document, by kind of record."""
    cited: dict[int, dict[Any, list[Citation]]] = defaultdict(lambda: defaultdict(list))
    for citation in document.cited_by.all():
        cited[citation.record_type_id][citation.record_id].append(citation)
    found = []
    for type_id, citations in cited.items():
        model: Any = ContentType.objects.get_for_id(type_id).model_class()
        records = clocks.over(model.objects.public()).for_list().filter(pk__in=citations)
        rows = [Resting(record, citations[record.pk]) for record in records]
        if rows:
            found.append((capfirst(model._meta.verbose_name_plural), rows))
    return sorted(found, key=lambda kind: kind[0])
