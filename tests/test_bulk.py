"""The whole record in one file, and when it is given."""

import csv
import hashlib
import json
from datetime import timedelta
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.management import call_command
from django.test import Client

from tests import factories
from tests.surfaces.asking import body
from tests.surfaces.cast import NOW, two_cases
from tests.surfaces.conftest import Reader
from tradeinit import bulk, clock
from tradeinit.api import RESOURCES

pytestmark = pytest.mark.django_db

LATEST = "/api/v1/bulk/latest.zip"


@pytest.fixture(autouse=True)
def place(settings: Any, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path


def downloaded(client: Client) -> ZipFile:
    leads = client.get(LATEST)
    assert leads.status_code == 302
    response = client.get(leads["Location"])
    assert (response.status_code, response["Content-Type"]) == (200, "application/zip")
    return ZipFile(BytesIO(body(response)))


def test_it_holds_every_list_as_the_api_answers_it(capsys: pytest.CaptureFixture[str]) -> None:
    two_cases()
    call_command("make_bulk")
    client = Reader()

    file = downloaded(client)

    assert file.testzip() is None
    package = json.loads(file.read("datapackage.json"))
    paths = [one["path"] for one in package["resources"]]
    assert sorted(paths) == sorted(f"{r}.{form}" for r in RESOURCES for form in ("csv", "ndjson"))
    assert sorted(file.namelist()) == sorted([*paths, "datapackage.json"])
    for one in package["resources"]:
        content = file.read(one["path"])
        assert one["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        assert one["bytes"] == len(content)
    for resource in RESOURCES:
        rows = client.get(f"/api/v1/{resource}/?page_size=200").json()["results"]
        lines = [json.loads(line) for line in file.read(f"{resource}.ndjson").splitlines()]
        table = list(csv.DictReader(StringIO(file.read(f"{resource}.csv").decode())))
        assert sorted(map(json.dumps, lines)) == sorted(map(json.dumps, rows)), resource
        assert [row["uid"] for row in table] == [line["uid"] for line in lines]
        described, nested = (
            {field["name"]: field["type"] for field in one["schema"]["fields"]}
            for one in package["resources"]
            if one["path"].startswith(f"{resource}.")
        )
        assert list(described) == list(nested) == list(table[0])
        lists = {name for row in rows for name, value in row.items() if isinstance(value, list)}
        assert lists == {name for name, type in nested.items() if type == "array"}
    assert "bytes" in capsys.readouterr().out


def test_a_file_in_which_something_was_taken_back_is_given_no_more() -> None:
    client = Reader()
    with clock.at(NOW):
        party = factories.party(slug="a-party")
        named = f"/api/v1/bulk/{bulk.make().name}"
        factories.edit(party, name="A better name")
    corrected = client.get(named)
    assert (corrected.status_code, len(body(corrected)) > 100) == (200, True)

    with clock.at(NOW):
        factories.withdraw(party)

    with clock.at(NOW + timedelta(seconds=1)):
        answers = [Client().get(address) for address in (LATEST, named)]
    assert [answer.status_code for answer in answers] == [404, 404]


def test_hidden_rows_are_not_in_it() -> None:
    factories.party(name="A canary", public=False)
    factories.party(name="Another canary", public_from=factories.FUTURE)

    file = ZipFile(bulk.make())

    assert [name for name in file.namelist() if b"canary" in file.read(name)] == []


def test_only_files_of_ours_are_given() -> None:
    bulk.make()
    (bulk.place() / "secret.zip").write_bytes(b"secret")

    for name in ("secret.zip", "../secret.zip", "tradeinit-20230101T000000Z.zip"):
        assert Client().get(f"/api/v1/bulk/{name}").status_code == 404


def test_old_files_make_room(monkeypatch: pytest.MonkeyPatch) -> None:
    bulk.place().mkdir()
    for year in (2020, 2021, 2022):
        (bulk.place() / f"tradeinit-{year}0101T000000Z.zip").write_bytes(b"old")

    made = bulk.make()

    kept = sorted(path.name for path in bulk.place().iterdir())
    assert kept == ["tradeinit-20220101T000000Z.zip", made.name]
