"""What the pages of the whole record say in words, today and by their clocks."""

import itertools
import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.conf import settings as site
from django.db.models import TextChoices
from django.test import Client

from rounds.glossary import VOCABULARIES
from rounds.models import ActionItem, Round, Undertaking
from rounds.views import agenda
from tests import factories
from tests.surfaces.asking import one_line
from tradeinit import clock
from tradeinit.publication.models import Action

pytestmark = pytest.mark.django_db

BASE = site.PUBLIC_BASE_URL
NEVER_SHOWN = {Round.State.PLANNED, Action.REISSUED}
ANCHORS = [term.anchor for vocabulary in VOCABULARIES for term in vocabulary]


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
    with clock.at(datetime(2023, 1, 4, 17, tzinfo=UTC)):
        factories.initiative(slug="open")
    factories.initiative(slug="draft", public=False)

    index = client.get("/sitemap.xml").content.decode()
    found = client.get("/sitemap-initiatives-1.xml").content.decode()

    assert "/sitemap-initiatives-1.xml</loc>" in index
    alternates = "".join(
        f'<xhtml:link rel="alternate" hreflang="{language}" href="{BASE}{path}"/>'
        for language, path in (
            ("en", "/initiatives/open/"),
            ("zh-Hant", "/zh-hant/initiatives/open/"),
            ("x-default", "/initiatives/open/"),
        )
    )
    assert [line for line in found.splitlines() if line.startswith("<url>")] == [
        f"<url><loc>{BASE}{path}</loc><lastmod>2023-01-04T17:00:00Z</lastmod>{alternates}</url>"
        for path in ("/initiatives/open/", "/zh-hant/initiatives/open/")
    ]
    assert "draft" not in found
    assert client.get("/sitemap-initiatives-2.xml").status_code == 404


def test_the_map_of_the_site_has_every_page_to_which_all_pages_lead(client: Client) -> None:
    home = client.get("/").content.decode()
    led_to = set(re.findall(r'<a href="(/[a-z]+/)"', home)) - {"/search/", "/admin/"}

    found = client.get("/sitemap-pages.xml").content.decode()

    mapped = set(re.findall(rf"<loc>{BASE}(/.*?)</loc>", found))
    assert led_to | {"/", "/about/", "/glossary/"} <= mapped
    assert {client.get(address).status_code for address in mapped} == {200}


def test_the_page_about_the_record_says_its_terms_and_when_it_last_changed(
    client: Client, settings: Any
) -> None:
    settings.CONTACT = "record@example.org"
    settings.LICENCE = "CC-BY-4.0"
    with clock.at(datetime(2023, 1, 4, 17, tzinfo=UTC)):
        factories.initiative()

    page = text(client, "/about/")

    assert 'last changed on <time datetime="2023-01-04">4 January 2023</time>' in page
    assert 'href="https://spdx.org/licenses/CC-BY-4.0.html"' in page
    assert 'href="mailto:record@example.org"' in page
    assert 'id="privacy"' in page


def test_every_word_that_the_public_reads_is_in_the_glossary(client: Client) -> None:
    page = text(client, "/glossary/")

    for vocabulary in VOCABULARIES:
        assert set(vocabulary.choices) - set(vocabulary.meanings) <= NEVER_SHOWN
    explained = {vocabulary.choices for vocabulary in VOCABULARIES}
    of_apps = {
        one
        for one in TextChoices.__subclasses__()
        if one.__module__.startswith(("mandates.", "rounds."))
    }
    assert of_apps - explained == {ActionItem.State}
    assert [name for name in ANCHORS if page.count(f'id="{name}"') != 1] == []


def test_a_badge_leads_to_what_its_word_means(client: Client) -> None:
    met = factories.round(state="held", mode="in_person")

    page = text(client, met.get_absolute_url())

    assert 'href="/glossary/#round-state-held"' in page
    assert 'href="/glossary/#mode-in_person"' in page


def test_what_is_shown_where_a_page_is_linked(client: Client) -> None:
    case = factories.initiative(slug="case", title="Trade Initiative")

    page, version = (
        text(client, address)
        for address in ("/initiatives/case/", f"/initiatives/{case.slug}/versions/1/")
    )

    assert 'property="og:description"' in page
    assert '<meta property="og:type" content="article">' in page
    assert '<meta property="og:type" content="website">' in version


@pytest.mark.parametrize("address", ["/nothing/", "/rounds/?stauts=held"])
def test_an_error_is_not_to_be_indexed(client: Client, address: str) -> None:
    assert '<meta name="robots" content="noindex">' in client.get(address).content.decode()


def test_a_search_is_indexed_as_the_page_of_the_search(client: Client) -> None:
    page = client.get("/search/?q=trade").content.decode()

    assert f'<link rel="canonical" href="{BASE}/search/">' in page
    assert "noindex" not in page


def test_a_long_case_shows_its_latest_meetings_and_folds_its_early_years(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mandates.timeline.OPEN_ENTRIES", 10)
    case = factories.initiative(slug="case")
    for year, month in itertools.product((2022, 2023), range(1, 8)):
        factories.round(initiative=case, start=date(year, month, 1), slug=f"met-{year}-{month}")

    page = text(client, "/initiatives/case/")

    assert "The latest 12 of 14." in page
    years = re.findall(r'<details class="timeline-year"( open)? ?> <summary> <h3>(\d+)</h3>', page)
    assert years == [("", "2022"), (" open", "2023")]
    assert "Entries: 7" in page
