"""Numbers, modes, places, parties and statuses as people write them."""

from typing import Any

import pytest

from rounds.importing import cells, names


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (3, (3, "")),
        (3.0, (3, "")),
        ("3rd round", (3, "")),
        ("Round III", (3, "")),
        ("third", (3, "")),
        ("3ª ronda", (3, "")),
        ("第3輪", (3, "")),
        ("3bis", (None, "3bis")),
        ("0", (None, "0")),
        ("3.5", (None, "3.5")),
        (99_999, (None, "99999")),
        ("final", (None, "final")),
        ("n/a", (None, "")),
        ("TBD", (None, "")),
        (None, (None, "")),
    ],
)
def test_numbers_of_rounds(written: Any, expected: Any) -> None:
    assert cells.number(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("In-person", "in_person"),
        ("VTC", "virtual"),
        ("by video conference", "virtual"),
        ("Hybrid format", "hybrid"),
        ("in writing", "written"),
        ("face to face", "in_person"),
        ("In-person / online", "hybrid"),
        ("hybrid (some delegates by video)", "hybrid"),
        ("en présentiel", "in_person"),
        ("a distancia", "virtual"),
        ("視訊", "virtual"),
        ("via Zoom", "virtual"),
        ("TBC", "unknown"),
        ("", "unknown"),
    ],
)
def test_modes_in_words(written: str, expected: str) -> None:
    assert cells.mode(written) == (expected, "")


def test_of_an_unknown_mode_the_words_are_kept_and_the_near_ones_proposed() -> None:
    assert cells.mode("onlin") == ("unknown", "onlin")
    assert cells.near_modes("onlin") == "by video"
    assert cells.mode("in person, mostly") == ("unknown", "in person, mostly")


@pytest.mark.parametrize(
    ("city", "country", "venues"),
    [
        ("Brussels; London", "Belgium; UK", [("Brussels", "Belgium"), ("London", "UK")]),
        ("Geneva; Zurich", "Switzerland", [("Geneva", "Switzerland"), ("Zurich", "")]),
        ("Washington, D.C.", "United States", [("Washington, D.C.", "United States")]),
        ("", "Japan", [("", "Japan")]),
        ("Online", "", []),
    ],
)
def test_places_pair_cities_with_countries_and_invent_none(
    city: str, country: str, venues: Any
) -> None:
    assert cells.places(city, country).venues == venues


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("EU; UK", ["EU", "UK"]),
        ("Australia, Japan, and New Zealand", ["Australia", "Japan", "New Zealand"]),
        ("EU and UK", ["EU", "UK"]),
        ("Trinidad and Tobago; EU", ["Trinidad and Tobago", "EU"]),
        ("Korea, Republic of; Japan", ["Korea, Republic of", "Japan"]),
        ("Ecuador / Corea, República de", ["Ecuador", "Corea, República de"]),
        ("Gambia, The", ["Gambia, The"]),
        ("EU–UK", ["EU", "UK"]),
        ("Guinea-Bissau", ["Guinea-Bissau"]),
        ("Mercosur (Argentina; Brazil); Chile", ["Mercosur", "Chile"]),
        ("China (Taiwan); Japan", ["China (Taiwan)", "Japan"]),
    ],
)
def test_parties_of_one_cell(written: str, expected: list[str]) -> None:
    assert [party.name for party in cells.parties(written)] == expected


@pytest.mark.parametrize(
    ("written", "found", "beside"),
    [
        ("ex.org/a; https://ex.org/b", ["https://ex.org/a", "https://ex.org/b"], ""),
        ("https://ex.org/a,https://ex.org/b", ["https://ex.org/a", "https://ex.org/b"], ""),
        ("See <https://ex.org/a>", ["https://ex.org/a"], "See"),
        ("annex 3, report.pdf", [], "annex 3, report.pdf"),
        ("n/a", [], ""),
    ],
)
def test_web_addresses_and_the_words_beside_them(
    written: str, found: list[str], beside: str
) -> None:
    assert cells.addresses(written) == (found, beside)


def test_a_bloc_may_list_its_members() -> None:
    mercosur, _eu = cells.parties("Mercosur (Argentina, Brazil, Paraguay and Uruguay); EU")

    assert mercosur.name == "Mercosur"
    assert mercosur.members == ("Argentina", "Brazil", "Paraguay", "Uruguay")


@pytest.mark.parametrize(
    ("words", "status", "result"),
    [
        ("Provisionally closed", "provisionally_closed", "provisionally_closed"),
        ("EU tabled its text proposal", "text_tabled", "text_tabled"),
        ("closed", "concluded", "concluded"),
        ("under discussion", "", "discussed"),
        ("No progress", "", "blocked"),
        ("not opened", "not_opened", ""),
        ("not yet closed", "", ""),
        ("Provisionally closed?", "", ""),
        ("agreed in principle", "", ""),
        ("text largely agreed", "", ""),
        ("agreed in substance", "", ""),
        ("80% agreed", "", ""),
        ("cannot be agreed", "", ""),
        ("technically closed", "", ""),
        ("in progress", "", ""),
        ("text tabled; good progress", "", ""),
        ("unknown", "", ""),
    ],
)
def test_a_status_in_free_words_gets_a_code_only_where_it_is_sure(
    words: str, status: str, result: str
) -> None:
    assert cells.standing(words) == cells.Standing(words, status, result)


def test_names_are_the_same_whatever_their_case_dashes_and_accents() -> None:
    assert names.key("The EU–UK Agreement (T.C.A.)") == names.key("eu-uk agreement: tca")
    assert names.near("US", ["United States", "Taiwan"]) == ["United States"]
    assert names.near("Frence", ["France", "Greece"]) == ["France"]
