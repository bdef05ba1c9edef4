"""Bodies that take part, and for which side."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from rounds.intake.draft import Confidence, Draft
from rounds.intake.passages import Sentence, collapsed
from rounds.intake.people import Person
from rounds.intake.scene import Scene
from rounds.intake.tables import (
    Body,
    alternation,
    bodies,
    party_adjectives,
    party_names,
    party_of,
    side_form,
)

NOUN = (
    r"(?:Department|Ministry|Office|Bureau|Agency|Administration|Council|"
    r"Commission|Secretariat|Institute|Authority|Committee|Board|Directorate(?:[ "
    r"-]General)?|Service)"
)
WORD = r"(?:[A-Z][\w'-]*|U\.S\.)"
FORMED = re.compile(
    rf"(?:{WORD}\s+){{0,4}}?{NOUN}\s+(?:of|for|on)\s+(?:the\s+)?{WORD}(?:(?:,\s+|"
    rf"\s+and\s+|,\s+and\s+|\s+&\s+|\s+of\s+(?:the\s+)?|\s+for\s+|"
    rf"\s+){WORD}){{0,6}}"
)
# "Kenya Revenue Authority": named by where it is and what it does.
SIDE = alternation([*party_names(), *party_adjectives()])
PLACED = re.compile(
    rf"(?<![\w.])(?P<side>{SIDE})\s+(?:[A-Z][\w'-]*\s+|and\s+){{1,3}}"
    r"(?:Authority|Agency|Administration|Service|Services|Bureau|Institute|Bank|Force|"
    r"Corporation|Commission|Department|Ministry|Board)\b(?!\s+(?:of|for)\b)"
)
PLURAL = re.compile(
    rf"\b(?P<noun>Departments|"
    rf"Ministries)\s+of\s+(?P<list>(?:the\s+)?{WORD}(?:\s+{WORD}|"
    rf"\s+and\s+{WORD}(?=,))*(?:,\s+(?:and\s+)?(?:the\s+)?(?!U\.S\.){WORD}(?:\s+(?!and\b){WORD}"
    rf")*)*(?:,?\s+and\s+(?:the\s+)?(?!U\.S\.){WORD}(?:\s+{WORD})*)?)"
)
KNOWN = re.compile(rf"(?<![\w-])(?:{alternation(bodies())})(?![\w])")
TAKES_PART = re.compile(
    r"(?i:\bdelegat(?:ion|es)\b|\bmembers?\s+(?:will\s+)?(?:come|came|are|were|"
    r"includ)|\bmembers\b|officials\s+(?:from|of)|representatives\s+(?:from|of)|"
    r"representation\s+from|experts\s+(?:from|of)|"
    r"\btook\s+part\b|\btake\s+part\b|\btakes\s+part\b|\bparticipat\w+|"
    r"\battend\w*|\bhosted\b|\bhosts\b|\bjoined\b|\bcomprised?\b|\bconsisted\b|"
    r"\bled\s+by\b|\bheaded\s+by\b|\bwas\s+in\b|\bled\s+the\b|\blead\s+the\b|"
    r"\brepresented\s+(?:by|were)\b|\b(?:was|were)\s+(?:also\s+)?represented\b|\bdelegations\b|"
    r"\bteams?\s+(?:includ|compris|consist|"
    r"drawn)|\bdrawn\s+from\b|\baccompanied\s+by\b)"
)
AUSPICES = re.compile(
    r"(?i:under\s+the\s+auspices\s+of|on\s+behalf\s+of|"
    r"designated\s+representatives?\s+of|\bat)\s+(?:the\s+)?$"
)
UNNAMED = re.compile(
    r"(?i:(?:several|various|many|a\s+number\s+of|"
    r"a\s+range\s+of)?\s*other\s+(?:U\.S\.\s+|US\s+|relevant\s+|government\s+|"
    r"federal\s+)*(?:government\s+)?(?:agencies|"
    r"ministries(?:\s+and\s+(?:departments|agencies))?|departments)|(?:several|"
    r"various|relevant|multiple)\s+(?:U\.S\.\s+|government\s+)*(?:agencies|"
    r"ministries|departments))"
)


DELEGATION = re.compile(
    r"(?P<p>[A-Z][\w.]*(?: [A-Z][\w.]+)?)(?:'s|"
    r"s')?\s+(?:\w+-?\w*\s+)?(?:delegation|side|team|delegates)\b|"
    r"(?:took\s+part|participated|attended)\s+for\s+(?:the\s+)?(?P<f>[A-Z][\w.]*(?: [A-Z]\w+)?)"
)


# "Ambassador Roe of the Swiss State Secretariat headed the delegation": where she works.
EMPLOYER = re.compile(r"[A-Z][\w'-]+ [A-Z][\w'-]+ (?:of|from) (?:the )?(?:[A-Z]\w+ )?$")
LEADING = re.compile(r"\b(?:headed|led|heads|leads|head|lead)\b")


# "the Office (USTR) and the Department of Commerce": of one side.
TOGETHER = re.compile(r"(?:\s\([A-Z]{2,8}\))?,?\s+(?:and\s+)?(?:the\s+)?")
SPEAKS = re.compile(
    r"(?:\s\([^)]{2,12}\))?(?:\s+and\s+[^;,]{3,60}?)?,?\s+(?:today\s+)?(?:announced|said|stated|"
    r"released|issued|published|reported)\b"
)


SPEAKS_LATER = re.compile(
    rf"(?:The\s+)?{NOUN}\s+(?:of|for)\b[^.;]{{0,120}}\s(?:announced|said|stated|reported)\s+that\b"
)


@dataclass
class Named:
    name: str
    party: str | None
    start: int
    end: int


def read_agencies(scene: Scene, draft: Draft, everyone: list[Person], side: str | None) -> None:
    titles: dict[int, list[tuple[int, int]]] = {}
    for person in everyone:
        parts = [part for part in (person.before, person.behind) if part]
        titles.setdefault(person.sentence.start, []).extend(parts)
    found: list[Named] = []
    for sentence in scene.body:
        if not TAKES_PART.search(sentence.words) or not _is_of_now(scene, sentence):
            continue
        for body in _taking_part(sentence, titles.get(sentence.start, []), scene, side):
            # The same body is named again, perhaps without its side.
            if any(
                one.name == body.name
                and (one.party == body.party or None in (one.party, body.party))
                for one in found
            ):
                continue
            found.append(body)
            draft.add(
                "agencies",
                {"name": body.name, "party": body.party},
                [sentence.span(body.start, body.end)],
                "takes part, leads or hosts",
                Confidence.HIGH if body.party else Confidence.MEDIUM,
            )
        other = UNNAMED.search(sentence.words)
        if other and not draft.first("agencies.unnamed"):
            draft.add(
                "agencies.unnamed",
                collapsed(other[0]),
                [sentence.span(*other.span())],
                "named only so",
            )


def _taking_part(
    sentence: Sentence, titles: list[tuple[int, int]], scene: Scene, side: str | None
) -> Iterator[Named]:
    """Bodies of this sentence with their side, but for those that are named for something else."""
    words = sentence.words
    before_it: Named | None = None
    for body in sorted(named_in(words), key=lambda one: one.start):
        in_a_title = any(first <= body.start < last for first, last in titles)
        if in_a_title or _is_named_aside(words, body):
            continue
        party = body.party or _near_side(words, body.start)
        party = party or _side_of(sentence, scene, side, body.start)
        if before_it and party is None and TOGETHER.fullmatch(words, before_it.end, body.start):
            party = before_it.party
        before_it = replace(body, party=party)
        yield before_it


def _is_named_aside(words: str, body: Named) -> bool:
    before = words[max(0, body.start - 60) : body.start]
    return bool(
        # "the Executive Yuan's Office": what is named is the office.
        words.startswith(("'s ", "-"), body.end)
        # "the American Institute in Taiwan (AIT)": the same again.
        or before.endswith("(")
        or SPEAKS.match(words, body.end)
        or (body.start < 120 and SPEAKS_LATER.match(words))
        or (EMPLOYER.search(before) and LEADING.search(words))
        or AUSPICES.search(before)
        or _joined_to_auspices(words, body.start)
    )


def _is_of_now(scene: Scene, sentence: Sentence) -> bool:
    return scene.role(sentence) not in ("next", "previous") and not _of_the_past(scene, sentence)


def _of_the_past(scene: Scene, sentence: Sentence) -> bool:
    """Every day in it belongs to something else."""
    days = [m for m in scene.days_in(sentence) if m.role != "release"]
    return bool(days) and all(m.role in ("previous", "next", "other") for m in days)


def _joined_to_auspices(words: str, position: int) -> bool:
    """The second of two bodies under whose auspices something is held."""
    start = re.search(r"(?i:under\s+the\s+auspices\s+of)", words[:position])
    if not start:
        return False
    return not re.search(
        r"[;.]|,\s|\b(?:led|headed|will|includ|from|members)\b", words[start.end() : position]
    )


def named_in(text: str) -> Iterator[Named]:
    """Bodies by name, by a plural for many, or by their form."""
    taken: list[tuple[int, int]] = []
    for found in PLURAL.finditer(text):
        noun = "Department" if found["noun"] == "Departments" else "Ministry"
        for name, start, end in _listed(found, noun):
            known = bodies().get(name)
            yield Named(
                known.name if known and known.name.startswith("Department of the") else name,
                known.party if known else None,
                start,
                end,
            )
        taken.append(found.span())
    for match in KNOWN.finditer(text):
        if any(first <= match.start() < last for first, last in taken):
            continue
        body = bodies()[collapsed(match[0])]
        if _continues(text, match):
            continue
        taken.append(match.span())
        yield Named(_as_written(text, match, body), body.party, match.start(), match.end())
    for match in PLACED.finditer(text):
        if not any(first < match.end() and match.start() < last for first, last in taken):
            taken.append(match.span())
            yield Named(collapsed(match[0]), party_of(match["side"]), *match.span())
    for match in FORMED.finditer(text):
        start, end = match.start(), match.end()
        if any(first < end and start < last for first, last in taken):
            continue
        name, start, end, owner = _formed(text, match)
        taken.append((start, end))
        yield Named(name, owner, start, end)


def _continues(text: str, match: re.Match[str]) -> bool:
    """``Ministry of Trade and Industry and Energy``: a longer name begins like a known one."""
    behind = text[match.end() : match.end() + 30]
    return (
        bool(re.match(r",\s+[A-Z]\w+\s+and\s+[A-Z]\w+(?!\s+of)", behind))
        and " of " in match[0]
        and "," not in match[0]
        and not re.match(r",\s+(?:Department|Ministry|Office|the)\b", behind)
        and match[0].startswith("Ministry")
    )


def _as_written(text: str, match: re.Match[str], body: Body) -> str:
    written = collapsed(match[0])
    # An abbreviation stands for the name; another spelling stays as it is written.
    if written == body.abbreviation or "Trade Representative" in body.name:
        return body.name
    return written


def _formed(text: str, match: re.Match[str]) -> tuple[str, int, int, str | None]:
    start, end = match.span()
    name = collapsed(match[0])
    owner = None
    noun = re.search(NOUN, name)
    before = name[: noun.start()] if noun else ""
    if before:
        side = side_form().match(before.strip())
        if side and before.strip() in (side[0], f"{side[0]}'s"):
            owner = party_of(side[0])
            name = name[len(before) :]
            start += len(match[0]) - len(match[0][len(before) :])
    # "Ministry of Trade, Korea's Ministry of ...": the next one is another.
    again = re.search(rf",?\s+(?:and\s+)?(?:the\s+)?{NOUN}\s+(?:of|for)\b", name[12:])
    if again:
        end = start + 12 + again.start()
        name = name[: 12 + again.start()]
    tail = re.search(r"\s+of\s+(?:the\s+)?(?P<p>[A-Z][\w ]+)$", name)
    if tail and party_of(tail["p"]):
        owner = party_of(tail["p"])
    return name, start, end, owner


def _listed(found: re.Match[str], noun: str) -> Iterator[tuple[str, int, int]]:
    offset = found.start("list")
    for item in re.finditer(
        r"(?:the\s+)?(?P<name>[A-Z][\w'-]*(?:\s+(?!and\b)[A-Z][\w'-]*)*)", found["list"]
    ):
        name = f"{noun} of {item['name']}"
        if f"{noun} of the {item['name']}" in bodies():
            name = f"{noun} of the {item['name']}"
        yield name, offset + item.start(), offset + item.end()


def _near_side(text: str, position: int) -> str | None:
    """``India's Ministry``, ``the U.S. Department``: whose, by the word before."""
    before = re.search(
        r"([A-Z][\w.]*(?:\s[A-Z]\w+)?)(?:'s?)?\s+$", text[max(0, position - 30) : position]
    )
    if not before:
        return None
    return party_of(before[1]) or party_of(before[1].split()[-1])


PARTED = re.compile(r";|,?\s+(?:while|whereas)\b")


def _part(words: str, position: int) -> str:
    """The part of a sentence on two sides that holds this place."""
    first, last = 0, len(words)
    for found in PARTED.finditer(words):
        if found.end() <= position:
            first = found.end()
        elif found.start() >= position:
            last = found.start()
            break
    return words[first:last]


def _side_of(sentence: Sentence, scene: Scene, side: str | None, at: int) -> str | None:
    """Whose delegation this part of the sentence, or a sentence before it, speaks of."""
    position = scene.place(sentence)
    before = [one.words for one in scene.body[max(0, position - 2) : position][::-1]]
    for text in (_part(sentence.words, at), sentence.words, *before):
        sides = set()
        for found in DELEGATION.finditer(text):
            name = found["p"] or found["f"]
            party = party_of(name) or party_of(name.split()[-1])
            if party:
                sides.add(party)
        if len(sides) == 1:
            return sides.pop()
        if sides:
            return None
    return side if re.search(r"\b(?:our|Our)\b", sentence.words) else None
