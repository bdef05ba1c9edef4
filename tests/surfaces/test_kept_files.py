"""The office's own copies of documents: read by the public once the document is, and not before."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import IntegrityError
from django.test import Client

from mandates.models import Document
from tests import factories

pytestmark = pytest.mark.django_db

WORDS = "The parties agreed."


def with_file(**fields: Any) -> Document:
    return factories.document(slug="agreed", **factories.kept_text(WORDS), **fields)


def test_the_file_of_a_public_document_is_given_to_be_kept_and_never_shown(client: Client) -> None:
    with_file()

    answer: Any = client.get("/documents/agreed/file/")

    assert b"".join(answer.streaming_content).decode() == WORDS
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="agreed.txt"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    again = client.get("/documents/agreed/file/", headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304


def test_page_and_api_lead_to_the_file_and_name_its_digest(client: Client) -> None:
    row = with_file()

    told = client.get("/api/v1/documents/agreed/").json()
    page = client.get("/documents/agreed/").content.decode()

    assert (told["file"], told["sha256"]) == ("/documents/agreed/file/", row.sha256)
    assert 'href="/documents/agreed/file/">The copy kept here (plain text)</a>' in page
    assert row.sha256 in page


@pytest.mark.parametrize("fields", [{"public": False}, {"public_from": factories.FUTURE}])
def test_before_its_document_is_public_there_is_no_file(
    client: Client, fields: dict[str, Any]
) -> None:
    with_file(**fields)

    hidden, never = client.get("/documents/agreed/file/"), client.get("/documents/nothing/file/")

    assert (hidden.status_code, never.status_code) == (404, 404)
    assert hidden.content == never.content.replace(b"/nothing/", b"/agreed/")
    assert WORDS not in hidden.content.decode()


def test_with_its_document_the_file_is_withdrawn_and_says_why(client: Client) -> None:
    factories.withdraw(with_file(), reason="It was a draft.")

    gone = client.get("/documents/agreed/file/")

    assert gone.status_code == 410
    assert "It was a draft." in gone.content.decode()


def test_a_document_without_a_file_has_none(client: Client) -> None:
    factories.document(slug="agreed")

    assert client.get("/documents/agreed/file/").status_code == 404
    assert client.get("/api/v1/documents/agreed/").json()["file"] is None


def test_what_is_withheld_has_no_file() -> None:
    with pytest.raises(IntegrityError):
        with_file(withheld=True, withheld_reason="Until it is signed.")


def test_a_file_that_was_lost_or_changed_is_noticed(capsys: pytest.CaptureFixture[str]) -> None:
    row = with_file()
    call_command("verify_record")
    kept = Path(settings.MEDIA_ROOT) / row.sha256[:2] / f"{row.sha256}.txt"
    kept.write_text("Something else.")

    with pytest.raises(CommandError):
        call_command("verify_record")
    kept.write_text(WORDS)

    assert "documents agreed: its file is missing, or not what" in capsys.readouterr().err
