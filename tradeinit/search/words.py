"""What a word is, the same for what is written and for what is asked.

English words are known by their stems, Chinese characters each by itself, and both stand in
order, so that a run of characters is found as a phrase. Done here and not by the database, the
index of either database holds the same, and an excerpt marks what was found.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from threading import Lock
from typing import Any, NamedTuple

from tradeinit.late import snowballstemmer

HAN = r"\u3400-\u9fff\uf900-\ufaff"
# An abbreviation with its dots, one Chinese character, or a run of letters and digits.
WORD = re.compile(rf"[A-Za-z](?:\.[A-Za-z])+\b|[{HAN}]|[^\W_{HAN}]+")
# What may stand between the words of one name: “mid-term”, “party's”.
JOINT = re.compile(r"[-.'’/&]?")
QUOTED_OR_SPACED = re.compile(r"[\"“”]([^\"“”]*)[\"“”]|([^\s\"“”]+)")
# Characters that are written either way.
VARIANTS = str.maketrans("臺裏爲羣峯綫", "台裡為群峰線")
# A longer word is nobody's, and PostgreSQL refuses much longer ones.
MAX_LENGTH = 60
MAX_WORDS = 20_000
MAX_PHRASES = 16
# A letter that no text of ours has, and that both databases take for one.
BETWEEN_TEXTS = "ǁ"

_lock = Lock()


class Word(NamedTuple):
    """A word of a text: where it stands, and the form by which it is known."""

    start: int
    end: int
    known_as: str


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    # The stemmer keeps its place in itself: one thread at a time.
    with _lock:
        return _stemmer().stemWord(word)


@cache
def _stemmer() -> Any:
    return snowballstemmer.stemmer("english")


@lru_cache(maxsize=50_000)
def folded(word: str) -> str:
    """Without capitals, accents, the dots of an abbreviation and variants of a character."""
    parts = unicodedata.normalize("NFKD", word.replace(".", "").casefold().translate(VARIANTS))
    plain = "".join(one for one in parts if one.isalnum())
    return unicodedata.normalize("NFC", plain)[:MAX_LENGTH]


def words(text: str) -> Iterator[Word]:
    """The words of a text that is in composed form."""
    for found in WORD.finditer(text):
        known_as = stem(folded(found[0]))
        if known_as:
            yield Word(found.start(), found.end(), known_as)


def composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def forms(texts: Iterable[str]) -> str:
    """The forms of all words of some texts, in order, for the index.

    Something stands between two texts, so that no phrase reaches over.
    """
    found: list[str] = []
    for text in texts:
        if found:
            found.append(BETWEEN_TEXTS)
        found += [word.known_as for word in words(composed(text))]
    return " ".join(found[:MAX_WORDS])


@dataclass(frozen=True)
class Phrase:
    """Words that stand side by side; the last may be only the beginning of one."""

    forms: tuple[str, ...]
    is_open: bool = False

    def places(self, known: Sequence[str]) -> Iterator[tuple[int, int]]:
        """Where it stands among the forms of a text: its first word, and its last."""
        *first, last = self.forms
        for end, form in enumerate(known):
            if form == last or (self.is_open and form.startswith(last)):
                start = end - len(first)
                if start >= 0 and first == known[start:end]:
                    yield start, end


def phrases(asked: str) -> list[Phrase]:
    """What a reader looks for: every phrase must be there.

    Spaces part words, except between quotation marks; a star stands for any ending.
    """
    found: list[Phrase] = []
    for quoted, spaced in QUOTED_OR_SPACED.findall(composed(asked)):
        found += _phrase(quoted, quoted=True) if quoted else _phrase(spaced)
    return list(dict.fromkeys(found))[:MAX_PHRASES]


def _phrase(text: str, quoted: bool = False) -> list[Phrase]:
    runs: list[list[str]] = []
    end, is_open = 0, False
    for found in WORD.finditer(text):
        is_open = text[found.end() :].startswith("*")
        form = folded(found[0]) if is_open else stem(folded(found[0]))
        if not form:
            continue
        joined = quoted or JOINT.fullmatch(text[end : found.start()])
        if runs and joined:
            runs[-1].append(form)
        else:
            runs.append([form])
        end = found.end()
    return [Phrase(tuple(run), is_open and run is runs[-1]) for run in runs]


class Part(NamedTuple):
    """A piece of an excerpt; ``found`` where it is what was looked for."""

    text: str
    found: bool


def marked(text: str, asked: list[Phrase]) -> list[Part]:
    """A text in pieces, what was looked for apart from the rest."""
    text = composed(text)
    parts: list[Part] = []
    end = 0
    for start, stop in _spans(text, asked):
        parts += [Part(text[end:start], False), Part(text[start:stop], True)]
        end = stop
    parts.append(Part(text[end:], False))
    return [part for part in parts if part.text]


def excerpt(texts: Iterable[str], asked: list[Phrase], length: int = 240) -> list[Part]:
    """Around the first place where something was found; the beginning, where nothing was."""
    all_texts = [composed(text) for text in texts]
    found = ((text, _spans(text, asked)) for text in all_texts)
    text, spans = next(
        ((text, spans) for text, spans in found if spans), (next(iter(all_texts), ""), [])
    )
    first = spans[0][0] if spans else 0
    start = _at_word(text, max(0, first - length // 3))
    end = min(len(text), start + length)
    if end < len(text):
        end = max(_at_word(text, end), first + 1)
    piece = marked(text[start:end].strip(), asked)
    before = [Part("… ", False)] if start else []
    after = [Part(" …", False)] if end < len(text) else []
    return [*before, *piece, *after] if piece else []


def _at_word(text: str, place: int) -> int:
    """The place itself, or the beginning of the word in whose middle it lies."""
    if place == 0 or place >= len(text):
        return place
    for found in WORD.finditer(text, max(0, place - MAX_LENGTH)):
        if found.start() >= place:
            break
        if found.end() > place:
            return found.start()
    return place


def _spans(text: str, asked: list[Phrase]) -> list[tuple[int, int]]:
    """Where in a text the phrases stand; what touches, or is parted by a space alone, is one."""
    found = list(words(text))
    known = [word.known_as for word in found]
    places = sorted(
        (found[first].start, found[last].end)
        for phrase in asked
        for first, last in phrase.places(known)
    )
    merged: list[tuple[int, int]] = []
    for start, end in places:
        if merged and (start <= merged[-1][1] or text[merged[-1][1] : start].isspace()):
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged
