"""Not everything to one: how many questions an address may ask in a while.

Several machines count each for itself; before them, let the proxy count too.
"""

import re
import time
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse

from tradeinit import errors
from tradeinit.middleware import PRIVATE_PREFIX, UNCACHED, Answer, kept_by_nobody
from tradeinit.tally import Tally

RATE = re.compile(r"([1-9][0-9]{0,8})/(second|minute|hour)")
PERIODS = {"second": 1, "minute": 60, "hour": 3600}


@dataclass(frozen=True)
class Rate:
    limit: int
    seconds: int


def rate_of(text: str) -> Rate | None:
    """``600/minute``; none where it is ``off``."""
    if text == "off":
        return None
    found = RATE.fullmatch(text)
    if not found:
        raise ImproperlyConfigured(f"THROTTLE is “off” or such as “600/minute”, not “{text}”.")
    return Rate(int(found[1]), PERIODS[found[2]])


def by_address(get_response: Answer) -> Answer:
    rate = rate_of(settings.THROTTLE)
    if rate is None:
        return get_response
    tally = Tally(settings.VAR_DIR / "throttle")

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path.startswith(PRIVATE_PREFIX) or request.path in UNCACHED:
            return get_response(request)
        now = time.time()
        window = int(now) // rate.seconds
        asked = tally.count(address_of(request), window)
        wait = max(1, int((window + 1) * rate.seconds - now))
        if asked > rate.limit:
            response = kept_by_nobody(errors.too_many(request))
            response["Retry-After"] = str(wait)
        else:
            response = get_response(request)
        response["RateLimit-Policy"] = f'"address";q={rate.limit};w={rate.seconds}'
        response["RateLimit"] = f'"address";r={max(0, rate.limit - asked)};t={wait}'
        return response

    return middleware


def address_of(request: HttpRequest) -> str:
    """Of who asks. What is forwarded is believed of our own proxies alone, from the right.

    An IPv6 customer holds a network of addresses: all of it counts as one, by its first address.
    """
    peer = request.META.get("REMOTE_ADDR", "")
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    trusted = settings.TRUSTED_PROXIES
    text = forwarded[-trusted] if 0 < trusted <= len(forwarded) else peer
    try:
        found = ip_address(text)
    except ValueError:
        return peer
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or IPv6Address(int(found) >> 64 << 64))
    return str(found)
