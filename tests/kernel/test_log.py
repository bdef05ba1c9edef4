"""The publication log: its entries, its chain, and a change of form that is no correction."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import translation
from rest_framework import serializers

from mandates.models import Citation, Organization, Party
from mandates.serializers import OrganizationSerializer, SourceSerializer
from rounds.models import Round
from tests import factories
from tests.kernel.reading import body, day, entries, instant, story
from tradeinit import clock
from tradeinit import serializers as kernel_serializers
from tradeinit.publication import gate, log, registry
from tradeinit.publication.gate import writing
from tradeinit.publication.models import Publication

pytestmark = pytest.mark.django_db


# Entries


def test_the_whole_life_of_a_record() -> None:
    with day(0):
        row = factories.organization(name="American Institute in Taiwan", public=False)
    with day(1):
        factories.edit(row, abbreviation="AIT", public_from=instant(2))
    with day(3):
        factories.edit(row, kind="office", reason="It is no ministry.")
    with day(4):
        factories.withdraw(row, reason="Entered twice.")
    with day(5):
        factories.edit(row, reason="It was not.", withdrawn_at=None, withdrawal_reason="")

    told = [(entry.number, entry.at, entry.action, entry.reason) for entry in entries(row)]
    bodies = [json.loads(entry.body) if entry.body else None for entry in entries(row)]
    assert told == [
        (1, instant(2), "published", ""),
        (2, instant(3), "corrected", "It is no ministry."),
        (3, instant(4), "withdrawn", "Entered twice."),
        (4, instant(5), "published", "It was not."),
    ]
    assert [(b and (b["kind"], b["created"][:10], b["updated"][:10])) for b in bodies] == [
        ("other", "2100-01-06", "2100-01-06"),
        ("office", "2100-01-06", "2100-01-07"),
        None,
        ("office", "2100-01-06", "2100-01-09"),
    ]


def test_a_body_is_what_the_serializer_writes_and_in_english() -> None:
    with translation.override("zh-hant"), day(0):
        row = factories.round(venues=["Taipei"], public_from=factories.PUBLISHED)

    (entry,) = entries(row)
    written = registry.serializer_of(Round).body(
        Round.objects.for_list().get(), created=log.rfc3339(entry.at), updated=log.rfc3339(entry.at)
    )
    assert json.loads(entry.body) == written
    assert entry.body == log.canonical(written)
    assert written["dates_in_words"] == "14–17 January 2023"


def test_a_body_tells_no_primary_key_version_or_time_of_recording() -> None:
    with day(0):
        row = factories.round(venues=["Taipei"])

    private = {"id", "pk", "version", "public_from", "withdrawn_at", "history", "history_date"}
    assert private.isdisjoint(body(row))


def test_a_change_that_the_body_does_not_hold_is_no_correction() -> None:
    """And asks for no reason."""
    with day(0):
        row = factories.participation(order=1)

    with day(1), writing():
        row.order = 2
        row.save()

    assert story(row) == ["published"]
    assert row.history.count() == 2


def test_the_answers_of_the_log_follow_the_clock() -> None:
    with day(0):
        row = factories.party()
    with day(1):
        factories.withdraw(row, reason="Entered twice.")

    with day(0, hours=1):
        assert list(log.bodies([row.uid])) == [row.uid]
        assert log.withdrawal(row.uid) is None
        assert log.tip(clock.now()) == ("2100-01-04T17:00:00Z", str(row.uid), 1)
    with day(1, hours=1):
        assert log.bodies([row.uid]) == {}
        assert log.withdrawal(row.uid).reason == "Entered twice."
        assert log.tip(clock.now()) == ("2100-01-05T17:00:00Z", str(row.uid), 2)


def test_an_empty_log_has_no_tip() -> None:
    assert log.tip(clock.now()) is None


# The chain


def chain() -> str:
    """As a client computes it: each link from the one before and the digest of the next entry."""
    link = ""
    with clock.at(instant(1000)):
        for entry in Publication.objects.sealed().in_order():
            link = hashlib.sha256(f"{link}{entry.digest}".encode()).hexdigest()
    return link


def test_the_chain_is_the_same_on_every_database() -> None:
    """If a body has a new field, or says what it said in another form, a release needs a
    ``reissue()``, and this test the new value."""
    with day(0), writing():
        parties = [
            Party(
                uid=UUID(int=number),
                name=f"Side {number}",
                name_zh_hant="一方",
                slug=f"s{number}",
                public_from=instant(number % 3),
            )
            for number in range(1, 6)
        ]
        for party in parties:
            party.save()
    with day(1, hours=1), writing(reason="A bloc, “as it is called”."):
        parties[0].kind = Party.Kind.BLOC
        parties[0].save()
        parties[0].members.set(parties[3:4])
    with day(2, microseconds=123456):
        factories.withdraw(parties[4], reason="重複")

    with day(3):
        assert list(log.differences()) == []
    assert [(entry.uid.int, entry.number) for entry in Publication.objects.in_order()] == [
        (3, 1), (1, 1), (4, 1), (1, 2), (2, 1), (5, 1), (5, 2),
    ]  # fmt: skip
    assert chain() == "ccbf58821880734e65bc9ab0f93359169d87caac3a769234d16e4554b5e56f47"


def test_a_digest_covers_every_part_of_an_entry_and_the_body_by_its_hash() -> None:
    with day(0):
        entry = entries(factories.party())[0]
    changes: dict[str, Any] = {
        "at": instant(1),
        "uid": UUID(int=1),
        "resource": "people",
        "number": 2,
        "action": "corrected",
        "reason": "Because.",
        "body": "{}",
    }

    seen = {entry.digest}
    for name, value in changes.items():
        altered = Publication.objects.get(pk=entry.pk)
        setattr(altered, name, value)
        seen.add(log.digest(altered))

    assert log.digest(entry) == entry.digest
    assert len(seen) == len(changes) + 1


def test_altered_and_orphaned_entries_are_found() -> None:
    with day(0):
        row = factories.party(public_from=instant(5))
    Publication.objects.update(reason="Never said.")
    Party.history.all().delete()

    with day(1):
        assert list(log.differences()) == [f"altered: parties {row.uid} 1 published"]


def test_a_row_changed_past_the_gate_is_found() -> None:
    with day(0):
        row = factories.party()
    QuerySet(Party).filter(pk=row.pk).update(name="Somebody else")

    with day(1):
        assert list(log.differences()) == [f"not told: parties {row.uid} 2 corrected"]


# Another form


class NewForm(OrganizationSerializer):
    """As a later release might write an organization: with one field more, in another order."""

    motto = serializers.SerializerMethodField()

    class Meta(OrganizationSerializer.Meta):
        fields = ("motto", *reversed(OrganizationSerializer.Meta.fields))

    def get_motto(self, row: Organization) -> str:
        return "Ut prosim"


@pytest.fixture
def organizations() -> list[Organization]:
    with day(0):
        source = factories.document()
        rows = [
            factories.organization(),
            factories.organization(public_from=instant(9)),
            factories.organization(public=False),
            factories.organization(),
        ]
        factories.citation(record=rows[0], document=source)
        factories.withdraw(rows[3])
    return rows


@pytest.fixture
def new_form(organizations: list[Organization]) -> Iterator[None]:
    registry.register(NewForm)
    yield
    registry.register(OrganizationSerializer)


@pytest.mark.usefixtures("new_form")
def test_a_new_field_is_no_correction(organizations: list[Organization]) -> None:
    before = [story(row) for row in organizations]

    with day(1), writing():
        for row in Organization.objects.all():
            gate.open_writing.get().touch(row)

    assert [story(row) for row in organizations] == before
    assert "motto" not in body(organizations[0])
    assert body(organizations[1])["motto"] == "Ut prosim"


@pytest.mark.usefixtures("new_form")
def test_a_reissue_tells_the_new_form_once_and_keeps_the_day_of_the_last_change(
    organizations: list[Organization],
) -> None:
    updated = body(organizations[0])["updated"]

    with day(1):
        counts = [gate.reissue(), gate.reissue()]

    assert counts == [2, 0]
    assert [story(row) for row in organizations] == [
        ["published", "corrected", "reissued"],
        ["published"],
        [],
        ["published", "withdrawn"],
    ]
    last = entries(organizations[0])[-1]
    assert (last.number, last.at, last.reason) == (3, instant(1), "")
    assert body(organizations[0])["motto"] == body(organizations[1])["motto"] == "Ut prosim"
    assert body(organizations[0])["updated"] == updated
    assert entries(organizations[1])[0].at == instant(9)
    assert Organization.history.count() == 6


@pytest.mark.usefixtures("new_form")
def test_a_correction_after_a_release_is_told_in_the_new_form(
    organizations: list[Organization],
) -> None:
    organizations[0].refresh_from_db()
    with day(1):
        factories.edit(organizations[0], name="Renamed")

    assert story(organizations[0]) == ["published", "corrected", "corrected"]
    assert (body(organizations[0])["name"], body(organizations[0])["motto"]) == (
        "Renamed",
        "Ut prosim",
    )


def test_a_new_field_of_the_sources_is_no_correction_either(
    organizations: list[Organization], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SourceSerializer.Meta, "fields", ("document", "locator", "field", "page"))
    monkeypatch.setattr(Citation, "page", property(lambda self: 1), raising=False)
    kernel_serializers._writer.cache_clear()
    monkeypatch.setitem(SourceSerializer._declared_fields, "page", serializers.IntegerField())

    with day(1):
        differences, reissued = list(log.differences()), gate.reissue()

    kernel_serializers._writer.cache_clear()
    assert differences == []
    assert reissued == 1
    assert body(organizations[0])["sources"] == [
        {"document": "document-1", "locator": "", "field": "", "page": 1}
    ]


@pytest.mark.usefixtures("new_form")
def test_a_reissue_refuses_to_tell_what_no_writing_told(organizations: list[Organization]) -> None:
    QuerySet(Organization).filter(pk=organizations[0].pk).update(name="Past the gate")

    with day(1), pytest.raises(ValidationError, match="Say why"):
        gate.reissue()

    assert story(organizations[0]) == ["published", "corrected"]
