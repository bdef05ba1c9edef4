"""The description of the API that is checked in, and what it must say."""

import difflib
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from drf_spectacular.generators import SchemaGenerator

from tradeinit import clock
from tradeinit.api import RESOURCES
from tradeinit.schema import EXAMPLES

FILE = settings.BASE_DIR / "docs/openapi.json"


@pytest.fixture(scope="module")
def schema() -> Any:
    return json.loads(FILE.read_text())


def test_the_description_is_current(tmp_path: Any) -> None:
    made = tmp_path / "openapi.json"
    call_command(
        *("spectacular", "--validate", "--fail-on-warn", "--format", "openapi-json"),
        file=str(made),
    )

    before, now = (path.read_text().splitlines() for path in (FILE, made))

    changed = "\n".join(difflib.unified_diff(before, now, "docs/openapi.json", "the code", n=2))
    assert changed == "", f"Run `make openapi`, and say in docs/api.md what changed:\n{changed}"


def test_the_description_is_the_same_each_time_it_is_asked_for() -> None:
    first, again = (SchemaGenerator().get_schema(request=None, public=True) for _ in range(2))

    assert first == again


def test_every_list_and_every_record_is_described(schema: Any) -> None:
    lists = {f"/api/v1/{resource}/" for resource in RESOURCES}
    records = {f"/api/v1/{resource}/{{slug}}/" for resource in RESOURCES if resource != "changes"}

    others = {
        "/api/v1/changes/checksum/",
        "/api/v1/initiatives/{slug}/matrix/",
        "/api/v1/search/",
    }

    assert set(schema["paths"]) == lists | records | others
    assert {method for path in schema["paths"].values() for method in path} == {"get"}


def test_every_answer_and_every_word_is_described_in_words(schema: Any) -> None:
    operations = [path["get"] for path in schema["paths"].values()]
    columns = {
        f"{name}.{column}": said.get("description")
        for name, component in schema["components"]["schemas"].items()
        for column, said in component.get("properties", {}).items()
        if not name.startswith("Paginated")
    }

    assert [one["operationId"] for one in operations if not one.get("summary")] == []
    assert [name for name, said in columns.items() if not said] == []
    assert schema["info"]["license"] == {"name": "MIT", "identifier": "MIT"}
    assert {
        code
        for one in operations
        for code in ("200", "304", "400", "429")
        if code in one["responses"]
    } == {"200", "304", "400", "429"}


def test_vocabularies_bear_the_names_of_their_classes(schema: Any) -> None:
    schemas = schema["components"]["schemas"]

    assert schemas["Round"]["properties"]["kind"]["$ref"] == "#/components/schemas/RoundKind"
    assert schemas["RoundKind"]["enum"][:2] == ["launch", "scoping"]
    (state,) = [
        word["schema"]["items"]
        for word in schema["paths"]["/api/v1/rounds/"]["get"]["parameters"]
        if word["name"] == "mode"
    ]
    assert state == {"$ref": "#/components/schemas/RoundMode"}


def test_a_column_may_be_left_out_and_a_key_may_be_the_record(schema: Any) -> None:
    schemas = schema["components"]["schemas"]

    assert [name for name in ("Round", "RoundDetail", "Party") if "required" in schemas[name]] == []
    assert schemas["Round"]["properties"]["initiative"]["anyOf"] == [
        {"type": "string"},
        {"$ref": "#/components/schemas/Initiative"},
    ]
    assert "anyOf" in schemas["Party"]["properties"]["members"]["items"]
    assert schemas["PaginatedRoundList"]["required"] == [
        *("count", "count_capped", "next", "previous", "results")
    ]


@pytest.mark.django_db
def test_each_example_is_an_answer_on_the_sample_record(client: Client, tmp_path: Any) -> None:
    # What no source says when it was disclosed bears the day on which it was published here.
    with clock.at(datetime(2026, 11, 28, tzinfo=UTC)):
        call_command("load_sample", verbosity=0)
    found = {}
    for resource, viewset in RESOURCES.items():
        if resource != "changes":
            rows = client.get(f"/api/v1/{resource}/?page_size=200").json()["results"]
            found[component(viewset.serializer_class)] = telling_most(rows)
            if viewset.detail_serializer_class:
                wholes = [client.get(row["url"]).json() for row in rows]
                found[component(viewset.detail_serializer_class)] = min(wholes, key=length)
    found["Problem"] = client.get("/api/v1/rounds/?stauts=held").json()
    told = json.loads(EXAMPLES.read_text())

    made = tmp_path / EXAMPLES.name
    made.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n")
    # When the sample was loaded is another instant each time.
    assert undated(found) == undated(told), f"Run `cp {made} {EXAMPLES}` and `make openapi`."


def undated(told: Any) -> Any:
    if isinstance(told, list):
        return [undated(one) for one in told]
    if isinstance(told, dict):
        return {n: undated(one) for n, one in told.items() if n not in ("created", "updated")}
    return told


def component(serializer: Any) -> str:
    return serializer.__name__.removesuffix("Serializer")


def length(told: Any) -> int:
    return len(json.dumps(told))


def telling_most(rows: list[Any]) -> Any:
    """The shortest of those with the most columns filled in."""
    return min(rows, key=lambda row: (-sum(map(bool, row.values())), length(row)))
