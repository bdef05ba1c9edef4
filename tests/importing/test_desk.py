"""Importing in the desk, as an editor, and as somebody who may not."""

import io
import re
import zipfile
from datetime import date

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from mandates.models import Initiative, Party
from rounds.importing import sheet
from rounds.models import Import, Round
from tests import factories
from tests.desk.forms import filled, stale
from tests.desk.test_queries import questions
from tests.importing.sheet import csv_file, rounds
from tradeinit.desk.forms import REASON
from tradeinit.desk.models import Proposal
from tradeinit.publication.models import Publication

ADD = "/admin/rounds/import/add/"
ROW = {
    "parties": "US; South",
    "round_number": "1",
    "title": "First round",
    "start_date": "14-17 January 2023",
}

pytestmark = pytest.mark.django_db


def signed_in(*groups: str) -> Client:
    user = factories.user(username="-".join(groups) or "nobody", is_staff=True)
    user.groups.set(Group.objects.filter(name__in=groups))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def editor() -> Client:
    return signed_in("editors")


def upload(client: Client, *files):
    given = [SimpleUploadedFile(file.name, file.content) for file in files]
    return client.post(ADD, {"sheets": given})


def messages(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def test_files_are_tried_first_and_recorded_when_they_were_looked_at(editor) -> None:
    shown = editor.get(upload(editor, rounds(ROW)).url)
    before = Round.objects.count()

    done = editor.post(shown.request["PATH_INFO"], {"record": "1"}, follow=True)

    assert before == 0
    assert "new round “First round”, 14–17 January 2023" in shown.content.decode()
    assert messages(done)[0].startswith("Recorded as drafts. 1 row; made: ")
    assert Round.objects.get().history.get().history_user.username == "editors"
    assert Publication.objects.count() == 0
    assert [bytes(file.content) for file in Import.objects.get().files.all()] == [b""]


def test_the_same_confirmation_sent_twice_records_once(editor) -> None:
    address = upload(editor, rounds(ROW)).url
    editor.post(address, {"record": "1"})

    again = editor.post(address, {"record": "1"}, follow=True)

    assert messages(again)[-1] == "This import was recorded before."
    assert Round.objects.count() == 1


def test_what_changed_since_it_was_shown_is_shown_anew_and_not_recorded(editor) -> None:
    address = upload(editor, rounds(ROW)).url
    factories.initiative(title="Talks", public=False)

    done = editor.post(address, {"record": "1"}, follow=True)

    assert "the record has changed since the dry run was shown" in messages(done)[0]
    assert Round.objects.count() == 0
    assert "new initiative" not in done.content.decode()
    assert editor.post(address, {"record": "1"}).status_code == 302
    assert Round.objects.count() == 1


def test_a_near_name_can_be_said_to_be_the_known_one(editor) -> None:
    factories.party(name="United States", slug="united-states")
    address = upload(editor, rounds(ROW)).url
    [near] = editor.get(address).context["near"]

    editor.post(address, {"look": "1", near["field"]: "united-states"})
    editor.post(address, {"record": "1"})

    assert sorted(Party.objects.values_list("name", flat=True)) == ["South", "United States"]


def test_what_is_public_and_differs_is_one_form_away_from_its_correction(editor) -> None:
    met = factories.round(
        initiative=factories.initiative(title="Talks"),
        label="First round",
        number=1,
        start=date(2023, 1, 14),
        end=None,
    )
    address = upload(editor, rounds(ROW | {"parties": ""})).url

    [([line], form)] = editor.get(address).context["corrections"]
    entries = filled(editor, form)
    editor.post(form, entries)

    assert line.words == (
        "“First round, from 14 January 2023” is cleared and stays as it is, though "
        "end: empty → 2023-01-17. It is corrected at the desk, with a reason."
    )
    assert (entries["end"], entries[REASON]) == ("2023-01-17", "As in rounds.csv, row 2.")
    proposal = Proposal.objects.get()
    assert (proposal.uid, proposal.data["end"]) == (met.uid, "2023-01-17")
    met.refresh_from_db()
    assert met.end is None


def test_cities_and_sources_are_carried_into_the_form_of_a_correction_too(editor) -> None:
    case = factories.initiative(title="Talks")
    met = factories.round(initiative=case, venues=["Lima", "Quito"])
    cited, other = (
        factories.document(address=f"https://example.org/{name}") for name in ("cited", "other")
    )
    factories.citation(record=met, document=cited)
    [line] = sheet.sheets_of(case)["rounds"]
    changed = line | {
        "city": "Cusco; Quito; Loja",
        "source_url": f"{cited.address}; {other.address}",
    }
    address = upload(editor, csv_file("rounds.csv", list(changed), [changed])).url

    [(lines, form)] = editor.get(address).context["corrections"]
    editor.post(form, filled(editor, form))

    assert len(lines) == 3
    data = Proposal.objects.get().data
    assert [data[f"venues-{place}-city"] for place in range(3)] == ["Cusco", "Quito", "Loja"]
    assert [value for name, value in data.items() if name.endswith("-document")] == [
        *(str(cited.pk), str(other.pk)),
    ]
    assert [venue.city for venue in met.venues.all()] == ["Lima", "Quito"]


def test_a_report_asks_as_much_for_many_corrections_as_for_one(editor) -> None:
    case = factories.initiative(title="Talks")
    lines = []
    for number in range(1, 4):
        factories.round(initiative=case, label=f"No. {number}", number=number, mode="virtual")
        lines.append({"round_number": str(number), "title": f"No. {number}", "mode": "hybrid"})
    pages = [upload(editor, rounds(*some)).url for some in (lines[:1], lines)]

    assert [len(editor.get(page).context["corrections"]) for page in pages] == [1, 3]
    assert [questions(editor, page) for page in pages] == [6, 6]


def test_a_name_can_be_said_to_be_another_of_the_same_file_and_that_can_be_undone(editor) -> None:
    others = {**ROW, "parties": "European Union; South", "title": "Second", "round_number": "2"}
    address = upload(editor, rounds(others, {**ROW, "parties": "EU; South"})).url
    [near] = editor.get(address).context["near"]

    editor.post(address, {"look": "1", near["field"]: "european-union"})
    [chosen] = editor.get(address).context["near"]
    editor.post(address, {"look": "1", near["field"]: ""})
    [undone] = editor.get(address).context["near"]
    editor.post(address, {"look": "1", near["field"]: "european-union"})
    editor.post(address, {"record": "1"})

    assert [one["chosen"] for one in (chosen, undone)] == ["european-union", ""]
    assert sorted(Party.objects.values_list("name", flat=True)) == ["European Union", "South"]


def test_mistakes_are_shown_by_row_and_column_and_nothing_can_be_recorded(editor) -> None:
    address = upload(editor, rounds({**ROW, "start_date": "2023-13-45"})).url

    page = editor.get(address).content.decode()
    editor.post(address, {"record": "1"})

    assert "<td>start_date</td>" in page
    assert 'name="record"' not in page
    assert Initiative.objects.count() == 0


def test_an_import_is_taken_back_in_the_desk(editor) -> None:
    address = upload(editor, rounds(ROW)).url
    editor.post(address, {"record": "1"})

    done = editor.post(address, {"take-back": "1"}, follow=True)

    assert messages(done)[-1] == "Taken back: 6 records are as before."
    assert [Round.objects.count(), Initiative.objects.count()] == [0, 0]


def test_who_may_not_enter_records_may_not_import_them() -> None:
    reader = signed_in("readers")
    half = signed_in()
    user = half.get("/admin/").wsgi_request.user
    user.user_permissions.set(Permission.objects.filter(codename__endswith="_import"))

    assert [upload(client, rounds(ROW)).status_code for client in (reader, half)] == [403, 403]
    assert Import.objects.count() == 0


def test_the_record_is_exported_with_its_drafts_to_who_may_see_them(editor) -> None:
    factories.initiative(title="Unreleased", public=False)

    answer = editor.get("/admin/rounds/import/export/")
    refused = signed_in().get("/admin/rounds/import/export/")

    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    assert b"Unreleased" in archive.read("initiatives.json")
    assert b"Unreleased" in archive.read("initiatives.csv")
    assert refused.status_code == 403


def test_a_case_is_had_as_sheets_by_who_may_see_its_drafts(editor) -> None:
    case = factories.initiative(public=False, slug="talks")
    address = f"/admin/rounds/import/sheets/{case.pk}/"

    page = editor.get(address).content.decode()
    files = {
        name: editor.get(f"{address}?file={name}") for name in re.findall(r"file=(.*?)\"", page)
    }

    assert (
        f'href="{address}"'
        in editor.get(f"/admin/mandates/initiative/{case.pk}/change/").content.decode()
    )
    assert {name: answer["Content-Disposition"] for name, answer in files.items()} == {
        name: f'attachment; filename="talks-{name}"'
        for name in ("case.xlsx", "rounds.csv", "chapters.csv")
    }
    assert files["chapters.csv"].content.decode("utf-8-sig") == (
        "initiative,round_number,chapter,status,source_url,uid\r\n"
    )
    assert signed_in().get(address).status_code == 403
    stale(editor)
    assert editor.get(f"{address}?file=case.xlsx").url.startswith("/admin/account/reauthenticate/")


def test_an_export_with_drafts_wants_a_fresh_password(editor) -> None:
    stale(editor)

    asked = editor.get("/admin/rounds/import/export/")

    assert asked.url.startswith("/admin/account/reauthenticate/?next=%2Fadmin%2Frounds%2Fimport")


def test_the_pages_cost_the_same_however_many_imports_there_are(
    editor, django_assert_num_queries
) -> None:
    upload(editor, rounds(ROW))
    editor.get("/admin/rounds/import/")
    # PostgreSQL is asked for the time, once a page.
    queries = 8 if connection.vendor == "postgresql" else 7
    with django_assert_num_queries(queries):
        editor.get("/admin/rounds/import/")
    upload(editor, rounds(ROW), rounds(ROW, name="other.csv"))

    with django_assert_num_queries(queries):
        editor.get("/admin/rounds/import/")
