"""What the pages of the whole record say in words, today and by their clocks."""

from datetime import UTC, date, datetime

import pytest
from django.test import Client

from rounds.models import Undertaking
from rounds.views import agenda
from tests import factories
from tests.surfaces.asking import one_line

pytestmark = pytest.mark.django_db


def text(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return one_line(response.content.decode())


def test_a_page_of_another_day_says_so_and_leads_back_to_today(client: Client) -> None:
    case = factories.initiative(slug="case")

    page = text(client, f"{case.get_absolute_url()}?on=2023-02-01&known=2023-02-02")

    assert 'As it was on <time datetime="2023-02-01">1 February 2023</time>.' in page
    assert 'As known by <time datetime="2023-02-02">2 February 2023</time>.' in page
    assert '<a href="/initiatives/case/">Back to today</a>' in page
    assert "Back to today" not in text(client, case.get_absolute_url())


def test_links_that_remove_a_filter_keep_the_clocks(client: Client) -> None:
    page = text(client, "/documents/?withheld=true&on=2023-02-01")

    assert 'href="/documents/?on=2023-02-01"><span class="visually-hidden">Remove' in page
    assert '<a href="/documents/?withheld=true">Back to today</a>' in page


def test_a_chapter_is_said_to_be_added_later_only_where_it_begins_on_a_day(client: Client) -> None:
    case = factories.initiative(slug="case")
    factories.chapter(initiative=case, slug="late", from_day=date(2023, 1, 17))
    factories.chapter(initiative=case, slug="under-none")

    assert text(client, "/initiatives/case/").count("added later, under no mandate") == 1
    assert "Under no mandate of its own: added later" in text(client, "/chapters/late/")
    assert "added later" not in text(client, "/chapters/under-none/")


def test_changes_name_no_record_that_was_taken_back(client: Client) -> None:
    factories.withdraw(factories.round(label="Secret talks"), reason="It was never held.")
    factories.round(label="Open talks")

    page = text(client, "/changes/")

    assert "Secret talks" not in page
    assert "It was never held." in page
    assert "Open talks" in page


def test_an_undertaking_is_late_once_its_whole_period_has_passed() -> None:
    promised = Undertaking(expected_from=date(2023, 2, 1), precision="month")

    assert promised.state_on(date(2023, 2, 28)) == Undertaking.State.OPEN
    assert promised.state_on(date(2023, 3, 1)) == Undertaking.State.LATE


def test_an_undertaking_is_met_from_the_day_of_the_meeting_that_met_it() -> None:
    promised = Undertaking(expected_from=date(2023, 1, 1), precision="month")
    promised.met_by = factories.round(start=date(2023, 1, 14))

    assert promised.state_on(date(2023, 1, 13)) == Undertaking.State.OPEN
    assert promised.state_on(date(2023, 1, 14)) == Undertaking.State.MET


def test_an_agenda_counts_its_days_in_the_zone_of_the_place() -> None:
    late = datetime(2023, 1, 14, 17, tzinfo=UTC)
    sessions = [
        factories.session(title="Early", timezone="Asia/Taipei", starts=late),
        factories.session(title="Unknown"),
    ]

    days = agenda(sessions)

    assert [(group.day, group.zone) for group in days] == [
        (date(2023, 1, 15), "Asia/Taipei"),
        (None, ""),
    ]
    assert sessions[0].times_in_words == "from 01:00"


def test_the_map_of_the_site_leads_to_every_public_page_and_to_no_other(client: Client) -> None:
    factories.initiative(slug="open")
    factories.initiative(slug="draft", public=False)

    index = client.get("/sitemap.xml").content.decode()
    found = client.get("/sitemap-initiatives-1.xml").content.decode()

    assert "/sitemap-initiatives-1.xml</loc>" in index
    assert "/initiatives/open/</loc>" in found
    assert "draft" not in found
    assert client.get("/sitemap-initiatives-2.xml").status_code == 404
