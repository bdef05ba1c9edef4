"""Nothing leaks: no answer of any surface changes by a byte when hidden rows appear."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.rollback import undone
from tests.surfaces.asking import content, one_of_each_format
from tests.surfaces.cast import Cast
from tests.surfaces.conftest import Reader
from tests.surfaces.hidden import CANARY, TAKEN_BACK, UNTOLD
from tradeinit.api import RESOURCES
from tradeinit.publication import registry
from tradeinit.publication.models import Publishable

pytestmark = pytest.mark.django_db

Answer = tuple[int, dict[str, str], bytes]
# What says when the record last changed; a withdrawal is such a change.
VALIDATORS = {"ETag", "Last-Modified"}


def addresses(cast: Cast) -> list[str]:
    """Every page, list, file and record that a reader can ask for."""
    found = [reverse("rounds:home"), reverse("about"), reverse("robots"), reverse("api:docs")]
    for resource in RESOURCES:
        found += [surface.address.format(resource) for surface in one_of_each_format(resource)]
        found.append(f"/api/v1/{resource}/?updated_since=2023-01-01T00:00:00Z")
        found.append(f"/api/v1/{resource}/?q={CANARY}")
        found.append(f"/api/v1/{resource}/?on=2023-02-20&known=2023-02-20")
        found.append(f"/api/v1/{resource}/?cursor=&page_size=1")
        expandable = RESOURCES[resource].expandable()
        found.append(f"/api/v1/{resource}.ndjson?expand={','.join(expandable)}")
    return found + [
        place
        for name, row in cast.items()
        if name.startswith("alpha")
        for place in addresses_of(row)
    ]


def addresses_of(row: Publishable) -> list[str]:
    """Where the row would be found, were it public."""
    own = [row.api_url, f"/api/v1/{row.resource}/{row.uid}/", f"/id/{row.uid}"]
    return own if "#" in row.get_absolute_url() else [*own, row.get_absolute_url()]


def ask(client: Client, places: list[str]) -> dict[str, Answer]:
    responses = {place: client.get(place) for place in places}
    return {
        place: (response.status_code, dict(response.headers), content(response))
        for place, response in responses.items()
    }


def differing(before: dict[str, Answer], after: dict[str, Answer], but: set[str]) -> list[str]:
    """The addresses whose answers differ, headers named in ``but`` aside."""

    def kept(answer: Answer) -> Any:
        status, headers, content = answer
        return status, {name: text for name, text in headers.items() if name not in but}, content

    return [place for place in before if kept(before[place]) != kept(after[place])]


def leaks(answers: dict[str, Answer]) -> list[str]:
    # A question repeats its own words.
    return [
        place
        for place, (_, headers, content) in answers.items()
        if CANARY in content.decode().replace(f"q={CANARY}", "") or CANARY in str(headers)
    ]


def by_name(functions: list[Any]) -> Any:
    return pytest.mark.parametrize("hide", functions, ids=[found.__name__ for found in functions])


@pytest.fixture(scope="module")
def before(cast: Cast) -> dict[str, Answer]:
    """What every surface answers while nothing is hidden."""
    return ask(Reader(), addresses(cast))


@by_name(UNTOLD)
def test_no_answer_changes_when_hidden_rows_appear(
    client: Client,
    cast: Cast,
    before: dict[str, Answer],
    hide: Callable[[Cast], list[Publishable]],
) -> None:
    hidden = hide(cast)

    after = ask(client, list(before))
    assert differing(before, after, but=set()) == []
    assert leaks(after) == []
    assert {type(row) for row in hidden} >= {model for model in registry.models() if model.parents}


@by_name(TAKEN_BACK)
def test_what_was_taken_back_is_nowhere_but_at_its_own_address(
    client: Client,
    cast: Cast,
    before: dict[str, Answer],
    hide: Callable[[Cast], list[Publishable]],
) -> None:
    hide(cast)
    # The changes say that it was published, and then withdrawn; so does the front page.
    before = {
        place: told for place, told in before.items() if place != "/" and "/changes" not in place
    }

    after = ask(client, list(before))
    assert differing(before, after, but=VALIDATORS) == []
    assert leaks(after) == []


@by_name(UNTOLD)
def test_what_is_hidden_answers_as_what_never_was(
    client: Client, cast: Cast, hide: Callable[[Cast], list[Publishable]]
) -> None:
    with undone():
        hidden = hide(cast)
        places = [place for row in hidden for place in addresses_of(row)]
        answers = ask(client, places)

    never = ask(client, places)

    assert {status for status, _, _ in answers.values()} == {404}
    assert differing(answers, never, but=set()) == []


@by_name(TAKEN_BACK)
def test_what_was_taken_back_says_why(
    client: Client, cast: Cast, hide: Callable[[Cast], list[Publishable]]
) -> None:
    taken_back = hide(cast)

    answers = ask(client, [place for row in taken_back for place in addresses_of(row)])

    assert {status for status, _, _ in answers.values()} == {410}
    assert [
        place for place, (_, _, text) in answers.items() if b"It was never so." not in text
    ] == []
