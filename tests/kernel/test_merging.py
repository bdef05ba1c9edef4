"""People and bodies that turned out to be one: both addresses are kept."""

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.test import Client

from mandates.models import Organization
from rounds.models import Participation, Person
from tests import factories
from tradeinit.publication import log
from tradeinit.publication.gate import writing
from tradeinit.publication.merging import merge
from tradeinit.publication.models import Publication

pytestmark = pytest.mark.django_db


def merged(gone, kept, reason: str = "Entered twice.") -> int:
    with writing(reason=reason):
        return merge(gone, kept)


def answer(address: str):
    found = Client().get(address)
    return found.status_code, found.headers.get("Location")


def test_the_old_address_leads_to_the_merged_record_on_page_api_and_uid() -> None:
    gone, kept = factories.person(slug="jane-roe"), factories.person(slug="j-roe")

    merged(gone, kept)

    assert answer("/people/jane-roe/") == (301, "/people/j-roe/")
    assert answer("/zh-hant/people/jane-roe/") == (301, "/zh-hant/people/j-roe/")
    assert answer("/api/v1/people/jane-roe/") == (301, "/api/v1/people/j-roe/")
    assert answer(f"/api/v1/people/{gone.uid}/") == (301, "/api/v1/people/j-roe/")
    assert answer(f"/id/{gone.uid}") == (301, "/people/j-roe/")
    assert answer("/people/j-roe/")[0] == 200
    assert log.withdrawal(gone.uid).reason == f"Merged with “{kept}”."


def test_the_pages_below_a_merged_record_lead_to_those_below_the_other() -> None:
    gone, kept = factories.person(slug="jane-roe"), factories.person(slug="j-roe")

    merged(gone, kept)

    assert answer("/people/jane-roe/versions/") == (301, "/people/j-roe/versions/")
    assert answer("/people/jane-roe/changes/") == (301, "/people/j-roe/changes/")
    assert answer("/people/jane-roe/versions/1/") == (301, "/people/j-roe/versions/")


def test_an_address_leads_on_through_a_second_merger() -> None:
    first, second, third = (factories.organization(slug=slug) for slug in ("a", "b", "c"))
    merged(first, second)
    merged(second, third)

    assert answer("/organizations/a/") == (301, "/organizations/c/")
    assert answer("/organizations/b/") == (301, "/organizations/c/")


def test_where_the_merged_record_is_hidden_again_the_old_address_is_gone() -> None:
    gone, kept = factories.person(slug="a"), factories.person(slug="b")
    merged(gone, kept)
    kept.refresh_from_db()
    with writing(reason="Both were invented."):
        kept.withdrawn_at, kept.withdrawal_reason = kept.public_from, "Both were invented."
        kept.save()

    assert [answer(f"/people/{slug}/") for slug in "ab"] == [(410, None), (410, None)]


def test_whatever_named_the_one_names_the_other_and_the_public_is_told_why() -> None:
    gone, kept = factories.person(), factories.person()
    seat = factories.participation(person=gone, role="head")

    changed = merged(gone, kept)

    assert (changed, Participation.objects.get().person) == (1, kept)
    told = Publication.objects.filter(uid=seat.uid).in_order().values_list("action", "reason")
    assert list(told) == [("published", ""), ("corrected", "Entered twice.")]
    assert list(log.differences()) == []


def test_a_body_that_is_part_of_its_double_stands_on_its_own() -> None:
    gone = factories.organization(name="Ministry")
    kept = factories.organization(name="The Ministry", parent=gone)
    office = factories.organization(name="Office", parent=gone)

    merged(gone, kept)

    kept.refresh_from_db()
    office.refresh_from_db()
    assert (kept.parent, office.parent) == (None, kept)


def test_two_who_sat_at_one_round_in_one_role_are_not_merged_and_nothing_is_written() -> None:
    gone, kept = factories.person(), factories.person()
    met = factories.round()
    for person in (gone, kept):
        factories.participation(round=met, person=person, role="delegate")

    with pytest.raises(ValidationError, match="This person already has this role at the round"):
        merged(gone, kept)

    assert Participation.objects.filter(person=gone).count() == 1


def test_a_draft_that_is_merged_is_deleted_and_its_address_tells_nothing() -> None:
    gone = factories.person(slug="hidden", public=False)
    kept = factories.person()

    merged(gone, kept)

    assert answer("/people/hidden/") == (404, None)
    assert answer(f"/id/{gone.uid}") == (404, None)
    assert Person.objects.count() == 1


def test_what_is_public_is_not_merged_into_a_draft() -> None:
    with pytest.raises(ValidationError, match="is not public"):
        merged(factories.person(), factories.person(public=False))


# In the desk


def signed_in(group: str) -> Client:
    user = factories.user(username=group, is_staff=True)
    user.groups.set(Group.objects.filter(name=group))
    client = Client()
    client.force_login(user)
    return client


def test_a_publisher_merges_two_bodies_and_an_editor_may_not() -> None:
    gone, kept = factories.organization(slug="a"), factories.organization(slug="b")
    address = f"/admin/mandates/organization/{gone.pk}/merge/"
    form = {"into": str(kept.pk), "change_reason": "One and the same."}

    refused = signed_in("editors").post(address, form)
    still = answer("/organizations/a/")
    done = signed_in("publishers").post(address, form)

    assert "only publishers do that" in refused.context["refused"][0]
    assert (still[0], done.status_code) == (200, 302)
    assert answer("/organizations/a/") == (301, "/organizations/b/")
    assert Organization.objects.withdrawn().get() == gone


def test_every_party_body_person_and_document_says_where_it_is_used() -> None:
    seat = factories.participation(person=factories.person(), organization=factories.organization())
    text = factories.document()
    factories.citation(record=seat.round, document=text)
    client = signed_in("readers")

    def used(row) -> list[tuple[str, str]]:
        address = f"/admin/{row._meta.app_label}/{row._meta.model_name}/{row.pk}/uses/"
        found = client.get(address).context["uses"]
        return [(use.kind, str(row)) for use in found for row, _address in use.rows]

    assert used(seat.person) == [("Participations", str(seat))]
    assert used(seat.organization) == [("Participations", str(seat))]
    assert used(text) == [("Rounds", str(seat.round))]
    assert used(seat.initiative_party.party) == [
        ("Parties to initiatives", str(seat.initiative_party))
    ]


def test_of_a_text_that_many_kinds_cite_five_are_named_and_the_others_when_asked_for() -> None:
    case, text = factories.initiative(), factories.document()
    met, later = (factories.round(initiative=case) for _ in range(2))
    chapter, body = factories.chapter(initiative=case), factories.organization()
    once = [case, chapter, body, factories.person(), factories.mandate(initiative=case)]
    for page, cited in enumerate((met, met, later, *once)):
        factories.citation(record=cited, document=text, locator=f"page {page}")
    client = signed_in("readers")

    address = f"/admin/mandates/document/{text.pk}/uses/"
    found = client.get(address).context["uses"]
    asked = client.get(f"{address}?kind=person").context["uses"]

    assert [(use.kind, use.count, bool(use.rows)) for use in found] == [
        ("Rounds", 2, True),
        ("Initiatives", 1, True),
        ("Chapters", 1, True),
        ("Organizations", 1, True),
        ("Mandates", 1, True),
        ("People", 1, False),
    ]
    assert [(use.kind, use.question) for use in found if use.question] == [
        ("People", "kind=person")
    ]
    assert [use.kind for use in asked if use.rows] == ["People"]
