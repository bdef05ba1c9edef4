"""What every answer carries, and what lets a public one be kept by those who asked."""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, time

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import http_date

from tradeinit import clock
from tradeinit.publication import log

Answer = Callable[[HttpRequest], HttpResponse]

# Staff pages: never kept by anybody.
PRIVATE_PREFIX = "/admin/"
# About this process, not about the record.
UNCACHED = ("/livez", "/readyz")
NO_FEATURES = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"


def permissions_policy(get_response: Answer) -> Answer:
    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response["Permissions-Policy"] = NO_FEATURES
        return response

    return middleware


def public_answers(get_response: Answer) -> Answer:
    """Hold the clock for a public answer, validate it by the log's tip, and end its life in time.

    The tip is the last entry the public may see now: a hidden edit moves nothing. Every life ends
    at the next whole minute, when embargoes lift, so that it never tells when one does.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path.startswith(PRIVATE_PREFIX) or request.path in UNCACHED:
            private = get_response(request)
            patch_cache_control(private, private=True, no_store=True)
            return private
        with clock.held() as instant:
            etag, modified = validators(instant)
            response: HttpResponse | None = None
            if request.method in ("GET", "HEAD"):
                response = get_conditional_response(request, etag, int(modified.timestamp()))
            if response is None or response.status_code != 304:
                response = get_response(request)
        if response.status_code in (200, 304):
            response["ETag"] = etag
            response["Last-Modified"] = http_date(modified.timestamp())
        if response.status_code < 500:
            patch_cache_control(response, public=True, max_age=60 - instant.second)
        return response

    return middleware


def validators(instant: datetime) -> tuple[str, datetime]:
    """Of what is public at the instant: an entity tag and the time of the last change.

    What is computed for today (a current status) changes with the day, so the day is in both.
    """
    tip = log.tip()
    known = f"{tip}|{settings.RELEASE}|{instant.date()}"
    midnight = datetime.combine(instant.date(), time(), tzinfo=UTC)
    modified = max(datetime.fromisoformat(tip[0]), midnight) if tip else midnight
    return f'W/"{hashlib.sha256(known.encode()).hexdigest()[:24]}"', modified
