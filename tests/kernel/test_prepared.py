"""SQL that is written once answers each question as if it had been written for it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from rounds.models import Round, Session
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
    prepared.forget()

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


def test_what_is_joined_and_what_is_found_besides_is_read_with_it(
    django_assert_num_queries: Any,
) -> None:
    host = factories.initiative_party()
    case = host.initiative
    cited = factories.document(initiative=case)
    for slug in ("first", "second", "third"):
        met = factories.round(slug=slug, initiative=case, host=host if slug == "first" else None)
        factories.venue(round=met, city=f"City of {slug}")
        factories.citation(record=met, document=cited, locator=slug)

    # Rounds, their venues and their citations.
    with clock.held(), django_assert_num_queries(3):
        rows = prepared.question(_of_case, case=case.pk).rows()
        found = [
            (
                row.slug,
                row.initiative.slug,
                row.host and row.host.party.name,
                row.cities,
                [passage.document.slug for passage in row.cited_passages],
                [passage.locator for passage in row.cited_passages],
                [venue.round for venue in row.venues.all()] == [row],
            )
            for row in rows
        ]

    assert found == [
        ("first", case.slug, host.party.name, ["City of first"], [cited.slug], ["first"], True),
        ("second", case.slug, None, ["City of second"], [cited.slug], ["second"], True),
        ("third", case.slug, None, ["City of third"], [cited.slug], ["third"], True),
    ]


def _of_case(case: Any) -> Any:
    return Round.objects.public().filter(initiative=case).for_list().order_by("slug")


def test_what_many_lead_to_is_found_for_each(django_assert_num_queries: Any) -> None:
    case = factories.initiative()
    goods, services = (
        factories.chapter(initiative=case, name=name) for name in ("Goods", "Services")
    )
    met = factories.round(initiative=case)
    for title, chapters in (("A", [goods, services]), ("B", [goods]), ("C", [])):
        factories.session(round=met, title=title, chapters=chapters)

    # Sessions, their chapters, the venues of the round, and citations.
    with clock.held(), django_assert_num_queries(4):
        rows = prepared.question(
            lambda pk: Session.objects.filter(round=pk).for_list().order_by("title"), pk=met.pk
        ).rows()
        found = [[str(chapter) for chapter in row.chapters.all()] for row in rows]

    assert found == [["Goods", "Services"], ["Goods"], []]


def test_what_is_asked_together_comes_apart_in_the_order_of_each(
    django_assert_num_queries: Any,
) -> None:
    for number in range(30):
        factories.round(slug=f"round-{number:02}", label=f"Round {number % 7}")

    def asked(*order: str) -> prepared.Prepared:
        public = Round.objects.public().order_by(*order).values_list("slug", "label")
        return prepared.ask(order, public.all, {})

    orders = [("-slug",), ("label", "slug"), ("slug",)]
    found = [asked(*order) for order in orders]
    apart = [[tuple(row) for row in one.tuples()] for one in found]
    with clock.held(), django_assert_num_queries(1):
        together = [[tuple(row) for row in rows] for rows in prepared.together(found)]

    assert together == apart
    assert [len(rows) for rows in together] == [30, 30, 30]
    assert prepared.together([]) == []


def test_what_knows_more_than_it_is_given_is_refused() -> None:
    slug = "first"

    with pytest.raises(ValueError, match="knows more"):
        prepared.question(lambda: Round.objects.filter(slug=slug))


def plans_kept() -> tuple[bool, int] | None:
    """Whether any is, and how often one was made anew; SQLite keeps none."""
    if connection.vendor == "sqlite":
        return None
    plans = "SELECT sum(generic_plans) > 0, sum(custom_plans) FROM pg_prepared_statements"
    with connection.cursor() as cursor:
        cursor.execute(plans)
        return cursor.fetchone()


def test_of_what_is_asked_often_postgresql_makes_no_plan_for_a_single_time() -> None:
    for _ in range(4):
        slugs("first")

    assert plans_kept() == {"postgresql": (True, 0), "sqlite": None}[connection.vendor]


def test_of_too_many_forms_none_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepared, "MOST", 3)
    for number in range(1, 8):
        slugs(*map(str, range(number)))

    assert len(prepared._known) <= 3


def test_what_is_asked_past_django_fails_as_with_django() -> None:
    with transaction.atomic():
        with pytest.raises(DatabaseError), transaction.atomic():
            prepared.rows_of(connection, "SELECT 1 FROM nowhere")

        assert prepared.rows_of(connection, "SELECT 1 WHERE 1 < %s", [2]) == [(1,)]

        transaction.set_rollback(True)
        with pytest.raises(transaction.TransactionManagementError):
            prepared.rows_of(connection, "SELECT 1")
