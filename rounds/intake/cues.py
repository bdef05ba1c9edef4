"""Words that tell what a sentence speaks of: what is, what was, what is to come, what else."""

import re

NEXT = re.compile(
    r"\b(?:(?:next|following|subsequent|upcoming|future|"
    r"further)\s+(?:(?:in-person|virtual|formal|negotiating|full|ministerial|"
    r"\w+)\s+)?"
    r"(?:rounds?|meetings?|sessions?|talks)\b(?!\s+(?:was|were|had)\b))|下(?:一)?(?:輪|回合|次)|"
    r"後續(?![多數幾各]次)"
)
# The next round may be what the release is about.
ITS_OWN_NEXT = re.compile(r"\b(?:next|upcoming)\s+(?:\w+\s+){0,2}round\b")
PREVIOUS = re.compile(
    r"\b(?i:(?:previous|earlier|last|prior|preceding|"
    r"past)\s+(?:[\w-]+\s+){0,3}(?:rounds?|meetings?|talks|"
    r"sessions?|discussions)|(?:had\s+)?(?:first|originally|initially|"
    r"previously)\s+(?:planned|scheduled|set)|"
    r"postponed|put\s+off|rescheduled|takes?\s+the\s+place|in\s+place\s+of|"
    r"instead\s+of)\b|前(?:一)?(?:輪|回合|次)|上(?:一)?(?:輪|回合|次)|原定|曾[於在]|前於|先前|此前"
)
# Something dated that is no negotiating meeting.
OTHER = re.compile(
    r"\b(?i:press\s+conference|(?:press|media|stakeholder)\s+briefing|"
    r"listening\s+session|inaugurat\w+|comments?\b|"
    r"deadline|webinar|town\s+hall|federal\s+register|public\s+hearing|"
    r"stakeholder\s+(?:event|briefing|session|forum)|visit(?:ed|s|ing)?\b|"
    r"bilateral\s+trade\s+(?:in|reached|was|between|totall?ed)|(?:exports?|"
    r"imports?|gdp|investments)\s+(?:\w+\s+){0,4}(?:was|were|worth|reached|"
    r"totall?ed|amounted|grew|rose|stood)|"
    r"financial\s+year|fiscal\s+year|elections?|mission|came\s+into\s+office|took\s+office)"
)
# A minister's journey is longer than the meeting on it.
TRAVELS = re.compile(r"\b(?i:travel(?:s|led|ling|ed|ing)?|journeys?|tours?|trips?|leads?\s+a)\b")
LAUNCHED = re.compile(
    r",\s+(?i:begun|started|opened)\s+(?:in|on)\b|"
    r"\b(?i:(?:negotiations|talks)\s+(?:were\s+|had\s+|first\s+)*(?:opened|begun|began|started)"
    r"\s+(?:in|on))\b|\b(?i:(?:was|were|been|formally|officially)\s+launched|launched\s+(?:on|in|"
    r"at)|launched\s+negotiations|to\s+launch|"
    r"launch(?:ed)?\b|announced\s+(?:the\s+)?(?:negotiating\s+)?mandate|"
    r"made\s+public|signed|entered\s+into\s+force|"
    r"terms\s+of\s+reference|since)\b|共同公布|簽署|啟動|公布|生效"
)
AFTER = re.compile(
    r"\b(?i:after(?!\s+(?:\w+)\s+(?:\w+\s+)?(?:days?|weeks?)\b)"
    r"(?!\s+(?:meeting|talks|a\s+(?:\w+\s+)?meeting)\s+(?:in|on|at|with)\b)"
    r"(?!\s+an?\s+(?:[\w-]+\s+)?(?:break|pause|gap|hiatus|interval)\b)|follows|following|"
    r"since|building\s+on|builds\s+on|further\s+to|on\s+the\s+heels\s+of)\b|繼"
)


FUTURE = re.compile(
    r"\b(?i:will|shall|to\s+(?:be\s+held|hold|host|take\s+place|meet|participate|"
    r"travel|begin|start|launch|sign|lead|visit|open|continue|resume)|"
    r"(?:is|are)\s+to\s+be|is\s+(?:expected|planned|scheduled|due|set|envisaged|foreseen|slated|"
    r"anticipated)|are\s+(?:expected|planned|"
    r"scheduled|due|set)|"
    r"scheduled\s+for|foreseen\s+for|planned\s+for|(?:is|are)\s+proposed|proposed\s+for|"
    r"pencilled\s+in|"
    r"expects?\s+to|plans?\s+(?:to|another|further)|upcoming|mean\s+to|"
    r"next\s+(?:week|month|year)|should\s+(?:be|meet|take|hold|start|begin|follow)|intends?\s+to|"
    r"looks?\s+forward|aims?\s+to|remains?\s+committed)\b|"
    r"將|預計|預定|訂於|擬|今後|後續(?![多數幾各]次)|下(?:一)?(?:輪|次|回合)|登場|期盼|期待"
)
PAST = re.compile(
    r"\b(?i:was|were|(?<!be )held|took|met|concluded|completed|ended|closed|launched|"
    r"announced|signed|hosted|attended|participated|"
    r"agreed|wrapped|finished|discussed|exchanged|made|had|visited|began|begun|"
    r"opened|started|reached|headed|led|travell?ed|brought|saw|asked|entered|"
    r"published|released|welcomed|adopted|approved|decided|authori[sz]ed|came|"
    r"brought|closed|dealt|covered|spoke|talked|turned|looked|reviewed|considered|explored|"
    r"examined|"
    r"gathered|convened|inked|staged|steered|allowed|enabled|helped|touched|sat|"
    r"tabled|went|worked|narrowed|advanced|"
    r"moved|gave|noted|stressed|joined|"
    r"travelled|paused|postponed|found|"
    r"shared)\b|"
    r"舉行了|已|曾|完成|落幕|結束|圓滿|日前|順利|說明會議結果"
)


MEETS = re.compile(
    r"\b(?i:rounds?|negotiat\w+|talks|meetings?|discussions?|sessions?|conceptual)\b|談判|會議|"
    r"回合|會談|諮商"
)
HELD = re.compile(
    r"\b(?i:h[eo]ld|takes?\s+place|took\s+place|taken\s+place|taking\s+place|met|"
    r"meet|meets|convened?|hosts?|hosted|concluded?|concludes|ended|"
    r"attended|took\s+part|travell?(?:ed)?|participat\w+|gather\w*|will\s+be\s+in|"
    r"(?:brought|drew|drawn)\s+to|finish(?:ed|es)|closed(?!\s+(?:press|to|doors?)\b)|closes|"
    r"comes?\s+together|came\s+together|"
    r"was\s+in|were\s+in|see|scene|completed|wrapped|came\s+to|ran|runs?|began|"
    r"begins?|opened|opens|kicks?|received|receives|met)\b|舉行|召開|登場|進行|舉辦|會晤|會談|會見"
)
AT_IT = re.compile(
    r"\b(?i:at|during|after)\s+(?:a|an|the|their|his|her|our)\s+(?:[\w-]+\s+){0,3}"
    r"(?:meeting|session|round|ceremony|talks|call)\b"
)
# "visited Oslo for talks": a visit that is the meeting.
FOR_TALKS = re.compile(
    r"\bfor\s+(?:[\w-]+\s+){0,4}?(?:talks|negotiations|discussions|meetings?|consultations)\b"
)
BEGINS = re.compile(
    r"(?i:beginning|starting|start(?:s|ed)?|begins?|began|begun|as\s+of|kicks?\s+off|"
    r"kicked\s+off|opens?|opened|commenc\w+|from|"
    r"went\s+into|got\s+under\s*way)\s+(?:[\w,]+\s+){0,4}?(?:on\s+)?$|"
    r"(?i:gets?\s+under\s*way\s+(?:on\s+)?)$"
)
# "held here since September 6": it began then.
SINCE_THEN = re.compile(
    r"\b(?:held|at\s+work|under\s*way|running|ongoing|met|meeting|sitting|in\s+session|"
    r"going\s+on)\b"
    r"[^,;.]{0,30}\bsince\s+(?:[A-Z]\w+day,?\s+)?$"
)
ENDS = re.compile(
    r"(?i:conclud\w+|end(?:ed|s|ing)?|closed|wrapped\s+up|finished|complet\w+|"
    r"(?:came|brought|drew|drawn)\s+to\s+(?:an?\s+)?(?:\w+\s+)?(?:end|close|conclusion)|until|"
    r"through|落幕|結束)"
)
EVENT_VERBS = {
    "signing": re.compile(r"(?i:\bsign\w*|\binked)|簽署|簽訂"),
    "launch": re.compile(r"(?i:launch\w*|met|open\w*|began|start\w*|kick\w*)|啟動|展開"),
    "mandate": re.compile(
        r"(?i:mandate|announc\w*|adopt\w*|approv\w*|publish\w*|authori\w*|agreed)|公布|通過"
    ),
    "text_summary": re.compile(
        r"(?i:publish\w*|releas\w*|summar\w*|issued|made\s+public|posted)|公布|摘要"
    ),
    "entry_into_force": re.compile(r"(?i:force|effect)|生效"),
}


INTRODUCED = re.compile(
    r"^(?:As\s+in|As\s+with|Like|Unlike|Compared\s+with|After|Following|Since|"
    r"Building\s+on|Further\s+to)\b[^,]{5,160},\s+"
)


def background_before(words: str) -> int:
    """Where the sentence comes to itself: ``Following the third round, ...``."""
    found = INTRODUCED.match(words)
    return found.end() if found else 0


def looks_ahead(words: str) -> bool:
    """Of what is agreed or to come, in a text on what has been."""
    return direction(words) is True or bool(re.search(r"\bagreed\s+to\b|同意|預計|訂於", words))


def direction(words: str) -> bool | None:
    if PREVIOUS.search(words):
        return False if PAST.search(words) and not FUTURE.search(words) else None
    future, past = FUTURE.search(words), PAST.search(words)
    if bool(future) == bool(past):
        return None
    return bool(future)
