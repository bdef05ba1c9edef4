"""What a word is: of a text, and of what a reader types."""

from hypothesis import given
from hypothesis import strategies as st

from tradeinit.search.words import Part, Phrase, excerpt, forms, marked, phrases


def shown(parts: list[Part]) -> str:
    return "".join(f"[{part.text}]" if part.found else part.text for part in parts)


def test_english_words_are_known_by_their_stems_and_chinese_characters_each_by_itself() -> None:
    texts = ["Negotiations on Agriculture", "數位貿易"]

    assert forms(texts) == "negoti on agricultur ǁ 數 位 貿 易"


def test_an_abbreviation_is_the_same_with_its_dots_and_without() -> None:
    assert forms(["the U.S.-Taiwan talks"]) == forms(["the US Taiwan talks"])


def test_capitals_accents_and_wide_letters_make_no_difference() -> None:
    assert forms(["Café ＵＳＴＲ ２０２３"]) == "cafe ustr 2023"


def test_characters_that_are_written_either_way_are_one() -> None:
    assert forms(["臺北"]) == forms(["台北"])


def test_words_are_looked_for_one_by_one_and_quoted_ones_side_by_side() -> None:
    assert phrases('digital "rules of origin" 台北') == [
        Phrase(("digit",)),
        Phrase(("rule", "of", "origin")),
        Phrase(("台", "北")),
    ]


def test_what_hangs_together_is_looked_for_side_by_side() -> None:
    assert phrases("21st-Century, party's") == [
        Phrase(("21st", "centuri")),
        Phrase(("parti", "s")),
    ]


def test_a_star_stands_for_any_ending() -> None:
    assert phrases("agri*") == [Phrase(("agri",), is_open=True)]
    assert shown(marked("Agricultural goods", phrases("agri*"))) == "[Agricultural] goods"


def test_signs_alone_look_for_nothing() -> None:
    assert phrases('"" * ?! -- ()') == []


def test_an_excerpt_marks_what_was_found_in_any_form() -> None:
    text = "They met in Taipei. The parties exchanged views on digital trade."

    assert shown(excerpt(["No word of it", text], phrases("viewing trade"))) == (
        "They met in Taipei. The parties exchanged [views] on digital [trade]."
    )


def test_an_excerpt_of_a_long_text_begins_and_ends_between_words() -> None:
    text = f"{'before ' * 100}Taipei {'after ' * 100}"

    found = shown(excerpt([text], phrases("taipei")))

    assert found.startswith("… before")
    assert "[Taipei]" in found
    assert found.endswith("after …")
    assert len(found) < 260


def test_chinese_is_marked_as_a_phrase_and_not_by_its_characters() -> None:
    parts = marked("位於台北的數位貿易談判", phrases("數位貿易"))

    assert shown(parts) == "位於台北的[數位貿易]談判"


@given(st.text(max_size=60), st.text(max_size=30))
def test_no_text_is_lost_and_none_is_made_up(text: str, asked: str) -> None:
    parts = marked(text, phrases(asked))

    assert forms(["".join(part.text for part in parts)]) == forms([text])
