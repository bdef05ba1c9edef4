"""What a release tells of: one meeting or event, and others beside it."""

from dataclasses import dataclass, field, replace
from functools import cached_property

from rounds.intake.dates import Calendar, When
from rounds.intake.document import dateline
from rounds.intake.draft import Span
from rounds.intake.passages import Passages, Sentence

# Kinds that are no meeting of negotiators.
EVENTS = ("entry_into_force", "signing", "text_summary", "mandate", "launch")


@dataclass
class Moment:
    """Days that a sentence names, with the part of the sentence about them."""

    when: When
    span: Span
    sentence: Sentence
    clause: str
    before: str
    form: str
    role: str = ""
    score: int = 0


@dataclass
class Scene:
    passages: Passages
    calendar: Calendar
    ranked: list[Sentence]
    kind: str | None = None
    number: int | None = None
    moments: list[Moment] = field(default_factory=list)
    main: list[Moment] = field(default_factory=list)
    roles: dict[int, str] = field(default_factory=dict)
    tense: str | None = None

    def role(self, sentence: Sentence) -> str:
        """``current``, ``next``, ``previous`` or ``other``."""
        return self.roles.get(sentence.start, "current")

    @cached_property
    def titles(self) -> list[Sentence]:
        return [one for one in self.ranked if self.passages.kind_of(one) == "title"]

    @cached_property
    def body(self) -> list[Sentence]:
        return [one for one in self.ranked if self.passages.kind_of(one) != "title"]

    @cached_property
    def _places(self) -> dict[int, int]:
        return {sentence.start: number for number, sentence in enumerate(self.body)}

    def place(self, sentence: Sentence) -> int:
        """How far down the body it stands."""
        return self._places[sentence.start]

    @cached_property
    def _days(self) -> dict[int, list[Moment]]:
        found: dict[int, list[Moment]] = {}
        for moment in self.moments:
            found.setdefault(moment.sentence.start, []).append(moment)
        return found

    def days_in(self, sentence: Sentence) -> list[Moment]:
        return self._days.get(sentence.start, [])

    def is_beside(self, moment: Moment) -> bool:
        """Days of something else, or not those of the meeting."""
        if moment.role != "current":
            return moment.role in ("previous", "next", "other")
        return bool(self.main) and not any(moment.when.overlaps(one.when) for one in self.main)

    @property
    def current(self) -> list[Sentence]:
        return [one for one in self.ranked if self.role(one) == "current"]

    @property
    def is_event(self) -> bool:
        return self.kind in EVENTS


def without_dateline(sentence: Sentence) -> Sentence:
    found = dateline(sentence.words)
    if not found:
        return sentence
    return replace(
        sentence, start=sentence.start + found.end(), words=sentence.words[found.end() :]
    )


def of(passages: Passages, calendar: Calendar) -> Scene:
    titles = [one for one in passages.sentences if passages.kind_of(one) == "title"]
    body = [without_dateline(one) for one in passages.body]
    return Scene(passages, calendar, titles + body)
