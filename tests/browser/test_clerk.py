"""A clerk enters a case by hand, from nothing, and publishes it."""

import pytest
from playwright.sync_api import Page, expect

from mandates.models import Initiative
from rounds.models import Round

pytestmark = pytest.mark.browser


def choose(page: Page, field: str, words: str) -> None:
    """Pick from an autocomplete by typing."""
    page.locator(f"#id_{field} + .select2").click()
    page.locator(".select2-search__field").last.fill(words)
    page.locator(".select2-results__option", has_text=words).first.click()


def write(page: Page, field: str, words: str) -> None:
    """Key by key, as the desk's own scripts expect it."""
    page.locator(f"#id_{field}").press_sequentially(words)


def save(page: Page) -> None:
    page.locator("input[name=_save]").first.click()
    expect(page.locator(".messagelist .success, .messagelist .error")).to_be_visible()


def test_a_clerk_enters_a_case_and_publishes_it(site, clerk: Page, problems):
    page = clerk
    page.goto(f"{site}/admin/mandates/party/add/")
    write(page, "name", "Freedonia")
    expect(page.locator("#id_slug")).to_have_value("freedonia")
    save(page)

    page.goto(f"{site}/admin/mandates/initiative/add/")
    write(page, "title", "Freedonia talks")
    page.select_option("#id_kind", "bilateral")
    page.get_by_role("button", name="Add another Party to an initiative").click()
    choose(page, "initiative_parties-0-party", "Freedonia")
    page.get_by_role("button", name="Add another Chapter").click()
    write(page, "chapters-0-name", "Trade in duck soup")
    expect(page.locator("#id_chapters-0-slug")).to_have_value("trade-in-duck-soup")
    save(page)

    page.goto(f"{site}/admin/rounds/round/add/")
    choose(page, "initiative", "Freedonia talks")
    write(page, "label", "First Freedonia round")
    page.select_option("#id_kind", "full_round")
    page.select_option("#id_state", "held")
    page.fill("#id_start", "2026-05-04")
    page.fill("#id_end", "2026-05-06")
    page.get_by_role("button", name="Add another Venue").click()
    page.fill("#id_venues-0-city", "Fredville")
    page.get_by_role("button", name="Add another Participation").click()
    choose(page, "participations-0-initiative_party", "Freedonia")
    page.select_option("#id_participations-0-role", "agency")
    page.fill("#id_participations-0-note", "several agencies")
    save(page)

    assert page.goto(f"{site}/rounds/first-freedonia-round/").status == 404

    for model, title in (("party", "Freedonia"), ("initiative", "Freedonia talks")):
        page.goto(f"{site}/admin/mandates/{model}/?q={title}")
        page.locator("input.action-select").first.check()
        page.select_option("select[name=action]", "publish")
        page.get_by_role("button", name="Go", exact=True).first.click()
        publish = page.get_by_role("button", name="Publish", exact=True)
        expect(publish).to_be_visible()
        if page.locator("#id_seen").count():
            page.check("#id_seen")
        publish.click()
        expect(page.locator(".messagelist .success")).to_be_visible()

    reader = page.context.browser.new_context().new_page()
    answer = reader.goto(f"{site}/rounds/first-freedonia-round/")
    assert answer.status == 200
    for words in ("4–6 May 2026", "Fredville", "several agencies"):
        expect(reader.get_by_role("main")).to_contain_text(words)
    assert [one for one in problems if "404" not in one] == []
    assert Initiative.objects.public().filter(slug="freedonia-talks").count() == 1


def test_a_clerk_who_saves_an_older_version_sees_both(site, clerk: Page):
    page = clerk
    row = Round.objects.get(slug="us-taiwan-2022-11-new-york")
    address = f"{site}/admin/rounds/round/{row.pk}/change/"
    page.goto(address)
    other = page.context.new_page()
    other.goto(address)
    other.fill("#id_label", "Theirs")
    other.fill("#id_change_reason", "A better name.")
    save(other)

    page.fill("#id_label", "Mine")
    page.fill("#id_change_reason", "Mine is better.")
    page.locator("input[name=_save]").first.click()

    table = page.locator("table.conflict")
    expect(table).to_contain_text("Theirs")
    expect(table).to_contain_text("Mine")
    expect(page.locator("#id_label")).to_have_value("Mine")
    assert Round.objects.get(pk=row.pk).label == "Theirs"
