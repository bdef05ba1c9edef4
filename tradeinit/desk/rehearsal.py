"""Doing a thing, looking at what the public would be told of it, and undoing it.

So what a publisher confirms, and the page that is shown for preview, come from the very code that
will write and answer, and cannot differ from it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import resolve
from django.utils import translation

from tradeinit import clock
from tradeinit.languages import of_path
from tradeinit.publication.current import Conflict
from tradeinit.publication.gate import writing
from tradeinit.publication.models import Publication

# A correction without a reason is refused; a rehearsal is not told to anybody.
UNSAID = "…"


@dataclass
class Rehearsal:
    told: list[Publication] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    seen: Any = None


class _Over(Exception):
    """The rehearsal is over: take everything back."""


def rehearse(
    actor: Any, reason: str, act: Callable[[], None], look: Callable[[], Any] | None = None
) -> Rehearsal:
    """What ``act`` would tell the public, or what refuses it; ``look`` sees the site after it."""
    found = Rehearsal()
    try:
        with writing(actor, reason or UNSAID) as gate:
            gate.is_only_told = look is None
            act()
            gate.close()
            found.told = gate.told
            if look is not None:
                last = max((entry.at for entry in gate.told), default=clock.now())
                with clock.at(max(last, clock.now())):
                    found.seen = look()
            raise _Over
    except _Over:
        pass
    except ValidationError as error:
        found.refused = error.messages
    except Conflict as conflict:
        found.refused = [f"{conflict.offered}: somebody has changed this meanwhile."]
    return found


def public_page(request: HttpRequest, address: str) -> HttpResponse:
    """A page as the public gets it from this site, at the clock that is held."""
    language = of_path(address)
    asked: Any = HttpRequest()
    asked.method, asked.path, asked.path_info = "GET", address, address
    asked.META = {
        name: request.META[name]
        for name in ("HTTP_HOST", "SERVER_NAME", "SERVER_PORT", "wsgi.url_scheme")
        if name in request.META
    }
    asked.user, asked.is_preview = AnonymousUser(), True
    with translation.override(language):
        match = resolve(address)
        asked.resolver_match = match
        response: Any = match.func(asked, *match.args, **match.kwargs)
        if hasattr(response, "render"):
            response = response.render()
    return HttpResponse(response.content, status=response.status_code)
