"""Every address is visited and every template rendered: what is not listed fails, by its name."""

import json
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.signals import template_rendered
from django.test.utils import CaptureQueriesContext

from tests import factories
from tests.surfaces.asking import API, LISTS, body, is_for_the_tip_alone
from tests.surfaces.cast import NOW, Cast
from tests.surfaces.visits import address_names, visits
from tradeinit import clock
from tradeinit.api import RESOURCES
from tradeinit.description import SchemaView
from tradeinit.desk.models import Proposal
from tradeinit.publication.gate import writing

pytestmark = pytest.mark.django_db

ROUND_PAGES = ("closing", "attendance", "agenda", "frame")
# Templates that no page of today renders, each with the reason.
UNRENDERED = {
    "429.html": "rendered by the tests of throttling",
    "500.html": "rendered by its own test below",
}


UNMADE = {"api:bulk-latest": 404, "api:bulk-file": 404}


def test_every_address_is_visited_in_these_tests(cast: Cast) -> None:
    assert set(visits(cast)) == address_names()


def test_every_address_answers(client: Client, cast: Cast) -> None:
    answers = {name: client.get(place).status_code for name, place in visits(cast).items()}

    expected = dict.fromkeys(visits(cast), 200) | {"by-uid": 302} | UNMADE
    assert answers == expected


def test_every_address_on_a_page_leads_somewhere(client: Client, cast: Cast) -> None:
    pages = [place for place in visits(cast).values() if "." not in place]
    found = {
        address.split("#")[0].replace("&amp;", "&")
        for page in pages
        for address in re.findall(r'(?:href|src)="(/[^"]*)"', body(client.get(page)).decode())
    }

    static = {address for address in found if address.startswith("/static/")}
    desk = {address for address in found if address.startswith("/admin/")}
    answers = {address: client.get(address).status_code for address in found - static - desk}

    assert {name: status for name, status in answers.items() if status not in (200, 302)} == {}
    assert [name for name in static if not finders.find(name.removeprefix("/static/"))] == []


def test_every_template_is_rendered_by_some_page(client: Client, cast: Cast) -> None:
    rendered: set[str] = set()

    def note(sender: Any, template: Any, **_kwargs: Any) -> None:
        rendered.add(template.name)

    gone = factories.withdraw(factories.round(initiative=cast["alpha initiative"]))
    corrected = factories.round(initiative=cast["alpha initiative"])
    with clock.at(NOW - timedelta(minutes=1)), writing(reason="Misread."):
        corrected.label = "Corrected"
        corrected.save()
    desk = Client()
    desk.force_login(factories.staff())
    round = cast["alpha round"]
    template_rendered.connect(note)
    try:
        for place in [
            *visits(cast).values(),
            "/nothing/",
            "/rounds/?nothing=1",
            "/rounds/?start_after=soon",
            "/rounds/?city=Taipei",
            "/rounds/?page_size=1",
            gone.get_absolute_url(),
            f"{corrected.get_absolute_url()}versions/",
        ]:
            client.get(place)
        client.get("/", headers={"host": "elsewhere.example"})
        for place in ("change", "history"):
            desk.get(f"/admin/rounds/round/{round.pk}/{place}/")
        look_around_the_desk(desk, round)
        # Who may change nothing is told so.
        reader = Client()
        reader.force_login(factories.user(username="reader", is_staff=True))
        reader.get("/admin/rounds/round/add/")
    finally:
        template_rendered.disconnect(note)

    folder = settings.BASE_DIR / "templates"
    there = {str(file.relative_to(folder)) for file in folder.rglob("*.html")}
    assert sorted(there - rendered - set(UNRENDERED)) == []


def look_around_the_desk(desk: Client, round: Any) -> None:
    """Every page of the desk that has a template of its own."""
    draft = factories.round(public=False)
    factories.citation(record=draft, document=factories.document(public=False))
    row = f"rounds:{draft.uid}"
    proposal = Proposal.objects.create(
        uid=draft.uid, resource="rounds", proposed_by=factories.user(), kind="clear"
    )
    for place in (
        "rounds/round/intake/",
        *(f"rounds/round/{draft.pk}/{name}/" for name in ROUND_PAGES),
        f"rounds/person/{factories.person().pk}/change/",
        f"rounds/person/{factories.person().pk}/merge/",
        f"rounds/person/{factories.person().pk}/uses/",
        "rounds/import/",
        "rounds/import/add/",
        f"rounds/import/sheets/{round.initiative_id}/",
        f"mandates/initiative/{round.initiative_id}/change/",
        f"decide/withdraw/?row=rounds:{round.uid}",
        f"decide/clear/preview/?row={row}&chosen=1",
        f"tradeinit/proposal/{proposal.pk}/change/",
    ):
        assert desk.get(f"/admin/{place}").status_code == 200, place
    for place in ("", "account/second-factor/", "rounds/round/", "mandates/chapter/"):
        assert desk.get(f"/admin/{place}").status_code == 200, place
    assert Client().get("/admin/login/").status_code == 200
    assert desk.post("/admin/rounds/round/intake/", {"text": "A round."}).status_code == 200
    sheet = SimpleUploadedFile("rounds.csv", b"title,start_date\nFirst round,2023-01-14\n")
    tried = desk.post("/admin/rounds/import/add/", {"sheets": sheet}, follow=True)
    assert tried.redirect_chain
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/admin/login/").status_code == 403


@pytest.mark.parametrize("address", ["/rounds/", "/api/v1/rounds/"])
def test_what_breaks_on_our_side_is_told_without_a_detail(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: Any, **_kwargs: Any) -> None:
        raise RuntimeError("the password is canary")

    monkeypatch.setattr("tradeinit.lists.page_of", broken)
    monkeypatch.setattr("tradeinit.paging.page_of", broken)
    client = Client(raise_request_exception=False)

    response = client.get(address)

    assert response.status_code == 500
    assert b"canary" not in response.content
    assert "Cache-Control" not in response


# The description of the API


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    SchemaView.made.clear()
    return json.loads(Client().get("/api/v1/schema/?format=json").content)


def test_the_schema_is_made_without_a_warning(tmp_path: Path) -> None:
    made = subprocess.run(
        [sys.executable, "manage.py", "spectacular", "--validate", "--fail-on-warn",
         "--file", str(tmp_path / "schema.yaml")],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=120,
    )  # fmt: skip

    assert (made.returncode, made.stdout, made.stderr) == (0, "", "")


def test_the_schema_asks_nothing_of_the_database_and_is_made_once(client: Client) -> None:
    SchemaView.made.clear()
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            response = client.get("/api/v1/schema/")
        assert is_for_the_tip_alone(queries)
    assert response["Content-Type"] == "application/yaml"
    assert response.content.startswith(b"openapi: 3.1")
    assert client.get("/api/v1/schema/?lang=en").status_code == 400


@pytest.mark.parametrize("resource", LISTS)
def test_the_schema_names_every_word_and_every_column(
    client: Client, cast: Cast, schema: dict[str, Any], resource: str
) -> None:
    viewset = RESOURCES[resource]
    listed = schema["paths"][f"/api/v1/{resource}/"]["get"]
    single = schema["paths"][f"/api/v1/{resource}/{{slug}}/"]["get"]
    (row,) = json.loads(API.ask(client, resource, page_size=1).content)["results"]
    alone = client.get(row["url"]).json()

    assert {found["name"] for found in listed["parameters"]} == {
        *viewset.filterset_class.base_filters,
        "page",
        "page_size",
        "cursor",
        "format",
        "fields",
        *(["expand"] if viewset.expandable() else []),
    }
    assert [found for found in listed["parameters"] if not found.get("schema")] == []
    assert set(listed["responses"]) == {"200", "304", "400", "404", "429"}
    assert set(single["responses"]) == {"200", "301", "304", "400", "404", "410", "429"}
    assert set(listed["responses"]["200"]["content"]) == {
        renderer.media_type for renderer in viewset.renderer_classes
    }
    assert set(component(schema, single)["properties"]) == set(alone)
    page = component(schema, listed)
    assert set(page["properties"]) == {"count", "count_capped", "next", "previous", "results"}
    rows = resolved(schema, page["properties"]["results"]["items"])
    assert set(rows["properties"]) == set(row)


def component(schema: dict[str, Any], operation: dict[str, Any]) -> dict[str, Any]:
    return resolved(schema, operation["responses"]["200"]["content"]["application/json"]["schema"])


def resolved(schema: dict[str, Any], reference: dict[str, Any]) -> dict[str, Any]:
    return schema["components"]["schemas"][reference["$ref"].rpartition("/")[2]]


def test_every_column_of_the_schema_says_what_it_holds(schema: dict[str, Any]) -> None:
    unsaid = [
        f"{name}.{column}"
        for name, found in schema["components"]["schemas"].items()
        for column, says in found.get("properties", {}).items()
        if not says.keys() & {"type", "$ref", "oneOf", "anyOf", "allOf", "enum"}
    ]

    assert unsaid == []


def test_the_reader_of_the_schema_is_served_from_here(client: Client) -> None:
    html = client.get("/api/v1/docs/").content.decode()
    sources = re.findall(r'(?:src|href)="([^"]+)"', html)
    script = client.get("/api/v1/docs/?script=")

    static = [source for source in sources if source.startswith("/static/")]
    assert [source for source in sources if source not in static] == ["/api/v1/docs/?script="]
    assert [name for name in static if not finders.find(name.removeprefix("/static/"))] == []
    assert script["Content-Type"] == "application/javascript"
    assert b'"/api/v1/schema/"' in script.content
