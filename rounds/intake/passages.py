"""The text cut into title, paragraphs and sentences, without furniture; offsets are kept."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from rounds.intake.draft import Span
from rounds.intake.tables import furniture, words

# One sign for one sign, so that an offset holds in both.
TYPOGRAPHY: dict[int, str] = {
    **dict.fromkeys(map(ord, "‐‑‒–—―−－"), "-"),
    **dict.fromkeys(map(ord, "‘’‛′"), "'"),
    **dict.fromkeys(map(ord, "“”„″"), '"'),
    **dict.fromkeys(map(ord, "\u00a0\u2002\u2003\u2007\u2009\u200a\u202f\u3000\ufeff\t"), " "),
    **{0xFF01 + i: 0x21 + i for i in range(94) if chr(0x21 + i) not in ",.;:!?"},
    ord("，"): "，",
    ord("•"): "-",
    ord("▪"): "-",
    ord("●"): "-",
    ord("◦"): "-",
}
HAN = re.compile(r"[\u3400-\u9fff]")
# A Latin comma between Han signs is read as the Han one.
HAN_COMMA = re.compile(r"(?<=[\u3400-\u9fff」』》])[,;]|[,;](?=\s?[\u3400-\u9fff「『《])")
HAN_SIGNS = {",": "，", ";": "；"}
LINK = re.compile(r"\[([^\[\]\n]{1,300})\]\(([^()\s]{0,500})\)")
BULLET = re.compile(r"\s*(?:[-*·]|\(?\d{1,2}[.)]|\(?[a-z][.)]|\(?[ivx]{1,5}\))\s+")
HEADING = re.compile(
    r"(?:background|notes? (?:to|for) (?:the )?editors?|context|further information|"
    r"information for (?:stakeholders|media|the media|journalists)|next steps?|about .{3,60}|"
    r"for more information|more information|quotes?|contacts?|quick facts|associated links|"
    r"additional information|background information)\s*:?",
    re.I,
)
# A sentence is cut here at the latest, so that no rule ever looks at more.
LONGEST = 1500
# A line of furniture is no longer than this: a whole release on one line is none.
SHORT = 300


@dataclass(frozen=True)
class Sentence:
    start: int
    end: int
    # With typographic signs made plain.
    words: str
    block: int

    def span(self, start: int, end: int) -> Span:
        return Span(self.start + start, self.start + end)

    @property
    def whole(self) -> Span:
        return Span(self.start, self.end)


@dataclass(frozen=True)
class Block:
    start: int
    end: int
    # paragraph, item, heading, title, date, furniture
    kind: str
    heading: str = ""


@dataclass
class Passages:
    """A text, cut up."""

    text: str
    blocks: list[Block] = field(default_factory=list)
    sentences: list[Sentence] = field(default_factory=list)

    @cached_property
    def plain(self) -> str:
        return plain(self.text)

    @cached_property
    def is_han(self) -> bool:
        letters = sum(map(str.isalpha, self.text[:20000])) or 1
        return len(HAN.findall(self.text[:20000])) / letters > 0.25

    def heading_of(self, sentence: Sentence) -> str:
        return self.blocks[sentence.block].heading

    def kind_of(self, sentence: Sentence) -> str:
        return self.blocks[sentence.block].kind

    def places(self) -> list[tuple[int, int, str]]:
        """Its title and its paragraphs by number, as somebody who reads it counts them."""
        found = []
        number = 0
        for block in self.blocks:
            if block.kind in ("paragraph", "item"):
                number += 1
                found.append((block.start, block.end, f"paragraph {number}"))
            elif block.kind in ("title", "date"):
                name = "title" if block.kind == "title" else "date line"
                found.append((block.start, block.end, name))
        return found

    @cached_property
    def body(self) -> list[Sentence]:
        return [s for s in self.sentences if self.kind_of(s) in ("paragraph", "item")]


def plain(text: str) -> str:
    """The same text, sign by sign, without typographic signs and marks of links."""
    text = text.translate(TYPOGRAPHY)
    if HAN.search(text):
        text = HAN_COMMA.sub(lambda sign: HAN_SIGNS[sign[0]], text)

    def blank(link: re.Match[str]) -> str:
        return f" {link[1]}" + " " * (len(link[0]) - len(link[1]) - 1)

    return LINK.sub(blank, text)


def collapsed(text: str) -> str:
    return " ".join(text.split())


def cut(text: str) -> Passages:
    passages = Passages(text)
    heading = ""
    for start, end in _blocks(passages.plain):
        words_here = passages.plain[start:end]
        kind = _kind(words_here)
        if kind == "heading":
            heading = collapsed(words_here).rstrip(":").lower()
        passages.blocks.append(Block(start, end, kind, heading))
        if kind in ("furniture", "heading"):
            continue
        number = len(passages.blocks) - 1
        for first, last in _sentences(words_here):
            sentence = Sentence(start + first, start + last, words_here[first:last], number)
            passages.sentences.append(sentence)
    return passages


def _kind(words_here: str) -> str:
    line = collapsed(words_here)
    trail = len(line) <= SHORT and (line.count("»") >= 2 or line.count(" > ") >= 2)
    if trail or furniture().fullmatch(line):
        return "furniture"
    if len(line) < 80 and HEADING.fullmatch(line.strip("*# ")):
        return "heading"
    return "item" if BULLET.match(words_here) else "paragraph"


def _chunks(text: str) -> Iterator[list[tuple[int, int]]]:
    """Lines that stand together, each without the blanks around it."""
    chunk: list[tuple[int, int]] = []
    start = 0
    for line in text.split("\n"):
        if bare := line.strip():
            first = start + line.index(bare)
            chunk.append((first, first + len(bare)))
        elif chunk:
            yield chunk
            chunk = []
        start += len(line) + 1
    if chunk:
        yield chunk


def _blocks(text: str) -> list[tuple[int, int]]:
    """Paragraphs: lines, those that only wrap joined to the one before."""
    found: list[tuple[int, int]] = []
    for lines in _chunks(text):
        lengths = [end - start for start, end in lines[:-1]]
        wrapped = len(lengths) >= 2 and min(lengths) >= 50 and max(lengths) <= 110
        for number, (start, end) in enumerate(lines):
            line = text[start:end]
            joins = number > 0 and not BULLET.match(line) and not furniture().fullmatch(line)
            if joins and (wrapped or _wraps(text[slice(*lines[number - 1])], line)):
                found[-1] = (found[-1][0], end)
            else:
                found.append((start, end))
    return found


OPEN_END = re.compile(
    r"(?:,|-|\b(?:of|the|and|for|to|in|on|with|by|at|a|an|from|or|as|its|their))$"
)


def _wraps(above: str, below: str) -> bool:
    if not 40 <= len(above) <= 110 or above[-1] in ".!?:;":
        return False
    return below[0].islower() or bool(OPEN_END.search(above))


# A wide gap ends a sentence too: no rule ever looks at a longer one.
ENDING = re.compile(
    r"[.!?][\"')\]]*\s+(?=[\"'(\[]?[A-Z0-9À-Þ])|[。！？][」』]?|\n\s*|(?<!\s)\s{40,}"
)
STARTERS = re.compile(
    r"(?:The|This|These|Those|It|In|On|At|Both|They|We|He|She|His|Her|During|After|Before|"
    r"Officials|From|Under|As|A|An|For|With|Since|Following|Earlier)\b"
)


def _sentences(text: str) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    start = 0
    for ending in ENDING.finditer(text):
        if ending[0].lstrip()[:1] == "." and _is_abbreviation(text, ending):
            continue
        # "1. Investment" is an item of a list.
        if len(text) < 90 and text[: ending.start()].isdigit():
            continue
        _add(found, text, start, ending.end())
        start = ending.end()
    _add(found, text, start, len(text))
    return found


def _add(found: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    for cut_at in range(start, end, LONGEST):
        piece = text[cut_at : min(end, cut_at + LONGEST)]
        if piece.strip():
            first = cut_at + len(piece) - len(piece.lstrip())
            found.append((first, cut_at + len(piece.rstrip())))


def _is_abbreviation(text: str, ending: re.Match[str]) -> bool:
    before = text[max(0, ending.start() - 12) : ending.start()]
    word = re.split(r"[\s(\"']", before)[-1]
    if word not in words("abbreviations") and not re.fullmatch(r"(?:[A-Z]\.)*[A-Z]", word):
        return False
    if word in ("D.C", "U.S", "U.K", "E.U", "a.m", "p.m", "Jr", "Inc", "Ltd"):
        return not STARTERS.match(text, ending.end())
    return True
