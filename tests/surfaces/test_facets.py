"""What a list's form counts beside its choices, and what it says where nothing is found."""

import re
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from rounds.filters import RoundFilter
from rounds.models import Round
from tests import factories
from tests.surfaces.asking import one_line
from tests.surfaces.cast import Cast
from tradeinit import clock, facets, filters

pytestmark = pytest.mark.django_db


def choices(client: Client, address: str, word: str) -> dict[str, int | None]:
    """The values offered for a word, each with its count, as the page shows them."""
    html = client.get(address).content.decode()
    boxes = re.findall(
        rf'<label[^>]*><input type="checkbox"\s+name="{word}"\s+value="([^"]*)".*?</label>',
        html,
        re.DOTALL,
    )
    counts = re.findall(
        rf'name="{word}"(?:(?!</label>).)*?<span class="choice-count">(\d+)</span>', html, re.DOTALL
    )
    return dict(zip(boxes, [int(count) for count in counts] or [None] * len(boxes), strict=True))


def test_each_choice_says_how_many_rows_it_gives(client: Client, cast: Cast) -> None:
    assert choices(client, "/rounds/", "mode") == {"in_person": 1, "virtual": 1}
    assert choices(client, "/rounds/", "party") == {"alpha-party": 1, "beta-party": 1}
    assert choices(client, "/rounds/", "city") == {"New York": 1, "Taipei": 1}
    assert choices(client, "/chapters/", "status") == {"conceptual": 1, "text_tabled": 1}
    assert choices(client, "/parties/", "member_of") == {"alpha-bloc": 1, "beta-bloc": 1}
    assert choices(client, "/statements/", "initiative") == {
        "alpha-initiative": 3,
        "beta-initiative": 3,
    }


def test_a_choice_is_counted_beside_the_rest_of_the_question_not_beside_its_own_word(
    client: Client, cast: Cast
) -> None:
    asked = "/rounds/?mode=virtual"

    assert choices(client, asked, "mode") == {"in_person": 1, "virtual": 1}
    assert choices(client, asked, "city") == {"New York": 1}


def test_hidden_rows_are_not_counted(client: Client) -> None:
    case = factories.initiative(slug="third")
    round = factories.round(initiative=case, kind="launch")
    factories.round(initiative=case, kind="launch", public=False)
    hidden = factories.chapter(initiative=case, public=False)
    factories.outcome(round=round, chapter=hidden)

    assert choices(client, "/rounds/?initiative=third", "kind") == {"launch": 1}
    assert choices(client, "/rounds/?initiative=third", "chapter") == {}


def test_what_was_asked_stays_on_the_form_where_nothing_bears_it(
    client: Client, cast: Cast
) -> None:
    assert choices(client, "/rounds/?city=Nowhere", "city")["Nowhere"] == 0


def test_several_values_of_a_word_are_ticked_and_can_be_taken_away_one_by_one(
    client: Client, cast: Cast
) -> None:
    html = one_line(client.get("/rounds/?city=Taipei&city=New+York").content.decode())

    assert len(re.findall(r'name="city"[^>]* checked', html)) == 2
    assert 'href="/rounds/?city=New+York"' in html
    assert 'href="/rounds/?city=Taipei"' in html


def test_where_nothing_is_found_each_word_says_what_there_would_be_without_it(
    client: Client, cast: Cast
) -> None:
    response = client.get("/rounds/?mode=virtual&city=Taipei&on=2023-02-15")

    assert [
        (one["name"], one["address"], one["count"]) for one in response.context_data["instead"]
    ] == [
        ("Mode", "/rounds/?city=Taipei&on=2023-02-15", 1),
        ("City", "/rounds/?mode=virtual&on=2023-02-15", 1),
    ]


def test_the_last_word_of_a_long_question_is_tried_too(client: Client) -> None:
    factories.round(
        kind="full_round", mode="virtual", press_access="closed", state="held", number=7
    )
    words = "kind=full_round&mode=virtual&press_access=closed&state=held&number=7"

    response = client.get(f"/rounds/?{words}&city=Nowhere")

    assert [(one["name"], one["address"]) for one in response.context_data["instead"]] == [
        ("City", f"/rounds/?{words}")
    ]


def test_the_title_announces_the_number_of_results(client: Client, cast: Cast) -> None:
    assert "<title> 1 round – TradeInit </title>" in one_line(
        client.get("/rounds/?mode=virtual").content.decode()
    )


def test_of_many_rows_only_their_own_columns_are_counted(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    with CaptureQueriesContext(connection) as few:
        client.get("/rounds/")
    cost = len(few)
    monkeypatch.setattr(facets, "IN_HAND", 1)

    with CaptureQueriesContext(connection) as many:
        client.get("/rounds/")
    less = cost - len(many)

    assert choices(client, "/rounds/", "mode") == {"in_person": 1, "virtual": 1}
    assert choices(client, "/rounds/", "city") == {"New York": None, "Taipei": None}
    # One to see that they are many, one for their cases and one for their codes, in place of one
    # and one for each of the six kinds of choice that lie in other tables. SQLite reads all columns
    # at once, and first asks how many there may be.
    assert less == 4


def test_many_rows_are_counted_as_few_are(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.document(withheld=True, withheld_reason="No reason", language="fr")
    asked = [
        ("/rounds/", "kind"),
        ("/rounds/?mode=virtual", "mode"),
        ("/statements/", "initiative"),
        ("/statements/", "claimed_by"),
        ("/documents/", "withheld"),
        ("/documents/", "language"),
    ]
    few = [choices(client, *each) for each in asked]
    monkeypatch.setattr(facets, "IN_HAND", 0)
    many = [choices(client, *each) for each in asked]
    monkeypatch.setattr(facets, "AT_ONCE", 0)
    very_many = [choices(client, *each) for each in asked]

    assert few == many == very_many
    assert all(few)


def test_of_choices_named_as_often_the_first_by_name_are_offered(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filters, "MAX_CHOICES", 3)
    for name in ("aa-d", "aa-b", "aa-a", "aa-c"):
        factories.round(initiative=factories.initiative(slug=name))
    twice = factories.initiative(slug="zz")
    for number in (1, 2):
        factories.round(initiative=twice, number=number)

    assert choices(client, "/rounds/", "initiative") == {"zz": 2, "aa-a": 1, "aa-b": 1}


@pytest.mark.usefixtures("a_cache")
def test_what_is_counted_of_all_rows_is_kept_until_the_public_is_told_more() -> None:
    # Asks at any instant.
    client = Client()
    lifts = datetime(2030, 1, 1, 12, tzinfo=UTC)
    factories.round(mode="virtual")
    factories.round(mode="virtual", public_from=lifts)
    found = []
    for instant in (lifts - timedelta(seconds=1), lifts):
        with clock.at(instant):
            for size in (10, 11):
                with CaptureQueriesContext(connection) as asked:
                    counted = choices(client, f"/rounds/?page_size={size}", "mode")
                found.append((counted, len(asked)))

    (first, much), (again, little), (then, _much), _same = found

    assert (again, then["virtual"]) == (first, first["virtual"] + 1)
    assert little < much - 5


def test_the_api_counts_nothing(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_args: Any) -> None:
        raise AssertionError

    monkeypatch.setattr(facets, "Counted", refused)

    assert client.get("/api/v1/rounds/").status_code == 200


def test_a_day_later_a_status_is_counted_and_asked_for_anew() -> None:
    chapter = factories.chapter(slug="trade")
    for value, day in (("conceptual", date(2022, 11, 8)), ("consolidating", date(2024, 1, 2))):
        factories.statement(chapter=chapter, value=value, effective_on=day)

    client, found = Client(), {}
    for day in (1, 2):
        with clock.at(datetime(2024, 1, day, 12, tzinfo=UTC)):
            counted = choices(client, "/chapters/", "status")
            asked = client.get("/api/v1/chapters/?status=consolidating").json()["results"]
            found[day] = (counted.get("consolidating", 0), [row["slug"] for row in asked])

    assert found == {1: (0, []), 2: (1, ["trade"])}


# A Saturday. Beside it days on which its week, month, quarter and year begin, and some others.
FEBRUARY = date(2023, 2, 11)
DAYS = [
    (FEBRUARY, "day"),
    (FEBRUARY + timedelta(days=1), "day"),
    (date(2023, 2, 6), "week"),
    (date(2023, 2, 1), "month"),
    (date(2023, 1, 1), "quarter"),
    (date(2023, 1, 1), "year"),
    (date(2022, 10, 1), "quarter"),
    (date(2023, 1, 1), "month"),
    (None, "day"),
]


@pytest.mark.usefixtures("a_cache")
def test_any_period_of_many_rows_is_counted_as_one_of_few(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = factories.initiative(slug="case")
    for place, (start, precision) in enumerate(DAYS):
        kind = ("technical", "launch", "full_round")[place % 3]
        state = "held" if start else "announced"
        factories.round(initiative=case, start=start, precision=precision, kind=kind, state=state)
    days = [day for day, _precision in DAYS if day]
    periods = [f"start_{side}={day}" for side in ("after", "before") for day in days]
    periods += [f"start_after={day}&start_before={FEBRUARY}" for day in days]
    periods += [f"start_after={FEBRUARY}&kind=launch"]

    def counted() -> list[Any]:
        asked = [facets.Counted(asked_of_rounds(period), None) for period in periods]
        found = [(one.total, one.choices()) for one in asked]
        own = ("initiative", "kind", "state")
        return [(total, {word: counts[word] for word in own}) for total, counts in found]

    few = counted()
    monkeypatch.setattr(facets, "IN_HAND", 0)
    with clock.held(), CaptureQueriesContext(connection) as asked:
        many = counted()

    assert many == few
    assert {total for total, _choices in many} == {2, 4, 5, 6, 7, 8, 9, 10}
    # That rows are many, how many there may be, and their columns; and for the kind that is asked
    # beside the period the same as for any question.
    assert len(asked) < 10


def asked_of_rounds(period: str) -> RoundFilter:
    request = SimpleNamespace(etag="of one state of the log")
    return RoundFilter(QueryDict(period), queryset=Round.objects.public(), request=request)


@pytest.mark.usefixtures("a_cache")
def test_a_period_counts_what_is_public_at_the_instant(monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client()
    lifts = datetime(2030, 1, 1, 12, tzinfo=UTC)
    with clock.at(lifts - timedelta(days=1)):
        factories.round(mode="hybrid")
        factories.round(mode="hybrid", public=False)
        factories.round(mode="hybrid", public_from=lifts)
    monkeypatch.setattr(facets, "IN_HAND", 0)
    found = []
    for instant in (lifts - timedelta(seconds=1), lifts):
        with clock.at(instant):
            for day in (12, 13):
                counted = choices(client, f"/rounds/?start_after=2023-01-{day}", "mode")
                found.append(counted["hybrid"])

    assert found == [1, 1, 2, 2]
