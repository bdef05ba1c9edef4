"""How long a sign-in holds, and how fresh it must be for what cannot be taken back."""

import time
from collections.abc import Callable
from typing import Any

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.http import urlencode

from tradeinit.desk import submissions

BEGAN, SEEN = "began", "seen"
# A session is not written again for every page.
NOTED_EVERY = 60


def begin(sender: Any, request: HttpRequest, **_kwargs: Any) -> None:
    """At the sign-in, which writes the session in any case; so the first page need not."""
    request.session[BEGAN] = request.session[SEEN] = time.time()


def limits(get_response: Callable[[HttpRequest], HttpResponse]) -> Any:
    """End a session that was idle for too long, or that began too long ago.

    Only at the desk: a public page asks nobody who they are, and sets no cookie.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path.startswith("/admin/") and request.user.is_authenticated:
            now, session = time.time(), request.session
            began, seen = session.get(BEGAN, now), session.get(SEEN, now)
            if (
                now - seen > settings.SESSION_IDLE_MINUTES * 60
                or now - began > settings.SESSION_HOURS * 3600
            ):
                logout(request)
            elif SEEN not in session or now - seen > NOTED_EVERY:
                session[BEGAN], session[SEEN] = began, now
        return get_response(request)

    return middleware


class NeedsFreshSignIn(Exception):
    """What is done tells the public, and who does it came in too long ago."""


def is_fresh(request: HttpRequest) -> bool:
    """Whether a password or a code was given within the last minutes."""
    records = get_authentication_records(request, request.user)
    last = max((record["at"] for record in records), default=0)
    return time.time() - last < settings.FRESH_SIGN_IN_MINUTES * 60


def refuse_stale(request: HttpRequest) -> None:
    if not is_fresh(request):
        raise NeedsFreshSignIn


def prove_again(request: HttpRequest, entries: QueryDict | None = None) -> HttpResponse:
    """Ask for the password or a code; then the form comes back filled, to be sent once more."""
    if request.method == "POST":
        submissions.keep(request, entries)
    again = urlencode({"next": request.get_full_path()})
    return HttpResponseRedirect(f"{reverse('account_reauthenticate')}?{again}")
