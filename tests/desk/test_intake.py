"""A press release at the desk: pasted, looked through, saved as drafts with its words as source."""

import html
import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from mandates.models import Document, Initiative, Organization
from rounds.models import Participation, Round, Undertaking
from tests import factories
from tests.rounds.intake import scoring
from tradeinit.publication.models import Publication

INTAKE = "/admin/rounds/round/intake/"


def text_of(name: str) -> str:
    return next(one for one in scoring.RELEASES if one.stem == name).read_text(encoding="utf-8")


def entries(page: str) -> dict[str, str]:
    """The form as a browser without scripts sends it, nothing changed."""
    sent: dict[str, str] = {"save": "Save as drafts"}
    for tag in re.findall(r"<input[^>]*>", page):
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        kind = attributes.get("type")
        if kind in ("checkbox", "radio") and " checked" not in tag:
            continue
        if kind in ("text", "checkbox", "radio", "hidden") and "name" in attributes:
            sent[attributes["name"]] = attributes.get("value", "on")
    for name, inside in re.findall(
        r'<textarea name="([^"]*)"[^>]*>\n?(.*?)</textarea>', page, re.S
    ):
        sent[name] = inside
    for name, options in re.findall(r'<select name="([^"]*)"[^>]*>(.*?)</select>', page, re.S):
        chosen = re.search(r'<option value="([^"]*)"\s+selected', options)
        sent[name] = chosen[1] if chosen else ""
    return {name: html.unescape(value) for name, value in sent.items()}


def looked_at(clerk: Client, name: str) -> dict[str, str]:
    page = clerk.post(INTAKE, {"text": text_of(name)})
    assert page.status_code == 200
    return entries(page.content.decode())


def number_of(sent: dict[str, str], value: str) -> str:
    return next(name for name, held in sent.items() if held == value).split("-")[1]


def test_a_release_becomes_drafts_that_name_its_words(clerk: Client) -> None:
    sent = looked_at(clerk, "ec_indonesia_fourteenth_round")

    answer = clerk.post(INTAKE, sent, follow=True)

    met = Round.objects.get()
    assert answer.redirect_chain[-1][0] == f"/admin/rounds/round/{met.pk}/change/"
    assert (met.number, met.kind, met.state) == (14, "full_round", "held")
    assert (met.start, met.end) == (date(2023, 5, 8), date(2023, 5, 12))
    assert [(venue.city, venue.country) for venue in met.venues.all()] == [("Brussels", "Belgium")]
    heads = [
        (one.name_as_listed, one.initiative_party.party.name) for one in met.participations.all()
    ]
    assert heads == [("Filip Deraedt", "European Union"), ("Djatmiko Witjaksono", "Indonesia")]
    assert met.initiative.title.startswith("EU-Indonesia Comprehensive Economic Partnership")
    assert met.outcomes.count() == met.initiative.chapters.count() == 6
    assert Undertaking.objects.filter(round=met).count() == 2
    document = Document.objects.get()
    assert document.publisher.name == "European Commission"
    assert document.dated == date(2023, 5, 15)
    cited = {one.field: one.locator for one in met.citations.filter(document=document)}
    assert cited["start"] == "paragraph 1: “Monday 8 to Friday 12 May 2023”"
    for locator in cited.values():
        words = re.search("“(.*?)…?”", locator)
        assert words and words[1] in " ".join(text_of("ec_indonesia_fourteenth_round").split())


def test_nothing_is_published_by_the_intake(clerk: Client) -> None:
    sent = looked_at(clerk, "ec_indonesia_fourteenth_round")

    clerk.post(INTAKE, sent)

    assert Publication.objects.count() == 0
    for model in (Initiative, Round, Document, Organization, Participation):
        assert model.objects.exists()
        assert not model.objects.exclude(public_from=None).exists()


def test_a_form_sent_twice_is_saved_once(clerk: Client) -> None:
    sent = looked_at(clerk, "ec_indonesia_fourteenth_round")

    first, second = clerk.post(INTAKE, sent), clerk.post(INTAKE, sent)

    assert first.url == second.url
    assert Round.objects.count() == 1


def test_entries_are_changed_and_cleared_before_they_are_saved(clerk: Client) -> None:
    sent = looked_at(clerk, "ec_indonesia_fourteenth_round")
    sent[f"value-{number_of(sent, '14')}-value"] = "15"
    del sent[f"take-{number_of(sent, 'Brussels')}"]
    del sent[f"take-{number_of(sent, 'Filip Deraedt')}"]

    clerk.post(INTAKE, sent)

    met = Round.objects.get()
    assert met.number == 15
    assert met.cities == []
    assert [one.name_as_listed for one in met.participations.all()] == ["Djatmiko Witjaksono"]


def test_a_round_that_exists_is_shown_with_what_differs(clerk: Client) -> None:
    case = factories.initiative(title="EU-Indonesia Comprehensive Economic Partnership Agreement")
    there = factories.round(
        initiative=case, kind="full_round", number=14, start=date(2023, 5, 8), end=date(2023, 5, 11)
    )
    told = Publication.objects.count()

    page = clerk.post(INTAKE, {"text": text_of("ec_indonesia_fourteenth_round")})
    sent = entries(page.content.decode())
    clerk.post(INTAKE, sent)

    twin = page.context["twins"][0]
    assert twin.round == there
    assert ("end", "2023-05-11", "2023-05-12") in twin.differences
    assert "number" not in [name for name, _, _ in twin.differences]
    # Saved is the release alone, unless the clerk says that it is another round.
    assert sent["twin"] == "document"
    assert [one.pk for one in Round.objects.all()] == [there.pk]
    assert Document.objects.get().initiative == case
    assert Publication.objects.count() == told


def test_a_mistake_saves_nothing_and_keeps_what_was_entered(clerk: Client) -> None:
    sent = looked_at(clerk, "ec_indonesia_fourteenth_round")
    sent[f"value-{number_of(sent, '2023-05-08')}-value"] = "8 May"

    page = clerk.post(INTAKE, sent)

    assert "“8 May” is no day" in page.content.decode()
    assert entries(page.content.decode())[f"value-{number_of(sent, '8 May')}-value"] == "8 May"
    assert not Document.objects.exists()
    assert not Initiative.objects.exists()


@pytest.mark.parametrize(
    ("given", "said"), [("", "There is no text in it."), ("%PDF-1.4", "This is a PDF")]
)
def test_what_cannot_be_read_is_said_on_the_page(clerk: Client, given: str, said: str) -> None:
    assert said in clerk.post(INTAKE, {"text": given}).content.decode()


def test_a_text_that_tries_to_be_a_page_of_ours_is_shown_as_text(clerk: Client) -> None:
    hostile = 'A round <script>alert(1)</script> "></textarea><b onclick=x> in Oslo on 3 May 2024.'

    page = clerk.post(INTAKE, {"text": hostile}).content.decode()

    assert "<script>alert" not in page
    assert "<b onclick" not in page


def test_only_who_may_add_rounds_and_documents_reads_releases(db: None) -> None:
    outsider = Client()
    outsider.force_login(factories.user(username="looker", is_staff=True))

    assert outsider.get(INTAKE).status_code == 403
    assert Client().get(INTAKE).status_code == 302


def test_the_list_of_rounds_leads_to_the_intake(clerk: Client) -> None:
    assert INTAKE in clerk.get("/admin/rounds/round/").content.decode()
    assert clerk.get(INTAKE).status_code == 200


@pytest.mark.parametrize("name", [one.stem for one in scoring.RELEASES[::3]])
def test_releases_can_be_saved_as_they_were_read(clerk: Client, name: str) -> None:
    answer: Any = clerk.post(INTAKE, looked_at(clerk, name))

    assert answer.status_code == 302, answer.context["case_form"].errors
    assert Document.objects.count() == 1
