"""Editors and publishers at the desk, in a browser."""

from pathlib import Path
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


def walk(page: Page, name: str, role: Any = "button") -> None:
    """To a control, with the Tab key alone."""
    wanted = page.get_by_role(role, name=name, exact=True).first
    expect(wanted).to_be_visible()
    for _ in range(200):
        page.keyboard.press("Tab")
        if wanted.evaluate("control => control === document.activeElement"):
            return
    raise AssertionError(f"not reached: {name}")


@pytest.mark.full
def test_a_round_is_saved_cleared_and_withdrawn_by_keyboard_alone(site, page: Page, problems):
    row = draft(label="Talks by keyboard", slug="talks-by-keyboard")
    sign_in(page, site, staff_of("publishers"))
    page.goto(address(site, row))
    walk(page, "Summary:", "textbox")
    page.keyboard.type("Entered by keyboard.")
    walk(page, "Save and continue editing")
    page.keyboard.press("Enter")
    expect(page.locator(".messagelist .success")).to_contain_text("was changed")

    walk(page, "Clear for publication…", "link")
    page.keyboard.press("Enter")
    walk(page, "I have seen this; go on all the same.", "checkbox")
    page.keyboard.press("Space")
    walk(page, "Publish")
    page.keyboard.press("Enter")
    expect(page.locator(".messagelist .success")).to_contain_text("done, 1 record told")
    assert Round.objects.public().filter(pk=row.pk, summary="Entered by keyboard.").exists()

    walk(page, "Withdraw…", "link")
    page.keyboard.press("Enter")
    walk(page, "Reason, which the public reads:", "textbox")
    page.keyboard.type("A test.")
    walk(page, "Withdraw")
    page.keyboard.press("Enter")
    expect(page.locator(".messagelist .success")).to_contain_text("Withdraw: done")
    row.refresh_from_db()
    assert row.withdrawal_reason == "A test."
    assert problems == []


@pytest.mark.full
def test_a_case_goes_out_as_a_sheet_and_comes_back_by_keyboard_alone(site, page: Page, problems):
    case = factories.initiative(public=False, title="Talks in a sheet", slug="talks-in-a-sheet")
    met = factories.round(public=False, initiative=case, label="First", slug="first-in-a-sheet")
    sign_in(page, site, staff_of("publishers"))
    page.goto(f"{site}/admin/mandates/initiative/{case.pk}/change/")
    walk(page, "Rounds and chapters as sheets", "link")
    page.keyboard.press("Enter")
    walk(page, "The rounds (.csv)", "link")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    sheet = Path(download.value.path()).read_text("utf-8-sig")
    walk(page, "import the file again", "link")
    page.keyboard.press("Enter")

    walk(page, "Files:")
    # What opens from here is a dialog of the system, which no page sees.
    changed = sheet.replace(",First,", ",The first,").encode()
    page.set_input_files(
        "#id_sheets", [{"name": "rounds.csv", "mimeType": "text/csv", "buffer": changed}]
    )
    walk(page, "Try it")
    page.keyboard.press("Enter")
    expect(page.locator("#diff ~ table tbody tr")).to_have_count(1)
    expect(page.locator("#diff ~ table tbody tr")).to_contain_text("label: First → The first.")
    walk(page, "Record it, as drafts")
    page.keyboard.press("Enter")
    expect(page.locator(".messagelist .success")).to_contain_text("Recorded as drafts.")
    met.refresh_from_db()
    assert met.label == "The first"

    walk(page, "Take the whole import back")
    page.keyboard.press("Enter")
    expect(page.locator(".messagelist .success")).to_contain_text("Taken back")
    met.refresh_from_db()
    assert met.label == "First"
    assert problems == []
