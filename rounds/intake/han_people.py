"""Who sits for which side, as releases in Traditional Chinese list them."""

import re

from rounds.intake.draft import Confidence, Draft
from rounds.intake.scene import Scene
from rounds.intake.tables import alternation, han_bodies, han_parties

SIDE = re.compile(
    r"(?:臺灣|台灣|美國|英國|日本|加拿大)(?=將?由|則由|方面|代表團)|我方|我國|臺方|台方|美方|"
    r"英方|日方|加方|韓方|對方|印方|紐方|澳方|歐方"
)
SIDES = {
    "我方": "Taiwan",
    "我國": "Taiwan",
    "印方": "India",
    "紐方": "New Zealand",
    "澳方": "Australia",
    "歐方": "European Union",
}
TITLE = (
    r"(?:駐[\u3400-\u9fff]{1,4}代表|(?:經濟|外交|財政|農業|數位發展|環境|國際貿易|貿易|商務|產業|"
    r"經濟產業|國際發展)部"
    r"(?:次長|長)|總署長|助理貿易談判代表|執行理事|副總談判代表|總談判代表|首席談判代表|談判代表|"
    r"助理貿易代表|副貿易代表|貿易代表|政務委員|政務次長|常務次長|次長|副大臣|副部長|大臣|部長|"
    r"主任委員|處長|"
    r"組長|署長|副署長|局長|副局長|代表|大使|司長|主任|主席|理事主席|參事|執行長)"
)
LATIN = (
    r"[A-ZÀ-Þ][A-Za-zÀ-ɏ.'-]*(?:\s(?:(?:bin|al|de|da|del|di|la|van|von|der|den)\s){0,3}"
    r"[A-ZÀ-Þ][A-Za-zÀ-ɏ.'-]+){1,4}"
)
NAME = rf"(?:[\u3400-\u9fff]{{2,4}}|{LATIN})"
LED = (
    re.compile(
        rf"(?:^|由|，)(?P<org>[\u3400-\u9fff]{{0,20}}?)(?P<title>{TITLE})(?P<name>{NAME}?)(?"
        rf":擔任團長|"
        rf"率團|領隊|率領|率同|帶隊|帶領|領軍|率(?!先)|代表出席|主談)"
    ),
    re.compile(
        rf"(?:代表(?:我方|我國|臺方|台方|美方)?(?:出席|參與|參加)的(?:有|是|為)?|(?:則)?(?:有|由|"
        rf"為|"
        rf"是))(?P<org>[\u3400-\u9fff()A-Z]{{0,24}}?)(?P<title>{TITLE})(?P<name>{NAME}?)(?"
        rf"=[，、及與和以。等]|"
        rf"領|率|代)"
    ),
    re.compile(
        rf"[與和及、](?P<org>[\u3400-\u9fff()A-Z]{{0,24}}?)(?P<title>{TITLE})(?P<name>{NAME}?)"
        rf"(?=代表雙方|共同|簽署|舉行|召開|會談|會晤|於\s?\d|[今昨][日(])"
    ),
    # The name before the office: "楊珍妮副總談判代表主談".
    re.compile(
        rf"(?<=[\u3400-\u9fff])(?P<org>)(?P<name>[\u3400-\u9fff]{{3}})(?P<title>{TITLE})"
        rf"(?=主談|會同|率|領|帶|代表)"
    ),
    re.compile(
        rf"(?P<org>[\u3400-\u9fff()A-Z]{{0,24}}?)(?P<title>{TITLE})"
        rf"(?P<name>[\u3400-\u9fff]{{2,5}})(?=\({LATIN}\))"
    ),
    # "政務委員甲今日會晤副部長乙"
    re.compile(
        rf"^(?P<org>[\u3400-\u9fff]{{0,20}}?)(?P<title>{TITLE})(?P<name>{NAME}?)"
        rf"(?=\s?[今昨於\d][^。]{{0,60}}(?:會[晤見談]|共同主持|召開|簽署))"
    ),
    re.compile(
        rf"會[晤見](?P<org>[\u3400-\u9fff]{{0,20}}?)(?P<title>{TITLE})(?P<name>{NAME}?)"
        rf"(?=[，。,(]|$)"
    ),
    # "政務委員甲與副貿易代表乙": the first of two who act together.
    re.compile(
        rf"^(?P<org>[\u3400-\u9fff]{{0,20}}?)(?P<title>{TITLE})(?P<name>{NAME}?)"
        rf"(?=[今昨]?[\d()日]{{0,6}}[與和及][^，。]{{0,24}}{TITLE})"
    ),
    re.compile(rf"(?P<org>[\u3400-\u9fff()A-Z]{{0,24}}?)(?P<title>{TITLE})(?P<name>{LATIN})"),
)
# Offices that only this side has.
OUR_OFFICES = re.compile(r"政務委員|政務次長|常務次長|(?:副?總|首席)談判代表|經濟部|外交部")
WITNESS = re.compile(r"(?:在場)?(?:見證|觀禮)")
PARTS = re.compile(r"[、，與及和]|以及|(?:等(?:單位|機關|部會|機構)(?:人員|代表|官員)?)|等")
UNIT = re.compile(
    r"[\u3400-\u9fff]{1,22}(?:部|署|會|局|處|院|司|辦公室|中心|代表處|會議|委員會|總署|協會)(?=$|"
    r"\()"
)


def read_han_people(scene: Scene, draft: Draft) -> None:
    seen: set[str] = set()
    for sentence in scene.body:
        if scene.role(sentence) in ("next", "previous"):
            continue
        for form in LED:
            for found in form.finditer(sentence.words):
                name = _name(found["name"])
                if WITNESS.match(sentence.words[found.end() :]):
                    continue
                if not name or name in seen:
                    continue
                seen.add(name)
                end = found.start("name") + len(name)
                draft.add(
                    "heads",
                    {
                        "name": name,
                        "title": found["title"],
                        "party": _of_body(found["org"])
                        or _side(sentence.words, found.start("title"), scene),
                    },
                    [sentence.span(found.start("name"), end), sentence.span(*found.span("title"))],
                    "named first for this side",
                    Confidence.MEDIUM,
                )


def _name(written: str) -> str:
    if re.match(r"[A-ZÀ-Þ]", written):
        return written
    if written in ("主談", "領隊", "率團"):
        return ""
    written = re.sub(r"(?:及|與|和|率|領|帶|以|等|代|擔).*$|[今昨於在將]$", "", written)
    return written if 2 <= len(written) <= 4 else ""


OTHER_LANDS = alternation(
    form for form, party in han_parties().items() if len(form) > 1 and party != "Taiwan"
)


def _of_body(words: str) -> str | None:
    """The side of the body, or of the country, that stands before a title."""
    for form, body in han_bodies().items():
        if body.party and words.endswith(form):
            return body.party
    # "加拿大駐台北貿易辦事處代表", "菲律賓馬尼拉經濟文化辦事處主席"
    of_land = re.match(rf"(?:{OTHER_LANDS})(?=駐|[\u3400-\u9fff]+(?:辦事處|代表處|部|署))", words)
    return han_parties()[of_land[0]] if of_land else None


def _side(words: str, position: int, scene: Scene) -> str | None:
    if words[position : position + 1] == "駐":
        # Posts abroad are our own side's.
        return "Taiwan"
    if OUR_OFFICES.match(words, position):
        return "Taiwan"
    before = list(SIDE.finditer(words[:position]))
    if not before:
        for form, party in han_parties().items():
            if len(form) > 1 and form in words[max(0, position - 12) : position + 10]:
                return party
        return None
    word = before[-1][0]
    return SIDES.get(word) or han_parties().get(word) or han_parties().get(word[0])


TAKE_PART = re.compile(r"出席|參加|參與|代表團|率領|單位人員|等單位|成員|等部會|等機關|與會")


def read_han_agencies(scene: Scene, draft: Draft) -> None:
    seen: set[tuple[str, str | None]] = set()
    for sentence in scene.body:
        if scene.role(sentence) in ("next", "previous") or (
            not TAKE_PART.search(sentence.words)
            and not (seen and SIDE.search(sentence.words) and "、" in sentence.words)
        ):
            continue
        text = sentence.words
        start = 0
        listed = text.count("、") >= 2 or bool(re.search(r"、.{2,40}等(?:單位|機關|部會)", text))
        for stop in [*PARTS.finditer(text), None]:
            end = stop.start() if stop else len(text)
            piece = text[start:end]
            found = UNIT.search(re.sub(r"\([^)]*\)$", "", piece))
            if found and listed and _is_listed(text, start, stop):
                first, last = _trimmed(piece, found)
                name = piece[first:last]
                key = (name, _side(text, start + first, scene))
                if (
                    name
                    and key not in seen
                    and not re.search(r"雙方|會議$(?<!經濟會議)(?<!安全會議)", name)
                ):
                    seen.add(key)
                    draft.add(
                        "agencies",
                        {"name": name, "party": key[1]},
                        [sentence.span(start + first, start + last)],
                        "in the list of those taking part",
                    )
            start = stop.end() if stop else len(text)
        if other := re.search(r"(?:等)?相關(?:部會|單位|機關)|其他(?:部會|單位|機關)", text):
            draft.add("agencies.unnamed", other[0], [sentence.span(*other.span())], "named only so")


def _is_listed(text: str, start: int, stop: re.Match[str] | None) -> bool:
    """Between list signs: the one before or the one behind is that of a list."""
    before = text[start - 1 : start]
    return (
        (before in "、" and bool(before))
        or bool(stop and stop[0] in ("、",))
        or bool(stop and stop[0].startswith("等"))
        or before in ("及", "與", "和")
    )


def _trimmed(piece: str, found: re.Match[str]) -> tuple[int, int]:
    first, last = found.span()
    for lead in (
        "以及",
        "率領的",
        "帶領",
        "領軍",
        "率同",
        "偕同",
        "會同",
        "率領",
        "包括",
        "包含",
        "另有",
        "還有",
        "來自",
        "則有",
        "率",
        "以",
        "由",
        "有",
    ):
        position = piece[first:last].find(lead)
        if position >= 0 and position + len(lead) < last - first - 1:
            first += position + len(lead)
    for form in sorted(han_bodies(), key=len, reverse=True):
        if (
            piece[first:last].endswith(form)
            and piece[first:last] != form
            and len(form) > 3
            and not piece[first:last].startswith(("行政院", "農委會", "經濟部", "美國"))
        ):
            first = last - len(form)
    return first, last
