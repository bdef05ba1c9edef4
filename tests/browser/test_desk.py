"""Editors and publishers at the desk, in a browser."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from playwright.sync_api import Browser, Page, expect

from mandates.models import Initiative
from rounds.models import Round
from tests import factories

pytestmark = pytest.mark.browser


def staff_of(group: str) -> str:
    name = f"{group}-in-browser"
    User = get_user_model()
    if not User.objects.filter(username=name).exists():
        user = factories.user(username=name, password=factories.PASSWORD, is_staff=True)
        user.groups.add(Group.objects.get_or_create(name=group)[0])
    return name


def sign_in(page: Page, site: str, name: str) -> Page:
    page.goto(f"{site}/admin/")
    page.fill("#id_username", name)
    page.fill("#id_password", factories.PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("#user-tools")
    return page


def as_one_of(group: str, site: str, browser: Browser) -> Page:
    return sign_in(browser.new_context().new_page(), site, staff_of(group))


def draft(**fields: Any) -> Round:
    case = Initiative.objects.public().order_by("pk")[0]
    return factories.round(public=False, initiative=case, kind="technical", **fields)


def address(site: str, row: Any) -> str:
    return f"{site}/admin/rounds/round/{row.pk}/change/"


def test_an_editor_proposes_and_a_publisher_looks_at_the_page_and_publishes(
    site, browser, problems, page
):
    row = draft(label="Talks on duck soup", slug="talks-on-duck-soup")
    editor = as_one_of("editors", site, browser)
    editor.goto(address(site, row))
    editor.get_by_role("link", name="Clear for publication…").click()
    editor.fill("#id_reason", "Ready.")
    editor.get_by_role("button", name="Propose to publish").click()
    expect(editor.locator(".messagelist .success")).to_contain_text("Proposed")

    publisher = sign_in(page, site, staff_of("publishers"))
    publisher.goto(f"{site}/admin/")
    publisher.get_by_role("link", name="clear: Talks on duck soup").click()
    expect(publisher.get_by_role("main")).to_contain_text("What the public reads")
    with publisher.context.expect_page() as opened:
        publisher.get_by_role("button", name="Preview", exact=True).click()
    expect(opened.value.get_by_role("main")).to_contain_text("Talks on duck soup")
    expect(opened.value.get_by_role("main")).to_contain_text("A preview for staff")
    publisher.check("#id_seen")
    publisher.get_by_role("button", name="Publish", exact=True).click()
    expect(publisher.locator(".messagelist .success")).to_be_visible()

    reader = browser.new_context().new_page()
    assert reader.goto(f"{site}/rounds/talks-on-duck-soup/").status == 200
    assert problems == []


def test_a_stale_form_is_merged_by_keyboard_alone(site, clerk: Page, problems):
    page = clerk
    row = draft(label="Begun with", slug="begun-with", summary="Begun.")
    page.goto(address(site, row))
    other = page.context.new_page()
    other.goto(address(site, row))
    other.fill("#id_label", "Theirs")
    other.fill("#id_summary", "Theirs.")
    other.locator("input[name=_save]").first.click()
    expect(other.locator(".messagelist .success")).to_be_visible()

    page.fill("#id_label", "Mine")
    page.focus("#id_label")
    page.keyboard.press("Enter")
    expect(page.locator("table.conflict")).to_contain_text("changed on both sides")
    page.focus("input[name=merge-label][value=mine]")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("input[name=merge-label][value=stored]")).to_be_checked()
    page.focus("#id_label")
    page.keyboard.press("Enter")

    expect(page.locator(".messagelist .success")).to_be_visible()
    row.refresh_from_db()
    assert (row.label, row.summary) == ("Theirs", "Theirs.")
    assert problems == []


def test_leaving_a_changed_form_asks_first_and_an_unchanged_one_does_not(site, clerk: Page):
    page = clerk
    row = draft(label="Unsaved", slug="unsaved")
    asked: list[str] = []

    def answer(dialog: Any) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", answer)
    page.goto(address(site, row))
    page.goto(f"{site}/admin/")
    assert asked == []
    page.goto(address(site, row))
    page.locator("#id_label").press_sequentially(" and more")
    page.goto(f"{site}/admin/")
    assert asked == ["beforeunload"]


def test_a_form_sent_after_the_session_ended_comes_back_filled(site, clerk: Page, problems):
    page = clerk
    row = draft(label="Before", slug="sent-too-late")
    page.goto(address(site, row))
    page.fill("#id_label", "Typed for an hour")
    page.context.clear_cookies()
    page.locator("input[name=_save]").first.click()

    page.fill("#id_username", "staff")
    page.fill("#id_password", factories.PASSWORD)
    page.keyboard.press("Enter")

    expect(page.locator("#id_label")).to_have_value("Typed for an hour")
    page.locator("input[name=_save]").first.click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    row.refresh_from_db()
    assert row.label == "Typed for an hour"


def test_a_wrong_publication_is_withdrawn_in_two_steps_and_its_history_says_so(
    site, clerk: Page, problems
):
    page = clerk
    row = draft(label="Wrong", slug="wrong-publication")
    page.goto(address(site, row))
    page.get_by_role("link", name="Clear for publication…").click()
    page.check("#id_seen")
    page.get_by_role("button", name="Publish", exact=True).click()
    page.get_by_role("link", name="Withdraw…").click()
    page.fill("#id_reason", "Published by mistake.")
    page.get_by_role("button", name="Withdraw", exact=True).click()
    expect(page.locator(".messagelist .success")).to_be_visible()

    page.goto(address(site, row).replace("/change/", "/history/"))
    expect(page.get_by_role("main")).to_contain_text("Published by mistake.")
    reader = page.context.browser.new_context().new_page()
    assert reader.goto(f"{site}/rounds/wrong-publication/").status == 410
    assert problems == []
