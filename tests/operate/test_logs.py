"""Each request leaves one line, and none says who asked or what."""

import json
import logging
import re
from collections.abc import Iterator

import pytest
from django.test import Client

from tradeinit.logs import JSONFormatter

pytestmark = pytest.mark.django_db


@pytest.fixture
def lines() -> Iterator[list[dict[str, object]]]:
    written: list[dict[str, object]] = []

    class Lines(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            written.append(json.loads(JSONFormatter().format(record)))

    handler = Lines()
    logging.getLogger().addHandler(handler)
    yield written
    logging.getLogger().removeHandler(handler)


def test_a_request_is_one_line_under_the_id_of_the_proxy(
    client: Client, lines: list[dict[str, object]]
) -> None:
    answer = client.get("/rounds/", headers={"X-Request-ID": "from-the-proxy-1"})

    (line,) = lines
    assert line.pop("at") and line.pop("milliseconds") > 0
    assert line == {
        "level": "info",
        "logger": "tradeinit.requests",
        "message": "answered",
        "request_id": "from-the-proxy-1",
        "method": "GET",
        "path": "/rounds/",
        "route": "rounds/",
        "status": 200,
    }
    assert "X-Request-ID" not in answer


def test_an_id_that_is_none_is_not_written(client: Client, lines: list[dict[str, object]]) -> None:
    client.get("/livez", headers={"X-Request-ID": 'x"}\n{"forged": true'})

    (line,) = lines
    assert re.fullmatch("[0-9a-f]{32}", line["request_id"])


def test_no_line_says_who_asked_or_what(client: Client, lines: list[dict[str, object]]) -> None:
    secrets = {"HTTP_USER_AGENT": "a-browser", "HTTP_REFERER": "http://from.example/"}

    client.get("/rounds/?q=a-question", REMOTE_ADDR="203.0.113.9", **secrets)
    client.get("/nowhere/?q=a-question", REMOTE_ADDR="203.0.113.9", **secrets)
    client.post("/admin/login/", {"username": "a-clerk", "password": "a-password"})

    assert len(lines) >= 3
    for secret in (
        "a-question",
        "203.0.113.9",
        "a-browser",
        "from.example",
        "a-clerk",
        "a-password",
    ):
        assert secret not in json.dumps(lines)
