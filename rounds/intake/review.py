"""A draft as a clerk looks it through: entries beside the text, each taken, changed or cleared."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from mandates.models import Document
from rounds.intake.draft import Confidence, Draft, Fact, Span
from rounds.models import Round
from tradeinit.days import Precision

# What the desk calls the fields, in the order in which it shows them.
GROUPS = {
    "The release": {
        "document.title": "title",
        "document.kind": "kind",
        "document.publisher": "publisher",
        "document.date": "date",
        "document.language": "language",
    },
    "The case": {"initiative": "initiative", "parties": "party", "policy_basis": "standing clause"},
    "The meeting": {
        "meeting.kind": "kind",
        "meeting.number": "number",
        "meeting.label": "label",
        "meeting.start": "first day",
        "meeting.end": "last day",
        "meeting.precision": "precision",
        "meeting.wording": "dates as worded",
        "meeting.tense": "tense",
        "meeting.cities": "city",
        "meeting.country": "country",
        "meeting.venue": "building",
        "meeting.mode": "mode",
        "meeting.press_access": "press access",
    },
    "Who took part": {
        "heads": "head",
        "agencies": "agency",
        "agencies.unnamed": "agencies without a name",
    },
    "Chapters": {"chapters": "chapter"},
    "What comes next": {"next_steps": "next step"},
}
# Shown beside the text, for the clerk to act on elsewhere; nothing of it is saved here.
SHOWN = {
    "disagreement": "title and text disagree",
    "document.unread": "not read",
    "milestones": "earlier event",
    "auspices": "auspices",
    "designated_representative": "designated representative",
}
PARTS = {"heads": ("name", "title", "party"), "agencies": ("name", "party")}
# No meeting of the record; the release alone is saved, and a mandate.
NOT_A_ROUND = {
    "mandate": "mandate",
    "text_summary": "text summary",
    "entry_into_force": "entry into force",
}
CHOICES: dict[str, list[tuple[str, Any]]] = {
    "document.kind": Document.Kind.choices,
    "meeting.kind": [*Round.Kind.choices, *NOT_A_ROUND.items()],
    "meeting.mode": Round.Mode.choices,
    "meeting.press_access": Round.PressAccess.choices,
    "meeting.precision": Precision.choices,
    "meeting.tense": [("future", "announced"), ("present", "under way"), ("past", "held")],
}
# A clerk may add what the text holds and no rule knows.
ADDABLE = {
    "document.title", "document.date", "document.publisher", "initiative", "meeting.kind",
    "meeting.label", "meeting.number", "meeting.start", "meeting.end", "meeting.country",
    "meeting.mode", "meeting.press_access",
}  # fmt: skip


@dataclass
class Box:
    """One place to write in."""

    name: str
    label: str
    value: str
    choices: list[tuple[str, Any]] = field(default_factory=list)
    is_long: bool = False


@dataclass
class Entry:
    number: int
    field: str
    label: str
    fact: Fact
    taken: bool
    boxes: list[Box]
    words: str = ""

    @property
    def take(self) -> str:
        return f"take-{self.number}"

    @property
    def value(self) -> Any:
        if self.field in PARTS:
            values = (box.value for box in self.boxes)
            return dict(zip(PARTS[self.field], values, strict=True))
        return self.boxes[0].value


@dataclass
class Group:
    title: str
    entries: list[Entry]


def groups(draft: Draft, sent: Mapping[str, str] | None = None) -> list[Group]:
    """All entries; as the clerk sent them, if anything was sent."""
    facts = [*draft.facts, *_blanks(draft)]
    found = []
    for title, labels in GROUPS.items():
        entries = [
            _entry(draft, number, fact, labels[fact.field], sent)
            for number, fact in enumerate(facts)
            if fact.field in labels
        ]
        order = list(labels)
        found.append(Group(title, sorted(entries, key=lambda one: order.index(one.field))))
    return found


def shown(draft: Draft) -> list[tuple[int, str, Fact, str]]:
    return [
        (number, SHOWN[fact.field], fact, _in_words(fact))
        for number, fact in enumerate(draft.facts)
        if fact.field in SHOWN
    ]


def _in_words(fact: Fact) -> str:
    if isinstance(fact.value, dict):
        return ": ".join(str(part) for part in fact.value.values() if part)
    return str(fact.value)


def _blanks(draft: Draft) -> list[Fact]:
    there = {fact.field for fact in draft.facts}
    return [
        Fact(name, "", reason="the text does not say, or no rule knows it")
        for labels in GROUPS.values()
        for name in labels
        if name in ADDABLE - there
    ]


def _entry(
    draft: Draft, number: int, fact: Fact, label: str, sent: Mapping[str, str] | None
) -> Entry:
    parts = PARTS.get(fact.field, ("value",))
    boxes = []
    for part in parts:
        value = fact.value[part] if isinstance(fact.value, dict) else fact.value
        name = f"value-{number}-{part}"
        entered = sent.get(name, "") if sent is not None else str(value or "")
        boxes.append(
            Box(
                name,
                label if part in ("value", "name") else f"{label}: {part}",
                entered.strip(),
                CHOICES.get(fact.field, []),
                len(str(value)) > 60 and fact.field not in CHOICES,
            )
        )
    # What somebody should look at first is not taken by itself.
    proposed = bool(fact.value) and fact.confidence != Confidence.LOW
    taken = f"take-{number}" in sent if sent is not None else proposed
    words = " ".join(draft.words(fact.spans[0]).split()) if fact.spans else ""
    return Entry(number, fact.field, label, fact, taken, boxes, words)


def accepted(found: list[Group]) -> dict[str, list[Entry]]:
    """What is taken, by field; a box that was emptied is cleared."""
    taken: dict[str, list[Entry]] = {}
    for group in found:
        for entry in group.entries:
            if entry.taken and entry.boxes[0].value:
                taken.setdefault(entry.field, []).append(entry)
    return taken


# The text with its highlights


@dataclass
class Segment:
    words: str
    # The entry to which these words lead, all that rest on them, and those that begin here.
    number: int | None
    rest: list[int]
    begins: list[int]


def segments(draft: Draft) -> Iterator[Segment]:
    """The text in pieces; where facts rest on the same words, the shortest passage is shown."""
    labels = {name for labels in GROUPS.values() for name in labels} | set(SHOWN)
    spans: list[tuple[Span, int]] = [
        (span, number)
        for number, fact in enumerate(draft.facts)
        if fact.field in labels
        for span in fact.spans
    ]
    first: dict[int, int] = {}
    for span, number in spans:
        first.setdefault(number, span.start)
    edges = sorted({0, len(draft.text), *(e for s, _ in spans for e in (s.start, s.end))})
    longest_first = sorted(spans, key=lambda one: one[0].start - one[0].end)
    resting: dict[int, list[int]] = {}
    position = {edge: n for n, edge in enumerate(edges)}
    for span, number in longest_first:
        for n in range(position[span.start], position[span.end]):
            resting.setdefault(n, []).append(number)
    for n, (start, end) in enumerate(pairwise(edges)):
        begins = [number for number, at in first.items() if at == start]
        rest = resting.get(n, [])
        yield Segment(draft.text[start:end], rest[-1] if rest else None, rest, begins)


def marked(draft: Draft) -> SafeString:
    """The text as the page shows it: words lead to their entry, an entry finds its words."""
    return format_html_join("", "{}{}", map(_marked, segments(draft)))


def _marked(segment: Segment) -> tuple[SafeString, str]:
    anchors = format_html_join("", '<span id="w{}"></span>', ((one,) for one in segment.begins))
    if segment.number is None:
        return anchors, segment.words
    link = format_html(
        '<a href="#f{}" data-fact="{}" data-facts="{}" tabindex="-1">{}</a>',
        segment.number,
        segment.number,
        " ".join(map(str, segment.rest)),
        segment.words,
    )
    return anchors, link


# Where a fact stands


class Locator:
    """``paragraph 2: “January 14-17, 2023”``: the place and the words, to find them again."""

    LONGEST = 200

    def __init__(self, draft: Draft) -> None:
        self.draft = draft

    def of(self, fact: Fact) -> str:
        if not fact.spans:
            return ""
        span = fact.spans[0]
        places = self.draft.places
        place = next((name for start, end, name in places if start <= span.start < end), "")
        words = " ".join(self.draft.words(span).split())
        room = self.LONGEST - len(place) - 4
        if len(words) > room:
            words = words[: room - 1] + "…"
        return f"{place}: “{words}”" if place else f"“{words}”"
