"""Calendars: what a program that subscribed to one is told, read back with two readers."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject
from django.test import Client

from rounds.models import Round, Session
from tests import factories
from tests.surfaces.asking import body
from tests.surfaces.cast import NOW
from tradeinit.calendars import zone_of

pytestmark = pytest.mark.django_db


def events(text: bytes) -> dict[str, icalendar.Event]:
    (calendar,) = icalendar.Calendar.from_ical(text, multiple=True)
    assert calendar.errors == []
    found = calendar.walk("VEVENT")
    assert [event.errors for event in found] == [[] for _ in found]
    by_uid = {str(event["UID"]): event for event in found}
    assert len(by_uid) == len(found), "an event stands twice"
    return by_uid


def read_again(text: bytes) -> dict[str, tuple[Any, Any]]:
    """By another reader, which works out instants from the time zones that the text tells."""
    calendar = vobject.readOne(text.decode())
    return {
        event.uid.value: (event.dtstart.value, event.dtend.value)
        for event in calendar.contents.get("vevent", [])
    }


@pytest.fixture
def subscribed(client: Client) -> Callable[..., dict[str, icalendar.Event]]:
    return lambda address="/rounds.ics": events(body(client.get(address)))


def test_its_lines_are_short_and_end_as_the_standard_says(client: Client) -> None:
    factories.round(slug="long", label="多" * 60, summary="a; b, c\\ \n" * 20)

    text = body(client.get("/rounds.ics"))

    assert text.count(b"\n") == text.count(b"\r\n")
    assert max(map(len, text.split(b"\r\n"))) <= 75


def test_a_meeting_is_whole_days_and_its_end_is_the_day_after(
    client: Client, subscribed: Any
) -> None:
    case = factories.initiative(title="A case", short_title="Case")
    met = factories.round(
        initiative=case,
        label="Second round",
        venues=["Taipei"],
        state="confirmed",
        summary="Words.",
    )

    event = subscribed()[str(met.uid)]

    assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (
        date(2023, 1, 14),
        date(2023, 1, 18),
    )
    assert read_again(body(client.get("/rounds.ics")))[str(met.uid)] == (
        date(2023, 1, 14),
        date(2023, 1, 18),
    )
    assert {
        name: str(event[name]) for name in ("SUMMARY", "LOCATION", "STATUS", "TRANSP", "URL")
    } == {
        "SUMMARY": "Case: Second round",
        "LOCATION": "Taipei",
        "STATUS": "CONFIRMED",
        "TRANSP": "TRANSPARENT",
        "URL": f"http://127.0.0.1:8000/rounds/{met.slug}/",
    }
    assert str(event["DESCRIPTION"]) == (
        f"Case: confirmed\n14–17 January 2023\nWords.\nhttp://127.0.0.1:8000/rounds/{met.slug}/"
    )


@pytest.mark.parametrize(
    ("dates", "ends", "title"),
    [
        ({"start": date(2023, 1, 14)}, date(2023, 1, 15), "Case: Talks"),
        (
            {"start": date(2023, 1, 16), "precision": "week"},
            date(2023, 1, 23),
            "week of 16",
        ),
        ({"start": date(2023, 12, 1), "precision": "month"}, date(2024, 1, 1), "December 2023"),
        ({"start": date(2023, 10, 1), "precision": "quarter"}, date(2024, 1, 1), "fourth"),
        ({"start": date(2023, 1, 1), "precision": "year"}, date(2024, 1, 1), "2023"),
    ],
)
def test_an_imprecise_date_covers_its_period_and_is_tentative(
    subscribed: Any, dates: dict[str, Any], ends: date, title: str
) -> None:
    case = factories.initiative(title="A case", short_title="Case")
    met = factories.round(initiative=case, label="Talks", state="confirmed", **dates)

    event = subscribed()[str(met.uid)]

    assert event.decoded("DTSTART") == dates["start"]
    assert event.decoded("DTEND") == ends
    assert title in str(event["SUMMARY"])
    assert str(event["STATUS"]) == ("TENTATIVE" if "precision" in dates else "CONFIRMED")


def test_a_meeting_without_any_day_is_in_the_list_and_not_in_the_calendar(
    client: Client, subscribed: Any
) -> None:
    met = factories.round(start=None, slug="some-day", wording="some day")

    assert str(met.uid) in client.get("/api/v1/rounds/").content.decode()
    assert subscribed() == {}


def test_a_sitting_is_told_in_the_time_of_its_place(client: Client, subscribed: Any) -> None:
    new_york = ZoneInfo("America/New_York")
    met = factories.round(venues=["New York"])
    # The clocks are put back in the night between.
    starts = [datetime(2023, 11, day, 14, tzinfo=new_york) for day in (3, 6)]
    sittings = [
        factories.session(
            round=met, starts=at, ends=at + timedelta(hours=2), timezone="America/New_York"
        )
        for at in starts
    ]

    text = body(client.get("/api/v1/sessions.ics"))
    first, again = events(text), read_again(text)

    assert b"DTSTART;TZID=America/New_York:20231106T140000" in text
    assert text.index(b"TZID:America/New_York") < text.index(b"DTSTART;TZID")
    for sitting, at in zip(sittings, starts, strict=True):
        told = first[str(sitting.uid)].decoded("DTSTART")
        told_again, ends_again = again[str(sitting.uid)]
        assert told.astimezone(UTC) == told_again.astimezone(UTC) == at.astimezone(UTC)
        assert ends_again - told_again == timedelta(hours=2)


@pytest.mark.parametrize(
    "name",
    ["Asia/Taipei", "America/New_York", "Europe/London", "Australia/Sydney", "Africa/Casablanca"],
)
def test_a_zone_is_told_as_it_is(name: str) -> None:
    """Worked out by the second reader from the text alone, and compared with the tables."""
    text = b"".join(
        [
            *(b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test\r\n", zone_of(name).to_ical()),
            *(b"BEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20230101T000000Z\r\n",),
            b"DTSTART;TZID=" + name.encode() + b":20230101T000000\r\nEND:VEVENT\r\n",
            b"END:VCALENDAR\r\n",
        ]
    )
    told = vobject.readOne(text.decode()).vevent.dtstart.value.tzinfo
    noons = [datetime(1995 + n // 12, n % 12 + 1, 15, 12) for n in range(12 * 42)]

    there = [noon.replace(tzinfo=told).utcoffset() for noon in noons]

    assert there == [noon.replace(tzinfo=ZoneInfo(name)).utcoffset() for noon in noons]


def test_a_meeting_moved_then_cancelled_then_withdrawn(client: Client, subscribed: Any) -> None:
    """A program that subscribed keeps one event, and at the end none."""
    case = factories.initiative()
    other = factories.round(initiative=case)
    met = factories.round(initiative=case, state="announced")
    sitting = factories.session(round=met, starts=datetime(2023, 1, 14, 1, tzinfo=UTC))
    uid = str(met.uid)

    def told() -> tuple[int, str, Any, bool]:
        event = subscribed()[uid]
        off = str(event["SUMMARY"]).startswith("Cancelled: ")
        return int(event["SEQUENCE"]), str(event["STATUS"]), event.decoded("DTSTART"), off

    announced = told()
    factories.edit(met, start=date(2023, 2, 1), end=date(2023, 2, 2), reason="It was moved.")
    moved = told()
    factories.edit(met, state="cancelled", reason="It was called off.")
    cancelled = told()
    sittings = subscribed("/api/v1/sessions.ics")
    factories.withdraw(met)

    assert [announced, moved, cancelled] == [
        (0, "TENTATIVE", date(2023, 1, 14), False),
        (1, "TENTATIVE", date(2023, 2, 1), False),
        (2, "CANCELLED", date(2023, 2, 1), True),
    ]
    assert [str(sittings[str(sitting.uid)][name]) for name in ("STATUS", "SUMMARY")] == [
        "CANCELLED",
        f"Cancelled: Working group, {met.label}",
    ]
    assert list(subscribed()) == [str(other.uid)]
    assert subscribed("/api/v1/sessions.ics") == {}


def test_a_calendar_that_has_become_empty_is_still_one(client: Client) -> None:
    """Some programs keep their old events when they are given no component at all."""
    text = body(client.get("/rounds.ics"))

    assert read_again(text) == {}
    assert b"BEGIN:VTIMEZONE\r\nTZID:UTC\r\n" in text


def test_a_new_name_of_its_case_is_a_revision_of_the_event(subscribed: Any) -> None:
    case = factories.initiative(title="Case")
    met = factories.round(initiative=case)
    before = subscribed()[str(met.uid)]

    factories.edit(case, title="Another name")

    after = subscribed()[str(met.uid)]
    assert int(after["SEQUENCE"]) == int(before["SEQUENCE"]) + 1
    assert after["DTSTAMP"].dt > before["DTSTAMP"].dt
    assert after["CREATED"].dt == before["CREATED"].dt


def test_columns_cannot_be_chosen_and_the_links_of_a_page_do_not_try(client: Client) -> None:
    response = client.get("/rounds.ics?fields=uid")
    page = client.get("/rounds/?fields=uid&expand=initiative").content.decode()

    assert response.status_code == 400
    assert '"/rounds.ics?expand' not in page and '"/rounds.ics?fields' not in page
    assert '"/rounds.ics"' in page


@pytest.mark.parametrize("state", [state for state in Round.State.values if state != "planned"])
def test_every_state_has_a_status(subscribed: Any, state: str) -> None:
    met = factories.round(state=state)

    status = str(subscribed()[str(met.uid)]["STATUS"])

    assert status == {
        "announced": "TENTATIVE",
        "postponed": "CANCELLED",
        "cancelled": "CANCELLED",
    }.get(state, "CONFIRMED")


def test_a_withdrawn_chapter_is_not_named_by_its_sitting(subscribed: Any) -> None:
    case = factories.initiative()
    chapters = [
        factories.chapter(initiative=case, slug=name, name=name) for name in ("kept", "gone")
    ]
    met = factories.round(initiative=case)
    sitting: Session = factories.session(
        round=met, chapters=chapters, starts=NOW, ends=NOW + timedelta(hours=1)
    )
    before = subscribed("/api/v1/sessions.ics")[str(sitting.uid)]

    factories.withdraw(chapters[1])

    after = subscribed("/api/v1/sessions.ics")[str(sitting.uid)]
    assert "gone, kept" in str(before["DESCRIPTION"]) or "kept, gone" in str(before["DESCRIPTION"])
    assert "gone" not in str(after["DESCRIPTION"]) and "kept" in str(after["DESCRIPTION"])
    assert int(after["SEQUENCE"]) == int(before["SEQUENCE"]) + 1
