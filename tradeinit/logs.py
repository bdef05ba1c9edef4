"""One line of JSON for each request and each event, without a word about who asked.

No address of a reader, no name of a clerk, no query string and no cookie is written: a question
put to the record is the reader's own. A request id ties the lines of one request together, and
to those of the proxy before it; it is not answered, since one answer serves many.
"""

import logging
import re
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime
from secrets import token_hex
from time import monotonic
from typing import Any

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


class KnownAs:
    """Give a request an id: the proxy's, if it has one."""

    def __init__(self, given: str) -> None:
        self.id = given if GIVEN_ID.fullmatch(given) else token_hex(16)

    def __enter__(self) -> None:
        self.token = request_id.set(self.id)

    def __exit__(self, *_error: Any) -> None:
        request_id.reset(self.token)


def note(method: str, path: str, route: str, status: int, begun: float) -> None:
    if not requests.isEnabledFor(logging.INFO):
        return
    told = {
        "method": method,
        "path": path[:200],
        "route": route,
        "status": status,
        "milliseconds": round((monotonic() - begun) * 1000, 1),
    }
    # As info() would, but for the line of code that calls it, which it would look for.
    record = requests.makeRecord(
        requests.name, logging.INFO, __file__, 0, "answered", (), None, extra={"told": told}
    )
    requests.handle(record)


def logged(get_response: Answer) -> Answer:
    """Write a line for each request when it is answered."""

    def middleware(request: HttpRequest) -> HttpResponse:
        begun = monotonic()
        with KnownAs(request.headers.get("X-Request-ID", "")):
            response = get_response(request)
            found = request.resolver_match
            route = found.route if found else ""
            note(str(request.method), request.path, route, response.status_code, begun)
        return response

    return middleware
