"""Who negotiates what, under which authority, on what evidence."""

from mandates.models.agreements import Agreement, ChapterLineage
from mandates.models.chapters import Chapter, Mandate
from mandates.models.documents import Citation, Document
from mandates.models.initiatives import Initiative, InitiativeParty, Representation
from mandates.models.parties import Organization, Party
from mandates.models.sources import CITED, Sourced, SourcedPage, SourcedQuerySet
from mandates.models.statements import Statement

__all__ = [
    "CITED",
    "Agreement",
    "Chapter",
    "ChapterLineage",
    "Citation",
    "Document",
    "Initiative",
    "InitiativeParty",
    "Mandate",
    "Organization",
    "Party",
    "Representation",
    "Sourced",
    "SourcedPage",
    "SourcedQuerySet",
    "Statement",
]
