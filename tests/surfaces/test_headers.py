"""What every answer carries: what browsers may do with it, and who may keep it for how long."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import factories
from tests.secrecy.routes import routes
from tests.surfaces.asking import body, is_for_the_tip_alone
from tests.surfaces.cast import NOW, Cast
from tests.surfaces.conftest import Reader
from tests.surfaces.visits import visits
from tradeinit import clock

pytestmark = pytest.mark.django_db

MISSING = [
    "/nothing/",
    "/rounds/nothing/",
    "/api/v1/nothing/",
    "/api/v1/rounds/nothing/",
    "/rounds/?nothing=1",
    "/api/v1/rounds/?nothing=1",
    "/rounds/?page=9",
]
# Of this process, not of the record.
UNKEPT = {"/livez", "/readyz", "/metrics"}


@pytest.fixture(scope="module")
def public(cast: Cast) -> dict[str, Any]:
    """Every public address, and its answer."""
    reader = Reader()
    # The figures are the staff's, and count the very question for them.
    places = [place for place in visits(cast).values() if place != "/metrics"]
    return {place: reader.get(place) for place in [*places, *MISSING]}


@pytest.fixture(scope="module")
def kept(public: dict[str, Any]) -> dict[str, Any]:
    """What tells of the record, and so may be kept until the record may change."""
    return {place: answer for place, answer in public.items() if place not in UNKEPT}


@pytest.fixture(scope="module")
def content(public: dict[str, Any]) -> dict[str, str]:
    return {place: body(answer).decode() for place, answer in public.items()}


LEADS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), "
    "browsing-topics=()",
}


def leads(response: Any) -> dict[str, str | None]:
    return {name: response.get(name) for name in LEADS}


def policy(response: Any) -> dict[str, set[str]]:
    directives = response["Content-Security-Policy"].split(";")
    return {name: set(sources) for name, *sources in map(str.split, directives)}


def test_every_public_answer_keeps_browsers_on_a_short_lead(
    public: dict[str, Any], trust: Callable[[int, str], None]
) -> None:
    for place, response in public.items():
        assert leads(response) == LEADS, place
        assert policy(response) == {
            "default-src": {"'none'"},
            "script-src": {"'self'"},
            "style-src": {"'self'"},
            "img-src": {"'self'", "data:"},
            "font-src": {"'self'"},
            "connect-src": {"'self'"},
            "form-action": {"'self'"},
            "base-uri": {"'none'"},
            "object-src": {"'none'"},
            "frame-ancestors": {"'none'"},
        }, place
    trust(23, f"{len(public)} public addresses: each header as it must be")


def test_no_page_holds_what_the_policy_forbids(content: dict[str, str]) -> None:
    for place, html in content.items():
        if "<html" in html:
            assert "<style" not in html and " style=" not in html, place
            # What a browser does not run is no script: data for search engines.
            data = html.count('<script type="application/ld+json">')
            assert html.count("<script") - data == html.count("<script src="), place
            assert re.findall(r"<[^>]* on[a-z]+=", html) == [], place
            assert "javascript:" not in html, place


def test_no_public_answer_sets_or_depends_on_a_cookie(
    public: dict[str, Any], content: dict[str, str]
) -> None:
    for place, response in public.items():
        assert response.cookies == {}, place
        assert "cookie" not in response.get("Vary", "").lower(), place
        # The reader of the schema knows the header's name; nothing gives it a token.
        assert "csrfmiddlewaretoken" not in content[place], place


def test_the_reader_who_is_signed_in_gets_the_public_answer(
    public: dict[str, Any], content: dict[str, str]
) -> None:
    signed_in = Reader()
    signed_in.force_login(factories.staff())

    for place, anonymous in public.items():
        staff = signed_in.get(place)
        assert (dict(staff.headers), body(staff).decode()) == (
            dict(anonymous.headers),
            content[place],
        ), place


def test_a_public_answer_lives_until_the_next_whole_minute(kept: dict[str, Any]) -> None:
    lives = {place: response["Cache-Control"] for place, response in kept.items()}

    assert lives == dict.fromkeys(kept, "public, max-age=30")


@pytest.mark.parametrize(
    ("instant", "seconds"),
    [
        (datetime(2023, 3, 1, 12, 0, 0, tzinfo=UTC), 60),
        (datetime(2023, 3, 1, 12, 0, 0, 1, tzinfo=UTC), 59),
        (datetime(2023, 3, 1, 12, 0, 59, tzinfo=UTC), 1),
        (datetime(2023, 3, 1, 12, 0, 59, 999_999, tzinfo=UTC), 0),
    ],
)
def test_no_life_reaches_beyond_the_minute(instant: datetime, seconds: int) -> None:
    with clock.at(instant):
        response = Client().get("/robots.txt")

    assert response["Cache-Control"] == f"public, max-age={seconds}"


def test_what_is_of_the_process_is_kept_by_nobody(client: Client) -> None:
    for place in UNKEPT:
        assert client.get(place)["Cache-Control"] == "private, no-store"


def test_every_answer_of_the_record_can_be_asked_again_for_nothing(
    client: Client, kept: dict[str, Any]
) -> None:
    for place, first in kept.items():
        if first.status_code != 200:
            assert "ETag" not in first and "Last-Modified" not in first, place
            continue
        for condition in (
            {"If-None-Match": first["ETag"]},
            {"If-Modified-Since": first["Last-Modified"]},
        ):
            with CaptureQueriesContext(connection) as queries:
                again = client.get(place, headers=condition)
            assert (again.status_code, again.content) == (304, b""), place
            assert again["ETag"] == first["ETag"]
            assert again["Last-Modified"] == first["Last-Modified"]
            assert again["Cache-Control"] == "public, max-age=30"
            # The tip of the log, and not a table of the record.
            assert is_for_the_tip_alone(queries), place


@pytest.fixture
def etag(client: Client) -> Iterator[Any]:
    yield lambda: client.get("/about/")["ETag"]


def test_a_publication_and_a_correction_and_a_withdrawal_change_the_entity_tag(
    cast: Cast, etag: Any
) -> None:
    tags = [etag()]
    party = factories.party()
    tags.append(etag())
    factories.edit(party, name="Another name")
    tags.append(etag())
    factories.withdraw(party)
    tags.append(etag())

    assert len(set(tags)) == 4


def test_what_is_done_in_the_office_changes_no_header(client: Client, cast: Cast) -> None:
    before = dict(client.get("/about/").headers)
    draft = factories.party(public=False)
    factories.edit(draft, name="Another name")
    factories.party(public_from=factories.FUTURE)

    assert dict(client.get("/about/").headers) == before


def test_a_new_day_and_a_new_release_change_the_entity_tag(settings: Any, cast: Cast) -> None:
    def tag(instant: datetime) -> tuple[str, str]:
        with clock.at(instant):
            response = Client().get("/about/")
        return response["ETag"], response["Last-Modified"]

    today = tag(NOW)
    tomorrow = tag(NOW.replace(day=2))
    settings.RELEASE = "next"

    assert today[1] == "Wed, 01 Mar 2023 00:00:00 GMT"
    assert tomorrow[1] == "Thu, 02 Mar 2023 00:00:00 GMT"
    assert len({today[0], tomorrow[0], tag(NOW)[0]}) == 3


def test_a_second_in_which_more_may_happen_is_no_validator() -> None:
    instant = datetime(2023, 3, 1, 12, 0, 5, 300_000, tzinfo=UTC)

    def ask(instant: datetime, **headers: str) -> Any:
        with clock.at(instant):
            return Client().get("/about/", headers=headers)

    with clock.at(instant):
        factories.party(public_from=instant)
        factories.party(public_from=instant.replace(microsecond=700_000))
    early = ask(instant.replace(microsecond=500_000))
    late = ask(instant.replace(second=6))

    assert "Last-Modified" not in early
    assert late["Last-Modified"] == "Wed, 01 Mar 2023 12:00:05 GMT"
    within = instant.replace(microsecond=800_000)
    assert ask(within, **{"If-Modified-Since": late["Last-Modified"]}).status_code == 200


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_the_public_side_takes_nothing_in(public: dict[str, Any], method: str) -> None:
    # As a browser of somebody else's page would send it.
    client = Client(enforce_csrf_checks=True)
    for place in public:
        with CaptureQueriesContext(connection) as queries:
            response = getattr(client, method)(place)
        assert response.status_code == 405, place
        assert response["Allow"] == "GET, HEAD", place
        assert response["Cache-Control"] == "private, no-store", place
        if place.startswith("/api/"):
            assert response["Content-Type"] == "application/problem+json"
            assert response.json()["title"] == "This record is read-only."
        assert len(queries) == 0


def test_head_answers_wherever_get_does(client: Client, public: dict[str, Any]) -> None:
    for place, get in public.items():
        head = client.head(place)
        assert (head.status_code, dict(head.headers)) == (get.status_code, dict(get.headers)), place
        assert body(head) == b"", place


def of_the_desk(cast: Cast) -> list[str]:
    """Every address of the desk, about a record of the cast where it is about one."""
    places = ["/admin/nothing/"]
    for route in routes():
        if not route.is_public:
            row = next(
                (
                    row
                    for row in cast.values()
                    if f"/{row._meta.app_label}/{row._meta.model_name}/" in route.template
                ),
                cast["alpha round"],
            )
            about = route.template.replace("<kind>", "clear")
            places.append(re.sub("<[^>]+>", str(row.pk), about))
    return list(dict.fromkeys(places))


@pytest.mark.parametrize(
    "group",
    [
        "nobody",
        "publishers",
        pytest.param("editors", marks=pytest.mark.full),
        "readers",
    ],
)
def test_the_desk_is_kept_by_nobody_and_on_a_short_lead(
    group: str, cast: Cast, settings: Any, trust: Callable[[int, str], None]
) -> None:
    settings.SECURE_HSTS_SECONDS = 63_072_000
    client = Client()
    if group != "nobody":
        person = factories.user(username=group, is_staff=True)
        person.groups.add(Group.objects.get(name=group))
        client.force_login(person)
    places = of_the_desk(cast)

    for place in places:
        response = client.get(place, secure=True)
        assert response.status_code < 500, place
        kept = response["Cache-Control"].split(", ")
        assert {"private", "no-store"} <= set(kept) and "public" not in kept, place
        assert "ETag" not in response and "Last-Modified" not in response, place
        assert policy(response)["default-src"] == {"'none'"}, place
        assert policy(response)["frame-ancestors"] == {"'none'"}, place
        assert "unsafe" not in response["Content-Security-Policy"], place
        assert leads(response) == LEADS, place
        assert response["Strict-Transport-Security"] == "max-age=63072000", place
        # Only these have names and flags of their own under HTTPS.
        assert set(response.cookies) <= {"session", "csrf"}, place
    assert len(places) > 150
    trust(23, f"{len(places)} addresses of the desk: each header as it must be")


# Settings, each in a process of its own

SECRET = "a-secret-of-fifty-characters-and-more-that-nobody-knows-1234567890"


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess:
    inherited = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME")}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=settings.BASE_DIR,
        env=inherited | {"DJANGO_SETTINGS_MODULE": "tradeinit.settings"} | environment,
        capture_output=True,
        text=True,
        timeout=120,
    )


def printed(names: list[str], **environment: str) -> list[str]:
    code = f"from django.conf import settings; [print(getattr(settings, n)) for n in {names!r}]"
    found = run("-c", code, **environment)
    assert found.returncode == 0, found.stderr
    return found.stdout.split()


def test_the_demo_secret_serves_this_machine_alone(trust: Callable[[int, str], None]) -> None:
    refused = run("manage.py", "check", ALLOWED_HOSTS="127.0.0.1,example.org")
    allowed = run("manage.py", "check", ALLOWED_HOSTS="127.0.0.1,localhost")
    with_a_secret = run("manage.py", "check", ALLOWED_HOSTS="example.org", SECRET_KEY=SECRET)

    assert refused.returncode == 1
    assert "Set SECRET_KEY: the demo's secret is public" in refused.stderr
    assert (allowed.returncode, with_a_secret.returncode) == (0, 0)
    trust(25, "the demo's secret and a host beyond this machine: not started")


def test_settings_are_safe_by_default(trust: Callable[[int, str], None]) -> None:
    assert printed(["DEBUG", "SESSION_COOKIE_HTTPONLY", "CSRF_COOKIE_HTTPONLY"]) == [
        "False",
        "True",
        "True",
    ]
    trust(25, "DEBUG is off by default")


# Signs in and prints each cookie that the desk sets, as it is sent.
SIGN_IN_UNDER_HTTPS = """
import django
from django.conf import settings
settings.STORAGES["staticfiles"]["BACKEND"] = (
    "django.contrib.staticfiles.storage.StaticFilesStorage"
)
django.setup()
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client
call_command("migrate", verbosity=0)
get_user_model().objects.create_superuser("staff", password="a-long-one-9")
client = Client(headers={"host": "example.org"})
for answer in (
    client.get("/admin/login/", secure=True),
    client.post("/admin/login/", {"username": "staff", "password": "a-long-one-9"}, secure=True),
):
    print(answer.cookies.output(header=""))
"""


@pytest.fixture
def cookies_under_https(tmp_path: Path) -> dict[str, set[str]]:
    """The attributes of each cookie that who signs in is given, in a process of its own."""
    found = run(
        "-c",
        SIGN_IN_UNDER_HTTPS,
        PUBLIC_BASE_URL="https://example.org",
        ALLOWED_HOSTS="example.org",
        SECRET_KEY=SECRET,
        DATABASE_URL=f"sqlite:///{tmp_path}/db.sqlite3",
    )
    assert found.returncode == 0, found.stderr
    cookies = {}
    for line in filter(None, map(str.strip, found.stdout.splitlines())):
        pair, *attributes = line.split("; ")
        cookies[pair.partition("=")[0]] = {
            attribute
            for attribute in attributes
            if not attribute.startswith(("expires=", "Max-Age="))
        }
    return cookies


def test_under_https_cookies_belong_to_the_host_and_travel_encrypted(
    cookies_under_https: dict[str, set[str]], trust: Callable[[int, str], None]
) -> None:
    # A name with this prefix a browser takes only for one host, whole and encrypted.
    short_lead = {"HttpOnly", "Path=/", "SameSite=Lax", "Secure"}

    assert cookies_under_https == {"__Host-csrf": short_lead, "__Host-session": short_lead}
    trust(23, "cookies of who signs in: __Host-, Secure, HttpOnly, SameSite")


def test_under_https_all_is_sent_there_and_stays_there() -> None:
    found = printed(
        ["SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS"],
        PUBLIC_BASE_URL="https://example.org",
        SECRET_KEY=SECRET,
    )

    assert found == ["True", "63072000"]


def test_a_deployment_passes_the_check_without_a_warning(
    trust: Callable[[int, str], None],
) -> None:
    found = run(
        "manage.py",
        "check",
        "--deploy",
        "--fail-level",
        "WARNING",
        PUBLIC_BASE_URL="https://example.org",
        ALLOWED_HOSTS="example.org",
        SECRET_KEY=SECRET,
    )

    assert (found.returncode, found.stdout) == (
        0,
        "System check identified no issues (0 silenced).\n",
    )
    trust(23, "check --deploy: 0 warnings")
