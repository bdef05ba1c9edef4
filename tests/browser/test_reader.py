"""A reader walks the case of the origin document, with and without JavaScript."""

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

CASE = "/initiatives/us-taiwan-21st-century-trade/"
ROUND = "/rounds/us-taiwan-2023-01-taipei/"


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def browser_context_args(browser_context_args, request):
    return {**browser_context_args, "java_script_enabled": request.param}


def test_a_reader_goes_from_home_to_the_round_and_reads_who_met(site, page: Page, problems):
    page.goto(site)
    page.get_by_role("main").get_by_role(
        "link", name="Initiative on 21st-Century Trade"
    ).first.click()

    main = page.get_by_role("main")
    expect(page.get_by_role("heading", level=1)).to_contain_text("21st-Century Trade")
    expect(main).to_contain_text("American Institute in Taiwan")
    expect(main).to_contain_text("Taiwan Relations Act")
    expect(main).to_contain_text("17 August 2022")
    expect(main).to_contain_text("8–9 November 2022")

    page.goto(site + ROUND)

    main = page.get_by_role("main")
    for words in (
        "14–17 January 2023",
        "Taipei",
        "in person",
        "closed press",
        "Terry McCartin",
        "Assistant United States Trade Representative",
        "several other",
    ):
        expect(main).to_contain_text(re.compile(re.escape(words), re.IGNORECASE))
    assert problems == []


def test_a_reader_filters_the_rounds_and_takes_the_filter_away_again(site, page: Page, problems):
    page.goto(f"{site}/rounds/")
    filters = page.locator("details.filters > summary")
    if filters.is_visible():
        filters.click()
    page.locator("#id_city > summary").click()
    page.locator("#id_city").get_by_label("Taipei 2").check()
    page.locator("form.filters button[type=submit], .filters button[type=submit]").first.click()

    expect(page).to_have_url(re.compile("city=Taipei"))
    expect(page.get_by_role("main")).to_contain_text("14–17 January 2023")
    expect(page.get_by_role("main")).not_to_contain_text("8–9 November 2022")

    page.locator(".chips a").first.click()

    expect(page.get_by_role("main")).to_contain_text("8–9 November 2022")
    assert problems == []


def test_a_reader_asks_the_matrix_for_another_day(site, page: Page, problems):
    page.goto(f"{site}{CASE}matrix/")
    expect(page.get_by_role("table")).to_contain_text("Text tabled")

    page.get_by_label("As it was on").fill("2022-12-01")
    page.get_by_role("button", name="Show").click()

    expect(page.get_by_role("table")).not_to_contain_text("Text tabled")
    page.get_by_text("The days on which something changed").click()
    page.get_by_role("link", name="17 January 2023", exact=True).first.click()

    expect(page).to_have_url(re.compile(r"\?on=2023-01-17$"))
    expect(page.get_by_role("table")).to_contain_text("Text tabled")
    assert problems == []


def test_a_question_that_cannot_be_answered_says_why(site, page: Page):
    answer = page.goto(f"{site}/rounds/?start_after=2023-13-45&stauts=held")

    assert answer.status == 400
    main = page.get_by_role("main")
    expect(main).to_contain_text("Enter a day as year-month-day")
    expect(main).to_contain_text("“state”")
    expect(page.locator("[name=start_after]")).to_have_value("2023-13-45")


def test_no_page_is_wider_than_a_small_telephone(site, page: Page):
    page.set_viewport_size({"width": 360, "height": 740})
    wide = []
    for address in ("/", CASE, f"{CASE}matrix/", "/rounds/", ROUND):
        page.goto(site + address)
        width = page.locator("html").evaluate("root => root.scrollWidth")
        if width > 360:
            wide.append((address, width))

    assert wide == []
