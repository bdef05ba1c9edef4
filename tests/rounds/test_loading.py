"""The command that loads records from files."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mandates.models import Citation, Initiative, Party
from rounds.models import Participation, Person
from tests.rollback import once_a_module
from tradeinit.publication import log, registry
from tradeinit.publication.gate import writing
from tradeinit.publication.models import Publication

CASE = "us-taiwan-21st-century-trade"
TAIPEI = "us-taiwan-2023-01-taipei"

pytestmark = pytest.mark.django_db


def load(folder: Path | None = None) -> str:
    output = StringIO()
    options: dict[str, Any] = {"folder": folder} if folder else {}
    call_command("load_sample", stdout=output, **options)
    return output.getvalue().strip()


def refusal(folder: Path) -> str:
    with pytest.raises(CommandError) as refused:
        load(folder)
    return str(refused.value).replace(f"{folder}/", "")


def write(folder: Path, **files: list[dict[str, Any]]) -> Path:
    for resource, objects in files.items():
        (folder / f"{resource}.json").write_text(json.dumps(objects), encoding="utf-8")
    return folder


def state() -> dict[str, Any]:
    """Everything a second run could have changed."""
    return {
        model.resource: (
            sorted(model.objects.values_list("uid", "version", "public_from", "disclosed_on")),
            model.history.count(),
        )
        for model in registry.models()
    } | {
        "citations": (Citation.objects.count(), Citation.history.count()),
        "log": list(Publication.objects.in_order().values_list("uid", "number", "digest")),
    }


def counts() -> list[int]:
    return [model.objects.count() for model in (Publication, Citation, *registry.models())]


@once_a_module
def sample() -> None:
    load()


def test_second_run_changes_nothing(sample: None) -> None:
    before = state()

    said = load()

    made = Publication.objects.count()
    assert state() == before
    assert said == (f"sample record: 0 records made, {made} already there and left as they are")


def test_edits_by_staff_survive_a_second_run(sample: None) -> None:
    with writing(reason="The first name was misspelt."):
        person = Person.objects.get(slug="terry-mccartin")
        person.name = "Terrence McCartin"
        person.save()
        person.citations.first().delete()
    with writing(reason="Entered in error."):
        seat = Participation.objects.get(note="several other U.S. government agencies")
        seat.withdrawn_at, seat.withdrawal_reason = seat.public_from, "Entered in error."
        seat.save()
    before = state()

    load()

    assert state() == before
    assert Person.objects.get(slug="terry-mccartin").name == "Terrence McCartin"


def test_a_record_added_to_the_files_later_is_the_only_one_made(
    sample: None, tmp_path: Path
) -> None:
    before = Publication.objects.count()
    write(
        tmp_path,
        parties=[
            {"slug": "united-states", "name": "Another name"},
            {"slug": "freedonia", "name": "Freedonia"},
        ],
    )

    said = load(tmp_path)

    assert said == (
        "sample record: 1 records made (1 parties), 1 already there and left as they are"
    )
    assert Party.objects.get(slug="united-states").name == "United States"
    assert Publication.objects.count() == before + 1


def test_files_may_name_records_in_any_order_and_several_at_once(tmp_path: Path) -> None:
    write(
        tmp_path,
        parties=[
            {"slug": "union", "name": "Union", "kind": "bloc", "members": ["north", "south"]},
            {"slug": "north", "name": "North"},
            {"slug": "south", "name": "South"},
        ],
        initiatives=[
            {"slug": "second", "title": "Second", "kind": "bilateral", "succeeds": "first"},
            {"slug": "first", "title": "First", "kind": "bilateral"},
        ],
    )

    load(tmp_path)

    union, second = Party.objects.get(slug="union"), Initiative.objects.get(slug="second")
    assert {party.slug for party in union.members.all()} == {"north", "south"}
    assert second.succeeds == Initiative.objects.get(slug="first")
    assert union.version == second.version == 1
    assert list(log.differences()) == []


def test_more_records_and_sources_take_no_more_queries(tmp_path: Path) -> None:
    write(tmp_path, documents=[PAPER], parties=[many("first", number) for number in range(2)])
    load(tmp_path)

    asked = []
    for number in (3, 30):
        write(tmp_path, parties=[many(f"of-{number}", one) for one in range(number)])
        with CaptureQueriesContext(connection) as queries:
            load(tmp_path)
        asked.append(len(queries))

    assert asked[0] == asked[1]
    assert Citation.objects.filter(document__slug="paper").count() == 2 + 3 + 30


def many(word: str, number: int) -> dict[str, Any]:
    slug = f"{word}-{number}"
    return {"slug": slug, "name": slug, "sources": [{"document": "paper", "locator": slug}]}


GOOD = {"slug": "north", "name": "North"}
SOURCE = {"document": "paper", "locator": "page 1"}
PAPER = {"slug": "paper", "title": "Paper", "kind": "other"}


@pytest.mark.parametrize(
    ("files", "complaint"),
    [
        (
            {
                "parties": [GOOD],
                "initiatives": [{"slug": "talks", "title": "T", "kind": "friendly"}],
            },
            "initiatives.json: talks: kind: Value 'friendly' is not a valid choice.",
        ),
        (
            {"parties": [GOOD, {"slug": "south"}]},
            "parties.json: south: name: This field cannot be blank.",
        ),
        (
            {"parties": [GOOD, {"slug": "south", "name": ["South"]}]},
            "parties.json: south: name: a single value belongs here.",
        ),
        (
            {"parties": [GOOD, {"slug": "south", "nmae": "South"}]},
            "parties.json: south: nmae: no such field; there are disclosed_on, kind, members, ",
        ),
        (
            {"parties": [{"slug": "union", "name": "Union", "members": ["north"]}]},
            "parties.json: union: members: there is no “north” among the parties.",
        ),
        (
            {"parties": [GOOD, {"slug": "north", "name": "South"}]},
            "parties.json: north: slug: used already in parties.json.",
        ),
        (
            {"parties": [GOOD, {"name": "South"}]},
            "parties.json: object 2: slug: it has none.",
        ),
        (
            {"partys": [GOOD]},
            "partys.json: no records bear this name; there are ",
        ),
        (
            {"parties": [GOOD], "people": {}},
            "people.json: this should be a list of objects.",
        ),
        (
            {"documents": [PAPER], "parties": [{**GOOD, "sources": [{**SOURCE, "field": "nmae"}]}]},
            "parties.json: north: sources 1 field: “nmae” is no fact of it; there are ",
        ),
        (
            {"documents": [PAPER], "parties": [{**GOOD, "sources": [SOURCE, SOURCE]}]},
            "parties.json: north: sources 2: This passage is already cited for this fact.",
        ),
        (
            {"documents": [{**PAPER, "dated": "2023-13-45"}]},
            "documents.json: paper: dated: “2023-13-45” value has the correct format (YYYY-MM-DD) "
            "but it is an invalid date.",
        ),
        (
            {
                "initiatives": [
                    {"slug": "hen", "title": "Hen", "kind": "bilateral", "succeeds": "egg"},
                    {"slug": "egg", "title": "Egg", "kind": "bilateral", "succeeds": "hen"},
                ]
            },
            "initiatives.json: egg: succeeds: “hen” cannot be made first, since it needs this "
            "record.",
        ),
    ],
)
def test_a_mistake_is_told_in_words_and_nothing_is_written(
    tmp_path: Path, files: dict[str, Any], complaint: str
) -> None:
    write(tmp_path, **files)
    before = counts()

    assert refusal(tmp_path).startswith(f"Nothing was loaded. {complaint}")
    assert counts() == before


def test_a_file_that_is_not_json_is_told_with_the_place(tmp_path: Path) -> None:
    (tmp_path / "parties.json").write_text('[{"slug": "north",}]')

    assert refusal(tmp_path).startswith("Nothing was loaded. parties.json: this is not JSON: ")
    assert "line 1 column 1" in refusal(tmp_path)


def test_a_record_that_names_a_draft_is_refused_when_all_is_written(tmp_path: Path) -> None:
    before = counts()
    write(
        tmp_path,
        parties=[
            {**GOOD, "public_from": None},
            {"slug": "union", "name": "Union", "members": ["north"]},
        ],
    )

    assert refusal(tmp_path) == (
        "Nothing was loaded. Union names “North”, which is not public by then. Clear it first."
    )
    assert counts() == before
