"""Rounds as they are numbered and called."""

import re

from rounds.intake import han_dates
from rounds.intake.passages import collapsed
from rounds.intake.tables import Pattern, table

ORDINALS = {word: number for number, word in enumerate(table("words")["ordinals"], 1)}
CARDINALS = {word: number for number, word in enumerate(table("words")["cardinals"], 1)}
ROMANS = {word: number for number, word in enumerate(table("words")["romans"], 1)}
ORDINAL = rf"(?P<nth>(?i:{'|'.join(ORDINALS)})|\d{{1,2}}(?:st|nd|rd|th))"
# Between the ordinal and "round": the name of the case may stand there, another clause may not.
WITHIN = (
    r"(?:\s+(?!(?:to|will|was|were|is|has|had|hold|held|met|time|day|week|half|batch|phase|"
    r"agreement|of|for|and|in|on|at|with|since)(?![\w-]))[\w().'/&-]+){0,9}?"
)
NUMBERED = (
    Pattern(
        "ordinal",
        re.compile(rf"\b{ORDINAL}(?P<within>{WITHIN})\s+(?P<noun>[Rr]ound)\b(?!-?\s?table)"),
        "the sixth negotiating round",
        "6",
    ),
    Pattern(
        "number behind",
        re.compile(
            r"\b[Rr]ound\s+(?P<n>\d{1,2}|(?i:one|two|three|four|five|six|seven|eight|nine|"
            r"ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen)|[IVX]{1,4})\b"
        ),
        "Round two of negotiations",
        "2",
    ),
    Pattern(
        "in Chinese",
        re.compile(
            r"(?:第\s?(?P<han>\d{1,2}|[一二三四五六七八九十]{1,3})\s?|"
            r"(?P<first>首))(?P<within>[^,。,、]{0,6}?)(?:輪|回合)"
        ),
        "第二輪談判",
        "2",
    ),
)
ADJECTIVES = re.compile(
    r"\b(?:special|formal|official|in-person|face-to-face|virtual|hybrid|physical|full|negotiating|"
    r"negotiation|plenary|final|latest|scoping|technical|preliminary|inaugural|"
    r"extraordinary|additional|"
    r"intersessional)\b",
    re.I,
)
LABELLED = re.compile(
    r"\b(?:(?i:special|latest|final|negotiating|negotiation|in-person|virtual|hybrid|plenary|"
    r"intersessional|inaugural|another|additional)\s+){1,4}[Rr]ounds?\b"
)
HAN_LABEL = re.compile(
    r"(?:第\s?(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s?|首)(?:次|輪|回合)(?:實體|視訊|"
    r"線上)?(?:談判|會議|協商|諮商|會談)(?:回合|會議)?"
)


def number_of(match: re.Match[str]) -> int | None:
    groups = match.groupdict()
    if nth := groups.get("nth"):
        return ORDINALS.get(nth.lower()) or int(re.sub(r"\D", "", nth))
    if n := groups.get("n"):
        return int(n) if n.isdigit() else CARDINALS.get(n.lower()) or ROMANS.get(n)
    if groups.get("first"):
        return 1
    return han_dates.number(groups["han"])


def numbers_in(words: str) -> list[tuple[int, re.Match[str]]]:
    found = [
        (number, match)
        for pattern in NUMBERED
        for match in pattern.form.finditer(words)
        if (number := number_of(match))
    ]
    return sorted(found, key=lambda one: one[1].start())


def label(match: re.Match[str]) -> str:
    groups = match.groupdict()
    if not groups.get("nth"):
        return collapsed(match[0])
    kept = ADJECTIVES.findall(groups.get("within") or "")
    return " ".join([match["nth"], *kept, match["noun"]])
