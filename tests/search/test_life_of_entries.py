"""From when on a record is found, and until when: the index follows the log to the instant."""

from datetime import timedelta

import pytest
from django.test import Client

from tests import factories
from tests.search.asking import found
from tests.surfaces.cast import NOW
from tradeinit import clock
from tradeinit.publication.gate import writing
from tradeinit.search.models import SearchEntry

pytestmark = pytest.mark.django_db


def test_an_embargoed_record_is_found_from_its_instant_on() -> None:
    later = NOW + timedelta(hours=1)
    with clock.at(NOW):
        factories.round(slug="coming", label="Embargoed talks", public_from=later)

    with clock.at(later - timedelta(microseconds=1)):
        assert found(Client(), "embargoed") == []
    with clock.at(later):
        assert found(Client(), "embargoed") == ["coming"]


def test_a_corrected_record_is_found_by_what_it_says_now() -> None:
    met = factories.round(label="Preliminary talks")
    with writing(reason="Misread."):
        met.label = "Scoping talks"
        met.save()

    assert found(Client(), "preliminary") == []
    assert found(Client(), "scoping") == [met.slug]


def test_a_withdrawn_record_vanishes_with_all_below_it_and_may_come_back() -> None:
    case = factories.initiative(slug="case", title="Vanishing case")
    factories.round(slug="met", initiative=case, label="Vanishing round")

    factories.withdraw(case, reason="Entered in error.")
    gone = found(Client(), "vanishing"), SearchEntry.objects.count()
    with writing():
        case.withdrawn_at, case.withdrawal_reason = None, ""
        case.save()

    assert gone == ([], 0)
    assert found(Client(), "vanishing") == ["case", "met"]


def test_what_is_hidden_is_not_in_the_index_at_all() -> None:
    case = factories.initiative(title="Open", public=False)
    factories.round(initiative=case, label="Below a draft")
    coming = factories.round(label="Drafted again", public_from=factories.FUTURE)
    assert SearchEntry.objects.filter(uid=coming.uid).exists()

    with writing():
        coming.public_from = None
        coming.state = "planned"
        coming.save()

    words = " ".join(SearchEntry.objects.values_list("text", flat=True))
    assert SearchEntry.objects.filter(uid__in=[case.uid, coming.uid]).count() == 0
    assert "draft" not in words


def test_a_deleted_record_under_embargo_leaves_nothing_behind() -> None:
    coming = factories.round(label="Never told", public_from=factories.FUTURE)

    with writing():
        coming.delete()

    assert SearchEntry.objects.filter(uid=coming.uid).count() == 0


def test_a_person_who_is_not_public_by_name_is_not_found() -> None:
    factories.participation(name_as_listed="Quiet Adviser", role="adviser")
    factories.participation(name_as_listed="Loud Head", role="head")

    assert found(Client(), "quiet") == []
    assert len(found(Client(), "loud")) == 1
