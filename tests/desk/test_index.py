"""The first page of the desk: what needs whoever looks."""

from datetime import UTC, date, datetime

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from rounds.models import ActionItem
from tests import factories
from tradeinit import clock
from tradeinit.desk import records

TODAY = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def case(db: None):
    return factories.initiative(title="The case")


def panel(client: Client, title: str):
    with clock.at(TODAY):
        found = client.get("/admin/").context["panels"]
    return next(one for one in found if one.title.startswith(title))


def lines(found) -> list[str]:
    return [str(what) for what, _when, _where in found.lines]


def test_it_shows_the_rounds_that_come_and_leads_to_a_list_of_just_these(clerk, case):
    coming = factories.round(
        initiative=case, start=date(2026, 3, 10), end=None, state="announced", label="Coming"
    )
    factories.round(initiative=case, start=date(2026, 2, 1), end=None, state="held")
    factories.round(initiative=case, start=date(2027, 2, 1), end=None, state="announced")

    found = panel(clerk, "Rounds coming up")

    assert (found.count, lines(found)) == (1, [str(coming)])
    with clock.at(TODAY):
        listed = clerk.get(found.address).context["cl"].result_list
    assert list(listed) == [coming]


def test_it_shows_what_is_overdue_and_ones_own_items_first(clerk, case):
    staff = get_user_model().objects.get(username="staff")
    late = factories.undertaking(
        initiative=case, round=None, expected_from=date(2026, 1, 1), wording="They meet."
    )
    factories.undertaking(initiative=case, round=None, expected_from=date(2026, 9, 1))
    for text, owner in (("Theirs", None), ("Mine", staff)):
        ActionItem.objects.create(text=text, initiative=case, owner=owner, due=date(2026, 3, 3))

    assert lines(panel(clerk, "Next steps overdue")) == [str(late)]
    assert lines(panel(clerk, "Action items due")) == ["Mine", "Theirs"]


def test_it_shows_chapters_long_silent_and_not_those_that_are_settled(clerk, case):
    silent, heard, settled = (
        factories.chapter(initiative=case, name=name) for name in ("Silent", "Heard", "Settled")
    )
    for chapter, value, day in (
        (silent, "text_tabled", date(2024, 1, 1)),
        (heard, "text_tabled", date(2026, 2, 1)),
        (settled, "concluded", date(2024, 1, 1)),
    ):
        factories.statement(initiative=None, chapter=chapter, value=value, effective_on=day)

    assert lines(panel(clerk, "Chapters long silent")) == [str(silent)]


def test_it_shows_embargoes_on_the_clock_of_the_office(clerk, case, settings):
    settings.OFFICE_TIME_ZONE = "Asia/Taipei"
    factories.round(initiative=case, label="Soon", public_from=factories.FUTURE)

    page = clerk.get("/admin/").content.decode()

    assert "5 January 2100, 01:00 Asia/Taipei" in page


def test_it_counts_drafts_and_facts_without_a_source_for_each_list(clerk, case):
    factories.round(initiative=case, public=False)

    kinds = {kind.name: kind for kind in clerk.get("/admin/").context["kinds"]}

    assert (kinds["Rounds"].drafts, kinds["Rounds"].unsourced) == (1, 1)
    listed = clerk.get(f"{kinds['Rounds'].address}?state_of_publication=unsourced")
    assert listed.context["cl"].result_count == 1


def test_corrections_lead_the_proposals(clerk, case):
    editor = factories.user(username="editor", is_staff=True)
    draft = factories.round(initiative=case, public=False)
    public = factories.round(initiative=case, label="Public")
    factories.proposal(draft, kind="clear", by=editor)
    factories.proposal(public, kind="correct", by=editor)

    found = panel(clerk, "Proposals")

    assert [row.kind for row, _when, _where in found.lines] == ["correct", "clear"]


def test_it_costs_the_same_for_any_number_of_rows(clerk, case):
    def cost() -> int:
        with clock.at(TODAY), CaptureQueriesContext(connection) as asked:
            clerk.get("/admin/")
        return len(asked)

    factories.round(initiative=case, start=date(2026, 3, 10), end=None, state="announced")
    first = cost()
    for n in range(3):
        factories.round(initiative=case, start=date(2026, 3, 11 + n), end=None, state="announced")
        factories.undertaking(initiative=case, round=None, expected_from=date(2026, 1, 1 + n))

    assert cost() <= first + 1 <= 15


def test_a_long_list_counts_the_choices_of_its_filters_when_asked(clerk, monkeypatch):
    factories.document(kind="press_release")
    address = "/admin/mandates/document/"
    short = clerk.get(address).content.decode()
    monkeypatch.setattr(records, "MOST_COUNTED", 0)
    long = clerk.get(address).content.decode()
    asked = clerk.get(f"{address}?_facets=True").content.decode()

    assert "press release (1)" in short
    assert "Show counts" not in short
    assert "press release (1)" not in long
    assert "Show counts" in long
    assert "press release (1)" in asked
