"""A clerk who works at the desk of a running site, as a browser would."""

import http.client
import time
from html.parser import HTMLParser
from threading import Event, Thread
from typing import Any, NamedTuple
from urllib.parse import urlencode

from tests.faults.servers import Site

NAME, PASSWORD = "clerk", "a-password-of-these-tests"
ADD = "/admin/rounds/person/add/"
CLERKS = 4


def employ(site: Site) -> None:
    """Make the account with which clerks sign in; it may do everything."""
    site.environment["DJANGO_SUPERUSER_PASSWORD"] = PASSWORD
    site.manage("createsuperuser", "--no-input", f"--username={NAME}", "--email=clerk@example.org")


class Form(HTMLParser):
    """What a browser would send from the forms of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.entries: dict[str, list[str]] = {}
        self._inside = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name, value = given.get("name") or "", given.get("value") or ""
        if tag in ("select", "textarea"):
            self._inside = name
            if tag == "textarea":
                self.entries[name] = [""]
        elif tag == "option" and self._inside and "selected" in given:
            self.entries.setdefault(self._inside, []).append(value)
        elif tag == "input" and name:
            kind = given.get("type", "text")
            ticked = kind not in ("checkbox", "radio") or "checked" in given
            if ticked and kind not in ("submit", "image", "file"):
                self.entries.setdefault(name, []).append(value)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("select", "textarea"):
            self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside in self.entries and self.get_starttag_text().startswith("<textarea"):
            self.entries[self._inside][0] += data.removeprefix("\n")


class Answer(NamedTuple):
    status: int  # 0 where there was none
    headers: Any
    body: str


class Browser:
    """One reader's; it keeps cookies and follows nothing."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}

    def get(self, path: str) -> Answer:
        return self._ask("GET", path)

    def post(self, path: str, entries: dict[str, Any]) -> Answer:
        return self._ask("POST", path, urlencode(entries, doseq=True))

    def form(self, path: str) -> dict[str, Any]:
        answer = self.get(path)
        assert answer.status == 200, f"{path}: {answer.status}"
        return Form(answer.body).entries

    def _ask(self, method: str, path: str, body: str | None = None) -> Answer:
        headers = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            page = answer.read().decode()
        except (OSError, http.client.HTTPException):
            return Answer(0, {}, "")
        finally:
            connection.close()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return Answer(answer.status, answer.headers, page)


class Clerk(Browser):
    """A browser that is signed in."""

    def __init__(self, port: int) -> None:
        super().__init__(port)
        form = self.form("/admin/login/")
        answer = self.post("/admin/login/", form | {"username": NAME, "password": PASSWORD})
        assert answer.status == 302, answer.body


class Storm:
    """Clerks who add people to the record without a pause, until it is over."""

    def __init__(self, site: Site, name: str = "storm") -> None:
        self.name = name
        # The names that the site said it had saved, and what it said of others.
        self.acknowledged: list[str] = []
        self.refused: list[int] = []
        # Of the saves acknowledged, in seconds.
        self.longest = 0.0
        self._over = Event()
        working = [Clerk(site.port) for _ in range(CLERKS)]
        self._threads = [
            Thread(target=self._work, args=[number, clerk, clerk.form(ADD)])
            for number, clerk in enumerate(working)
        ]

    def __enter__(self) -> "Storm":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: Any) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _work(self, number: int, clerk: Clerk, form: dict[str, Any]) -> None:
        count = 0
        while not self._over.is_set():
            count += 1
            name = f"{self.name}-{number}-{count}"
            begun = time.monotonic()
            entries = {"name": name, "sort_name": name, "slug": name}
            status = clerk.post(ADD, form | entries).status
            if status == 302:
                self.acknowledged.append(name)
                self.longest = max(self.longest, time.monotonic() - begun)
            elif status:
                self.refused.append(status)
            if status != 302:
                self._over.wait(0.02)
