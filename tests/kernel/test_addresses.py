"""Slugs: one list for the whole site, fixed once a record is cleared."""

import pytest
from django.core.exceptions import ValidationError

from mandates.models import Initiative, Party
from tests import factories
from tests.kernel.reading import body, day, instant
from tradeinit.publication.addresses import free_slug
from tradeinit.publication.gate import writing
from tradeinit.publication.models import Address

pytestmark = pytest.mark.django_db


def test_two_records_of_different_kinds_cannot_share_an_address() -> None:
    with day(0):
        factories.party(slug="taiwan", public=False)

    with day(1), pytest.raises(ValidationError, match="belongs to another record"):
        factories.initiative(slug="taiwan", public=False)

    assert not Initiative.objects.exists()


def test_nor_when_they_are_made_together() -> None:
    with day(0), pytest.raises(ValidationError, match="belongs to another record"), writing():
        factories.party(slug="taiwan")
        factories.initiative(slug="taiwan")

    assert not Party.objects.exists()
    assert not Address.objects.exists()


def test_a_form_is_told_before_it_saves() -> None:
    with day(0):
        factories.party(slug="taiwan", public=False)
    row = Initiative(title="An initiative", slug="taiwan", kind="bilateral")

    with pytest.raises(ValidationError) as refused:
        row.full_clean()

    assert refused.value.message_dict == {
        "slug": ["This address belongs to another record, under parties."]
    }


def test_the_address_of_a_draft_may_change_and_the_old_one_is_free_again() -> None:
    with day(0):
        row = factories.party(slug="taiwan", public=False)

    with day(1):
        factories.edit(row, slug="chinese-taipei")
        other = factories.initiative(slug="taiwan")

    assert dict(Address.objects.values_list("slug", "uid")) == {
        "chinese-taipei": row.uid,
        "taiwan": other.uid,
    }


@pytest.mark.parametrize("public_from", [instant(-1), instant(9)])
def test_an_address_is_fixed_once_the_record_is_cleared(public_from: object) -> None:
    with day(0):
        row = factories.party(slug="taiwan", public_from=public_from)

    with day(1), pytest.raises(ValidationError, match="The address is fixed"):
        factories.edit(row, slug="chinese-taipei")

    assert list(Address.objects.values_list("slug", flat=True)) == ["taiwan"]


def test_the_address_of_a_withdrawn_record_is_not_given_to_another() -> None:
    with day(0):
        factories.withdraw(factories.party(slug="taiwan"))

    with day(1), pytest.raises(ValidationError, match="belongs to another record"):
        factories.initiative(slug="taiwan")


def test_what_lies_below_a_draft_takes_its_new_address() -> None:
    with day(0):
        case = factories.initiative(slug="draft", public=False)
        row = factories.chapter(initiative=case)

    with day(1):
        factories.edit(case, slug="final")
        factories.edit(case, public_from=instant(2))

    assert body(row)["initiative"] == "final"


def test_a_free_slug_is_that_of_no_record_and_given_out_once() -> None:
    with day(0):
        factories.party(slug="taiwan", public=False)

    with day(1), writing():
        given = [free_slug("Taiwan"), free_slug("Taiwan"), free_slug("臺灣", otherwise="party")]
        factories.party(slug=given[0], public=False)

    assert given == ["taiwan-2", "taiwan-3", "party"]
    with day(2), writing():
        assert free_slug("Taiwan") == "taiwan-3"
