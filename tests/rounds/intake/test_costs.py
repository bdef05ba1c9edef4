"""A release costs milliseconds, and a long text no more than its length."""

import string
from time import process_time

import pytest

from rounds.intake import source
from rounds.intake.reading import read
from tests.rounds.intake import scoring


def seconds(text: str) -> float:
    """The better of two, in time of this process: the machine may be busy with others."""
    taken = []
    for _ in range(2):
        begun = process_time()
        read(text)
        taken.append(process_time() - begun)
    return min(taken)


def test_a_release_is_read_in_a_tenth_of_a_second() -> None:
    texts = [release.read_text(encoding="utf-8") for release in scoring.RELEASES]
    read(texts[0])

    assert max(map(seconds, texts)) < 0.1


# Texts on which a pattern that goes back and forth would stand still.
HARD = {
    "releases": "\n\n".join(one.read_text(encoding="utf-8") for one in scoring.RELEASES[:2]),
    "one word": "round" * 300,
    "one line without an end": "the round and talks, " * 80,
    "capitals": "Minister of Trade and Industry, " * 50,
    "letters": string.ascii_uppercase * 60,
    "dashes": "- " * 700,
    "brackets": "(" * 700 + ")" * 700,
    "numbers": "1-2, 3 to 4 May and 5 " * 60,
    "spaces": " " * 1500 + ".",
    "names": "the United States and Taiwan and the European Union, " * 30,
    "Chinese": "第一次實體會議8日到9日在美國紐約舉行、" * 80,
    "links": "[a](b)" * 250,
    "markup": "<p<div>" * 250,
}


@pytest.mark.parametrize("name", HARD)
def test_ten_times_the_text_takes_at_most_fifteen_times_as_long(name: str) -> None:
    text = HARD[name] + "\n"
    read(text)
    once = max(seconds(text), 0.002)

    assert seconds(text * 10) < 15 * once


def test_a_gap_ten_times_as_wide_takes_at_most_fifteen_times_as_long() -> None:
    def gap(width: int) -> str:
        return "The talks were held" + " " * width + "in Oslo."

    read(gap(1))

    assert seconds(gap(20_000)) < 15 * max(seconds(gap(2_000)), 0.002)


def test_a_blank_line_ten_times_as_wide_takes_at_most_fifteen_times_as_long() -> None:
    def blank(width: int) -> str:
        return "The talks were held in Oslo.\n" + " " * width + "\nThey went well."

    read(blank(1))

    assert seconds(blank(20_000)) < 15 * max(seconds(blank(2_000)), 0.002)


@pytest.mark.parametrize("tag", ["<a ", "<a b=", "<x/", "<!--", "<!-- >", "<![CDATA[ >", "</a "])
def test_broken_markup_is_read_in_time_that_grows_with_its_length(tag: str) -> None:
    page = f"<html><body><p>The talks were held in Oslo.</p>{tag * 10_000}"
    begun = process_time()

    assert source.text_of(page.encode()).startswith("The talks were held in Oslo.")
    assert process_time() - begun < 0.3


def test_two_megabytes_on_one_line_cost_no_more_than_their_first_part_and_it_is_said() -> None:
    text = "The talks were held in Oslo by A. " * 58_000
    first_part = seconds(text[:100_000])
    begun = process_time()
    draft = read(text)

    assert process_time() - begun < 2 * first_part
    assert draft.value("document.unread") == "1872000 characters"
