"""What every answer carries, and what lets a public one be kept by those who asked."""

import hashlib
from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, date, datetime, time
from functools import lru_cache

from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.utils.http import http_date

from tradeinit import clock, errors
from tradeinit.publication import log

Answer = Callable[[HttpRequest], HttpResponse]

# Staff pages: never kept by anybody.
PRIVATE_PREFIX = "/admin/"
READING = ("GET", "HEAD")
# In characters. A page repeats the question in its links, so a long one would cost it many times.
LONGEST_QUESTION = 16_000
# About this process, not about the record.
UNCACHED = ("/livez", "/readyz", "/metrics")
# Of an answer's headers a script of another page sees these.
TOLD_TO_SCRIPTS = (
    "ETag, Last-Modified, Content-Disposition, RateLimit-Policy, RateLimit, Retry-After"
)
NO_FEATURES = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"


def policies(get_response: Answer) -> Answer:
    """What a browser may do with a page; the same for each, so it is put in words once."""
    # In one order: of each process django-csp has its own.
    content = "; ".join(sorted(build_policy().split("; ")))

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        # Django's own page of what went wrong has its style within.
        if not (settings.DEBUG and response.status_code in (404, 500)):
            response.headers.setdefault("Content-Security-Policy", content)
        response["Permissions-Policy"] = NO_FEATURES
        return response

    return middleware


def public_answers(get_response: Answer) -> Answer:
    """Hold the clock for a public answer, validate it by the log's tip, and end its life in time.

    The tip is the last entry the public may see now: a hidden edit moves nothing. Every life ends
    at the next whole minute, when embargoes lift, so that it never tells when one does.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path.startswith(PRIVATE_PREFIX):
            # What is saved there is stamped by itself, once it has waited for its turn.
            with clock.held() if request.method in READING else nullcontext():
                return kept_by_nobody(get_response(request))
        if request.method not in READING:
            asks_first = (
                request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers
            )
            answer = preflight() if asks_first else errors.read_only(request, READING)
            return kept_by_nobody(opened(answer))
        if request.path in UNCACHED:
            return kept_by_nobody(get_response(request))
        if len(request.META.get("QUERY_STRING", "")) > LONGEST_QUESTION:
            return kept_by_nobody(opened(errors.too_long(request, LONGEST_QUESTION)))
        with log.at_present() as (instant, tip):
            etag, modified = validators(instant, tip)
            request.etag = etag  # type: ignore[attr-defined]  # by which answers are kept
            response = get_conditional_response(request, etag, modified)
            if response is None or response.status_code != 304:
                response = get_response(request)
        if response.status_code in (200, 304):
            response["ETag"] = etag
            if modified is not None:
                response["Last-Modified"] = http_date(modified)
        if response.status_code < 500:
            patch_cache_control(response, public=True, max_age=seconds_left(instant))
        # The one thing that another asker's answer may differ in, also where this one does not.
        patch_vary_headers(response, ["Accept-Encoding"])
        return opened(response)

    return middleware


def opened(response: HttpResponse) -> HttpResponse:
    """To be read by the scripts of any page: it is the same for everybody and needs no cookie."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Expose-Headers"] = TOLD_TO_SCRIPTS
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def preflight() -> HttpResponse:
    """A browser asks whether a script of another page may ask with If-None-Match, say."""
    response = HttpResponse(status=204)
    response["Access-Control-Allow-Methods"] = ", ".join(READING)
    response["Access-Control-Allow-Headers"] = "*"
    response["Access-Control-Max-Age"] = "86400"
    return response


def kept_by_nobody(response: HttpResponse) -> HttpResponse:
    patch_cache_control(response, private=True, no_store=True)
    return response


def validators(instant: datetime, tip: log.Tip | None) -> tuple[str, int | None]:
    """Of what is public at the instant: an entity tag, and the second of the last change.

    What is computed for today (a current status) changes with the day, so the day is in both.
    There is no such second until it has passed: more may happen in it.
    """
    etag, modified = _validators(tip, settings.RELEASE, instant.date())
    return etag, modified if modified < int(instant.timestamp()) else None


@lru_cache(maxsize=64)
def _validators(tip: log.Tip | None, release: str, day: date) -> tuple[str, int]:
    known = f"{tip}|{release}|{day}"
    midnight = datetime.combine(day, time(), tzinfo=UTC)
    modified = int((max(datetime.fromisoformat(tip[0]), midnight) if tip else midnight).timestamp())
    return f'W/"{hashlib.sha256(known.encode()).hexdigest()[:24]}"', modified


def life(instant: datetime) -> str:
    return f"public, max-age={seconds_left(instant)}"


def seconds_left(instant: datetime) -> int:
    """Until the next whole minute."""
    return 60 - instant.second - (1 if instant.microsecond else 0)
