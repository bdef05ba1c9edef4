"""What an import did or would do: row by row, with every mistake by its row and column."""

from collections import Counter
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from rounds.models import ActionItem
from tradeinit.publication import registry

COUNTS = ("made", "changed", "matched")
LINES = ("diff", "left_open", "mistakes")


@dataclass(frozen=True)
class Place:
    """Where in the files: a sheet, a row of it, a cell."""

    sheet: str
    row: int | None = None
    column: str = ""

    def at(self, column: str) -> "Place":
        return replace(self, column=column)

    def __str__(self) -> str:
        row = f", row {self.row}" if self.row else ""
        column = f", {self.column}" if self.column else ""
        return f"{self.sheet}{row}{column}"


@dataclass(frozen=True)
class Line:
    """One thing told of one place."""

    sheet: str
    row: int | None
    column: str
    words: str
    # What the sheet says otherwise of a record that is cleared: its uid, and values by field.
    correction: dict[str, Any] | None = None

    @property
    def place(self) -> Place:
        return Place(self.sheet, self.row, self.column)

    def __str__(self) -> str:
        return f"{self.place}: {self.words}"


@dataclass
class Report:
    rows: int = 0
    made: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    matched: Counter[str] = field(default_factory=Counter)
    # What each row makes, and changes from what to what.
    diff: list[Line] = field(default_factory=list)
    # What a person must decide or fill in, near matches among it.
    left_open: list[Line] = field(default_factory=list)
    mistakes: list[Line] = field(default_factory=list)
    # Names that are new but near a known one: resource, name, and the addresses of the near ones.
    near: list[dict[str, Any]] = field(default_factory=list)
    _seen: set[Any] = field(default_factory=set)

    def make(self, row: Any, resource: str) -> None:
        self._seen.add(row)
        self.made[resource] += 1

    def match(self, row: Any) -> None:
        """A record that was there before; counted once, however many rows name it."""
        if row not in self._seen:
            self._seen.add(row)
            self.matched[row.resource] += 1

    def tell(self, place: Place, words: str) -> None:
        self.diff.append(Line(place.sheet, place.row, place.column, words))

    def open(self, place: Place, words: str, correction: dict[str, Any] | None = None) -> None:
        line = Line(place.sheet, place.row, place.column, words, correction)
        if line not in self.left_open:
            self.left_open.append(line)

    def wrong(self, place: Place, words: str) -> None:
        line = Line(place.sheet, place.row, place.column, words)
        if line not in self.mistakes:
            self.mistakes.append(line)

    @property
    def changes_something(self) -> bool:
        return bool(self.made or self.changed)

    @property
    def summary(self) -> str:
        parts = [
            f"{words}: {counted(counts) or 'nothing'}"
            for words, counts in ((name, getattr(self, name)) for name in COUNTS)
        ]
        rows = f"{self.rows} row" if self.rows == 1 else f"{self.rows} rows"
        return f"{rows}; {'; '.join(parts)}; left open: {len(grouped(self.left_open))}"

    def as_json(self) -> dict[str, Any]:
        counts = {name: dict(getattr(self, name)) for name in COUNTS}
        lines = {name: [asdict(line) for line in getattr(self, name)] for name in LINES}
        return {"rows": self.rows, "near": self.near, **counts, **lines}

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "Report":
        lines = {name: [Line(**line) for line in stored.get(name, [])] for name in LINES}
        counts = {name: Counter(stored.get(name, {})) for name in COUNTS}
        told: dict[str, Any] = {**counts, **lines}
        return cls(rows=stored.get("rows", 0), near=stored.get("near", []), **told)


def grouped(lines: list[Line]) -> list[str]:
    """Lines in words, those that say the same of rows that follow each other as one."""
    found: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: (line.sheet, line.column, line.row or 0)):
        last = found[-1][-1] if found else None
        same = last and (last.sheet, last.column, last.words) == (
            line.sheet,
            line.column,
            line.words,
        )
        if same and last and last.row and line.row and line.row == last.row + 1:
            found[-1].append(line)
        else:
            found.append([line])
    return [
        _of_rows(lines)
        for lines in sorted(found, key=lambda lines: (lines[0].sheet, lines[0].row or 0))
    ]


def _of_rows(lines: list[Line]) -> str:
    first, last = lines[0], lines[-1]
    if first is last:
        return str(first)
    column = f", {first.column}" if first.column else ""
    return f"{first.sheet}, rows {first.row}–{last.row}{column}: {first.words}"


def counted(counts: Counter[str]) -> str:
    return ", ".join(
        f"{count} {_called(resource, count)}" for resource, count in sorted(counts.items())
    )


def _called(resource: str, count: int) -> str:
    """Records of a kind as staff call them; what is no record has its own name already."""
    models = {model.resource: model for model in registry.models()}
    meta = models[resource]._meta if resource in models else ActionItem._meta
    return str(meta.verbose_name if count == 1 else meta.verbose_name_plural)
