"""No body names a record that is not public by then: refused, and in words."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from rounds.models import Participation
from tests import factories
from tests.kernel.reading import body, day, entries, instant
from tradeinit.publication import log
from tradeinit.publication.gate import writing

pytestmark = pytest.mark.django_db


def cite(hidden: dict[str, Any]) -> Any:
    with day(1):
        return factories.citation(record=factories.round(), document=hidden["document"])


def list_in_a_relation(hidden: dict[str, Any]) -> Any:
    with day(1):
        return factories.document(chapters=[hidden["chapter"]])


def point_to(hidden: dict[str, Any]) -> Any:
    with day(1):
        return factories.organization(party=hidden["party"])


def point_to_later(hidden: dict[str, Any]) -> Any:
    with day(1):
        row = factories.organization()
        return factories.edit(row, party=hidden["party"])


def lead(hidden: dict[str, Any]) -> Any:
    with day(1):
        return factories.participation(person=hidden["person"], role="head")


def host(hidden: dict[str, Any]) -> Any:
    """The seat is public and the party that sits there is not."""
    with day(1):
        case = factories.initiative()
        seat = factories.initiative_party(initiative=case, party=hidden["party"])
        return factories.round(initiative=case, host=seat)


DIRECTLY = [cite, list_in_a_relation, point_to, point_to_later, lead]
WAYS = [*DIRECTLY, host]


@pytest.mark.parametrize("name", WAYS)
@pytest.mark.parametrize("state", ["draft", "embargoed"])
def test_a_public_record_that_names_a_hidden_one_is_refused_in_words(
    name: Callable, state: str
) -> None:
    hidden = _records(public_from=None if state == "draft" else instant(5))

    with pytest.raises(ValidationError) as refused:
        name(hidden)

    (message,) = refused.value.messages
    assert message.endswith("which is not public by then. Clear it first.")
    with day(2):
        assert list(log.differences()) == []


@pytest.mark.parametrize("name", DIRECTLY)
def test_what_is_withdrawn_may_stay_named(name: Callable) -> None:
    named = _records(public_from=factories.PUBLISHED)
    with day(0, hours=1):
        for row in named.values():
            factories.withdraw(row)

    name(named)

    with day(2):
        assert list(log.differences()) == []


@pytest.mark.parametrize("name", WAYS)
def test_what_was_withdrawn_before_it_was_ever_public_stays_unnamed(name: Callable) -> None:
    hidden = _records(public_from=instant(0, minutes=30))
    with day(0, minutes=1):
        for row in hidden.values():
            factories.withdraw(row)

    with pytest.raises(ValidationError, match="which is not public by then"):
        name(hidden)


def test_nor_can_it_be_withdrawn_while_something_is_about_to_name_it() -> None:
    with day(0):
        chapter = factories.chapter(public_from=instant(3))
        document = factories.document(public_from=instant(3), chapters=[chapter])

    with day(1), pytest.raises(ValidationError, match="which is not public by then"):
        factories.withdraw(chapter)

    assert body(document)["chapters"] == [chapter.slug]


def test_a_draft_may_name_a_draft_and_both_may_be_cleared_in_one_writing() -> None:
    with day(0):
        chapter = factories.chapter(public=False)
        document = factories.document(public=False, chapters=[chapter])

    with day(1), writing():
        for row in (document, chapter):
            row.public_from = instant(4)
            row.save()

    assert body(document)["chapters"] == [chapter.slug]
    assert [entry.at for entry in entries(document)] == [instant(4)]


def test_an_embargoed_record_may_name_one_that_is_public_by_then() -> None:
    with day(0):
        chapter = factories.chapter(public_from=instant(3))
        document = factories.document(public_from=instant(3), chapters=[chapter])

    assert body(document)["chapters"] == [chapter.slug]


@pytest.mark.parametrize("moved_to", [None, instant(4)])
def test_what_is_named_cannot_be_hidden_beyond_the_instant_of_who_names_it(moved_to: Any) -> None:
    with day(0):
        chapter = factories.chapter(public_from=instant(3))
        factories.document(public_from=instant(3), chapters=[chapter])

    with day(1), pytest.raises(ValidationError, match="which is not public by then"):
        factories.edit(chapter, public_from=moved_to)


def test_nor_by_its_parent() -> None:
    with day(0):
        case = factories.initiative(public_from=instant(3))
        chapter = factories.chapter(initiative=case)
        factories.document(public_from=instant(3), chapters=[chapter])

    with day(1), pytest.raises(ValidationError, match="which is not public by then"):
        factories.edit(case, public_from=instant(4))


def test_who_names_cannot_be_lifted_before_what_is_named() -> None:
    with day(0):
        case = factories.initiative(public_from=instant(6))
        chapter = factories.chapter(public_from=instant(5))
        factories.document(initiative=case, chapters=[chapter])

    with day(1), pytest.raises(ValidationError, match="which is not public by then"):
        factories.edit(case, public_from=instant(4))


def test_a_delegate_who_is_not_named_may_be_a_hidden_person() -> None:
    with day(0):
        hidden = factories.person(public=False)
        row = factories.participation(person=hidden, role="delegate", name_as_listed="A. Delegate")

    assert (body(row)["person"], body(row)["name"]) == (None, "")
    with day(1), pytest.raises(ValidationError, match="which is not public by then"):
        factories.edit(row, role="head")
    assert Participation.objects.get().role == "delegate"


def test_a_corrected_name_of_a_person_is_told_of_the_person_alone() -> None:
    with day(0):
        person = factories.person(name="Jon Deng")
        row = factories.participation(person=person, role="head", name_as_listed="John Deng")

    with day(1):
        factories.edit(person, name="John Deng", sort_name="Deng, John")

    with day(2):
        assert list(log.differences()) == []
    assert [entry.action for entry in entries(row)] == ["published"]


def test_nor_does_a_row_without_a_listed_name_repeat_the_name_of_the_person() -> None:
    with day(0):
        person = factories.person(name="Jon Deng")
        row = factories.participation(person=person, role="head")

    with day(1):
        factories.edit(person, name="John Deng", sort_name="Deng, John")

    with day(2):
        assert list(log.differences()) == []
    assert (body(row)["person"], body(row)["name"]) == (person.slug, "")


def _records(**fields: Any) -> dict[str, Any]:
    with day(0), writing():
        return {
            "document": factories.document(**fields),
            "chapter": factories.chapter(**fields),
            "party": factories.party(**fields),
            "person": factories.person(**fields),
        }
