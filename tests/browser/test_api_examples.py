"""Every example of docs/api.md, run as it stands there against a site with the sample record."""

import csv
import json
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import StringIO
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.request import Request, urlopen

import pytest
from django.conf import settings

TEXT = (settings.BASE_DIR / "docs/api.md").read_text()
HERE = "http://127.0.0.1:8000"

pytestmark = pytest.mark.browser


def examples(language: str, site: str) -> list[str]:
    found = re.findall(rf"^```{language}\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)
    return [text.replace(HERE, site) for text in found]


def test_every_example_is_of_a_kind_that_is_run() -> None:
    assert set(re.findall(r"^```(\w+)$", TEXT, re.MULTILINE)) == {"sh", "python", "js", "text"}


def test_what_is_typed_into_a_shell(site: str, tmp_path: Path) -> None:
    commands = [line for text in examples("sh", site) for line in text.splitlines()]
    assert len(commands) == 8
    for command in commands:
        program, *words = shlex.split(command)
        if program == "python":
            script = settings.BASE_DIR / words[0]
            run = subprocess.run([sys.executable, script, *words[1:]], cwd=tmp_path, timeout=120)
            assert run.returncode == 0
            assert json.loads((tmp_path / "copy.json").read_text())["records"]
        else:
            assert program == "curl"
            curl(words, tmp_path)
    assert len((tmp_path / "rounds.csv").read_text().splitlines()) > 10


def curl(words: list[str], place: Path) -> None:
    """As curl would ask it; not every machine has one."""
    *options, address = words
    request = Request(address, method="HEAD" if "-I" in options else "GET")
    with urlopen(request) as answer:
        content = answer.read()
        assert answer.headers["ETag"]
    if "-o" in options:
        (place / options[options.index("-o") + 1]).write_bytes(content)
    elif "-I" not in options:
        assert json.loads(content)["results"], address
    known = {"-s", "-I", "-o", "--compressed", "rounds.csv"}
    assert set(options) <= known


def test_python(site: str, tmp_path: Path) -> None:
    for code in examples("python", site):
        run = subprocess.run(
            [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=60
        )
        assert run.returncode == 0, run.stderr
        assert re.match(r"\d+ statements, the last of \d{4}-", run.stdout)


class Elsewhere(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!DOCTYPE html><title>Elsewhere</title>")

    def log_message(self, *_arguments: Any) -> None:
        pass


@pytest.fixture
def elsewhere() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Elsewhere) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def test_javascript_in_a_page_of_another_site(site: str, elsewhere: str, page: Any) -> None:
    page.goto(elsewhere)
    for code in examples("js", site):
        told = page.evaluate(f"async () => {{ {code} }}")
        assert re.match(r"\d+ ministerial meetings, the latest for ", told)


def test_a_spreadsheet(site: str) -> None:
    (formula,) = examples("text", site)
    address = re.search(r'=IMPORTDATA\("(.*)"\)', formula)
    assert address
    with urlopen(address[1]) as answer:
        rows = list(csv.DictReader(StringIO(answer.read().decode())))
    assert list(rows[0]) == ["label", "state", "start", "city"]
    assert len(rows) > 10
