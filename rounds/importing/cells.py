"""Cells as people fill them: numbers of rounds, modes, places, parties, addresses, statuses."""

import re
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db.models import TextChoices

from mandates.models.statements import ChapterStatus
from rounds.importing.dates import said
from rounds.importing.names import key
from rounds.models import Outcome, Round

# What people write where they have nothing to write, and where they have nothing to write yet.
NOTHING = {"", "-", "–", "—", "--", "---", "…", "...", "?", "??", "*", "/", "n/a", "na", "n.a."}
NOTHING |= {"n/a.", "#n/a", "none", "nil", "null", "not applicable", "not available", "s/o"}
NOT_YET = {"unknown", "tbc", "tbd", "tba", "t.b.c.", "t.b.d.", "not known", "not stated"}
NOT_YET |= {f"to be {what}" for what in ("confirmed", "determined", "decided", "announced")}
NOT_YET |= {"not specified", "not available yet", "n/s", "n/d", "s/d", "por definir"}
NOT_YET |= {"por confirmar", "sin datos", "à confirmer", "à déterminer", "待定", "未定"}
BREAKS = re.compile(r"\s*[;|\n\r]+\s*(?![^()]*\))")


def text(value: Any) -> str:
    """A cell's text; empty where it says that it says nothing, or nothing yet."""
    words = stated(value)
    return "" if words.casefold() in NOT_YET else words


def stated(value: Any) -> str:
    """A cell's text where “unknown” and “to be confirmed” are an answer."""
    words = said(value)
    return "" if words.casefold() in NOTHING else words


def split(value: Any) -> list[str]:
    """Several things in one cell, parted by semicolons, bars or lines."""
    whole = "" if value is None else str(value).strip()
    parts = (" ".join(part.split()) for part in BREAKS.split(whole))
    return [part for part in dict.fromkeys(parts) if text(part)]


# The number of a round

ROMAN = re.compile(r"M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})", re.IGNORECASE)
ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}
ORDINALS = (
    "",
    *("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"),
    *("tenth", "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth"),
    *("seventeenth", "eighteenth", "nineteenth", "twentieth"),
)
AROUND_NUMBER = re.compile(
    r"\b(?:negotiating |negotiation )?(?:rounds?|ronda|rodada|runde|cycle|tour|série|meeting)\b"
    r"|\b(?:no|nr|number)\b\.?|\br(?=\d)|n[º°]|第|[輪轮]|[#№()]"
)
LARGEST = 32_767


def number(value: Any) -> tuple[int | None, str]:
    """The number, if the cell holds one whole number; else the words that it holds.

    ``3``, ``3.0``, ``3rd round``, ``Round III``, ``third``. “3bis”, “0” and “final” are no whole
    numbers that count from one: they are given back as they stand.
    """
    words = text(value)
    if not words:
        return None, ""
    plain = " ".join(AROUND_NUMBER.sub(" ", words.casefold()).split()).strip(".: ")
    found = re.fullmatch(r"(\d+)(?:\.0+|st|nd|rd|th|er|ère|e|è?me|[ºª°])?", plain)
    if found:
        count = int(found[1])
    elif plain in ORDINALS:
        count = ORDINALS.index(plain)
    else:
        count = _roman(plain) if ROMAN.fullmatch(plain) else 0
    return (count, "") if 1 <= count <= LARGEST else (None, words)


def _roman(letters: str) -> int:
    values = [ROMAN_VALUES[letter] for letter in letters]
    return sum(
        -one if one < max(values[place + 1 :], default=0) else one
        for place, one in enumerate(values)
    )


# How people met

Mode = Round.Mode
MODES = {
    Mode.IN_PERSON: "in person|physical|physically|face to face|on site|onsite|presential"
    "|in presence|live|present|personal|personally|presentiel|presencial|en presencial|prasenz"
    "|face to face in person|f2f|en personne|en persona|en presence|en presentiel|en présence"
    "|personlich|vor ort|sur place|in presenza|pessoalmente|pessoal|fisico|physisch|fysiek"
    "|實體|实体|面對面|面对面|現場|现场|線下|线下|親自|亲自",
    Mode.VIRTUAL: "virtual|virtually|online|on line|by video|video|video conference"
    "|videoconference|video call|by video conference|by videoconference|via videoconference"
    "|via video conference|video link|by video link|videolink|vtc|vc|dvc|zoom|webex|teams|remote"
    "|remotely|digital|web|webinar|teleconference|by telephone|telephone|conference call|by phone"
    "|phone|phone call|telefonica|por telefono|par telephone|telefonisch"
    "|virtuel|virtuelle|virtuell|virtuale|visioconference|visio|videoconferencia|videokonferenz"
    "|en ligne|en linea|a distance|a distancia|a distanza|por videoconferencia"
    "|par visioconference|en visioconference|per videokonferenz|ms teams|microsoft teams|skype"
    "|視訊|线上|視頻|视频|視像|网络|網路|遠端|远程|線上",
    Mode.HYBRID: "hybrid|mixed|blended|in person and by video|in person and virtual"
    "|in person and online|virtual and in person|online and in person|partly virtual"
    "|partly online|hybride|hibrido|hibrida|ibrido|mixto|mixta|mixte|混合|混合式",
    Mode.WRITTEN: "written|in writing|written procedure|by correspondence|correspondence|by email"
    "|exchange of letters|書面",
    Mode.UNKNOWN: "|".join(NOT_YET),
}
MODE_WORDS = {key(word): mode for mode, words in MODES.items() for word in words.split("|")}
AROUND_MODE = re.compile(
    r"\b(?:meetings?|format|mode|rounds?|sessions?|only|fully|held|events?|talks|participation"
    r"|attendance|formato|modalidad|modalite|reunion|reunião|sitzung)\b|會議|会议|方式|形式"
)
MODE_BREAKS = re.compile(r"[,;/+&()]|\b(?:and|with|plus|et|und|y)\b")


def mode(value: Any) -> tuple[str, str]:
    """The mode, if the words of the cell name one; else these words."""
    words = stated(value)
    found = mode_of_words(words) if words else Mode.UNKNOWN
    return (Mode.UNKNOWN, words) if found is None else (found, "")


def near_modes(words: str) -> str:
    near = get_close_matches(key(words), MODE_WORDS, 6, 0.7)
    return ", ".join(dict.fromkeys(str(Mode(MODE_WORDS[one]).label) for one in near))


def mode_of_words(words: str) -> str | None:
    known = {**MODE_WORDS, **_codes(Mode)}
    found = known.get(key(words)) or known.get(_core(words))
    if found:
        return found
    parts = {known.get(_core(part)) for part in MODE_BREAKS.split(words.casefold()) if key(part)}
    if Mode.HYBRID in parts or parts == {Mode.IN_PERSON, Mode.VIRTUAL}:
        return Mode.HYBRID
    return parts.pop() if len(parts) == 1 else None


def _core(words: str) -> str:
    plain = " ".join(AROUND_MODE.sub(" ", key(words)).split())
    return re.sub(r"^(?:by|via|through|using|over|on|par|por|per)\b ?", "", plain)


# Where

CITY_BREAKS = re.compile(r"\s*(?:[;|\n\r/]+|\s&\s|\band\b)\s*")


@dataclass(frozen=True)
class Places:
    """The venues of a round: pairs of city and country."""

    venues: list[tuple[str, str]] = field(default_factory=list)
    # “Online” as a city says how people met, not where.
    mode: str | None = None
    open: str = ""


def places(city: Any, country: Any) -> Places:
    whole = str(city) if text(city) else ""
    cities = split("; ".join(CITY_BREAKS.split(whole)))
    countries = split(country)
    if len(countries) == 1 < len(cities):
        apart = CITY_BREAKS.split(countries[0])
        countries = apart if len(apart) == len(cities) else countries
    modes = [mode_of_words(one) for one in cities]
    cities = [one for one, said_mode in zip(cities, modes, strict=True) if said_mode is None]
    found_mode = next((one for one in modes if one), None)
    if found_mode and cities:
        found_mode = Mode.HYBRID if found_mode == Mode.VIRTUAL else found_mode
    countries = [one for one in countries if mode_of_words(one) is None]
    left = ""
    if len(cities) > 1 and len(countries) == 1:
        others = ", ".join(cities[1:])
        left = f"one country for several cities: that of {others} is left open."
    length = max(len(cities), len(countries))
    cities += [""] * (length - len(cities))
    countries += [""] * (length - len(countries))
    return Places(list(zip(cities, countries, strict=True)), found_mode, left)


# Who

# Names that hold an “and” of their own; where it stands alone it parts two parties.
PAIRED = re.compile(
    r"\b(?:trinidad|antigua|bosnia|kitts|vincent|sao tome|são tomé|wallis|turks|heard|kinmen"
    r"|serbia)\b",
    re.I,
)
# What stands behind the comma in “Korea, Republic of”.
INVERTED = re.compile(
    r"the|(?:[\w.' ]+ )?(?:of(?: the)?|de(?: la)?|du|do|da)"
    r"|(?:(?:dem|arab|islamic)\.? )?rep(?:\.|ublic)?"
    r"|fyr|province of china|penghu|kinmen(?: and matsu)?|matsu",
    re.I,
)
LIST_IN_BRACKETS = re.compile(r"^(?P<bloc>[^()]+?)\s*\((?P<members>[^()]+)\)$")
BLOCS = (
    *("EU", "European Union", "EFTA", "EFTA States", "European Free Trade Association"),
    *("Mercosur", "Mercosul", "ASEAN", "Association of Southeast Asian Nations"),
    *("GCC", "Gulf Cooperation Council", "CARICOM", "CARIFORUM", "Caribbean Community"),
    *("Pacific Alliance", "Andean Community", "SACU", "Southern African Customs Union"),
    *("SADC", "ECOWAS", "EAC", "East African Community", "Eurasian Economic Union", "EAEU"),
    *("COMESA", "SICA", "ACP", "African Union", "Benelux", "Pacific Islands Forum"),
    *("EU-27", "EU27", "EU-28", "EU28", "European Union (27)", "European Communities", "UE"),
    *("AELE", "ANASE", "CARIFORUM States", "CARICOM States", "ASEAN Member States", "CEMAC"),
    *("Central America", "WAEMU", "UEMOA", "OACPS", "AfCFTA", "Alianza del Pacífico"),
)
KNOWN_BLOCS = {key(name) for name in BLOCS}


@dataclass(frozen=True)
class Named:
    """A party as the sheet names it; a bloc perhaps with its members."""

    name: str
    members: tuple[str, ...] = ()

    @property
    def is_bloc(self) -> bool:
        bare = re.sub(r"\s*\([^()]*\)$", "", self.name)
        return bool(self.members) or bool({key(self.name), key(bare)} & KNOWN_BLOCS)


def parties(value: Any) -> list[Named]:
    whole = "" if value is None else str(value).strip()
    names = split(whole)
    if len(names) == 1:
        names = _without_semicolons(names[0])
    found: dict[str, Named] = {}
    for name in names:
        bloc = LIST_IN_BRACKETS.match(name)
        members = _listed(bloc["members"]) if bloc else []
        named = Named(bloc["bloc"], tuple(members)) if bloc and len(members) > 1 else Named(name)
        found.setdefault(key(named.name), named)
    return list(found.values())


def _without_semicolons(whole: str) -> list[str]:
    """Other ways to write several parties: commas, slashes, “and”, “vs”; never inside brackets."""
    outside = r"(?![^()]*\))"
    pair = re.fullmatch(r"([^-–—()]+)[-–—]([^-–—()]+)", whole)
    # “EU–UK” is two, “Guinea-Bissau” and “EU-27” are one.
    if pair and key(whole) not in KNOWN_BLOCS and {key(one) for one in pair.groups()} & KNOWN_BLOCS:
        return [one.strip() for one in pair.groups()]
    for sign in (
        rf"\s+/\s+{outside}",
        rf"\s*,\s*{outside}",
        rf"\s*/\s*{outside}",
        rf"\s+(?:vs?\.?|with|&|\+|[-–—])\s+{outside}",
    ):
        parts = _turned_back([part for part in re.split(sign, whole) if part])
        if len(parts) > 1:
            last = re.sub(r"^and\s+", "", parts[-1])
            tail = [last] if last != parts[-1] else _and(last, outside)
            return [*parts[:-1], *tail]
    return _and(whole, outside)


def _turned_back(parts: list[str]) -> list[str]:
    """“Korea” and “Republic of” are one name."""
    whole: list[str] = []
    for part in parts:
        if whole and INVERTED.fullmatch(part):
            whole[-1] += f", {part}"
        else:
            whole.append(part)
    return whole


def _and(whole: str, outside: str = "") -> list[str]:
    if PAIRED.search(whole):
        return [whole]
    return [part for part in re.split(rf"\s+and\s+{outside}", whole) if part]


def _listed(members: str) -> list[str]:
    parts = [part for part in re.split(r"\s*[,;/]\s*", members) if part]
    *first, last = parts or [""]
    last = re.sub(r"^and\s+", "", last)
    return [*first, *(_and(last) if parts else [])] if first else _and(last)


# Web addresses

WEB = URLValidator(schemes=("http", "https"))
# A host, and no name of a file.
WITHOUT_SCHEME = re.compile(
    r"[\w-]+(?:\.[\w-]+)*\.(?!(?:pdf|docx?|xlsx?|html?|txt|zip)$)[a-z]{2,}(?:[/?#:]|$)", re.I
)


def addresses(value: Any) -> tuple[list[str], str]:
    """The web addresses in a cell, and the words beside them."""
    found, beside = [], []
    for written in re.split(r"[;|\s]+|,(?=https?://|www\.)", text(value)):
        if not written or written.casefold() in NOTHING:
            continue
        address = written.strip(",<>()[]\"'")
        if WITHOUT_SCHEME.match(address):
            address = f"https://{address}"
        try:
            WEB(address)
        except ValidationError:
            beside.append(written)
        else:
            found.append(address)
    return list(dict.fromkeys(found)), " ".join(beside)


# What came of a chapter

# A hedge leaves open whether it has happened: no code is proposed for such words.
HEDGE = re.compile(
    r"\b(?:not|no|never|almost|nearly|close to|near(?:ing)?|partly|partially|mostly|to be|expected"
    r"|should|likely|unlikely|hope|aim|before|until|unless|if|some|most|in principle|subject to"
    r"|except|but|with exceptions?|remaining|outstanding|open issues?"
    r"|largely|broadly|substantially|in substance|essentially|practically|virtually|half|partial"
    r"|ad ref(?:erendum)?|in progress|reading|working|ready|technically|conditional(?:ly)?"
    r"|pending|cannot|unable|fail(?:ed|s)?|without|could|would|might|may|must"
    r"|once|when|soon|only|all but|bar|apart from|save|per ?cent|politically|tentatively)\b"
)
Status, Result = ChapterStatus, Outcome.Result
STATUS_WORDS: tuple[tuple[str, str], ...] = (
    (r"provisional\w* (?:clos|conclu|agree)\w*|(?:clos|conclu|agree)\w* provisionally"
     r"|provisional clos\w*", Status.PROVISIONALLY_CLOSED),
    (r"re ?open(?:ed)?", Status.REOPENED),
    (r"legally (?:verified|scrubbed|reviewed)|legal (?:scrub\w*|verification|review) "
     r"(?:complete\w*|done|finished|concluded)", Status.LEGALLY_VERIFIED),
    (r"consolidating|consolidation(?: of (?:the )?texts?)? (?:under ?way|ongoing|began|started)"
     r"|text consolidation", Status.CONSOLIDATING),
    (r"consolidated", Status.CONSOLIDATED),
    (r"conclu(?:ded|sion reached)|closed|completed|finali[sz]ed|(?:fully )?agreed",
     Status.CONCLUDED),
    (r"(?:text\w*|proposals?|drafts?)(?: \w+){0,3} (?:tabled|exchanged|presented|submitted|shared)"
     r"|tabled", Status.TEXT_TABLED),
    (r"conceptual(?: discussions?)?|exploratory|preliminary discussions?", Status.CONCEPTUAL),
    (r"(?:well )?advanced|(?:good|significant|substantial|strong) progress", Status.ADVANCED),
    (r"parked|on hold|suspended|paused", Status.PARKED),
    (r"deferred|postponed", Status.DEFERRED),
    (r"dropped|removed|abandoned|excluded", Status.DROPPED),
)  # fmt: skip
NOT_OPENED = re.compile(r"(?:not|never)(?: yet)? (?:been )?(?:open(?:ed)?|start(?:ed)?|begun)")
NOT_DISCUSSED = re.compile(r"not (?:been )?(?:discussed|addressed|on the agenda|covered)")
RESULT_OF_STATUS = {
    Status.TEXT_TABLED: Result.TEXT_TABLED,
    Status.CONSOLIDATED: Result.CONSOLIDATED,
    Status.PROVISIONALLY_CLOSED: Result.PROVISIONALLY_CLOSED,
    Status.CONCLUDED: Result.CONCLUDED,
    Status.ADVANCED: Result.PROGRESS,
}
RESULT_WORDS: tuple[tuple[str, str], ...] = (
    (r"no progress|blocked|deadlock\w*|stalled|stuck", Result.BLOCKED),
    (r"referred (?:up|to)|escalated", Result.REFERRED_UP),
    (r"(?:exchange of views|views (?:were )?exchanged|exchanged views)", Result.VIEWS_EXCHANGED),
    (r"progress\w*", Result.PROGRESS),
    (r"discuss(?:ed|ions?)|under (?:discussion|negotiation)|negotiations? (?:continu\w+|ongoing)",
     Result.DISCUSSED),
)  # fmt: skip


@dataclass(frozen=True)
class Standing:
    """What a status in free words can be coded as; empty where it cannot."""

    wording: str = ""
    status: str = ""
    result: str = ""


def standing(value: Any) -> Standing:
    words = stated(value)
    if "?" in words or "%" in words:
        return Standing(words)
    plain = key(words)
    codes = {**_codes(Result), **_codes(Status)}
    if plain in codes:
        code = codes[plain]
        status = code if code in Status.values else ""
        result = RESULT_OF_STATUS.get(Status(status), "") if status else code
        return Standing(words, status, result)
    if NOT_OPENED.search(plain):
        return Standing(words, Status.NOT_OPENED, "")
    if NOT_DISCUSSED.search(plain):
        return Standing(words, "", Result.NOT_DISCUSSED)
    if re.search(RESULT_WORDS[0][0], plain):
        return Standing(words, "", Result.BLOCKED)
    if HEDGE.search(plain):
        return Standing(words)
    status = _only(plain, STATUS_WORDS)
    if status:
        return Standing(words, status, RESULT_OF_STATUS.get(Status(status), ""))
    several = any(re.search(rf"\b(?:{pattern})\b", plain) for pattern, _code in STATUS_WORDS)
    result = "" if several else _first(plain, RESULT_WORDS)
    return Standing(words, "", result)


def _codes(choices: type[TextChoices]) -> dict[str, str]:
    """A vocabulary by its codes and by its labels."""
    return {key(word): code for code, label in choices.choices for word in (code, str(label))}


def _only(plain: str, patterns: tuple[tuple[str, str], ...]) -> str:
    """The one code that the words tell; none where they tell several."""
    found: list[tuple[str, str]] = []
    for pattern, code in patterns:
        match = re.search(rf"\b(?:{pattern})\b", plain)
        if match and not any(match[0] in longer for _code, longer in found):
            found.append((code, match[0]))
    codes = {code for code, _match in found}
    return codes.pop() if len(codes) == 1 else ""


def _first(plain: str, patterns: tuple[tuple[str, str], ...]) -> str:
    return next((code for pattern, code in patterns if re.search(rf"\b(?:{pattern})\b", plain)), "")
