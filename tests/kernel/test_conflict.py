"""Two writers of one thing: one wins, the other is told, nothing is lost."""

from collections import Counter
from collections.abc import Callable
from threading import Barrier, Thread
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connections

from mandates.models import Document, Initiative, Party
from rounds.models import Round, Venue
from tests import factories
from tests.kernel.reading import body, day, entries, story
from tradeinit.publication import log
from tradeinit.publication.current import Conflict
from tradeinit.publication.gate import writing
from tradeinit.publication.models import Address, StampClock

# One after the other


@pytest.fixture
def world(db: None) -> SimpleNamespace:
    with day(0), writing():
        case = factories.initiative()
        held = factories.round(initiative=case, venues=["Taipei"])
        chapters = [factories.chapter(initiative=case) for _ in range(2)]
        document = factories.document()
    return SimpleNamespace(
        rounds=[Round.objects.get(pk=held.pk) for _ in range(2)],
        # Read by themselves, and so without the version of their round.
        venues=[Venue.objects.get() for _ in range(2)],
        documents=[Document.objects.get(pk=document.pk) for _ in range(2)],
        chapters=chapters,
    )


def save(world: SimpleNamespace, who: int) -> None:
    world.rounds[who].summary = f"Summary {who}."
    world.rounds[who].save()


def save_another_column(world: SimpleNamespace, who: int) -> None:
    column = ("summary", "wording")[who]
    setattr(world.rounds[who], column, "Written.")
    world.rounds[who].save()


def relate(world: SimpleNamespace, who: int) -> None:
    world.documents[who].chapters.add(world.chapters[who])


def save_row_and_relate(world: SimpleNamespace, who: int) -> None:
    if who == 0:
        world.documents[0].title = "Another title"
        world.documents[0].save()
    else:
        world.documents[1].chapters.add(world.chapters[1])


def save_part(world: SimpleNamespace, who: int) -> None:
    venue = world.rounds[who].venues.get()
    venue.city = f"City {who}"
    venue.save()


def add_part(world: SimpleNamespace, who: int) -> None:
    world.rounds[who].venues.create(city=f"City {who}")


def save_part_read_alone(world: SimpleNamespace, who: int) -> None:
    column = ("city", "country")[who]
    setattr(world.venues[who], column, "Elsewhere")
    world.venues[who].save()


def save_part_that_is_deleted(world: SimpleNamespace, who: int) -> None:
    if who == 0:
        world.venues[0].delete()
    else:
        save_part_read_alone(world, 1)


def delete_part_that_is_changed(world: SimpleNamespace, who: int) -> None:
    if who == 0:
        save_part_read_alone(world, 0)
    else:
        world.venues[1].delete()


@pytest.mark.parametrize(
    "write",
    [
        save,
        save_another_column,
        relate,
        save_row_and_relate,
        save_part,
        add_part,
        save_part_read_alone,
        save_part_that_is_deleted,
        delete_part_that_is_changed,
    ],
)
def test_what_was_read_before_another_wrote_is_refused(
    world: SimpleNamespace, write: Callable[[SimpleNamespace, int], None]
) -> None:
    with day(1), writing(reason="The first."):
        write(world, 0)
    written = _state()

    with day(2), pytest.raises(Conflict), writing(reason="The second."):
        write(world, 1)

    assert _state() == written
    with day(3):
        assert list(log.differences()) == []


def test_the_one_who_is_refused_sees_both_versions(world: SimpleNamespace) -> None:
    with day(1), writing(reason="The first."):
        save(world, 0)

    with day(2), pytest.raises(Conflict) as refused, writing(reason="The second."):
        save(world, 1)

    assert refused.value.stored.summary == "Summary 0."
    assert refused.value.offered.summary == "Summary 1."


def test_two_who_write_the_same_are_both_content(world: SimpleNamespace) -> None:
    for number, row in enumerate(world.rounds):
        with day(1 + number), writing(reason="The same."):
            row.summary = "As both have read."
            row.save()

    assert story(world.rounds[0]) == ["published", "corrected"]


def test_a_conflict_that_is_caught_has_written_nothing(world: SimpleNamespace) -> None:
    with day(1), writing(reason="The first."):
        save_part(world, 0)

    with day(2), writing(reason="The second."):
        with pytest.raises(Conflict):
            save_part(world, 1)
        world.documents[0].title = "Something else"
        world.documents[0].save()

    assert body(world.rounds[0])["cities"] == ["City 0"]
    assert story(world.documents[0]) == ["published", "corrected"]


def test_a_row_that_was_deleted_cannot_be_saved_again(db: None) -> None:
    with day(0):
        rows = [factories.round(public=False)]
        rows.append(Round.objects.get())
        with writing():
            rows[0].delete()

    with day(1), pytest.raises(Conflict) as refused:
        factories.edit(rows[1], summary="From beyond.")

    assert refused.value.stored is None
    assert Round.objects.count() == 0


def test_a_draft_that_was_changed_cannot_be_deleted_as_it_was_read(db: None) -> None:
    with day(0):
        rows = [factories.round(public=False)]
        rows.append(Round.objects.get())
    with day(1):
        factories.edit(rows[0], summary="Now it matters.")

    with day(2), pytest.raises(Conflict), writing():
        rows[1].delete()


# At once


def at_once(*writes: Callable[[], None]) -> Counter:
    """Each in a thread and a transaction of its own; how many ended in which way."""
    ends: Counter = Counter()
    ready = Barrier(len(writes))

    def run(write: Callable[[], None]) -> None:
        ready.wait()
        try:
            with writing(reason="At once."):
                write()
            ends["written"] += 1
        except Exception as error:
            ends[type(error).__name__] += 1
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=[write]) for write in writes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ends


def saver(row: Any, **fields: Any) -> Callable[[], None]:
    def save() -> None:
        for name, value in fields.items():
            setattr(row, name, value)
        row.save()

    return save


@pytest.mark.django_db(transaction=True)
def test_of_eight_writers_at_once_one_wins() -> None:
    pk = factories.round().pk

    ends = at_once(
        *(saver(Round.objects.get(pk=pk), summary=f"Writer {number}.") for number in range(8))
    )

    row = Round.objects.get()
    assert ends == {"written": 1, "Conflict": 7}
    assert (row.version, row.history.count()) == (2, 2)
    assert story(row) == ["published", "corrected"]
    assert body(row)["summary"] == row.summary


@pytest.mark.django_db(transaction=True)
def test_of_eight_who_change_a_relation_at_once_one_wins() -> None:
    pk = factories.document().pk
    chapters = [factories.chapter() for _ in range(8)]

    def relater(number: int) -> Callable[[], None]:
        row = Document.objects.get(pk=pk)
        return lambda: row.chapters.add(chapters[number])

    ends = at_once(*map(relater, range(8)))

    assert ends == {"written": 1, "Conflict": 7}
    assert len(body(Document.objects.get())["chapters"]) == 1


@pytest.mark.django_db(transaction=True)
def test_of_eight_who_change_a_part_at_once_one_wins() -> None:
    factories.round(venues=["Taipei"])

    ends = at_once(*(saver(Venue.objects.get(), city=f"City {number}") for number in range(8)))

    assert ends == {"written": 1, "Conflict": 7}
    assert body(Round.objects.get())["city"] == Venue.objects.get().city


@pytest.mark.django_db(transaction=True)
def test_of_one_who_publishes_and_one_who_deletes_one_wins() -> None:
    for _ in range(5):
        pk = factories.party(public=False).pk
        rows = [Party.objects.get(pk=pk) for _ in range(2)]

        ends = at_once(saver(rows[0], public_from=factories.PUBLISHED), rows[1].delete)

        assert ends == {"written": 1, "Conflict": 1}
        assert list(log.differences()) == []


@pytest.mark.django_db(transaction=True)
def test_writers_of_different_rows_do_not_hinder_each_other() -> None:
    """Not even the first ones of all, who find no clock of the log yet."""
    factories.party()
    StampClock.objects.all().delete()

    sides = [
        Party(name=f"Side {number}", slug=f"side-{number}", public_from=factories.PUBLISHED)
        for number in range(8)
    ]

    ends = at_once(*map(saver, sides))

    stamps = [entry.at for row in Party.objects.all() for entry in entries(row)]
    assert ends == {"written": 8}
    assert len(set(stamps)) == len(stamps) == 9
    assert list(log.differences()) == []


@pytest.mark.django_db(transaction=True)
def test_of_two_records_that_claim_one_address_at_once_one_gets_it() -> None:
    for number in range(5):
        slug = f"claimed-{number}"

        ends = at_once(
            saver(Party(name=slug, slug=slug)),
            saver(Initiative(title=slug, slug=slug, kind="bilateral")),
        )

        assert ends == {"written": 1, "ValidationError": 1}
        assert Address.objects.filter(slug=slug).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_child_published_while_its_parent_is_withdrawn_is_not_left_public() -> None:
    for _ in range(5):
        case = factories.initiative()
        draft = factories.round(initiative=case, public=False)
        withdrawn = {"withdrawn_at": factories.PUBLISHED, "withdrawal_reason": "Entered twice."}

        ends = at_once(saver(draft, public_from=factories.PUBLISHED), saver(case, **withdrawn))

        assert ends == {"written": 2}
        assert list(log.differences()) == []
        assert log.bodies([draft.uid]) == {}


def _state() -> tuple:
    rows = [Round.objects.get(), Document.objects.get()]
    return (
        [(row.version, row.history.count(), story(row), body(row)) for row in rows],
        list(Venue.objects.values()),
    )
