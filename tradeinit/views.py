"""Pages that belong to no record."""

from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from tradeinit import errors, languages
from tradeinit.publication import log, registry
from tradeinit.publication.models import Publication


def site(request: HttpRequest) -> dict[str, Any]:
    """For every template: the address under which readers know this page, in each language."""
    return {
        "base_url": settings.PUBLIC_BASE_URL,
        "canonical": f"{settings.PUBLIC_BASE_URL}{request.path}",
        "language": languages.TAGS[languages.current()],
        "editions": partial(languages.editions, request),
    }


def by_uid(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The permanent address of a record, whatever its page is called."""
    entry = Publication.objects.filter(uid=uid).latest_of_each().first()
    if entry is None:
        raise Http404
    withdrawn = log.withdrawal(uid)
    if withdrawn:
        return errors.gone(request, errors.Gone(withdrawn))
    row = registry.model_of(entry.resource).objects.public().filter(uid=uid).first()
    if row is None:
        raise Http404
    return HttpResponseRedirect(row.get_absolute_url())


def about(request: HttpRequest) -> HttpResponse:
    return render(request, "about.html")


def robots(request: HttpRequest) -> HttpResponse:
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        f"Sitemap: {settings.PUBLIC_BASE_URL}/sitemap.xml",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def alive(request: HttpRequest) -> HttpResponse:
    return HttpResponse("alive\n", content_type="text/plain; charset=utf-8")


def ready(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ready\n", content_type="text/plain; charset=utf-8")
