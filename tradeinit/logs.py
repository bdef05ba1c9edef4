"""One line of JSON for each request and each event, without a word about who asked.

No address of a reader, no name of a clerk, no query string and no cookie is written: a question
put to the record is the reader's own. A request id ties the lines of one request together, and
to those of the proxy before it; it is not answered, since one answer serves many.
"""

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from secrets import token_hex
from time import monotonic

import orjson
from django.http import HttpRequest, HttpResponse

Answer = Callable[[HttpRequest], HttpResponse]

requests = logging.getLogger("tradeinit.requests")
GIVEN_ID = re.compile(r"[0-9a-zA-Z-]{8,64}")

request_id: ContextVar[str] = ContextVar("request_id", default="")


class JSONFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if said := request_id.get():
            line["request_id"] = said
        line |= getattr(record, "told", {})
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return orjson.dumps(line).decode()


@contextmanager
def known_as(given: str) -> Iterator[None]:
    """Give a request an id: the proxy's, if it has one."""
    token = request_id.set(given if GIVEN_ID.fullmatch(given) else token_hex(16))
    try:
        yield
    finally:
        request_id.reset(token)


def note(method: str, path: str, route: str, status: int, begun: float) -> None:
    told = {
        "method": method,
        "path": path[:200],
        "route": route,
        "status": status,
        "milliseconds": round((monotonic() - begun) * 1000, 1),
    }
    requests.info("answered", extra={"told": told})


def logged(get_response: Answer) -> Answer:
    """Write a line for each request when it is answered."""

    def middleware(request: HttpRequest) -> HttpResponse:
        begun = monotonic()
        with known_as(request.headers.get("X-Request-ID", "")):
            response = get_response(request)
            found = request.resolver_match
            route = found.route if found else ""
            note(str(request.method), request.path, route, response.status_code, begun)
        return response

    return middleware
