"""What the desk is for, done by an editor and by a publisher, mostly by keyboard."""

from datetime import date
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import Browser, Page, expect

from mandates.models import Initiative, Organization
from rounds.models import Outcome, Participation, Round
from tests import factories
from tests.browser.test_desk import sign_in, staff_of
from tests.importing.sheet import rounds

pytestmark = [
    pytest.mark.browser,
    pytest.mark.full,
    pytest.mark.parametrize("group", ["editors", "publishers"]),
]


@pytest.fixture
def staff(site: str, page: Page, group: str) -> Page:
    return sign_in(page, site, staff_of(group))


def draft(group: str, name: str, **fields: Any) -> Round:
    """A draft of the case, one for each group: what browsers write stays for the next test."""
    case = Initiative.objects.public().order_by("pk")[0]
    label = f"{name} of {group}"
    return factories.round(
        public=False,
        initiative=case,
        kind="technical",
        label=label,
        slug=label.lower().replace(" ", "-"),
        start=date(2023, 1, 14),
        end=date(2023, 1, 16),
        **fields,
    )


def place(site: str, row: Any, page: str = "change") -> str:
    meta = row._meta
    return f"{site}/admin/{meta.app_label}/{meta.model_name}/{row.pk}/{page}/"


def saved(page: Page, words: str = "") -> None:
    expect(page.locator(".messagelist .success")).to_contain_text(words)


def press(page: Page, button: str) -> None:
    page.get_by_role("button", name=button, exact=True).first.focus()
    page.keyboard.press("Enter")


def test_the_first_page_leads_to_what_needs_somebody(site, staff, problems):
    staff.goto(f"{site}/admin/")
    main = staff.get_by_role("main")
    for title in ("Embargoes about to lift", "Rounds coming up", "Action items due, yours first"):
        expect(main).to_contain_text(title)

    main.get_by_role("link", name="Chapters long silent").focus()
    staff.keyboard.press("Enter")

    expect(staff).to_have_title("Select chapter to change | TradeInit desk")
    expect(staff.locator("#changelist-filter")).to_contain_text("Chapters long silent")
    assert problems == []


def test_clearing_is_proposed_by_editors_and_done_by_publishers(site, staff, group, problems):
    row = draft(group, "Clearing")
    staff.goto(place(site, row))
    staff.get_by_role("link", name="Clear for publication…").click()
    if group == "editors":
        press(staff, "Show what it would tell")
    expect(staff.get_by_role("main")).to_contain_text("This is what the public is told: 1 record")
    staff.fill("#id_reason", "Ready.")

    if group == "editors":
        press(staff, "Propose to publish")
        saved(staff, "Proposed")
    else:
        staff.check("#id_seen")
        press(staff, "Publish")
        saved(staff, "done, 1 record told")

    assert Round.objects.public().filter(pk=row.pk).exists() == (group == "publishers")
    assert problems == []


def test_a_record_goes_back_to_a_former_version(site, staff, group, problems):
    row = draft(group, "History", summary="As it was.")
    staff.goto(place(site, row))
    staff.fill("#id_summary", "As it is.")
    press(staff, "Save")
    saved(staff)
    staff.goto(f"{place(site, row, 'history')}?a=1&b=2")
    expect(staff.locator("table.compared")).to_contain_text("As it was.")
    expect(staff.locator("ol.versions")).to_contain_text(f"{group}-in-browser")

    staff.get_by_role("link", name="Go back to version 1…").click()
    expect(staff.locator("#id_summary")).to_have_value("As it was.")
    press(staff, "Save")
    saved(staff)

    row.refresh_from_db()
    assert (row.summary, row.version) == ("As it was.", 3)
    assert problems == []


def test_a_stale_form_shows_both_versions(site, staff, group, problems):
    row = draft(group, "Stale")
    staff.goto(place(site, row))
    factories.edit(row, summary="Theirs.")
    staff.fill("#id_summary", "Mine.")
    press(staff, "Save")

    expect(staff.locator("table.conflict")).to_contain_text("Theirs.")
    expect(staff.locator("table.conflict")).to_contain_text("Mine.")
    press(staff, "Save")
    saved(staff)

    row.refresh_from_db()
    assert row.summary == "Mine."
    assert problems == []


def test_the_closing_day_and_the_attendance_are_entered_by_keyboard(site, staff, group, problems):
    row = draft(group, "Closing", state="held")
    chapter = row.initiative.chapters.order_by("order", "pk")[0]
    staff.goto(place(site, row, "closing"))
    staff.focus(f"[name=chapter-{chapter.pk}-result]")
    staff.keyboard.type("progress")
    staff.focus(f"[name=chapter-{chapter.pk}-wording]")
    staff.keyboard.type("Progress was made.")
    press(staff, "Save all")
    saved(staff, "rows saved.")
    outcome = Outcome.objects.get(round=row)
    assert (outcome.result, outcome.wording) == ("progress", "Progress was made.")

    staff.get_by_role("link", name="Attendance").click()
    staff.select_option("#id_party", index=1)
    staff.focus("#id_lines")
    staff.keyboard.insert_text(f"Jane Roe of {group}; Director; Office of Somewhere")
    press(staff, "Compare with the record")
    expect(staff.get_by_label(f"Jane Roe of {group} is", exact=True)).to_have_value("new")
    press(staff, "Enter as drafts")
    saved(staff, "1 entered as drafts.")
    seat = Participation.objects.get(round=row)
    assert (seat.person.name, seat.note) == (f"Jane Roe of {group}", "Office of Somewhere")
    assert problems == []


def test_a_spreadsheet_is_tried_recorded_and_taken_back(site, staff, group, problems):
    case = f"Talks of {group}"
    row = {"initiative": case, "parties": "North; South", "title": "First", "start_date": "2023-10"}
    sheet = rounds(row)
    staff.goto(f"{site}/admin/rounds/import/add/")
    file = {"name": sheet.name, "mimeType": "text/csv", "buffer": sheet.content}
    staff.set_input_files("#id_sheets", [file])
    press(staff, "Try it")
    expect(staff.get_by_role("main")).to_contain_text("new round “First”, October 2023")
    assert not Initiative.objects.filter(title=case).exists()

    press(staff, "Record it, as drafts")
    saved(staff, "Recorded as drafts.")
    assert Initiative.objects.filter(title=case, public_from=None).exists()
    press(staff, "Take the whole import back")
    saved(staff, "Taken back")

    assert not Initiative.objects.filter(title=case).exists()
    assert problems == []


def test_a_body_tells_where_it_is_used_and_is_archived(site, staff, group, problems):
    body = factories.organization(public=False, name=f"Office of {group}", slug=f"office-{group}")
    factories.participation(public=False, round=draft(group, "Used"), organization=body)
    staff.goto(place(site, body))
    staff.get_by_role("link", name="Where used").click()
    expect(staff.get_by_role("main")).to_contain_text("Participations")

    staff.goto(f"{site}/admin/mandates/organization/?q={body.name}")
    staff.locator("input.action-select").first.check()
    staff.select_option("select[name=action]", "archive")
    press(staff, "Go")
    saved(staff, "Archived: 1.")

    expect(staff.get_by_role("main")).to_contain_text("0 organizations")
    assert Organization.objects.filter(pk=body.pk).exists()
    assert problems == []


def test_a_wrong_password_is_refused_and_who_signs_out_is_out(
    site, staff, group, browser: Browser, problems
):
    staff.get_by_role("button", name="Log out").click()
    staff.goto(f"{site}/admin/")
    staff.fill("#id_username", staff_of(group))
    staff.fill("#id_password", "not the password")
    staff.keyboard.press("Enter")
    expect(staff.get_by_role("alert")).to_be_visible()

    staff.fill("#id_password", factories.PASSWORD)
    staff.keyboard.press("Enter")

    expect(staff.locator("#user-tools")).to_contain_text(f"{group}-in-browser")
    assert get_user_model().objects.get(username=staff_of(group)).is_superuser is False
    assert problems == []
