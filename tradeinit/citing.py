"""How to cite a record: as a line and as BibTeX, with its version and the day it was read."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings

from tradeinit import clock, days
from tradeinit.publication.models import Publication

# What BibTeX reads as its own.
SPECIAL = str.maketrans({sign: f"\\{sign}" for sign in "&%$#_{}"} | {"\\": r"\textbackslash{}"})


@dataclass(frozen=True)
class Cited:
    title: str
    uid: str
    version: int
    told_on: date
    read_on: date

    @classmethod
    def of(cls, record: Any, told: list[Publication]) -> "Cited | None":
        if not told:
            return None
        last = told[-1]
        return cls(str(record), str(record.uid), last.number, last.at.date(), clock.today())

    @property
    def address(self) -> str:
        return f"{settings.PUBLIC_BASE_URL}/id/{self.uid}"

    @property
    def told_in_words(self) -> str:
        return days.in_words(self.told_on, self.told_on)

    @property
    def read_in_words(self) -> str:
        return days.in_words(self.read_on, self.read_on)

    @property
    def bibtex(self) -> str:
        key = f"tradeinit-{self.uid[:8]}-{self.version}"
        fields = {
            "title": f"{{{self.title.translate(SPECIAL)}}}",
            "author": "{TradeInit}",
            "year": str(self.told_on.year),
            "month": str(self.told_on.month),
            "version": str(self.version),
            "url": self.address,
            "urldate": self.read_on.isoformat(),
        }
        lines = [f"  {name} = {{{value}}}," for name, value in fields.items()]
        return "\n".join([f"@misc{{{key},", *lines, "}"])
