"""Whether two names are the same, or nearly so.

The same are names that differ in case, accents, dashes, punctuation or “the” alone. Nearly the
same are names that a reader would stop at; they are proposed, never taken for the same.
"""

import re
import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches

JOINING = re.compile(r"\b(?:the|of|and|for|on)\b")


def key(name: str) -> str:
    """What is left of a name when its spelling does not count."""
    text = unicodedata.normalize("NFKD", name.casefold()).replace("&", " and ")
    text = "".join(sign for sign in text if not unicodedata.combining(sign))
    text = re.sub(r"(?<=\b\w)\.(?=\w\b|\W|$)", "", text)
    return " ".join(re.sub(r"[\W_]+", " ", text).removeprefix("the ").split())


def near(name: str, known: Iterable[str], limit: int = 3) -> list[str]:
    """The known names that a reader may have meant by this one, the nearest first."""
    names = {key(one): one for one in known if one}
    wanted = key(name)
    names.pop(wanted, None)
    close = get_close_matches(wanted, names, limit, 0.82)
    alike = [one for one in names if _abbreviates(wanted, one) or _within(wanted, one)]
    return [names[one] for one in dict.fromkeys([*close, *alike])][:limit]


def _abbreviates(one: str, other: str) -> bool:
    """``us`` and ``usa`` for ``united states of america``."""
    short, long = sorted((one, other), key=len)
    words = JOINING.sub(" ", long).split()
    initials = "".join(word[0] for word in words)
    return len(words) > 1 and 1 < len(short) <= 6 and initials.startswith(short)


def _within(one: str, other: str) -> bool:
    """``united states`` in ``united states of america``; a single short word tells too little."""
    short, long = sorted((one, other), key=len)
    return len(short) >= 5 and f" {short} " in f" {long} "
