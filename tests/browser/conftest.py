"""A real Chromium over a real server, with the sample record."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection
from django.test import TransactionTestCase
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from rounds.models import Round
from tests import factories
from tests.services import chromium

# Playwright runs a loop in the thread of the test.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
# In milliseconds: a busy machine is slow and not wrong.
expect.set_options(timeout=20_000)

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # A page that called another host would fail here, and loudly.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_type_launch_args, "executable_path": chromium(), "args": QUIET}


@pytest.fixture(scope="package")
def server(django_db_setup: None, django_db_blocker: Any) -> Iterator[LiveServer]:
    """One server for all tests in a browser. What they write stays until the last of them."""
    with django_db_blocker.unblock():
        server = LiveServer("127.0.0.1")
        yield server
        server.stop()
        TransactionTestCase("run")._fixture_teardown()
        # Under Playwright's loop Django keeps a connection of its own, which nobody else closes.
        connection.close()


@pytest.fixture
def site(server: LiveServer) -> str:
    """The address of a running site that holds the sample."""
    # Loaded once, unless a test that is marked transactional has emptied the database.
    if not Round.objects.exists():
        call_command("load_sample", verbosity=0)
    return server.url


@pytest.fixture
def problems(page: Any) -> list[str]:
    """What the browser complained of: refused scripts and styles, errors, failed requests."""
    found: list[str] = []
    page.on("console", lambda m: found.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: found.append(str(error)))

    def note(request: Any) -> None:
        # The desk's search boxes call back what they asked when the next key is pressed.
        if request.failure != "net::ERR_ABORTED":
            found.append(f"failed: {request.url}")

    page.on("requestfailed", note)
    return found


@pytest.fixture
def clerk(site: str, page: Any) -> Any:
    """The page, signed in to the desk."""
    if not get_user_model().objects.filter(username="staff").exists():
        factories.staff()
    page.goto(f"{site}/admin/")
    page.fill("#id_username", "staff")
    page.fill("#id_password", factories.PASSWORD)
    page.click("input[type=submit]")
    page.wait_for_selector("#user-tools")
    return page
