"""A draft: what a release says, each fact with the words it rests on."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Confidence(StrEnum):
    HIGH = "high"  # the text says so in these words
    MEDIUM = "medium"  # by a rule that reads more than the words
    LOW = "low"  # somebody should look


@dataclass(frozen=True)
class Span:
    """Where in the text that was read, in characters."""

    start: int
    end: int


@dataclass(frozen=True)
class Fact:
    """A value of a field, and why."""

    field: str
    value: Any
    spans: tuple[Span, ...] = ()
    reason: str = ""
    confidence: Confidence = Confidence.HIGH
    # Not in the text itself: from a shipped table or the record.
    derived: bool = False


@dataclass
class Draft:
    """All facts found. A field stands once, or several times where it is a list."""

    text: str
    facts: list[Fact] = field(default_factory=list)
    # Where its parts begin and end, and what they are called: title, paragraph 1.
    places: list[tuple[int, int, str]] = field(default_factory=list)

    def add(
        self,
        name: str,
        value: Any,
        spans: Iterable[Span | None] = (),
        reason: str = "",
        confidence: Confidence = Confidence.HIGH,
        derived: bool = False,
    ) -> None:
        if value in (None, "", []):
            return
        kept = tuple(span for span in spans if span is not None)
        self.facts.append(Fact(name, value, kept, reason, confidence, derived))

    def first(self, name: str) -> Fact | None:
        return next((fact for fact in self.facts if fact.field == name), None)

    def value(self, name: str) -> Any:
        fact = self.first(name)
        return fact.value if fact else None

    def all(self, name: str) -> list[Fact]:
        return [fact for fact in self.facts if fact.field == name]

    def values(self, name: str) -> list[Any]:
        return [fact.value for fact in self.all(name)]

    def words(self, span: Span) -> str:
        return self.text[span.start : span.end]
