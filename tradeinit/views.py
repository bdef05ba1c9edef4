"""Pages that belong to no record."""

from collections.abc import Iterable, Iterator
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
# So many records to a file of the map, each in two languages; the protocol allows 50,000
# addresses and 50 MB.
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
    context = {
        "last": Publication.objects.public().order_by("-at", "-uid", "-number").first(),
        "licence": settings.LICENCE,
        "contact": settings.CONTACT,
    }
    return render(request, "about.html", context)


def robots(request: HttpRequest) -> HttpResponse:
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        f"Sitemap: {settings.PUBLIC_BASE_URL}/sitemap.xml",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def sitemap_index(request: HttpRequest) -> HttpResponse:
    """Which maps there are: a file of one holds only so many addresses."""
    maps = [reverse("sitemap-pages")]
    for model in registry.models():
        if issubclass(model, Addressed):
            count = model.objects.public().count()
            pages = range(1, -(-count // MAPPED) + 1)
            maps += [reverse("sitemap", args=[model.resource, page]) for page in pages]
    return _map_of("sitemapindex", [f"<sitemap>{_place(path)}</sitemap>" for path in maps])


def sitemap_pages(request: HttpRequest, names: tuple[str, ...]) -> HttpResponse:
    """The pages that belong to no record: lists and what explains them."""
    return _map_of("urlset", [line for name in names for line in _both(reverse(name))])


def sitemap(request: HttpRequest, resource: str, page: int) -> HttpResponse:
    """The pages of one kind of record, each with the day on which it last said something new."""
    found = [model for model in registry.models() if model.resource == resource]
    if not found or not issubclass(found[0], Addressed):
        raise Http404
    first = (page - 1) * MAPPED
    rows = list(found[0].objects.public().order_by("pk")[first : first + MAPPED])
    if not rows:
        raise Http404
    told = log.revisions([row.uid for row in rows])
    lines = (
        line
        for row in rows
        for line in _both(
            row.get_absolute_url(),
            log.rfc3339(told[row.uid].last) if row.uid in told else "",
        )
    )
    return _map_of("urlset", lines)


def _both(path: str, changed: str = "") -> Iterator[str]:
    """The entries of a page: one for each language, each naming both."""
    paths = {tag: languages.path_in(language, path) for language, tag in languages.TAGS.items()}
    others = "".join(
        f'<xhtml:link rel="alternate" hreflang="{tag}" href="{_address(there)}"/>'
        for tag, there in [*paths.items(), ("x-default", path)]
    )
    last = f"<lastmod>{changed}</lastmod>" if changed else ""
    for there in paths.values():
        yield f"<url>{_place(there)}{last}{others}</url>"


def _place(path: str) -> str:
    return f"<loc>{_address(path)}</loc>"


def _address(path: str) -> str:
    return escape(settings.PUBLIC_BASE_URL + path)


def _map_of(kind: str, entries: Iterable[str]) -> HttpResponse:
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<{kind} xmlns="{SITEMAPS}" xmlns:xhtml="http://www.w3.org/1999/xhtml">',
        *entries,
        f"</{kind}>",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="application/xml; charset=utf-8")
