"""A clerk gives a document its file: what is taken, what is refused and what the record says."""

import hashlib
import io
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from mandates import copies
from mandates.models import Document
from tests import factories
from tests.desk.forms import errors, filled

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\nThe parties agreed.\n"


def packed(*members: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for member in members:
            archive.writestr(member, "<x/>")
    return file.getvalue()


def sent(client: Client, row: Document, name: str, content: bytes, **changes: Any) -> Any:
    address = f"/admin/mandates/document/{row.pk}/change/"
    upload = SimpleUploadedFile(name, content)
    return client.post(address, filled(client, address, upload=upload, **changes))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("Text of 17 May.PDF", PDF),
        ("text.docx", packed("[Content_Types].xml", "word/document.xml")),
        ("text.odt", packed("META-INF/manifest.xml", "content.xml")),
        ("談判.txt", "雙方同意。".encode()),
    ],
)
def test_a_file_is_kept_under_its_digest(clerk: Client, name: str, content: bytes) -> None:
    row = factories.document(public=False)

    assert sent(clerk, row, name, content).status_code == 302

    row.refresh_from_db()
    assert row.sha256 == hashlib.sha256(content).hexdigest()
    with copies.opened(row) as file:
        assert file.read() == content


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("text.exe", b"MZ", "Files of this kind are not kept; these are: pdf, docx, odt, txt."),
        ("text", PDF, "Files of this kind are not kept; these are: pdf, docx, odt, txt."),
        ("text.pdf", b"<html>%PDF-", "Its name says PDF, but what it holds is something else."),
        ("text.txt", b"a\0b", "Its name says plain text, but what it holds is something else."),
        ("text.txt", "雙方".encode("big5"), "Its name says plain text, but"),
        ("text.docx", packed("a.txt"), "Its name says Word, but what it holds is something else."),
        ("text.docx", b"PK\x03\x04", "Its name says Word, but what it holds is something else."),
        ("text.pdf", b"", "The submitted file is empty."),
    ],
)
def test_what_is_no_document_is_refused_in_words(
    clerk: Client, name: str, content: bytes, said: str
) -> None:
    row = factories.document(public=False)

    [problem] = errors(sent(clerk, row, name, content))

    assert said in problem
    row.refresh_from_db()
    assert (row.file_format, row.version) == ("", 1)


def test_a_file_that_is_too_large_is_refused(clerk: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr(copies, "LARGEST", len(PDF) - 1)

    assert errors(sent(clerk, factories.document(public=False), "text.pdf", PDF)) == [
        "The file is larger than 0 MB."
    ]


def test_another_file_than_the_one_recorded_is_taken_only_on_purpose(clerk: Client) -> None:
    row = factories.document(public=False, sha256="0" * 64)

    [problem] = errors(sent(clerk, row, "text.pdf", PDF))
    taken = sent(clerk, row, "text.pdf", PDF, sha256="")

    assert "and not the one below" in problem
    assert taken.status_code == 302


def test_a_file_is_taken_away_and_its_versions_keep_it(clerk: Client) -> None:
    row = factories.document(public=False, **factories.kept_text("The parties agreed."))
    address = f"/admin/mandates/document/{row.pk}/change/"

    clerk.post(address, filled(clerk, address, file_format=""))

    row.refresh_from_db()
    assert row.file_format == ""
    with copies.opened(row.history.earliest()) as file:
        assert file.read() == b"The parties agreed."

    filled_with_the_first = filled(clerk, f"{address}?version=1")
    assert clerk.post(address, filled_with_the_first).status_code == 302

    row.refresh_from_db()
    assert row.file_format == "txt"


def test_no_form_names_a_file_that_is_not_there(clerk: Client) -> None:
    row = factories.document(public=False, sha256="0" * 64)
    address = f"/admin/mandates/document/{row.pk}/change/"

    refused = clerk.post(address, filled(clerk, address, file_format="pdf"))

    assert errors(refused) == ["No such file is kept here."]
