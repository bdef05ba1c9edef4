"""Schemathesis asks the API all that its description allows, and much that it does not.

Some rules OpenAPI cannot say, such as which words go together; docs/api.md names them. Where one is
broken, 400 is what must come. All that the description does say is checked by every check.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from django.conf import settings
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from tests.rollback import once_a_module
from tests.surfaces.cast import NOW, Cast, two_cases
from tradeinit import clock
from tradeinit.api import RESOURCES
from tradeinit.renderers import FileRenderer
from tradeinit.wsgi import application

pytestmark = pytest.mark.django_db

DESCRIPTION = json.loads((settings.BASE_DIR / "docs/openapi.json").read_text())
ADDRESSES = sorted(DESCRIPTION["paths"])
SEARCH = "/api/v1/search/"
# So many questions by the description, and as many against it, for each operation.
FEW, MANY = 5, 150
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
FILES: dict[str, Any] = {
    renderer.format: renderer
    for viewset in RESOURCES.values()
    for renderer in viewset.renderer_classes
    if issubclass(renderer, FileRenderer)
}


@once_a_module
def cast() -> Cast:
    return two_cases()


@pytest.fixture(scope="module")
def api() -> Iterator[Any]:
    schema = schemathesis.openapi.from_dict(DESCRIPTION)
    schema.app = application
    # The rows are in a transaction, which would end with its connection.
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield schema
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture(scope="module")
def asked() -> Counter[str]:
    return Counter()


def breaks_a_rule(address: str, query: dict[str, Any]) -> bool:
    """Whether words are asked together that cannot be, or a cursor that was never given."""
    file = FILES.get(query.get("format", ""))
    return (
        (address == SEARCH and not any(sign.isalnum() for sign in str(query.get("q"))))
        or bool(query.get("cursor"))
        or ("cursor" in query and ("page" in query or "ordering" in query))
        or ("version" in query and not {"on", "known", "expand"}.isdisjoint(query))
        or (file is not None and file.flat and "expand" in query)
        or (file is not None and not file.has_columns and "fields" in query)
    )


def leaves_a_box_empty(query: dict[str, Any]) -> bool:
    """Whether a word has no value, alone or among others: so it asks nothing."""
    return any("" in (value if isinstance(value, list) else [value]) for value in query.values())


def ask(api: Any, cast: Cast, address: str, examples: int) -> int:
    """Returns how many questions were asked; the first failure of any check is raised."""
    operation = api[address]["GET"]
    resource = address.split("/")[3]
    rows = [row for row in cast.values() if row.resource == resource]
    keys = sorted(key for row in rows for key in {row.key, str(row.uid)}) or [""]
    count = 0

    def asking(case: Any, key: str) -> None:
        nonlocal count
        count += 1
        is_allowed = case.meta.generation.mode == GenerationMode.POSITIVE
        if is_allowed and case.path_parameters:
            # Made-up addresses are 404, which shows nothing of the answer; every other one is real.
            case.path_parameters["slug"] = key
        with clock.at(NOW):
            # What is packed is unpacked by whoever asks for it; schemathesis does not.
            response = case.call(headers={"Accept-Encoding": "identity"})
        if is_allowed and breaks_a_rule(address, case.query or {}):
            assert response.status_code in (400, 404), case.as_curl_command()
            case.validate_response(response, excluded_checks=[positive_data_acceptance])
        elif leaves_a_box_empty(case.query or {}):
            # As a form sends it whose box was left empty: it asks nothing.
            case.validate_response(response, excluded_checks=[negative_data_rejection])
        else:
            case.validate_response(response)

    for mode in MODES:
        made = given(operation.as_strategy(generation_mode=mode), st.sampled_from(keys))(asking)
        hypothesis_settings(
            max_examples=examples,
            database=None,
            suppress_health_check=list(HealthCheck),
        )(made)()
    return count


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_api_does_what_its_description_says(
    api: Any, cast: Cast, asked: Counter[str], address: str
) -> None:
    asked[address] += ask(api, cast, address, FEW)


def test_every_operation_was_asked(asked: Counter[str], trust: Callable[[int, str], None]) -> None:
    assert sorted(asked) == ADDRESSES
    trust(10, f"{len(asked)} operations, {asked.total():,} questions, 0 failures")


@pytest.fixture(scope="module")
def asked_at_length() -> Counter[str]:
    return Counter()


@pytest.mark.full
@pytest.mark.parametrize("address", ADDRESSES)
def test_the_api_keeps_to_it_however_long_it_is_asked(
    api: Any, cast: Cast, asked_at_length: Counter[str], address: str
) -> None:
    asked_at_length[address] += ask(api, cast, address, MANY)


@pytest.mark.full
def test_every_operation_was_asked_at_length(
    asked_at_length: Counter[str], trust: Callable[[int, str], None]
) -> None:
    assert sorted(asked_at_length) == ADDRESSES
    assert min(asked_at_length.values()) >= 300
    questions = asked_at_length.total()
    trust(10, f"{len(asked_at_length)} operations, {questions:,} questions, 0 failures")
