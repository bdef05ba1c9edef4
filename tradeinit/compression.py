"""Public answers packed with Brotli or gzip, always into the same bytes.

Django's own middleware packs gzip alone, adds random bytes against an attack on secrets in the
page, and says in ``Vary`` that the answer depends on the packing only where it did pack. Public
answers hold no secret, and each has the same headers however long it is. The desk is not packed.
"""

import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Protocol

import brotli
from django.http import HttpRequest, HttpResponse

from tradeinit.middleware import PRIVATE_PREFIX, Answer

# Below this the frame weighs more than what is saved.
SHORTEST = 200
PACKED_WELL = ("text/", "application/json", "application/problem+json", "application/x-ndjson")
XML = ("application/atom+xml", "application/xml", "application/vnd.oai.openapi")


class Packer(Protocol):
    def process(self, part: bytes) -> bytes: ...
    def finish(self) -> bytes: ...


class Gzip:
    def __init__(self) -> None:
        # 31: a gzip frame, which here names neither a file nor a time.
        self._packer = zlib.compressobj(6, zlib.DEFLATED, 31)

    def process(self, part: bytes) -> bytes:
        return self._packer.compress(part)

    def finish(self) -> bytes:
        return self._packer.flush()


def brotli_packer() -> Packer:
    # As small as gzip makes it in a third of the time, or smaller; 11 is for what never changes.
    return brotli.Compressor(quality=4)


PACKERS: dict[str, Callable[[], Packer]] = {"br": brotli_packer, "gzip": Gzip}


def packed(get_response: Answer) -> Answer:
    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.path.startswith(PRIVATE_PREFIX):
            return response
        coding = coding_for(request.headers.get("Accept-Encoding", ""))
        if coding and is_worth_it(response):
            pack(response, coding)
        return response

    return middleware


def is_worth_it(response: Any) -> bool:
    kind = response.get("Content-Type", "")
    if response.has_header("Content-Encoding") or not kind.startswith((*PACKED_WELL, *XML)):
        return False
    return response.streaming or len(response.content) >= SHORTEST


def coding_for(accepted: str) -> str:
    """Of ours, the one that is liked best; Brotli where both are liked as much; perhaps none."""
    weights: dict[str, float] = {}
    for part in accepted.lower().split(","):
        name, _, parameter = part.strip().partition(";")
        weights[name.strip()] = _weight(parameter)
    liked = {name: weights.get(name, weights.get("*", 0)) for name in PACKERS}
    best = max(PACKERS, key=lambda name: liked[name])
    return best if liked[best] > 0 else ""


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name.strip() != "q":
        return 1
    try:
        return float(value)
    except ValueError:
        return 0


def pack(response: Any, coding: str) -> None:
    packer = PACKERS[coding]()
    if response.streaming:
        response.streaming_content = parts(packer, response.streaming_content)
        response.headers.pop("Content-Length", None)
    else:
        response.content = b"".join(parts(packer, [response.content]))
        response["Content-Length"] = str(len(response.content))
    response["Content-Encoding"] = coding


def parts(packer: Packer, content: Iterable[bytes]) -> Iterator[bytes]:
    for part in content:
        if done := packer.process(part):
            yield done
    yield packer.finish()
