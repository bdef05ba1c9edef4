"""People named with a title, and which of them lead a side."""

import re
from dataclasses import dataclass

from rounds.intake.draft import Span
from rounds.intake.passages import Sentence, collapsed
from rounds.intake.tables import (
    alternation,
    bodies,
    cities,
    party_adjectives,
    party_names,
    party_of,
    side_openings,
    table,
    words,
)

TOKEN = re.compile(r"[A-Za-zÀ-ɏ](?:[\w.À-ɏ]|['-](?=\w))*(?:'s)?|\d+\w*|[(),;:&/-]")
TOPICS = words("topics")
LINKS = words("links")
FORBIDDEN = words("no_names")
LAST = re.compile(r"[A-ZÀ-ÖØ-ÞĀĂĄĆĈĊČĎĐĒĔĖĘĚĜĞĠĢĤĦĨĪĬĮİĴĶĹĻĽĿŁŃŅŇŊŌŎŐŒŔŖŘŚŜŞŠŢŤŦŨŪŬŮŰŲŴŶŸŹŻŽ]")


@dataclass(frozen=True)
class Person:
    name: str
    title: str
    sentence: Sentence
    start: int
    end: int
    name_start: int
    name_end: int
    # Where the title behind the name stands, if there.
    behind: tuple[int, int] | None = None
    before: tuple[int, int] | None = None
    owner: str | None = None

    @property
    def spans(self) -> list[Span]:
        found = [self.sentence.span(self.name_start, self.name_end)]
        for part in (self.before, self.behind):
            if part:
                found.append(self.sentence.span(*part))
        return found


def _bare(token: str) -> str:
    return token.removesuffix("'s")


def _is_title(token: str) -> bool:
    token = _bare(token)
    return (
        token in words("titles")
        or token.rstrip(".") in words("titles")
        or (
            "-" in token
            and token.split("-")[0].capitalize() in words("titles")
            and token.split("-")[-1].capitalize()
            in words("titles") | {"General", "Portfolio", "Minister", "Secretary"}
        )
    )


HEADS = words("offices")


def persons(sentence: Sentence) -> list[Person]:
    """All people of a sentence who are named with a title or an honorific, left to right."""
    tokens = list(TOKEN.finditer(sentence.words))
    bodies_here = [found.span() for found in LONG_BODY.finditer(sentence.words)]
    bodies_here += [found.span() for found in HEAD_OF_BODY.finditer(sentence.words)]
    found: list[Person] = []
    position = 0
    while position < len(tokens):
        start = tokens[position].start()
        # "the Office of the United States Trade Representative" is no person's title.
        opens = LAST.match(tokens[position][0]) or CHIEF.match(sentence.words, start)
        if not opens or any(a <= start < b for a, b in bodies_here):
            position += 1
            continue
        person, after = _person(sentence, tokens, position)
        if person:
            found.append(person)
            position = after
        else:
            position += 1
    return found


CHIEF = re.compile(r"(?:chief|lead)\s+negotiator,?\s+(?=[A-Z])")
LONG_BODY = re.compile(
    rf"(?<![\w-])(?:{alternation(form for form in bodies() if ' ' in form)})(?!\s+(?:Under|"
    rf"Deputy|Assistant|Executive|Vice|Managing|President|[A-Z]\w*(?:ecretary|ounselor|"
    rf"irector)))(?!\w)"
)
# "(MOTIR, Minister JK Kim)": who heads the body that is named, and nothing more.
HEAD_OF_BODY = re.compile(r"\([A-Z]{2,8},\s+[^()]{3,50}\)")
HONORIFIC = re.compile(rf"(?:(?:{alternation(table('words')['honorifics'])})(?=[\s]))")


def _person(
    sentence: Sentence, tokens: list[re.Match[str]], position: int
) -> tuple[Person | None, int]:
    of_body = OF_A_BODY.match(sentence.words, tokens[position].start())
    opening = position
    if of_body:
        # "Department of Commerce Counselor Jane Roe": the title begins with the body.
        opening = next(n for n, token in enumerate(tokens) if token.start() >= of_body.end())
    title_end, has_head = _title_run(sentence.words, tokens, opening)
    if has_head is False:
        title_end = position
    cursor, polite = _skip_honorifics(sentence.words, tokens, title_end)
    if has_head and cursor < len(tokens) and tokens[cursor][0] == ",":
        # "Minister of Commerce and Industry, Shri Piyush Goyal"
        further, polite_here = _skip_honorifics(sentence.words, tokens, cursor + 1)
        if polite_here or _name_run(sentence.words, tokens, further, True) - further >= 2:
            cursor, polite = further, polite_here
    if not has_head and not polite:
        cursor = position
    name_end = _name_run(sentence.words, tokens, cursor, polite or has_head)
    count = name_end - cursor
    if count < 1 or (count < 2 and not (has_head and LAST.match(tokens[cursor][0]))):
        return None, position + 1
    first, last = tokens[cursor].start(), tokens[name_end - 1].end()
    written = _without_stop(sentence.words[first:last].removesuffix("'s"))
    name, last = collapsed(written), first + len(written)
    behind = _title_behind(sentence.words, tokens, name_end)
    if behind and has_head and OWNED.match(sentence.words, behind[0]):
        # "Deputy Minister Wang, Japan's Ambassador Kagawa": that is another one's.
        behind = None
    if not (has_head or polite or behind) or party_of(name):
        return None, position + 1
    if not (has_head or behind) and count < 2:
        return None, position + 1
    before = None
    if has_head and title_end > position:
        stop = tokens[title_end - 1].end()
        begin = tokens[position].start()
        before = (begin, stop)
    title = _joined(sentence.words, before, behind)
    owner = _owner(sentence.words, tokens, position, before, last)
    # "Budi Santoso, Indonesia's Minister of Trade"
    if behind and not owner and (named := OWNED.match(sentence.words, behind[0])):
        owner = party_of(named["p"])
    # "Director Roe (Norway)"
    if not owner and (named := IN_BRACKETS.match(sentence.words, behind[1] if behind else last)):
        owner = party_of(named["p"])
    # "Roe, Minister of Trade of Norway"
    if behind and (named := OF_PARTY.search(sentence.words, *behind)):
        owner = owner or party_of(named["p"])
    end = behind[1] if behind else last
    person = Person(
        name, title, sentence, tokens[position].start(), end, first, last, behind, before, owner
    )
    after = next((n for n, token in enumerate(tokens) if token.start() >= end), len(tokens))
    return person, max(after, name_end)


def _without_stop(name: str) -> str:
    """``Ingrid Larson.`` ends its sentence; ``Sammy Davis Jr.`` does not."""
    bare = name.removesuffix(".")
    word = bare.split()[-1]
    return name if len(word) < 3 or "." in word or word in words("abbreviations") else bare


# "United States Trade Representative", "European Commission": the party belongs to the name.
BODIES_BEGIN_WITH = ("United States", "U.S.", "US", "European")


def _joined(text: str, before: tuple[int, int] | None, behind: tuple[int, int] | None) -> str:
    parts = [WHOSE.sub("", collapsed(text[slice(*part)])) for part in (before, behind) if part]
    if before:
        parts[0] = re.sub(r"^(?:the|The|then-|then|lead)\s*(?=[A-Z])", "", parts[0])
        # "USTR and Assistant Trade Representative Roe": a body before an office.
        parts[0] = re.sub(r"^USTR and (?=Assistant|Deputy|Ambassador|Acting)", "", parts[0])
        for party in (*party_names(), *party_adjectives()):
            if parts[0].startswith(f"{party} "):
                rest = parts[0].removeprefix(f"{party} ")
                # "Taiwan Minister", "Kenyan Cabinet Secretary": whose, and not what.
                part_of_it = rest.split()[0] in (
                    "Trade",
                    "House",
                    "Department",
                    "Commission",
                    "Commissioner",
                )
                kept = (
                    rest.split()[0].title() in ("Chief", "Lead")
                    and party.replace(".", "").isupper()
                )
                kept = kept or (part_of_it and party in BODIES_BEGIN_WITH)
                if party != "EU" and not kept:
                    parts[0] = rest
                break
        if re.fullmatch(r"(?:lead\s+)?(?:U\.?S\.?T\.?R\.?\s+)?[Oo]fficial", parts[0]):
            parts = parts[1:]
    return ", ".join(parts)


def is_name(word: str) -> bool:
    """Whether this word can be a part of somebody's name."""
    bare = _bare(word)
    return bool(
        LAST.match(bare)
        and bare not in FORBIDDEN
        and bare not in HEADS
        and bare not in TOPICS
        and not _is_title(bare)
        and not party_of(bare)
        and bare not in bodies()
    )


def _title_run(text: str, tokens: list[re.Match[str]], position: int) -> tuple[int, bool]:
    """How far a title runs from here, and whether it holds the word for an office."""
    if position < len(tokens) and not _opens_title(tokens, position):
        return position, False
    cursor, last, has_head = position, position, False
    only_a_party = True
    while cursor < len(tokens) and cursor - position < 24:
        sign = tokens[cursor][0]
        bare = _bare(sign)
        if bare in HEADS:
            has_head, last = True, cursor + 1
            only_a_party = False
        elif _is_title(sign) or (bare in TOPICS and cursor > position):
            last = cursor + 1
            only_a_party = False
        elif size := _party_run(tokens, cursor):
            cursor += size - 1
            last = cursor + 1
        elif sign == "(" and cursor + 2 < len(tokens) and tokens[cursor + 2][0] == ")" and has_head:
            cursor += 2
            last = cursor + 1
        elif (sign == "," and has_head and _continues_list(tokens, cursor)) or (
            cursor == position and bare in bodies()
        ):
            pass
        elif sign in LINKS and cursor > position:
            if sign in ("-", "/", "with", "at") and not has_head:
                break
            # "of Chile and Ambassador Park": another's title, and no part of this one.
            if sign in ("and", "&") and only_a_party:
                break
        else:
            break
        cursor += 1
    return (last, has_head) if has_head else (position, False)


def _continues_list(tokens: list[re.Match[str]], cursor: int) -> bool:
    """``Minister of Production, Foreign Trade, Investment and Fisheries``: a subject follows."""
    if cursor + 2 >= len(tokens):
        return False
    following = _bare(tokens[cursor + 1][0])
    if following in ("and", "&"):
        following = _bare(tokens[cursor + 2][0])
    if party_of(following):
        return True
    return (following in TOPICS or _is_title(following)) and following not in HEADS


def _opens_title(tokens: list[re.Match[str]], position: int) -> bool:
    token = tokens[position][0]
    if _is_title(token) or _party_run(tokens, position):
        return True
    if _bare(token) in HEADS or token in ("Chief", "chief", "lead", "Parliamentary"):
        return True
    # A bloc's initials stand before the title of who negotiates for it.
    follows = len(token) > 2 and token.isupper() and position + 1 < len(tokens)
    return follows and _opens_title(tokens, position + 1)


def _party_run(tokens: list[re.Match[str]], position: int) -> int:
    """How many tokens from here name a party."""
    if _bare(tokens[position][0]) not in side_openings():
        return 0
    for size in (3, 2, 1):
        run = tokens[position : position + size]
        if len(run) == size and party_of(_bare(" ".join(token[0] for token in run))):
            return size
    return 0


def _skip_honorifics(text: str, tokens: list[re.Match[str]], cursor: int) -> tuple[int, bool]:
    polite = False
    while cursor < len(tokens):
        found = HONORIFIC.match(text, tokens[cursor].start())
        if not found:
            return cursor, polite
        polite = True
        while cursor < len(tokens) and tokens[cursor].start() < found.end():
            cursor += 1
    return cursor, polite


def _name_run(text: str, tokens: list[re.Match[str]], cursor: int, led: bool = False) -> int:
    start = cursor
    while cursor < len(tokens) and cursor - start < 5:
        token = tokens[cursor][0]
        bare = _bare(token)
        glued = cursor > start and re.search(
            r"[^\s]", text[tokens[cursor - 1].end() : tokens[cursor].start()]
        )
        if glued or not bare:
            break
        if bare.lower() in words("particles") and cursor > start and cursor + 1 < len(tokens):
            behind = cursor + 1
            while behind + 1 < len(tokens) and tokens[behind][0].lower() in words("particles"):
                behind += 1
            if not LAST.match(tokens[behind][0]):
                break
        elif cursor == start and _is_a_month_as_name(tokens, cursor, led):
            pass
        elif (
            (
                not LAST.match(bare)
                or bare in FORBIDDEN
                or bare in HEADS
                or (_is_title(bare) and bare not in ("Chief",))
            )
            or (
                bare in TOPICS
                or (party_of(bare) and not _ends_a_name(tokens, start, cursor))
                or bare in bodies()
                or (bare in cities() and cursor == start)
            )
            or (
                bare.isupper() and len(bare) > 3 and "." not in bare and cursor == start and not led
            )
        ):
            break
        cursor += 1
        if token.endswith("'s"):
            break
        if (
            bare.endswith(".")
            and len(bare) > 3
            and bare.rstrip(".") not in words("abbreviations")
            and bare.count(".") == 1
        ):
            break
    return cursor


def _is_a_month_as_name(tokens: list[re.Match[str]], cursor: int, led: bool) -> bool:
    """``Minister April Roe``, ``May Lin, Director``: with a title, before another part of"
    " a name."""
    if tokens[cursor][0] not in ("April", "May", "June", "August") or cursor + 1 >= len(tokens):
        return False
    if not led and tokens[cursor + 2 : cursor + 3][:1] and tokens[cursor + 2][0] != ",":
        return False
    return len(tokens[cursor + 1][0]) > 1 and is_name(tokens[cursor + 1][0])


def _ends_a_name(tokens: list[re.Match[str]], start: int, cursor: int) -> bool:
    """``Luong Hoang Thai,``: an adjective of a party may be the last part of a name."""
    behind = tokens[cursor + 1][0] if cursor + 1 < len(tokens) else ","
    return cursor - start >= 2 and behind == "," and _bare(tokens[cursor][0]) in party_adjectives()


SIDES = alternation([*party_names(), *party_adjectives()])
WHOSE = re.compile(rf"^(?:(?:the|The|then-?)\s+)?(?:{alternation(party_names())})'s\s+")
OWNED = re.compile(rf"(?:the\s+|then-?)?(?P<p>{SIDES})(?:'s|s')?(?!\w)")
OWNER = re.compile(rf"(?<![\w.])(?P<p>{SIDES})(?:'s)?\s+(?:then-?\s*)?$")
IN_BRACKETS = re.compile(rf"\)?\s*\((?P<p>{SIDES})\)")
OF_PARTY = re.compile(
    rf"(?<!Government)(?<!Republic)(?<!Kingdom)\s+(?:of|for)\s+(?:the\s+)?(?P<p>{SIDES})$"
)
OF_A_BODY = re.compile(
    r"(?:the\s+)?(?:U\.?S\.?\s+)?(?:Department|Ministry|Office|Bureau|Institute)\s+(?:of|for|"
    r"in)\s+(?:the\s+)?"
    r"[A-Z]\w+(?:\s+(?:and\s+|&\s+)?[A-Z]\w+){0,3}?\s+(?=(?:Deputy\s+|Assistant\s+|Under\s+|"
    r"Principal\s+|Senior\s+|Managing\s+|"
    r"Special\s+|Joint\s+|Additional\s+)*(?:Counselor|Counsellor|Secretary|Undersecretary|"
    r"Director|Director-General|Adviser|"
    r"Advisor|Commissioner|Chief|Minister|Negotiator|Representative|Official|Head|Chair|Chairman|"
    r"Chairperson)\b)"
)
FROM = re.compile(rf"\s+(?:of|from)\s+(?:the\s+)?(?P<p>{SIDES})(?![\w-]|\s+[A-Z])")
STOPS = re.compile(
    rf",\s+for\s+(?:the\s+)?(?:{SIDES})(?=[.,;]|\s+(?:and|by)\b|\s*$)|"
    r";|\.(?=\s*$)|:|,\s+with\b|,?\s+and\s+(?:the\s+|for\s+)?(?:[A-Z][\w.'-]*\s+){0,3}"
    r"(?:(?:delegation|side|team|party|one)\s+)?(?:by|was|is|were)\b|\s+(?:while|whereas|who|led|"
    r"leads|headed|heads|will|is|are|"
    r"was|were|has|have|had|met|meets|held|hold|co-led|signed|and\s+by|"
    r"took|takes|before|during|attended|represent\w*|chaired|announced|said|said:|on\s+behalf|"
    r"(?:lead|head|co-?head|chair|co-?chair)\s+(?:the|their|its|our|respective|delegations)\b|"
    r"respectively|jointly|as|at\s+(?:its|their)\s+head|welcomed|visited|co-lead\w*|hosted|"
    r"in\s+the\s+presence|"
    r"on\s+the\s+side|together|agreed|discussed|"
    r"participated|joined|with\s+the)\b"
)
ORGANIZATION = re.compile(
    r"^(?:and\s+)?(?:of\s+)?(?:the\s+)?(?:Department|Ministry|Office|Government|Division|"
    r"Directorate|Bureau|Secretariat|State Secretariat|Swiss|Trade|Commerce|"
    r"Bilateral|Federal|National|International|European|Eurasian|State|Head|head|Republic)\b"
)


def _title_behind(text: str, tokens: list[re.Match[str]], name_end: int) -> tuple[int, int] | None:
    """``, Additional Secretary, Department of Commerce`` behind a name."""
    if name_end >= len(tokens):
        return None
    opening = tokens[name_end]
    if opening[0] in ("of", "from") and name_end + 1 < len(tokens):
        size = _party_run(tokens, name_end + 1)
        # "Ambassador A. Name of Switzerland, spokesperson for ..."
        if size and name_end + 1 + size < len(tokens) and tokens[name_end + 1 + size][0] == ",":
            return None
    if opening[0] not in (",", "("):
        return None
    start = opening.end()
    if opening[0] == "(":
        closing = text.find(")", start, start + 120)
        inside = text[start:closing] if closing > 0 else ""
        if any(_bare(token) in HEADS for token in re.findall(r"[\w'.-]+", inside)):
            return (start, closing)
        # "Mr Roe (Ministry of Trade of Norway)": where somebody works, in place of a title.
        if re.match(
            r"(?:the\s+)?(?:Ministry|Department|Directorate|Office|European Commission)\b", inside
        ):
            return (start, closing)
        return None
    stop = STOPS.search(text, start - 1)
    limit = stop.start() if stop else len(text.rstrip(". "))
    parts = list(re.finditer(r"[^,()]+(?:\([^)]{0,60}\))?", text[start:limit]))
    end = None
    for number, part in enumerate(parts):
        words_here = part[0]
        inner = re.search(
            r"\s+and\s+(?=(?:(?:Mr|Ms|Mrs|Dr|Shri)\.?\s|[A-Z][\w'-]+\s+[A-Z]))", words_here
        )
        first = re.findall(r"[\w'.-]+", words_here)[:9]
        titled = any(_bare(token).strip(".") in HEADS or _bare(token) in HEADS for token in first)
        if number == 0:
            if not titled or (re.match(r"\s*and\s", words_here)):
                return None
        elif re.match(r"\s*and\s+", words_here):
            rest = re.sub(r"^\s*and\s+(?:the\s+)?", "", words_here)
            opens = re.findall(r"[\w'.-]+", rest)[:4]
            person = (
                len(opens) >= 2
                and all(LAST.match(o) for o in opens[:2])
                and not any(
                    _bare(o) in HEADS or _bare(o) in TOPICS or _is_title(_bare(o))
                    for o in opens[:2]
                )
            )
            if person or (
                not titled and not re.match(r"(?:Industry|Trade|Energy|Commerce|Investment)", rest)
            ):
                break
        elif (
            not titled
            and not ORGANIZATION.match(words_here.strip())
            and not _is_of_subjects(words_here)
        ):
            break
        if inner and _names_person(words_here[inner.end() :]):
            end = start + part.start() + inner.start()
            break
        end = start + part.end()
    if end is None:
        return None
    # "Innovation, Science and Economic Development Canada" is one name.
    end = next((m.end() for m in LONG_BODY.finditer(text, start) if m.start() < end < m.end()), end)
    begin = start + len(text[start:end]) - len(text[start:end].lstrip())
    return (begin, begin + len(text[begin:end].rstrip(" ,")))


def _is_of_subjects(part: str) -> bool:
    """``Minister of Industry, Entrepreneurship and Trade``: the subjects of an office go on."""
    named = re.findall(r"[\w'.-]+", OF_PARTY.sub("", part))
    return all(one in ("and", "the") or one in TOPICS or _is_title(one) for one in named)


def _names_person(rest: str) -> bool:
    rest = HONORIFIC.sub("", rest).strip()
    opens = re.findall(r"[\w'.-]+", rest)[:2]
    return len(opens) == 2 and not any(
        _bare(o) in HEADS or _bare(o) in TOPICS or _is_title(o) or party_of(_bare(o)) for o in opens
    )


def _owner(
    text: str,
    tokens: list[re.Match[str]],
    position: int,
    before: tuple[int, int] | None,
    name_end: int,
) -> str | None:
    """``the UK's International Trade Secretary``: whose, by what stands before or begins it."""
    start = before[0] if before else tokens[position].start()
    head = text[slice(*before)] if before else ""
    if named := OWNED.match(head):
        return party_of(named["p"])
    if named := FROM.match(text, name_end):
        return party_of(named["p"])
    if re.search(r"(?<!\w)(?:U\.S\.|United States|US|USTR)(?!\w)", head):
        return "United States"
    ahead = OWNER.search(text[max(0, start - 60) : start])
    return party_of(ahead["p"]) if ahead else None
