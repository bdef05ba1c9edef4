"""Every way to write: what it leaves in rows, history and log, and the ways that are shut."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.core.serializers import deserialize, serialize
from django.db import DatabaseError, transaction

from mandates.models import Chapter, Citation, Initiative
from rounds.models import Round, Venue
from tests import factories
from tests.kernel.reading import body, day, differences_of, entries, history_counts, story
from tradeinit import clock
from tradeinit.publication import log
from tradeinit.publication.current import Conflict, PastTheGate
from tradeinit.publication.gate import writing
from tradeinit.publication.models import Publication, StampClock

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> SimpleNamespace:
    """A public round in Taipei, and a public document about one of three chapters."""
    with day(0), writing():
        case = factories.initiative()
        chapters = [factories.chapter(initiative=case) for _ in range(3)]
        return SimpleNamespace(
            case=case,
            named=chapters[0],
            unnamed=chapters[1],
            round=factories.round(initiative=case, venues=["Taipei"]),
            document=factories.document(chapters=[chapters[0]]),
            blank=factories.document(title="About no chapter"),
        )


def save(world: SimpleNamespace, change: bool) -> None:
    world.round.summary = "Held as planned." if change else ""
    world.round.save()


def save_a_fresh_copy(world: SimpleNamespace, change: bool) -> None:
    row = Round.objects.get(pk=world.round.pk)
    row.summary = "Held as planned." if change else ""
    row.save(update_fields=["summary"])


def update_or_create(world: SimpleNamespace, change: bool) -> None:
    summary = "Held as planned." if change else ""
    Round.objects.update_or_create(pk=world.round.pk, defaults={"summary": summary})


def add_to_relation(world: SimpleNamespace, change: bool) -> None:
    world.document.chapters.add(world.unnamed if change else world.named)


def remove_from_relation(world: SimpleNamespace, change: bool) -> None:
    world.document.chapters.remove(world.named if change else world.unnamed)


def set_relation(world: SimpleNamespace, change: bool) -> None:
    world.document.chapters.set([world.unnamed if change else world.named])


def clear_relation(world: SimpleNamespace, change: bool) -> None:
    (world.document if change else world.blank).chapters.clear()


def save_part(world: SimpleNamespace, change: bool) -> None:
    venue = world.round.venues.get()
    venue.city = "Tainan" if change else "Taipei"
    venue.save()


def create_part(world: SimpleNamespace, change: bool) -> None:
    if change:
        world.round.venues.create(city="Hualien", order=1)


def delete_part(world: SimpleNamespace, change: bool) -> None:
    world.round.venues.filter(city="Taipei" if change else "Nowhere").delete()


def bulk_create_parts(world: SimpleNamespace, change: bool) -> None:
    cities = ["Tainan", "Hualien"] if change else []
    Venue.objects.bulk_create(Venue(round=world.round, city=city) for city in cities)


def cite(world: SimpleNamespace, change: bool) -> None:
    if change:
        Citation.objects.create(record=world.round, document=world.document)


ROUND_AND_VENUE = {"Round": 1, "Venue": 1}
CHANGES = [
    (save, {"Round": 1}),
    (save_a_fresh_copy, {"Round": 1}),
    (update_or_create, {"Round": 1}),
    (add_to_relation, {"Document": 1}),
    (remove_from_relation, {"Document": 1}),
    (set_relation, {"Document": 1}),
    (clear_relation, {"Document": 1}),
    (save_part, ROUND_AND_VENUE),
    (create_part, ROUND_AND_VENUE),
    (delete_part, ROUND_AND_VENUE),
    (bulk_create_parts, {"Round": 1, "Venue": 2}),
    (cite, {"Round": 1, "Citation": 1}),
]
WAYS = [way for way, _history in CHANGES]


@pytest.mark.parametrize(("write", "history"), CHANGES)
def test_a_change_leaves_one_entry_and_one_history_row_for_each_row(
    world: SimpleNamespace, write: Callable, history: dict[str, int]
) -> None:
    record = world.document if "Document" in history else world.round
    before = history_counts()

    with day(1), writing(reason="A slip."):
        write(world, change=True)

    assert story(record) == ["published", "corrected"]
    assert differences_of(before, history_counts()) == history
    assert type(record).objects.get(pk=record.pk).version == record.history.count()
    with day(2):
        assert list(log.differences()) == []


@pytest.mark.parametrize("write", WAYS)
def test_a_write_that_changes_nothing_leaves_nothing(
    world: SimpleNamespace, write: Callable
) -> None:
    history, told = history_counts(), Publication.objects.count()
    stamp, version = StampClock.objects.get().last, world.round.version

    with day(1), writing():
        write(world, change=False)

    assert history_counts() == history
    assert Publication.objects.count() == told
    assert StampClock.objects.get().last == stamp
    assert Round.objects.get(pk=world.round.pk).version == version


@pytest.mark.parametrize("write", WAYS)
def test_nothing_is_written_outside_a_writing(world: SimpleNamespace, write: Callable) -> None:
    history = history_counts()

    with pytest.raises(PastTheGate), transaction.atomic():
        write(world, change=True)

    assert history_counts() == history


def test_several_writes_of_one_writing_are_one_version_with_one_entry(
    world: SimpleNamespace,
) -> None:
    before = history_counts()

    with day(1), writing(reason="Seen again."):
        world.round.summary = "First thought."
        world.round.save()
        save_part(world, change=True)
        create_part(world, change=True)
        world.round.summary = "Second thought."
        world.round.save()
        cite(world, change=True)

    assert story(world.round) == ["published", "corrected"]
    assert body(world.round)["summary"] == "Second thought."
    assert body(world.round)["cities"] == ["Tainan", "Hualien"]
    assert differences_of(before, history_counts()) == {"Round": 1, "Venue": 2, "Citation": 1}
    assert Round.objects.get(pk=world.round.pk).version == 2


def test_bulk_create_writes_history_and_log_for_every_row(world: SimpleNamespace) -> None:
    before = history_counts()

    with day(1), writing():
        Chapter.objects.bulk_create(
            Chapter(
                initiative=world.case,
                name=f"Area {number}",
                slug=f"area-{number}",
                public_from=factories.PUBLISHED if number % 2 else None,
            )
            for number in range(6)
        )

    rows = Chapter.objects.filter(name__startswith="Area").order_by("name")
    assert [story(row) for row in rows] == [[], ["published"], [], ["published"], [], ["published"]]
    assert differences_of(before, history_counts()) == {"Chapter": 6}


def test_rows_that_get_the_same_values_at_once_are_told_with_history_and_version(
    world: SimpleNamespace,
) -> None:
    rows = [factories.chapter(initiative=world.case, public=False) for _ in range(3)]
    before = history_counts()

    with day(1), writing() as gate:
        gate.change_many(rows, {"public_from": factories.PUBLISHED})

    assert [(story(row), row.version) for row in rows] == [(["published"], 2)] * 3
    assert [Chapter.objects.get(pk=row.pk).version for row in rows] == [2, 2, 2]
    assert differences_of(before, history_counts()) == {"Chapter": 3}


def test_one_row_that_was_changed_meanwhile_or_is_public_stops_all(world: SimpleNamespace) -> None:
    fresh, stale = (factories.chapter(initiative=world.case, public=False) for _ in range(2))
    with writing():
        other = Chapter.objects.get(pk=stale.pk)
        other.aim = "To be agreed."
        other.save()

    with pytest.raises(Conflict), writing() as gate:
        gate.change_many([fresh, stale], {"public_from": factories.PUBLISHED})
    with day(1), pytest.raises(ValidationError, match="not hidden again"), writing() as gate:
        gate.change_many([fresh, world.named], {"public_from": None})

    assert (story(fresh), fresh.version, stale.version) == ([], 1, 1)
    assert Chapter.objects.get(pk=fresh.pk).public_from is None


def test_history_and_log_name_the_actor_and_the_reason(world: SimpleNamespace) -> None:
    clerk = factories.user()

    with day(1), writing(clerk, "The source was misread."):
        save(world, change=True)

    entry, history = entries(world.round)[-1], world.round.history.latest()
    assert entry.reason == "The source was misread."
    assert history.history_user == clerk
    assert history.history_change_reason == "The source was misread."
    assert history.history_date == entry.at


def test_stamps_never_stand_still_and_never_go_back(world: SimpleNamespace) -> None:
    stamps = []
    for number in (2, 2, 1, 3):
        with day(number), writing(reason="Again."):
            world.round.summary = f"Note {len(stamps)}."
            world.round.save()
        stamps.append(entries(world.round)[-1].at)

    assert stamps == sorted(set(stamps))


@pytest.mark.parametrize("reason", ["", " \n"])
def test_a_correction_without_a_reason_is_refused_and_nothing_is_written(
    world: SimpleNamespace, reason: str
) -> None:
    history = history_counts()

    with day(1), pytest.raises(ValidationError) as refused, writing(reason=reason):
        save(world, change=True)

    assert refused.value.code == "reason_required"
    assert Round.objects.get(pk=world.round.pk).summary == ""
    assert history_counts() == history
    assert story(world.round) == ["published"]


def test_a_refused_row_may_be_saved_again_with_a_reason(world: SimpleNamespace) -> None:
    with day(1), pytest.raises(ValidationError), writing():
        save(world, change=True)

    with day(1), writing(reason="Now said why."):
        save(world, change=True)

    assert story(world.round) == ["published", "corrected"]


def test_saving_again_what_was_just_created_changes_nothing() -> None:
    """Also where the gate filled in the day of disclosure, from a source saved after the row."""
    with day(0):
        source = factories.document(dated="2022-11-10")
        row = Round(
            initiative=factories.initiative(), label="Talks", slug="talks", kind="technical",
            state="held", public_from=factories.PUBLISHED,
        )  # fmt: skip
        with writing():
            row.save()
            row.citations.create(document=source)
    before = history_counts()

    with day(1), writing():
        row.save()

    assert history_counts() == before
    assert body(row)["disclosed_on"] == "2022-11-10"


# A writing as a whole


def test_what_fails_takes_the_whole_writing_with_it(world: SimpleNamespace) -> None:
    with day(1), pytest.raises(ZeroDivisionError), writing(reason="Half done."):
        save(world, change=True)
        raise ZeroDivisionError

    assert Round.objects.get(pk=world.round.pk).summary == ""
    assert story(world.round) == ["published"]


def test_a_writing_inside_another_belongs_to_it(world: SimpleNamespace) -> None:
    with day(1), writing(reason="The outer reason."):
        with writing(reason="The inner reason."):
            save(world, change=True)
        assert story(world.round) == ["published"]

    assert [entry.reason for entry in entries(world.round)] == ["", "The outer reason."]


def test_a_failed_writing_inside_another_leaves_nothing_even_if_its_failure_is_ignored(
    world: SimpleNamespace,
) -> None:
    def half_done() -> None:
        with writing(reason="The inner one."):
            save(world, change=True)
            raise ZeroDivisionError

    with day(1), pytest.raises(DatabaseError), writing(reason="The outer one."):
        with pytest.raises(ZeroDivisionError):
            half_done()
        add_to_relation(world, change=True)

    assert Round.objects.get(pk=world.round.pk).summary == ""
    assert story(world.round) == ["published"]


@pytest.mark.django_db(transaction=True)
def test_a_writing_opens_no_later_than_its_transaction() -> None:
    with pytest.raises(RuntimeError), transaction.atomic(), writing():
        pass


def test_after_a_failed_writing_the_gate_is_shut(world: SimpleNamespace) -> None:
    with pytest.raises(ZeroDivisionError), writing():
        raise ZeroDivisionError

    with pytest.raises(PastTheGate):
        save(world, change=True)


# Ways that are shut


def update_by_queryset(world: SimpleNamespace) -> None:
    Round.objects.filter(pk=world.round.pk).update(summary="Past the gate.")


def update_by_base_manager(world: SimpleNamespace) -> None:
    Round._base_manager.filter(pk=world.round.pk).update(summary="Past the gate.")


def bulk_update(world: SimpleNamespace) -> None:
    world.round.summary = "Past the gate."
    Round.objects.bulk_update([world.round], ["summary"])


def add_from_the_far_side(world: SimpleNamespace) -> None:
    world.unnamed.documents.add(world.document)


def remove_from_the_far_side(world: SimpleNamespace) -> None:
    world.named.documents.remove(world.document)


def clear_from_the_far_side(world: SimpleNamespace) -> None:
    world.named.documents.clear()


def add_to_a_foreign_key_from_its_far_side(world: SimpleNamespace) -> None:
    world.case.documents.add(world.document)


def clear_a_foreign_key_from_its_far_side(world: SimpleNamespace) -> None:
    with writing(reason="To have one."):
        world.document.initiative = world.case
        world.document.save()
    world.case.documents.clear()


def load_a_fixture(world: SimpleNamespace) -> None:
    world.round.summary = "Past the gate."
    (loaded,) = deserialize("python", serialize("python", [world.round]))
    loaded.save()


def upsert(world: SimpleNamespace) -> None:
    Initiative.objects.bulk_create(
        [Initiative(title="Another", slug="another", kind="bilateral")], ignore_conflicts=True
    )


@pytest.mark.parametrize(
    "write",
    [
        update_by_queryset,
        update_by_base_manager,
        bulk_update,
        add_from_the_far_side,
        remove_from_the_far_side,
        clear_from_the_far_side,
        add_to_a_foreign_key_from_its_far_side,
        clear_a_foreign_key_from_its_far_side,
        load_a_fixture,
        upsert,
    ],
)
def test_what_the_gate_would_not_see_is_refused(
    world: SimpleNamespace, write: Callable[[SimpleNamespace], None]
) -> None:
    with day(1), pytest.raises(PastTheGate), writing(reason="By the back door."):
        write(world)

    assert Round.objects.get(pk=world.round.pk).summary == ""
    assert list(world.document.chapters.all()) == [world.named]


# Parts


def test_a_part_that_moves_changes_both_records(world: SimpleNamespace) -> None:
    with day(0):
        other = factories.round(initiative=world.case)
    venue = world.round.venues.get()

    with day(1), writing(reason="It was the other round's."):
        venue.round = other
        venue.save()

    assert body(world.round)["cities"] == []
    assert body(other)["cities"] == ["Taipei"]
    assert Round.objects.get(pk=world.round.pk).version == 2


def test_clock_is_read_anew_for_each_writing(world: SimpleNamespace) -> None:
    with day(3) as third, writing(reason="On the third day."):
        save(world, change=True)

    assert entries(world.round)[-1].at == third
    assert clock.now() < third
