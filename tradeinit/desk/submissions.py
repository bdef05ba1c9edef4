"""Nobody's work is lost, and none is done twice: forms sent again, and forms sent too late."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render

from tradeinit import clock
from tradeinit.desk.forms import SUBMISSION
from tradeinit.desk.models import Submission

REMEMBERED = timedelta(days=2)
KEPT = "kept_form"
# No form of the desk is longer; a session is no place for more.
MOST_KEPT = 500_000


class SentBefore(Exception):
    """The very same form was saved before."""


def key_of(request: HttpRequest) -> str | None:
    """Names one form as it was filled in, or nothing where a form bears no mark."""
    if not request.POST.get(SUBMISSION):
        return None
    entries = request.POST.copy()
    entries.pop("csrfmiddlewaretoken", None)
    parts = f"{request.user.pk}\n{request.path}\n{entries.urlencode()}"
    return hashlib.sha256(parts.encode()).hexdigest()


def claim(key: str | None) -> Submission | None:
    """Inside the writing: whoever sends the same form meanwhile waits here, and then is told."""
    if key is None:
        return None
    Submission.objects.filter(at__lt=clock.now() - REMEMBERED).delete()
    try:
        return Submission.objects.create(key=key)
    except IntegrityError as error:
        raise SentBefore from error


def settle(submission: Submission | None, response: HttpResponse) -> None:
    """Remember where a saved form led to; one that was not saved may be sent again."""
    if submission is None:
        return
    if isinstance(response, HttpResponseRedirect):
        submission.answer = response.url[:400]
        submission.save()
    else:
        submission.delete()


def answer_again(key: str | None) -> HttpResponseRedirect | None:
    """Where the same form led to when it was saved."""
    found = Submission.objects.filter(key=key).first() if key else None
    return HttpResponseRedirect(found.answer) if found and found.answer else None


# Sent after the session had ended


@dataclass(frozen=True)
class Kept:
    entries: QueryDict
    # Files that are not kept with them: the name of the entry, and that of the file.
    lost: dict[str, str]


def keep(request: HttpRequest, entries: QueryDict | None = None) -> None:
    """Hold what was entered until whoever entered it has signed in again, in this browser.

    Without ``entries`` that name its files, they are lost: nobody keeps files for strangers.
    """
    lost = {name: str(file) for name, file in request.FILES.items()} if entries is None else {}
    entries = request.POST.copy() if entries is None else entries
    entries.pop("csrfmiddlewaretoken", None)
    sent = entries.urlencode()
    if is_a_record_form(request) and len(sent) <= MOST_KEPT:
        request.session[KEPT] = {"path": request.path, "sent": sent, "lost": lost}


def kept_for(request: HttpRequest) -> Kept | None:
    """What was kept for this address; it is shown once."""
    kept = request.session.get(KEPT)
    if not kept or kept["path"] != request.path:
        return None
    del request.session[KEPT]
    return Kept(QueryDict(kept["sent"]), kept.get("lost", {}))


def shows_what_was_kept(view: Any) -> Any:
    """Marks a view that asks ``kept_for``: what is sent to it too late is worth keeping."""
    view.shows_what_was_kept = True
    return view


def is_a_record_form(request: HttpRequest) -> bool:
    asked: Any = request.resolver_match
    return "_popup" not in request.GET and getattr(asked.func, "shows_what_was_kept", False)


def csrf_failure(request: Any, reason: str = "") -> HttpResponse:
    """A form of this site whose token went with the former session is shown again, filled."""
    own = f"{request.scheme}://{request.get_host()}"
    if request.headers.get("Origin") == own and is_a_record_form(request):
        keep(request)
        return HttpResponseRedirect(request.get_full_path())
    return render(request, "admin/403.html", {"title": "This form could not be taken"}, status=403)
