"""Answers given already, kept for whoever asks the same until the public is told something new.

A key begins with the entity tag, and so with the last entry of the log that is public now, read
from the database: nothing has to be thrown away when an embargo lifts or a record is withdrawn,
since from that instant on other keys are asked for.
"""

import hashlib

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse

from tradeinit.compression import coding_for
from tradeinit.middleware import Answer

# A longer answer is written anew: a few of them would push out all others.
LONGEST = 100_000
# Long enough to serve a crowd, short enough to need no sweeping. How long the asker may keep the
# answer is not told by it: that is added outside, anew each time.
SECONDS = 60


def kept_answers(get_response: Answer) -> Answer:
    """Stands inside what validates public answers, and outside what packs them."""

    def middleware(request: HttpRequest) -> HttpResponse:
        etag = getattr(request, "etag", None)
        if etag is None:
            return get_response(request)
        key = _key(request, etag)
        found = cache.get(key)
        if found is not None:
            content, headers = found
            return HttpResponse(content, headers=headers)
        response = get_response(request)
        if _may_be_kept(response):
            told = (response.content, dict(response.headers))
            cache.set(key, told, SECONDS)
        return response

    return middleware


def _key(request: HttpRequest, etag: str) -> str:
    coding = coding_for(request.headers.get("Accept-Encoding", ""))
    asked = "\n".join([etag, request.get_full_path(), coding])
    return hashlib.sha256(asked.encode("utf-8", "surrogateescape")).hexdigest()


def _may_be_kept(response: HttpResponse) -> bool:
    return (
        response.status_code == 200
        and not response.streaming
        and not response.cookies
        and len(response.content) <= LONGEST
    )
