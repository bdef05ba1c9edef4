"""Archived instead of deleted."""

import json

import pytest
from django.test import Client

from tests import factories
from tradeinit.publication.models import Publication

pytestmark = pytest.mark.django_db

PEOPLE = "/admin/rounds/person/"
OFFERED = "/admin/autocomplete/?app_label=rounds&model_name=participation&field_name=person&term="


def listed(client: Client, question: str = "") -> list[str]:
    return [row.name for row in client.get(f"{PEOPLE}{question}").context["cl"].result_list]


def offered(client: Client) -> list[str]:
    return [one["text"] for one in json.loads(client.get(OFFERED).content)["results"]]


def test_what_is_archived_is_offered_no_longer_and_stays_public(clerk) -> None:
    seat = factories.participation(person=factories.person(name="Gone"), role="head")
    factories.person(name="Here")
    before = Publication.objects.count()
    chosen = {"_selected_action": [str(seat.person.pk)]}

    clerk.post(PEOPLE, {"action": "archive", **chosen})

    assert (listed(clerk), offered(clerk)) == (["Here"], ["Here"])
    assert listed(clerk, "?archive=archived") == ["Gone"]
    assert Client().get(seat.person.get_absolute_url()).status_code == 200
    assert Publication.objects.count() == before

    clerk.post(f"{PEOPLE}?archive=archived", {"action": "take_out", **chosen})

    assert sorted(listed(clerk)) == ["Gone", "Here"]


def test_a_record_is_archived_where_its_uses_are_shown_and_taken_out_there(clerk, editor) -> None:
    person = factories.person(name="Gone")
    page = f"{PEOPLE}{person.pk}/uses/"

    editor.post(page, {"archive": "Archive"})
    assert (listed(clerk), clerk.get(page).context["is_archived"]) == ([], True)

    editor.post(page, {"take_out": "Take out"})
    assert (listed(clerk), clerk.get(page).context["is_archived"]) == (["Gone"], False)


def test_an_archived_record_can_still_be_opened_and_saved_where_it_is_named(clerk) -> None:
    seat = factories.participation(person=factories.person(), public=False)
    clerk.post(PEOPLE, {"action": "archive", "_selected_action": [str(seat.person.pk)]})

    page = clerk.get(f"/admin/rounds/participation/{seat.pk}/change/")

    assert page.status_code == 200
    assert str(seat.person) in page.content.decode()
