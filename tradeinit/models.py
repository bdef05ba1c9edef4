"""Django looks for an app's models here; the kernel's live beside the gate that writes them."""

from tradeinit.publication.models import Address, Publication, StampClock

__all__ = ["Address", "Publication", "StampClock"]
