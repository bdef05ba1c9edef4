"""How much of what a careful clerk takes from a release the intake takes, field by field.

Beside each release stands what the clerk takes, in the form that ``intake --json`` prints. Next
steps are counted, and of milestones the days are compared: the words of both are the release's.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rounds.intake.printing import as_json
from rounds.intake.reading import read

RELEASES = sorted((Path(__file__).parent / "releases").glob("*.txt"))


def expected(release: Path) -> dict[str, Any]:
    return json.loads(release.with_suffix(".json").read_text(encoding="utf-8"))


def taken(release: Path) -> dict[str, Any]:
    return as_json(read(release.read_text(encoding="utf-8")))


@dataclass
class Score:
    right: int = 0
    invented: int = 0
    missed: int = 0
    remarks: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.invented) if self.right + self.invented else 1.0

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0


def score(releases: list[Path]) -> dict[str, Score]:
    scores: dict[str, Score] = {}
    for release in releases:
        clerk, intake = expected(release), taken(release)
        for name, wanted, found in compared(clerk, intake):
            one = scores.setdefault(name, Score())
            one.right += len(wanted & found)
            one.invented += len(found - wanted)
            one.missed += len(wanted - found)
            if wanted != found:
                one.remarks.append(
                    f"{release.stem}: {name}: wanted {sorted(map(str, wanted - found))}, "
                    f"found {sorted(map(str, found - wanted))}"
                )
    return scores


def compared(clerk: dict[str, Any], intake: dict[str, Any]) -> Iterator[tuple[str, set, set]]:
    for name in clerk["document"]:
        yield f"document.{name}", one(clerk["document"][name]), one(intake["document"][name])
    for name in clerk["meeting"]:
        if name == "cities":
            continue
        if name == "precision" and not clerk["meeting"]["start"]:
            continue
        yield f"meeting.{name}", one(clerk["meeting"][name]), one(intake["meeting"][name])
    yield "meeting.cities", many(clerk["meeting"]["cities"]), many(intake["meeting"]["cities"])
    yield "initiative", one(clerk["initiative"]), one(intake["initiative"])
    yield "parties", many(clerk["parties"]), many(intake["parties"])
    for name, parts in (("heads", ("name", "title", "party")), ("agencies", ("name", "party"))):
        yield name, tuples(clerk[name], parts), tuples(intake[name], parts)
    yield "chapters", many(clerk["chapters"]), many(intake["chapters"])
    days = {one["date"] for one in intake["milestones"]}
    yield "milestones", set(clerk["milestones"]), days
    yield "next_steps", set(range(clerk["next_steps"])), set(range(len(intake["next_steps"])))


def one(value: Any) -> set[str]:
    return set() if value is None else {plain(value)}


def many(values: list[Any]) -> set[str]:
    return {plain(value) for value in values}


def tuples(values: list[dict[str, Any]], parts: tuple[str, ...]) -> set[tuple[str, ...]]:
    return {tuple(plain(value[part]) for part in parts) for value in values}


def plain(value: Any) -> str:
    """Without case, punctuation and what stands in brackets."""
    bare = re.sub(r"\([^)]*\)", "", str(value)).lower()
    return " ".join(re.findall(r"\w+", bare))


def in_lines(scores: dict[str, Score]) -> Iterator[str]:
    yield f"{'field':22} {'precision':>9} {'recall':>7}   right invented missed"
    for name, one in [*scores.items(), ("all", total(scores))]:
        yield (
            f"{name:22} {one.precision:9.3f} {one.recall:7.3f}   "
            f"{one.right:5} {one.invented:8} {one.missed:6}"
        )
        yield from (f"    {remark}" for remark in one.remarks)


def total(scores: dict[str, Score]) -> Score:
    return Score(
        sum(one.right for one in scores.values()),
        sum(one.invented for one in scores.values()),
        sum(one.missed for one in scores.values()),
    )
