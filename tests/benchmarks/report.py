"""The table of figures: on the screen, in docs/performance.md and as JSON."""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from tests.benchmarks.worlds import PLACE, ROOT

DOCUMENT = ROOT / "docs/performance.md"
BEGIN, END = "<!-- figures -->\n", "<!-- end of figures -->\n"


@dataclass
class Figure:
    """One line: what was reached, and what must be. A ratio says how many times as fast."""

    work: str
    beside: str
    reached: float
    wanted: float
    unit: str = "x"
    least: float | None = None
    greatest: float | None = None
    milliseconds: float | None = None
    database: str = ""

    @property
    def holds(self) -> bool:
        if self.unit == "x" and self.beside.startswith("itself"):
            return self.reached <= self.wanted
        return self.reached >= self.wanted if self.unit == "x" else self.reached <= self.wanted

    @property
    def bound(self) -> str:
        more = self.unit == "x" and not self.beside.startswith("itself")
        return f"{'at least' if more else 'at most'} {self.wanted:g} {self.unit}"

    @property
    def cells(self) -> list[str]:
        spread = "" if self.least is None else f"{self.least:.3g} to {self.greatest:.3g}"
        cost = "" if self.milliseconds is None else f"{self.milliseconds:.2f} ms"
        reached = f"{self.reached:.3g} {self.unit}"
        return [
            self.work, self.database, self.beside, self.bound, reached, spread, cost,
            "yes" if self.holds else "**no**",
        ]  # fmt: skip


def table(figures: list[Figure]) -> str:
    head = [
        "Work", "Database", "Beside", "Wanted", "Reached", "Spread", "CPU a request", "Holds",
    ]  # fmt: skip
    rows = [head, ["---"] * len(head), *(figure.cells for figure in figures)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows) + "\n"


def write(figures: list[Figure], how: str) -> None:
    """The figures go between two marks; what is said around them is written by people."""
    day = datetime.now(UTC).date().isoformat()
    told = {
        "day": day,
        "how": how,
        "figures": [asdict(one) | {"holds": one.holds} for one in figures],
    }
    (PLACE / "figures.json").write_text(json.dumps(told, indent=1) + "\n")
    before, _, rest = DOCUMENT.read_text().partition(BEGIN)
    after = rest.partition(END)[2]
    DOCUMENT.write_text(f"{before}{BEGIN}\n{day}, {how}.\n\n{table(figures)}\n{END}{after}")


def show(figures: list[Figure]) -> None:
    print(table(figures))
    reached = sum(figure.holds for figure in figures)
    print(f"{reached} of {len(figures)} figures hold; all are in {DOCUMENT.relative_to(ROOT)}")
