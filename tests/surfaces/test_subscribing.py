"""What programs subscribe to: calendars and feeds of the questions that the pages answer."""

import re
from xml.etree import ElementTree as ET

import icalendar
import pytest
from django.test import Client

from tests import factories
from tests.surfaces.asking import PAGED, body
from tests.surfaces.cast import Cast
from tests.surfaces.test_calendars import events
from tests.surfaces.test_feeds import ATOM, entries, links, read, texts

pytestmark = pytest.mark.django_db

ROUNDS = ["/rounds.ics", "/rounds/?format=ics", "/zh-hant/rounds.ics", "/api/v1/rounds.ics"]
SESSIONS = ["/api/v1/sessions.ics", "/api/v1/sessions/?format=ics"]
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


def test_every_address_of_a_calendar_gives_the_same_bytes(client: Client, cast: Cast) -> None:
    for addresses, one in ((ROUNDS, "alpha round"), (SESSIONS, "alpha session")):
        answers = [client.get(address) for address in addresses]
        told = {body(answer) for answer in answers}
        assert len(told) == 1
        assert str(cast[one].uid) in events(told.pop())
        assert {answer["Content-Type"] for answer in answers} == {"text/calendar; charset=utf-8"}


def test_a_calendar_holds_the_rows_of_its_question(client: Client, cast: Cast) -> None:
    def told(address: str) -> dict[str, icalendar.Event]:
        return events(body(client.get(address)))

    assert list(told("/rounds.ics?city=taipei")) == [str(cast["alpha round"].uid)]
    assert list(told("/api/v1/sessions.ics?initiative=beta-initiative")) == [
        str(cast["beta session"].uid)
    ]


def test_bytes_stay_until_something_is_told(client: Client, cast: Cast) -> None:
    first = client.get("/rounds.ics")
    case = cast["alpha initiative"]
    factories.round(initiative=case, public=False, state="planned")

    later = client.get("/rounds.ics")
    same = client.get("/rounds.ics", headers={"If-None-Match": first["ETag"]})

    assert body(later) == body(first)
    assert (same.status_code, body(same)) == (304, b"")


def test_a_page_offers_to_subscribe_to_its_question(client: Client, cast: Cast) -> None:
    page = client.get("/rounds/?city=taipei").content.decode()

    assert 'href="webcal://127.0.0.1:8000/rounds.ics?city=taipei"' in page
    assert "webcal:" not in client.get("/parties/").content.decode()


@pytest.mark.parametrize("resource", PAGED)
def test_every_list_with_a_page_is_a_feed_of_its_rows(
    client: Client, cast: Cast, resource: str
) -> None:
    uids = {row["uid"] for row in client.get(f"/api/v1/{resource}/").json()["results"]}

    addresses = (f"/{resource}.atom", f"/{resource}/?format=atom", f"/api/v1/{resource}.atom")
    answers = [read(client.get(address)) for address in addresses]

    feed = answers[0]
    assert {ET.tostring(answer) for answer in answers} == {ET.tostring(feed)}
    assert {id_.removeprefix("urn:uuid:") for id_ in texts(feed, "id")} == uids
    assert len(entries(feed)) == len(uids)
    assert links(feed) == {"self": f"/api/v1/{resource}.atom", "alternate": f"/{resource}/"}
    stamps = texts(feed, "updated")
    assert all(map(INSTANT.fullmatch, stamps))
    assert stamps == sorted(stamps, reverse=True)
    assert feed.findtext(f"{ATOM}updated") == stamps[0]
    for entry in entries(feed):
        page = links(entry)["alternate"].partition("#")[0]
        assert client.get(page).status_code == 200
        assert entry.findtext(f"{ATOM}title")


def test_a_feed_answers_the_question_of_its_page(client: Client, cast: Cast) -> None:
    feed = read(client.get("/rounds.atom?city=taipei"))

    assert texts(feed, "title") == [str(cast["alpha round"])]
    assert feed.findtext(f"{ATOM}title") == "TradeInit: Rounds (city: taipei)"
    assert links(feed)["alternate"] == "/rounds/?city=taipei"
