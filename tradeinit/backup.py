"""A copy of everything the office must not lose, in one file, and the way back.

A backup is a gzipped tar of ``manifest.json``, the database and the uploaded files. The manifest
says what was copied, by which release, and the SHA-256 of each member. The database is copied
while the site runs: by SQLite's own backup, or by ``pg_dump`` from one snapshot.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from tradeinit import clock

MANIFEST = "manifest.json"
DATABASES = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
FILES = "files"
FORMAT = 1
# The accounts of one server mean nothing on another.
NOBODYS = ("--no-owner", "--no-privileges")
# What `migrate` itself writes into an empty database.
MADE_BY_MIGRATE = {
    "django_migrations",
    "django_content_type",
    "django_site",
    "auth_permission",
    "auth_group",
    "auth_group_permissions",
    "sqlite_sequence",
}


class Refused(Exception):
    """The backup cannot be made or restored; the message says why, in words."""


# Making


def make(file: Path) -> dict[str, Any]:
    """Write a backup to ``file`` and return its manifest.

    An older file of that name stays until the new one is complete.
    """
    if not file.parent.is_dir():
        raise Refused(f"There is no directory {file.parent}.")
    with TemporaryDirectory(dir=file.parent, prefix=".backup-") as scratch:
        place = Path(scratch)
        copy = _copied_database(place)
        members = {copy.name: copy} | dict(_uploaded_files())
        manifest = {
            "format": FORMAT,
            "made_at": clock.now().isoformat(),
            "release": settings.RELEASE,
            "database": connection.vendor,
            "migrations": sorted(f"{app}.{name}" for app, name in _applied()),
            "members": {
                name: {"bytes": path.stat().st_size, "sha256": _sha256(path)}
                for name, path in members.items()
            },
        }
        (place / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n")
        packed = place / "packed"
        with tarfile.open(packed, "w:gz", compresslevel=4) as archive:
            archive.add(place / MANIFEST, MANIFEST)
            for name, path in members.items():
                archive.add(path, name)
        packed.chmod(0o600)
        _to_disk(packed)
        packed.replace(file)
        _to_disk(file.parent)
    return manifest


def _copied_database(place: Path) -> Path:
    copy = place / DATABASES[connection.vendor]
    connection.ensure_connection()
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(copy)) as target:
            connection.connection.backup(target)
            # The copy is one file: nothing of it waits in a log beside it.
            target.execute("PRAGMA journal_mode=DELETE")
            (found,) = target.execute("PRAGMA integrity_check").fetchone()
        if found != "ok":
            raise Refused(f"SQLite finds the copy damaged: {found}")
        return copy
    _run("pg_dump", "--format=custom", *NOBODYS, f"--file={copy}")
    return copy


def _uploaded_files() -> Iterator[tuple[str, Path]]:
    root = Path(settings.MEDIA_ROOT)
    for path in sorted(root.rglob("*")):
        if path.is_file():
            yield f"{FILES}/{path.relative_to(root).as_posix()}", path


# Reading


@contextmanager
def opened(file: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """A directory with the members of a backup, each as its checksum says, and the manifest."""
    with TemporaryDirectory(prefix="tradeinit-restore-") as scratch:
        place = Path(scratch)
        yield place, _unpacked(file, place)


def _unpacked(file: Path, place: Path) -> dict[str, Any]:
    if not file.is_file():
        raise Refused(f"There is no file {file}.")
    try:
        with tarfile.open(file, "r:gz") as archive:
            archive.extractall(place, filter="data")
        return _checked(place)
    except (tarfile.TarError, zlib.error, EOFError, OSError, KeyError, ValueError) as error:
        raise Refused(f"{file} is no whole backup of TradeInit: {error}") from error


def _checked(place: Path) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads((place / MANIFEST).read_text())
    if manifest["format"] != FORMAT:
        raise ValueError(f"its format is {manifest['format']}, this release reads {FORMAT}")
    for name, said in manifest["members"].items():
        if _sha256(place / name) != said["sha256"]:
            raise ValueError(f"{name} is not what the manifest says")
    return manifest


def restore(file: Path) -> dict[str, Any]:
    """Put a backup into the configured database, which must be empty, and return its manifest."""
    with opened(file) as (place, manifest):
        _refuse_another_kind(manifest)
        _refuse_what_is_not_empty()
        copy = place / DATABASES[connection.vendor]
        if connection.vendor == "sqlite":
            connection.ensure_connection()
            with closing(sqlite3.connect(copy)) as source:
                source.backup(connection.connection)
        else:
            connection.close()
            name = connection.settings_dict["NAME"]
            at_once = ("--clean", "--if-exists", "--single-transaction", "--exit-on-error")
            _run("pg_restore", *at_once, *NOBODYS, f"--dbname={name}", str(copy))
        _put_back_files(place / FILES)
    return manifest


def _refuse_another_kind(manifest: dict[str, Any]) -> None:
    if manifest["database"] != connection.vendor:
        raise Refused(
            f"The backup is of a {manifest['database']} database, and DATABASE_URL names one of "
            f"{connection.vendor}. Restore it there, then move the record with export_record "
            "and import_record."
        )
    from_later = set(manifest["migrations"]) - _known_migrations()
    if from_later:
        raise Refused(
            f"The backup was made by release {manifest['release']}, which is later than this one "
            f"({settings.RELEASE}). Install that release first. This one does not know: "
            f"{', '.join(sorted(from_later)[:3])}."
        )


def _refuse_what_is_not_empty() -> None:
    filled = [table for table in _tables() if table not in MADE_BY_MIGRATE and _has_rows(table)]
    if filled:
        raise Refused(
            "The database is not empty, and a backup is restored into an empty place only. "
            f"It holds rows in {', '.join(filled[:3])}{' and others' if filled[3:] else ''}. "
            "Set DATABASE_URL to a new database."
        )


def _put_back_files(files: Path) -> None:
    """Each bears the digest of what it holds, and so harms none that is there."""
    if files.is_dir():
        shutil.copytree(files, settings.MEDIA_ROOT, dirs_exist_ok=True)


# The database


def _tables() -> Iterable[str]:
    return sorted(connection.introspection.table_names())


def _has_rows(table: str) -> bool:
    with connection.cursor() as cursor:
        name = connection.ops.quote_name(table)
        cursor.execute(f"SELECT 1 FROM {name} LIMIT 1")  # noqa: S608 - a name of the database's own
        return cursor.fetchone() is not None


def _applied() -> Iterable[tuple[str, str]]:
    return MigrationRecorder(connection).applied_migrations()


def _known_migrations() -> set[str]:
    return {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}


def _run(program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's own programs on the configured database."""
    path = shutil.which(program)
    if path is None:
        raise Refused(f"{program} is missing: install postgresql-client of the server's release.")
    given = connection.settings_dict
    address = {
        "PGHOST": given["HOST"],
        "PGPORT": str(given["PORT"]),
        "PGUSER": given["USER"],
        "PGPASSWORD": given["PASSWORD"],
        "PGDATABASE": given["NAME"],
    }
    environment = os.environ | {name: value for name, value in address.items() if value}
    done = subprocess.run(  # noqa: S603 - arguments of ours, and no shell
        [path, *arguments], env=environment, capture_output=True, text=True
    )
    if done.returncode:
        raise Refused(f"{program} failed: {done.stderr.strip()}")


# Files


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _to_disk(path: Path) -> None:
    """What is not on the disk is lost with the power."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
