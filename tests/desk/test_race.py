"""Eight at once, by every path that the desk has, on one version of one round."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client

from rounds.admin import RoundAdmin
from rounds.models import Import, Round
from tests import factories
from tests.desk.forms import decision, filled
from tests.importing.sheet import rounds
from tradeinit.publication.current import Conflict
from tradeinit.publication.gate import writing

ROUNDS = "/admin/rounds/round/"
TOLD = (
    "omebody has changed this",
    "omebody has changed the record",
    "changed since you looked",
    "has changed since the dry run was shown",
)


def signed_in() -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(get_user_model().objects.get(username="staff"))
    return client


def by_form(row: Round, entry: str, value: str) -> Callable[[], str]:
    client, place = signed_in(), f"{ROUNDS}{row.pk}/change/"
    form = filled(client, place, **{entry: value})
    return lambda: outcome(client.post(place, form))


def by_list(row: Round) -> Callable[[], str]:
    client = signed_in()
    form = {
        "form-TOTAL_FORMS": "1",
        "form-INITIAL_FORMS": "1",
        "form-0-id": str(row.pk),
        "form-0-state": "held",
        "form-0-version": str(row.version),
        "_save": "Save",
    }
    return lambda: outcome(client.post(ROUNDS, form))


def by_decision(row: Round) -> Callable[[], str]:
    client = signed_in()
    form = decision(client, "clear", row)
    return lambda: outcome(client.post("/admin/decide/clear/", form))


def by_import(row: Round) -> Callable[[], str]:
    """A sheet that knows more of the round: tried before, recorded now."""
    client = signed_in()
    line = {"title": row.label, "start_date": str(row.start), "mode": "by video"}
    sheet = rounds({**line, "initiative": row.initiative.title, "parties": "North; South"})
    given = SimpleUploadedFile(sheet.name, sheet.content)
    place = client.post("/admin/rounds/import/add/", {"sheets": given}).url

    def save() -> str:
        client.post(place, {"record": "1"})
        if Import.objects.get().recorded:
            return "saved"
        return outcome(client.get(place))

    return save


def by_script(row: Round, words: str) -> Callable[[], str]:
    """As a command writes: the row was read, then changed."""
    read = Round.objects.get(pk=row.pk)

    def save() -> str:
        try:
            with writing():
                read.summary = words
                read.save()
        except Conflict:
            return "told"
        return "saved"

    return save


def outcome(response: Any) -> str:
    if response.status_code == 302:
        return "saved"
    page = response.content.decode()
    return "told" if any(words in page for words in TOLD) else f"lost: {response.status_code}"


@pytest.mark.django_db(transaction=True)
def test_of_eight_savers_by_six_paths_one_wins_and_the_others_are_told(
    monkeypatch: pytest.MonkeyPatch, trust: Callable[[int, str], None]
) -> None:
    monkeypatch.setattr(RoundAdmin, "list_editable", ("state",))
    factories.staff()
    row = factories.round(public=False, label="Begun", state="announced", venues=["Taipei"])
    savers = [
        by_import(row),
        by_form(row, "label", "One"),
        by_form(row, "label", "Two"),
        by_form(row, "venues-0-city", "Tainan"),
        by_form(row, "venues-0-city", "Kaohsiung"),
        by_list(row),
        by_decision(row),
        by_script(row, "One."),
    ]

    by_sheet, *others = at_once(savers)

    # An import reads the round and writes it under one lock. It is never stale: what it adds to
    # the winner's version takes nothing of it away.
    assert {by_sheet, *others} <= {"saved", "told"}
    assert others.count("saved") <= 1
    saved = [by_sheet, *others].count("saved")
    stored = Round.objects.get(pk=row.pk)
    assert saved >= 1
    assert (stored.version, stored.history.count()) == (row.version + saved, 1 + saved)
    assert (stored.mode == "virtual") == (by_sheet == "saved")
    kept = [
        stored.label != "Begun",
        stored.cities != ["Taipei"],
        stored.state != "announced",
        stored.public_from is not None,
        stored.summary == "One.",
    ]
    assert kept.count(True) == others.count("saved")
    trust(
        18, "8 at once on one round, by form, row below, list, decision, import and command: 1 won"
    )


def at_once(savers: list[Callable[[], Any]]) -> list[Any]:
    together = Barrier(len(savers))

    def run(save: Callable[[], Any]) -> Any:
        together.wait()
        try:
            return save()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(savers)) as pool:
        return list(pool.map(run, savers))


@pytest.mark.django_db(transaction=True)
def test_of_the_same_form_sent_eight_times_at_once_one_row_is_made(
    trust: Callable[[int, str], None],
) -> None:
    factories.staff()
    case = factories.initiative()
    client = signed_in()
    form = filled(
        client,
        f"{ROUNDS}add/",
        initiative=str(case.pk),
        label="Once",
        slug="once",
        kind="full_round",
        state="announced",
    )
    clients = [signed_in() for _ in range(8)]

    found = at_once(
        [lambda client=client: client.post(f"{ROUNDS}add/", form) for client in clients]
    )

    assert [answer.status_code for answer in found] == [302] * 8
    assert Round.objects.count() == 1
    trust(18, "one form sent 8 times at once: 1 row")
