"""Who leads a side at the meeting; who met, signed or launched."""

import itertools
import re
from collections.abc import Iterator

from rounds.intake.case import as_blocs
from rounds.intake.draft import Confidence, Draft
from rounds.intake.passages import Sentence, collapsed
from rounds.intake.people import OF_PARTY, SIDES, Person, is_name, persons
from rounds.intake.scene import Scene
from rounds.intake.tables import bodies, party_of, side_form, table

SIDE = rf"(?:{SIDES})"
GROUP = r"(?:delegation|side|team|negotiat(?:ing|ion)\s+team|negotiators|contingent)"
LED_BY = re.compile(
    r"(?i:\b(?:co-)?(?:led|headed|chaired|steered|fronted|helmed|captained|spearheaded|directed|"
    r"guided)\s+(?:jointly\s+)?by|"
    r"\b(?:heading|leading)\s+the\s+(?:[\w.]+\s+){0,2}(?:delegation|team)\s+(?:is|was|will\s+be)|"
    r"\bled\s+respectively\s+by|under\s+the\s+(?:leadership|chairmanship)\s+of|"
    r"\b(?:co-?)?(?:leaders?|leads?|heads?|chairs?|"
    r"co-chairs?)\s+(?:of\s+the\s+[^,.;]{2,60}?\s+)?(?:were|was|are|is|will\s+be)|"
    r"at\s+the\s+head\s+of\s+the\s+[^,.;]{2,50}?\s+(?:was|is|will\s+be|were)|"
    r"\b(?:spokesperson|spokesman|spokeswoman|lead\s+(?:[\w.]+\s+)?official|(?:chief|"
    r"lead)\s+negotiator|"
    r"heads?\s+of\s+delegation)s?\s*(?:\([^)]*\)\s*)?(?:for\s+[^,.;]{2,40}?\s+)?(?:was|"
    r"is|were|will\s+be|are)|"
    r"co-?leads?\s+the\s+[^:;.]{2,70}?\bdelegation:|\brepresented\s+by|"
    r"\bdelegation\s+(?:was|is|were)\s+(?:under|with)|\b(?:delegation|"
    r"team),?\s+under(?!\s+the\s+auspices)|"
    r"\bcounterparts?\s+(?:for\s+[^,.;]{2,30}?\s+)?(?:is|was)|\b(?:was|is|were)\s+under)\s+"
)
# "Jane Roe is the lead official", "will be head of delegation"
IS_HEAD = re.compile(
    r"^[\s,]*(?:is|was|will\s+be|(?:will\s+)?(?:serve[sd]?|act(?:s|ed)?)\s+as)\s+(?:the\s+|its\s+)?"
    r"(?P<what>[^,;.]{0,30}?\b(?:lead\s+(?:[\w.]+\s+)?(?:official|negotiator)|chief\s+negotiator|"
    r"(?:head|leader)\s+of\s+(?:the\s+|its\s+)?(?:[\w.]+\s+)?delegation|spokes(?:person|man|"
    r"woman))\b)"
    rf"(?:\s+(?:for|of)\s+(?:the\s+)?(?P<p>{SIDE})(?!\w))?",
    re.I,
)
LEADS = re.compile(
    r"^[\s,)]*(?:who\s+)?(?:(?:will|is\s+to|to|also|"
    r"jointly)\s+)*(?:co-?)?(?:leads?|led|heads?|headed|chairs?|chaired|steer(?:s|ed)|"
    r"captain(?:s|ed)|helm(?:s|ed)|spearhead(?:s|ed)|"
    r"(?:attend\w*|serv\w*|act\w*|took\s+part)\s+as\s+(?:the\s+)?(?=heads?|chief|lead)|"
    r"represent(?:s|ed)?|is\s+leading|are\s+leading|co-?lead(?:s|"
    r"ing)?)\b(?P<what>[^;]{0,90})",
    re.I,
)
# "A, on the EFTA side, and B, on the Mercosur side"
AT_SIDE = re.compile(rf"^[\s,]*(?:on|for|from)\s+the\s+(?P<p>{SIDE})\s+side\b")
FOR = re.compile(
    rf"^(?:[\s,]*(?:on|for|from)\s+the\s+(?P<s>{SIDE})\s+side\b|[\s,]*(?:on|for|"
    rf"from)\s+the\s+side\s+of\s+"
    rf"(?:the\s+)?(?P<o>{SIDE})(?!\w)|[\s,]*[^.;,]{{0,90}}?\b(?:took\s+part|"
    rf"participated|attended|spoke|"
    rf"negotiated|signed)\s+(?:for|"
    rf"on\s+behalf\s+of)\s+(?:the\s+)?(?P<p>{SIDE})(?!\w))"
)
OTHER_SIDE = re.compile(
    rf"(?P<p>{SIDE})(?:'s)?\s+(?:delegation|side|team|negotiators|one\s+by|(?:was\s+|"
    rf"were\s+)?(?:led\s+)?by\b)"
)
SPEAKS_FOR = re.compile(
    rf"^(?:[^.;]{{0,40}}?\b(?:spokesperson|spokesman|on\s+behalf|speaking)\s+(?:for|"
    rf"of)|,?\s+for)\s+(?:the\s+)?(?P<p>{SIDE})(?!\w)"
)
CHIEFS = re.compile(
    r"\b[Cc]hief\s+[Nn]egotiators?\b|\b[Ll]ead\s+[Nn]egotiators?\b|"
    r"\b[Hh]eads?\s+of\s+(?:the\s+)?(?:\w+\s+)?[Dd]elegation\b|"
    r"\b[Dd]elegation\s+[Ll]eader\b"
)
NAME = (
    r"(?:[A-ZÀ-Þ][\w.'À-ÿ-]*\s+(?:(?:bin|al|de|da|del|di|la|van|von|der|den)\s+){0,3}){1,4}"
    r"[A-ZÀ-Þ][\w'À-ÿ-]+"
)
PAIRED_CHIEFS = re.compile(
    rf"(?i:(?:chief|lead)\s+negotiators)\s+(?P<a>{NAME})\s+"
    rf"(?:\((?P<pa>[\w. ]+)\)\s+|for\s+(?:the\s+)?(?P<fa>{SIDE})\s+)?"
    rf"and\s+(?P<b>{NAME})(?:\s+\((?P<pb>[\w. ]+)\)|\s+for\s+(?:the\s+)?(?P<fb>{SIDE})(?!\w))?"
)
MINISTER = re.compile(
    r"Minister|Secretary|Commissioner|Trade Representative|President|Premier|"
    r"Ambassador|Representative|Director-General|Director|Negotiator|Chair|Councillor|Chancellor",
    re.I,
)
ELSEWHERE = re.compile(
    r"(?i:inauguration|presidential\s+delegation|business\s+delegation|funeral|"
    r"trade\s+mission|launched\s+by|launched\s+(?:on|in)\b|when\b)"
)


# "Minister Roe represented Norway"
REPRESENTS = re.compile(
    rf"^[\s,]*(?:(?:will|is\s+to|to)\s+)?represent(?:s|ed|"
    rf"ing)?\s+(?:the\s+)?(?P<p>{SIDE})(?=[\s,.;]|$)"
)
FOR_BEFORE = re.compile(rf"\b[Ff]or\s+(?:the\s+)?(?P<p>{SIDE}),\s+(?:the\s+|its\s+)?$")
# "From the Japanese side, Mr. Roe, ... attended the meeting."
SIDE_BEFORE = re.compile(
    rf"\b(?:[Ff]rom|[Oo]n|[Ff]or)\s+(?:the\s+)?(?P<p>{SIDE})(?:\s+side)?,\s+(?:the\s+|its\s+)?$"
)
# "A led Taiwan's delegation and B that of the US"
# "EFTA's spokesperson, Ambassador Roe", "his US counterpart, chief negotiator Poe"
OF_BEFORE = re.compile(
    rf"\b(?P<p>{SIDE})(?:'s)?\s+(?:counterpart|spokes\w+|(?:chief|lead)\s+negotiator|"
    rf"head\s+of\s+delegation),\s+$"
)
# "The U.S. delegation had two leaders: Jane Roe, ..."
LEADERS = re.compile(
    rf"(?P<p>{SIDE})(?:'s)?\s+(?:[\w-]+\s+)?(?:delegation|team)\s+(?:had|has)\b[^;.]{{0,200}}$"
)
# "As head of the Norwegian delegation, Director Roe thanked the hosts."
AS_HEAD = re.compile(
    rf"\b[Aa]s\s+(?:the\s+)?(?:head|leader)\s+of\s+(?:the\s+)?(?P<p>{SIDE})(?:'s)?\s+"
    r"(?:delegation|team),\s+$"
)
# "the Thai delegation had Jane Roe, Director-General, at its head"
AT_ITS_HEAD = re.compile(rf"(?P<p>{SIDE})(?:'s)?\s+(?:delegation|side|team)\s+had\s+$")
THAT_OF = re.compile(
    rf"^,?\s+that\s+of\s+(?:the\s+)?(?P<p>{SIDE})(?!\w)|"
    rf"^,?\s+the\s+(?P<q>{SIDE})\s+(?:one|delegation|team|side)(?=[.,;]|$)"
)
# "for Norway by Minister Roe"
BY_FOR = re.compile(
    rf"\b[Ff]or\s+(?:the\s+)?(?P<p>{SIDE})(?:\s+(?:it|side))?(?:\s+was)?(?:\s+signed)?\s+by\s+("
    rf"?:its\s+)?$"
)
# "Mr. Roe, Deputy Minister, as chief negotiator"
LISTED_AS = re.compile(
    r"[\s,]*as\s+(?:its\s+|the\s+|their\s+)?(?:(?:chief|lead)\s+negotiator|head\s+of|spokes\w+|"
    r"leader)\b"
)
# "- Norway: Mr Roe, Minister of Trade"
LISTED_BY = re.compile(rf"^\W*(?P<p>{SIDE}):\s+$")
ATTENDED = re.compile(r"\b(?:attend|took part|participat|lead|led|head)\w*")
# Between people who lead together: "A, B and the Republic of Korea's C led delegations".
TOGETHER = re.compile(
    rf"[\s,)]*(?:\({SIDE}\))?[\s,]*(?:and\s+)?(?:the\s+)?(?:{SIDE}'s\s+)?"
    rf"(?:(?:his|her|their)\s+(?:{SIDE}\s+)?counterpart,?\s+)?"
)
UNTITLED = re.compile(
    rf"(?P<name>{NAME})\s+(?:(?:will|to|also)\s+)*(?:leads?|led|heads?|headed|chaired|steered|"
    rf"captained)\s+the\s+"
    rf"(?P<p>{SIDE})(?:'s)?\s+(?:delegation|side|team)"
    r"(?:\s+as\s+(?:its\s+)?(?P<title>(?:chief|lead)\s+negotiator))?"
)


CHIEF = r"(?i:(?:chief|lead)\s+negotiator|head\s+of\s+delegation)"
# "Chile's Chief Negotiator is Jane Roe", "John Poe is the Chief Negotiator of Norway"
CHIEF_IS = re.compile(
    rf"(?<!\w)(?P<p>{SIDE})(?:'s)?\s+(?P<title>{CHIEF})\s+(?:is|was|will\s+be)\s+(?P<name>{NAME})"
)
IS_CHIEF = re.compile(
    rf"(?P<name>{NAME})\s+(?:is|was|will\s+be)\s+(?:the\s+)?(?P<title>{CHIEF})\s+(?:of|for)\s+"
    rf"(?:the\s+)?(?P<p>{SIDE})(?!\w)"
)


def read_heads(scene: Scene, draft: Draft, side: str | None) -> list[Person]:
    """Those who lead a side at the meeting, or who met, signed or launched."""
    found: list[tuple[Person, str | None, str, Confidence]] = []
    named = {sentence.start: persons(sentence) for sentence in scene.ranked}
    everyone = [person for here in named.values() for person in here]
    for sentence in scene.body:
        if scene.role(sentence) in ("next", "previous") and not CHIEFS.search(sentence.words):
            continue
        here = named[sentence.start]
        found += _led_by(sentence, here, scene)
        found += _leading(sentence, here)
        found += _without_title(sentence, here)
        found += _pair_of_chiefs(sentence)
        found += _titled_chiefs(sentence, here)
    if scene.kind == "signing" or (scene.kind in ("ministerial", "launch") and not found):
        found += _principals(scene, everyone)
    unique: dict[str, tuple[Person, str | None, str, Confidence]] = {}
    for entry in found:
        surname = entry[0].name.split()[-1].lower()
        kept = unique.get(surname)
        if kept is None or (
            len(entry[0].name.split()) > len(kept[0].name.split()) and not kept[0].title
        ):
            unique[surname] = entry
    only = _only_delegation(scene)
    told = {party or person.owner for person, party, _, _ in unique.values()}
    if only in told and len(as_blocs(draft.values("parties"))) == 2:
        # That side has its head: another is rather of the other side.
        only = None
    sides: list[str | None] = [
        party
        or person.owner
        or _by_title(person, scene)
        or (only if "leads" in reason else None)
        or _by_office(person)
        for person, party, reason, _ in unique.values()
    ]
    # Who alone is without a side is of the publisher's; so are those whom another side met.
    open_ones = [n for n, party in enumerate(sides) if party is None]
    if len(open_ones) == 1 or any(party not in (None, side) for party in sides):
        for number, entry in enumerate(unique.values()):
            sides[number] = sides[number] or _by_publisher(entry[0], side)
    parties = as_blocs(draft.values("parties"))
    together = all(reason == "named as chief negotiators" for _, _, reason, _ in unique.values())
    ours_first = together and not any(sides) and len(sides) == len(parties) == 2
    if ours_first and side in parties:
        # Two named in one breath: a publisher names its own first.
        sides = [side, *(one for one in parties if one != side)]
    for (person, _, reason, confidence), party in zip(
        unique.values(), _by_the_other(sides, parties), strict=True
    ):
        draft.add(
            "heads",
            {"name": person.name, "title": _clean(person.title, party) or None, "party": party},
            person.spans,
            f"{reason}; the sides by their order" if ours_first else reason,
            Confidence.LOW if ours_first else confidence,
        )
    return everyone


def _only_delegation(scene: Scene) -> str | None:
    """Whose delegation it is, where the text speaks of that of one side alone."""
    named = {
        party_of(found["p"])
        for sentence in scene.body
        for found in re.finditer(
            rf"(?<!\w)(?P<p>{SIDE})(?:'s?)?\s+(?:[\w-]+\s+)?delegation\b", sentence.words
        )
    }
    return named.pop() if len(named) == 1 else None


def _by_the_other(sides: list[str | None], parties: list[str]) -> list[str | None]:
    """Of two sides that meet, each with somebody: the one that is left."""
    known = {one for one in sides if one}
    if len(sides) != 2 or len(parties) != 2 or len(known) != 1 or not known <= set(parties):
        return sides
    other = next(one for one in parties if one not in known)
    return [one or other for one in sides]


OF_BODY = re.compile(r"\b(?:Ministry|Department|Government|Bank|Office|Ambassador)\b[^,]*$")


def _clean(title: str, party: str | None) -> str:
    title = re.sub(r"\s+", " ", title).strip(" ,")
    # "Assistant U.S. Trade Representative (USTR)": the abbreviation is no part of it.
    title = re.sub(r"\s*\([A-Z]{2,8}\)$", "", title)
    # "Minister of Trade of Norway" is Minister of Trade: the side stands beside it.
    whose = OF_PARTY.search(title)
    if whose and party_of(whose["p"]) == party and not OF_BODY.search(title[: whose.start()]):
        title = title[: whose.start()]
    return re.sub(r"^(?:the|a)\s+|[\s,]+and$", "", title)


def _side_in(text: str) -> str | None:
    found = list(side_form().finditer(text))
    return party_of(found[-1][0]) if found else None


def _led_by(
    sentence: Sentence, here: list[Person], scene: Scene
) -> Iterator[tuple[Person, str | None, str, Confidence]]:
    text = sentence.words
    for cue in LED_BY.finditer(text):
        around = text[max(0, cue.start() - 90) : cue.end()]
        if ELSEWHERE.search(around):
            continue
        if not re.search(rf"(?i:{GROUP}|negotiat|round|talks|spokes|official|represented)", around):
            continue
        side = _side_in(cue[0]) or _side_in(
            re.split(r"[;,]", text[max(0, cue.start() - 70) : cue.start()])[-1]
        )
        position, spoken = cue.end(), None
        for person in [one for one in here if one.name_start >= cue.end()]:
            between = text[position : person.start]
            # "for Japan; Mr. Wang, Vice Minister, for China": a list of sides.
            if spoken and re.fullmatch(r"\s*[;,]\s*(?:and\s+)?(?:by\s+)?", between):
                between = ""
            if (
                re.search(r"[;.]|\bwhile\b|\bwhereas\b|\bwith\b|\binclud|\bwill\b|\bwas\b", between)
                or len(between) > 130
            ):
                break
            # "..., and the Peruvian side by Mr. Roe"
            named = OTHER_SIDE.search(between)
            side = party_of(named["p"]) if named else side
            behind = text[person.end :]
            spoken = SPEAKS_FOR.match(behind) or AT_SIDE.match(behind)
            own = party_of(spoken["p"]) if spoken else None
            yield person, own or side, "the text says who leads", Confidence.HIGH
            position = person.end + (spoken.end() if spoken else 0)


def _leading(
    sentence: Sentence, here: list[Person]
) -> Iterator[tuple[Person, str | None, str, Confidence]]:
    signed = False
    for number, person in enumerate(here):
        before_it, behind = sentence.words[: person.start], sentence.words[person.end :]
        of_side = SIDE_BEFORE.search(before_it)
        if by := BY_FOR.search(before_it):
            yield person, party_of(by["p"]), "acted for this side", Confidence.HIGH
        elif of_side and ATTENDED.search(sentence.words):
            yield person, party_of(of_side["p"]), "named first of this side", Confidence.HIGH
        elif found := FOR.match(behind):
            signed = True
            yield (
                person,
                party_of(found["p"] or found["s"] or found["o"]),
                "took part for this side",
                Confidence.HIGH,
            )
        elif signed and (found := re.match(rf"[\s,]*for\s+(?:the\s+)?(?P<p>{SIDE})(?!\w)", behind)):
            # "A signed for Malaysia and B for Norway"
            yield person, party_of(found["p"]), "took part for this side", Confidence.HIGH
        elif (found := LEADS.match(behind)) and re.search(
            rf"(?i:{GROUP}|negotiat|round|talks|\bside\b|respective)", found["what"]
        ):
            if ELSEWHERE.search(found["what"]):
                continue
            ahead = behind[found.start("what") : found.start("what") + 60]
            side = _side_in(re.split(r"\s(?:in|for the|with|and)\s|[,;]", ahead)[0])
            ahead_of = sentence.words[: person.start]
            if before := FOR_BEFORE.search(ahead_of) or OF_BEFORE.search(ahead_of):
                side = party_of(before["p"])
            both = [party_of(one[0]) for one in side_form().finditer(found["what"])]
            first = None
            if len(set(both)) == 2 and len(here) == 2 and number == 1:
                # "A and B co-chaired it as chief negotiators of the EU and of the Philippines"
                first, side = both[:2]
            yield person, side, "the text says that this person leads", Confidence.HIGH
            # "A, title, and B, title, lead their delegations"
            for later, earlier in itertools.pairwise(here[number::-1]):
                if not TOGETHER.fullmatch(sentence.words, earlier.end, later.start):
                    break
                of_one = None if re.search(r"delegations|respective", found["what"]) else side
                of_one = first or of_one
                if "counterpart" in sentence.words[earlier.end : later.start]:
                    of_one = None
                yield earlier, of_one, "the text says that this person leads", Confidence.HIGH
        elif at_head := AT_ITS_HEAD.search(before_it):
            yield person, party_of(at_head["p"]), "the text says who leads", Confidence.HIGH
        elif as_head := AS_HEAD.search(before_it):
            yield person, party_of(as_head["p"]), "the text says who leads", Confidence.HIGH
        elif found := REPRESENTS.match(behind):
            yield person, party_of(found["p"]), "represents this side", Confidence.HIGH
        elif is_head := IS_HEAD.match(behind):
            party = party_of(is_head["p"] or "") or _side_in(is_head["what"])
            signed = True
            yield person, party, "the text says that this person leads", Confidence.HIGH
        elif that := THAT_OF.match(behind):
            yield (
                person,
                party_of(that["p"] or that["q"]),
                "the text says who leads",
                Confidence.HIGH,
            )
        elif LISTED_AS.match(behind):
            of_side = re.search(rf"(?P<p>{SIDE})(?:'s)?\s+(?:team|side|delegation)\b", before_it)
            yield (
                person,
                party_of(of_side["p"]) if of_side else None,
                "named as who leads",
                Confidence.MEDIUM,
            )
        elif at_side := LISTED_BY.search(before_it):
            yield person, party_of(at_side["p"]), "in a list of sides", Confidence.MEDIUM


def _without_title(
    sentence: Sentence, here: list[Person]
) -> Iterator[tuple[Person, str | None, str, Confidence]]:
    """``Jane Roe headed the Australian team``: who leads, though no title is given."""
    for found in (
        *UNTITLED.finditer(sentence.words),
        *CHIEF_IS.finditer(sentence.words),
        *IS_CHIEF.finditer(sentence.words),
    ):
        start, end = found.span("name")
        words = found["name"].split()
        inside = any(person.start < end and start < person.end for person in here)
        if inside or not all(map(is_name, words)) or ELSEWHERE.search(found[0]):
            continue
        title = found["title"] or ""
        at = found.span("title") if title else None
        person = Person(
            collapsed(found["name"]), title, sentence, start, end, start, end, behind=at
        )
        yield (
            person,
            party_of(found["p"]),
            "the text says that this person leads",
            Confidence.MEDIUM,
        )


def _pair_of_chiefs(sentence: Sentence) -> Iterator[tuple[Person, str | None, str, Confidence]]:
    for found in PAIRED_CHIEFS.finditer(sentence.words):
        for name, party in (("a", "pa"), ("b", "pb")):
            start, end = found.span(name)
            title_end = found.start() + len(found[0].split(found["a"])[0].rstrip())
            person = Person(
                collapsed(found[name]),
                "Chief negotiator" if found[0][:5].lower() == "chief" else "Lead negotiator",
                sentence,
                start,
                end,
                start,
                end,
                None,
                (found.start(), title_end),
            )
            named = found[party] or found[f"f{name}"]
            yield (
                person,
                party_of(named) if named else None,
                "named as chief negotiators",
                Confidence.MEDIUM,
            )


def _titled_chiefs(
    sentence: Sentence, here: list[Person]
) -> Iterator[tuple[Person, str | None, str, Confidence]]:
    for person in here:
        if CHIEFS.search(person.title) and len(person.name.split()) > 1:
            before_it = sentence.words[: person.start]
            of = OF_BEFORE.search(before_it) or LEADERS.search(before_it)
            yield (
                person,
                party_of(of["p"]) if of else None,
                "chief negotiator by title",
                Confidence.MEDIUM,
            )


# Who stands by is no party to it; the list of them ends before the next office.
WITNESSES = re.compile(
    r"\bwith\s+[^;.]{3,120}?\s(?:looking\s+on|as\s+witness\w*|in\s+attendance)|"
    r"\b(?:witnessed\s+by|[Ii]n\s+the\s+presence\s+of)\s+[^;.]*?(?:,\s+(?=[A-Z]|the\s)|$)"
)


LOOKS_ON = re.compile(
    r"\s+(?:looking\s+on|looked\s+on|(?:was|were)\s+present|watched|witnessed|in\s+attendance|"
    r"as\s+witness)"
)


def _principals(
    scene: Scene, everyone: list[Person]
) -> Iterator[tuple[Person, str | None, str, Confidence]]:
    """Of talks between ministers, a signing, a launch: those who met or signed."""
    main = [moment.sentence for moment in scene.main]
    able = [*main, *[one for one in scene.body[:4] if one not in main]]
    for sentence in able:
        if scene.role(sentence) not in ("current",):
            continue
        witnesses = WITNESSES.search(sentence.words)
        for person in everyone:
            if person.sentence is sentence and (
                (witnesses and witnesses.start() < person.start < witnesses.end())
                or LOOKS_ON.match(sentence.words, person.end)
            ):
                continue
            named = len(person.name.split()) > 1 or re.search(
                "Commissioner|Ambassador", person.title
            )
            if person.sentence is sentence and named and MINISTER.search(person.title):
                yield person, None, f"named with the {scene.kind}", Confidence.MEDIUM


def _by_title(person: Person, scene: Scene) -> str | None:
    sides = [party_of(found[0]) for found in side_form().finditer(person.title)]
    named = [one for one in sides if one]
    if (
        named
        and re.search(r"(?i:delegate|head|director|division|for (?:the )?)", person.title)
        and len(set(named)) > 1
    ):
        return named[0]
    if named and not re.search(
        rf"(?:for|to|with)\s+(?:the\s+)?{re.escape(named[0])}", person.title
    ):
        return named[0]
    for form, body in bodies().items():
        if body.party and re.search(rf"(?<!\w){re.escape(form)}(?!\w)", person.title):
            return body.party
    return None


def _by_office(person: Person) -> str | None:
    """``Union Minister`` is an office of one side alone."""
    return next(
        (
            party
            for office, party in table("words")["offices_of_one_side"].items()
            if person.title.startswith(office)
        ),
        None,
    )


def _by_publisher(person: Person, side: str | None) -> str | None:
    if side and re.match(
        r"(?:(?:Deputy|Assistant|Joint|Additional|Special|Trade|Commerce|Industry|Investment|"
        r"Foreign|"
        r"Agriculture|Economy|and) ){0,5}(?:Minister|"
        r"Secretary|Commissioner|(?:Federal )?Councillor|"
        r"International Trade|Business)",
        person.title,
    ):
        return side
    return None
