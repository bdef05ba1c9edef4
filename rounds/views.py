"""The listings of this app and their surfaces."""

from collections import defaultdict
from typing import Any

from django.views.generic import TemplateView

from mandates import ledger
from mandates.models import Initiative, Statement
from mandates.views import SHOWN, SourcedPage
from rounds import filters, serializers
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
from tradeinit.lists import Listing, ListPage, RecordViewSet

LATEST = 6


class Rounds(Listing):
    queryset = Round.objects.public().for_list()
    filterset_class = filters.RoundFilter
    serializer_class = serializers.RoundSerializer


class RoundViewSet(Rounds, RecordViewSet):
    detail_serializer_class = serializers.RoundDetailSerializer


class RoundList(Rounds, ListPage):
    api = RoundViewSet
    template_name = "rounds/round_list.html"


class RoundPage(Rounds, SourcedPage):
    template_name = "rounds/round.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        record = kwargs["record"]
        said = Statement.objects.public().of_case(record.initiative).for_list()
        return super().get_context_data(
            delegations=delegations(record),
            outcomes=self.below("outcomes").for_list(),
            sessions=self.below("sessions").for_list(),
            tablings=self.below("tablings").for_list(),
            undertakings=self.below("undertakings").for_list(),
            met=self.below("undertakings_met").for_list(),
            statements=said.effective_between(*record.span) if record.span else [],
            replaced_by=Round.objects.public().for_list().in_place_of(record).first(),
            **kwargs,
        )


def delegations(record: Round) -> list[tuple[Any, list[Participation]]]:
    """Every side of the case with those who took part for it, as far as recorded."""
    took_part: dict[Any, list[Participation]] = defaultdict(list)
    for row in record.participations.public().for_list().order_by("order", "pk"):
        took_part[row.initiative_party_id].append(row)
    seats = record.initiative.initiative_parties.public().for_list().with_representation()
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
    pass


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
    pass


class PersonList(People, ListPage):
    api = PersonViewSet
    template_name = "rounds/person_list.html"


class PersonPage(People, SourcedPage):
    template_name = "rounds/person.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        seats = kwargs["record"].participations.public().named().for_list().latest_first()
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
