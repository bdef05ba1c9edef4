"""What tells a reader that nothing changed: it moves with what is public, and with nothing else."""

from collections.abc import Callable
from datetime import datetime
from types import SimpleNamespace

import pytest
from django.test import Client

from rounds.models import Round
from tests import factories
from tests.kernel.reading import day, instant
from tradeinit import clock
from tradeinit.middleware import validators
from tradeinit.publication import log
from tradeinit.publication.gate import writing

pytestmark = pytest.mark.django_db

ADDRESSES = (
    "/api/v1/rounds/",
    "/api/v1/rounds/open-round/",
    "/api/v1/rounds/hidden-round/",
    "/api/v1/rounds.csv",
    "/api/v1/documents/",
    "/api/v1/initiatives/",
)


@pytest.fixture
def world() -> SimpleNamespace:
    with day(0), writing():
        case = factories.initiative()
        return SimpleNamespace(
            case=case,
            open=factories.round(initiative=case, slug="open-round", venues=["Taipei"]),
            draft=factories.round(initiative=case, slug="hidden-round", public=False),
            embargoed=factories.round(initiative=case, public_from=instant(5)),
            document=factories.document(public=False),
            chapter=factories.chapter(initiative=case, public=False),
        )


def edit_draft(world: SimpleNamespace) -> None:
    factories.edit(world.draft, summary="Written anew.")


def edit_embargoed(world: SimpleNamespace) -> None:
    factories.edit(world.embargoed, summary="Written anew.")


def move_embargo(world: SimpleNamespace) -> None:
    factories.edit(world.embargoed, public_from=instant(3))


def draft_again(world: SimpleNamespace) -> None:
    factories.edit(world.embargoed, public_from=None)


def set_embargo(world: SimpleNamespace) -> None:
    factories.edit(world.draft, public_from=instant(4))


def withdraw_embargoed(world: SimpleNamespace) -> None:
    factories.withdraw(world.embargoed)


def add_venue_and_source(world: SimpleNamespace) -> None:
    factories.venue(round=world.draft)
    factories.citation(record=world.draft, document=world.document)


def relate(world: SimpleNamespace) -> None:
    with writing():
        world.document.chapters.add(world.chapter)


def create_drafts(world: SimpleNamespace) -> None:
    factories.round(initiative=world.case, public=False)
    factories.outcome(round=world.open, chapter=world.chapter, result="progress")
    factories.mandate(initiative=world.case, public=False)


def delete_draft(world: SimpleNamespace) -> None:
    with writing():
        world.draft.delete()


def edit_nothing(world: SimpleNamespace) -> None:
    factories.edit(world.open, summary="")


@pytest.mark.parametrize(
    "edit",
    [
        edit_draft,
        edit_embargoed,
        move_embargo,
        draft_again,
        set_embargo,
        withdraw_embargoed,
        add_venue_and_source,
        relate,
        create_drafts,
        delete_draft,
        edit_nothing,
    ],
)
def test_a_hidden_edit_changes_no_byte_of_any_answer(
    world: SimpleNamespace, client: Client, edit: Callable[[SimpleNamespace], None]
) -> None:
    before, tip = answers(client, instant(2)), tip_at(instant(2))

    with day(1):
        edit(world)

    assert answers(client, instant(2)) == before
    assert tip_at(instant(2)) == tip


def correct(world: SimpleNamespace) -> None:
    factories.edit(world.open, summary="Written anew.")


def correct_part(world: SimpleNamespace) -> None:
    factories.venue(round=world.open, city="Tainan")


def publish(world: SimpleNamespace) -> None:
    factories.edit(world.draft, public_from=instant(1))


def withdraw(world: SimpleNamespace) -> None:
    factories.withdraw(world.open)


@pytest.mark.parametrize("edit", [correct, correct_part, publish, withdraw])
def test_a_public_edit_moves_the_validators_of_every_answer(
    world: SimpleNamespace, edit: Callable[[SimpleNamespace], None]
) -> None:
    with day(1) as first:
        etag, modified = validators(first, log.tip(clock.now()))

    with day(1):
        edit(world)

    with day(1, seconds=1) as later:
        now_etag, now_modified = validators(later, log.tip(clock.now()))
    assert now_etag != etag
    assert now_modified > modified


def test_validators_move_at_the_instant_of_an_embargo_and_not_before(
    world: SimpleNamespace,
) -> None:
    seen = []
    for seconds in (-2, -1, 0, 1):
        with day(5, seconds=seconds) as now:
            seen.append(validators(now, log.tip(clock.now()))[0])

    assert seen[0] == seen[1] != seen[2] == seen[3]


def test_an_answer_that_has_not_changed_is_not_sent_again(
    world: SimpleNamespace, client: Client
) -> None:
    with day(2):
        etag = client.get("/api/v1/rounds/")["ETag"]
    with day(2, hours=1):
        again = client.get("/api/v1/rounds/", headers={"if-none-match": etag})
    with day(5):
        lifted = client.get("/api/v1/rounds/", headers={"if-none-match": etag})

    assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)
    assert lifted.status_code == 200
    assert len(lifted.json()["results"]) == 2


@pytest.mark.parametrize(("second", "left"), [(0, 60), (1, 59), (59, 1)])
def test_every_public_life_ends_at_the_next_whole_minute(
    client: Client, second: int, left: int
) -> None:
    with clock.at(datetime.fromisoformat(f"2023-01-04T17:00:{second:02}Z")):
        response = client.get("/api/v1/rounds/")

    assert sorted(response["Cache-Control"].split(", ")) == [f"max-age={left}", "public"]


def answers(client: Client, now: datetime) -> dict[str, tuple]:
    """Status, body and all headers of each address."""
    found = {}
    with clock.at(now):
        for address in ADDRESSES:
            response = client.get(address)
            found[address] = (response.status_code, response.getvalue(), dict(response.items()))
    assert Round.objects.filter(slug="open-round").exists()
    assert found["/api/v1/rounds/open-round/"][0] == 200
    assert found["/api/v1/rounds/hidden-round/"][0] == 404
    return found


def tip_at(now: datetime) -> tuple | None:
    with clock.at(now):
        return log.tip(clock.now())
