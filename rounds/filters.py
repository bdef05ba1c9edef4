"""Which questions each list of this app answers."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from mandates.filters import of_initiative
from mandates.models import Chapter, Initiative, Organization, Party
from rounds.models import (
    Outcome,
    Participation,
    Person,
    Round,
    Session,
    Tabling,
    Venue,
)
from rounds.models.people import Role
from tradeinit import prepared
from tradeinit.filters import (
    CodeFilter,
    DayFilter,
    InstantDayFilter,
    ListFilter,
    NumberFilter,
    SearchFilter,
    SlugFilter,
    WordFilter,
    YesNoFilter,
    ordering,
)
from tradeinit.languages import CHINESE, TWIN, current

PUBLIC_STATES = [state for state in Round.State.choices if state[0] != Round.State.PLANNED]


def seated(path: str) -> dict:
    """Through those who took part in a round."""
    among = Participation.objects.public_below("round")
    return {"among": among.naming(path), "back": "round"}


def _venues(column: str) -> Iterable[tuple[str, str]]:
    """Each place by its name, with what a page of the current language calls it."""

    def of() -> QuerySet:
        public = Venue.objects.filter(round__in=Round.objects.public()).exclude(**{column: ""})
        named = public.order_by(column, column + TWIN).values_list(column, column + TWIN)
        return named.distinct()

    named = prepared.ask(("venues", column), of, {}).tuples()
    chinese = current() == CHINESE
    return {name: (chinese and twin) or name for name, twin in named}.items()


class RoundFilter(ListFilter):
    q = SearchFilter(
        "label", "label_zh_hant", "summary", label=_("Words"), help_text=_("In label or summary.")
    )
    initiative = of_initiative()
    party = SlugFilter(
        "initiative_party__party",
        Party.objects.public(),
        **seated("party"),
        label=_("Party"),
        help_text=_("That took part."),
    )
    chapter = SlugFilter(
        "chapter",
        Chapter.objects.public(),
        among=Outcome.objects.public_below("round"),
        back="round",
        label=_("Chapter"),
        help_text=_("With an outcome recorded."),
    )
    kind = CodeFilter("kind", Round.Kind.choices, label=_("Kind"))
    mode = CodeFilter("mode", Round.Mode.choices, label=_("Mode"))
    press_access = CodeFilter("press_access", Round.PressAccess.choices, label=_("Press access"))
    state = CodeFilter("state", PUBLIC_STATES, label=_("State"))
    city = WordFilter(
        "city",
        lambda: _venues("city"),
        among=Venue.objects.all(),
        back="round",
        label=_("City"),
    )
    country = WordFilter(
        "country",
        lambda: _venues("country"),
        among=Venue.objects.all(),
        back="round",
        label=_("Country or territory"),
    )
    person = SlugFilter("person", Person.objects.public(), **seated("person"), label=_("Person"))
    organization = SlugFilter(
        "organization",
        Organization.objects.public().filter(participations__isnull=False).distinct(),
        **seated("organization"),
        label=_("Organization"),
        help_text=_("That took part."),
    )
    number = NumberFilter("number", label=_("Number"), help_text=_("As a source numbers it."))
    start_after = DayFilter(
        "start",
        "after",
        precision="precision",
        label=_("Starts on or after"),
    )
    start_before = DayFilter("start", "before", label=_("Starts on or before"))
    ordering = ordering(start="start", end="end", number="number", label="label")


class OutcomeFilter(ListFilter):
    q = SearchFilter("summary", "wording", label=_("Words"))
    initiative = of_initiative("round__initiative")
    round = SlugFilter("round", Round.objects.public(), label=_("Round"))
    chapter = SlugFilter("chapter", Chapter.objects.public(), label=_("Chapter"))
    result = CodeFilter("result", Outcome.Result.choices, label=_("Result"))
    ordering = ordering(round="round__start", chapter="chapter__order")


class SessionFilter(ListFilter):
    q = SearchFilter("title", "title_zh_hant", "room", label=_("Words"))
    initiative = of_initiative("round__initiative")
    round = SlugFilter("round", Round.objects.public(), label=_("Round"))
    chapter = SlugFilter(
        "",
        Chapter.objects.public(),
        among=Chapter.objects.public(),
        back="sessions",
        label=_("Chapter"),
    )
    kind = CodeFilter("kind", Session.Kind.choices, label=_("Kind"))
    starts_after = InstantDayFilter("starts", "after", label=_("Starts on or after"))
    starts_before = InstantDayFilter("starts", "before", label=_("Starts on or before"))
    ordering = ordering(starts="starts", round="round__start")


class TablingFilter(ListFilter):
    q = SearchFilter(
        "document__title",
        "document__title_zh_hant",
        label=_("Words"),
        help_text=_("In the title of the document."),
    )
    initiative = of_initiative("initiative_party__initiative")
    chapter = SlugFilter("chapter", Chapter.objects.public(), label=_("Chapter"))
    party = SlugFilter("initiative_party__party", Party.objects.public(), label=_("Party"))
    act = CodeFilter("act", Tabling.Act.choices, label=_("Act"))
    ordering = ordering(on="on_day")


class OpenFilter(YesNoFilter):
    """Promises that no meeting has met yet."""

    def condition(self, value: Any) -> Q:
        either = Q()
        for answer in value:
            either |= Q(**{f"{self.path}__isnull": answer == "true"})
        return either

    def choice_of(self, value: Any) -> str:
        return "true" if value is None else "false"


class UndertakingFilter(ListFilter):
    q = SearchFilter("wording", label=_("Words"))
    initiative = of_initiative()
    round = SlugFilter("round", Round.objects.public(), label=_("Announced at"))
    open = OpenFilter("met_by", label=_("Open"), help_text=_("Not met by any meeting yet."))
    ordering = ordering(expected_from="expected_from")


class NamedPersonFilter(SlugFilter):
    """Rows whose person is public by name; the others cannot be found by it."""

    def filter(self, queryset: QuerySet, value: Any) -> QuerySet:
        found: Any = super().filter(queryset, value)
        return found.named() if value else found


class ParticipationFilter(ListFilter):
    q = SearchFilter("title_as_listed", "note", label=_("Words"), help_text=_("In title or note."))
    initiative = of_initiative("round__initiative")
    round = SlugFilter("round", Round.objects.public(), label=_("Round"))
    party = SlugFilter("initiative_party__party", Party.objects.public(), label=_("Party"))
    person = NamedPersonFilter("person", Person.objects.public(), label=_("Person"))
    organization = SlugFilter(
        "organization", Organization.objects.public(), label=_("Organization")
    )
    role = CodeFilter("role", Role.choices, label=_("Role"))
    ordering = ordering(round="round__start", order="order")


def took_part(**kwargs: Any) -> dict[str, Any]:
    """Through a person's public seats under their name."""
    return {"among": Participation.objects.public().named(), "back": "person", **kwargs}


class PersonFilter(ListFilter):
    q = SearchFilter("name", "native_name", label=_("Words"), help_text=_("In the name."))
    initiative = SlugFilter(
        "round__initiative", Initiative.objects.public(), **took_part(label=_("Initiative"))
    )
    party = SlugFilter(
        "initiative_party__party", Party.objects.public(), **took_part(label=_("Party"))
    )
    organization = SlugFilter(
        "organization", Organization.objects.public(), **took_part(label=_("Organization"))
    )
    role = CodeFilter("role", Role.choices, **took_part(label=_("Role")))
    ordering = ordering(name="sort_name")
