"""The world of invented cases: the same each time, whole, and no dearer to read than a few rows."""

from collections import Counter
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from rounds import world
from tests.budgets import LISTS
from tests.rollback import once_a_module, undone
from tests.surfaces.asking import has_page
from tests.surfaces.conftest import Reader
from tests.surfaces.test_costs import cost
from tradeinit.api import RESOURCES
from tradeinit.lists import AHEAD
from tradeinit.publication import log, registry
from tradeinit.publication.models import Action, Publication

pytestmark = pytest.mark.django_db

SCALE, SEED = 0.1, 7
TWO_CASES = {
    "parties": 14,
    "organizations": 42,
    "people": 240,
    "initiatives": 2,
    "initiative-parties": 4,
    "representations": 8,
    "mandates": 2,
    "chapters": 24,
    "lineage": 4,
    "documents": 80,
    "agreements": 3,
    "rounds": 20,
    "sessions": 240,
    "participations": 600,
    "tablings": 48,
}


def make(seed: int) -> dict[str, int]:
    made: Counter[str] = Counter()
    for _step, counts in world.make(SCALE, seed):
        made += counts
    return made


@once_a_module
def made() -> dict[str, int]:
    """What a world was made of; the database holds it while this module is tested."""
    return make(SEED)


def state() -> dict[str, list[tuple]]:
    """The whole log, and of each record what the log may not say."""
    columns = ("uid", "public_from", "withdrawn_at", "disclosed_on", "version")
    rows = {model.resource: model.objects.order_by("uid") for model in registry.models()}
    return {
        "log": list(Publication.objects.in_order().values_list("at", "digest")),
        **{resource: list(found.values_list(*columns)) for resource, found in rows.items()},
        "names": [(row.key, str(row)) for found in rows.values() for row in found.for_list()],
    }


def share(count: int) -> float:
    return count / sum(model.objects.count() for model in registry.models())


def test_rows_and_log_agree(made: dict[str, int]) -> None:
    assert list(log.differences()) == []


def test_it_holds_as_much_as_its_scale_says(made: dict[str, int]) -> None:
    stored = {model.resource: model.objects.count() for model in registry.models()}

    assert {resource: made[resource] for resource in stored} == stored
    assert {resource: made[resource] for resource in TWO_CASES} == TWO_CASES


def test_a_few_in_a_hundred_are_hidden_or_were_put_right(made: dict[str, int]) -> None:
    models = registry.models()
    shares = {
        "drafts": share(sum(model.objects.drafts().count() for model in models)),
        "embargoed": share(sum(model.objects.embargoed().count() for model in models)),
        "withdrawn": share(sum(model.objects.withdrawn().count() for model in models)),
        "corrected": share(Publication.objects.filter(action=Action.CORRECTED).count()),
    }

    assert {name for name, part in shares.items() if 0.005 < part < 0.06} == set(shares)


def test_every_public_record_cites_its_source(made: dict[str, int]) -> None:
    uncited = [
        str(row)
        for model in registry.models()
        for row in model.objects.public().filter(citations=None)
    ]

    assert uncited == []


def test_a_body_says_what_the_row_of_a_list_says(made: dict[str, int]) -> None:
    """The gate reads rows with other queries than a list, and finds the same in them."""
    for model in registry.models():
        rows = list(model.objects.public().for_list())
        told = log.bodies([row.uid for row in rows])
        write = registry.serializer_of(model).body
        for row in rows:
            body = told[row.uid]
            assert write(row, body["created"], body["updated"]) == body


@pytest.mark.parametrize("resource", RESOURCES)
def test_a_list_costs_no_more_than_one_of_a_few_rows(resource: str, made: dict[str, int]) -> None:
    client = Reader()
    # Content types are read once a process.
    client.get("/")

    found = {"json": cost(client, f"/api/v1/{resource}/")}
    if has_page(resource):
        found["page"] = cost(client, f"/{resource}/")

    # Rows too many to be found at once are counted; a page has counted them for its choices.
    counts = {"json": client.get(f"/api/v1/{resource}/").json()["count"] >= AHEAD, "page": False}
    assert found == {
        surface: LISTS[resource][surface].queries + counts[surface] for surface in found
    }


def test_the_same_seed_is_refused(made: dict[str, int]) -> None:
    before = state()

    with pytest.raises(CommandError, match="The world of seed 7 is here already"):
        call_command("make_world", scale=SCALE, seed=SEED)

    assert state() == before


@pytest.mark.parametrize(
    ("option", "refusal"),
    [
        ({"scale": 0}, "A scale lies above 0 and is at most 100."),
        ({"scale": 101}, "A scale lies above 0 and is at most 100."),
        ({"seed": 256}, "A seed is one of 0 to 255."),
    ],
)
def test_what_the_command_cannot_make_it_refuses(option: dict[str, Any], refusal: str) -> None:
    with pytest.raises(CommandError, match=refusal):
        call_command("make_world", **option)


def test_another_seed_makes_another_world_and_the_same_one_each_time(
    made: dict[str, int],
) -> None:
    said, states = StringIO(), []

    for _ in range(2):
        with undone():
            call_command("make_world", scale=SCALE / 2, seed=SEED + 1, stdout=said)
            states.append(state())

    assert states[0] == states[1]
    steps = [line.split("  ")[-1].split(":")[0] for line in said.getvalue().splitlines()]
    assert steps[:3] == ["region 1"] * 3
    assert steps[3].endswith("a second")
