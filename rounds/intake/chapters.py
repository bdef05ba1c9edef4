"""Subjects of the negotiation that the text names, as it names them."""

import itertools
import re
from collections.abc import Iterator

from rounds.intake.case import Case
from rounds.intake.cues import direction
from rounds.intake.draft import Confidence, Draft
from rounds.intake.passages import BULLET, Sentence, collapsed, plain
from rounds.intake.scene import Scene
from rounds.intake.tables import table

# What a list of subjects is led in by, or followed by.
LEAD_IN = re.compile(
    r"(?i:\b(?:topics?|subjects?|areas?|issues?|chapters?|workstreams?|tracks?|"
    r"disciplines|themes?|agenda|among\s+them|text(?:s|ual proposals)?|proposals|"
    r"discussions?|negotiations|talks|progress|sessions?|groups?|meetings?|"
    r"exchanges?|work|views|consensus|groundwork|convergence|advances?|provisions|"
    r"commitments|rules|headway)\b"
    r"[^.;:]{0,90}?\b(?:were|was|are|is|will\s+be|includ\w+|cover\w*|on|in|under|"
    r"such\s+as|of|for|with|concern\w+|regarding|about|across|address\w*|"
    r"focus\w*\s+on|spann\w*|between)\b\s*:?|"
    r"\b(?:discuss\w*|cover\w*|focus\w*\s+on|address\w*|includ\w+|advanc\w+|"
    r"negotiated|agree(?:d|ments?)\s+on|talks\s+on|spann\w+|concern\w*|work\s+on|"
    r"explored?|examined|aims?\s+at\s+agreements\s+on|reaching\s+agreements\s+on|"
    r"such\s+as|namely|closed|concluded|took\s+up|tabled|made\s+progress\s+on|"
    r"progress\s+on|spoke\s+(?:about|on)|talked\s+about|dealt?\s+with|turned\s+to|looked\s+at|"
    r"considered|reviewed|touched\s+on|worked\s+(?:on|through)|met\s+on|"
    r"sat\s+on)\b\s*(?:the\s+)?(?:following\s+)?(?:\w+\s+){0,3}?:?)\s*"
)
LED_BY_COLON = re.compile(
    r"(?i:\b(?:topics?|subjects?|areas?|issues?|chapters?|workstreams?|tracks?|"
    r"following|disciplines|cover\w*|discuss\w*|them|these|include\w*|agenda|"
    r"groups?|on)\b[^.]{0,60}[:]\s*$|:\s*$)"
)
NUMBERS = re.compile(r"(?<![\w(])\((?:\d{1,2}|[ivx]{1,5}|[a-z])\)\s*|(?<![\w.])\d{1,2}[.)]\s+")
NOT_CURRENT = re.compile(
    r"(?i:already\s+been\s+(?:held|concluded)|previously|earlier\s+round|"
    r"next\s+round|comes\s+after|(?:initial|first|earlier)\s+agreement|"
    r"session\s+on\b[^.]{0,60}\balready)"
)


class Subjects:
    """The words by which chapters of trade agreements go, from a table."""

    def __init__(self) -> None:
        found = table("chapters")
        self.form = re.compile(rf"(?<![\w-])(?i:{'|'.join(found['forms'])})(?![\w-])")
        self.whole = re.compile(rf"(?i:{'|'.join(found['forms'])})")
        self.han = re.compile("|".join(sorted(found["han"], key=len, reverse=True)))
        self.verbs = re.compile(rf"(?i:^(?:{'|'.join(found['verbs'])})\b\s*)")
        self.joint = {words.lower(): parts for words, parts in found["joint"].items()}


def read_chapters(scene: Scene, draft: Draft, case: Case) -> None:
    subjects = Subjects()
    found: list[tuple[str, Sentence, int, int]] = []
    # "the Departments of Agriculture and Labor" are no subjects.
    taking_part = [fact.spans[0].start for fact in draft.all("agencies")]
    bodies_at = taking_part if len(taking_part) > 2 else []
    if case.pillars:
        found = list(_pillars(scene, case.pillars))
    if not found and scene.passages.is_han:
        found = list(_han(scene, subjects))
    elif not found:
        found = list(_headings(scene, subjects)) or list(_bullets(scene, subjects))
        found = found or list(_lists(scene, subjects, bodies_at))
        found = found or list(_background(scene, subjects))
    # "Minister of Trade, Investment and Fisheries": his office is no subject either.
    offices = [span for fact in draft.all("heads") for span in fact.spans]
    seen = set()
    for name, sentence, start, end in found:
        here = sentence.span(start, end)
        if any(span.start < here.end and here.start < span.end for span in offices):
            continue
        shown = (case.chapters or {}).get(name.lower(), name)
        written = collapsed(draft.words(here))
        if shown == name and plain(written) == name:
            # "Legal Group – Disputes" keeps its dash.
            shown = name = "".join(
                there if there in "–—" else sign for there, sign in zip(written, name, strict=True)
            )
        key = re.sub(r"[\W_]+", "", shown.lower())
        if key in seen:
            continue
        seen.add(key)
        known = bool(subjects.form.search(name) or subjects.han.search(name) or case.pillars)
        draft.add(
            "chapters",
            shown,
            [sentence.span(start, end)],
            "in a list of subjects"
            if shown == name
            else "a phrase of the mandate, by a table of this case",
            Confidence.HIGH if known else Confidence.MEDIUM,
            derived=shown != name,
        )


# Pillars

PILLAR = re.compile(r"\b[Pp]illars?\s+(?=[IV1-4])")
ROMAN = re.compile(r"\b(IV|I{1,3})(?:\s*(?:-|to|through)\s*(IV|I{1,3}))?(?!\w)")
ROMANS = ["I", "II", "III", "IV"]


def _pillars(scene: Scene, names: dict[str, str]) -> Iterator[tuple[str, Sentence, int, int]]:
    """``Pillars II-IV`` of the meeting itself, not those of a title or of another round."""
    for sentence in scene.body:
        text = sentence.words
        if scene.role(sentence) != "current" or re.search(
            r"(?i:chief\s+negotiator|co-lead|substantially\s+conclud)", text
        ):
            continue
        beside = [m for m in scene.days_in(sentence) if scene.is_beside(m)]
        if any(m.when.precision == "day" for m in beside):
            continue
        if beside and not re.search(r"(?i:progress|subjects?|cover|under\s+pillars?|work)", text):
            continue
        for lead in PILLAR.finditer(text):
            tail = re.match(
                r"(?:(?:IV|I{1,3})\b(?:\s*\([^)]{2,40}\))?(?:\s*(?:-|to|through)\s*(?:IV|"
                r"I{1,3})\b)?(?:,\s+and\s+|,\s*|\s+and\s+)?)+",
                text[lead.end() :],
            )
            if not tail:
                continue
            for found in ROMAN.finditer(tail[0]):
                first = ROMANS.index(found[1])
                last = ROMANS.index(found[2]) if found[2] else first
                for roman in ROMANS[first : last + 1]:
                    start = lead.end() + found.start()
                    end = lead.end() + found.end()
                    named = re.match(r"\s*\([^)]{2,40}\)", text[end:])
                    if named and not found[2]:
                        end += named.end()
                    yield f"Pillar {roman} ({names[roman]})", sentence, start, end


# Headings


def _headings(scene: Scene, subjects: Subjects) -> Iterator[tuple[str, Sentence, int, int]]:
    """A report with a section for each subject: short lines with paragraphs below."""
    found = []
    for sentence, below in itertools.pairwise(scene.body):
        block = scene.passages.blocks[sentence.block]
        if (
            (block.start, block.end) == (sentence.start, sentence.end)
            and block.kind == "paragraph"
            and len(sentence.words) <= 70
            and re.fullmatch(r"[A-Z][^.:;!?]*", sentence.words)
            and below.words.endswith(".")
        ):
            found.append(sentence)
    known = [bool(subjects.form.match(sentence.words)) for sentence in found]
    if sum(known) < 3:
        return
    # What no table knows is a subject as well if it heads a section after one.
    for sentence in found[known.index(True) :]:
        yield collapsed(sentence.words), sentence, 0, len(sentence.words)


# Bulleted and numbered


def _bullets(scene: Scene, subjects: Subjects) -> Iterator[tuple[str, Sentence, int, int]]:
    """Items below a line that leads them in; at least some are known subjects."""
    run: list[Sentence] = []
    runs: list[list[Sentence]] = []
    led = False
    previous: Sentence | None = None
    for sentence in scene.body:
        if scene.passages.kind_of(sentence) == "item":
            if not run:
                led = bool(previous and LED_BY_COLON.search(previous.words)) or bool(
                    re.search(
                        r"(?i:chapters|areas|topics|subjects)", scene.passages.heading_of(sentence)
                    )
                )
            if led and _starts_item(scene, sentence):
                run.append(sentence)
        else:
            if run:
                runs.append(run)
            run = []
            previous = sentence
    if run:
        runs.append(run)
    for items in runs:
        if len(items) == 1 and len(NUMBERS.findall(items[0].words)) > 1:
            continue
        known = sum(bool(subjects.form.search(item.words)) for item in items)
        if known * 3 < len(items) or len(items) < 2 or max(len(i.words) for i in items) > 160:
            continue
        for item in items:
            marker = BULLET.match(item.words)
            start = marker.end() if marker else 0
            text = re.sub(r"(?:[;,.]?\s*(?:and)?|[;,.])\s*$", "", item.words[start:])
            text = re.split(r"\s*[:]\s", text)[0]
            if text:
                yield collapsed(text), item, start, start + len(text)


def _starts_item(scene: Scene, sentence: Sentence) -> bool:
    return scene.passages.blocks[sentence.block].start == sentence.start


def _lists(
    scene: Scene, subjects: Subjects, bodies_at: list[int]
) -> Iterator[tuple[str, Sentence, int, int]]:
    for sentence in scene.body:
        text = sentence.words
        if len(NUMBERS.findall(text)) >= 3:
            yield from _numbered(sentence)
            continue
        if scene.role(sentence) != "current" or NOT_CURRENT.search(text):
            continue
        if any(sentence.start <= start < sentence.end for start in bodies_at):
            continue
        # What is still to come was no subject of what has been; of a launch it is.
        if scene.tense == "past" and scene.kind not in ("launch", "mandate") and direction(text):
            continue
        if _is_of_another_event(scene, sentence):
            continue
        yield from _inline(sentence, subjects)


def _is_of_another_event(scene: Scene, sentence: Sentence) -> bool:
    # "discussed goods, and agreed to meet again in October": those days are not of the list.
    here = [m for m in scene.days_in(sentence) if " agreed to " not in m.before]
    return bool(here) and all(m.role in ("previous", "next", "other") for m in here)


def _background(scene: Scene, subjects: Subjects) -> Iterator[tuple[str, Sentence, int, int]]:
    """Where the meeting names none: those of the mandate, if the text lists them."""
    for sentence in scene.body:
        if scene.role(sentence) == "next" or NOT_CURRENT.search(sentence.words):
            continue
        if re.search(
            r"(?i:mandate|agreements?\s+on|negotiations\s+(?:on|cover)|cover|launch|scope|"
            r"areas|chapters)",
            sentence.words,
        ):
            found = list(_inline(sentence, subjects))
            if len(found) >= 3:
                yield from found
                return


def _numbered(sentence: Sentence) -> Iterator[tuple[str, Sentence, int, int]]:
    marks = list(NUMBERS.finditer(sentence.words))
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        end = following.start() if following else len(sentence.words)
        text = re.sub(r"(?:[;,.]?\s*(?:and)?\s*|[;,.]\s*)$", "", sentence.words[mark.end() : end])
        if text:
            yield collapsed(text), sentence, mark.end(), mark.end() + len(text)


SEPARATOR = re.compile(
    r"\s*[,;]\s+(?:and\s+|as\s+well\s+as\s+|or\s+)?|\s+and\s+|\s+as\s+well\s+as\s+"
)


def _inline(sentence: Sentence, subjects: Subjects) -> Iterator[tuple[str, Sentence, int, int]]:
    """A list of at least two known subjects in a row, with what stands between."""
    text = sentence.words
    hits = [
        hit
        for hit in subjects.form.finditer(text)
        # What a minister is quoted with is no agenda; "Trade and Investment Partnership" is a case.
        if text.count('"', 0, hit.start()) % 2 == 0
        and not re.match(
            r"\s+(?:and\s+\w+\s+)?(?:Partnership|Agreement|Framework|Initiative|Council|"
            r"Committee|Ministry|Minister|Department|agreement|partnership)\b",
            text[hit.end() :],
        )
        and not re.search(
            r"(?:Minister|Ministry|Department|Secretary|Commissioner|Agency)\s+(?:of|"
            r"for)\s+(?:\w+,?\s+(?:and\s+)?)?$|"
            r"\b(?:Agreement|Initiative|Framework|Partnership)\s+on\s+"
            r"(?:[A-Z]\w+,?\s+(?:and\s+)?){0,4}$",
            text[: hit.start()],
        )
    ]
    if len(hits) < 2 and not (hits and LEAD_IN.search(text[: hits[0].start()])):
        return
    groups: list[list[re.Match[str]]] = []
    for hit in hits:
        if groups and _is_gap(text[groups[-1][-1].end() : hit.start()]):
            groups[-1].append(hit)
        else:
            groups.append([hit])
    for group in groups:
        before = text[: group[0].start()]
        led = LEAD_IN.search(before[-160:]) or re.search(r":\s*$", before)
        behind = re.match(
            r"[^.;]{0,60}\b(?:on\s+the\s+(?:table|agenda)|(?:were|was|are|"
            r"will\s+be)\s+(?:\w+\s+){0,3}(?:discussed|covered|addressed|among|closed|"
            r"concluded|the\s+(?:main\s+)?(?:topics|subjects)))",
            text[group[-1].end() :],
        )
        if len(group) < 2 and not (
            led
            and re.search(
                r"(?i:topics?|chapters?|subjects?|agenda|areas|progress|proposed\s+texts?|"
                r"discuss|focus)",
                before[-90:],
            )
        ):
            continue
        if len(group) < 3 and not (led or behind):
            continue
        yield from _items(sentence, group, subjects, _end_of_list(text, group))


AND_LAST = re.compile(
    r"(?:,\s+[a-z][\w-]*(?:\s+[\w-]+){0,2}){0,3},?\s+and\s+[a-z][\w-]*(?:\s+(?!and\b)[\w-]+){0,3}"
    r"(?=[.;]|$|,\s+(?:which|with|as)\b)"
)
NO_SUBJECT = re.compile(
    r"\b(?:will|were|was|is|are|to|that|which|who|with|agreed|held|met|made|exchanged|reached|both|"
    r"they|their|its|next|others?|more|further|including|well|so)\b"
)


def _end_of_list(text: str, group: list[re.Match[str]]) -> int:
    """``goods, digital trade and whaling``: a list ends behind its "and", known or not."""
    end = group[-1].end()
    gaps = [text[a.end() : b.start()] for a, b in itertools.pairwise(group)]
    if any(re.search(r"\band\b", gap) for gap in gaps):
        return end
    found = AND_LAST.match(text, end)
    return found.end() if found and not NO_SUBJECT.search(found[0]) else end


def _is_gap(between: str) -> bool:
    """What may stand between two subjects of one list: a separator, and few words."""
    if between.strip() == "including":
        return True
    if len(between) > 90 or re.search(
        r"[.:()]|\b(?:which|who|will|was|were|has|had|agreed|met|led)\b", between
    ):
        return False
    return bool(re.search(r",|;|\band\b|\bas well as\b|&|/", between)) or between.strip() == ""


def _items(
    sentence: Sentence, group: list[re.Match[str]], subjects: Subjects, last: int
) -> Iterator[tuple[str, Sentence, int, int]]:
    """Cut the run at its commas, and at an "and" between two subjects."""
    text = sentence.words
    first = group[0].start()
    if text[first:last].count(";") >= 2:
        yield from _semicolons(sentence, first, last, subjects)
        return
    pieces: list[tuple[int, int]] = []
    position = first
    for separator in SEPARATOR.finditer(text, first, last):
        inside = any(
            hit.start() < separator.start() and separator.end() <= hit.end() for hit in group
        )
        if inside:
            continue
        if separator[0].strip() in ("and", "as well as"):
            left = text[position : separator.start()]
            right_end = next(
                (
                    s.start()
                    for s in SEPARATOR.finditer(text, separator.end(), last)
                    if s[0].strip() != "and"
                ),
                last,
            )
            right = text[separator.end() : right_end]
            if not (subjects.form.search(left) and subjects.form.search(right)) and not _alone(
                text, separator, last
            ):
                continue
            if _is_one(text, position, separator, right_end, last, subjects):
                continue
        pieces.append((position, separator.start()))
        position = separator.end()
    pieces.append((position, last))
    for start, end in pieces:
        yield from _item(sentence, start, end, subjects)


def _semicolons(
    sentence: Sentence, first: int, last: int, subjects: Subjects
) -> Iterator[tuple[str, Sentence, int, int]]:
    """Where semicolons part the items, all between two of them is one."""
    end = re.search(r"[.;](?:\s|$)|$", sentence.words[last:])
    position = first
    for piece in sentence.words[first : last + (end.start() if end else 0)].split(";"):
        bare = re.sub(r"^\s*(?:and\s+)?(?:the\s+)?", "", piece)
        start = position + len(piece) - len(bare)
        if bare.strip():
            yield from _item(sentence, start, start + len(bare.rstrip()), subjects)
        position += len(piece) + 1


def _alone(text: str, separator: re.Match[str], last: int) -> bool:
    return not re.search(r",", text[separator.end() : last])


def _is_one(
    text: str,
    position: int,
    separator: re.Match[str],
    right_end: int,
    last: int,
    subjects: Subjects,
) -> bool:
    """``energy and raw materials, and ...``: before a last ", and" an inner "and" joins."""
    oxford = re.search(r",\s+and\s", text[separator.end() : last + 1])
    return bool(oxford) and not (
        subjects.whole.fullmatch(text[position : separator.start()].strip())
        and subjects.whole.fullmatch(text[separator.end() : right_end].strip())
    )


def _item(
    sentence: Sentence, start: int, end: int, subjects: Subjects
) -> Iterator[tuple[str, Sentence, int, int]]:
    text = sentence.words[start:end]
    start += len(text) - len(text.lstrip())
    text = text.strip(" ,;")
    bare = re.sub(r"^(?:the|on|and|in|of)\s+", "", text)
    start += len(text) - len(bare)
    for words, parts in subjects.joint.items():
        if re.fullmatch(words, subjects.verbs.sub("", bare).lower()):
            for part in parts:
                yield part, sentence, start, start + len(bare)
            return
    known = list(subjects.form.finditer(bare))
    if not known:
        if (
            len(bare.split()) <= 6
            and bare
            and not re.search(r"\b(?:their|its|our|both|to)\b", bare)
        ):
            yield collapsed(bare), sentence, start, start + len(bare)
        return
    gaps = [bare[a.end() : b.start()] for a, b in itertools.pairwise(known)]
    if not "".join(gaps).strip() and (known[0].start(), known[-1].end()) == (0, len(bare)):
        # "digital services": two words of the table that are one subject.
        yield collapsed(bare), sentence, start, start + len(bare)
        return
    if " including " in bare and len(bare.split()) <= 9:
        yield collapsed(bare), sentence, start, start + len(bare)
        return
    if (
        subjects.verbs.match(bare)
        or len(bare.split()) > 9
        or (len(known) > 1 and not subjects.whole.fullmatch(bare))
    ):
        for hit in known:
            name = re.sub(r"^(?i:the)\s+", "", hit[0])
            yield collapsed(name), sentence, start + hit.end() - len(name), start + hit.end()
        return
    yield collapsed(bare), sentence, start, start + len(bare)


# Chinese


HAN_SIGN = r"(?:、|以及|及|與|和)"
# A subject that no table knows stands in a list between two that are known, or ends it.
HAN_BETWEEN = re.compile(r"(?:、|以及|及)(?P<name>[\u3400-\u9fff]{2,12})(?:、|以及|及)")
HAN_LAST = re.compile(
    rf"{HAN_SIGN}(?P<name>(?!其他|相關)[\u3400-\u9fff]{{2,12}}?)"
    r"(?=等|議題|領域|章節|文本|[一二三四五六七八九十\d]+[項個大])"
)
HAN_LED = re.compile(r"議題|領域|章節|文本|包括|涵蓋|就|針對|討論|聚焦")
HAN_LISTED = re.compile(r"[、及與和等，」]|以及|領域|議題|章節|[一二三四五六七八九十\d]+[項個大]|$")


def _han(scene: Scene, subjects: Subjects) -> Iterator[tuple[str, Sentence, int, int]]:
    """Those of the meeting; where it names none, those of what was before."""
    able = [one for one in scene.body if scene.role(one) != "next" and HAN_LED.search(one.words)]
    apart = [one for one in able if _is_of_another_event(scene, one)]
    found = [each for one in able if one not in apart for each in _han_list(one, subjects)]
    if not found and scene.is_event:
        # What was signed or launched leads to talks on these.
        able = [one for one in scene.body if HAN_LED.search(one.words)]
        found = [each for one in able for each in _han_list(one, subjects)]
    yield from found or [each for one in apart for each in _han_list(one, subjects)]


def _han_list(sentence: Sentence, subjects: Subjects) -> Iterator[tuple[str, Sentence, int, int]]:
    text = sentence.words
    listed = [
        hit
        for hit in subjects.han.finditer(text)
        if HAN_LISTED.match(text, hit.end())
        or re.search(rf"{HAN_SIGN}$", text[max(0, hit.start() - 2) : hit.start()])
    ]
    if len(listed) < 2:
        return
    for hit, following in zip(listed, [*listed[1:], None], strict=True):
        yield hit[0], sentence, hit.start(), hit.end()
        end = following.start() if following else len(text)
        unknown = HAN_BETWEEN.fullmatch(text, hit.end(), end) or HAN_LAST.match(text, hit.end())
        if unknown and unknown.end("name") <= end:
            yield unknown["name"], sentence, *unknown.span("name")
