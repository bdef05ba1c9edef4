"""Which case the release is about: the initiative by its name, and its parties."""

import re
from dataclasses import dataclass

from rounds.intake.draft import Confidence, Draft, Span
from rounds.intake.passages import Passages, Sentence, collapsed
from rounds.intake.tables import (
    Pattern,
    alternation,
    blocs,
    han_parties,
    han_shorts,
    initiatives,
    party_form,
    party_names,
    party_of,
    party_shorts,
    spelling_form,
    table,
)

SPELLED_OUT: dict[str, str] = table("agreements")["abbreviations"]
QUALIFIER = (
    r"(?:(?:Comprehensive|Free|Strategic|Digital|Enhanced|Economic|Trade|Investment|Partnership|"
    r"Cooperation|Co-operation|Bilateral|Services|Early|Progressive|Moderni[sz]ed|Interim|Closer|"
    r"Global|Advanced|Framework|Association|Reciprocal|Critical|Minerals|Green|Technology|Goods|"
    r"Foreign|Promotion|Preferential|Council|Protection|New|Harvest|Economy|Sustainable|"
    r"Facilitation|Joint|and|&|in|on|for)"
    r"\s+)"
)
SUBJECT = (
    r"(?:\s+on\s+(?:(?:Reciprocal|Economic|Digital|Electronic|Climate|Change|Critical|Balanced|"
    r"Fair|"
    r"Strategic|Technical|Sustainable|Services|Goods|Minerals|Investment|Facilitation|Trade|and|in|"
    r"for|Development),?\s+)*"
    r"(?:Trade|Investment|Commerce|Co-?operation|Services|Goods|Minerals|Sustainability|"
    r"Development|Partnership))"
)
# A kind of agreement: at least one qualifier, then the noun, or a noun with its subject; then its
# abbreviation.
KIND = (
    rf"{QUALIFIER}{{1,7}}(?:Agreement|Partnership|Initiative|Framework|Arrangement|Pact|Treaty|"
    rf"Free\s+Trade\s+Area)(?-i:{SUBJECT})?|(?-i:(?:Agreement|Framework|Arrangement){SUBJECT})"
)
TYPE = rf"(?i:(?P<type>{KIND}))(?:\s*\(['\"]?(?P<abbr>[A-Z][A-Za-z]{{1,9}})['\"]?\))?"
SHORT_TYPE = rf"(?P<short>{alternation(SPELLED_OUT)})(?!\w)"
PARTY = rf"(?:{alternation(party_names())})"
COMPOUND = re.compile(
    rf"(?<![\w.-])(?P<a>{PARTY})\s*[-/]\s*(?P<b>{PARTY})(?:\s*[-/]\s*(?P<c>{PARTY}))?"
    rf"(?:'s)?\s+(?:{TYPE}|{SHORT_TYPE})"
)
BETWEEN = re.compile(
    rf"(?:{TYPE}|{SHORT_TYPE})(?:\s+(?:negotiations?|talks|between|among|of|with|"
    rf"negotiating\s+round)){{1,2}}\s+(?:the\s+)?(?P<a>{PARTY})(?:\s*\([A-Z]+\))?"
    rf"(?:,\s+(?:the\s+)?(?P<c>{PARTY}))?,?\s+(?:and|with)\s+(?:the\s+)?(?P<b>{PARTY})(?!\w)"
)
WITH = re.compile(
    rf"(?:{TYPE}|{SHORT_TYPE})(?:\s+(?:negotiations?|"
    rf"talks))?\s+with\s+(?:the\s+)?(?P<b>{PARTY})(?!\w)"
)
OF_TWO = re.compile(rf"(?P<a>{PARTY})(?:'s)?\s+(?:and|with)\s+(?:the\s+)?(?P<b>{PARTY})(?!\w)")
BARE = re.compile(TYPE)
PAIR = re.compile(
    rf"(?<![\w.-])(?P<a>{PARTY})(?:\s+States)?(?:\s*\([^)]{{1,90}}\))?\s*(?:,?\s+and\s+(?:the\s+)?|"
    rf"\s*[-/]\s*)"
    rf"(?P<b>{PARTY})(?!\w|\s+(?:Ministr|Secretar))"
)


@dataclass
class Case:
    parties: list[str]
    name: str | None = None
    chapters: dict[str, str] | None = None
    pillars: dict[str, str] | None = None
    plurilateral: bool = False


def read_case(passages: Passages, draft: Draft, side: str | None, known: list[str]) -> Case:
    """``known``: titles of cases in the record; a text that bears one is about it."""
    ranked = _ranked(passages)
    case = (
        _of_the_record(ranked, draft, known)
        or _of_the_table(ranked[:3], draft)
        or _by_its_form(ranked, draft, side)
        or _of_the_table(ranked[3:12], draft)
        or Case([])
    )
    _read_parties(passages, draft, case, ranked, side)
    if case.name is None:
        (_compose_han if passages.is_han else _compose)(ranked, draft, case)
    if case.name is None and not passages.is_han:
        _of_what_is_meant(ranked, draft, case)
    return case


def _ranked(passages: Passages) -> list[Sentence]:
    """The title first, then the body from its first sentence on."""
    titles = [one for one in passages.sentences if passages.kind_of(one) == "title"]
    return titles + passages.body


def _of_the_record(ranked: list[Sentence], draft: Draft, known: list[str]) -> Case | None:
    for sentence in ranked[:12]:
        for title in known:
            found = sentence.words.lower().find(title.lower())
            if title and found >= 0:
                span = sentence.span(found, found + len(title))
                if any(form.search(title) for one in initiatives() for form in one["forms"]):
                    return None
                draft.add("initiative", title, [span], "the title of a case in the record")
                return Case([], title)
    return None


def _of_the_table(ranked: list[Sentence], draft: Draft) -> Case | None:
    for sentence in ranked:
        for entry in initiatives():
            for form in entry["forms"]:
                if found := form.search(sentence.words):
                    if _is_background(sentence.words, found.start()):
                        continue
                    draft.add(
                        "initiative",
                        entry["name"],
                        [sentence.span(*found.span())],
                        "a name of this initiative, known from a table",
                    )
                    return Case(
                        list(entry["parties"]),
                        entry["name"],
                        entry.get("chapters"),
                        entry.get("pillars"),
                        entry.get("plurilateral", False),
                    )
    return None


def _is_background(words: str, position: int) -> bool:
    """``CPTPP members``, ``beyond RCEP``: other agreements, named beside."""
    before = words[max(0, position - 30) : position]
    return bool(
        re.search(
            r"(?:members? of|beyond|such as|like|parties to|accession to|under) (?:the )?$", before
        )
        and re.search(r"members? of|beyond|such as|like|parties to", before)
    )


def _by_its_form(ranked: list[Sentence], draft: Draft, side: str | None) -> Case | None:
    compound = _named_with_parties(ranked, COMPOUND)
    between = _named_with_parties(ranked, BETWEEN)
    named = compound or between
    if compound and between and not _is_a_name(compound[1]) and _is_a_name(between[1]):
        named = between if set(compound[3]) == set(between[3]) else compound
    if named:
        sentence, found, parties, names = named
        shown = "-".join(map(collapsed, parties)) if named is compound else _shorts(names, ranked)
        name = f"{shown} {_type(found, ranked)}"
        draft.add(
            "initiative",
            name,
            [sentence.span(*found.span())],
            "parties with the kind of agreement"
            if named is compound
            else "composed: the kind of agreement, and between whom",
            Confidence.HIGH if named is compound else Confidence.MEDIUM,
        )
        return Case(names, name)
    for number, sentence in enumerate(ranked[:6]):
        alone = WITH.search(sentence.words)
        if number > 2 and alone and not re.search("negotiation|talks", alone[0]):
            continue
        if alone and not OF_TWO.search(sentence.words):
            other = party_names()[collapsed(alone["b"])]
            if side and side != other:
                name = f"{party_shorts()[side]}-{party_shorts()[other]} {_type(alone, ranked)}"
                draft.add(
                    "initiative",
                    name,
                    [sentence.span(*alone.span())],
                    "composed: the kind of agreement, and the publisher’s side",
                    Confidence.MEDIUM,
                    derived=True,
                )
                return Case([side, other], name)
    return None


def _shorts(parties: list[str], ranked: list[Sentence]) -> str:
    """``UK-US``: the parties in short, the United States as the text writes them."""
    dotted = any("U.S." in sentence.words for sentence in ranked[:12])
    plain = not dotted and any(re.search(r"\bUS\b", one.words) for one in ranked[:12])
    shorts = [party_shorts()[one] for one in parties]
    return "-".join("US" if one == "U.S." and plain else one for one in shorts)


def _is_a_name(found: re.Match[str]) -> bool:
    """``Free Trade Agreement``; a title may say ``trade agreement`` for it."""
    # "Free trade agreement between ..." begins a title, and is no name.
    return bool(found.groupdict().get("short") or re.search(r"\s[A-Z]", found["type"]))


Named = tuple[Sentence, re.Match[str], list[str], list[str]]


def _named_with_parties(ranked: list[Sentence], form: re.Pattern[str]) -> Named | None:
    """The first, or the first written as a name."""
    first: Named | None = None
    for sentence in ranked[:10]:
        for found in form.finditer(sentence.words):
            # Of three the second of an enumeration stands between, that of a name behind.
            order = ("a", "b", "c") if form is COMPOUND else ("a", "c", "b")
            parties = [found[one] for one in order if found[one]]
            names = [party_names()[collapsed(one)] for one in parties]
            if len(set(names)) < 2 or (first and set(first[3]) != set(names)):
                continue
            if _is_a_name(found):
                return sentence, found, parties, names
            first = first or (sentence, found, parties, names)
    return first


def _type(found: re.Match[str], ranked: list[Sentence]) -> str:
    """``Free Trade Agreement``, spelled out, with its abbreviation where that is a name."""
    groups = found.groupdict()
    short = groups.get("short") or ""
    if groups.get("type"):
        spelled, short = collapsed(groups["type"]), groups.get("abbr") or ""
    else:
        spelled = SPELLED_OUT[short]
        for sentence in ranked[:10]:
            if written := re.search(
                rf"(?i:(?P<type>{KIND}))\s*\(['\"]?{short}['\"]?\)", sentence.words
            ):
                spelled = collapsed(written["type"])
                break
    # "a comprehensive Free Trade Agreement" is of that name without the adjective.
    named = re.search(r"(?<!\w)(?:[A-Z].*|free trade agreement)$", spelled)
    spelled = _capitals(
        re.sub(
            r"^(?:new|moderni[sz]ed|upgraded|updated|wider)\s+", "", named[0] if named else spelled
        )
    )
    if not short:
        for sentence in ranked[:8]:
            again = re.search(
                rf"(?i:{re.escape(spelled)})\s*\(([A-Z][A-Za-z]{{1,9}})\)", sentence.words
            )
            if again:
                short = again[1]
                break
    return spelled if short in ("", "FTA") else f"{spelled} ({short})"


def _capitals(words: str) -> str:
    small = ("and", "on", "in", "for", "of", "the")
    return " ".join(w if w.lower() in small else w[:1].upper() + w[1:] for w in words.split())


def _compose(ranked: list[Sentence], draft: Draft, case: Case) -> None:
    """No name joins parties and agreement; each alone is named."""
    parties = as_blocs(case.parties)
    bare = [(one, found) for one in ranked[:8] for found in BARE.finditer(one.words)]
    # What is written as a name goes before "a trade agreement".
    for sentence, found in sorted(bare, key=lambda one: not _is_a_name(one[1])):
        lowered = found["type"].lower()
        if not found["type"][0].isupper() and not lowered.endswith("trade agreement"):
            continue
        if len(parties) != 2:
            if found["type"][0].isupper() and found["abbr"] and found["abbr"] != "FTA":
                name = f"{_capitals(collapsed(found['type']))} ({found['abbr']})"
                draft.add("initiative", name, [sentence.span(*found.span())], "named so")
                case.name = name
                return
            continue
        if len(parties) < 2:
            continue
        name = f"{_shorts(parties, ranked)} {_type(found, ranked)}"
        draft.add(
            "initiative",
            name,
            [sentence.span(*found.span())],
            "composed: the kind of agreement, and the parties named elsewhere",
            Confidence.MEDIUM,
            derived=True,
        )
        case.name = name
        return


def _compose_han(ranked: list[Sentence], draft: Draft, case: Case) -> None:
    """The kind of agreement in English, by a table, and the parties."""
    kinds = table("agreements")["zh"]
    parties = as_blocs(case.parties)
    if len(parties) != 2:
        return
    for sentence in ranked[:8]:
        found = re.search(alternation(kinds), sentence.words)
        # One of several subjects is not what the talks are about.
        if found and not re.match(
            r"(?:、|及|與|和)[^，。]{1,20}(?:議題|領域)", sentence.words[found.end() :]
        ):
            case.name = f"{_shorts(parties, ranked)} {kinds[found[0]]}"
            draft.add(
                "initiative",
                case.name,
                [sentence.span(*found.span())],
                "composed: the kind of agreement by a table, and the parties",
                Confidence.MEDIUM,
                derived=True,
            )
            return


# An agreement that is not named, only meant: what it is called with its two parties.
MEANT = (
    Pattern(
        "free trade negotiations",
        re.compile(
            r"(?i:\bfree[\s-]trade\s+(?:negotiations|talks))|\bFTA\b(?!\s+(?:partner|network|"
            r"countr))"
        ),
        "free trade negotiations",
        "Free Trade Agreement",
    ),
    Pattern(
        "an older agreement",
        re.compile(
            r"(?i:\b(?:moderni[sz]\w+|upgrad\w+|updat\w+|renegotiat\w+|revis\w+|review\w*)\s+"
            r"(?:of\s+)?(?:their|the|its|our)\s+(?:existing\s+|current\s+|"
            r"bilateral\s+)?agreement)\b"
        ),
        "the modernisation of their agreement",
        "Agreement",
    ),
)


def _of_what_is_meant(ranked: list[Sentence], draft: Draft, case: Case) -> None:
    parties = as_blocs(case.parties)
    if len(parties) != 2:
        return
    for meant in MEANT:
        for sentence in ranked[:6]:
            if found := meant.form.search(sentence.words):
                case.name = f"{_shorts(parties, ranked)} {meant.reads}"
                draft.add(
                    "initiative",
                    case.name,
                    [sentence.span(*found.span())],
                    f"composed: {meant.name}, and the parties",
                    Confidence.LOW,
                    derived=True,
                )
                return


def as_blocs(parties: list[str]) -> list[str]:
    for bloc, members in blocs().items():
        inside = [one for one in parties if one in members]
        if len(inside) >= 3:
            first = parties.index(inside[0])
            rest = [one for one in parties if one not in members]
            parties = [*rest[: min(first, len(rest))], bloc, *rest[min(first, len(rest)) :]]
    return parties


# Parties


def _read_parties(
    passages: Passages, draft: Draft, case: Case, ranked: list[Sentence], side: str | None
) -> None:
    names = case.parties
    reason = "a party to the initiative"
    if not names:
        names = _listed(ranked)
        reason = "in the list of those taking part"
    if not names and not case.plurilateral:
        names = _paired(ranked, passages.is_han)
        reason = "named together"
    if not names and side and not case.plurilateral:
        names = _with_the_publisher(ranked, side)
        reason = "the publisher’s side, and with whom it negotiates"
    if not names and case.plurilateral:
        names = _delegations(ranked)
        reason = "its delegation is named"
    names = [member for name in names for member in _members(name, passages.plain)]
    case.parties = list(dict.fromkeys(names))
    named_by = draft.first("initiative")
    for name in case.parties:
        span = _where(ranked, name)
        draft.add(
            "parties",
            name,
            [span] if span else named_by.spans if named_by else [],
            reason,
            Confidence.HIGH if span else Confidence.MEDIUM,
            derived=span is None,
        )


def _where(ranked: list[Sentence], name: str) -> Span | None:
    form = spelling_form(name)
    for sentence in ranked:
        if found := form.search(sentence.words):
            return sentence.span(*found.span())
    han = [form for form, party in han_parties().items() if party == name]
    if han:
        for sentence in ranked:
            if found := re.search(alternation(han), sentence.words):
                return sentence.span(*found.span())
    return None


def _members(name: str, text: str) -> list[str]:
    """A bloc whose members the text lists is its members."""
    members = blocs().get(name)
    if not members or name not in (
        "EFTA States",
        "Mercosur",
        "Pacific Alliance",
        "Southern African Customs Union",
    ):
        return [name]
    spellings = [form for form, party in party_names().items() if party in members]
    one = rf"(?:the\s+)?(?:{alternation(spellings)})"
    listed = re.search(rf"{one}(?:,\s+{one}){{1,4}}(?:,?\s+(?:and|&)|,)\s+{one}", text)
    if not listed:
        return [name]
    found = [party_names()[collapsed(m[0])] for m in party_form().finditer(listed[0])]
    return [each for each in found if each in members]


MANY = re.compile(
    rf"(?:the\s+)?{PARTY}(?:,\s+(?:the\s+)?{PARTY}){{2,24}},?\s+and\s+(?:the\s+)?{PARTY}(?!\w)"
)


def _listed(ranked: list[Sentence]) -> list[str]:
    for sentence in ranked:
        if found := MANY.search(sentence.words):
            names = [party_names()[collapsed(m[0])] for m in party_form().finditer(found[0])]
            members = [set(inside) for inside in blocs().values()]
            if any(set(names) <= inside for inside in members):
                continue
            if len(set(names)) >= 4:
                return names
    return []


def _paired(ranked: list[Sentence], is_han: bool) -> list[str]:
    if is_han:
        return _han_paired(ranked)
    for sentence in ranked[:6]:
        for found in PAIR.finditer(sentence.words):
            names = [party_names()[collapsed(found["a"])], party_names()[collapsed(found["b"])]]
            # "Iceland, Liechtenstein, Norway and Switzerland": the end of a longer list.
            longer = LISTED_BEFORE.search(sentence.words[: found.start()])
            if names[0] != names[1] and not longer:
                return names
    return []


WITH_WHOM = re.compile(
    rf"\b(?:negotiat\w+|talks|mandate|discussions)\s+(?:\w+\s+){{0,2}}with\s+(?:the\s+)?"
    rf"(?P<b>{PARTY})(?!\w)"
)


def _with_the_publisher(ranked: list[Sentence], side: str) -> list[str]:
    for sentence in ranked[:4]:
        if (found := WITH_WHOM.search(sentence.words)) and party_of(found["b"]) != side:
            return [side, party_names()[collapsed(found["b"])]]
    return []


def read_parties_of_heads(draft: Draft, case: Case, side: str | None) -> None:
    """No words join the parties: of two people who met, each stands for one."""
    sides = {fact.value["party"]: fact for fact in draft.all("heads") if fact.value["party"]}
    # Of many parties the publisher's own is named by who leads for it.
    alone = case.plurilateral and side in sides
    if draft.values("parties") or (len(sides) != 2 and not alone):
        return
    if case.plurilateral and not alone:
        return
    for party, fact in sides.items():
        draft.add("parties", party, fact.spans, "the side of one who met", Confidence.MEDIUM)


LISTED_BEFORE = re.compile(rf"(?:{PARTY}),\s+(?:the\s+)?$")
HAN_PAIR = re.compile(
    rf"(?P<a>{alternation(han_parties())})(?:-|與|和|、|及)?(?P<b>{alternation(han_parties())})"
)


# "臺加簽署…", "臺印雙方": one sign for each side, before a word of trade.
HAN_SHORT = re.compile(
    rf"[臺台](?P<b>{alternation(han_shorts())})"
    r"(?=宣布|啟動|完成|召開|共同|投資|貿易|經貿|自由|數位|雙方|簽署|談判|會談|諮商|協|倡議|經濟|"
    r"關係)"
)


def _han_paired(ranked: list[Sentence]) -> list[str]:
    for sentence in ranked[:4]:
        if found := HAN_SHORT.search(sentence.words):
            return ["Taiwan", han_shorts()[found["b"]]]
        for found in HAN_PAIR.finditer(sentence.words):
            names = [han_parties()[found["a"]], han_parties()[found["b"]]]
            if names[0] != names[1]:
                return names
    return []


DELEGATIONS = (
    re.compile(
        r"(?P<p>[\w.]+(?: [A-Z][\w.]+)?)(?:'s)? "
        r"(?:(?:inter-?agency )?delegation|[Nn]egotiators|accession)"
    ),
    re.compile(r"accession of (?:the )?(?P<p>[A-Z]\w+(?: [A-Z]\w+){0,2})"),
)


def _delegations(ranked: list[Sentence]) -> list[str]:
    """Of many parties only those whose delegations, or accession, the text names."""
    found = []
    for sentence in ranked[:8]:
        for form in DELEGATIONS:
            for match in form.finditer(sentence.words):
                named = match["p"]
                if party := party_of(named) or party_of(named.split()[-1]):
                    found.append(party)
    return list(dict.fromkeys(found))
