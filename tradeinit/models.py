"""Django looks for an app's models here; the kernel's live beside what writes them."""

from tradeinit.desk.archive import Archived
from tradeinit.desk.models import FailedSignIn, Proposal, Submission
from tradeinit.publication.merging import Merger
from tradeinit.publication.models import Address, Publication, StampClock
from tradeinit.search.models import SearchEntry

__all__ = [
    "Address",
    "Archived",
    "FailedSignIn",
    "Merger",
    "Proposal",
    "Publication",
    "SearchEntry",
    "StampClock",
    "Submission",
]
