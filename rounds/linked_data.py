"""Meetings and people in the words of schema.org."""

from typing import Any

from rounds.models import Round
from tradeinit.days import Precision
from tradeinit.linked_data import thing

STATES = {
    Round.State.POSTPONED: "https://schema.org/EventPostponed",
    Round.State.CANCELLED: "https://schema.org/EventCancelled",
}
MODES = {
    Round.Mode.IN_PERSON: "https://schema.org/OfflineEventAttendanceMode",
    Round.Mode.VIRTUAL: "https://schema.org/OnlineEventAttendanceMode",
    Round.Mode.HYBRID: "https://schema.org/MixedEventAttendanceMode",
}


def meeting(told: dict[str, Any]) -> dict[str, Any]:
    # A day that is not known as one would be read as one.
    to_the_day = told["precision"] == Precision.DAY
    place = ", ".join(filter(None, (told["venue"], told["city"], told["country"])))
    return thing(
        "Event",
        told,
        "label",
        startDate=to_the_day and told["start"],
        endDate=to_the_day and told["end"],
        eventStatus=STATES.get(told["state"], "https://schema.org/EventScheduled"),
        eventAttendanceMode=MODES.get(told["mode"]),
        location=place and {"@type": "Place", "name": place, "address": place},
    )


def person(told: dict[str, Any]) -> dict[str, Any]:
    return thing("Person", told, "name", alternateName=told.get("native_name"))
