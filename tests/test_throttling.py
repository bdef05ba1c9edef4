"""How much one address may ask, and who counts as one."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client, RequestFactory

from tradeinit import throttling
from tradeinit.tally import Tally
from tradeinit.throttling import Rate, address_of, rate_of

# In the middle of a minute.
NOW = 1_700_000_030.0


@pytest.fixture
def limited(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    settings.THROTTLE, settings.VAR_DIR = "3/minute", tmp_path
    monkeypatch.setattr(throttling.time, "time", lambda: NOW)
    return settings


def asks(
    client: Client, place: str = "/robots.txt", peer: str = "192.0.2.1", **headers: str
) -> Any:
    return client.get(place, REMOTE_ADDR=peer, headers=headers)


@pytest.mark.django_db
def test_who_asks_too_much_waits(limited: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client()

    answers = [asks(client) for _ in range(5)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert [answer["RateLimit"] for answer in answers] == [
        f'"address";r={left};t=10' for left in (2, 1, 0, 0, 0)
    ]
    assert {answer["RateLimit-Policy"] for answer in answers} == {'"address";q=3;w=60'}
    assert [answer.get("Retry-After") for answer in answers] == [None, None, None, "10", "10"]
    assert answers[3]["Cache-Control"] == "private, no-store"
    assert "ETag" not in answers[3]
    assert asks(client, peer="192.0.2.2").status_code == 200
    monkeypatch.setattr(throttling.time, "time", lambda: NOW + 10)
    assert asks(client).status_code == 200


@pytest.mark.django_db
def test_it_is_said_in_words_to_people_and_as_a_problem_to_programs(limited: Any) -> None:
    client = Client()
    for _ in range(3):
        asks(client)

    page, answer = asks(client, "/rounds/"), asks(client, "/api/v1/rounds/")
    chinese = asks(client, "/zh-hant/rounds/")

    assert (page.status_code, answer.status_code, chinese.status_code) == (429, 429, 429)
    assert "Wait a minute, then ask again." in page.content.decode()
    assert 'lang="zh-Hant"' in chinese.content.decode()
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == 429


@pytest.mark.django_db
def test_the_desk_and_the_probes_are_not_counted(limited: Any) -> None:
    client = Client()
    for place in ("/livez", "/admin/login/"):
        answers = [asks(client, place) for _ in range(5)]
        assert {answer.status_code for answer in answers} == {200}
        assert "RateLimit" not in answers[0]


@pytest.mark.django_db
def test_a_forged_header_makes_nobody_another(limited: Any) -> None:
    client = Client()
    answers = [asks(client, **{"X-Forwarded-For": f"203.0.113.{n}"}) for n in range(4)]

    assert answers[-1].status_code == 429


@pytest.mark.parametrize(
    ("proxies", "forwarded", "peer", "address"),
    [
        (0, "", "192.0.2.1", "192.0.2.1"),
        (0, "203.0.113.9", "192.0.2.1", "192.0.2.1"),
        (1, "203.0.113.9", "10.0.0.1", "203.0.113.9"),
        (1, "198.51.100.7, 203.0.113.9", "10.0.0.1", "203.0.113.9"),
        (2, "198.51.100.7, 203.0.113.9, 10.0.0.2", "10.0.0.1", "203.0.113.9"),
        # Who did not come through the proxies is who he is.
        (2, "203.0.113.9", "192.0.2.1", "192.0.2.1"),
        (1, "nonsense", "10.0.0.1", "10.0.0.1"),
        (0, "", "::ffff:192.0.2.1", "192.0.2.1"),
    ],
)
def test_the_address_is_that_which_our_own_proxies_saw(
    settings: Any, proxies: int, forwarded: str, peer: str, address: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get("/", REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR=forwarded)

    assert address_of(request) == address


def test_a_network_of_ipv6_addresses_counts_as_one(settings: Any) -> None:
    one, near, far = (
        address_of(RequestFactory().get("/", REMOTE_ADDR=peer))
        for peer in ("2001:db8::1", "2001:db8::ffff:2", "2001:db8:0:1::1")
    )

    assert one == near != far


COUNT_OFTEN = """
from pathlib import Path
from tradeinit.tally import Tally
tally = Tally(Path({path!r}))
for _ in range(500):
    tally.count("192.0.2.1", 7)
"""


def test_processes_count_together(tmp_path: Path) -> None:
    path = tmp_path / "tally"
    code = COUNT_OFTEN.format(path=str(path))
    workers = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(2)]

    assert [worker.wait() for worker in workers] == [0, 0]
    assert Tally(path).count("192.0.2.1", 7) == 1001


def test_a_full_table_forgets_who_asked_least(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(Tally, "SLOTS", 8)
    tally = Tally(tmp_path / "tally")
    for _ in range(5):
        tally.count("often", 1)
    for number in range(30):
        tally.count(f"once {number}", 1)

    assert tally.count("often", 1) == 6
    assert tally.count("often", 2) == 1


def test_the_rate_is_a_number_in_a_time_or_off() -> None:
    assert [rate_of(text) for text in ("off", "600/minute", "5/second", "9/hour")] == [
        None,
        Rate(600, 60),
        Rate(5, 1),
        Rate(9, 3600),
    ]
    for text in ("", "600", "0/minute", "-1/minute", "600/day", "on"):
        with pytest.raises(ImproperlyConfigured, match="THROTTLE"):
            rate_of(text)
