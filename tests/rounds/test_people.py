"""Who is public by name, and as what."""

import pytest

from rounds.models.people import LEADING, Role
from tests import factories
from tradeinit.publication import log
from tradeinit.publication.gate import writing

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", Role.values)
def test_heads_and_chief_negotiators_are_public_by_name_and_nobody_else(role):
    person = factories.person(name="Terry McCartin")
    seat = factories.participation(person=person, name_as_listed="Terry McCartin", role=role)

    told = log.bodies([seat.uid])[seat.uid]

    shown = role in LEADING
    assert told["name"] == ("Terry McCartin" if shown else "")
    assert told["person"] == (person.slug if shown else None)


def test_others_are_public_by_name_when_marked_so():
    person = factories.person()
    seat = factories.participation(
        person=person, name_as_listed="A. Delegate", role="delegate", named=True
    )

    told = log.bodies([seat.uid])[seat.uid]

    assert (told["name"], told["person"]) == ("A. Delegate", person.slug)


def test_a_person_renamed_later_leaves_what_was_told_of_the_meeting_as_it_was():
    person = factories.person(name="Terry McCartin")
    seat = factories.participation(person=person, name_as_listed="Terry McCartin", role="head")

    with writing(reason="Full name."):
        person.name = "Terrence J. McCartin"
        person.save()

    assert list(log.differences()) == []
    assert log.bodies([seat.uid])[seat.uid]["name"] == "Terry McCartin"


def test_an_empty_name_is_filled_from_the_person_when_the_row_is_checked():
    person = factories.person(name="Terry McCartin")
    seat = factories.participation(person=person, role="head", public=False)

    seat.full_clean()

    assert seat.name_as_listed == "Terry McCartin"
