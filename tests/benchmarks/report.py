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
    # Of CPU for each request, and what the other took, which also tells how quick the machine is.
    milliseconds: float | None = None
    others: float | None = None
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
        own, others = map(_cost, (self.milliseconds, self.others))
        reached = f"{self.reached:.3g} {self.unit}"
        return [
            self.work, self.database, self.beside, self.bound, reached, spread, own, others,
            "yes" if self.holds else "**no**",
        ]  # fmt: skip


def _cost(milliseconds: float | None) -> str:
    if milliseconds is None:
        return ""
    return f"{milliseconds:.3g} ms" if milliseconds < 1000 else f"{milliseconds:,.0f} ms"


def table(figures: list[Figure]) -> str:
    head = [
        "Work", "Database", "Beside", "Wanted", "Reached", "Spread",
        "CPU a request", "Of the other", "Holds",
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


def show(figures: list[Figure], how: str) -> None:
    print(f"{how}\n\n{table(figures)}")
    reached = sum(figure.holds for figure in figures)
    print(f"{reached} of {len(figures)} figures hold. See {DOCUMENT.relative_to(ROOT)}.")
