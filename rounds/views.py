"""The listings of this app and their surfaces."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from django.views.generic import TemplateView

from mandates import ledger
from mandates.models import Initiative, Statement
from mandates.views import SHOWN, SourcedPage, attach_states
from rounds import events, filters, linked_data, serializers
from rounds.models import (
    Outcome,
    Participation,
    Person,
    Round,
    Session,
    Tabling,
    Undertaking,
)
from tradeinit import clock
from tradeinit.clocks import TODAY, Clocks
from tradeinit.lists import (
    WITH_BOTH,
    WITH_CALENDAR,
    WITH_FEED,
    Listing,
    ListPage,
    RecordViewSet,
)

LATEST = 6


class Rounds(Listing):
    queryset = Round.objects.public().for_list()
    filterset_class = filters.RoundFilter
    serializer_class = serializers.RoundSerializer


class RoundViewSet(Rounds, RecordViewSet):
    renderer_classes = WITH_BOTH
    detail_serializer_class = serializers.RoundDetailSerializer
    events = staticmethod(events.of_rounds)


class RoundList(Rounds, ListPage):
    api = RoundViewSet
    template_name = "rounds/round_list.html"


class RoundPage(Rounds, SourcedPage):
    template_name = "rounds/round.html"
    linked = linked_data.meeting

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        record = kwargs["record"]
        said = self.clocks.over(Statement.objects.public()).of_case(record.initiative).for_list()
        statements = list(said.effective_between(*record.span)) if record.span else []
        ledger.attach_corrections(statements)
        promised = list(self.below("undertakings").for_list())
        met = list(self.below("undertakings_met").for_list())
        attach_states(promised + met, self.clocks)
        return super().get_context_data(
            delegations=delegations(record, self.clocks),
            outcomes=self.below("outcomes").for_list(),
            agenda=agenda(self.below("sessions").for_list()),
            tablings=self.below("tablings").for_list(),
            promised=promised,
            met=met,
            statements=statements,
            replaced_by=Round.objects.public().for_list().in_place_of(record).first(),
            **kwargs,
        )


class AgendaDay(NamedTuple):
    """The sittings of one day, counted and timed in one zone; those without a time have no day."""

    day: date | None
    zone: str
    sessions: list[Session]


def agenda(sessions: Iterable[Session]) -> list[AgendaDay]:
    found: dict[tuple[date | None, str], AgendaDay] = {}
    for session in sessions:
        day, zone = session.day, str(session.zone) if session.starts else ""
        found.setdefault((day, zone), AgendaDay(day, zone, [])).sessions.append(session)
    return sorted(found.values(), key=lambda group: (group.day is None, group.sessions[0].starts))


def delegations(record: Round, clocks: Clocks = TODAY) -> list[tuple[Any, list[Participation]]]:
    """Every side of the case with those who took part for it, as far as recorded."""
    took_part: dict[Any, list[Participation]] = defaultdict(list)
    rows = clocks.over(record.participations.public())
    for row in rows.for_list().order_by("order", "pk"):
        took_part[row.initiative_party_id].append(row)
    parties = clocks.over(record.initiative.initiative_parties.public())
    seats = parties.for_list().with_representation()
    return [(seat, took_part[seat.pk]) for seat in seats]


class Outcomes(Listing):
    queryset = Outcome.objects.public().for_list()
    filterset_class = filters.OutcomeFilter
    serializer_class = serializers.OutcomeSerializer


class OutcomeViewSet(Outcomes, RecordViewSet):
    pass


class Sessions(Listing):
    queryset = Session.objects.public().for_list()
    filterset_class = filters.SessionFilter
    serializer_class = serializers.SessionSerializer


class SessionViewSet(Sessions, RecordViewSet):
    renderer_classes = WITH_CALENDAR
    events = staticmethod(events.of_sessions)


class Tablings(Listing):
    queryset = Tabling.objects.public().for_list()
    filterset_class = filters.TablingFilter
    serializer_class = serializers.TablingSerializer


class TablingViewSet(Tablings, RecordViewSet):
    pass


class Undertakings(Listing):
    queryset = Undertaking.objects.public().for_list()
    filterset_class = filters.UndertakingFilter
    serializer_class = serializers.UndertakingSerializer


class UndertakingViewSet(Undertakings, RecordViewSet):
    pass


class Participations(Listing):
    queryset = Participation.objects.public().for_list()
    filterset_class = filters.ParticipationFilter
    serializer_class = serializers.ParticipationSerializer


class ParticipationViewSet(Participations, RecordViewSet):
    pass


class People(Listing):
    queryset = Person.objects.public().for_list()
    filterset_class = filters.PersonFilter
    serializer_class = serializers.PersonSerializer


class PersonViewSet(People, RecordViewSet):
    renderer_classes = WITH_FEED


class PersonList(People, ListPage):
    api = PersonViewSet
    template_name = "rounds/person_list.html"


class PersonPage(People, SourcedPage):
    template_name = "rounds/person.html"
    linked = linked_data.person

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        seats = self.below("participations").named().for_list().latest_first()
        return super().get_context_data(seats=seats, **kwargs)


class Home(TemplateView):
    """The state of play: every initiative, its phase, its latest and its next meeting."""

    template_name = "home.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        initiatives = list(Initiative.objects.public().for_list().with_seats()[:SHOWN])
        ledger.attach("initiative", initiatives)
        attach_meetings(initiatives)
        statements = list(Statement.objects.public().for_list()[:LATEST])
        ledger.attach_corrections(statements)
        return super().get_context_data(initiatives=initiatives, statements=statements, **kwargs)


def attach_meetings(initiatives: list[Any]) -> None:
    """Give each initiative its ``latest_round`` and its ``next_round``, as of today."""
    today = clock.today()
    rounds = Round.objects.public().of_cases(initiatives).taking_place()
    begun = rounds.begun(today).last_of_each_case().for_list()
    coming = rounds.coming(today).first_of_each_case().for_list()
    latest_of = {met.initiative_id: met for met in begun}
    next_of = {met.initiative_id: met for met in coming}
    for initiative in initiatives:
        initiative.latest_round = latest_of.get(initiative.pk)
        initiative.next_round = next_of.get(initiative.pk)
