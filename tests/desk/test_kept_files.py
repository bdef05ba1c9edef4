"""A clerk gives a document its file: what is taken, what is refused and what the record says."""

import hashlib
import io
import re
import zipfile
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from mandates import copies
from mandates.models import Document
from tests import factories
from tests.desk.forms import errors, filled, stale
from tradeinit.desk.models import Proposal

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


def test_a_file_for_a_public_document_is_proposed_by_an_editor_and_taken_by_a_publisher(
    editor: Client, publisher: Client
) -> None:
    row = factories.document()
    address = f"/admin/mandates/document/{row.pk}/change/"

    assert sent(editor, row, "text.pdf", PDF, change_reason="Our copy.").status_code == 302

    row.refresh_from_db()
    assert row.file_format == ""
    proposal = Proposal.objects.get()
    shown = publisher.get(proposal.decision_address)
    assert '<option value="pdf" selected>PDF</option>' in shown.content.decode()
    digest = hashlib.sha256(PDF).hexdigest()
    looked_at = publisher.get(f"/admin/mandates/document/file/{digest}/pdf/")
    assert b"".join(looked_at) == PDF

    accepted = filled(publisher, proposal.decision_address)
    assert publisher.post(proposal.decision_address, accepted).status_code == 302

    row.refresh_from_db()
    assert (row.file_format, row.sha256) == ("pdf", digest)
    assert b"".join(Client().get(f"/documents/{row.slug}/file/")) == PDF
    assert filled(publisher, address)["file_format"] == "pdf"


def test_a_refused_form_and_one_that_waits_for_a_password_keep_their_file(
    clerk: Client, publisher: Client
) -> None:
    draft, public = factories.document(public=False), factories.document()
    address = f"/admin/mandates/document/{public.pk}/change/"

    refused = sent(clerk, draft, "text.pdf", PDF, title="")

    assert errors(refused) == ["This field is required."]
    assert refused.context["adminform"].form["file_format"].value() == "pdf"
    stale(publisher)
    assert "reauthenticate" in sent(publisher, public, "text.pdf", PDF, change_reason="Copy.").url
    assert filled(publisher, address)["sha256"] == hashlib.sha256(PDF).hexdigest()


def test_a_form_that_was_sent_after_the_session_had_ended_says_that_its_file_is_lost(
    clerk: Client,
) -> None:
    row, late = factories.document(public=False), Client()
    address = f"/admin/mandates/document/{row.pk}/change/"

    sent_late = filled(clerk, address, upload=SimpleUploadedFile("text.pdf", PDF), title="Text")
    late.post(address, sent_late)
    late.force_login(get_user_model().objects.get(username="staff"))
    form = late.get(address).context["adminform"].form

    assert form["title"].value() == "Text"
    assert form.errors["upload"] == ["The file “text.pdf” was not kept. Choose it again."]


@pytest.mark.parametrize("named", [f"{'0' * 64}/pdf", "secret/pdf", f"{'0' * 64}/exe"])
def test_the_desk_gives_no_file_that_is_not_kept(clerk: Client, named: str) -> None:
    assert clerk.get(f"/admin/mandates/document/file/{named}/").status_code == 404


def test_no_form_names_a_file_that_is_not_there(clerk: Client) -> None:
    row = factories.document(public=False, sha256="0" * 64)
    address = f"/admin/mandates/document/{row.pk}/change/"

    refused = clerk.post(address, filled(clerk, address, file_format="pdf"))

    assert errors(refused) == ["No such file is kept here."]


def test_who_may_only_look_reads_the_document_and_its_file() -> None:
    row = factories.document(public=False, **factories.kept_text("As signed."))
    reader = Client()
    user = factories.user(username="reader", is_staff=True)
    user.groups.add(Group.objects.get(name="readers"))
    reader.force_login(user)

    page = reader.get(f"/admin/mandates/document/{row.pk}/change/")

    assert page.status_code == 200
    html = page.content.decode()
    address = re.search(r'href="(/admin/mandates/document/file/[^"]+)"', html)
    assert address and b"As signed." in b"".join(reader.get(address[1]))
    assert 'type="file"' not in html and "upload" not in html
