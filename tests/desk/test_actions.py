"""What a clerk does with the rows of a list."""

from django.test import Client

from mandates.models import Initiative
from rounds.models import Round
from tests import factories
from tradeinit.publication.models import Publication

ROUNDS = "/admin/rounds/round/"


def told(row) -> list[tuple[str, str]]:
    entries = Publication.objects.filter(uid=row.uid).in_order()
    return list(entries.values_list("action", "reason"))


def messages(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def test_withdrawing_asks_for_a_reason_and_shows_what_else_goes(clerk):
    met = factories.round(label="Wrong round")
    outcome = factories.outcome(round=met)

    response = clerk.post(ROUNDS, {"action": "withdraw", "_selected_action": [str(met.pk)]})

    assert response.status_code == 200
    assert [str(row) for row in response.context["rows"]] == [str(met)]
    assert response.context["below"] == [outcome]
    assert told(met) == [("published", "")]


def test_withdrawing_tells_the_public_the_reason_for_it_and_for_what_was_below(clerk):
    met = factories.round()
    outcome = factories.outcome(round=met)
    form = {
        "action": "withdraw",
        "apply": "1",
        "change_reason": "Entered twice.",
        "_selected_action": [str(met.pk)],
    }

    clerk.post(ROUNDS, form)

    assert told(met) == [("published", ""), ("withdrawn", "Entered twice.")]
    assert told(outcome) == [("published", ""), ("withdrawn", "Entered twice.")]
    page = Client().get(met.get_absolute_url())
    assert page.status_code == 410
    assert "Entered twice." in page.content.decode()


def test_what_was_withdrawn_can_be_reinstated(clerk):
    met = factories.round()
    chosen = {"_selected_action": [str(met.pk)]}
    clerk.post(
        ROUNDS, {"action": "withdraw", "apply": "1", "change_reason": "A mistake.", **chosen}
    )

    clerk.post(ROUNDS, {"action": "reinstate", **chosen})

    assert [action for action, _reason in told(met)] == ["published", "withdrawn", "published"]
    assert Client().get(met.get_absolute_url()).status_code == 200


def test_publishing_with_the_drafts_below_publishes_a_whole_case_at_once(clerk):
    case = factories.initiative(public=False)
    chapter = factories.chapter(public=False, initiative=case)
    met = factories.round(public=False, initiative=case)
    outcome = factories.outcome(public=False, round=met, chapter=chapter)
    form = {"action": "publish_with_drafts_below", "_selected_action": [str(case.pk)]}

    response = clerk.post("/admin/mandates/initiative/", form, follow=True)

    assert messages(response) == ["4 records published."]
    assert [told(row) for row in (case, chapter, met, outcome)] == [[("published", "")]] * 4


def test_an_action_that_is_refused_publishes_nothing_and_says_why(clerk):
    good = factories.round(public=False)
    bad = factories.round(public=False)
    factories.citation(record=bad, document=factories.document(public=False))
    form = {"action": "publish", "_selected_action": [str(good.pk), str(bad.pk)]}

    response = clerk.post(ROUNDS, form, follow=True)

    assert Round.objects.public().count() == 0
    assert len(messages(response)) == 1
    assert "which is not public by then" in messages(response)[0]


def test_what_was_public_cannot_be_deleted_by_page_or_action(clerk):
    case = factories.initiative()
    refusal = f"{case} has been public and cannot be deleted. Withdraw it, with a reason."
    page = clerk.get(f"/admin/mandates/initiative/{case.pk}/delete/", follow=True)
    form = {"action": "delete_selected", "post": "yes", "_selected_action": [str(case.pk)]}

    response = clerk.post("/admin/mandates/initiative/", form, follow=True)

    assert messages(page) == [refusal]
    assert messages(response) == [refusal]
    assert Initiative.objects.count() == 1


def test_a_draft_can_be_deleted(clerk):
    case = factories.initiative(public=False)

    clerk.post(f"/admin/mandates/initiative/{case.pk}/delete/", {"post": "yes"})

    assert Initiative.objects.count() == 0


def test_every_list_says_what_is_draft_embargoed_public_withdrawn_or_waiting(clerk):
    factories.round(label="a", public=False, start=None, end=None)
    factories.round(label="b", public_from=factories.FUTURE, start=None, end=None)
    factories.round(label="c", start=None, end=None)
    waiting = factories.initiative(public=False, title="Case")
    factories.round(label="d", initiative=waiting, start=None, end=None)

    rows = clerk.get(ROUNDS + "?o=1").context["cl"].result_list
    admin = clerk.get(ROUNDS).context["cl"].model_admin

    assert {row.label: admin.state_of_publication(row).split(">")[1][:-6] for row in rows} == {
        "a": "draft",
        "b": "embargoed until 2100-01-04 17:00 UTC",
        "c": "public",
        "d": "waits for “Case”",
    }
