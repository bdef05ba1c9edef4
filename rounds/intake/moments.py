"""The days that a text names, each weighed by the words around it.

A release names several events. Each day in it is weighed: is it of the meeting itself, of an
earlier or a later one, of a plan that was given up, of something else?
"""

import re

from rounds.intake import dates, han_dates
from rounds.intake.cues import (
    AFTER,
    AT_IT,
    ENDS,
    EVENT_VERBS,
    FOR_TALKS,
    FUTURE,
    HELD,
    ITS_OWN_NEXT,
    LAUNCHED,
    MEETS,
    NEXT,
    OTHER,
    PAST,
    PREVIOUS,
    SINCE_THEN,
    TRAVELS,
    background_before,
    direction,
)
from rounds.intake.dates import When
from rounds.intake.numbering import numbers_in
from rounds.intake.passages import HAN
from rounds.intake.scene import EVENTS, Moment, Scene


def sort_sentences(scene: Scene) -> None:
    """Which sentences speak of the meeting itself."""
    is_about_next = bool(scene.titles and ITS_OWN_NEXT.search(scene.titles[0].words))
    lead = scene.body[:1]
    for sentence in scene.body:
        # "After the third round, there was progress": what follows the comma is told.
        words = sentence.words[background_before(sentence.words) :]
        # "discussed goods, and agreed to hold the second round": it tells of this one.
        words = re.split(r"[,\s]\s*and\s+agreed\s+to\b", words)[0]
        role = "current"
        numbers = [n for n, _ in numbers_in(words)]
        background = scene.passages.heading_of(sentence) in (
            "background",
            "context",
            "background information",
        )
        if scene.number and numbers and scene.number not in numbers:
            role = "next" if min(numbers) > scene.number else "previous"
            if max(numbers) > scene.number > min(numbers):
                role = "previous"
        elif NEXT.search(words) and not (
            sentence in lead and (is_about_next or not PAST.search(words))
        ):
            told = PAST.search(words) and not re.search(r"(?i:agreed|scheduled|plan)", words)
            role = "previous" if told and not FUTURE.search(words) else "next"
            if sentence in lead:
                role = "current"
        elif (PREVIOUS.search(words) and sentence not in lead) or background:
            role = "previous"
        if sentence in lead and role != "next":
            role = "current"
        scene.roles[sentence.start] = role


CUTS = re.compile(
    r";|\s\((?![A-Z][\w-]{1,9}\))|(?<![A-Z]{2})\)|:\s|,?\s+(?:\bfollowing(?:\s+the)?\b|"
    r"\bfollows\b|\bafter\b|"
    r"\bbuilding\s+on\b|\bahead\s+of\b|\bprior\s+to\b|"
    r"\bsince\b|\bwhile\b)|,\s+(?:begun|started|opened|launched|signed)\b|,\s+(?:which|where|"
    r"with\s+the\s+(?:next|\w+(?:st|nd|rd|"
    r"th))\b|and\s+(?:the\s+)?(?:next|second|third|fourth|fifth|sixth|seventh|"
    r"eighth)\b|"
    r"when|as\s+well\s+as|having|before|according|whereas|but)|"
    r"\band\s+the\s+(?:first|second|third|fourth|fifth|sixth|next)\b|，"
)
# "the fourth since last July, came to an end today": what came before ends at the comma.
BACKGROUND = re.compile(r"\W*(?:following|follows|after|since|building\s+on|further\s+to)\b")
RESUMES = re.compile(
    r",\s+(?=(?:came|was|were|took|ended|concluded|opened|closed|wrapped|drew|met)\b)"
)
GOES_ON = re.compile(
    r",\s+(?=(?:entered|enters|came|comes|takes|took|has|have|is|are|was|were|will|ended|opened|"
    r"concluded)\b)"
)
# A clause reaches no further than this from the days it holds.
NEAR = 300


def _clause(words: str, start: int, end: int) -> tuple[str, str]:
    """The part of the sentence that holds these days, and what stands in it before them."""
    first, last = max(0, start - NEAR), min(len(words), end + NEAR)
    if first:
        first = words.find(" ", first, start) + 1 or first
    is_aside = False
    for found in CUTS.finditer(words, first, last):
        if found.end() <= start:
            # "after" and its like belong to what they lead.
            first = found.start() if found[0].strip(" ,") else found.end()
            is_aside = found[0].strip(" ,") in ("which", "where")
        elif found.start() >= end:
            last = found.start()
            break
    told = background_before(words)
    if first < told <= start:
        first = told
    resumes = None
    if BACKGROUND.match(words, first):
        resumes = RESUMES.search(words, first, last)
    elif is_aside:
        # "The agreement, which was signed on 14 May, entered into force today"
        resumes = GOES_ON.search(words, first + 2, last)
    if resumes:
        if resumes.end() <= start:
            first = resumes.end()
        elif resumes.start() >= end:
            last = resumes.start()
    return words[first:last], words[first:start]


def read_moments(scene: Scene) -> None:
    for sentence in scene.ranked:
        found: list[tuple[When, int, int, str]] = []
        if HAN.search(sentence.words):
            forward = direction(sentence.words)
            for when, start, end in han_dates.read(sentence.words, scene.calendar, forward):
                found.append((when, start, end, "han"))
        else:
            for day in dates.between(sentence.words, dates.find(sentence.words)):
                clause, _ = _clause(sentence.words, day.start, day.end)
                for when in dates.place(day, scene.calendar, direction(clause)):
                    found.append((when, day.start, day.end, day.form))
        for when, start, end, form in found:
            clause, before = _clause(sentence.words, start, end)
            scene.moments.append(
                Moment(when, sentence.span(start, end), sentence, clause, before, form)
            )
    for moment in scene.moments:
        _weigh(scene, moment)


TOLD = re.compile(r"(?i:announc|said|issu|releas|publish|\bstat(?:ed|ing|ement)|說明|表示)")
HAN_TOLD = re.compile(r"表示|說明|指出|宣布|發布|公布")
# "met yesterday and announced": the day is that of the meeting.
TOLD_BEHIND = re.compile(rf"(?!,?\s+and\b).{{0,5}}{TOLD.pattern}", re.S)


def _weigh(scene: Scene, moment: Moment) -> None:
    clause = moment.clause
    title = scene.passages.kind_of(moment.sentence) == "title"
    place = scene.place(moment.sentence) if not title else 0
    score = 5 if title else max(0, 4 - place)
    score += {"day": 1, "week": 1}.get(moment.when.precision, -4)
    score += 2 * moment.when.is_range
    role = "current" if title else scene.role(moment.sentence)
    numbers = [n for n, _ in numbers_in(clause)]
    if scene.number and scene.number in numbers:
        role, score = "current", score + 2
    elif scene.number and numbers:
        role = "next" if min(numbers) > scene.number else "previous"
    elif role == "current" and NEXT.search(clause) and place > 0:
        role = "next" if direction(clause) is not False else "previous"
    position = moment.span.start - moment.sentence.start
    since = SINCE_THEN.search(moment.sentence.words[max(0, position - 60) : position])
    if not since and _is_before(scene, moment, role, place):
        role = "previous"
    if scene.is_event:
        _weigh_event(scene, moment, role, score)
        return
    if role == "current" and not since:
        score += 2 * bool(MEETS.search(clause)) + 2 * bool(HELD.search(clause))
        role = _role_beside(scene, moment, title)
    if scene.passages.heading_of(moment.sentence):
        score -= 4
    moment.role, moment.score = role, score


def _is_before(scene: Scene, moment: Moment, role: str, place: int) -> bool:
    """The clause tells of what came before the meeting."""
    clause = moment.clause
    if PREVIOUS.search(clause):
        return True
    if AFTER.match(clause.strip(" ,")):
        if place > 0 and scene.kind not in EVENTS:
            return True
        if re.search(r"round|meeting|talks|session|launch|sign", clause):
            return True
    # What ministers met for, or what was launched or signed, had its rounds.
    rounds = re.search(r"\brounds?\b|回合|輪談判", clause)
    apart = scene.kind in (*EVENTS, "ministerial") and moment.form != "relative day"
    return bool(rounds) and apart and role == "current"


def _role_beside(scene: Scene, moment: Moment, title: bool) -> str:
    """Days of a launch, a visit, a briefing or of the release itself are not the meeting's."""
    clause = moment.clause
    role = "current"
    round_told = re.search(r"\brounds?\b", clause)
    if LAUNCHED.search(clause) and not moment.when.is_range and not round_told:
        role = "previous"
    if OTHER.search(clause) and not (
        scene.kind == "stakeholder_event" or round_told or FOR_TALKS.search(clause)
    ):
        role = "other"
    if scene.kind == "ministerial" and TRAVELS.search(clause):
        role = "other"
    return "release" if _is_of_the_release(moment, title) else role


def _is_of_the_release(moment: Moment, title: bool) -> bool:
    """``announced today``; ``met today`` is the meeting."""
    words, clause = moment.sentence.words, moment.clause
    start = moment.span.start - moment.sentence.start
    end = moment.span.end - moment.sentence.start
    if moment.form in ("relative day", "week by name") and not title:
        # "ending today"
        if ENDS.search(words[max(0, start - 20) : start]):
            return False
        told = TOLD.search(words, max(0, start - 30), start) or TOLD_BEHIND.match(words, end)
        return bool(told or not HELD.search(clause)) and not AT_IT.search(clause)
    if moment.form == "han" and re.match(r"[今昨本](?!年)", words[start:]):
        return bool(HAN_TOLD.search(clause)) or not HELD.search(words)
    return False


def _weigh_event(scene: Scene, moment: Moment, role: str, score: int) -> None:
    verb = EVENT_VERBS[str(scene.kind)]
    # In Chinese the verb may stand clauses later; the only day of a sentence is that of its verb.
    days = scene.days_in(moment.sentence)
    is_near_one = any(verb.search(one.clause) for one in days)
    far = len(days) == 1 or (moment.form == "han" and not is_near_one)
    said = bool(verb.search(moment.sentence.words if far else moment.clause))
    if moment.when.is_range:
        role = "previous"
    elif role == "current" and not said:
        role = "other" if moment.form not in ("relative day",) else role
    elif role == "current":
        score += 3
    if scene.passages.heading_of(moment.sentence):
        score -= 4
    moment.role, moment.score = role, score
