"""From a pasted release to saved drafts, without the mouse."""

import re
from time import monotonic

import pytest
from playwright.sync_api import Page, expect

from mandates.models import Document
from rounds.models import Round
from tests.rounds.intake import scoring

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

RELEASE = next(one for one in scoring.RELEASES if one.stem == "us_taiwan_taipei_announced")


def test_a_clerk_takes_in_a_release_by_keyboard_in_under_a_minute(site, clerk: Page, problems):
    page, text = clerk, RELEASE.read_text(encoding="utf-8")
    known = set(Round.objects.values_list("pk", flat=True))
    documents = set(Document.objects.values_list("pk", flat=True))
    page.goto(f"{site}/admin/rounds/round/intake/")
    begun = monotonic()

    expect(page.locator("#id_text")).to_be_focused()
    page.keyboard.insert_text(text)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    # The first entry is in hand, and its words are lit.
    expect(page.locator(".intake-words a.lit").first).to_be_visible()
    lit = "".join(page.locator(".intake-words a.lit").all_text_contents())
    assert lit == (
        "United States and Taiwan to Hold Negotiating Round for the U.S.-Taiwan "
        "Initiative on 21st-Century Trade"
    )
    expect(page.locator(".intake-twins")).to_contain_text("This round exists")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowUp")

    # The sample has this round already: the clerk says that it is another one.
    while page.evaluate("document.activeElement.name") != "twin":
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Control+Enter")

    expect(page.locator(".messagelist .success")).to_contain_text("Nothing of it is public.")
    assert monotonic() - begun < 60
    met = Round.objects.exclude(pk__in=known).get()
    assert met.public_from is None
    assert [str(met.start), str(met.end)] == ["2023-01-14", "2023-01-17"]
    document = Document.objects.exclude(pk__in=documents).get()
    locators = [one.locator for one in met.citations.filter(document=document)]
    assert len(locators) > 5
    for locator in locators:
        words = re.search("“(.*?)…?”$", locator)
        assert words and words[1] in " ".join(text.split())
    assert problems == []


def test_without_scripts_the_words_and_the_entries_lead_to_each_other(site, clerk: Page, browser):
    state = clerk.context.storage_state()
    page = browser.new_context(java_script_enabled=False, storage_state=state).new_page()
    page.goto(f"{site}/admin/rounds/round/intake/")
    page.fill("#id_text", RELEASE.read_text(encoding="utf-8"))
    page.get_by_role("button", name="Read it").click()

    page.locator(".intake-words a", has_text="January 14-17, 2023").first.click()
    expect(page).to_have_url(re.compile("#f"))
    entry = page.url.split("#")[1]
    expect(page.locator(f"#{entry}")).to_contain_text("January 14-17, 2023")
    page.locator(f"#{entry} a").click()
    expect(page).to_have_url(re.compile(f"#w{entry.removeprefix('f')}$"))

    page.get_by_role("button", name="Save as drafts").click()
    expect(page.locator(".messagelist .success")).to_contain_text("draft")
