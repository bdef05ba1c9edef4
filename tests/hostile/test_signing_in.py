"""Signing in tells nobody which names exist: not by what it says, and not by how long it takes."""

import re
from collections.abc import Callable
from statistics import median
from time import process_time
from typing import Any

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core.cache import cache
from django.test import Client

from tests import factories

pytestmark = pytest.mark.django_db

# Names of one length, so that an answer that repeats them is as long.
THERE, NOT_THERE = "wilhelmina", "philippina"


class Counted(PBKDF2PasswordHasher):
    """The site's own way to hash, each use of it counted."""

    used = 0

    def encode(self, *args: Any, **kwargs: Any) -> str:
        type(self).used += 1
        return super().encode(*args, **kwargs)


@pytest.fixture(autouse=True)
def somebody(settings: Any) -> None:
    settings.PASSWORD_HASHERS = [f"{__name__}.Counted"]
    cache.clear()
    factories.staff(username=THERE)


def try_to_sign_in(username: str) -> tuple[Any, int, float]:
    """With a wrong password: the answer, how many passwords were hashed, and the time it took."""
    client = Client()
    before, began = Counted.used, process_time()
    response = client.post("/admin/login/", {"username": username, "password": "wrong"})
    return response, Counted.used - before, process_time() - began


def plain(response: Any, username: str) -> str:
    """What is said, without what is new in every answer."""
    text = re.sub(r'(name="csrfmiddlewaretoken" value=)"[^"]+"', r"\1", response.content.decode())
    return text.replace(username, "NAME")


def test_a_name_that_is_not_there_is_answered_as_a_wrong_password(
    trust: Callable[[int, str], None],
) -> None:
    there, worked, _ = try_to_sign_in(THERE)
    not_there, worked_as_well, _ = try_to_sign_in(NOT_THERE)

    assert there.status_code == not_there.status_code == 200
    assert plain(there, THERE) == plain(not_there, NOT_THERE)
    assert (worked, worked_as_well) == (1, 1)
    trust(8, "existing and missing name: the same bytes, one password hashed for each")


@pytest.mark.full
def test_a_name_that_is_not_there_takes_as_long(trust: Callable[[int, str], None]) -> None:
    took: dict[str, list[float]] = {THERE: [], NOT_THERE: []}
    for _ in range(4):
        for name in took:
            # Never so many failures that a lock would answer.
            cache.clear()
            took[name].append(try_to_sign_in(name)[2])

    there, not_there = median(took[THERE]), median(took[NOT_THERE])
    assert abs(there - not_there) < 0.1 * there
    trust(8, "existing and missing name: median times within a tenth")
