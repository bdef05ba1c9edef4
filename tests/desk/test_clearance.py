"""What editors propose and publishers decide, on the one page that shows what becomes public."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from rounds.models import Round
from tests import factories
from tests.desk.conftest import of_group
from tests.desk.forms import decide, decision, errors, filled
from tradeinit.desk.models import Proposal
from tradeinit.publication import log
from tradeinit.publication.models import Publication

ROUNDS = "/admin/rounds/round/"


def change(row) -> str:
    return f"/admin/{row._meta.app_label}/{row._meta.model_name}/{row.pk}/change/"


def told(row) -> list[tuple[str, str]]:
    entries = Publication.objects.filter(uid=row.uid).in_order()
    return list(entries.values_list("action", "reason"))


@pytest.fixture
def other_publisher(db: None) -> Client:
    return of_group("publishers", "another publisher")


@pytest.fixture
def reader(db: None) -> Client:
    return of_group("readers", "a reader")


@pytest.fixture
def drafted(db: None) -> Round:
    """A draft round with a draft outcome, and a draft of what it cites."""
    case = factories.initiative(title="The case")
    met = factories.round(public=False, initiative=case, label="Round in May", slug="round-in-may")
    factories.citation(record=met, document=factories.document(public=False, title="The text"))
    chapter = factories.chapter(initiative=case)
    factories.outcome(public=False, round=met, chapter=chapter, summary="Good progress.")
    return met


# Clearing


def test_the_page_offers_the_drafts_below_and_those_that_are_named(publisher, drafted):
    page = publisher.get("/admin/decide/clear/", {"row": f"rounds:{drafted.uid}"}).context

    assert sorted(row.resource for _ref, row, _address, _taken in page["offered"]) == [
        "documents",
        "outcomes",
    ]
    assert page["stops"] == []


def test_the_page_shows_exactly_what_becomes_public_and_writes_nothing(publisher, drafted):
    before = (Publication.objects.count(), drafted.history.count())

    page = publisher.get("/admin/decide/clear/", {"row": f"rounds:{drafted.uid}"})

    shown = {
        telling.entry.resource: {name: value for name, value, _before in telling.facts}
        for telling in page.context["told"]
    }
    assert sorted(shown) == ["documents", "outcomes", "rounds"]
    assert shown["outcomes"]["summary"] == "Good progress."
    assert (Publication.objects.count(), drafted.history.count()) == before

    decide(publisher, "clear", drafted)

    body = log.bodies([drafted.uid])[drafted.uid]
    assert body["label"] == shown["rounds"]["label"] == "Round in May"
    assert Publication.objects.count() == before[0] + 3


def test_the_preview_is_the_page_as_the_public_will_see_it(publisher, drafted):
    row = f"rounds:{drafted.uid}"
    before = Publication.objects.count()

    preview = publisher.get("/admin/decide/clear/preview/", {"row": row}).content.decode()
    chinese = publisher.get(
        "/admin/decide/clear/preview/", {"row": row, "language": "zh-hant"}
    ).content.decode()

    assert "Round in May" in preview
    assert "Good progress." in preview
    assert 'lang="zh-Hant"' in chinese
    assert Publication.objects.count() == before
    assert Client().get(drafted.get_absolute_url()).status_code == 404
    decide(publisher, "clear", drafted)
    public = Client().get(drafted.get_absolute_url()).content.decode()
    note = preview.index('<p class="preview-note">')
    main = preview[preview.index("</p>", note) + 4 :].partition("<footer")[0]
    shown = public.partition('<main id="content"')[2].partition(">")[2].partition("<footer")[0]
    assert main.split() == shown.split() != []


def test_what_stops_a_clearance_is_said_in_words_and_nothing_is_published(publisher, drafted):
    form = decision(publisher, "clear", drafted, **{"with": []})

    response = publisher.post("/admin/decide/clear/", form)

    assert response.context["stops"] == [
        f"{drafted} names “The text”, which is not public by then. Clear it first."
    ]
    assert told(drafted) == []


def test_a_draft_below_a_draft_needs_what_is_above_it(publisher):
    case = factories.initiative(public=False)
    met = factories.round(public=False, initiative=case)

    alone = publisher.post(
        "/admin/decide/clear/", decision(publisher, "clear", met, **{"with": []})
    )
    decide(publisher, "clear", met)

    assert alone.context["stops"] == [
        "Nothing becomes public by this: something above it is still a draft."
    ]
    assert (told(case), told(met)) == ([("published", "")], [("published", "")])


def test_a_fact_without_a_source_is_published_only_by_who_has_seen_that(publisher):
    met = factories.round(public=False)
    form = decision(publisher, "clear", met)
    del form["seen"]

    asked = publisher.post("/admin/decide/clear/", form)
    publisher.post("/admin/decide/clear/", {**form, "seen": "on"})

    assert asked.context["asks"] == [f"{met}: names no source."]
    assert asked.context["form"].errors["seen"] == ["Say that you have seen this."]
    assert told(met) == [("published", "")]


def test_a_withheld_name_in_the_words_of_a_round_stops_it(publisher, drafted):
    person = factories.person(name="Jane Doe", public=False)
    seat = factories.initiative_party(initiative=drafted.initiative)
    factories.participation(
        public=False,
        round=drafted,
        initiative_party=seat,
        person=person,
        role="delegate",
        name_as_listed="Jane Doe",
    )
    publisher.post(change(drafted), filled(publisher, change(drafted), summary="Jane Doe spoke."))

    page = publisher.get("/admin/decide/clear/", {"row": f"rounds:{drafted.uid}"}).context

    assert [words for words in page["stops"] if "Jane Doe in its words" in words] != []


def test_a_customs_territory_at_the_table_needs_the_standing_clause(publisher):
    case = factories.initiative(public=False, policy_basis="")
    party = factories.party(kind="customs_territory")
    factories.initiative_party(public=False, initiative=case, party=party)

    page = publisher.get("/admin/decide/clear/", {"row": f"initiatives:{case.uid}"}).context

    assert page["stops"] == [
        f"{case}: has a customs territory at the table and needs its standing clause."
    ]


def test_an_embargo_is_set_on_the_clock_of_the_office(publisher, drafted, settings):
    settings.OFFICE_TIME_ZONE = "Asia/Taipei"

    decide(publisher, "clear", drafted, at="2100-05-01T09:00")

    assert Round.objects.get().public_from == datetime(2100, 5, 1, 1, tzinfo=UTC)
    assert Client().get(drafted.get_absolute_url()).status_code == 404
    decide(publisher, "hold", drafted)
    assert Round.objects.get().public_from is None
    assert Publication.objects.filter(uid=drafted.uid).count() == 0


# Where the clocks change by an hour, at another hour, and by half an hour.
@pytest.mark.parametrize(
    ("zone", "at"),
    [
        ("Europe/London", "2100-10-31T01:30"),
        ("Europe/London", "2100-03-28T01:30"),
        ("America/New_York", "2100-11-07T01:30"),
        ("America/New_York", "2100-03-14T02:30"),
        ("Australia/Lord_Howe", "2100-04-04T01:45"),
        ("Australia/Lord_Howe", "2100-10-03T02:15"),
        ("Europe/London", "2020-01-01T09:00"),
        ("Europe/London", "soon"),
    ],
)
def test_an_hour_that_comes_twice_or_never_or_has_passed_is_refused(
    publisher, drafted, settings, zone, at, trust
):
    settings.OFFICE_TIME_ZONE = zone

    response = decide(publisher, "clear", drafted, at=at)

    assert response.status_code == 400
    assert "at" in response.context["form"].errors
    assert told(drafted) == []
    trust(6, "an hour that comes twice and one that never comes, in 3 zones: refused")


def test_a_confirmation_holds_only_for_what_was_shown(publisher, drafted):
    form = decision(publisher, "clear", drafted)
    publisher.post(change(drafted), filled(publisher, change(drafted), summary="Added since."))

    response = publisher.post("/admin/decide/clear/", form)

    assert "changed since you looked" in str(response.context["form"].errors)
    assert told(drafted) == []


# Withdrawing


def test_withdrawing_shows_what_goes_with_it_and_asks_for_the_reason(publisher):
    met = factories.round(label="Wrong round")
    outcome = factories.outcome(round=met)

    page = publisher.get("/admin/decide/withdraw/", {"row": f"rounds:{met.uid}"}).context
    without = decide(publisher, "withdraw", met)

    assert {telling.row for telling in page["told"]} == {met, outcome}
    assert without.status_code == 400
    assert told(met) == [("published", "")]


def test_withdrawing_tells_the_reason_for_it_and_for_what_was_below_and_can_be_undone(publisher):
    met = factories.round()
    outcome = factories.outcome(round=met)

    decide(publisher, "withdraw", met, reason="Entered twice.")

    withdrawn = [("published", ""), ("withdrawn", "Entered twice.")]
    assert (told(met), told(outcome)) == (withdrawn, withdrawn)
    page = Client().get(met.get_absolute_url())
    assert page.status_code == 410
    assert "Entered twice." in page.content.decode()

    decide(publisher, "reinstate", met)

    assert [action for action, _reason in told(met)] == ["published", "withdrawn", "published"]
    assert Client().get(met.get_absolute_url()).status_code == 200


# Who may what


def test_an_editor_asks_what_a_proposal_would_tell_and_what_stops_it(editor):
    case = factories.initiative(public=False, policy_basis="")
    party = factories.party(kind="customs_territory")
    factories.initiative_party(public=False, initiative=case, party=party)

    page = editor.get("/admin/decide/clear/", {"row": f"initiatives:{case.uid}"})
    asked = editor.post(
        "/admin/decide/clear/",
        {"row": f"initiatives:{case.uid}", "look": "Show what it would tell"},
    )

    assert "Show what it would tell" in page.content.decode()
    assert (page.context["told"], page.context["stops"]) == ([], [])
    assert [telling.row for telling in asked.context["told"]][:1] == [case]
    assert asked.context["stops"] == [
        f"{case}: has a customs territory at the table and needs its standing clause."
    ]


def test_an_editor_may_look_before_saying_why(editor):
    met = factories.round()
    asked = {"row": f"rounds:{met.uid}"}

    looked = editor.post("/admin/decide/withdraw/", {**asked, "look": "Show"})
    unsaid = editor.post("/admin/decide/withdraw/", {**asked, "confirm": "Propose"})

    assert (looked.status_code, looked.context["form"].errors) == (200, {})
    assert [telling.row for telling in looked.context["told"]] == [met]
    assert unsaid.context["form"].errors == {"reason": ["Say why: the public reads it."]}


def test_an_editor_proposes_and_a_publisher_clears_what_was_proposed(editor, publisher, drafted):
    proposed = decide(editor, "clear", drafted, reason="Ready.")

    assert proposed.status_code == 302
    assert told(drafted) == []
    proposal = Proposal.objects.get()
    page = publisher.get(proposal.decision_address)
    form = {**decision(publisher, "clear", drafted), "shown": page.context["shown"]}
    publisher.post(proposal.decision_address, form)
    assert told(drafted) == [("published", "")]
    proposal.refresh_from_db()
    assert (proposal.state, str(proposal.decided_by)) == ("accepted", "a publisher")


def test_an_editors_correction_of_what_is_public_waits_for_a_publisher(editor, publisher):
    met = factories.round(label="First round", venues=["Taipei"])
    form = filled(
        editor,
        change(met),
        **{"label": "Second round", "venues-0-city": "Tainan", "change_reason": "Misprint."},
    )

    response = editor.post(change(met), form, follow=True)

    assert [str(m)[:9] for m in response.context["messages"]] == ["Proposed:"]
    assert (Round.objects.get().label, told(met)) == ("First round", [("published", "")])
    proposal = Proposal.objects.get()
    shown = publisher.get(proposal.decision_address)
    assert {(one.label, one.stored, one.offered) for one in shown.context["conflict"]} >= {
        ("Label", "First round", "Second round")
    }
    accepted = publisher.post(proposal.decision_address, proposal.data.dict())
    assert accepted.status_code == 302
    assert told(met) == [("published", ""), ("corrected", "Misprint.")]
    assert Round.objects.get().cities == ["Tainan"]
    proposal.refresh_from_db()
    assert proposal.state == "accepted"


def test_a_correction_proposed_on_an_older_version_is_shown_beside_the_newer_one(editor, publisher):
    met = factories.round(label="First round")
    form = filled(editor, change(met), label="Second round", change_reason="Misprint.")
    editor.post(change(met), form)
    publisher.post(
        change(met), filled(publisher, change(met), label="Launch round", change_reason="So said.")
    )
    proposal = Proposal.objects.get()

    shown = publisher.get(proposal.decision_address)
    refused = publisher.post(proposal.decision_address, proposal.data.dict())

    (found,) = shown.context["conflict"]
    assert (found.before, found.stored, found.offered) == (
        "First round",
        "Launch round",
        "Second round",
    )
    assert refused.status_code == 200
    assert Round.objects.get().label == "Launch round"


def test_an_editor_saves_a_draft_at_once(editor, drafted):
    response = editor.post(change(drafted), filled(editor, change(drafted), label="Named anew"))

    assert response.status_code == 302
    assert Round.objects.get().label == "Named anew"
    assert not Proposal.objects.exists()


def test_a_reader_changes_proposes_and_decides_nothing(reader, drafted):
    answers = [
        reader.post(change(drafted), {}).status_code,
        reader.get("/admin/decide/clear/", {"row": f"rounds:{drafted.uid}"}).status_code,
        reader.get("/admin/decide/clear/preview/", {"row": f"rounds:{drafted.uid}"}).status_code,
        reader.get(change(drafted)).status_code,
    ]

    assert answers == [403, 403, 403, 200]


def test_who_may_not_do_a_thing_is_told_so_on_a_page_of_the_desk(reader):
    refused = reader.get("/admin/auth/user/")

    assert (refused.status_code, refused.context["groups"]) == (403, ["readers"])


def test_a_proposal_can_be_declined_with_a_remark(editor, publisher, drafted):
    decide(editor, "clear", drafted)
    proposal = Proposal.objects.get()

    publisher.post(
        f"/admin/tradeinit/proposal/{proposal.pk}/change/", {"remark": "Wait for the text."}
    )

    proposal.refresh_from_db()
    assert (proposal.state, proposal.remark) == ("declined", "Wait for the text.")
    assert told(drafted) == []


def test_with_two_persons_nobody_clears_what_they_wrote(
    publisher, other_publisher, drafted, settings
):
    settings.TWO_PERSON_CLEARANCE = True
    publisher.post(change(drafted), filled(publisher, change(drafted), label="Mine"))

    own = decide(publisher, "clear", drafted)
    decide(other_publisher, "clear", drafted)

    assert [words.partition(": ")[2] for words in own.context["stops"]] == [
        "You wrote it since it was last cleared, so somebody else must clear it."
    ]
    assert told(drafted) == [("published", "")]


def test_with_two_persons_a_publishers_correction_is_proposed_and_withdrawing_is_not(
    publisher, other_publisher, settings
):
    settings.TWO_PERSON_CLEARANCE = True
    met = factories.round(label="First round")
    form = filled(publisher, change(met), label="Second round", change_reason="Misprint.")

    publisher.post(change(met), form)
    proposal = Proposal.objects.get()
    publisher.post(proposal.decision_address, proposal.data.dict())
    assert told(met) == [("published", "")]
    other_publisher.post(proposal.decision_address, proposal.data.dict())
    assert told(met) == [("published", ""), ("corrected", "Misprint.")]
    decide(publisher, "withdraw", met, reason="All wrong.")
    assert told(met)[-1] == ("withdrawn", "All wrong.")


def test_the_form_of_a_record_neither_publishes_nor_sets_an_embargo(publisher, drafted):
    form = filled(
        publisher, change(drafted), public_from_0="2023-05-01", public_from_1="09:00", label="X"
    )

    response = publisher.post(change(drafted), form)

    assert response.status_code == 302
    assert Round.objects.get().public_from is None


def test_a_correction_still_asks_an_editor_for_its_reason(editor):
    met = factories.round(label="First round")

    response = editor.post(change(met), filled(editor, change(met), label="Second round"))

    assert errors(response) == ["Say why: the change corrects what the public has been told."]
    assert not Proposal.objects.exists()


def test_what_stops_a_decision_is_said_above_it_too(publisher):
    met = factories.round()
    outcome = factories.outcome(round=met, public=False, result="", wording="Wide open.")
    form = decision(publisher, "clear", outcome)

    refused = publisher.post("/admin/decide/clear/", form)

    page = refused.content.decode()
    assert refused.context["form"].non_field_errors() == ["Something stops it, as said below."]
    assert f"{outcome.chapter}: Wide open.</a>" in page
    assert '<span class="quiet">outcome</span>' in page
    assert told(outcome) == []
