"""Where the meeting is: cities, country, building; and how people sit together."""

import re
from dataclasses import dataclass

from rounds.intake.cues import HELD, MEETS, background_before, looks_ahead
from rounds.intake.draft import Confidence, Draft, Span
from rounds.intake.passages import Sentence, collapsed
from rounds.intake.scene import Scene
from rounds.intake.tables import (
    Pattern,
    alternation,
    bodies,
    cities,
    city_form,
    countries,
    han_parties,
    party_names,
    states,
    table,
)

LEADS = re.compile(
    r"\b(?i:in|at|hosted\s+(?:by|in)|to|from|near|outside|"
    r"of)\s+(?:the\s+city\s+of\s+|downtown\s+|central\s+)?$"
)
STRONG = re.compile(r"\b(?i:in|at|to)\s+(?:the\s+city\s+of\s+|downtown\s+|central\s+)?$")
# "at Vanijya Bhawan, New Delhi"
HOUSE_BEFORE = re.compile(r"\bat\s+(?:the\s+)?[A-Z][\w'&-]*(?:\s[A-Z][\w'&-]*){0,5},\s+$")
HOSTS = re.compile(
    r"^(?:,[^,]{2,30}?,?)?\s+(?:will\s+|is\s+to\s+)?(?:hosts?|hosted|host|sees?|saw|"
    r"see|welcomed)\b|^(?:,[^,]{2,30}?,?)?\s+(?:was|is|were|"
    r"will\s+be)\s+(?:the\s+)?(?:host|place|scene|venue|site|setting)\b|"
    r"^\s+(?:is\s+)?(?:expected|due)\s+to\s+host"
)
NOT_A_PLACE = re.compile(
    r"^\s*(?:Agreement|Declaration|Statement|Treaty|Protocol|Convention|Economic|"
    r"Effect|Principles|Process|Time|time|Consensus|Post|Stock|Chamber|"
    r"University)\b|^'s\b"
)
DISTRICT = re.compile(r"^,?\s+D\.?\s?C\.?")
COUNTRY_BEHIND = re.compile(
    rf"^,\s+(?:the\s+)?(?P<country>{alternation(countries())})(?!\w)|"
    rf"^\s+\((?P<inside>{alternation(countries())})\)|"
    rf"^,\s+(?P<state>{alternation(states())})(?!\w)"
)
# A town that no table knows: it stands before its country.
UNKNOWN = re.compile(
    rf"(?<=\bin )[A-Z][\w'-]+(?:\s[A-Z][\w'-]+){{0,2}}"
    rf"(?=,\s+(?:{alternation([*countries(), *states()])})(?!\w))"
)
BUILDING = re.compile(
    r"\b(?:at|in)\s+the\s+(?P<venue>(?:[A-Z][\w'&-]*|of|and|for|"
    r"the)(?:\s+(?:[A-Z][\w'&-]*|of|and|for|the)){0,7}?\s+(?:Hotel|Centre|Center|"
    r"Building|House|Palace|Hall|Headquarters|headquarters|"
    r"University|Bhawan|Bhavan|Club|Resort|Complex|Tower))\b"
)
HEADQUARTERS = re.compile(
    r"\b(?:at|"
    r"in)\s+(?:the\s+)?(?P<venue>(?:[A-Z][\w'&.-]*(?:'s)?\s+){1,5}(?:headquarters|"
    r"Headquarters|offices|building|premises))\b"
)
AND_CITY = re.compile(
    rf"^(?:,\s+D\.?C\.?)?,?\s+and\s+(?:in\s+)?(?P<city>{alternation(cities())})(?!\w)"
)


@dataclass
class Place:
    city: str
    country: str
    # Whether the text itself names the country.
    said: bool
    span: Span
    country_span: Span
    sentence: Sentence
    score: int


def read_places(scene: Scene, draft: Draft) -> None:
    if scene.passages.is_han:
        found = _han_places(scene)
    else:
        found = [place for sentence in scene.ranked for place in _places(scene, sentence)]
    found = [place for place in found if place.score >= 4]
    virtual = draft.value("meeting.mode") == "virtual"
    if virtual:
        found = [place for place in found if place.score >= 9]
    if not found:
        if not virtual:
            _country_alone(scene, draft)
        return
    best = max(found, key=lambda place: (place.score, -place.span.start))
    chosen = [best, *_coordinated(best)]
    _report_conflict(scene, draft, best, found)
    for place in chosen:
        draft.add("meeting.cities", place.city, [place.span], "where the meeting is said to be")
    draft.add(
        "meeting.country",
        best.country,
        [best.country_span],
        "named with the city" if best.said else "of the city, from a table",
        derived=not best.said,
    )
    _read_building(scene, draft, best)


def _places(scene: Scene, sentence: Sentence) -> list[Place]:
    words = sentence.words
    title = sentence in scene.titles
    role = "current" if title else scene.role(sentence)
    if role != "current":
        return []
    position = 0 if title else scene.place(sentence)
    places = []
    named = list(city_form().finditer(words))
    taken = [found.span() for found in named]
    named += [
        found
        for found in UNKNOWN.finditer(words)
        if not any(first < found.end() and found.start() < last for first, last in taken)
    ]
    for found in named:
        behind, before = words[found.end() :], words[: found.start()]
        city, end = _named(found[0]), found.end()
        if inside := DISTRICT.match(behind):
            end, behind = end + inside.end(), behind[inside.end() :]
        hosts = HOSTS.match(behind)
        house = HOUSE_BEFORE.search(before[-90:])
        leads = LEADS.search(before) or house
        if (NOT_A_PLACE.match(behind) and not hosts) or not (hosts or leads):
            continue
        # "Minister of Trade of Singapore": a city that is a party too.
        if city in party_names() and not (hosts or STRONG.search(before)):
            continue
        if found.start() < background_before(words):
            continue
        if _inside_a_body(words, found.start()):
            continue
        score = 4 if hosts or house or STRONG.search(before) else 1
        moment = next(
            (m for m in scene.days_in(sentence) if _near(m, sentence, found.start())), None
        )
        if moment and scene.is_beside(moment):
            continue
        main = scene.main[0] if scene.main else None
        if main and main.sentence is sentence:
            score += 4 if moment is main else 2
        score += 3 * title + max(0, 3 - position) * (not title)
        score += 2 * bool(hosts) + bool(MEETS.search(words)) + bool(HELD.search(words))
        if re.search(r"(?:[Ff]rom|[Tt]ravell?ed to|visit\w*(?: to)?)\s+$", before):
            score -= 3
        country, said, span = _country(city, behind, sentence, end, found)
        places.append(
            Place(city, country, said, sentence.span(found.start(), end), span, sentence, score)
        )
    return places


def _near(moment, sentence: Sentence, position: int) -> bool:  # type: ignore[no-untyped-def]
    """Whether the place stands in the clause of these days."""
    start = sentence.words.find(moment.clause)
    return start >= 0 and start <= position < start + len(moment.clause)


def _named(words: str) -> str:
    return {"Delhi": "New Delhi", "Ha Noi": "Hanoi", "Berne": "Bern"}.get(
        collapsed(words), collapsed(words)
    )


def _country(
    city: str, behind: str, sentence: Sentence, end: int, found: re.Match[str]
) -> tuple[str, bool, Span]:
    spoken = COUNTRY_BEHIND.match(behind)
    if spoken:
        written = spoken["country"] or spoken["inside"]
        if written:
            group = "country" if spoken["country"] else "inside"
            span = sentence.span(end + spoken.start(group), end + spoken.end(group))
            return countries()[collapsed(written)], True, span
    if spoken and not cities().get(found[0]):
        return states()[collapsed(spoken["state"])], False, sentence.span(*found.span())
    known = cities().get(found[0]) or cities().get(city, "")
    return countries().get(known, known), False, sentence.span(*found.span())


def _inside_a_body(words: str, position: int) -> bool:
    for name in bodies():
        start = words.find(name, max(0, position - len(name)))
        if 0 <= start <= position < start + len(name):
            return True
    return False


def _coordinated(best: Place) -> list[Place]:
    words = best.sentence.words
    behind = words[best.span.end - best.sentence.start :]
    found = AND_CITY.match(behind)
    if not found:
        return []
    start = best.span.end + found.start("city")
    span = Span(start, start + len(found["city"]))
    city = _named(found["city"])
    return [
        Place(city, cities().get(city, best.country), False, span, span, best.sentence, best.score)
    ]


def _report_conflict(scene: Scene, draft: Draft, best: Place, found: list[Place]) -> None:
    for other in found:
        same = other.city == best.city or {other.city, best.city} == {"New York", "New York City"}
        if not same and (other.sentence in scene.titles) != (best.sentence in scene.titles):
            draft.add(
                "disagreement",
                f"meeting.cities: {best.city}, {other.city}",
                [best.span, other.span],
                "title and text name different places",
                Confidence.LOW,
            )
            return


# "in the Kenya Trade Negotiations" is no place.
COUNTRY_IN = re.compile(
    rf"\bin\s+(?:the\s+)?(?P<country>{alternation(countries())})(?!\w|-|'s|\s+[A-Z]\w+)"
)


def _country_alone(scene: Scene, draft: Draft) -> None:
    main = [m.sentence for m in scene.main]
    for sentence in [*scene.titles, *main, *scene.body[:1]]:
        if not MEETS.search(sentence.words):
            continue
        for found in COUNTRY_IN.finditer(sentence.words):
            if _inside_a_body(sentence.words, found.start("country")) or re.search(
                r"(?:Institute|Office|interest|growth|businesses|firms|exporters|market|"
                r"invest\w*|position)\s+$",
                sentence.words[: found.start()],
            ):
                continue
            draft.add(
                "meeting.country",
                countries()[collapsed(found["country"])],
                [sentence.span(found.start("country"), found.end("country"))],
                "where the meeting is said to be",
            )
            return


def _read_building(scene: Scene, draft: Draft, best: Place) -> None:
    for sentence in [best.sentence, *scene.current[:6]]:
        found = BUILDING.search(sentence.words) or HEADQUARTERS.search(sentence.words)
        if found:
            draft.add(
                "meeting.venue",
                collapsed(found["venue"]),
                [sentence.span(*found.span("venue"))],
                "the building it names",
            )
            return


def _han_places(scene: Scene) -> list[Place]:
    named = table("places_zh")
    lands = alternation(
        [*filter(lambda form: len(form) > 1, han_parties()), *table("words")["han_lands"]]
    )
    form = re.compile(rf"(?:在|於|到|赴|假)?(?P<land>{lands})?(?P<city>{alternation(named)})")
    places = []
    for sentence in scene.ranked:
        title = sentence in scene.titles
        if not title and scene.role(sentence) != "current":
            continue
        for found in form.finditer(sentence.words):
            behind = sentence.words[found.end() :]
            if re.match(r"(?:經濟文化|駐|辦事處|時間|聲明)", behind):
                continue
            clause = re.split("[，。；]", sentence.words[: found.start()])[-1]
            if (scene.tense == "past" and looks_ahead(clause)) or re.search(
                "去年|前年|前次", clause
            ):
                continue
            led = found[0][0] in "在於到赴假"
            scored = (
                4 * led
                + 3 * title
                + 3 * bool(re.match(r"(?:舉行|召開|登場|進行|展開|舉辦)", behind))
            )
            near = next(
                (m for m in scene.days_in(sentence) if _near(m, sentence, found.start())), None
            )
            if near and scene.is_beside(near):
                continue
            moment = next((m for m in scene.days_in(sentence) if m.role == "current"), None)
            scored += 2 * bool(moment)
            city = named[found["city"]]
            span = sentence.span(*found.span("city"))
            country = countries().get(cities()[city], cities()[city])
            said = bool(found["land"])
            where = sentence.span(*found.span("land")) if said else span
            places.append(Place(city, country, said, span, where, sentence, scored))
    return places


# Mode and press


MODES = (
    Pattern(
        "hybrid",
        re.compile(
            r"(?i:\bhybrid\b|\bpart(?:ly)?\b[^.;]{0,40}\bpart(?:ly)?\s+(?:by\s+video|online|"
            r"virtual)|"
            r"\b(?:others?|the\s+rest|some|many|the\s+remainder|colleagues)\s+"
            r"(?:[\w]+\s+){0,2}?(?:join(?:ed|ing)?|attend(?:ed|ing)?|took\s+part|participat(?:ed|"
            r"ing)|dialled\s+in)\s+"
            r"(?:virtually|online|remotely|by\s+video|via\s+video|over\s+video)|"
            r"(?:both\s+)?in[\s-]person\s+and\s+(?:virtual\w*|online|"
            r"by\s+video\w*|remote\w*)|(?:virtually|online|"
            r"remotely)\s+and\s+(?:\w+\s+)?in[\s-]person)|(?:實體|視訊)(?:與|及|和|"
            r"暨)(?:實體|視訊)(?:併行|並行|混合)|實體與視訊混合"
        ),
        "a hybrid round",
        "hybrid",
    ),
    Pattern(
        "virtual",
        re.compile(
            r"(?i:\bvirtual(?:ly)?\b|\bvideo[\s-]?conferenc\w+|\bvideo[\s-](?:link|call|"
            r"meeting)|\bonline\b|\bby\s+video\b|\bremotely\b|\bteleconference)|視訊|線上"
        ),
        "the talks were held virtually",
        "virtual",
    ),
    Pattern(
        "in person",
        re.compile(
            r"(?i:\bin[\s-]person\b|\bface[\s-]to[\s-]face\b|\bphysical(?:ly)?\s+(?:round|"
            r"meeting|present|in))|實體|面對面"
        ),
        "an in-person negotiating round",
        "in_person",
    ),
)
OTHER_MEETING = re.compile(
    r"(?i:\b(?:between\s+rounds|intersessional\w*|since\s+then|stakeholder\w*|"
    r"press\s+(?:conference|briefing)|webinar|livestream\w*|website|available|"
    r"published|register|trade\s+show|shopping|platforms?)\b)"
)


def read_mode(scene: Scene, draft: Draft) -> None:
    found: dict[str, tuple[Sentence, re.Match[str]]] = {}
    main = [m.sentence for m in scene.main]
    limit = 6 if not scene.is_event else 2
    for sentence in [
        *scene.titles,
        *main,
        *[s for s in scene.current if s not in scene.titles][:limit],
    ]:
        if sentence not in scene.titles and scene.role(sentence) != "current":
            continue
        if scene.tense == "past" and sentence not in main and looks_ahead(sentence.words):
            continue
        for pattern in MODES:
            for match in pattern.form.finditer(sentence.words):
                if pattern.name != "hybrid" and _of_another(scene, sentence, match):
                    continue
                found.setdefault(pattern.reads, (sentence, match))
                break
    mode = next((name for name in ("hybrid", "in_person", "virtual") if name in found), None)
    if mode is None:
        return
    joined = {"in_person", "virtual"} <= set(found)
    apart = joined and found["virtual"][0] is not found["in_person"][0]
    shared = r"(?i:join\w*|others|some|rest|part(?:ly|s)|took\s+part)"
    if apart and re.search(shared, found["virtual"][0].words):
        mode = "hybrid"
    sentence, match = found.get(mode) or found["virtual"]
    draft.add("meeting.mode", mode, [sentence.span(*match.span())], "so said of this meeting")


def _of_another(scene: Scene, sentence: Sentence, match: re.Match[str]) -> bool:
    near = sentence.words[max(0, match.start() - 60) : match.end() + 40]
    other = OTHER_MEETING.search(near)
    # An intersessional meeting may be what is told.
    if other and scene.kind == "intersessional" and other[0].startswith("inter"):
        other = None
    if other or match.start() < background_before(sentence.words):
        return True
    # "Since the second round the teams have met online": between the two.
    if sentence.words.startswith("Since ") or re.search("後續|先前|前次", near):
        return True
    for moment in scene.days_in(sentence):
        if _near(moment, sentence, match.start()):
            return moment.role in ("previous", "next", "other")
    return False


PRESS = (
    Pattern(
        "closed",
        re.compile(
            r"(?i:closed[\s-](?:to\s+(?:the\s+)?(?:press|media)|press)|(?:press|"
            r"media)\s+(?:will|are|is)\s+not\s+(?:be\s+)?(?:admitted|invited|allowed|"
            r"permitted)|closed\s+(?:to\s+)?(?:the\s+)?(?:press|media)|"
            r"not\s+open\s+to\s+(?:the\s+)?(?:press|media)|no\s+(?:press|media)\s+access|"
            r"behind\s+closed\s+doors)|不開放(?:媒體|採訪|記者)|閉門"
        ),
        "closed press",
        "closed",
    ),
    Pattern(
        "photographs",
        re.compile(
            r"(?i:photo(?:graph)?s?\s+only|photo[\s-](?:spray|opportunit\w+|op\b)|"
            r"pool\s+spray|camera\s+spray)|開放(?:拍照|攝影)"
        ),
        "a photo opportunity",
        "photo_only",
    ),
    Pattern(
        "briefing",
        re.compile(
            r"(?i:press\s+conference|(?:press|media)\s+briefing|"
            r"brief\s+(?:the\s+)?(?:press|media))|記者會"
        ),
        "a press conference will close the round",
        "briefing",
    ),
    Pattern(
        "open",
        re.compile(
            r"(?i:open\s+(?:to\s+(?:the\s+)?)?(?:press|media)|(?:press|media)\s+(?:is|"
            r"are)\s+(?:invited|welcome))|開放媒體"
        ),
        "open press",
        "open",
    ),
)


def read_press(scene: Scene, draft: Draft) -> None:
    for pattern in PRESS:
        for sentence in scene.ranked:
            if scene.role(sentence) in ("previous", "next"):
                continue
            if found := pattern.form.search(sentence.words):
                draft.add(
                    "meeting.press_access", pattern.reads, [sentence.span(*found.span())], "so said"
                )
                return
