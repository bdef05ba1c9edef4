"""Questions that this process has just answered, answered again before Django makes a request.

To make a request, a response and twenty layers around them takes several times as long as to ask
for the tip of the log, which is all that a repeated question needs. Who asks is counted, logged
and measured as ever. Only whole answers are told again, to the very same question with the very
same conditions; what any of it means is left to Django.
"""

import re
from collections.abc import Callable, Iterable
from threading import Lock
from time import monotonic
from typing import Any, NamedTuple

from django.conf import settings
from django.core.handlers.wsgi import get_path_info, get_script_name
from django.db import DatabaseError, InterfaceError
from django.utils.http import parse_http_date

from tradeinit import health, logs, throttling
from tradeinit.kept import LONGEST, SECONDS
from tradeinit.middleware import life, validators
from tradeinit.publication import log

Environ = dict[str, Any]
Headers = list[tuple[str, str]]
# All of a question that a public answer may depend on: tests hold that nothing else matters.
ASKED = (
    "SCRIPT_NAME",
    "PATH_INFO",
    "QUERY_STRING",
    "HTTP_HOST",
    "wsgi.url_scheme",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_ACCEPT_ENCODING",
    "HTTP_IF_NONE_MATCH",
    "HTTP_IF_MODIFIED_SINCE",
    "HTTP_IF_MATCH",
    "HTTP_IF_UNMODIFIED_SINCE",
)
# A worker keeps so many of at most LONGEST bytes each; the crowd asks for few.
MOST = 100
# Written anew for each asker.
OF_THE_ASKER = {"Cache-Control", "RateLimit", "RateLimit-Policy"}
PUBLIC_LIFE = re.compile(r"public, max-age=[0-9]+")


class Told(NamedTuple):
    until: float
    validators: tuple[str, int | None]
    path: str
    status: str
    headers: Headers
    content: bytes


class Repeated:
    """A WSGI application around that of Django."""

    def __init__(self, application: Callable[..., Any]) -> None:
        self.application = application
        self.limit = throttling.limit()
        self.told: dict[tuple, Told] = {}
        self.lock = Lock()

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "GET":
            return self.application(environ, start_response)
        question = tuple(map(environ.get, ASKED))
        told = self.told.get(question)
        if told and self._tell(told, environ, start_response):
            return [told.content]
        heard: list[Any] = []

        def start(status: str, headers: Headers, *rest: Any) -> Any:
            heard[:] = status, headers
            return start_response(status, headers, *rest)

        response = self.application(environ, start)
        if found := _told(environ, response, *heard):
            self._keep(question, found)
        return response

    def _tell(self, told: Told, environ: Environ, start_response: Callable[..., Any]) -> bool:
        """Whether it was told: it is still so, and who asks may ask."""
        begun = monotonic()
        if told.until < begun:
            return False
        try:
            instant, tip = log.present()
            if validators(instant, tip) != told.validators:
                return False
        except (DatabaseError, InterfaceError):
            # Django says so to the asker, and renews the connection.
            return False
        headers = [*told.headers, ("Cache-Control", life(instant))]
        if self.limit:
            asked = self.limit.ask(environ)
            if asked.too_much:
                # Counted once more, which makes no difference to one who has to wait.
                return False
            headers += asked.headers.items()
        start_response(told.status, headers)
        status = int(told.status[:3])
        with logs.KnownAs(environ.get("HTTP_X_REQUEST_ID", "")):
            logs.note("GET", told.path, "", status, begun)
        health.count("none", status, begun)
        return True

    def _keep(self, question: tuple, told: Told) -> None:
        with self.lock:
            self.told.pop(question, None)
            if len(self.told) >= MOST:
                del self.told[next(iter(self.told))]
            self.told[question] = told


def _told(environ: Environ, response: Any, status: str, headers: Headers) -> Told | None:
    """What is to be told again; none of a stream, of the desk, of a file, and of an error."""
    known = dict(headers)
    if (
        status[:3] not in ("200", "304")
        or "ETag" not in known
        or "Set-Cookie" in known
        or not PUBLIC_LIFE.fullmatch(known.get("Cache-Control", ""))
        or getattr(response, "streaming", True)
        or len(response.content) > LONGEST
    ):
        return None
    modified = known.get("Last-Modified")
    return Told(
        until=monotonic() + SECONDS,
        validators=(known["ETag"], parse_http_date(modified) if modified else None),
        path=f"{get_script_name(environ).rstrip('/')}{get_path_info(environ)}",
        status=status,
        headers=[(name, value) for name, value in headers if name not in OF_THE_ASKER],
        content=response.content,
    )


def before(application: Callable[..., Any]) -> Callable[..., Any]:
    """The application with this before it; not where replicas answer, one for each request."""
    return application if settings.REPLICAS else Repeated(application)
