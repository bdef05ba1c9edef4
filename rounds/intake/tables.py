"""The names that a release may use, from the data files beside this module.

Per-publisher facts, names of parties, bodies and places are data: a new publisher is a new entry.
"""

import json
import re
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

FOLDER = Path(__file__).parent / "tables"


@cache
def table(name: str) -> Any:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def alternation(words: Iterable[str]) -> str:
    """The longest first, so that a name is not read as its own beginning."""
    return "|".join(
        re.escape(word).replace(r"\ ", r"\s+") for word in sorted(set(words), key=len, reverse=True)
    )


class Pattern(NamedTuple):
    """A form of words. ``example`` is a test: read alone, it must give ``reads``."""

    name: str
    form: re.Pattern[str]
    example: str
    reads: str


# Parties


@cache
def party_names() -> dict[str, str]:
    """Every spelling of a party's name, and the name under which it is recorded."""
    return {form: party["name"] for party in table("parties") for form in party["names"]}


@cache
def party_adjectives() -> dict[str, str]:
    return {form: party["name"] for party in table("parties") for form in party["adjectives"]}


@cache
def party_shorts() -> dict[str, str]:
    return {party["name"]: party["short"] for party in table("parties")}


@cache
def blocs() -> dict[str, list[str]]:
    return {party["name"]: party["bloc"] for party in table("parties") if "bloc" in party}


@cache
def party_form() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.-])(?:{alternation(party_names())})(?![\w])")


@cache
def side_form() -> re.Pattern[str]:
    """A party by name or by adjective: ``the Indian delegation``."""
    words = {**party_names(), **party_adjectives()}
    return re.compile(rf"(?<![\w.])(?:{alternation(words)})(?![\w])")


@cache
def spelling_form(party: str) -> re.Pattern[str]:
    spellings = [form for form, name in party_names().items() if name == party]
    return re.compile(rf"(?<![\w.])(?:{alternation(spellings)})(?!\w)")


@cache
def side_openings() -> frozenset[str]:
    """The words with which the name of a party, or its adjective, may begin."""
    return frozenset(form.split()[0] for form in (*party_names(), *party_adjectives()))


@lru_cache(maxsize=4096)
def party_of(words: str) -> str | None:
    words = " ".join(words.split()).removeprefix("the ")
    return party_names().get(words) or party_adjectives().get(words)


@cache
def han_parties() -> dict[str, str]:
    return {form: party["name"] for party in table("parties") for form in party.get("zh", [])}


@cache
def han_shorts() -> dict[str, str]:
    """The one sign for a party that stands beside that of Taiwan: ``臺加``."""
    return {party["zh_short"]: party["name"] for party in table("parties") if "zh_short" in party}


# Places


@cache
def cities() -> dict[str, str]:
    """City -> country or territory."""
    return {city: country for country, found in table("places").items() for city in found}


@cache
def countries() -> dict[str, str]:
    named = {country: country for country in table("places")}
    # Blocs are parties, not places.
    return {**named, **{f: n for f, n in party_names().items() if n not in blocs()}}


@cache
def states() -> dict[str, str]:
    """Parts of a country behind a city: ``Arlington, Virginia``."""
    return {state: country for country, found in table("states").items() for state in found}


@cache
def city_form() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{alternation(cities())})(?![\w])")


# Bodies


class Body(NamedTuple):
    name: str
    abbreviation: str
    party: str | None


@cache
def bodies() -> dict[str, Body]:
    """Every English spelling of a body's name."""
    found = {}
    for entry in table("bodies"):
        body = Body(entry["name"], entry.get("abbr", ""), entry["party"])
        for form in (entry["name"], *entry.get("aliases", ())):
            found[form] = body
        if body.abbreviation:
            found.setdefault(body.abbreviation, body)
    return found


@cache
def han_bodies() -> dict[str, Body]:
    return {
        form: Body(form, entry.get("abbr", ""), entry["party"])
        for entry in table("bodies")
        for form in entry.get("zh", ())
    }


def _publisher_form(form: str) -> re.Pattern[str]:
    """A line that is nothing but the name may be in capitals, and begin with the article."""
    if form.startswith("^") and form.endswith("$"):
        return re.compile(f"^(?:The )?(?:{form[1:-1]})$", re.MULTILINE | re.IGNORECASE)
    return re.compile(form, re.MULTILINE)


@cache
def publishers() -> list[dict[str, Any]]:
    return [
        {
            **entry,
            **{
                kind: [_publisher_form(form) for form in entry.get(kind, ())]
                for kind in ("says", "title", "style")
            },
        }
        for entry in table("publishers")
    ]


@cache
def initiatives() -> list[dict[str, Any]]:
    # Han has no gaps between words: there a name may touch any sign.
    letter = r"[^\W\u3400-\u9fff]"
    return [
        {
            **entry,
            "forms": [
                re.compile(rf"(?<!{letter})(?:{form})(?!{letter})") for form in entry["forms"]
            ],
        }
        for entry in table("initiatives")
    ]


# Words


@cache
def words(kind: str) -> frozenset[str]:
    return frozenset(table("words")[kind])


@cache
def furniture() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{form})" for form in table("words")["furniture"]))
