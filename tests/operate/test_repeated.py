"""A question that was just answered is answered again before Django makes a request of it."""

import io
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import OperationalError, close_old_connections, connection
from django.test.utils import CaptureQueriesContext

from tests import factories
from tests.surfaces.asking import is_for_the_tip_alone
from tests.surfaces.cast import NOW
from tradeinit import clock, repeated
from tradeinit.logs import requests
from tradeinit.repeated import Repeated

pytestmark = pytest.mark.django_db


class Answer(NamedTuple):
    status: str
    headers: dict[str, str]
    content: bytes


class Site:
    """The site as a server asks it; ``asked`` are the questions that reached Django."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.django = WSGIHandler()
        self.repeated = Repeated(self._noting)

    def _noting(self, environ: dict[str, Any], start_response: Any) -> Any:
        self.asked.append(environ["PATH_INFO"])
        return self.django(environ, start_response)

    def get(self, address: str, application: Any = None, **environ: Any) -> Answer:
        path, _, query = address.partition("?")
        heard: list[Any] = []
        asked = {
            "REQUEST_METHOD": "GET",
            "SCRIPT_NAME": "",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "HTTP_HOST": "testserver",
            "SERVER_NAME": "testserver",
            "SERVER_PORT": "80",
            "REMOTE_ADDR": "192.0.2.1",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
        }
        parts = (application or self.repeated)(asked | environ, lambda *told: heard.extend(told))
        content = b"".join(parts)
        if hasattr(parts, "close"):
            parts.close()
        return Answer(heard[0], dict(heard[1]), content)


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """That of the test, which no request may close."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def site() -> Iterator[Site]:
    with clock.at(NOW):
        yield Site()


def test_it_is_the_answer_of_django_to_the_last_header(site: Site) -> None:
    factories.round()
    for place, coding in (("/zh-hant/rounds/", "br"), ("/api/v1/initiatives/", "")):
        how = {"HTTP_ACCEPT_ENCODING": coding}
        first = site.get(place, **how)
        reached = len(site.asked)

        assert site.get(place, **how) == first == site.get(place, site.django, **how)
        assert len(site.asked) == reached


@pytest.mark.parametrize(
    "condition", ["HTTP_IF_NONE_MATCH", "HTTP_IF_MATCH", "HTTP_IF_MODIFIED_SINCE"]
)
def test_a_condition_means_what_it_means_to_django(site: Site, condition: str) -> None:
    header = "Last-Modified" if condition.endswith("SINCE") else "ETag"
    how = {condition: site.get("/about/").headers[header]}
    by_django = site.get("/about/", site.django, **how)

    assert [site.get("/about/", **how) for _ in range(2)] == [by_django, by_django]


def test_it_costs_the_tip_of_the_log_alone(site: Site) -> None:
    site.get("/rounds/")

    with CaptureQueriesContext(connection) as queries:
        site.get("/rounds/")

    assert is_for_the_tip_alone(queries)


def test_what_is_withdrawn_is_gone_at_once(site: Site) -> None:
    party = factories.party(slug="gone")
    with clock.at(NOW.replace(second=40)):
        assert [site.get("/parties/gone/").status for _ in range(2)] == ["200 OK", "200 OK"]
        factories.withdraw(party)
    reached = len(site.asked)

    with clock.at(NOW.replace(second=41)):
        assert site.get("/parties/gone/").status == "410 Gone"
    assert reached == 1


def test_a_life_ends_at_the_next_minute_however_often_it_is_told(site: Site) -> None:
    site.get("/about/")

    with clock.at(NOW.replace(second=50)):
        assert site.get("/about/").headers["Cache-Control"] == "public, max-age=10"
    assert site.asked == ["/about/"]


def test_after_a_minute_it_is_asked_for_anew(site: Site, monkeypatch: Any) -> None:
    site.get("/about/")
    later = repeated.monotonic() + 61
    monkeypatch.setattr(repeated, "monotonic", lambda: later)

    site.get("/about/")

    assert site.asked == ["/about/", "/about/"]


@pytest.mark.parametrize(
    "place", ["/admin/login/", "/livez", "/nothing/", "/rounds.csv", "/rounds/?nothing=1"]
)
def test_the_desk_and_files_and_errors_are_left_to_django(site: Site, place: str) -> None:
    site.get(place)
    site.get(place)

    assert len(site.asked) == 2


def test_another_host_and_another_method_are_other_questions(site: Site) -> None:
    site.get("/about/")

    assert site.get("/about/", HTTP_HOST="elsewhere.example").status == "400 Bad Request"
    assert site.get("/about/", REQUEST_METHOD="POST").status == "405 Method Not Allowed"
    site.get("/about/", REQUEST_METHOD="HEAD")
    assert len(site.asked) == 4


def test_who_asks_is_counted(settings: Any, tmp_path: Any) -> None:
    settings.THROTTLE, settings.VAR_DIR = "3/hour", tmp_path
    with clock.at(NOW):
        site = Site()

        answers = [site.get("/about/") for _ in range(5)]

    assert [answer.status[:3] for answer in answers] == ["200", "200", "200", "429", "429"]
    left = [answer.headers["RateLimit"].split(";")[1] for answer in answers]
    assert left == ["r=2", "r=1", "r=0", "r=0", "r=0"]
    assert site.asked == ["/about/"] * 3


def test_it_is_logged_under_the_id_of_the_proxy_and_measured(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    site.get("/about/")
    before = _counted(site)
    caplog.clear()

    with caplog.at_level("INFO", logger=requests.name):
        site.get("/about/", HTTP_X_REQUEST_ID="from-the-proxy-1")

    (line,) = caplog.records
    assert (line.told["method"], line.told["path"], line.told["status"]) == ("GET", "/about/", 200)
    assert _counted(site) == before + 1


def _counted(site: Site) -> float:
    figures = site.get("/metrics", REMOTE_ADDR="127.0.0.1").content.decode()
    told = 'tradeinit_answers_total{route="none",status="200"} '
    return sum(float(line[len(told) :]) for line in figures.splitlines() if line.startswith(told))


def test_where_the_database_fails_django_says_so(site: Site, monkeypatch: Any) -> None:
    site.get("/about/")

    def broken(*_present: Any) -> None:
        raise OperationalError

    monkeypatch.setattr(repeated, "validators", broken)

    assert site.get("/about/").status == "200 OK"
    assert site.asked == ["/about/", "/about/"]


def test_only_so_many_are_kept(site: Site, monkeypatch: Any) -> None:
    monkeypatch.setattr(repeated, "MOST", 2)

    for place in ("/about/", "/glossary/", "/robots.txt", "/about/"):
        site.get(place)

    assert site.asked == ["/about/", "/glossary/", "/robots.txt", "/about/"]
    assert len(site.repeated.told) == 2


def test_where_replicas_answer_each_question_is_given_to_one(settings: Any) -> None:
    settings.REPLICAS = {"replica1": {}}
    django = WSGIHandler()

    assert repeated.before(django) is django
