"""Of which kind the meeting is, and which number it bears."""

import re

from rounds.intake.cues import AFTER, FUTURE, NEXT
from rounds.intake.draft import Confidence, Draft
from rounds.intake.numbering import HAN_LABEL, LABELLED, label, numbers_in
from rounds.intake.passages import Sentence, collapsed
from rounds.intake.scene import EVENTS, Scene
from rounds.intake.tables import Pattern

MINISTERS = (
    r"(?:Minister|Secretary of (?:State|Commerce|Agriculture|Trade)|(?:Trade|"
    r"Business|Foreign|State|Cabinet) Secretary|"
    r"Commissioner|Trade Representative|Vice President|President|Premier|Ambassador)"
)
# Dots of initials and of "Mr." do not end what is told.
TOLD = r"(?:[^.;]|(?<=\b[A-Z])\.|(?<=\b(?:Mr|Ms|Dr))\.)"
KINDS = (
    Pattern(
        "special_round",
        re.compile(r"\b[Ss]pecial\s+(?:[Nn]egotiating\s+)?(?:[Rr]ound|[Ss]ession)"),
        "a special negotiating round",
        "special_round",
    ),
    Pattern(
        "conceptual",
        re.compile(
            r"(?i:conceptual\s+(?:discussions?|talks|meetings?|round))|概念性(?:討論|會議|對話)"
        ),
        "conceptual discussions",
        "conceptual",
    ),
    Pattern(
        "scoping",
        re.compile(
            r"(?i:\bscoping\s+(?:discussions?|talks|meetings?|exercise|round|paper))|"
            r"\bexploratory (?:talks|discussions|meeting)"
        ),
        "scoping talks",
        "scoping",
    ),
    Pattern(
        "stakeholder_event",
        re.compile(
            r"(?i:stakeholder\s+(?:event|session|forum|briefing|listening)|"
            r"listening\s+session|public\s+hearing)"
        ),
        "a listening session",
        "stakeholder_event",
    ),
    Pattern(
        "intersessional",
        re.compile(r"(?i:inter-?sessional|interim\s+round|mini-?round)|會期間"),
        "an intersessional meeting",
        "intersessional",
    ),
    Pattern(
        "full_round",
        re.compile(
            r"(?<!-)\b[Rr](?:ound|OUND)s?\b(?!-?\s?(?:table|trip|up\b))|ROUND\b|(?:談判)?回合|"
            r"實體談判|次談判|輪(?:實體|視訊|線上)?(?:談判|會議|諮商|會談|協商)"
        ),
        "the third round",
        "full_round",
    ),
    Pattern(
        "stocktake",
        re.compile(
            r"(?i:\bstock-?tak(?:e|ing)|\bt(?:ake|akes|aking)\s+stock\b|"
            r"took\s+stock\s+of\s+(?:the\s+)?negotiations)"
        ),
        "a stocktake",
        "stocktake",
    ),
    Pattern(
        "legal_review",
        re.compile(
            r"(?i:legal\s+(?:review|scrub(?:bing)?|verification))(?=\s+(?:of|meeting|"
            r"session|is|has|was))"
        ),
        "the legal review of the text",
        "legal_review",
    ),
    Pattern(
        "chief_negotiators",
        re.compile(
            r"(?i:(?:chief|lead)\s+negotiators?\b[^.;]{0,100}\s(?:meet|met|meeting|held|hold|"
            r"convened?)\b(?!\s+(?:the\s+)?\w+\s+round))|meetings?\s+of\s+(?:the\s+)?(?:chief|"
            r"lead)\s+negotiators|chief\s+negotiators'\s+meeting"
        ),
        "a meeting of chief negotiators",
        "chief_negotiators",
    ),
    Pattern(
        "technical",
        re.compile(
            r"(?i:(?:technical|expert|working)[\s-]level\s+(?:talks|meetings?|"
            r"discussions?|consultations?))|technical\s+(?:talks|discussions|meetings?)|"
            r"(?i:\bmeeting\s+of\s+the\s+[^.;]{0,60}\b(?:council|committee)\b)|"
            r"(?i:\bworking\s+(?:group|party)\b[^.;]{0,80}\b(?:meets?|met|meetings?|sessions?)\b)"
        ),
        "technical-level talks",
        "technical",
    ),
    Pattern(
        "entry_into_force",
        re.compile(
            r"(?i:\bent(?:er|ers|ered|ry|ering)\s+into\s+force|\bcomes?\s+into\s+(?:force|"
            r"effect)|\bcame\s+into\s+(?:force|effect)|\btakes?\s+effect)|生效"
        ),
        "enters into force",
        "entry_into_force",
    ),
    Pattern(
        "signing",
        re.compile(
            r"(?:\b(?:[Ii]nk(?:s|ed)|[Ss]igns?|[Ss]igned|[Ss]igning|[Ss]ignature|SIGN(?:S|ED|"
            r"ING)?)\b(?!\s+(?:up|off|that|of\s+progress)))|簽署|簽訂|簽定"
        ),
        "the two sides signed the agreement",
        "signing",
    ),
    Pattern(
        "text_summary",
        re.compile(
            r"(?i:(?:releas|publish)\w*\s+(?:public\s+)?summar(?:y|ies)\b|summar(?:y|"
            r"ies)\s+of\s+(?:the\s+)?(?:\w+\s+){0,3}texts?|"
            r"texts?\s+summar(?:y|ies)|summar(?:y|ies)\s+of\s+(?:its|the|"
            r"each)\s+(?:\w+\s+)?(?:proposal|chapter)|(?:chapter|public)\s+summaries)|"
            r"(?:文本|條文|提案|談判)\S{0,4}摘要"
        ),
        "summaries of the proposed texts",
        "text_summary",
    ),
    Pattern(
        "mandate",
        re.compile(
            r"(?i:negotiating\s+(?:mandate|directives|objectives)|\bmandate\s+for\b|"
            r"(?:adopts?|adopted|approves?|approved|gives?|gave|"
            r"authori[sz]\w+)\s+(?:\w+\s+){0,6}mandate|"
            r"commence\s+formal\s+(?:trade\s+)?negotiations|"
            r"authori[sz]\w*\s+(?:the\s+)?(?:opening|start)\s+of\s+negotiations)|談判(?:授權|"
            r"目標)|共同公布談判"
        ),
        "the negotiating mandate",
        "mandate",
    ),
    Pattern(
        "launch",
        re.compile(
            r"(?i:(?!(?<=, )launched\s+(?:in|on)\b)\b(?:re-?)?launch(?:es|ed|"
            r"ing)?\b(?!\s+(?:of\s+)?(?:an?\s+)?(?:new\s+)?(?:website|portal|consultation|"
            r"survey|inquiry|investigation))|\b(?:open|start|begin|commence|"
            r"kick\s+off)s?\s+(?:formal\s+)?(?:trade\s+)?(?:negotiations|talks)|"
            r"\bformally\s+(?:open|start|began|begun|opened|started))|啟動|展開談判"
        ),
        "launch negotiations",
        "launch",
    ),
    Pattern(
        "ministerial",
        re.compile(
            rf"(?i:\bministerial\b(?!\s+(?:declaration|statement|conference\s+decision)))|"
            rf"{MINISTERS}{TOLD}{{0,160}}?\b(?i:met|meets?|meeting|gather(?:ed|s)?|convened|"
            rf"talks|visit\w*|spoke|"
            rf"host\w*|call|travel\w*|discuss\w*|welcomed|received?s?)\b|\b(?i:met|meets?|"
            rf"meeting|talks|"
            rf"spoke|call|visit)\b{TOLD}{{0,120}}?{MINISTERS}|"
            rf"\b[Mm]inisters\b[^.;]{{0,40}}\b(?:met|meet|talks)|部長級|首長(?:會議|會談)|"
            rf"部長[^。]{{0,20}}(?:會談|"
            rf"會晤)|(?:部長|大臣|政務委員)[^。]{{0,60}}(?:共同主持|會晤|會見|視訊會談)"
        ),
        "Trade Minister Jane Roe met Commissioner Poe",
        "ministerial",
    ),
    Pattern(
        "exchange of views",
        re.compile(r"就各自[^。]{0,14}交換意見"),
        "就各自法制交換意見",
        "conceptual",
    ),
    Pattern(
        "negotiations",
        re.compile(
            r"(?i:\b(?:met|meet|held|hold|holds|holding|continued?|resumed?|resumes|"
            r"conducted|carr(?:y|ied)\s+on|pursue[ds]?)\b[^.;]{0,90}\b(?:negotiat\w+|talks)\b|"
            r"\b(?:negotiations|"
            r"talks)\b[^.;]{0,120}\b(?:were|was|took\s+place|will\s+take\s+place|continued|"
            r"resumed?|will\s+be)\b)|(?<!完成)談判(?!辦公室|代表|團隊)"
        ),
        "delegations met to continue negotiations",
        "full_round",
    ),
)


# What a title may say that its text, by naming conceptual discussions, says more exactly.
SOFTER = ("full_round", "ministerial", None)


def _kind_in(words: str, skip: tuple[str, ...] = ()) -> tuple[Pattern, re.Match[str]] | None:
    for pattern in KINDS:
        if pattern.name not in skip and (found := pattern.form.search(words)):
            return pattern, found
    return None


DATED = re.compile(r"\d{4}|\d\s?[年月]|\b(?:on|since)\s+(?:[A-Z][a-z]+\s+\d|\d{1,2}\s+[A-Z])")


def read_kind(scene: Scene, draft: Draft) -> None:
    title = next(
        ((s, *k) for s in scene.titles if (k := _kind_in(s.words, ("negotiations",)))), None
    )
    # A title without a word for the event leaves it to the first sentences.
    told = None
    for sentence in scene.body[:4]:
        if NEXT.search(sentence.words) and sentence is not scene.body[0]:
            continue
        if found := _kind_in(sentence.words):
            # What lawyers will do next is not what has happened.
            if found[0].name == "legal_review" and FUTURE.search(sentence.words):
                continue
            # "The talks were launched on 1 June 2022", "They will sign": before, or to come.
            apart = FUTURE.search(sentence.words) or DATED.search(sentence.words)
            if found[0].reads in EVENTS and sentence is not scene.body[0] and apart:
                continue
            told = (sentence, *found)
            break
    chosen = title or told
    if title and told and told[1].reads == "conceptual" and title[1].reads in SOFTER:
        _disagree(draft, "meeting.kind", title, told)
        chosen = told
    if (
        title
        and title[1].name == "ministerial"
        and told
        and told[1].name in ("full_round", "special_round")
    ):
        chosen = told
    # "open talks" above, "a first round" below: the round is what was held.
    if (
        title
        and title[1].name == "launch"
        and not re.search(r"(?i:launch)|啟動", title[0].words)
        and told
        and told[1].name == "full_round"
        and told[0] is scene.body[0]
    ):
        chosen = told
    if chosen is None and scene.titles and (late := _kind_in(scene.titles[0].words)):
        chosen = (scene.titles[0], *late)
    if chosen is None:
        return
    sentence, pattern, words = chosen
    if pattern.name in ("negotiations", "full_round") and _is_concluded(scene):
        return
    scene.kind = pattern.reads
    draft.add(
        "meeting.kind",
        pattern.reads,
        [sentence.span(*words.span())],
        f"the words for it: {pattern.name.replace('_', ' ')}",
        Confidence.LOW
        if pattern.name in ("negotiations", "exchange of views", "ministerial")
        else Confidence.HIGH,
    )


CONCLUDED = re.compile(
    r"(?i:\b(?:conclu\w+|complet\w+|finali[sz]\w+|finish\w*)\s+(?:the\s+|of\s+(?:the\s+)?)?"
    r"(?:[\w.-]+\s+){0,5}(?:negotiations?|talks|deal|agreement|pact)\b)|完成談判"
)


def _is_concluded(scene: Scene) -> bool:
    """The negotiation as such has ended; no kind of meeting says that."""
    first = [*scene.titles[:1], *scene.body[:1]]
    return any(CONCLUDED.search(one.words) for one in first) and not any(
        re.search(r"(?i:\brounds?\b|\bsession)|輪|回合|會議|次談判", one.words) for one in first
    )


def _disagree(draft: Draft, name: str, title: tuple, told: tuple) -> None:
    (in_title, _, said), (in_body, _, says) = title, told
    draft.add(
        "disagreement",
        f"{name}: title “{collapsed(said[0])}”, text “{collapsed(says[0])}”",
        [in_title.span(*said.span()), in_body.span(*says.span())],
        "title and text say it differently",
        Confidence.MEDIUM,
    )


def read_number(scene: Scene, draft: Draft) -> None:
    if scene.kind in EVENTS or scene.kind in ("ministerial", "stakeholder_event"):
        return
    found: list[tuple[Sentence, int, re.Match[str]]] = []
    for sentence in scene.titles + scene.body[:6]:
        for number, match in numbers_in(sentence.words):
            around = sentence.words[max(0, match.start() - 60) : match.start()]
            if AFTER.search(around) or re.search(
                r"(?i:(?:agreed|plan\w*|look\w*|prepar\w*|expect\w*|invite\w*|"
                r"intend\w*)\b[^.]{0,40}$)",
                around,
            ):
                continue
            later = _is_later(sentence.words, match)
            if later and found and number != found[0][1]:
                continue
            # An intersessional meeting is not of the number of the round to come.
            if (
                later
                and scene.kind != "full_round"
                and sentence not in [*scene.titles, *scene.body[:1]]
            ):
                continue
            found.append((sentence, number, match))
            break
    title = [one for one in found if one[0] in scene.titles]
    told = [one for one in found if one[0] not in scene.titles]
    if scene.kind == "conceptual":
        if found:
            draft.add(
                "meeting.label",
                label(found[0][2]),
                [found[0][0].span(*found[0][2].span())],
                "so called; as these are conceptual discussions, it is not taken as a "
                "round’s number",
                Confidence.LOW,
            )
        else:
            _read_label(scene, draft)
        return
    chosen = (title or told)[:1]
    if title and told and told[0][1] != title[0][1] and told[0][0] in scene.body[:2]:
        draft.add(
            "disagreement",
            f"meeting.number: title {title[0][1]}, text {told[0][1]}",
            [one[0].span(*one[2].span()) for one in (title[0], told[0])],
            "title and text count differently",
            Confidence.MEDIUM,
        )
        chosen = []
    if not chosen:
        _read_label(scene, draft)
        return
    sentence, number, match = chosen[0]
    # The text says it more fully than the title.
    called = next((one for one in told if one[1] == number), chosen[0])
    if scene.kind == "special_round" and not re.search("special", match[0], re.I):
        _read_label(scene, draft)
        return
    scene.number = number
    draft.add("meeting.number", number, [sentence.span(*match.span())], "the round is so numbered")
    draft.add("meeting.label", label(called[2]), [called[0].span(*called[2].span())], "so called")


def _is_later(words: str, match: re.Match[str]) -> bool:
    behind = words[match.end() : match.end() + 60]
    before = words[max(0, match.start() - 40) : match.start()]
    return bool(
        re.search(
            r"^[^.;]{0,40}\b(?:will|is (?:expected|planned|scheduled|due|foreseen)|to be held)\b",
            behind,
        )
        or re.search(r"\b(?:host|hold)\s+(?:the|a)\s*$", before)
    )


def _read_label(scene: Scene, draft: Draft) -> None:
    form = HAN_LABEL if scene.passages.is_han else LABELLED
    for sentence in scene.body[:2] + scene.titles:
        found = form.search(sentence.words)
        if found and not re.search(r"去年|前年|前次", sentence.words[: found.start()]):
            draft.add(
                "meeting.label", collapsed(found[0]), [sentence.span(*found.span())], "so called"
            )
            return
