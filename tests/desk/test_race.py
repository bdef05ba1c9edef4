"""Eight at once, by every path that the desk has, on one version of one round."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connections
from django.test import Client

from rounds.admin import RoundAdmin
from rounds.models import Round
from tests import factories
from tests.desk.forms import decision, filled
from tradeinit.publication.current import Conflict
from tradeinit.publication.gate import writing

ROUNDS = "/admin/rounds/round/"
TOLD = ("omebody has changed this", "changed since you looked")


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


def by_script(row: Round, words: str) -> Callable[[], str]:
    """As an import or a command writes: the row was read, then changed."""
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
def test_of_eight_savers_by_five_paths_one_wins_and_the_others_are_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(RoundAdmin, "list_editable", ("state",))
    factories.staff()
    row = factories.round(public=False, label="Begun", state="announced", venues=["Taipei"])
    savers = [
        by_form(row, "label", "One"),
        by_form(row, "label", "Two"),
        by_form(row, "venues-0-city", "Tainan"),
        by_form(row, "venues-0-city", "Kaohsiung"),
        by_list(row),
        by_decision(row),
        by_script(row, "One."),
        by_script(row, "Two."),
    ]
    together = Barrier(len(savers))

    def run(save: Callable[[], str]) -> str:
        together.wait()
        try:
            return save()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(savers)) as pool:
        found = list(pool.map(run, savers))

    assert sorted(found) == ["saved"] + ["told"] * 7, found
    stored = Round.objects.get()
    assert stored.version == row.version + 1
    assert stored.history.count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_the_same_form_sent_eight_times_at_once_one_row_is_made() -> None:
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
    together = Barrier(len(clients))

    def run(client: Client) -> int:
        together.wait()
        try:
            return client.post(f"{ROUNDS}add/", form).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(clients)) as pool:
        found = list(pool.map(run, clients))

    assert found == [302] * 8
    assert Round.objects.count() == 1
