"""Phrases that once were read wrongly, each with what it says."""

from typing import Any

import pytest

from rounds.intake.printing import as_json
from rounds.intake.reading import read

RELEASED = "\n\n20 December 2023\n\n"
RELEASED_ZH = "\n\n2023年12月20日\n\n"


def taken(text: str) -> dict[str, Any]:
    return as_json(read(text))


@pytest.mark.parametrize(
    ("text", "initiative"),
    [
        (
            f"臺英深化貿易夥伴關係第二輪會談在倫敦舉行{RELEASED_ZH}臺英雙方於11月8日舉行會談。",
            "UK-Taiwan Enhanced Trade Partnership (ETP)",
        ),
        (
            f"EFTA and Chile end talks on the modernisation of their agreement{RELEASED}"
            "The EFTA States and Chile met in Geneva on 18 December 2023.",
            "EFTA-Chile Agreement",
        ),
    ],
)
def test_the_initiative_is_known_by_the_phrase(text: str, initiative: str) -> None:
    assert taken(text)["initiative"] == initiative


def test_a_chinese_list_of_chapters_goes_on_after_its_and() -> None:
    found = taken(
        f"臺英第二輪會談在倫敦舉行{RELEASED_ZH}臺英雙方於11月8日在倫敦討論數位貿易、投資及能源與淨零排放等議題，"
        "並就中小企業、農業及貿易便捷化交換意見。"
    )

    assert found["chapters"] == [
        "數位貿易",
        "投資",
        "能源與淨零排放",
        "中小企業",
        "農業",
        "貿易便捷化",
    ]


def test_talks_that_begin_in_a_year_are_as_precise_as_the_year() -> None:
    found = taken(f"臺美將自明年起展開第二階段談判{RELEASED_ZH}臺美雙方將自明年起展開談判。")

    assert found["meeting"]["kind"] == "launch"
    assert found["meeting"]["tense"] == "future"
    assert (found["meeting"]["start"], found["meeting"]["precision"]) == ("2024-01-01", "year")


def test_a_body_or_a_city_that_a_text_names_is_not_its_publisher() -> None:
    found = taken(
        "Norway and India hold technical talks\n\nBrussels, 4 March 2024 - Norway and India held "
        "talks on 3 March 2024. The European Commission and the EU watched."
    )

    assert found["document"]["publisher"] is None


def test_a_release_on_one_line_is_no_trail_of_its_site() -> None:
    found = taken(
        "The third round on a Chile-Norway Free Trade Agreement was held in Oslo » " * 30 + "»"
    )

    assert found["meeting"]["number"] == 3


def head(found: dict[str, Any], name: str) -> dict[str, Any]:
    return next(one for one in found["heads"] if one["name"] == name)


def test_a_day_close_to_the_release_is_of_its_year_whatever_verb_stands_near() -> None:
    found = taken(
        f"Chile and Norway to hold second round{RELEASED}A Norwegian delegation is going to "
        "Santiago for the second round on a Chile-Norway Free Trade Agreement from December 26-29, "
        "the ministry announced today."
    )

    assert found["meeting"]["start"] == "2023-12-26"
    assert found["meeting"]["tense"] == "future"


def test_a_round_that_ended_today_began_when_another_sentence_says() -> None:
    found = taken(
        f"Second round of Chile-Norway talks ends in Oslo{RELEASED}The second round of talks on a "
        "Chile-Norway Free Trade Agreement, the last before Easter, came to an end in Oslo today. "
        "It had started on 18 December."
    )

    assert (found["meeting"]["start"], found["meeting"]["end"]) == ("2023-12-18", "2023-12-20")


def test_who_is_the_lead_official_leads() -> None:
    found = taken(
        f"Chile and Norway hold third round{RELEASED}The third round on a Chile-Norway Free Trade "
        "Agreement was held in Oslo on 18 December. Deputy Minister Jane Roe is the lead Norwegian "
        "official."
    )

    assert head(found, "Jane Roe")["party"] == "Norway"


def test_a_title_may_begin_with_a_body_and_leaves_out_its_abbreviation() -> None:
    found = taken(
        f"Third round of talks in Oslo{RELEASED}The third round on a Chile-Norway Free Trade "
        "Agreement was held in Oslo on 18 December. Ministry of Trade Counselor Jane Roe and John "
        "Poe, Director of Trade (DOT), led the Norwegian delegation."
    )

    assert head(found, "Jane Roe")["title"] == "Ministry of Trade Counselor"
    assert head(found, "John Poe") == {
        "name": "John Poe",
        "title": "Director of Trade",
        "party": "Norway",
    }


def test_a_latin_comma_between_chinese_signs_is_a_comma() -> None:
    found = taken(
        f"臺美第二輪會談在紐約舉行{RELEASED_ZH}臺美雙方於12月18日在紐約舉行第二輪談判,我方由副總談判代表王小明率團。"
    )

    assert head(found, "王小明")["party"] == "Taiwan"


def test_the_label_of_a_round_is_that_of_the_text() -> None:
    found = taken(
        f"Third Round of Talks in Oslo{RELEASED}The third in-person round on a Chile-Norway Free "
        "Trade Agreement was held in Oslo on 18 December."
    )

    assert found["meeting"]["label"] == "third in-person round"


def test_a_ministers_stay_is_not_the_meeting_in_it() -> None:
    found = taken(
        f"Ministers meet in Oslo{RELEASED}Trade Minister Jane Roe of Norway and "
        "Minister of Trade John Poe of Chile met in Oslo on 18 December. Minister Poe is in Norway "
        "from 16 to 21 December."
    )

    assert (found["meeting"]["start"], found["meeting"]["end"]) == ("2023-12-18", "2023-12-18")


def test_a_round_held_since_a_day_began_then() -> None:
    found = taken(
        f"Third round ends{RELEASED}Chile and Norway today completed the third round "
        "on a Chile-Norway Free Trade Agreement, held in Oslo since December 16."
    )

    assert (found["meeting"]["start"], found["meeting"]["end"]) == ("2023-12-16", "2023-12-20")


def test_a_town_before_a_state_is_in_its_country() -> None:
    found = taken(
        f"Third round of talks{RELEASED}The third round on a Chile-Norway Free Trade Agreement was "
        "held in Springfield, Illinois on 18 December."
    )

    assert found["meeting"]["cities"] == ["Springfield"]
    assert found["meeting"]["country"] == "United States"


def test_others_who_join_by_video_make_a_hybrid_round() -> None:
    found = taken(
        f"Third round of talks{RELEASED}The third round on a Chile-Norway Free Trade Agreement was "
        "held on 18 December. Some officials sat in Oslo, the rest joined by video."
    )

    assert found["meeting"]["mode"] == "hybrid"


def test_a_publisher_that_no_table_knows_is_named_by_its_label() -> None:
    found = taken(
        "Third round of talks in Oslo\n\nPublisher: Ministry of Fjords\nDate: 20.12.2023\n\n"
        "The third round of talks was held in Oslo on 18 December 2023."
    )

    assert found["document"]["publisher"] == "Ministry of Fjords"


def test_who_takes_part_for_a_side_is_of_it() -> None:
    found = taken(
        f"Third round of talks in Oslo{RELEASED}The third round on a Chile-Norway Free Trade "
        "Agreement was held in Oslo on 18 December. The chief negotiators were Ambassador Jane Roe "
        "for Norway and Mr. John Poe, Director of Trade, for Chile."
    )

    assert [(one["name"], one["party"]) for one in found["heads"]] == [
        ("Jane Roe", "Norway"),
        ("John Poe", "Chile"),
    ]


def test_a_chinese_minister_who_presides_bears_his_full_title() -> None:
    found = taken(
        f"臺歐盟召開貿易對話會議{RELEASED_ZH}經濟部長王小明18日在比利時布魯塞爾與歐盟貿易總署總署長"
        "Jane Roe共同主持臺歐盟貿易對話會議。"
    )

    assert head(found, "王小明") == {"name": "王小明", "title": "經濟部長", "party": "Taiwan"}
    assert found["meeting"]["kind"] == "ministerial"
    assert found["meeting"]["cities"] == ["Brussels"]


def test_what_was_signed_for_each_side_by_somebody() -> None:
    found = taken(
        f"Agreement signed in Oslo{RELEASED}Chile and Norway signed a Free Trade "
        "Agreement in Oslo this morning. For Norway it was signed by Minister of Trade Jane Roe "
        "and for Chile by Minister of Economy John Poe. Ambassador Ann Doe looked on."
    )

    assert found["meeting"]["start"] == "2023-12-20"
    assert [(one["name"], one["title"], one["party"]) for one in found["heads"]] == [
        ("Jane Roe", "Minister of Trade", "Norway"),
        ("John Poe", "Minister of Economy", "Chile"),
    ]


def test_a_round_held_after_a_break_is_that_round() -> None:
    found = taken(
        f"Talks resumed in Oslo{RELEASED}After a break of five years, Chile and Norway held the "
        "second round on a Chile-Norway Free Trade Agreement in Oslo from 11 to 13 December."
    )

    assert (found["meeting"]["start"], found["meeting"]["end"]) == ("2023-12-11", "2023-12-13")


def test_what_teams_did_since_the_last_round_is_not_the_mode_of_this_one() -> None:
    found = taken(
        f"Third round{RELEASED}The third round on a Chile-Norway Free Trade Agreement was "
        "held in Oslo on 18 December. Since the second round, in May, the teams have met online."
    )

    assert found["meeting"]["mode"] is None
    assert found["meeting"]["cities"] == ["Oslo"]


def test_the_end_of_the_negotiations_is_no_round() -> None:
    found = taken(
        f"Chile and Norway conclude negotiations{RELEASED}Chile and Norway have completed the "
        "negotiations on a Chile-Norway Free Trade Agreement."
    )

    assert found["meeting"]["kind"] is None


def test_a_title_that_opens_talks_over_a_first_round_is_of_that_round() -> None:
    found = taken(
        f"Chile and Norway open trade talks{RELEASED}A first round on a Chile-Norway Free Trade "
        "Agreement was held in Oslo on 18 December."
    )

    assert (found["meeting"]["kind"], found["meeting"]["number"]) == ("full_round", 1)


def test_a_name_with_a_dash_is_no_dateline() -> None:
    found = taken(
        f"Third round{RELEASED}EU-Norway talks on a Free Trade Agreement went into a third "
        "round in Oslo on 18 December."
    )

    assert found["initiative"] == "EU-Norway Free Trade Agreement"


def test_numbered_lines_below_a_lead_in_are_chapters() -> None:
    found = taken(
        f"Third round{RELEASED}The third round on a Chile-Norway Free Trade Agreement was "
        "held in Oslo on 18 December. Progress was made in these chapters:\n1. Investment\n"
        "2. Digital services\n3. Goods market access\n"
    )

    assert found["chapters"] == ["Investment", "Digital services", "Goods market access"]


def test_who_leads_at_which_side_is_told_behind_the_name() -> None:
    found = taken(
        f"Third round{RELEASED}The third round on a Chile-Norway Free Trade Agreement was "
        "held in Oslo on 18 December. The delegations were led by Ms Jane Roe, Director of Trade, "
        "on the Norwegian side, and by John Poe, Director of Talks, on the Chilean side."
    )

    assert [(one["name"], one["party"]) for one in found["heads"]] == [
        ("Jane Roe", "Norway"),
        ("John Poe", "Chile"),
    ]


def test_an_office_may_be_known_of_one_side_alone_and_who_looks_on_signs_nothing() -> None:
    found = taken(
        f"India and Norway sign agreement in Oslo{RELEASED}In the presence of Prime Ministers Ann "
        "Doe and Max Moe, the India-Norway Free Trade Agreement was signed in Oslo today by Shri "
        "John Poe, Union Minister of Commerce, and Ms. Jane Roe, Minister of Trade of Norway."
    )

    assert [(one["name"], one["party"]) for one in found["heads"]] == [
        ("John Poe", "India"),
        ("Jane Roe", "Norway"),
    ]


def test_bodies_are_of_the_side_that_their_part_of_the_sentence_names() -> None:
    found = taken(
        f"Third round{RELEASED}The third round on a Chile-Norway Free Trade Agreement was "
        "held in Oslo on 18 December. Jane Roe led the Norwegian side, to which the Ministry of "
        "Fjords also belonged; Chile's delegation was headed by Director John Poe."
    )

    assert found["agencies"] == [{"name": "Ministry of Fjords", "party": "Norway"}]


def test_a_round_put_off_to_a_month_is_in_that_month() -> None:
    found = taken(
        f"Chile-Norway talks put off{RELEASED}The third round, first planned for 2-4 "
        "January, has been postponed. It will now be held in February 2024."
    )

    assert (found["meeting"]["start"], found["meeting"]["precision"]) == ("2024-02-01", "month")


def test_days_of_talks_that_end_today_are_counted_back() -> None:
    found = taken(
        f"Third round ends{RELEASED}Five days of negotiations, the third round on a Chile-Norway "
        "Free Trade Agreement, ended in Oslo today."
    )

    assert (found["meeting"]["start"], found["meeting"]["end"]) == ("2023-12-16", "2023-12-20")


def test_a_list_of_sides_goes_on_behind_semicolons() -> None:
    found = taken(
        f"Third round{RELEASED}The third round on a Chile-Norway-Japan Free Trade Agreement "
        "was held in Oslo on 18 December. The delegations were headed by Ms. Jane Roe, Director of "
        "Trade, for Norway; Mr. John Poe, Vice Minister of Commerce, for Chile; and Mr. Max Moe, "
        "Deputy Minister for Trade, for Japan."
    )

    assert [(one["name"], one["party"]) for one in found["heads"]] == [
        ("Jane Roe", "Norway"),
        ("John Poe", "Chile"),
        ("Max Moe", "Japan"),
    ]


def test_who_is_chief_negotiator_of_a_side_leads_it() -> None:
    found = taken(
        f"Third round{RELEASED}The third round on a Chile-Norway Free Trade Agreement was "
        "held in Oslo on 18 December. Chile's Chief Negotiator is John Poe; Jane Roe is the Chief "
        "Negotiator of Norway."
    )

    assert {(one["name"], one["party"]) for one in found["heads"]} == {
        ("Jane Roe", "Norway"),
        ("John Poe", "Chile"),
    }


def test_what_lawyers_will_do_next_is_not_the_meeting() -> None:
    found = taken(
        f"Talks concluded{RELEASED}The talks on a Chile-Norway Free Trade Agreement "
        "are concluded. Both sides will now proceed to the legal review of the text."
    )

    assert found["meeting"]["kind"] is None


def test_what_stands_aside_in_a_sentence_has_its_own_day() -> None:
    found = taken(
        f"Chile-Norway Free Trade Agreement enters into force{RELEASED}The Chile-Norway Free Trade "
        "Agreement, which was signed in Oslo on 14 March 2022, entered into force today."
    )

    assert found["meeting"]["start"] == "2023-12-20"
    assert found["meeting"]["cities"] == []
    assert [one["date"] for one in found["milestones"]] == ["2022-03-14"]


def test_talks_are_launched_anew() -> None:
    found = taken(
        f"Chile and Norway relaunch trade talks{RELEASED}At a ceremony in Oslo today Minister of "
        "Trade Jane Roe of Norway and Minister of Economy John Poe of Chile relaunched the talks "
        "on a Chile-Norway Free Trade Agreement. The first round will be held in January."
    )

    assert (found["meeting"]["kind"], found["meeting"]["start"]) == ("launch", "2023-12-20")


def test_another_agreement_in_the_background_is_not_the_case() -> None:
    found = taken(
        f"Update on UK-Canada trade negotiations{RELEASED}The eighth round of UK-Canada free trade "
        "agreement negotiations began on 11 December. All sessions were virtual. Much was agreed. "
        "In March both had agreed on UK accession to CPTPP."
    )

    assert found["initiative"] == "UK-Canada Free Trade Agreement"
    assert found["parties"] == ["United Kingdom", "Canada"]


@pytest.mark.parametrize(
    "name", ["May Lin", "April Chase", "Maria van der Berg", "P. K. Moe", "Ali bin Omar Al Ayn"]
)
def test_names_of_all_forms_are_names(name: str) -> None:
    found = taken(
        f"Third round{RELEASED}The third round on a Chile-Norway Free Trade Agreement was held in "
        f"Oslo on 18 December. Deputy Minister {name} led the Norwegian delegation."
    )

    assert [one["name"] for one in found["heads"]] == [name]


@pytest.mark.parametrize(
    "verb", ["led", "headed", "chaired", "steered", "captained", "was at the head of"]
)
def test_to_lead_is_said_in_many_words(verb: str) -> None:
    found = taken(
        f"Third round{RELEASED}The third round on a Chile-Norway Free Trade Agreement was held in "
        f"Oslo on 18 December. Deputy Minister Jane Roe {verb} the Norwegian delegation."
    )

    assert head(found, "Jane Roe")["party"] == "Norway"


def test_a_sentence_with_spaced_days_has_no_dateline() -> None:
    found = taken(
        f"EFTA and Chile hold third round{RELEASED}EFTA and Chile met in Geneva from 11 - 13 "
        "December for the third round on an EFTA-Chile Free Trade Agreement."
    )

    assert (found["meeting"]["start"], found["meeting"]["end"]) == ("2023-12-11", "2023-12-13")


def test_a_round_at_work_since_a_day_has_a_start_and_an_open_end() -> None:
    found = taken(
        f"Round ends{RELEASED}The third round on a Chile-Norway Free Trade Agreement ended "
        "in Oslo, where teams had been at work since 13 December."
    )

    assert (found["meeting"]["start"], found["meeting"]["end"]) == ("2023-12-13", None)


def test_two_who_act_for_two_sides_in_one_breath() -> None:
    found = taken(
        f"Chile and Norway sign agreement{RELEASED}Ministers of Chile and Norway met today in Oslo "
        "and signed a Free Trade Agreement. Jane Roe, Minister of Trade, signed for Norway and "
        "John Poe, Minister of Economy, for Chile."
    )

    assert [(one["name"], one["party"]) for one in found["heads"]] == [
        ("Jane Roe", "Norway"),
        ("John Poe", "Chile"),
    ]


def test_a_round_to_come_gives_no_number_to_an_intersessional_meeting() -> None:
    found = taken(
        f"Intersessional meeting of Chile and Norway{RELEASED}Experts of Chile and Norway held an "
        "intersessional meeting by video on 18 December. They spoke about goods. The fourth round "
        "is scheduled for April."
    )

    assert (found["meeting"]["kind"], found["meeting"]["number"]) == ("intersessional", None)


def test_last_year_of_a_text_without_a_day_is_no_year() -> None:
    found = taken(
        "臺美第二輪談判登場\n\n臺美雙方去年11月8日至9日在紐約舉行首次談判，雙方訂於1月14日至17日在臺北"
        "舉行第二輪談判。雙方於2022年6月1日啟動談判。"
    )

    assert found["meeting"]["start"] is None
    assert found["meeting"]["cities"] == ["Taipei"]


def test_what_a_round_allowed_is_no_next_step() -> None:
    found = taken(
        f"Third round{RELEASED}The third round on a Chile-Norway Free Trade Agreement was held in "
        "Oslo on 18 December. It allowed experts to continue their work in all areas."
    )

    assert found["next_steps"] == []


def test_a_title_leaves_out_the_side_that_stands_beside_it() -> None:
    found = taken(
        f"Third round{RELEASED}The third round on a Chile-Norway Free Trade Agreement was held in "
        "Oslo on 18 December. The delegations were led by Jane Roe, Minister of Trade of Norway, "
        "and John Poe, Director at the Ministry of Economy of Chile."
    )

    assert [(one["title"], one["party"]) for one in found["heads"]] == [
        ("Minister of Trade", "Norway"),
        ("Director at the Ministry of Economy of Chile", "Chile"),
    ]


def test_the_united_states_are_shortened_as_the_text_writes_them() -> None:
    found = taken(
        f"UK-US trade talks: fourth round{RELEASED}UK and US negotiators held the fourth round of "
        "the FTA talks on 18 December."
    )

    assert found["initiative"] == "UK-US Free Trade Agreement"


def test_members_of_a_bloc_may_be_listed_without_an_and() -> None:
    found = taken(
        f"EFTA and Chile hold third round{RELEASED}Delegates of the EFTA States (Iceland, "
        "Liechtenstein, Norway, Switzerland) and of Chile met in Geneva on 18 December for the "
        "third round on an EFTA-Chile Free Trade Agreement."
    )

    assert found["parties"] == ["Iceland", "Liechtenstein", "Norway", "Switzerland", "Chile"]


@pytest.mark.parametrize(
    "sentence",
    [
        "The delegations were under the leadership of Director Jane Roe (Norway) and Adviser John "
        "Poe (Chile).",
        "Director Jane Roe and her Chilean counterpart, Adviser John Poe, chaired the round.",
        "The Norwegian delegation, under Director Jane Roe, sat with Chile's, led by Adviser John "
        "Poe.",
        "As head of the Norwegian delegation, Director Jane Roe spoke first. Adviser John Poe led "
        "the team of Chile.",
        "Director Jane Roe and Adviser John Poe co-chaired the round as chief negotiators of "
        "Norway and of Chile.",
    ],
)
def test_whose_head_somebody_is_may_be_told_in_many_ways(sentence: str) -> None:
    found = taken(
        f"Third round{RELEASED}The third round on a Chile-Norway Free Trade Agreement was held in "
        f"Oslo on 18 December. {sentence}"
    )

    assert {(one["name"], one["party"]) for one in found["heads"]} == {
        ("Jane Roe", "Norway"),
        ("John Poe", "Chile"),
    }


def test_two_days_in_a_chinese_sentence_have_each_their_verb() -> None:
    found = taken(
        f"臺美首批協定生效{RELEASED_ZH}臺美雙方於2023年6月1日簽署的「臺美21世紀貿易倡議」首批協定，於今(20)日正式生效。"
    )

    assert found["meeting"]["start"] == "2023-12-20"
    assert [one["date"] for one in found["milestones"]] == ["2023-06-01"]


def test_a_round_that_ends_on_the_day_of_its_release_has_been_held() -> None:
    found = taken(
        f"Third round{RELEASED}Chile and Norway hold the third round on a Chile-Norway Free Trade "
        "Agreement in Oslo from 18 to 20 December. The Norwegian delegation had Jane Roe, Director "
        "of Trade, at its head."
    )

    assert found["meeting"]["tense"] == "past"
    assert head(found, "Jane Roe")["title"] == "Director of Trade"


def test_leaders_behind_a_colon_are_of_the_delegation_before_it() -> None:
    found = taken(
        f"Third round{RELEASED}The third round on a Chile-Norway Free Trade Agreement was held in "
        "Oslo on 18 December. The Norwegian delegation had two leaders: Jane Roe, Chief "
        "Negotiator, and John Poe, Chief Negotiator for Goods."
    )

    assert [(one["name"], one["party"]) for one in found["heads"]] == [
        ("Jane Roe", "Norway"),
        ("John Poe", "Norway"),
    ]


def test_a_week_that_ends_today_is_a_round_of_days() -> None:
    found = taken(
        f"Third round{RELEASED}The week of 18 December saw the third round on a Chile-Norway Free "
        "Trade Agreement in Oslo, ending today."
    )

    assert (found["meeting"]["start"], found["meeting"]["end"]) == ("2023-12-18", "2023-12-20")


def test_a_chapter_keeps_the_dash_with_which_it_is_written() -> None:
    found = taken(
        f"Third round{RELEASED}The third round on a Chile-Norway Free Trade Agreement was held in "
        "Oslo on 18 December. These were the topics:\n- Legal Group – Disputes\n- Investment\n"
    )

    assert found["chapters"] == ["Legal Group – Disputes", "Investment"]
