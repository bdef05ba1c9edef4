"""Every type of page on a small telephone without JavaScript, in both languages."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from tradeinit.publication import registry
from tradeinit.publication.models import Addressed
from tradeinit.urls import PLAIN_PAGES

pytestmark = pytest.mark.browser

CASE = "/initiatives/us-taiwan-21st-century-trade/"
ROUND = "/rounds/us-taiwan-2023-01-taipei/"
BELOW = (
    f"{CASE}matrix/",
    f"{CASE}?on=2023-02-01&known=2023-03-01",
    f"{CASE}changes/",
    f"{ROUND}versions/",
    f"{ROUND}versions/1/",
    "/rounds/?city=Nowhere",
    "/search/",
    "/search/?q=digital",
)
LANGUAGES = ("", "/zh-hant")
# What is wrong with a page, as far as the browser can tell.
FAULTS = """root => {
    const all = selector => [...root.querySelectorAll(selector)];
    const known = new Set(all("[id]").map(one => one.id));
    return [
        ...(root.scrollWidth > 390 ? [`${root.scrollWidth} wide`] : []),
        ...(root.querySelectorAll("h1").length === 1 ? [] : ["not one h1"]),
        ...all("a[href^='#']").map(one => decodeURIComponent(one.hash.slice(1)))
            .filter(name => !known.has(name)),
        ...all("form").filter(one => !one.querySelector("button")).map(one => one.outerHTML),
    ];
}"""


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    telephone = {"width": 390, "height": 844}
    return {**browser_context_args, "java_script_enabled": False, "viewport": telephone}


def records() -> Iterator[str]:
    for model in registry.models():
        if issubclass(model, Addressed):
            yield model.objects.public().order_by("pk")[0].get_absolute_url()


@pytest.mark.parametrize("language", LANGUAGES, ids=["in English", "in Chinese"])
def test_every_page_fits_and_leads_on(
    site: str, page: Page, problems: list[str], language: str
) -> None:
    faults = {}
    for path in [*map(reverse, PLAIN_PAGES), *records(), ROUND, *BELOW]:
        answer = page.goto(f"{site}{language}{path}")
        assert answer and answer.status == 200, path
        found = page.locator("html").evaluate(FAULTS)
        if found:
            faults[path] = found

    assert faults == {}
    assert problems == []


def test_every_filter_of_every_list_is_sent_and_taken_away(
    site: str, page: Page, problems: list[str]
) -> None:
    for path in (reverse(name) for name in PLAIN_PAGES if name.endswith("-list")):
        page.goto(f"{site}{path}")
        page.locator("details.filters > summary").click()
        ticked = {}
        for facet in page.locator("details.facet").all():
            box = facet.locator("input").first
            if not box.is_visible():
                facet.locator("summary").click()
            box.check()
            ticked[box.get_attribute("name")] = [box.get_attribute("value")]

        page.locator(".filters button[type=submit]").click()

        # Waits for the page of the answer; the address is there before its text.
        expect(page.locator(".chips a:not(.clear-all)"), path).to_have_count(len(ticked))
        assert parse_qs(urlsplit(page.url).query) == ticked, path

    page.locator(".chips .clear-all").click()

    expect(page).to_have_url(f"{site}{path}")
    assert problems == []
