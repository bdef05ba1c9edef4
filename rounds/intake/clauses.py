"""Clauses about the talks as such: auspices, the designated representative, the standing clause."""

import re

from rounds.intake.draft import Draft
from rounds.intake.passages import collapsed
from rounds.intake.scene import Scene
from rounds.intake.tables import Pattern, bodies

FORMS = (
    Pattern(
        "auspices",
        re.compile(
            r"(?i:under\s+the\s+auspices\s+of)\s+(?P<value>(?:the\s+)?[A-Z][^,.;]{2,200}?)(?=,|"
            r";|\.(?=\s|$)|\s+(?:to|will|on|in\s+(?:a|an)|met|held|announced)\b|$)"
        ),
        "under the auspices of NTO and STO, the two sides met",
        "NTO and STO",
    ),
    Pattern(
        "designated_representative",
        re.compile(
            r"(?i:as\s+the\s+designated\s+representative\s+of)\s+(?P<value>(?:the\s+)?[A-Z][\w. "
            r"]{1,80}?)(?=,|\.|;|$)"
        ),
        "USTR will lead as the designated representative of NTO.",
        "NTO",
    ),
    Pattern(
        "policy_basis",
        re.compile(
            # From the beginning of a sentence: tried from every sign it would cost the most of all.
            r"(?:^|(?<=\.\s))(?P<value>[^.]{0,400}?\b(?i:in\s+accordance\s+with|consistent\s+with|"
            r"guided\s+by)\b.{0,40}\b(?:one[\s-]China\s+policy|Taiwan\s+Relations\s+Act|"
            r"Six\s+Assurances|policy)\b.{0,250})"
        ),
        "These talks are held in accordance with the one China policy.",
        "These talks are held in accordance with the one China policy.",
    ),
)


def read_clauses(scene: Scene, draft: Draft) -> None:
    for pattern in FORMS:
        for sentence in scene.body:
            if found := pattern.form.search(sentence.words):
                value = collapsed(found["value"])
                draft.add(
                    pattern.name,
                    value,
                    [sentence.span(*found.span("value"))],
                    "a clause of this form",
                )
                break
    _read_designated(scene, draft)


def _read_designated(scene: Scene, draft: Draft) -> None:
    """Who it is that is the designated representative: the body in the same sentence."""
    fact = draft.first("designated_representative")
    if fact is None:
        return
    for sentence in scene.body:
        if not (sentence.start <= fact.spans[0].start < sentence.end):
            continue
        for form, body in bodies().items():
            start = sentence.words.find(form)
            inside = sentence.span(start, start + len(form))
            if (
                start >= 0
                and len(form) > 4
                and not (fact.spans[0].start <= inside.start < fact.spans[0].end)
            ):
                draft.add(
                    "designated_representative.body",
                    body.name,
                    [inside],
                    "the body in that sentence",
                )
                return
