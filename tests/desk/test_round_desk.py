"""The round desk: what a clerk does on the days of a round."""

from datetime import UTC, date, datetime

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from mandates.models import Organization, Statement
from rounds.desk.attendance import read
from rounds.models import ActionItem, Outcome, Participation, Person, Round, Session, Undertaking
from tests import factories
from tests.desk.forms import stale

pytestmark = pytest.mark.django_db


def page(met, name: str) -> str:
    return f"/admin/rounds/round/{met.pk}/{name}/"


def sent(client: Client, address: str, **changes: str) -> dict[str, str]:
    """What the browser would send from the closing day, with some entries changed."""
    entries: dict[str, str] = {}
    for form in client.get(address).context["day"].forms:
        for field in form:
            value = field.value()
            entries[field.html_name] = "" if value is None else str(value)
    return {**entries, "submission": "one", **changes}


def shown(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


@pytest.fixture
def met():
    case = factories.initiative(public=False)
    for name in ("Goods", "Services"):
        factories.chapter(initiative=case, name=name, public=False)
    return factories.round(
        initiative=case,
        public=False,
        label="First round",
        start=date(2023, 1, 14),
        end=date(2023, 1, 17),
        timezone="Asia/Taipei",
        state="held",
    )


# The closing day


def test_chapters_next_steps_and_action_items_are_saved_at_once(clerk, met) -> None:
    goods, services = met.initiative.chapters.order_by("name")
    form = sent(
        clerk,
        page(met, "closing"),
        **{
            f"chapter-{goods.pk}-result": "text_tabled",
            f"chapter-{goods.pk}-wording": "Texts were exchanged.",
            f"chapter-{goods.pk}-status": "text_tabled",
            "new-step-0-wording": "The next round is held in May.",
            "new-step-0-expected_from": "2023-05-01",
            "new-step-0-precision": "month",
            "new-item-0-text": "Book the rooms.",
            "new-item-0-chapter": str(services.pk),
        },
    )

    done = clerk.post(page(met, "closing"), form, follow=True)

    outcome = Outcome.objects.get()
    assert shown(done) == ["3 rows saved."]
    assert (outcome.chapter, outcome.result, outcome.wording) == (
        *(goods, "text_tabled", "Texts were exchanged."),
    )
    said = Statement.objects.get()
    assert (said.value, said.effective_on, outcome.statement) == (
        *("text_tabled", date(2023, 1, 17), said),
    )
    assert Undertaking.objects.get().initiative == met.initiative
    item = ActionItem.objects.get()
    assert (item.chapter, item.owner.username) == (services, "staff")
    drafts = [Outcome, Statement, Undertaking]
    assert [model.objects.exclude(public_from=None).count() for model in drafts] == [0, 0, 0]


def test_saving_it_unchanged_writes_nothing(clerk, met) -> None:
    factories.outcome(
        round=met, chapter=met.initiative.chapters.first(), public=False, result="discussed"
    )

    done = clerk.post(page(met, "closing"), sent(clerk, page(met, "closing")), follow=True)

    assert shown(done) == ["0 rows saved."]
    assert [Outcome.objects.get().version, Undertaking.objects.count()] == [1, 0]


def test_an_older_page_is_refused_with_both_versions_and_nothing_is_saved(clerk, met) -> None:
    goods, services = met.initiative.chapters.order_by("name")
    factories.outcome(round=met, chapter=goods, public=False, result="discussed", wording="A")
    wording = f"chapter-{goods.pk}-wording"
    stale = sent(clerk, page(met, "closing"), **{
        wording: "Mine", f"chapter-{services.pk}-result": "discussed", "submission": "two",
    })  # fmt: skip
    clerk.post(page(met, "closing"), sent(clerk, page(met, "closing"), **{wording: "Theirs"}))

    refused = clerk.post(page(met, "closing"), stale)

    [difference] = refused.context["day"].conflict
    assert (difference.stored, difference.offered) == ("Theirs", "Mine")
    assert [outcome.wording for outcome in Outcome.objects.all()] == ["Theirs"]


def test_the_same_page_sent_twice_is_saved_once(clerk, met) -> None:
    form = sent(clerk, page(met, "closing"), **{"new-item-0-text": "Book the rooms."})
    clerk.post(page(met, "closing"), form)

    again = clerk.post(page(met, "closing"), form, follow=True)

    assert shown(again) == ["1 rows saved.", "This form was sent twice; it was saved once."]
    assert ActionItem.objects.count() == 1


def test_an_editor_cannot_change_what_is_public_here(clerk) -> None:
    outcome = factories.outcome(result="discussed", wording="As told.")
    user = factories.user(username="editor", is_staff=True)
    user.groups.set(Group.objects.filter(name="editors"))
    editor = Client()
    editor.force_login(user)
    address = page(outcome.round, "closing")
    form = sent(
        editor,
        address,
        **{f"chapter-{outcome.chapter_id}-wording": "Otherwise.", "change_reason": "Misheard."},
    )

    refused = editor.post(address, form)

    assert "only publishers do that" in refused.context["refused"][0]
    assert Outcome.objects.get().wording == "As told."


@pytest.mark.parametrize("name", ["closing", "attendance", "agenda", "frame"])
def test_a_page_that_is_only_opened_complains_of_nothing(clerk, met, name: str) -> None:
    opened = clerk.get(page(met, name)).content.decode()

    assert "errorlist" not in opened
    assert "errornote" not in opened


def test_plain_staff_see_none_of_these_pages(met) -> None:
    client = Client()
    client.force_login(factories.user(username="plain", is_staff=True))
    pages = ("closing", "attendance", "agenda", "frame")

    assert [client.get(page(met, name)).status_code for name in pages] == [403] * 4


# Attendance


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Jane Roe; Director; Ministry", ("Jane Roe", "Director", "Ministry", "delegate")),
        ("Ms. Jane Roe\tDeputy head\tMOFA", ("Jane Roe", "Deputy head", "MOFA", "deputy_head")),
        ("Jane Roe, Chief, Law, MOFA", ("Jane Roe", "Chief, Law", "MOFA", "delegate")),
        ("Jane Roe", ("Jane Roe", "", "", "delegate")),
    ],
)  # fmt: skip
def test_lines_of_a_delegation_list(line: str, expected: tuple[str, ...]) -> None:
    found = read(line)

    assert (found.name, found.title, found.body, found.role) == expected


def test_a_pasted_list_is_compared_with_the_record_and_entered_as_drafts(clerk, met) -> None:
    seat = factories.initiative_party(initiative=met.initiative, public=False)
    known = factories.person(name="Terry McCartin", sort_name="McCartin, Terry")
    near = factories.person(name="Jane Rowe", sort_name="Rowe, Jane")
    body = factories.organization(name="Ministry of Trade", abbreviation="MOT")
    lines = (
        "McCartin, Terry\nJane Roe; Director; Ministry of Trades\nMr. Terry McCartin; Head; MOT\n"
    )
    paste = {"party": str(seat.pk), "lines": lines, "submission": "x"}

    compared = clerk.post(page(met, "attendance"), {**paste, "look": "1"})

    found = [line for _i, line in compared.context["lines"]]
    assert [(line.name, line.person, line.near, line.organization) for line in found[1:]] == [
        ("Jane Roe", None, [near], None),
        ("Terry McCartin", known, [], body),
    ]
    assert found[1].near_bodies == [body]

    seats = {"count": "2"}
    for i, (name, person, chosen) in enumerate(
        [("Jane Roe", "new", "new"), ("Terry McCartin", str(known.pk), str(body.pk))]
    ):
        seats |= {
            f"{i}-keep": "on",
            f"{i}-name": name,
            f"{i}-title": "Director",
            f"{i}-body": "Office of Services",
            f"{i}-person": person,
            f"{i}-organization": chosen,
            f"{i}-role": "delegate",
        }
    done = clerk.post(page(met, "attendance"), {**paste, **seats, "enter": "1"}, follow=True)

    assert shown(done) == ["2 entered as drafts."]
    rows = Participation.objects.order_by("order")
    assert [(row.person.name, row.organization.name, row.public_from) for row in rows] == [
        ("Jane Roe", "Office of Services", None),
        ("Terry McCartin", "Ministry of Trade", None),
    ]
    assert Person.objects.get(name="Jane Roe").sort_name == "Roe, Jane"
    assert Organization.objects.get(name="Office of Services").public_from is None


# The agenda, and a round in the frame of the last


def test_a_session_is_entered_in_the_time_of_the_place_and_stands_in_the_grid(clerk, met) -> None:
    goods = met.initiative.chapters.get(name="Goods")
    form = {
        "title": "Goods, part one",
        "kind": "chapter_group",
        "chapters": [str(goods.pk)],
        "day": "2023-01-15",
        "begins": "09:00",
        "ends": "12:30",
        "room": "A1",
    }

    clerk.post(page(met, "agenda"), form)
    clerk.post(page(met, "agenda"), {**form, "title": "Another", "begins": "10:00"})

    assert Session.objects.first().starts == datetime(2023, 1, 15, 1, tzinfo=UTC)
    grid = clerk.get(page(met, "agenda")).context["grid"]
    assert len(grid.days) == 4
    assert [
        [len(sessions) for sessions in days] for chapter, days in grid.rows if chapter == goods
    ] == [[0, 2, 0, 0]]
    assert len(grid.clashes) == 2


def test_a_time_that_the_clock_shows_twice_is_refused(clerk, met) -> None:
    dublin = factories.round(
        initiative=met.initiative, public=False, timezone="Europe/Dublin", start=date(2023, 10, 29)
    )
    form = {"title": "T", "kind": "plenary", "day": "2023-10-29", "begins": "01:30", "room": ""}

    refused = clerk.post(page(dublin, "agenda"), form)

    assert "The clock is changed" in refused.context["form"].errors["begins"][0]
    assert Session.objects.count() == 0


def test_a_new_round_takes_the_frame_and_the_agenda_of_the_last(clerk, met) -> None:
    factories.session(
        round=met,
        public=False,
        title="Plenary",
        starts=datetime(2023, 1, 14, 1, tzinfo=UTC),
        ends=datetime(2023, 1, 14, 2, tzinfo=UTC),
        timezone="Asia/Taipei",
    )
    form = {"label": "Second round", "number": "2", "start": "2023-05-02", "sessions": "on"}

    clerk.post(page(met, "frame"), form)

    made = Round.objects.get(label="Second round")
    assert (made.initiative, made.state, made.timezone, made.public_from) == (
        *(met.initiative, "planned", "Asia/Taipei", None),
    )
    assert [session.starts for session in made.sessions.all()] == [
        datetime(2023, 5, 2, 1, tzinfo=UTC)
    ]


# A fresh password


def test_correcting_an_outcome_wants_a_fresh_password_and_the_entries_come_back(clerk) -> None:
    met = factories.round()
    goods = factories.chapter(initiative=met.initiative, name="Goods")
    factories.outcome(round=met, chapter=goods, result="discussed", wording="A")
    place = page(met, "closing")
    wording = f"chapter-{goods.pk}-wording"
    form = sent(clerk, place, **{wording: "B", "change_reason": "Misread."})
    stale(clerk)

    asked = clerk.post(place, form)
    proved = clerk.post(asked.url, {"password": factories.PASSWORD, "next": place})
    back = clerk.get(proved.url)

    assert asked.url.startswith("/admin/account/reauthenticate/")
    assert Outcome.objects.get().wording == "A"
    assert b">B</textarea>" in back.content.replace(b"\n", b"")
    assert b"Look at your entries and save again." in back.content
    assert clerk.post(place, {**form, "submission": "again"}).status_code == 302
    assert Outcome.objects.get().wording == "B"


# A session that has ended


def signed_in_again(clerk: Client, place: str, form: dict) -> str:
    """What the page shows after a form was sent too late and its sender signed in again."""
    clerk.logout()
    asked = clerk.post(place, form)
    clerk.post(asked.url, {"username": "staff", "password": factories.PASSWORD})
    return " ".join(clerk.get(place).content.decode().split())


def test_a_session_sent_too_late_comes_back_filled(clerk, met) -> None:
    goods = met.initiative.chapters.get(name="Goods")
    form = {"title": "Goods, part one", "chapters": [str(goods.pk)], "day": "2023-01-15"}

    back = signed_in_again(clerk, page(met, "agenda"), {**form, "begins": "09:00"})

    assert 'value="Goods, part one"' in back
    assert 'value="09:00"' in back
    assert f'<option value="{goods.pk}" selected>' in back
    assert Session.objects.count() == 0


def test_a_frame_sent_too_late_comes_back_filled(clerk, met) -> None:
    form = {"label": "Second round", "start": "2023-05-02", "venues": "on"}

    back = signed_in_again(clerk, page(met, "frame"), form)

    assert 'value="Second round"' in back
    assert 'value="2023-05-02"' in back
    assert 'name="venues" id="id_venues" checked' in back
    assert Round.objects.count() == 1


@pytest.mark.parametrize("refused", [False, True])
def test_seats_sent_too_late_or_refused_come_back_as_they_were_chosen(
    clerk, met, refused: bool
) -> None:
    seat = factories.initiative_party(initiative=met.initiative, public=False)
    near = factories.person(name="Jane Rowe", sort_name="Rowe, Jane")
    form = {
        "party": str(seat.pk),
        "lines": "Jane Roe; Director; Office of Services\nJohn Doe",
        "enter": "1",
        "count": "2",
        "0-keep": "on",
        "0-name": "" if refused else "Jane Row",
        "0-title": "Head of services",
        "0-body": "Office of Services",
        "0-person": str(near.pk),
        "0-organization": "new",
        "0-role": "head",
        "0-named": "on",
        "1-name": "John Doe",
        "1-person": "",
        "1-role": "adviser",
    }
    place = page(met, "attendance")

    if refused:
        back = " ".join(clerk.post(place, form).content.decode().split())
    else:
        back = signed_in_again(clerk, place, form)

    assert f'name="0-name" value="{form["0-name"]}"' in back
    assert 'value="Head of services"' in back
    assert f'<option value="{near.pk}" selected> Jane Rowe (near) </option>' in back
    assert '<option value="new" selected>new: Office of Services</option>' in back
    assert back.count('<option value="head" selected>') == 1
    assert back.count('<option value="adviser" selected>') == 1
    assert 'name="0-named" checked' in back
    assert 'name="1-keep" aria-label="Enter John Doe" checked' not in back
    assert Participation.objects.count() == 0


@pytest.mark.parametrize("changed", [{"party": ""}, {"count": "many"}, {"count": ""}])
def test_a_list_that_names_no_party_or_number_enters_nobody(clerk, met, changed: dict) -> None:
    form = {"lines": "Jane Roe", "count": "1", "0-keep": "on", "0-name": "Jane Roe", "enter": "1"}

    clerk.post(page(met, "attendance"), {**form, "0-role": "delegate", **changed})

    assert Participation.objects.count() == 0
