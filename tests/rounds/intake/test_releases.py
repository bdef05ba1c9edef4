"""Releases of many publishers, with what a careful clerk takes from each."""

from pathlib import Path

import pytest

from rounds.intake.printing import as_json
from rounds.intake.reading import read
from tests.rounds.intake import scoring

NAMES = [release.stem for release in scoring.RELEASES]


def test_what_is_taken_is_right_and_nearly_all_is_taken() -> None:
    scores = scoring.score(scoring.RELEASES)

    print("\n" + "\n".join(scoring.in_lines(scores)))
    total = scoring.total(scores)
    assert total.right > 650
    assert total.precision >= 0.97
    assert total.recall >= 0.90


@pytest.mark.parametrize("release", scoring.RELEASES, ids=NAMES)
def test_each_fact_stands_on_words_of_the_text_or_says_that_it_is_derived(release: Path) -> None:
    text = release.read_text(encoding="utf-8")

    draft = read(text)

    for fact in draft.facts:
        assert fact.reason
        assert fact.spans or fact.derived or fact.field == "document.language"
        for span in fact.spans:
            assert 0 <= span.start < span.end <= len(text)
            assert draft.words(span).strip()


@pytest.mark.parametrize("release", scoring.RELEASES, ids=NAMES)
def test_a_name_is_given_as_it_is_written_where_it_rests(release: Path) -> None:
    draft = read(release.read_text(encoding="utf-8"))

    for fact in draft.all("heads"):
        assert scoring.plain(fact.value["name"]) == scoring.plain(draft.words(fact.spans[0]))
    for fact in draft.all("chapters"):
        if not fact.derived:
            words = scoring.plain(draft.words(fact.spans[0]))
            assert any(word[:6] in words for word in scoring.plain(fact.value).split())


def test_the_same_text_gives_the_same_draft() -> None:
    text = scoring.RELEASES[0].read_text(encoding="utf-8")

    assert as_json(read(text)) == as_json(read(text))


@pytest.mark.parametrize(
    "text",
    [
        "Lorem ipsum dolor sit amet, consectetur adipiscing elit.",
        "The weather in Geneva will be fine from 3 to 6 July 2023.",
        "?!?! 11111 ---- (((( ]]]]",
        "天氣晴朗,適合出遊。",
    ],
)
def test_a_text_about_something_else_yields_no_meeting_no_case_and_nobody(text: str) -> None:
    found = as_json(read(text))

    assert found["initiative"] is None
    assert found["meeting"]["kind"] is None
    assert found["meeting"]["number"] is None
    assert [found[name] for name in ("parties", "heads", "agencies", "chapters")] == [[]] * 4
