"""What came before, with its dates; what is to come, in the words of the release."""

import re

from rounds.intake.cues import FUTURE, PAST, PREVIOUS
from rounds.intake.dates import When
from rounds.intake.draft import Confidence, Draft
from rounds.intake.numbering import numbers_in
from rounds.intake.passages import Sentence, collapsed
from rounds.intake.scene import Moment, Scene

GIVEN_UP = re.compile(
    r"(?i:first\s+planned|originally|initially|postponed|put\s+off|rescheduled)|原定"
)
STATISTICS = re.compile(
    r"(?i:\b(?:bilateral\s+trade|exports?|imports?|trade\s+(?:in\s+goods|flows?|"
    r"volume)|GDP|investment\s+stock|FDI)\b[^.]{0,80}(?:billion|million|trillion|"
    r"per\s+cent|percent|%)|(?:billion|million|%|"
    r"per\s+cent)\b[^.]{0,60}\b(?:exports|imports|trade)\b|financial\s+year|"
    r"\bworth\s+\W{0,4}\d|\b(?:in|over)\s+the\s+year\s+(?:to|ending)\b|"
    r"fiscal\s+year)"
)


def read_milestones(scene: Scene, draft: Draft) -> None:
    """Dated events other than the meeting, up to the release; and plans that were given up."""
    main = [moment.when for moment in scene.main]
    released = scene.calendar.released
    seen: set[str] = set()
    start = draft.value("meeting.start")
    for moment in scene.moments:
        when = moment.when
        if (
            when.precision not in ("day", "month")
            or moment in scene.main
            or moment.role == "release"
        ):
            continue
        if scene.passages.kind_of(moment.sentence) == "title":
            continue
        given_up = bool(GIVEN_UP.search(moment.clause))
        if _is_the_meeting(moment, main, start) and not given_up:
            continue
        if not given_up and not _is_past(scene, moment, released):
            continue
        if STATISTICS.search(moment.clause) or moment.form in ("week by name", "year by name"):
            continue
        if when.iso in seen or _is_the_release(moment, released):
            continue
        seen.add(when.iso)
        text = _text(moment)
        draft.add(
            "milestones",
            {"date": when.iso, "text": text},
            [moment.span, moment.sentence.whole],
            "an earlier plan" if given_up else "a dated event before the release",
            Confidence.HIGH if moment.when.precision == "day" else Confidence.MEDIUM,
        )


def _is_the_meeting(moment: Moment, main: list[When], start: str | None) -> bool:
    if start and moment.when.iso == start:
        return True
    return any(moment.when.overlaps(when) for when in main) and moment.role != "previous"


def _is_past(scene: Scene, moment: Moment, released) -> bool:  # type: ignore[no-untyped-def]
    if moment.role == "next":
        return False
    if released:
        if moment.when.precision == "month":
            return (
                moment.when.first <= released and moment.role != "current"
            ) or moment.when.until < released
        return moment.when.until <= released and (
            moment.when.until < released or moment.role == "previous"
        )
    first = scene.main[0].when.first if scene.main else None
    return bool(first and moment.when.first < first) or moment.role == "previous"


def _is_the_release(moment: Moment, released) -> bool:  # type: ignore[no-untyped-def]
    """``announced on March 18``, in a release of that day."""
    return moment.when.first == released and bool(
        re.search(r"(?i:announc|said|issu|releas|publish|stat)|說明|表示", moment.clause)
    )


def _text(moment: Moment) -> str:
    """The sentence, or the part of it about these days where it tells several."""
    words = collapsed(moment.sentence.words)
    clause = collapsed(moment.clause).strip(" ,;")
    return clause if len(words) > 160 and len(clause) > 25 else words


PROMISES = re.compile(
    r"(?i:\b(?:next|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|"
    r"\d{1,2}(?:st|nd|rd|th)|further|following|"
    r"subsequent)\s+(?:\w+[\w-]*\s+){0,4}(?:rounds?|meetings?|sessions?|talks)\b|"
    r"agreed\s+(?:with\s+[^.;]{2,30}?\s+)?(?:to(?!\s+(?:an?|the)\b)|on|that)\b|foreseen\s+for|"
    r"coming\s+(?:weeks|months)|"
    r"in\s+the\s+(?:weeks|"
    r"months)\s+ahead|continue[sd]?\s+(?:to\s+)?(?:work|negotiat|meet|their|"
    r"discuss|the)\w*|intersessional\w*|mean\s+to|look(?:s|ing)?\s+forward\s+to|"
    r"by\s+the\s+end\s+of|(?:is|are)\s+proposed\b|proposed\s+for|pencilled\s+in|(?:is|"
    r"are)\s+to\s+be\s+(?:held|hosted)\b|"
    r"\bmeet\s+(?:again\s+)?(?:on|in)\b|"
    r"\b(?:rounds?|meet|meetings?|talks)\b[^.;]{0,60}\bnext\s+(?:week|month|year)\b|"
    r"aim(?:s|ing)?\s+to|will\s+(?:take\s+stock|enter\s+into\s+force|come\s+into\s+force|meet|"
    r"continue|resume|"
    r"hold|host|work|convene|"
    r"use|remain|reconvene|now|be\s+(?:put|submitted|presented|signed|tabled|finali[sz]ed|asked|"
    r"sent|opened|verified|translated|ratified)|"
    r"be\s+held|take\s+place|speed|be\s+followed|follow)|"
    r"expected\s+to\s+(?:host|hold|take|be|meet|resume|conclude)|(?:is|"
    r"are)\s+(?:scheduled|planned|expected|due|envisaged|foreseen|slated|anticipated)\b|"
    r"scheduled\s+for|planned\s+for|"
    r"(?:sides|parties|teams|negotiators|delegations|participants|officials|members|countries|"
    r"negotiations|talks|"
    r"governments|text|agreement)\s+will\s+(?:(?:now|next|also|then)\s+)?\w+|"
    r"would\s+(?:resume|continue|meet|hold|begin|start)\b|will\s+(?:next|again|soon|then)\s+\w+|"
    r"resolve\s+to|keep\s+up|committed\s+to|intend\w*\s+to|plan(?:s|ned)?\s+(?:to|another|an?|"
    r"further)\b)|"
    r"下(?:一)?(?:輪|次|回合)|今後|後續(?![多數幾各]次)|將(?:就|進行|展開|儘速|舉行)|(?:預計|"
    r"預定|訂於|擬於)|"
    r"將(?:持續|繼續|續|再|於)|同意[^。]{0,20}(?:繼續|持續|舉行|續行|召開|展開)|持續(?:推動|協商|"
    r"談判)"
)
NOT_A_STEP = re.compile(
    r"(?i:\bdetails\b[^.]{0,60}\bwill\s+be\b|have\s+not\s+(?:yet\s+)?been|"
    r"has\s+not\s+(?:yet\s+)?been|stakeholder|"
    r"press\s+conference|(?:press|media)\s+briefing|webinar|public\s+comments?|"
    r"will\s+(?:lead|head|be\s+led|include|be\s+closed|benefit|help|create|boost|"
    r"support|give|make|bring|provide|open\s+up|represent|discuss|cover|address|focus|deal|add|"
    r"remove|eliminate|participate|take\s+part)\b|for\s+(?:media|"
    r"more)\s+(?:enquiries|information))"
)


# A text lists no more than so many steps; what goes on is its argument.
MOST = 6
BACKGROUND = ("background", "context", "background information")
AGREED = re.compile(
    r"(?i:agreed\s+(?:with\s+[^.;]{2,30}?\s+)?(?:to|on|that)|coming\s+(?:weeks|months)|mean\s+to|"
    r"would|resolve|同意)"
)
STEP_IN_MAIN = re.compile(
    r"(?i:\bnext\b|agreed\s+(?:to|on)|will\s+(?:continue|resume|meet))|將就|後續"
)


def read_next_steps(scene: Scene, draft: Draft) -> None:
    steps = [sentence for sentence in scene.body if _is_step(scene, sentence)]
    for sentence in steps[:MOST]:
        draft.add(
            "next_steps",
            collapsed(sentence.words).strip(),
            [sentence.whole],
            "looks ahead from the meeting",
            Confidence.HIGH if _is_later(scene, sentence) else Confidence.MEDIUM,
        )


def _is_step(scene: Scene, sentence: Sentence) -> bool:
    words = sentence.words
    main = [moment.sentence for moment in scene.main]
    tells = sentence in main or _has_days_of_it(scene, sentence)
    if tells and scene.tense != "past" and not _later_number(scene, words):
        return False
    if scene.passages.heading_of(sentence) in BACKGROUND:
        return False
    later = _is_later(scene, sentence)
    ahead = FUTURE.search(words)
    # "The round allowed experts to continue their work": that has been done.
    if ahead and ahead[0].lower().startswith("to ") and PAST.search(words[: ahead.start()]):
        ahead = None
    if not later and (scene.tense == "future" or not (ahead or AGREED.search(words))):
        return False
    if not _promises(scene, sentence):
        return False
    if sentence in main and not STEP_IN_MAIN.search(words):
        return False
    before = PREVIOUS.search(words) or any(m.role == "previous" for m in scene.days_in(sentence))
    return not before or bool(FUTURE.search(words))


def _promises(scene: Scene, sentence: Sentence) -> bool:
    words = sentence.words
    promise = PROMISES.search(words)
    # What a minister is quoted with is no undertaking.
    if promise is None or words.count('"', 0, promise.start()) % 2:
        return False
    # A list of subjects to be dealt with is no step.
    if len(re.findall(r"[;,]\s", words)) > 7 and not scene.days_in(sentence):
        return False
    of_the_next = scene.role(sentence) == "next" and not re.search("been|details", words)
    return of_the_next or not NOT_A_STEP.search(words)


def _is_later(scene: Scene, sentence: Sentence) -> bool:
    return (
        scene.role(sentence) == "next"
        or _later_number(scene, sentence.words)
        or _after_the_meeting(scene, sentence)
    )


def _has_days_of_it(scene: Scene, sentence: Sentence) -> bool:
    days = [moment.when for moment in scene.days_in(sentence)]
    return any(day.overlaps(one.when) for day in days for one in scene.main)


def _after_the_meeting(scene: Scene, sentence: Sentence) -> bool:
    """It names a day later than the last one of the meeting."""
    if not scene.main:
        return False
    last = max(moment.when.until for moment in scene.main)
    return any(moment.when.first > last for moment in scene.days_in(sentence))


def _later_number(scene: Scene, words: str) -> bool:
    return bool(scene.number and any(n > scene.number for n, _ in numbers_in(words)))
