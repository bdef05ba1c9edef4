"""The whole record in one file: each list as CSV and as NDJSON, described by Frictionless.

It is written by `manage.py make_bulk`, which a timer runs, and kept under a name that says at which
instant it was true. So it never changes; where one is superseded, or a record in it has been
withdrawn since, it is no longer given.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.conf import settings
from django.http import QueryDict
from django.urls import resolve
from rest_framework import serializers

from tradeinit import clock
from tradeinit.clocks import TODAY
from tradeinit.files import WholeList
from tradeinit.lists import Listing, Question
from tradeinit.publication import registry
from tradeinit.publication.models import Action, Publication
from tradeinit.renderers import CSVRenderer, NDJSONRenderer

STAMP = "%Y%m%dT%H%M%SZ"
NAME = re.compile(r"tradeinit-(\d{8}T\d{6}Z)\.zip")
# Who is in the middle of one may end it while the next is there.
KEPT = 2
TYPES = {
    serializers.IntegerField: {"type": "integer"},
    serializers.BooleanField: {"type": "boolean"},
    serializers.DateTimeField: {"type": "datetime", "format": "any"},
    serializers.DateField: {"type": "date"},
    serializers.UUIDField: {"type": "string", "format": "uuid"},
}
LISTS = (serializers.ListSerializer, serializers.ListField, serializers.ManyRelatedField)


def place() -> Path:
    return settings.VAR_DIR / "bulk"


def latest() -> Path | None:
    """The newest file that may still be given."""
    files = sorted(path for path in place().glob("*.zip") if may_be_given(path))
    return files[-1] if files else None


def may_be_given(path: Path) -> bool:
    """Not if something in it has been taken back since."""
    named = NAME.fullmatch(path.name)
    if not named or not path.is_file():
        return False
    made = datetime.strptime(named[1], STAMP).replace(tzinfo=UTC)
    since = Publication.objects.sealed().filter(action=Action.WITHDRAWN, at__gte=made)
    return not since.exists()


def parts(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while part := file.read(65_536):
            yield part


def make() -> Path:
    """Write the record as it is now; one piece after the other, never the whole in memory."""
    place().mkdir(parents=True, exist_ok=True)
    with clock.held() as instant:
        # Whole seconds, as the name has: what came later in this one is in the next file.
        path = place() / f"tradeinit-{instant.astimezone(UTC):{STAMP}}.zip"
        half = path.with_suffix(".part")
        with ZipFile(half, "w", ZIP_DEFLATED) as file:
            resources = [
                told for listing in listings() for told in _written(file, listing, instant)
            ]
            _add(file, "datapackage.json", [_package(instant, resources)], instant)
        half.replace(path)
    for old in sorted(place().glob("*.zip"))[:-KEPT]:
        old.unlink()
    return path


def listings() -> list[type[Listing]]:
    resources = sorted(model.resource for model in registry.models())
    views: list[Any] = [resolve(f"/api/v1/{name}/").func for name in [*resources, "changes"]]
    return [view.cls for view in views]


def _written(file: ZipFile, listing: Any, instant: datetime) -> Iterator[dict[str, Any]]:
    """Both forms in one pass, so that both hold the same rows; one waits in a file of its own."""
    names = listing.serializer_class.field_names()
    question = Question(listing.serializer_class, names, TODAY, frozenset())
    rows = listing.queryset.select_related(None).prefetch_related(None).order_by("pk")
    whole = WholeList(listing, rows, question, QueryDict(), "", instant)
    with TemporaryFile(dir=place()) as lines:

        def noted() -> Iterator[dict[str, Any]]:
            for answer in whole.answers():
                lines.writelines(NDJSONRenderer().stream(names, [answer]))
                yield answer

        table = (part.encode() for part in CSVRenderer().stream(names, noted()))
        resource = listing.resource()
        yield _described(listing, "csv", _add(file, f"{resource}.csv", table, instant))
        lines.seek(0)
        text = iter(lambda: lines.read(65_536), b"")
        yield _described(listing, "ndjson", _add(file, f"{resource}.ndjson", text, instant))


def _add(file: ZipFile, name: str, content: Any, instant: datetime) -> dict[str, Any]:
    info = ZipInfo(name, instant.astimezone(UTC).timetuple()[:6])
    info.compress_type = ZIP_DEFLATED
    digest, size = hashlib.sha256(), 0
    with file.open(info, "w", force_zip64=True) as target:
        for part in content:
            digest.update(part)
            size += len(part)
            target.write(part)
    return {"path": name, "hash": f"sha256:{digest.hexdigest()}", "bytes": size}


def _described(listing: Any, format: str, told: dict[str, Any]) -> dict[str, Any]:
    name = listing.resource()
    nested = format == "ndjson"
    fields = [
        _field(name, field, nested) for name, field in listing.serializer_class().fields.items()
    ]
    schema: dict[str, Any] = {"fields": fields}
    if any(field["name"] == "created" for field in fields):
        schema["primaryKey"] = "uid"
    common = {
        "name": f"{name}-{format}",
        "title": str(listing.model()._meta.verbose_name_plural),
        "format": format,
        "encoding": "utf-8",
        "schema": schema,
    }
    if nested:
        return common | told | {"mediatype": NDJSONRenderer.media_type}
    return common | told | {"mediatype": "text/csv", "profile": "tabular-data-resource"}


def _field(name: str, field: Any, nested: bool) -> dict[str, Any]:
    """What is a list is one in NDJSON, and a text in CSV."""
    kind = next((kind for of, kind in TYPES.items() if isinstance(field, of)), {"type": "string"})
    if nested and isinstance(field, LISTS):
        kind = {"type": "array"}
    hint = str(field.help_text or field.label or "")
    return {"name": name, **kind, **({"description": hint} if hint else {})}


def _package(instant: datetime, resources: list[dict[str, Any]]) -> bytes:
    package = {
        "profile": "data-package",
        "name": "tradeinit",
        "title": "TradeInit: the public record of trade negotiations",
        "homepage": settings.PUBLIC_BASE_URL,
        "created": instant.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "version": settings.RELEASE,
        "licenses": [{"name": settings.LICENCE}],
        "resources": resources,
    }
    return json.dumps(package, ensure_ascii=False, indent=1).encode() + b"\n"
