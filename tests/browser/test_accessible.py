"""The pages of the desk have no barriers (axe, WCAG 2.2 AA), in both colours at two widths."""

from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from mandates.models import Initiative
from rounds.models import Round
from tests import factories
from tests.browser.test_desk import sign_in, staff_of
from tests.desk.test_queries import pages
from tests.importing.sheet import rounds
from tradeinit.publication import registry
from tradeinit.publication.gate import writing

pytestmark = [pytest.mark.browser, pytest.mark.full]

WIDTHS = (1280, 390)
COLOURS: tuple[Any, ...] = ("light", "dark")
WCAG = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
}
ACCOUNT = (
    "/admin/password_change/",
    "/admin/account/second-factor/",
    "/admin/account/second-factor/totp/activate/",
    "/admin/account/reauthenticate/",
)
SIGNED_OUT = (
    "/admin/login/",
    "/admin/account/password/reset/",
    "/admin/account/password/reset/done/",
    "/admin/account/password/reset/key/1-set-password/",
    "/admin/logout/",
)


def barriers(page: Page) -> list[str]:
    found = set()
    for colours in COLOURS:
        page.emulate_media(color_scheme=colours)
        # Colours that are changed while a page is shown pass through others.
        page.evaluate("Promise.allSettled(document.getAnimations().map(one => one.finished))")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 844})
            for violation in Axe().run(page, options=WCAG).response["violations"]:
                for node in violation["nodes"]:
                    target = " ".join(map(str, node["target"]))
                    found.add(f"{violation['id']}, {width} {colours}: {target}")
    return sorted(found)


def all_barriers(page: Page, site: str, addresses: Iterable[str]) -> dict[str, list[str]]:
    found = {}
    for address in addresses:
        answer = page.goto(f"{site}{address}")
        assert answer and answer.status == 200, address
        found[address] = barriers(page)
    return {address: some for address, some in found.items() if some}


@pytest.fixture
def publisher(site: str, page: Page) -> Page:
    return sign_in(page, site, staff_of("publishers"))


def one_of_each() -> Any:
    rows = {
        str(model._meta.model_name): model._base_manager.order_by("pk")[0]
        for model in registry.models()
    }
    return SimpleNamespace(rows=rows, met=rows["round"])


def test_the_lists_forms_histories_and_pages_of_rounds(site: str, publisher: Page) -> None:
    read = pages(one_of_each())
    blank = [f"{place}add/" for name, place in read.items() if name in ("list round", "list party")]
    filtered = [f"{read['list round']}?state=held", f"{read['list round']}?q=nowhere"]

    assert all_barriers(publisher, site, [*read.values(), *blank, *filtered]) == {}


def test_what_is_cleared_withdrawn_and_compared(site: str, publisher: Page) -> None:
    case = Initiative.objects.public().order_by("pk")[0]
    draft = factories.round(public=False, initiative=case, label="Seen by axe")
    stopped = factories.round(public=False, initiative=case, state="planned")
    with writing():
        draft.summary = "Changed since."
        draft.save()
    clear, withdraw = "/admin/decide/clear/", "/admin/decide/withdraw/"

    found = all_barriers(
        publisher,
        site,
        [
            f"{clear}?row=rounds:{draft.uid}",
            f"{clear}?row=rounds:{stopped.uid}",
            f"{withdraw}?row=initiatives:{case.uid}",
            f"/admin/rounds/round/{draft.pk}/history/?a=1&b=2",
            f"/admin/rounds/round/{draft.pk}/change/?version=1",
            f"/admin/rounds/round/{draft.pk}/delete/",
        ],
    )

    assert found == {}


def test_the_steps_of_an_import(site: str, publisher: Page) -> None:
    met = Round.objects.public().order_by("pk")[0]
    row = {"initiative": met.initiative.title, "title": met.label, "start_date": str(met.start)}
    differing = rounds({**row, "mode": "hybrid", "parties": "Taiwann", "end_date": "TBC"})
    wrong = rounds({**row, "end_date": "1999-01-01"})
    found = {}

    for step, file in (("wrong", wrong), ("looked at", differing)):
        publisher.goto(f"{site}/admin/rounds/import/add/")
        given: Any = {"name": file.name, "mimeType": "text/csv", "buffer": file.content}
        publisher.set_input_files("#id_sheets", given)
        publisher.get_by_role("button", name="Try it").click()
        expect(publisher.locator(".state-line")).to_be_visible()
        found[step] = barriers(publisher)
    publisher.get_by_role("button", name="Record it, as drafts").click()
    expect(publisher.locator(".messagelist .success")).to_be_visible()
    found["recorded"] = barriers(publisher)

    assert found == {"wrong": [], "looked at": [], "recorded": []}


def test_signing_in_and_the_account(site: str, publisher: Page) -> None:
    assert all_barriers(publisher, site, ACCOUNT) == {}
    publisher.context.clear_cookies()
    assert all_barriers(publisher, site, SIGNED_OUT) == {}
    publisher.goto(f"{site}/admin/login/")
    publisher.fill("#id_username", "nobody")
    publisher.fill("#id_password", "wrong")
    publisher.keyboard.press("Enter")
    expect(publisher.locator(".errornote, .errorlist").first).to_be_visible()

    assert barriers(publisher) == []
