"""Which people met when, and what came of it."""

from rounds.models.meetings import Outcome, Round, Venue
from rounds.models.people import Participation, Person

__all__ = ["Outcome", "Participation", "Person", "Round", "Venue"]
