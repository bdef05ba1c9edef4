import hashlib
import os
import secrets
import socket
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

STAFF = "staff"
UNUSED_STATIC_FILES = ["redoc"]


class Command(BaseCommand):
    help = "Make everything ready for `make demo`. Run again, it keeps the data and the sign-in."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="where the site will be served")

    def handle(self, *args: Any, port: int, **options: Any) -> None:
        refuse_busy_port(port)
        call_command("migrate", verbosity=0, interactive=False)
        self.stdout.write("database: migrated")
        call_command("load_sample", verbosity=0)
        self.stdout.write("sample record: loaded")
        collect_static_files()
        self.stdout.write("static files: collected")
        password = staff_password(settings.BASE_DIR / "var" / "demo-sign-in.txt")
        self.stdout.write(f"staff sign-in: name {STAFF}, password {password}")
        address = f"http://127.0.0.1:{port}"
        self.stdout.write(f"TradeInit: {address}/ and for staff {address}/admin/ (Ctrl-C stops it)")


def refuse_busy_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError) as error:
            raise CommandError(
                f"Port {port} cannot be used ({error}). Another one: make demo PORT=8001"
            ) from error


def collect_static_files() -> None:
    """Nothing to do when no file changed; compressing them all takes a quarter of a minute."""
    files = [
        (path, storage.size(path), str(storage.get_modified_time(path)))
        for finder in get_finders()
        for path, storage in finder.list(UNUSED_STATIC_FILES)
    ]
    fingerprint = hashlib.sha256(repr(sorted(files)).encode()).hexdigest()
    collected = Path(settings.STATIC_ROOT) / "collected.txt"
    if collected.exists() and collected.read_text() == fingerprint:
        return
    call_command(
        "collectstatic", verbosity=0, interactive=False, ignore_patterns=UNUSED_STATIC_FILES
    )
    collected.write_text(fingerprint)


def staff_password(file: Path) -> str:
    """The password in the file, made if there is none, and valid in this database."""
    if not file.exists():
        with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as new:
            new.write(secrets.token_urlsafe(12) + "\n")
    password = file.read_text().strip()
    User = get_user_model()
    user = User.objects.filter(username=STAFF).first() or User(username=STAFF)
    if not (user.is_active and user.is_superuser and user.check_password(password)):
        user.is_active = user.is_staff = user.is_superuser = True
        user.set_password(password)
        user.save()
    return password
