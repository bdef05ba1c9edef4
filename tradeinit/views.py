"""Pages that belong to no record."""

from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.html import escape

from tradeinit import errors, languages
from tradeinit.publication import log, registry
from tradeinit.publication.models import Addressed, Publication

SITEMAPS = "http://www.sitemaps.org/schemas/sitemap/0.9"
# So many addresses to a file of the map; the protocol allows 50,000.
MAPPED = 10_000


def site(request: HttpRequest) -> dict[str, Any]:
    """For every template: the address under which readers know this page, in each language."""
    return {
        "base_url": settings.PUBLIC_BASE_URL,
        "canonical": f"{settings.PUBLIC_BASE_URL}{request.path}",
        "language": languages.TAGS[languages.current()],
        "editions": SimpleLazyObject(partial(languages.editions, request)),
    }


def by_uid(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The permanent address of a record, whatever its page is called."""
    entry = Publication.objects.filter(uid=uid).latest_of_each().first()
    if entry is None:
        raise Http404
    withdrawn = log.withdrawal(uid)
    if withdrawn:
        return errors.gone(request, errors.ended(registry.model_of(entry.resource), withdrawn))
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


def sitemap_index(request: HttpRequest) -> HttpResponse:
    """Which maps there are: a file of one holds only so many addresses."""
    maps = []
    for model in registry.models():
        if issubclass(model, Addressed):
            count = model.objects.public().count()
            pages = range(1, -(-count // MAPPED) + 1)
            maps += [reverse("sitemap", args=[model.resource, page]) for page in pages]
    return _map_of("sitemapindex", "sitemap", maps)


def sitemap(request: HttpRequest, resource: str, page: int) -> HttpResponse:
    """The pages of one kind of record."""
    found = [model for model in registry.models() if model.resource == resource]
    if not found or not issubclass(found[0], Addressed):
        raise Http404
    first = (page - 1) * MAPPED
    rows = list(found[0].objects.public().order_by("pk")[first : first + MAPPED])
    if not rows:
        raise Http404
    return _map_of("urlset", "url", [row.get_absolute_url() for row in rows])


def _map_of(kind: str, entry: str, paths: list[str]) -> HttpResponse:
    lines = (
        f"<{entry}><loc>{escape(settings.PUBLIC_BASE_URL + path)}</loc></{entry}>" for path in paths
    )
    text = "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            f'<{kind} xmlns="{SITEMAPS}">',
            *lines,
            f"</{kind}>",
            "",
        ]
    )
    return HttpResponse(text, content_type="application/xml; charset=utf-8")
