"""Feeds (Atom, RFC 4287) of any question, with their past in archives (RFC 5005).

A feed is made of the log: whatever was told of the rows of the question, in the order in which it
was told. Archives are cut from the oldest end, so many entries each, and what lies in one stays
there; only what is taken back, or told anew, goes. So who kept an archive need not ask for it
again, and who walks from the feed through all archives meets each row once.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree as ET  # nosec - it writes, it reads nothing

from django.conf import settings
from django.db.models import QuerySet

from tradeinit import clock
from tradeinit.paging import Cursor
from tradeinit.publication import chain, log
from tradeinit.publication.log import rfc3339
from tradeinit.publication.models import Action, Publication
from tradeinit.renderers import NOT_IN_XML, FileRenderer, Whole

ATOM = "http://www.w3.org/2005/Atom"
HISTORY = "http://purl.org/syndication/history/1.0"
# So many entries to an archive; the feed itself has between one and two times as many.
SIZE = 50
# Under which keys a body holds what it says in sentences.
TEXTS = ("summary", "aim", "wording", "note")
# The instant of a feed that has told nothing yet.
NEVER = "1970-01-01T00:00:00Z"

ET.register_namespace("", ATOM)
ET.register_namespace("fh", HISTORY)


@dataclass(frozen=True)
class Item:
    """One entry of a feed."""

    id: str
    title: str
    published: str
    updated: datetime
    text: str
    kind: str
    path: str
    api_path: str


@dataclass(frozen=True)
class Part:
    """The feed itself, or one of its archives, with the cursors of its neighbours."""

    entries: list[Any]
    # Of an archive: its own, and the next newer one; empty where that is the feed.
    cursor: str = ""
    newer: str = ""
    older: str = ""


def entries_of(queryset: QuerySet) -> QuerySet:
    """What the log told of these rows; that it once took one back is not told of a public row."""
    uids = queryset.order_by().values("uid")
    told = Publication.objects.filter(uid__in=uids, action__in=(Action.PUBLISHED, Action.CORRECTED))
    return told.sealed()


def items_of(public: QuerySet, entries: Sequence[Publication]) -> list[Item]:
    """Each row under what was last told of it: what has been told anew since is left out."""
    uids = {entry.uid for entry in entries}
    rows = {row.uid: row for row in public.filter(uid__in=uids)}
    last = log.revisions(uids)
    current = [entry for entry in entries if entry.at == last[entry.uid].last]
    return [_item(rows[entry.uid], entry) for entry in current if entry.uid in rows]


def _item(row: Any, entry: Publication) -> Item:
    body = json.loads(entry.body)
    corrected = [f"Corrected: {entry.reason}"] if entry.action == Action.CORRECTED else []
    said = [body[name] for name in TEXTS if body.get(name)][:1]
    return Item(
        id=entry.uid.urn,
        title=row.public_title,
        published=body["created"],
        updated=entry.at,
        text="\n".join([*corrected, *said]),
        kind=entry.resource,
        path=body["html_url"],
        api_path=body["url"],
    )


class AtomRenderer(FileRenderer):
    """What was told of the rows of the question, the latest first; older entries are in archives
    (RFC 5005), to which links lead."""

    media_type = "application/atom+xml"
    format = "atom"
    charset = "utf-8"
    has_columns = False
    attachment = False

    def walked(self, model: Any) -> Any:
        return Publication

    def file_of(self, whole: Whole) -> Iterator[bytes]:
        told = whole.listing.entries(whole.queryset).in_order()
        cursor = Cursor.asked(Publication, whole.query)
        part = archive_at(told, cursor) if cursor and cursor.after else latest(told)
        with whole.as_told():
            items = whole.listing.items(part.entries)
        return iter([_document(whole, part, items)])


def latest(told: QuerySet) -> Part:
    """The feed itself. The last full archive is still in it, for readers who know of none."""
    archived = max(0, _settled(told) // SIZE - 1) * SIZE
    entries = list(told.reverse()[: 2 * SIZE])
    entries = entries[: max(0, told.count() - archived)]
    return Part(entries, older=_cursor_at(told, archived))


def archive_at(told: QuerySet, cursor: Cursor) -> Part:
    """Those up to the entry that the cursor names, as many as one archive holds.

    The cursors are those of every fiftieth entry from the oldest on. If entries before it were
    taken back, an archive has another cursor: what has been kept under the old one is not it.
    """
    rank = cursor.upto(told).count()
    newer = rank + SIZE
    last = (_settled(told) // SIZE - 1) * SIZE
    return Part(
        list(told[max(0, rank - SIZE) : rank])[::-1],
        cursor=cursor.text,
        newer=_cursor_at(told, newer) if newer <= last else "",
        older=_cursor_at(told, rank - SIZE),
    )


def _settled(told: QuerySet) -> int:
    return told.filter(at__lt=clock.now() - chain.SETTLED).count()


def _cursor_at(told: QuerySet, rank: int) -> str:
    """Of the entry so far from the oldest; none where there is none."""
    if rank < 1:
        return ""
    entry = told[rank - 1]
    return Cursor(Publication, "").at(entry)


def _document(whole: Whole, part: Part, items: list[Item]) -> bytes:
    feed = ET.Element(f"{{{ATOM}}}feed", {"xml:lang": "en"})
    # Of the question, not of the address it is asked at: archives bear that of their feed.
    asked = whole.address().removeprefix(settings.PUBLIC_BASE_URL)
    _add(feed, "id", uuid5(NAMESPACE_URL, asked).urn)
    _add(feed, "title", f"TradeInit: {whole.title}")
    _add(feed, "updated", rfc3339(items[0].updated) if items else NEVER)
    author = ET.SubElement(feed, f"{{{ATOM}}}author")
    _add(author, "name", "TradeInit")
    _add(author, "uri", settings.PUBLIC_BASE_URL)
    for relation, address in _links(whole, part).items():
        type_ = "text/html" if relation == "alternate" else AtomRenderer.media_type
        ET.SubElement(feed, f"{{{ATOM}}}link", {"rel": relation, "type": type_, "href": address})
    if part.cursor:
        ET.SubElement(feed, f"{{{HISTORY}}}archive")
    for item in items:
        _entry(feed, item)
    return ET.tostring(feed, encoding="utf-8", xml_declaration=True) + b"\n"


def _links(whole: Whole, part: Part) -> dict[str, str]:
    current = whole.address()
    found = {"self": whole.address(cursor=part.cursor), "alternate": whole.page_address()}
    if part.older:
        found["prev-archive"] = whole.address(cursor=part.older)
    if part.cursor:
        found["current"] = current
        found["next-archive"] = whole.address(cursor=part.newer)
    return found


def _entry(feed: ET.Element, item: Item) -> None:
    entry = ET.SubElement(feed, f"{{{ATOM}}}entry")
    _add(entry, "id", item.id)
    _add(entry, "title", item.title)
    _add(entry, "updated", rfc3339(item.updated))
    _add(entry, "published", item.published)
    for type_, path in (("text/html", item.path), ("application/json", item.api_path)):
        link = {"rel": "alternate", "type": type_, "href": f"{settings.PUBLIC_BASE_URL}{path}"}
        ET.SubElement(entry, f"{{{ATOM}}}link", link)
    ET.SubElement(entry, f"{{{ATOM}}}category", {"term": item.kind})
    if item.text:
        _add(entry, "summary", item.text)


def _add(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, f"{{{ATOM}}}{name}").text = NOT_IN_XML.sub("", text)
