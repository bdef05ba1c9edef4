"""SQL that is written once answers each question as if it had been written for it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from rounds.models import Round
from tests import factories
from tradeinit import clock, prepared

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_known() -> Iterator[None]:
    prepared.forget()
    yield
    prepared.forget()


def slugs(*asked: str) -> list[str]:
    found = prepared.ask(
        "rounds",
        lambda slugs: Round.objects.public().filter(slug__in=slugs).order_by("slug"),
        {"slugs": asked},
    )
    return [row.slug for row in found.rows()]


def test_other_values_find_other_rows_by_the_same_sql() -> None:
    factories.round(slug="first")
    factories.round(slug="second")

    found = [slugs("first"), slugs("second"), slugs("none"), slugs("second", "first")]

    assert found == [["first"], ["second"], [], ["first", "second"]]
    assert len(prepared._known) == 2


def test_the_instant_is_that_of_the_question() -> None:
    lifts = datetime(2030, 1, 1, tzinfo=UTC)
    factories.round(slug="ahead", public_from=lifts)

    found = []
    for instant in (lifts - timedelta(microseconds=1), lifts):
        with clock.at(instant):
            found.append(slugs("ahead"))

    assert found == [[], ["ahead"]]


def test_rows_are_read_as_any_others(django_assert_num_queries: Any) -> None:
    told = factories.round(slug="first", start=date(2023, 1, 14))

    (row,) = prepared.ask("all", Round.objects.public, {}).rows()

    with django_assert_num_queries(0):
        assert (row.uid, row.start, row.public_from) == (told.uid, told.start, told.public_from)
        assert row == told
        assert row._state.db == "default"
        assert not row._state.adding


def test_a_column_that_was_left_out_is_read_when_it_is_looked_at() -> None:
    factories.round(slug="first", label="First")

    (row,) = prepared.ask("bare", Round.objects.only("uid").all, {}).rows()

    assert row.get_deferred_fields() >= {"label", "slug"}
    assert row.label == "First"


def test_rows_are_counted() -> None:
    for slug in ("first", "second"):
        factories.round(slug=slug)

    assert prepared.ask("count", Round.objects.public, {}).count() == 2


def test_what_is_joined_is_refused() -> None:
    with pytest.raises(ValueError, match="select_related"):
        prepared.ask("joined", Round.objects.select_related("initiative").all, {})


def test_of_too_many_forms_none_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepared, "MOST", 3)
    for number in range(1, 8):
        slugs(*map(str, range(number)))

    assert len(prepared._known) <= 3
