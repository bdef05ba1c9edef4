"""The reference mirror, beside a record that changes at random."""

import importlib.util
import json
from random import Random
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client

from tests import factories
from tests.kernel.test_random_operations import ALL, EVERY_OPERATION, Desk, make_small_world
from tradeinit import clock
from tradeinit.publication import gate, log, registry

pytestmark = pytest.mark.django_db

spec = importlib.util.spec_from_file_location(
    "mirror", settings.BASE_DIR / "docs/examples/mirror.py"
)
assert spec and spec.loader
mirror = importlib.util.module_from_spec(spec)
spec.loader.exec_module(mirror)


def fetch(address: str) -> bytes:
    response = Client().get(address)
    assert response.status_code == 200, response.content
    return response.content


def public_bodies() -> dict[str, Any]:
    uids = {
        uid
        for model in registry.models()
        for uid in model.objects.public().values_list("uid", flat=True)
    }
    return {str(uid): body for uid, body in log.bodies(uids).items()}


@pytest.mark.parametrize("steps", [60, pytest.param(1_000, marks=pytest.mark.full)])
def test_a_mirror_is_the_same_whatever_is_done(steps: int) -> None:
    make_small_world()
    desk, chosen = Desk(ALL), Random(7)
    copy = mirror.Mirror("", fetch)
    proofs = 0

    for step in range(steps):
        chosen.choice(EVERY_OPERATION)(desk, chosen.randrange(99), chosen.randrange(99))
        if step % 10 == 9:
            # Some of it is settled by now, and some lies within the last minute.
            with clock.at(desk.now):
                copy.pull()
                assert copy.records == public_bodies()
                proofs += bool(copy.prove())

    assert proofs == steps // 10
    assert {entry["action"] for entry in copy.entries.values()} >= {
        "published",
        "corrected",
        "withdrawn",
    }


@pytest.fixture
def copy() -> Any:
    party = factories.party(name="A party", slug="a-party")
    factories.edit(party, name="A better name")
    factories.withdraw(factories.party(name="Gone", slug="gone"))
    made = mirror.Mirror("", fetch)
    made.pull()
    made.prove()
    return made


def test_a_changed_byte_is_noticed(copy: Any) -> None:
    (uid,) = copy.records
    copy.records[uid]["name"] = "A better namE"

    with pytest.raises(mirror.Altered, match=f"Not as it was told: parties {uid}"):
        copy.prove()


@pytest.mark.parametrize("name", ["digest", "number", "reason", "at"])
def test_a_changed_log_is_noticed(copy: Any, name: str) -> None:
    for entry in copy.entries.values():
        if name != "digest":
            entry[name] = {"number": 9, "reason": "Another", "at": "2020-01-01T00:00:00Z"}[name]
        else:
            entry[name] = entry[name][::-1]

    with pytest.raises(mirror.Altered):
        copy.prove()


def test_a_lost_entry_and_a_kept_ghost_are_noticed(copy: Any) -> None:
    first = next(iter(copy.entries))
    entry = copy.entries.pop(first)
    with pytest.raises(mirror.Altered, match="The log is not the same"):
        copy.prove()

    copy.entries[first] = entry
    copy.prove()
    gone = next(one["uid"] for one in copy.entries.values() if one["action"] == "withdrawn")
    copy.records[gone] = {"name": "Gone"}
    with pytest.raises(mirror.Altered, match="Not the same records"):
        copy.prove()


def test_what_a_release_writes_anew_reaches_the_mirror(
    copy: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    serializer = registry.serializer_of(registry.model_of("parties"))
    written = serializer.body.__func__
    monkeypatch.setattr(
        serializer, "body", classmethod(lambda cls, *a, **k: written(cls, *a, **k) | {"new": 1})
    )
    assert gate.reissue() == 1

    assert copy.pull() == 1
    copy.prove()
    (record,) = copy.records.values()
    assert record["new"] == 1
    shown = json.loads(fetch("/api/v1/changes/"))["results"]
    assert "reissued" not in {row["action"] for row in shown}


def test_the_server_says_the_same_checksum(copy: Any, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("verify_record")

    told = capsys.readouterr().out
    assert f"checksum {copy.prove()} at cursor {copy.cursor}" in told


def test_the_checksum_is_that_of_a_cursor(copy: Any) -> None:
    page = json.loads(fetch("/api/v1/changes/?cursor=&page_size=2"))
    cursor = page["next"].partition("cursor=")[2].partition("&")[0]

    half = json.loads(fetch(f"/api/v1/changes/checksum/?cursor={cursor}"))

    checksum = ""
    for row in page["results"]:
        checksum = mirror.hashlib.sha256((checksum + row["digest"]).encode()).hexdigest()
    assert half == {"cursor": cursor, "entries": 2, "checksum": checksum}
    for wrong in ("?cursor=nonsense", "?curser="):
        assert Client().get(f"/api/v1/changes/checksum/{wrong}").status_code == 400


def test_an_embargo_that_lifts_is_an_update() -> None:
    lifts = factories.FUTURE
    with clock.at(lifts.replace(year=2099)):
        factories.party(slug="early", public_from=lifts)

    def told(now: Any, since: Any) -> list[str]:
        with clock.at(now):
            address = f"/api/v1/parties/?updated_since={log.rfc3339(since)}"
            return [row["slug"] for row in json.loads(fetch(address))["results"]]

    later = lifts.replace(hour=lifts.hour + 1)
    assert told(lifts.replace(year=2099), lifts.replace(year=2098)) == []
    assert told(later, lifts) == ["early"]
    assert told(later, later) == []
