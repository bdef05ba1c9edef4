"""What docs/operating.md tells an operator to type, typed."""

import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings

from tests.operate.conftest import Installation

TEXT = (settings.BASE_DIR / "docs/operating.md").read_text()
# What an operator does to the machine: no test can, or may. Only pg_basebackup is run all the same,
# by tests/faults, on a server of its own.
OF_THE_MACHINE = {
    "pg_basebackup",
    "apt-get",
    "adduser",
    "git",
    "python3",
    ".venv/bin/pip",
    "systemctl",
}
MANAGE = ".venv/bin/python manage.py "
# Told by name of what they ask: an account, and a check of settings that tests lack.
ASKS = {"createsuperuser": ["--no-input", "--username=first", "--email=first@example.org"]}
PRODUCTION = {
    "SECRET_KEY": "a-key-of-this-test-alone-that-is-long-enough-for-the-check-of-its-length",
    "ALLOWED_HOSTS": "record.example.org",
    "PUBLIC_BASE_URL": "https://record.example.org",
    "DJANGO_SUPERUSER_PASSWORD": "a-password-of-this-test",
}


def commands() -> list[str]:
    lines = re.findall(r"^    (.+)$", TEXT, re.MULTILINE)
    return [line for line in lines if not re.match(r"[A-Z_]+=", line)]


def test_every_command_of_the_manual_is_known_here() -> None:
    strange = [
        line
        for line in commands()
        if not line.startswith(MANAGE) and line.split()[0] not in OF_THE_MACHINE
    ]

    assert strange == []


def test_the_manual_names_every_setting_of_the_environment() -> None:
    source = (settings.BASE_DIR / "tradeinit/settings.py").read_text()
    read = set(re.findall(r"env\.\w+\(\s*\"([A-Z_]+)\"", source))

    assert sorted(name for name in read if f"`{name}`" not in TEXT) == []


def test_the_manual_and_deploy_name_the_same_files() -> None:
    deploy = settings.BASE_DIR / "deploy"
    files = {str(path.relative_to(settings.BASE_DIR)) for path in deploy.rglob("*.*")}
    named = set(re.findall(r"deploy/[\w./-]+\w", TEXT))
    by_directory = {name for name in files if name.startswith("deploy/systemd/")}

    assert sorted(files - named - by_directory) == []
    assert sorted(name for name in named if not (settings.BASE_DIR / name).exists()) == []


@pytest.mark.full
def test_the_manual_can_be_followed_line_by_line(
    new_installation: Callable[[], Installation], tmp_path: Path
) -> None:
    site = new_installation()
    site.environment = PRODUCTION
    emptied = {"restore", "make_world"}
    for line in commands():
        if not line.startswith(MANAGE):
            continue
        name, *arguments = shlex.split(
            line.removeprefix(MANAGE).replace("/var/backups/tradeinit", str(tmp_path))
        )
        if name in emptied and "--check" not in arguments:
            site = new_installation()
            site.environment = PRODUCTION
            if name == "make_world":
                site.run("migrate", "-v0")
                arguments = ["--scale", "0.02"]
        site.run(name, *arguments, *ASKS.get(name, []))
