"""What the sample says of its two cases, with which source."""

import csv
import re
from collections import Counter
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from mandates import ledger
from mandates.models import Chapter, Initiative, InitiativeParty, Representation, Statement
from rounds.models import Round
from tests.rollback import once_a_module
from tests.surfaces.asking import body, one_line
from tradeinit.clocks import Clocks
from tradeinit.publication import log, registry
from tradeinit.publication.models import Publication

CASE = "us-taiwan-21st-century-trade"
TAIPEI = "us-taiwan-2023-01-taipei"
FIRST_FIVE = {
    "us-taiwan-trade-facilitation",
    "us-taiwan-good-regulatory-practices",
    "us-taiwan-services-domestic-regulation",
    "us-taiwan-anti-corruption",
    "us-taiwan-small-and-medium-enterprises",
}
TAKEN_UP = {"us-taiwan-agriculture", "us-taiwan-labor", "us-taiwan-environment"}


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample")]


@once_a_module
def sample() -> None:
    call_command("load_sample", verbosity=0)


def standing(on: date | None = None, known: date | None = None) -> dict[str, tuple[Any, str]]:
    """Of each chapter of the first case: its status and on what it rests."""
    chapters = Chapter.objects.filter(initiative__slug=CASE)
    found = ledger.standings("chapter", [row.pk for row in chapters], Clocks(on, known))
    return {row.slug: (found[row.pk].value, str(found[row.pk].basis)) for row in chapters}


def test_every_record_is_public_and_cites_its_source() -> None:
    uncited = {
        str(row)
        for model in registry.models()
        for row in model.objects.public().prefetch_related("citations")
        if not any(citation.locator for citation in row.citations.all())
    }
    public = sum(model.objects.public().count() for model in registry.models())
    made = sum(model.objects.count() for model in registry.models())

    assert uncited == set()
    assert public == made == Publication.objects.sealed().count() > 400


def test_what_the_log_says_is_what_the_rows_say() -> None:
    assert list(log.differences()) == []


def test_every_kind_of_record_has_a_place_in_the_sample() -> None:
    assert [model.resource for model in registry.models() if not model.objects.exists()] == []


def test_the_origin_document_is_recorded_end_to_end() -> None:
    held = Round.objects.get(slug=TAIPEI)
    (venue,) = held.venues.all()
    heads = held.participations.filter(role="head", initiative_party__party__slug="united-states")

    assert (held.start, held.end) == (date(2023, 1, 14), date(2023, 1, 17))
    assert (held.mode, held.press_access) == ("in_person", "closed")
    assert (venue.city, venue.country, venue.venue) == ("Taipei", "Taiwan", "")
    assert [(row.public_name, row.title_as_listed) for row in heads] == [
        ("Terry McCartin", "Assistant United States Trade Representative")
    ]
    assert "announced" in {citation.value for citation in held.citations.filter(field="state")}


def test_the_agencies_named_at_the_close_stand_beside_the_nameless_row_of_the_announcement() -> (
    None
):
    rows = Round.objects.get(slug=TAIPEI).participations.filter(
        role="agency", initiative_party__party__slug="united-states"
    )
    sources = {
        row.organization.slug if row.organization else row.note: {
            citation.document.slug for citation in row.citations.all()
        }
        for row in rows
    }

    assert len([row for row in rows if row.organization]) == 7
    nameless = sources["several other U.S. government agencies"]
    assert "ustr-2023-01-04-taipei-round" in nameless
    assert all(sources.values())


def test_who_acts_for_whom() -> None:
    rows = Representation.objects.filter(initiative_party__initiative__slug=CASE)

    assert {
        (row.initiative_party.party.slug, row.capacity, row.organization.slug) for row in rows
    } == {
        ("united-states", "auspices", "ait"),
        ("united-states", "designated_representative", "ustr"),
        ("taiwan", "auspices", "tecro"),
        ("taiwan", "lead_agency", "otn"),
    }
    assert rows.get(organization__slug="ustr").on_behalf_of.slug == "ait"


def test_on_1_december_2022_no_source_says_where_any_chapter_stands() -> None:
    assert set(standing(date(2022, 12, 1)).values()) == {(None, "unknown")}


def test_on_1_february_2023_five_chapters_have_texts_says_one_side() -> None:
    found = standing(date(2023, 2, 1))

    assert {slug for slug, status in found.items() if status != (None, "unknown")} == FIRST_FIVE
    assert {found[slug] for slug in FIRST_FIVE} == {("text_tabled", "one_sided")}


def test_on_1_july_2023_five_chapters_are_concluded_and_seven_put_off_says_one_side() -> None:
    found = standing(date(2023, 7, 1))

    assert Counter(found.values()) == {("concluded", "agreed"): 5, ("deferred", "one_sided"): 7}
    assert {slug for slug, status in found.items() if status[0] == "concluded"} == FIRST_FIVE


def test_today_three_chapters_of_the_second_agreement_have_texts() -> None:
    found = standing()

    assert Counter(found.values()) == {
        ("concluded", "agreed"): 5,
        ("text_tabled", "agreed"): 3,
        ("deferred", "one_sided"): 4,
    }
    assert {slug for slug, status in found.items() if status[0] == "text_tabled"} == TAKEN_UP


def test_what_was_true_in_july_was_not_all_known_in_february() -> None:
    assert standing(date(2023, 7, 1), known=date(2023, 2, 1)) == standing(date(2023, 2, 1))


def test_every_status_rests_on_statements_that_cite_a_document() -> None:
    uncited = [row for row in Statement.objects.all() if not row.citations.exists()]

    assert uncited == []


def test_a_status_is_told_with_its_sources_on_the_page_and_by_the_api(client: Client) -> None:
    address = "chapters/us-taiwan-digital-trade/?on=2023-07-01"
    (claim,) = client.get(f"/api/v1/{address}").json()["status_claims"]
    named = [source["document"] for source in claim["sources"]]

    assert (claim["value"], claim["claimed_by"]) == ("deferred", "taiwan")
    assert named
    page = client.get(f"/{address}").content.decode()
    assert [slug for slug in named if f"/documents/{slug}/" not in page] == []


def test_chinese_sentences_of_ours_have_the_marks_of_chinese() -> None:
    """A title is a quotation and keeps the marks of its source."""
    half_width = re.compile("[\u4e00-\u9fff][,;:?]|[,;:?][\u4e00-\u9fff]|[(][\u4e00-\u9fff]")
    ours = {
        f"{model.__name__}.{column.name}: {text}"
        for model in registry.models()
        for column in model._meta.concrete_fields
        if column.name.endswith("_zh_hant") and not column.name.startswith("title")
        for text in model._base_manager.values_list(column.name, flat=True)
    }

    assert {text for text in ours if half_width.search(text)} == set()
    assert len(ours) > 60


def test_sides_that_count_rounds_otherwise_stand_side_by_side() -> None:
    numbers = Round.objects.get(slug=TAIPEI).citations.filter(field="number")

    assert Round.objects.get(slug=TAIPEI).number is None
    assert len({citation.value for citation in numbers}) > 1


def test_the_second_case_has_fourteen_parties_one_of_them_outside_a_pillar() -> None:
    ipef = Initiative.objects.exclude(slug=CASE).get()
    india = InitiativeParty.objects.get(initiative=ipef, party__slug="india")

    assert ipef.kind == "plurilateral"
    assert ipef.initiative_parties.count() == 14
    assert any("Pillar" in citation.value for citation in india.citations.all())


def test_the_code_knows_neither_case() -> None:
    root = Path(__file__).resolve().parents[2]
    named = re.compile(r"us-taiwan|21st-century|\bipef\b|tecro|indo-pacific", re.IGNORECASE)
    code = [
        path for app in ("tradeinit", "mandates", "rounds") for path in (root / app).rglob("*.py")
    ]

    assert [
        f"{path.name}: {line.strip()}"
        for path in code
        for line in path.read_text(encoding="utf-8").splitlines()
        if named.search(line) and "e.g." not in line
    ] == []


# The matrix of the first case, on four days

MATRIX = f"/initiatives/{CASE}/matrix/"
API = f"/api/v1{MATRIX}"


def answer(question: str = "") -> dict[str, Any]:
    response = Client().get(API + question)
    assert response.status_code == 200
    return response.json()


def totals(found: dict[str, Any]) -> dict[tuple[str | None, str], int]:
    return {(one["status"], one["basis"]): one["count"] for one in found["totals"]}


def page(address: str) -> str:
    response = Client().get(address)
    assert response.status_code == 200
    return one_line(response.content.decode())


def test_before_the_first_round_nothing_is_recorded_of_any_chapter() -> None:
    found = answer("?on=2022-12-01")

    assert totals(found) == {(None, "unknown"): 11}
    assert [met["slug"] for met in found["meetings"]] == [
        "us-taiwan-2022-06-launch",
        "us-taiwan-2022-06-washington",
        "us-taiwan-2022-07-washington",
        "us-taiwan-2022-11-new-york",
    ]
    assert found["cells"] == []
    assert [one["value"] for one in found["stated"]] == ["eleven trade areas", "eleven trade areas"]


def test_after_the_first_round_five_chapters_have_moved_and_there_is_a_twelfth() -> None:
    found = answer("?on=2023-02-01")

    assert totals(found) == {("text_tabled", "one_sided"): 5, (None, "unknown"): 7}
    moved = [one["slug"] for one in found["chapters"] if one["changed"]]
    assert len(moved) == 5
    assert "us-taiwan-services-domestic-regulation" in moved
    assert {
        (one["round"], one["result"], one["status"], one["claimed_by"]) for one in found["cells"]
    } == {("us-taiwan-2023-01-taipei", "text_tabled", "text_tabled", "united-states")}
    assert all(one["sources"] for one in found["cells"])


def test_after_the_first_agreement_five_are_concluded_and_seven_put_off_by_one_side() -> None:
    found = answer("?on=2023-07-01")

    assert totals(found) == {("deferred", "one_sided"): 7, ("concluded", "agreed"): 5}
    assert "five areas, in English and Chinese" in [one["value"] for one in found["stated"]]


def test_today_three_of_them_have_come_back() -> None:
    found = answer()

    assert totals(found) == {
        ("concluded", "agreed"): 5,
        ("deferred", "one_sided"): 4,
        ("text_tabled", "agreed"): 3,
    }


def test_what_was_known_later_is_not_shown_for_the_day_before() -> None:
    assert totals(answer("?on=2023-05-19&known=2023-05-19")) == {
        ("concluded", "one_sided"): 5,
        (None, "unknown"): 7,
    }


def test_the_page_shows_code_status_side_and_sources_of_a_cell() -> None:
    html = page(f"{MATRIX}?on=2023-02-01")

    assert html.count('<use href="#code-text_tabled"') == 6  # five cells and the key
    assert "As it was on" in html
    assert 'aria-label="Source 1: ' in html
    assert html.count("changed since the last meeting</span>") == 5
    assert "“twelve areas: services domestic regulation was added”" not in html
    assert "“Regulatory practices”" in html


def test_the_page_leads_to_each_day_without_a_script() -> None:
    html = page(MATRIX)

    assert '<a href="?on=2023-01-17"' in html
    assert 'aria-current="date">Today</a>' in html


def test_the_table_has_a_row_for_each_chapter_and_a_column_for_each_meeting() -> None:
    for address in (f"{API}?format=csv&on=2023-02-01", f"{MATRIX}?format=csv&on=2023-02-01"):
        response = Client().get(address)
        rows = list(csv.DictReader(StringIO(body(response).decode())))
        assert response["Content-Type"] == "text/csv; charset=utf-8"
        assert len(rows) == 12
        assert rows[0]["chapter"] == "us-taiwan-trade-facilitation"
        assert rows[0]["us-taiwan-2023-01-taipei"] == "text_tabled"
        assert rows[0]["us-taiwan-2022-06-launch"] == ""
