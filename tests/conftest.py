"""What every test stands on: the databases, the profiles of hypothesis, quick sign-in."""

import hashlib
import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import caches
from django.db import connection, connections
from django.test import Client, TransactionTestCase, override_settings
from django.test.utils import setup_databases, teardown_databases
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from pytest_django import DjangoDbBlocker

from tests.trust import Note
from tradeinit.publication import triggers

# A writing takes a database as long as it takes; examples are never judged by the clock.
hypothesis_settings.register_profile(
    "fast",
    max_examples=25,
    stateful_step_count=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
hypothesis_settings.register_profile(
    "full",
    parent=hypothesis_settings.get_profile("fast"),
    max_examples=100,
    stateful_step_count=30,
    derandomize=False,
    print_blob=True,
)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fast"))


def pytest_configure() -> None:
    # The manifest of static files is made by collectstatic, which no test needs.
    settings.STORAGES["staticfiles"]["BACKEND"] = (
        "django.contrib.staticfiles.storage.StaticFilesStorage"
    )
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    # What was made by hand here, a file of the whole record say, is not there for a test.
    settings.VAR_DIR = settings.VAR_DIR / "tests"
    settings.MEDIA_ROOT = settings.VAR_DIR / "files"
    # The tests are one reader, who asks thousands of questions a minute.
    settings.THROTTLE = "off"
    # Else what is counted and compared would be an earlier test's answer; tests/operate asks it.
    nothing = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
    settings.CACHES = dict.fromkeys(settings.CACHES, nothing)
    # The hasher of the site is slow on purpose.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session", autouse=True)
def a_forced_sign_in_is_a_fresh_one() -> None:
    """``force_login`` stands for a sign-in with a password, which allauth would have noted."""
    sign_in = Client.force_login

    def sign_in_and_note(self: Client, user: Any, backend: str | None = None) -> None:
        sign_in(self, user, backend)
        session = self.session
        session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
        session["account_authentication_methods_user"] = str(user.pk)
        session.save()

    Client.force_login = sign_in_and_note  # type: ignore[method-assign]


# On SQLite the migrations run once; each later run begins with a copy of what they made.
MIGRATED = settings.VAR_DIR / "tests" / "migrated"


def migrated_file() -> Path:
    """Named for all that decides what is in it: the migrations, ours and those of packages."""
    digest = hashlib.sha256((settings.BASE_DIR / "requirements.txt").read_bytes())
    for file in sorted(settings.BASE_DIR.glob("*/migrations/*.py")):
        digest.update(file.read_bytes())
    return MIGRATED / f"{digest.hexdigest()[:20]}.sqlite3"


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    return connections["default"].vendor == "sqlite"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """SQLite tests run on a file, as the site does: in memory, threads share one connection."""
    database = connections["default"]
    if database.vendor == "sqlite":
        file = tmp_path_factory.mktemp("database") / "test.sqlite3"
        if migrated_file().exists():
            shutil.copy(migrated_file(), file)
        database.settings_dict["TEST"]["NAME"] = str(file)


# The site's own database, which no test may touch.
OWN = settings.DATABASES["default"]["NAME"]


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, django_db_keepdb: bool
) -> Iterator[None]:
    """The test database, also where no test is marked and only a fixture asks for one.

    pytest-django makes none then, and the server of tests/browser would serve the site's own.
    """
    made = None
    if connection.settings_dict["NAME"] == OWN:
        with django_db_blocker.unblock():
            made = setup_databases(
                0, interactive=False, aliases=["default"], keepdb=django_db_keepdb
            )
    if connection.vendor == "sqlite" and not migrated_file().exists():
        keep_what_is_migrated(django_db_blocker)
    yield
    if made and not django_db_keepdb:
        with django_db_blocker.unblock():
            teardown_databases(made, 0)


def keep_what_is_migrated(django_db_blocker: DjangoDbBlocker) -> None:
    MIGRATED.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=MIGRATED, suffix=".sqlite3", delete=False) as made:
        with django_db_blocker.unblock(), closing(sqlite3.connect(made.name)) as copy:
            connection.ensure_connection()
            connection.connection.backup(copy)
        Path(made.name).replace(migrated_file())


@pytest.fixture(scope="session", autouse=True)
def flushes_pass_the_triggers() -> None:
    """The one sanctioned way past the triggers: emptying the tables after a transactional test.

    ``flush`` deletes row by row on SQLite, which a sealed log refuses. On PostgreSQL it truncates,
    which no row trigger sees; the same is done there, so that both leave the triggers installed.
    """
    flush = TransactionTestCase._fixture_teardown

    def flush_without_triggers(self: TransactionTestCase) -> None:
        triggers.remove(connection)
        try:
            flush(self)
        finally:
            triggers.install(connection)

    TransactionTestCase._fixture_teardown = flush_without_triggers


@pytest.fixture
def a_cache() -> Iterator[None]:
    """As the site has one; the other tests do without."""
    memory = "django.core.cache.backends.locmem.LocMemCache"
    kept = {name: {"BACKEND": memory, "LOCATION": name} for name in settings.CACHES}
    with override_settings(CACHES=kept):
        yield
        for one in caches.all():
            one.clear()


@pytest.fixture
def trust(request: pytest.FixtureRequest) -> Callable[..., None]:
    """Says which figure this test has reached for which line of docs/trust.md.

    A test that starts a database of its own says which kind it was.
    """
    file, _, name = request.node.nodeid.partition("::")
    profile = "full" if request.node.get_closest_marker("full") else "fast"

    def note(line: int, figure: str, database: str = "") -> None:
        test = f"{file}::{name.partition('[')[0]}"
        Note(line, test, profile, database or connection.vendor, figure).keep()

    return note
