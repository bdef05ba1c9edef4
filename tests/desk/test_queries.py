"""What the pages of the desk cost somebody who is plain staff, in questions to the database."""

from typing import Any

import pytest
from django.contrib.admin import site
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import factories
from tradeinit.publication import registry
from tradeinit.publication.gate import writing

MOST = 15
# PostgreSQL is also asked what time it is, once.
TIME = 1

# How many questions each page asks: of each kind of record, and others.
RECORDS = {
    "party": {"list": 9, "form": 8, "history": 7, "uses": 9},
    "organization": {"list": 9, "form": 7, "history": 6, "uses": 10, "merge": 10},
    "initiative": {"list": 8, "form": 10, "history": 9},
    "initiativeparty": {"list": 8, "form": 8, "history": 7},
    "representation": {"list": 8, "form": 7, "history": 6},
    "mandate": {"list": 9, "form": 7, "history": 6},
    "chapter": {"list": 8, "form": 7, "history": 6},
    "document": {"list": 14, "form": 9, "history": 8, "uses": 13},
    "agreement": {"list": 7, "form": 9, "history": 7},
    "chapterlineage": {"list": 8, "form": 9, "history": 8},
    "statement": {"list": 10, "form": 9, "history": 6},
    "round": {"list": 14, "form": 14, "history": 12},
    "outcome": {"list": 9, "form": 8, "history": 8},
    "participation": {"list": 9, "form": 8, "history": 8},
    "person": {"list": 8, "form": 7, "history": 6, "uses": 6, "merge": 6},
    "session": {"list": 9, "form": 10, "history": 9},
    "tabling": {"list": 9, "form": 8, "history": 8},
    "undertaking": {"list": 12, "form": 9, "history": 10},
}
OTHERS = {
    "index": 11,
    "closing": 12,
    "attendance": 7,
    "agenda": 10,
    "frame": 5,
    "list actionitem": 9,
    "list import": 6,
    "add import": 3,
    "sheets": 4,
    "intake": 3,
    "proposals": 7,
}
ASKED = OTHERS | {
    f"{page} {kind}": count for kind, counts in RECORDS.items() for page, count in counts.items()
}
# Who decides sees the decision rehearsed: that asks what the writing asks, for each of the six
# kinds that are told. Who proposes sees these named.
DECISIONS = {
    "editor": {"clear": 19, "withdraw": 5},
    "publisher": {"clear": 81, "withdraw": 25},
}
OFTEN = (
    "index",
    "closing",
    "list round",
    "form round",
    "history round",
    "form initiative",
    "uses organization",
)


class Scene:
    """A round with its case, its people and its texts, and more of each whenever it grows."""

    def __init__(self) -> None:
        self.case = factories.initiative()
        self.party = factories.party()
        self.seat = factories.initiative_party(initiative=self.case, party=self.party)
        self.body = factories.organization(party=self.party)
        self.person = factories.person()
        self.met = self.last = factories.round(initiative=self.case, host=self.seat)
        self.chapter = factories.chapter(initiative=self.case)
        self.text = factories.document(initiative=self.case, publisher=self.body)
        self.rows: dict[str, Any] = {}

    def grow(self) -> None:
        case, met, seat, text = self.case, self.met, self.seat, self.text
        chapter = factories.chapter(initiative=case)
        person, body = factories.person(), factories.organization(party=self.party)
        later = factories.round(initiative=case, venues=["Taipei"], replaces=self.last)
        self.last = later
        factories.venue(round=met)
        outcome = factories.outcome(
            round=met, chapter=chapter, statement=factories.statement(chapter=chapter)
        )
        made = [
            outcome,
            outcome.statement,
            factories.mandate(initiative=case),
            factories.agreement(initiative=case, chapters=[chapter]),
            factories.chapter_lineage(initiative=case),
            factories.representation(initiative_party=seat, organization=body),
            factories.representation(
                initiative_party=factories.initiative_party(initiative=case),
                organization=self.body,
            ),
            factories.participation(round=met, initiative_party=seat, person=person),
            factories.participation(round=later, initiative_party=seat, person=self.person),
            factories.participation(round=met, initiative_party=seat, organization=self.body),
            factories.session(round=met, chapters=[chapter]),
            factories.tabling(document=text, initiative_party=seat, round=met, chapter=chapter),
            factories.undertaking(initiative=case, round=met, met_by=later),
            factories.document(
                initiative=case,
                publisher=self.body,
                chapters=[chapter, self.chapter],
                originators=[self.party],
            ),
        ]
        own = (case, self.party, seat, self.body, self.person, met, self.chapter, text)
        for row in (*made, *own):
            factories.citation(record=row, document=text, locator=str(chapter))
        self.rows = {row._meta.model_name: row for row in (*made, *own)} | self.rows


def pages(scene: Any) -> dict[str, str]:
    found = {"index": "/admin/"}
    for model, desk in site._registry.items():
        name = str(model._meta.model_name)
        address = f"/admin/{model._meta.app_label}/{name}/"
        if model not in registry.models():
            continue
        row = scene.rows[name]
        found[f"list {name}"] = address
        found[f"form {name}"] = f"{address}{row.pk}/change/"
        found[f"history {name}"] = f"{address}{row.pk}/history/?a=1&b=1"
        if hasattr(desk, "uses_view"):
            found[f"uses {name}"] = f"{address}{row.pk}/uses/"
        if getattr(desk, "merges", False):
            found[f"merge {name}"] = f"{address}{row.pk}/merge/"
    for page in ("closing", "attendance", "agenda", "frame"):
        found[page] = f"/admin/rounds/round/{scene.met.pk}/{page}/"
    found["list actionitem"] = "/admin/rounds/actionitem/"
    found["list import"] = "/admin/rounds/import/"
    found["add import"] = "/admin/rounds/import/add/"
    found["sheets"] = f"/admin/rounds/import/sheets/{scene.rows['initiative'].pk}/"
    found["intake"] = "/admin/rounds/round/intake/"
    found["proposals"] = "/admin/tradeinit/proposal/"
    return found


def questions(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200, address
    return len(asked) - (TIME if connection.vendor == "postgresql" else 0)


@pytest.mark.parametrize(
    "names", [OFTEN, pytest.param(tuple(ASKED), marks=pytest.mark.full)], ids=["often", "all"]
)
def test_a_page_asks_as_much_with_three_rows_of_each_kind_as_with_one(editor, names):
    with writing():
        scene = Scene()
        scene.grow()
    asked = pages(scene)
    ContentType.objects.get_for_models(*registry.models())

    assert asked.keys() == ASKED.keys()
    expected = {name: ASKED[name] for name in names}
    assert {name: questions(editor, asked[name]) for name in names} == expected
    with writing(reason="More."):
        scene.grow()
        scene.grow()
    assert {name: questions(editor, asked[name]) for name in names} == expected
    assert max(expected.values()) + TIME <= MOST


@pytest.mark.parametrize("who", DECISIONS)
def test_a_decision_asks_as_much_for_many_rows_as_for_a_few(who, request):
    clerk = request.getfixturevalue(who)
    with writing():
        case = factories.initiative()
        seat, chapter = (
            factories.initiative_party(initiative=case),
            factories.chapter(initiative=case),
        )
        met = {
            kind: factories.round(initiative=case, public=kind == "withdraw")
            for kind in ("clear", "withdraw")
        }

    def grow() -> None:
        with writing(reason="More."):
            for kind, above in met.items():
                public = kind == "withdraw"
                for _ in range(2):
                    person = factories.person(public=public)
                    of_kind = {"round": above, "public": public}
                    topic = factories.chapter(initiative=case)
                    seats = {"initiative_party": seat, "person": person, "role": "head"}
                    for row in (
                        factories.participation(**of_kind, **seats),
                        factories.outcome(**of_kind, chapter=topic),
                        factories.session(**of_kind, chapters=[chapter]),
                    ):
                        factories.citation(record=row, document=factories.document(public=public))

    def asked() -> dict[str, int]:
        return {
            kind: questions(clerk, f"/admin/decide/{kind}/?row=rounds:{row.uid}")
            for kind, row in met.items()
        }

    grow()
    asked()
    few = asked()
    grow()

    assert few == asked() == DECISIONS[who]
