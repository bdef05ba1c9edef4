"""One big record, written bare and imported whole: what history, log and rules cost.

Each in a process of its own on the same empty database. The bare rows are exported, by the
project's own command, and then taken back; the folder is what the other imports.
"""

import os
import shutil
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection, models, transaction

from mandates.models import Citation, Document, Initiative, InitiativeParty, Party
from rounds.models import Participation, Round, Session
from rounds.world.scribe import PUBLISHED
from tests.benchmarks import worlds
from tests.benchmarks.report import Figure
from tests.benchmarks.worlds import PostgreSQL
from tradeinit.publication import registry

PARTIES, DOCUMENTS = 4, 20
SEATS, SITTINGS = 6, 3
# Of a round with its seats and sittings, each with its source.
ROWS_A_ROUND = 2 * (1 + SEATS + SITTINGS)
BATCH = 500


def figures(server: PostgreSQL, rows: int) -> Iterator[Figure]:
    place = worlds.PLACE / "import"
    for database in ("SQLite", "PostgreSQL"):
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        on_sqlite = database == "SQLite"
        empty = worlds.url(place / "import.sqlite3") if on_sqlite else server.empty("import")
        folder = str(place / "folder")
        bare = _told(empty, f"write_bare({rows}, {folder!r})")
        imported = _told(empty, f"import_folder({folder!r})")
        assert bare[0] == imported[0], (bare, imported)
        yield Figure(
            f"Import of {bare[0]:,.0f} rows with history and log",
            "bulk_create without them",
            bare[1] / imported[1],
            0.2,
            milliseconds=1000 * imported[1] / imported[0],
            others=1000 * bare[1] / bare[0],
            database=database,
        )


def _told(address: str, call: str) -> list[float]:
    return [float(said) for said in worlds.in_django(address, call, "importing").split()]


# In a process of its own


def write_bare(rows: int, folder: str) -> None:
    """Print the rows, and the seconds of CPU that bulk_create() alone takes; leave a folder."""
    call_command("migrate", verbosity=0)
    spent = 0.0
    made = list(_kinds(rows // ROWS_A_ROUND))
    with transaction.atomic():
        for some in made:
            begun = _seconds()
            # Past the gate: no history, no log.
            models.QuerySet(type(some[0])).bulk_create(some, BATCH)
            spent += _seconds() - begun
        call_command("export_record", folder, verbosity=0)
        transaction.set_rollback(True)
    print(sum(map(len, made)), spent)


def import_folder(folder: str) -> None:
    """Print the rows, and the seconds of CPU that import_record takes."""
    begun = _seconds()
    with open(os.devnull, "w") as nowhere:
        call_command("import_record", folder, stdout=nowhere)
    spent = _seconds() - begun
    print(sum(model._base_manager.count() for model in (*registry.models(), Citation)), spent)


def _seconds() -> float:
    """Of CPU, of this process and of the database that works for it."""
    if connection.vendor == "sqlite":
        return time.process_time()
    connection.ensure_connection()
    backend = connection.connection.info.backend_pid
    fields = Path(f"/proc/{backend}/stat").read_text().rpartition(")")[2].split()
    return time.process_time() + sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")


def _kinds(rounds: int) -> Iterator[list[Any]]:
    """Rows that name only rows before them, kind by kind."""

    def row(model: Any, number: int, **fields: Any) -> Any:
        if hasattr(model, "slug"):
            fields["slug"] = f"{model.resource}-{number}"
        return model(pk=number, public_from=PUBLISHED, **fields)

    held = date(2010, 1, 4)
    case = row(Initiative, 1, title="A big case", kind="bilateral")
    parties = [row(Party, number, name=f"Party {number}") for number in range(1, PARTIES + 1)]
    seats = [
        row(InitiativeParty, party.pk, initiative=case, party=party, joined_on=held)
        for party in parties
    ]
    papers = [
        row(Document, number, title=f"Paper {number}", kind="other", dated=held)
        for number in range(1, DOCUMENTS + 1)
    ]
    met = [
        row(
            Round, number, initiative=case, label=f"Round {number}", kind="full_round",
            state="held", start=held + timedelta(number), timezone="Asia/Taipei",
        )
        for number in range(1, rounds + 1)
    ]  # fmt: skip
    sat = [
        row(
            Session, SITTINGS * (one.pk - 1) + number, round=one, title=f"Sitting {number}",
            starts=datetime(2010, 1, 4, 8 + number, tzinfo=UTC), timezone="Asia/Taipei",
        )
        for one in met for number in range(1, SITTINGS + 1)
    ]  # fmt: skip
    came = [
        row(
            Participation, SEATS * (one.pk - 1) + number, round=one, order=number, role="agency",
            initiative_party=seats[number % PARTIES], note=f"Officials of agency {number}",
        )
        for one in met for number in range(1, SEATS + 1)
    ]  # fmt: skip
    told = [*met, *sat, *came]
    for one in told:
        one.disclosed_on = held
    cited = [
        Citation(record=one, document=papers[one.pk % DOCUMENTS], locator=f"paragraph {one.pk}")
        for one in told
    ]
    yield from ([case], parties, seats, papers, met, sat, came, cited)
