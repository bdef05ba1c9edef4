"""Every address of the site, and for each name of one where it leads in the cast."""

from collections.abc import Iterator
from typing import Any

from django.urls import get_resolver

from tests.surfaces.asking import LISTS, PAGED, app_of, name_of
from tests.surfaces.cast import Cast


def address_names() -> set[str]:
    """The full names of all addresses that the resolver knows, the desk's own aside."""
    return set(_names(get_resolver(), ""))


def _names(resolver: Any, prefix: str) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if str(pattern.pattern).startswith("admin/account/"):
            # Of the package that signs staff in; no reader comes there.
            continue
        if not hasattr(pattern, "url_patterns"):
            yield f"{prefix}{pattern.name}"
        elif pattern.namespace != "admin":
            yield from _names(
                pattern, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            )


def visits(cast: Cast) -> dict[str, str]:
    """By name, an address that has an answer."""
    found = {
        "rounds:home": "/",
        "rounds:calendar": "/calendar/",
        "rounds:matrix": "/initiatives/alpha-initiative/matrix/",
        "api:initiatives-matrix": "/api/v1/initiatives/alpha-initiative/matrix/",
        "rounds:glossary": "/glossary/",
        "about": "/about/",
        "search": "/search/?q=alpha",
        "versions": f"/rounds/{cast['alpha round'].key}/versions/",
        "version": f"/rounds/{cast['alpha round'].key}/versions/1/",
        "changes-of": f"/initiatives/{cast['alpha initiative'].key}/changes/",
        "api:search": "/api/v1/search/?q=alpha",
        "robots": "/robots.txt",
        "alive": "/livez",
        "ready": "/readyz",
        "metrics": "/metrics",
        "by-uid": f"/id/{cast['alpha round'].uid}",
        "api:schema": "/api/v1/schema/",
        # No file has been made: tests of their own make one.
        "api:bulk-latest": "/api/v1/bulk/latest.zip",
        "api:bulk-file": "/api/v1/bulk/tradeinit-20230301T120000Z.zip",
        "api:docs": "/api/v1/docs/",
        "sitemap-index": "/sitemap.xml",
        "sitemap-pages": "/sitemap-pages.xml",
        "sitemap": "/sitemap-rounds-1.xml",
        "mandates:document-copy": f"/documents/{cast['alpha document'].key}/file/",
        "mandates:publication-list": "/changes/",
        "mandates:publication-file": "/changes.csv",
        "api:changes-list": "/api/v1/changes/",
        "api:changes-file": "/api/v1/changes.csv",
        "api:changes-checksum": "/api/v1/changes/checksum/",
    }
    for resource in LISTS:
        row = next(row for row in cast.values() if row.resource == resource)
        found |= {
            f"api:{resource}-list": f"/api/v1/{resource}/",
            f"api:{resource}-file": f"/api/v1/{resource}.csv",
            f"api:{resource}-detail": row.api_url,
        }
        if resource in PAGED:
            page = f"{app_of(resource)}:{name_of(resource)}"
            found |= {f"{page}-list": f"/{resource}/", f"{page}-file": f"/{resource}.csv"}
            if "#" not in row.get_absolute_url():
                found[page] = row.get_absolute_url()
    return found
