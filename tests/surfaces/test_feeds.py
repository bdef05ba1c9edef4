"""Feeds: what a reader who comes back is told, and how the past is walked."""

from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.test import Client

from mandates.models import Party
from tests import factories
from tests.surfaces.asking import PAGED, body
from tests.surfaces.cast import one_writing
from tradeinit import feeds
from tradeinit.api import RESOURCES

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
ARCHIVE = "{http://purl.org/syndication/history/1.0}archive"


def read(response: Any) -> ET.Element:
    text = body(response)
    assert response.status_code == 200, text
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ET.fromstring(text)  # noqa: S314 - our own


def entries(feed: ET.Element) -> list[ET.Element]:
    return feed.findall(f"{ATOM}entry")


def texts(feed: ET.Element, name: str) -> list[str]:
    return [entry.findtext(f"{ATOM}{name}") or "" for entry in entries(feed)]


def links(element: ET.Element) -> dict[str, str]:
    return {
        link.get("rel", ""): link.get("href", "").removeprefix("http://127.0.0.1:8000")
        for link in reversed(element.findall(f"{ATOM}link"))
    }


def test_only_lists_with_a_page_have_a_feed() -> None:
    having = {
        resource
        for resource, viewset in RESOURCES.items()
        if feeds.AtomRenderer in viewset.renderer_classes
    }

    assert having == {*PAGED, "changes"}


def test_an_entry_is_new_when_its_record_is_corrected_and_not_when_it_is_touched(
    client: Client,
) -> None:
    party = factories.party(name="A party", slug="a-party")
    other = factories.party(name="Another", slug="b-party")
    before = read(client.get("/parties.atom"))

    factories.edit(party, name="A better name", reason="A misprint.")
    factories.organization(party=other, slug="office")

    after = read(client.get("/parties.atom"))
    assert texts(before, "title") == ["Another", "A party"]
    assert texts(after, "title") == ["A better name", "Another"]
    assert texts(after, "summary") == ["Corrected: A misprint.", ""]
    assert texts(after, "updated")[1] == texts(before, "updated")[0]
    assert texts(after, "published")[0] == texts(before, "published")[1]
    assert before.findtext(f"{ATOM}id") == after.findtext(f"{ATOM}id")


def test_what_is_withdrawn_leaves_the_feed_and_is_told_in_that_of_the_changes(
    client: Client,
) -> None:
    party = factories.party(name="A secret name", slug="a-party")
    factories.withdraw(party, reason="It was never so.")

    assert entries(read(client.get("/parties.atom"))) == []
    changes = read(client.get("/changes.atom?resource=parties"))
    assert texts(changes, "id") == [f"urn:uuid:{party.uid}#2", f"urn:uuid:{party.uid}#1"]
    assert texts(changes, "title") == ["Withdrawn: party", "Published: party"]
    assert texts(changes, "summary") == ["It was never so.", ""]
    assert "secret" not in ET.tostring(changes).decode()


def test_an_empty_feed_is_valid(client: Client) -> None:
    feed = read(client.get("/rounds.atom"))

    assert entries(feed) == []
    assert feed.findtext(f"{ATOM}updated") == "1970-01-01T00:00:00Z"


def test_what_xml_cannot_hold_is_left_out(client: Client) -> None:
    factories.party(name="A\x0b <b> & “B”", slug="a-party")

    assert texts(read(client.get("/parties.atom")), "title") == ["A <b> & “B”"]


def walked(client: Client, address: str) -> list[ET.Element]:
    """The feed, and each archive before it."""
    found = [read(client.get(address))]
    while older := links(found[-1]).get("prev-archive"):
        found.append(read(client.get(older)))
    return found


def test_archives_hold_each_row_once_and_stay_as_they_are(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds, "SIZE", 3)
    with one_writing():
        for n in range(10):
            factories.party(name=f"Party {n:02}", slug=f"p-{n:02}")
    first = walked(client, "/parties.atom?q=Party")
    corrected, withdrawn = [
        Party.objects.get(name=texts(archive, "title")[1]) for archive in (first[2], first[1])
    ]
    factories.edit(corrected, name="Party anew")
    factories.party(name="Party 10", slug="p-10")
    factories.withdraw(withdrawn)

    again = walked(client, "/parties.atom?q=Party")

    assert [len(entries(feed)) for feed in first] == [4, 3, 3]
    assert sorted(title for feed in first for title in texts(feed, "title")) == [
        f"Party {n:02}" for n in range(10)
    ]
    assert [feed.find(ARCHIVE) is not None for feed in first] == [False, True, True]
    ids = [id_ for feed in again for id_ in texts(feed, "id")]
    assert len(ids) == len(set(ids)) == 10
    told = [title for feed in again for title in texts(feed, "title")]
    assert told[:2] == ["Party 10", "Party anew"]
    # Who kept an archive under its address has all that is in it now.
    kept = {links(feed)["self"]: set(texts(feed, "id")) for feed in first[1:]}
    for feed in again[1:]:
        assert set(texts(feed, "id")) <= kept.get(links(feed)["self"], set(ids))
    assert links(again[-1])["self"] in kept
    oldest, next_ = links(first[2]), links(first[1])
    assert oldest["current"] == next_["current"] == links(first[0])["self"]
    assert oldest["next-archive"] == next_["self"]
    assert next_["next-archive"] == links(first[0])["self"]
    assert "prev-archive" not in oldest


def test_the_changes_of_a_question_are_walked_through_archives(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds, "SIZE", 2)
    party = factories.party(slug="a-party")
    for number in range(6):
        factories.edit(party, name=f"Name {number}")
    factories.organization(slug="office")

    found = walked(client, "/changes.atom?resource=parties")

    assert [id_.partition("#")[2] for feed in found for id_ in texts(feed, "id")] == list("7654321")
    assert client.get("/changes.atom?cursor=x").status_code == 400
