"""What a clerk does with the rows of a list."""

from mandates.models import Initiative
from tests import factories
from tradeinit.publication.models import Publication

ROUNDS = "/admin/rounds/round/"


def told(row) -> list[tuple[str, str]]:
    entries = Publication.objects.filter(uid=row.uid).in_order()
    return list(entries.values_list("action", "reason"))


def messages(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def test_an_action_leads_to_the_page_that_decides_on_the_chosen_rows(clerk):
    met = factories.round()
    chosen = {"_selected_action": [str(met.pk)]}

    to_withdraw = clerk.post(ROUNDS, {"action": "withdraw", **chosen})
    to_publish = clerk.post(ROUNDS, {"action": "publish", **chosen}, follow=True)

    assert to_withdraw.url == f"/admin/decide/withdraw/?row=rounds%3A{met.uid}"
    assert messages(to_publish) == ["None of these is open to that."]
    assert told(met) == [("published", "")]


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
