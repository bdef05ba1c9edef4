"""A draft as JSON, in the form that the command promises, and as lines for people."""

from collections.abc import Iterator
from typing import Any

from rounds.intake.draft import Draft, Fact

DOCUMENT = ("kind", "publisher", "date", "title", "language")
MEETING = ("kind", "number", "label", "start", "end", "precision", "tense")
LISTS = ("agencies", "chapters", "milestones", "next_steps")


def as_json(draft: Draft) -> dict[str, Any]:
    return {
        "document": {name: draft.value(f"document.{name}") for name in DOCUMENT},
        "meeting": {
            **{name: draft.value(f"meeting.{name}") for name in MEETING},
            "cities": draft.values("meeting.cities"),
            **{
                name: draft.value(f"meeting.{name}") for name in ("country", "mode", "press_access")
            },
        },
        "initiative": draft.value("initiative"),
        "parties": draft.values("parties"),
        "heads": draft.values("heads"),
        **{name: draft.values(name) for name in LISTS},
        "spans": _spans(draft),
    }


def _spans(draft: Draft) -> dict[str, list[dict[str, Any]]]:
    """By field, one entry a value: where it rests, why, how surely; facts without a place too."""
    found: dict[str, list[dict[str, Any]]] = {}
    for fact in draft.facts:
        found.setdefault(fact.field, []).append(
            {
                "value": fact.value,
                "spans": [
                    {"start": span.start, "end": span.end, "text": draft.words(span)}
                    for span in fact.spans
                ],
                "reason": fact.reason,
                "confidence": fact.confidence.value,
                "derived": fact.derived,
            }
        )
    return found


def as_lines(draft: Draft) -> Iterator[str]:
    width = max((len(fact.field) for fact in draft.facts), default=0)
    for fact in sorted(draft.facts, key=lambda one: _order(one.field)):
        yield f"{fact.field:{width}}  {in_words(fact)}"
        for span in fact.spans[:1]:
            words = " ".join(draft.words(span).split())
            shown = words if len(words) <= 120 else f"{words[:120]}…"
            yield f"{'':{width}}    “{shown}” ({span.start}–{span.end})"
        derived = ", derived" if fact.derived else ""
        yield f"{'':{width}}    {fact.reason}; confidence {fact.confidence}{derived}"


def in_words(fact: Fact) -> str:
    if isinstance(fact.value, dict):
        return ", ".join(str(part) for part in fact.value.values() if part)
    return str(fact.value)


def _order(name: str) -> tuple[int, str]:
    groups = ("document", "initiative", "parties", "meeting", "heads", "agencies", "chapters")
    group = name.split(".")[0]
    return (groups.index(group) if group in groups else len(groups), group)
