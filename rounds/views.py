"""The listings of this app and their surfaces."""

from itertools import groupby
from typing import Any

from django.views.generic import TemplateView

from mandates import ledger
from mandates.models import Initiative, Statement
from mandates.views import SourcedPage
from rounds import filters, serializers
from rounds.models import Outcome, Participation, Person, Round
from tradeinit.lists import Listing, ListPage, RecordViewSet


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
        return super().get_context_data(
            delegations=delegations(record),
            outcomes=record.outcomes.public().for_list(),
            **kwargs,
        )


def delegations(record: Round) -> list[tuple[Any, list[Participation]]]:
    """Who took part, by party in the order of the case."""
    rows = record.participations.public().for_list().order_by("initiative_party", "order", "pk")
    return [(seat, list(group)) for seat, group in groupby(rows, lambda row: row.initiative_party)]


class Outcomes(Listing):
    queryset = Outcome.objects.public().for_list()
    filterset_class = filters.OutcomeFilter
    serializer_class = serializers.OutcomeSerializer


class OutcomeViewSet(Outcomes, RecordViewSet):
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
        seats = kwargs["record"].participations.public().named().for_list()
        return super().get_context_data(seats=seats, **kwargs)


class Home(TemplateView):
    """The state of play: every initiative, its phase, its latest meeting."""

    template_name = "home.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        initiatives = list(Initiative.objects.public().for_list()[:20])
        ledger.attach("initiative", initiatives)
        for initiative in initiatives:
            initiative.latest_round = initiative.rounds.public().for_list().first()
        return super().get_context_data(
            initiatives=initiatives,
            statements=Statement.objects.public().for_list()[:5],
            **kwargs,
        )
