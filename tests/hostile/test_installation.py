"""A careless installation: what it refuses to start with, what logs and errors keep quiet."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest
from django.conf import settings

from tests.services import free_port

PLANTED = "zilpzalp"
# One of everything that an operator, or a browser, hands over in confidence.
SECRETS = {
    "SECRET_KEY": f"{PLANTED}-key-of-fifty-characters-and-more-that-nobody-knows-12345",
    # Nobody listens there: every page of the record fails, and tells the log why.
    "DATABASE_URL": f"postgres://somebody:{PLANTED}-database@127.0.0.1:9/record",
    "CACHE_URL": f"redis://:{PLANTED}-cache@127.0.0.1:9/0",
}


@pytest.fixture
def failing_site(tmp_path: Path) -> Iterator[tuple[int, Path]]:
    """The site as it is served, with a database that is away: its port, and all that it writes."""
    port, log = free_port(), tmp_path / "log"
    inherited = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME")}
    with log.open("w") as written:
        server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "tradeinit.wsgi", "--bind", f"127.0.0.1:{port}",
             "--access-logfile", "-", "--log-level", "debug", "--no-control-socket"],
            cwd=settings.BASE_DIR,
            env=inherited
            | SECRETS
            | {"ALLOWED_HOSTS": "127.0.0.1", "PUBLIC_BASE_URL": f"https://127.0.0.1:{port}"},
            stdout=written,
            stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            _wait_for(port, server)
            yield port, log
        finally:
            server.terminate()
            server.wait(timeout=20)


def _wait_for(port: int, server: subprocess.Popen) -> None:
    for _ in range(400):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert server.poll() is None
        time.sleep(0.1)
    raise TimeoutError


def test_neither_logs_nor_error_pages_tell_a_secret_and_all_is_for_https(
    failing_site: tuple[int, Path], trust: Callable[[int, str], None]
) -> None:
    port, log = failing_site
    told, leads = [], []
    for method, path, sent in (
        ("GET", "/rounds/", ""),
        ("GET", "/api/v1/rounds/", ""),
        ("GET", "/rounds/?nothing=1", ""),
        ("GET", "/admin/login/", ""),
        ("POST", "/admin/login/", f"username=staff&password={PLANTED}-password"),
        ("POST", "/rounds/", f"password={PLANTED}-password"),
    ):
        connection = HTTPConnection("127.0.0.1", port, timeout=30)
        headers = {
            "Cookie": f"session={PLANTED}-session; csrf={PLANTED}-csrf",
            "Authorization": f"Bearer {PLANTED}-token",
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Forwarded-Proto": "https",
        }
        connection.request(method, path, sent, headers)
        response = connection.getresponse()
        text = f"{response.headers} {response.read().decode()}"
        told.append((path, response.status, PLANTED in text, "Traceback" in text))
        # Where static files were never collected no page can be drawn, and the server itself
        # answers, without any of our headers.
        if "Content-Security-Policy" in response.headers:
            leads.append((path, response.status, response.headers["Strict-Transport-Security"]))
        connection.close()

    assert [status >= 500 for _, status, _, _ in told[:2]] == [True, True]
    assert [path for path, _, secret, trace in told if secret or trace] == []
    always = "max-age=63072000; includeSubDomains; preload"
    assert [lead for lead in leads if lead[-1] != always] == []
    assert {path for path, _, _ in leads} >= {"/rounds/", "/api/v1/rounds/"}
    written = log.read_text()
    # It is said what failed, and not with which password.
    assert "OperationalError" in written
    assert PLANTED not in written
    trust(25, f"{len(SECRETS) + 4} planted secrets: 0 in the log, 0 on {len(told)} error pages")
