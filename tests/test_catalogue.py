"""The catalogue of Chinese words: complete for the pages, and compiled as it is written."""

import ast
import gettext
import re
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

FOLDER = Path(settings.LOCALE_PATHS[0]) / "zh_Hant/LC_MESSAGES"
# Sentences that only the desk shows: help for those who enter records, and what is refused there.
DESK = (
    "mandates/copies.py",
    "mandates/models/",
    "rounds/models/",
    "tradeinit/publication/",
    "tradeinit/schema.py",
)
SENTENCE = re.compile(r"[.:”]$|%\(|\{")
TEXT = r'((?:"(?:.*)"\n?)+)'


class Entry(NamedTuple):
    places: list[str]
    context: str
    source: str
    chinese: str
    fuzzy: bool

    @property
    def key(self) -> str:
        return f"{self.context}\x04{self.source}" if self.context else self.source

    @property
    def is_for_the_desk(self) -> bool:
        return all(place.startswith(DESK) for place in self.places) and bool(
            SENTENCE.search(self.source) or "tradeinit/schema.py" in self.places
        )


def entries() -> list[Entry]:
    blocks = (FOLDER / "django.po").read_text(encoding="utf-8").split("\n\n")
    return [entry(block) for block in blocks[1:] if 'msgid "' in block]


def entry(block: str) -> Entry:
    def text(keyword: str) -> str:
        found = re.search(rf"^{keyword} {TEXT}", block, re.M)
        lines = found[1].strip().split("\n") if found else []
        return "".join(ast.literal_eval(line) for line in lines)

    return Entry(
        places=" ".join(re.findall(r"^#: (.*)$", block, re.M)).split(),
        context=text("msgctxt"),
        source=text("msgid"),
        chinese=text("msgstr"),
        fuzzy=bool(re.search(r"^#,.*fuzzy", block, re.M)),
    )


def test_every_word_of_a_page_has_its_chinese() -> None:
    found = entries()

    assert len(found) > 500
    assert [one.source for one in found if one.fuzzy] == []
    assert [one.source for one in found if not one.chinese and not one.is_for_the_desk] == []


def test_a_translation_keeps_what_is_filled_in() -> None:
    def filled(text: str) -> list[str]:
        return sorted(re.findall(r"%\(\w+\)s|\{\w+\}|<[^>]+>", text))

    changed = [
        one.source for one in entries() if one.chinese and filled(one.source) != filled(one.chinese)
    ]
    assert changed == []


def test_what_is_compiled_is_what_is_written() -> None:
    with (FOLDER / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]

    written = {one.key: one.chinese for one in entries() if one.chinese}
    assert {key: text for key, text in compiled.items() if key} == written
