"""Bodies, documents and agreements in the words of schema.org.

Parties have none: each word there for one would take a position on its status.
"""

from typing import Any

from mandates.models import Document, Organization
from tradeinit.linked_data import thing

GOVERNMENT = (Organization.Kind.MINISTRY, Organization.Kind.AGENCY)


def body(told: dict[str, Any]) -> dict[str, Any]:
    kind = "GovernmentOrganization" if told["kind"] in GOVERNMENT else "Organization"
    return thing(kind, told, "name", acronym=told.get("abbreviation"))


def document(told: dict[str, Any]) -> dict[str, Any]:
    kind = "Legislation" if told["kind"] == Document.Kind.AGREEMENT_TEXT else "CreativeWork"
    return thing(
        kind,
        told,
        "title",
        datePublished=told.get("dated"),
        inLanguage=told.get("language"),
        sameAs=told.get("address"),
        archivedAt=told.get("archived"),
    )


def agreement(told: dict[str, Any]) -> dict[str, Any]:
    return thing("Legislation", told, "title")


def work(told: dict[str, Any]) -> dict[str, Any]:
    """A case, a mandate."""
    return thing("CreativeWork", told, "title")
