"""A backup is the whole record, and goes back only where it harms nothing."""

import hashlib
import json
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.operate.conftest import Installation
from tests.operate.rows import rows_of

Make = Callable[[], Installation]


def every_row(installation: Installation) -> dict[str, str]:
    """A digest of the rows of each table, read past the application."""
    return {
        name: hashlib.sha256("\n".join(sorted(found)).encode()).hexdigest()
        for name, found in rows_of(installation.url).items()
    }


@pytest.fixture(scope="module")
def backup(filled: Installation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("backup") / "record.backup"
    kept = filled.files / "b1" / "b1-and-so-on.txt"
    kept.parent.mkdir(parents=True)
    kept.write_text("What was agreed.")
    filled.run("backup", file)
    return file


def test_a_restored_backup_holds_every_row_and_verifies(
    filled: Installation, backup: Path, new_installation: Make
) -> None:
    elsewhere = new_installation()

    said = elsewhere.run("restore", backup)

    assert "verify_record" in said
    assert every_row(elsewhere) == every_row(filled)
    assert (elsewhere.files / "b1" / "b1-and-so-on.txt").read_text() == "What was agreed."
    assert elsewhere.run("verify_record") == filled.run("verify_record")
    assert elsewhere.run("migrate", "--check") == ""


def test_a_restored_log_refuses_changes_as_the_first_did(
    backup: Path, new_installation: Make
) -> None:
    elsewhere = new_installation()
    elsewhere.run("restore", backup)

    refused = elsewhere.manage(
        "shell",
        "--no-imports",
        "--command",
        "from tradeinit.publication.models import Publication; Publication.objects.update(body='')",
    )

    assert "A sealed publication cannot be changed." in refused.stderr


def test_a_backup_goes_only_into_an_empty_database(filled: Installation, backup: Path) -> None:
    assert "restored into an empty place only" in filled.refusal("restore", backup)


def test_a_backup_names_what_it_holds(backup: Path) -> None:
    with tarfile.open(backup) as archive:
        manifest = json.load(archive.extractfile("manifest.json"))
        held = {name: archive.extractfile(name).read() for name in manifest["members"]}

    assert len(held) == 2 and "files/b1/b1-and-so-on.txt" in held
    for name, copied in held.items():
        assert hashlib.sha256(copied).hexdigest() == manifest["members"][name]["sha256"]
    assert "mandates.0001_initial" in manifest["migrations"]
    assert backup.stat().st_mode & 0o077 == 0


def test_a_damaged_backup_is_refused_before_anything_is_written(
    backup: Path, new_installation: Make, tmp_path: Path
) -> None:
    whole = backup.read_bytes()
    elsewhere = new_installation()
    damaged = {
        "cut": whole[: len(whole) // 2],
        "changed": whole[:5000] + bytes([whole[5000] ^ 1]) + whole[5001:],
        "another": b"no backup at all",
    }

    for name, content in damaged.items():
        file = tmp_path / name
        file.write_bytes(content)
        assert "is no whole backup" in elsewhere.refusal("restore", file)
    assert "There is no file" in elsewhere.refusal("restore", tmp_path / "missing")

    assert every_row(elsewhere) == {}


def test_a_backup_replaces_an_older_one_of_its_name(filled: Installation, tmp_path: Path) -> None:
    file = tmp_path / "nightly"
    file.write_text("older")

    filled.run("backup", file)

    assert "is whole" in filled.run("restore", "--check", file)
    assert list(tmp_path.iterdir()) == [file]
