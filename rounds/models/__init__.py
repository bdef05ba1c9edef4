"""Which people met when, what came of it, and what is owed."""

from rounds.models.agenda import Session
from rounds.models.follow_up import ActionItem, Tabling, Undertaking
from rounds.models.imports import Import, ImportedFile
from rounds.models.meetings import Outcome, Round, Venue
from rounds.models.people import Participation, Person

__all__ = [
    "ActionItem",
    "Import",
    "ImportedFile",
    "Outcome",
    "Participation",
    "Person",
    "Round",
    "Session",
    "Tabling",
    "Undertaking",
    "Venue",
]
