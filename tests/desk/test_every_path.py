"""Every way to write leaves each version of each row in the history."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from mandates.models import Chapter, Citation, Document
from rounds.importing.importing import take_back
from rounds.models import Round, Venue
from tests import factories
from tests.desk.forms import decide, filled
from tests.importing.sheet import imported, rounds
from tradeinit.publication import registry
from tradeinit.publication.gate import writing
from tradeinit.publication.models import Part, Publishable

TRACKED: list[Any] = [*registry.models(), *Part.__subclasses__()]


def gaps() -> tuple[int, list[str]]:
    """How many versions there are, and where the history does not have them."""
    counted, found = 0, []
    for model in TRACKED:
        columns = [field.attname for field in model.history.model.tracked_fields]
        past: dict[Any, list[Any]] = {}
        for version in model.history.model.objects.order_by("history_date", "history_id"):
            past.setdefault(version.id, []).append(version)
        rows = {row.pk: row for row in model._base_manager.all()}
        counted += sum(map(len, past.values()))
        for pk, row in rows.items():
            last = (past.get(pk) or [None])[-1]
            if last is None or any(getattr(last, one) != getattr(row, one) for one in columns):
                found.append(f"{model.__name__} {row}: not as in its history")
            elif isinstance(row, Publishable):
                told = [version.version for version in past[pk]]
                if told != list(range(1, row.version + 1)):
                    found.append(f"{model.__name__} {row}: versions {told}")
        gone = past.keys() - rows.keys()
        ends = [f"{model.__name__} {pk}" for pk in gone if past[pk][-1].history_type != "-"]
        found += [f"{one}: its end is not told" for one in ends]
    return counted, found


class Office:
    """A draft round with all around it, and whoever works on it."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.met = factories.round(public=False, label="Begun", venues=["Taipei"])
        self.case = self.met.initiative
        self.chapters = [factories.chapter(initiative=self.case, public=False) for _ in range(2)]

    def send(self, row: Any, **changes: Any) -> None:
        place = f"/admin/{row._meta.app_label}/{row._meta.model_name}/{row.pk}/change/"
        assert self.client.post(place, filled(self.client, place, **changes)).status_code == 302


def by_form(office: Office) -> None:
    office.send(office.met, label="Changed")


def by_row_below(office: Office) -> None:
    office.send(office.met, **{"venues-0-city": "Tainan"})
    office.send(office.met, **{"venues-0-DELETE": "on"})


def by_relation(office: Office) -> None:
    text = factories.document(public=False, initiative=office.case, chapters=office.chapters[:1])
    office.send(text, chapters=[str(office.chapters[1].pk)])


def by_list(office: Office) -> None:
    place = "/admin/mandates/chapter/"
    form: dict[str, str] = {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "2", "_save": "Save"}
    for i, row in enumerate(Chapter.objects.order_by("-pk")):
        form |= {f"form-{i}-id": str(row.pk), f"form-{i}-version": str(row.version)}
        form |= {f"form-{i}-order": str(row.order + 10)}
    assert office.client.post(place, form).status_code == 302
    assert min(Chapter.objects.values_list("order", flat=True)) > 10


def by_decision(office: Office) -> None:
    assert decide(office.client, "clear", office.met).status_code == 302
    assert decide(office.client, "withdraw", office.met, reason="Never so.").status_code == 302
    assert Round.objects.get().withdrawn_at is not None


def by_deletion(office: Office) -> None:
    place = f"/admin/rounds/round/{office.met.pk}/delete/"
    assert office.client.post(place, {"post": "yes"}).status_code == 302
    assert not Round.objects.exists()


def by_many_deletions(office: Office) -> None:
    form = {"action": "delete_selected", "post": "yes"}
    form |= {"_selected_action": [str(row.pk) for row in office.chapters]}
    assert office.client.post("/admin/mandates/chapter/", form).status_code == 302
    assert not Chapter.objects.exists()


def by_merging(office: Office) -> None:
    gone, kept = factories.person(public=False), factories.person(public=False)
    factories.participation(public=False, round=office.met, person=gone)
    form = {"into": str(kept.pk), "change_reason": "The same."}
    place = f"/admin/rounds/person/{gone.pk}/merge/"
    assert office.client.post(place, form).status_code == 302


def by_agenda(office: Office) -> None:
    form = {"title": "Goods", "kind": "plenary", "day": "2023-01-15", "begins": "09:00"}
    place = f"/admin/rounds/round/{office.met.pk}/agenda/"
    assert office.client.post(place, form).status_code == 302


def by_import(office: Office) -> None:
    row = {"initiative": office.case.title, "parties": "North; South", "mode": "by video"}
    imported(rounds({**row, "title": "Begun", "start_date": str(office.met.start)}))
    assert Round.objects.get().mode == "virtual"


def by_import_taken_back(office: Office) -> None:
    take_back(imported(rounds({"parties": "North; South", "title": "Another"})))


def in_bulk(office: Office) -> None:
    with writing():
        Document.objects.bulk_create(
            Document(title=f"Text {n}", slug=f"text-{n}", kind="press_release") for n in range(3)
        )
        Venue.objects.bulk_create([Venue(round=office.met, city="Kaohsiung")])
        text = Document.objects.first()
        Citation.objects.bulk_create([Citation(record=office.met, document=text)])


def by_command(office: Office, folder: Path) -> None:
    call_command("export_record", str(folder), verbosity=0)
    for row in Round.objects.all():
        factories.edit(row, label="Changed since")
    call_command("load_sample", folder=folder, verbosity=0)


@pytest.mark.full
@pytest.mark.django_db
@pytest.mark.parametrize(
    "write",
    [
        *(by_form, by_row_below, by_relation, by_list, by_decision, by_deletion),
        *(by_many_deletions, by_merging, by_agenda, by_import, by_import_taken_back, in_bulk),
    ],
)
def test_every_version_is_in_the_history(
    clerk: Client, write: Callable[[Office], None], trust: Callable[[int, str], None]
) -> None:
    office = Office(clerk)
    before, _gaps = gaps()

    write(office)

    after, missing = gaps()
    assert missing == []
    assert after > before
    trust(20, "12 ways to write at the desk, by import and in bulk: every version in the history")


@pytest.mark.full
@pytest.mark.django_db
def test_what_a_command_writes_is_in_the_history(clerk, tmp_path, trust) -> None:
    office = Office(clerk)

    by_command(office, tmp_path)

    assert gaps()[1] == []
    trust(20, "by command: every version in the history")
