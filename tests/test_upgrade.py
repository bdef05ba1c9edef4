"""A filled database of the release before is brought to this one, and back."""

import json
from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from mandates.models import Document, Statement
from tests import factories
from tradeinit.publication import gate, log, triggers
from tradeinit.publication.models import Publication

pytestmark = pytest.mark.django_db(transaction=True)

# What bodies of documents did not say before.
NEW_KEYS = ("sha256", "withheld", "withheld_reason", "originators")


def filled() -> dict[str, Any]:
    """A case as the release before could record it."""
    initiative = factories.initiative()
    seat = factories.initiative_party(initiative=initiative)
    chapter = factories.chapter(initiative=initiative)
    text = factories.document(initiative=initiative, chapters=[chapter], dated=date(2023, 1, 4))
    said = factories.statement(chapter=chapter, value="conceptual", claimed_by=seat)
    factories.citation(record=said, document=text)
    met = factories.round(initiative=initiative, venues=["Fredville"])
    factories.outcome(round=met, chapter=chapter, statement=said)
    factories.round(public=False, initiative=initiative)
    return {"said": said, "text": text, "met": met}


def state() -> dict[str, Any]:
    return {
        "documents": list(Document.objects.values("uid", "slug", "title", "version")),
        "statements": list(Statement.objects.values("uid", "value", "effective_on", "version")),
        "history": Statement.history.count(),
        "log": list(Publication.objects.in_order().values_list("uid", "number", "digest")),
    }


def actions() -> Counter[str]:
    return Counter(Publication.objects.values_list("action", flat=True))


def back_to_the_release_before() -> None:
    for app in ("rounds", "mandates", "tradeinit"):
        call_command("migrate", app, "0001", verbosity=0)


def write_bodies_as_it_did() -> None:
    """The log is sealed; only a release of that time could have written it so."""
    triggers.remove(connection)
    for entry in Publication.objects.filter(resource="documents"):
        body = {k: v for k, v in json.loads(entry.body).items() if k not in NEW_KEYS}
        entry.body = log.canonical(body)
        entry.digest = log.digest(entry)
        entry.save()
    triggers.install(connection)


@pytest.fixture
def newest_afterwards() -> Any:
    yield
    call_command("migrate", verbosity=0)


# One test: the way back and forth takes longer than all that is asked after it.
def test_a_filled_database_comes_through_and_back_and_its_bodies_are_written_anew(
    newest_afterwards: None, trust: Callable[..., None]
) -> None:
    rows = filled()
    before = state()
    back_to_the_release_before()
    write_bodies_as_it_did()

    call_command("migrate", verbosity=0)

    after = state()
    assert {name: found for name, found in after.items() if name != "log"} == {
        name: found for name, found in before.items() if name != "log"
    }
    assert [entry[:2] for entry in after["log"]] == [entry[:2] for entry in before["log"]]
    assert_that_the_database_still_refuses(rows["said"])

    told = actions()
    count = gate.reissue()
    body = log.bodies([rows["text"].uid])[rows["text"].uid]
    assert count == 1
    assert actions() - told == {"reissued": 1}
    assert (body["withheld"], body["originators"]) == (False, [])
    assert body["updated"] == body["created"]
    assert list(log.differences()) == []
    trust(22, "migrated down to the first release and up again: rows, history and log the same")


def assert_that_the_database_still_refuses(said: Statement) -> None:
    """Its tables were made anew, and with them the triggers went."""
    for table, change in (
        ("mandates_statement", "value = 'dropped'"),
        ("tradeinit_publication", "reason = 'otherwise'"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET {change}")
    assert Statement.objects.get(pk=said.pk).value == "conceptual"
