"""The documents that sheets name by their web addresses."""

from collections import defaultdict
from collections.abc import Iterator

from mandates.models import Document, Initiative
from rounds.importing import cells
from rounds.importing.batch import Batch
from rounds.importing.cases import Cases
from rounds.importing.headings import Row
from rounds.importing.report import Place
from tradeinit.publication.addresses import free_slug


class Sources:
    """Finds or makes the document of each address once."""

    def __init__(self, batch: Batch, cases: Cases) -> None:
        self._batch, self._cases = batch, cases
        self._found: dict[str, Document | None] = {}
        self._of_rows: dict[Place, list[str]] = {}

    def record(self, rows: list[Row]) -> None:
        places: dict[str, Place] = {}
        concerned: dict[str, dict[str, Initiative | None]] = defaultdict(dict)
        for row in rows:
            found, beside = cells.addresses(row.cells.get("source_url"))
            if beside and found:
                told = f"“{beside[:80]}” beside the address is not kept."
                self._batch.report.open(row.at("source_url"), told)
            elif beside:
                self._leave(row, beside)
            self._of_rows[row.place] = found
            for address in found:
                places.setdefault(_key(address), row.at("source_url"))
                concerned[_key(address)][self._cases.key_of(row)] = self._cases.of(row)
        spelled = {_key(one): one for found in self._of_rows.values() for one in reversed(found)}
        known = _stored(spelled)
        for document in known.values():
            self._batch.report.match(document)
        made = 0
        for key, address in spelled.items():
            self._found[key] = known.get(key) or self._make(
                address, places[key], list(concerned[key].values())
            )
            made += key not in known and self._found[key] is not None
        if made:
            self._batch.report.open(
                Place("sources"),
                f"{made} new documents bear their web address as title: their title, kind, "
                "publisher and day are to be entered.",
            )

    def of(self, row: Row) -> list[Document]:
        found = (self._found.get(_key(one)) for one in self._of_rows.get(row.place, []))
        return [document for document in found if document]

    def _leave(self, row: Row, words: str) -> None:
        place, case = row.at("source_url"), self._cases.of(row)
        self._batch.report.open(place, f"“{words[:80]}” is no web address (https://…).")
        if case:
            self._batch.leave_to_staff(case, f"Imported source: “{words}”.", place)

    def _make(self, address: str, place: Place, cases: list[Initiative | None]) -> Document | None:
        title = address.split("://", 1)[1].rstrip("/")[:400]
        made = Document(
            title=title,
            kind=Document.Kind.OTHER,
            address=address,
            # A source of several cases belongs to none of them.
            initiative=cases[0] if len(cases) == 1 else None,
            slug=free_slug(title),
        )
        if not self._batch.make(made, place, {"address": "source_url", "title": "source_url"}):
            return None
        self._batch.report.tell(place, f"new document “{title}”.")
        return made


def _key(address: str) -> str:
    """An address without what does not tell two of them apart."""
    rest = address.split("://", 1)[-1].rstrip("/")
    host, slash, path = rest.partition("/")
    return f"{host.casefold().removeprefix('www.')}{slash}{path}"


def _stored(spelled: dict[str, str]) -> dict[str, Document]:
    """The documents kept at these addresses, or of which an archived copy is."""
    found: dict[str, Document] = {}
    if spelled:
        for document in _all():
            for address in (document.archived, document.address):
                if address and _key(address) in spelled:
                    found[_key(address)] = document
    return found


def _all() -> Iterator[Document]:
    return Document._base_manager.exclude(address="", archived="").order_by("-pk").iterator()
