"""The words of a vocabulary, each with what it means here."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import TextChoices


class Term(NamedTuple):
    anchor: str
    label: str
    meaning: Any


@dataclass(frozen=True)
class Vocabulary:
    # The name under which other pages lead here.
    anchor: str
    title: Any
    choices: type[TextChoices]
    # A word without a meaning is never public.
    meanings: Mapping[Any, Any]

    def __iter__(self) -> Iterator[Term]:
        for word in self.choices:
            if word in self.meanings:
                yield Term(f"{self.anchor}-{word}", word.label, self.meanings[word])
