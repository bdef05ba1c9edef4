"""Not everything to one: how many questions an address may ask in a while.

Several machines count each for itself; before them, let the proxy count too.
"""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from ipaddress import IPv6Address, ip_address
from pathlib import Path
from typing import Any

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


@dataclass(frozen=True)
class Asked:
    """How it stands with one who asks."""

    too_much: bool
    wait: int
    headers: dict[str, str]


class Limit:
    def __init__(self, rate: Rate, tally: Tally) -> None:
        self.rate, self.tally = rate, tally

    def ask(self, meta: Mapping[str, Any]) -> Asked:
        """One question more of the address that asks."""
        now, rate = time.time(), self.rate
        window = int(now) // rate.seconds
        asked = self.tally.count(address_in(meta), window)
        wait = max(1, int((window + 1) * rate.seconds - now))
        return Asked(
            too_much=asked > rate.limit,
            wait=wait,
            headers={
                "RateLimit-Policy": f'"address";q={rate.limit};w={rate.seconds}',
                "RateLimit": f'"address";r={max(0, rate.limit - asked)};t={wait}',
            },
        )


def limit() -> Limit | None:
    return _limit(settings.THROTTLE, settings.VAR_DIR / "throttle")


@cache
def _limit(text: str, path: Path) -> Limit | None:
    """One for all the threads of a process, which it keeps apart."""
    rate = rate_of(text)
    return Limit(rate, Tally(path)) if rate else None


def by_address(get_response: Answer) -> Answer:
    found = limit()
    if found is None:
        return get_response

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path.startswith(PRIVATE_PREFIX) or request.path in UNCACHED:
            return get_response(request)
        asked = found.ask(request.META)
        if asked.too_much:
            response = kept_by_nobody(errors.too_many(request))
            response["Retry-After"] = str(asked.wait)
        else:
            response = get_response(request)
        for name, value in asked.headers.items():
            response[name] = value
        return response

    return middleware


def address_of(request: HttpRequest) -> str:
    return address_in(request.META)


def address_in(meta: Mapping[str, Any]) -> str:
    """Of who asks. What is forwarded is believed of our own proxies alone, from the right.

    An IPv6 customer holds a network of addresses: all of it counts as one, by its first address.
    """
    peer = meta.get("REMOTE_ADDR", "")
    forwarded = [part.strip() for part in meta.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    trusted = settings.TRUSTED_PROXIES
    text = forwarded[-trusted] if 0 < trusted <= len(forwarded) else peer
    try:
        found = ip_address(text)
    except ValueError:
        return peer
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or IPv6Address(int(found) >> 64 << 64))
    return str(found)
