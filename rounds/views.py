"""The listings of this app and their surfaces."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from mandates import ledger
from mandates.changes import attach_words
from mandates.models import Agreement, Document, Initiative, Mandate, Statement
from mandates.sources import SourceList
from mandates.views import Initiatives, SourcedPage, attach_states
from rounds import events, filters, glossary, linked_data, serializers
from rounds.matrix import Matrix
from rounds.models import (
    Outcome,
    Participation,
    Person,
    Round,
    Session,
    Tabling,
    Undertaking,
)
from rounds.models.meetings import by_last_meeting
from tradeinit import clock, errors
from tradeinit.budgets import Budget
from tradeinit.clocks import TODAY, Clocks
from tradeinit.files import attached
from tradeinit.filters import CLOCKS, RecordForm
from tradeinit.lists import (
    WITH_BOTH,
    WITH_CALENDAR,
    WITH_FEED,
    Listing,
    ListPage,
    RecordViewSet,
    Twin,
    below,
    find,
    without,
)
from tradeinit.publication.models import Publication
from tradeinit.renderers import CSVRenderer, JSONRenderer, OneAnswer
from tradeinit.schema import answers_of, clock_parameters

# Of what is latest the front page shows so many; of cases, those that met last.
LATEST = 6
CASES = 24
# Of these the front page tells what changed; of all others the list of changes does.
TOLD_AT_HOME = [model.resource for model in (Initiative, Round, Document, Agreement, Mandate)]


class Rounds(Listing):
    queryset = Round.objects.public().for_list()
    filterset_class = filters.RoundFilter
    serializer_class = serializers.RoundSerializer
    budgets = {
        "json": Budget(3, 60, 30),
        "csv": Budget(3, 130, 30),
        "expanded": Budget(14, 2200, 290),
        "page": Budget(19, 130, 190),
    }
    record_budgets = {"json": Budget(3, 50, 50), "page": Budget(31, 60, 190)}


class RoundViewSet(Rounds, RecordViewSet):
    renderer_classes = WITH_BOTH
    detail_serializer_class = serializers.RoundDetailSerializer
    events = staticmethod(events.of_rounds)


class RoundList(Rounds, ListPage):
    api = RoundViewSet
    template_name = "rounds/round_list.html"


class Month(NamedTuple):
    """The meetings that begin in a month; those without a date have none."""

    first: date | None
    meetings: list[Round]


class Calendar(Rounds, ListPage):
    """The meetings by month."""

    api = RoundViewSet
    template_name = "rounds/calendar.html"
    budgets = {"page": Budget(18, 130, 200)}
    keeps_rows = False

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = kwargs["page"].rows if kwargs["page"] else []
        months = groupby(rows, key=lambda row: row.start and row.start.replace(day=1))
        found = [Month(first, list(meetings)) for first, meetings in months]
        context = super().get_context_data(months=found, **kwargs)
        return context | {"title": _("Calendar"), "resource": "calendar"}


class RoundPage(Rounds, SourcedPage):
    template_name = "rounds/round.html"
    linked = linked_data.meeting

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        record = kwargs["record"]
        case, span = record.initiative, record.span
        statements = ledger.told_of(case, self.clocks, between=span) if span else []
        ledger.attach_corrections(statements)
        promised = self.below("undertakings")
        met = self.below("undertakings_met")
        attach_states(promised + met, self.clocks)
        return super().get_context_data(
            delegations=delegations(record, self.clocks),
            outcomes=self.below("outcomes"),
            agenda=agenda(self.below("sessions")),
            tablings=self.below("tablings"),
            promised=promised,
            met=met,
            statements=statements,
            replaced_by=next(iter(below(record, "replaced_by", TODAY)), None),
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
    in_order = below(
        record, "participations", clocks, lambda rows: rows.for_list().order_by("order", "pk")
    )
    for row in in_order:
        took_part[row.initiative_party_id].append(row)
    seats = below(
        record.initiative,
        "initiative_parties",
        clocks,
        lambda rows: rows.for_list().with_representation(),
    )
    return [(seat, took_part[seat.pk]) for seat in seats]


class Outcomes(Listing):
    queryset = Outcome.objects.public().for_list()
    filterset_class = filters.OutcomeFilter
    serializer_class = serializers.OutcomeSerializer
    budgets = {
        "json": Budget(3, 50, 30),
        "csv": Budget(3, 850, 130),
        "expanded": Budget(19, 250, 160),
    }


class OutcomeViewSet(Outcomes, RecordViewSet):
    pass


class Sessions(Listing):
    queryset = Session.objects.public().for_list()
    filterset_class = filters.SessionFilter
    serializer_class = serializers.SessionSerializer
    budgets = {
        "json": Budget(3, 60, 30),
        "csv": Budget(3, 1260, 170),
        "expanded": Budget(17, 280, 150),
    }


class SessionViewSet(Sessions, RecordViewSet):
    renderer_classes = WITH_CALENDAR
    events = staticmethod(events.of_sessions)


class Tablings(Listing):
    queryset = Tabling.objects.public().for_list()
    filterset_class = filters.TablingFilter
    serializer_class = serializers.TablingSerializer
    budgets = {
        "json": Budget(3, 60, 30),
        "csv": Budget(3, 270, 40),
        "expanded": Budget(23, 400, 170),
    }


class TablingViewSet(Tablings, RecordViewSet):
    pass


class Undertakings(Listing):
    queryset = Undertaking.objects.public().for_list()
    filterset_class = filters.UndertakingFilter
    serializer_class = serializers.UndertakingSerializer
    budgets = {
        "json": Budget(3, 60, 20),
        "csv": Budget(3, 100, 20),
        "expanded": Budget(13, 230, 70),
    }


class UndertakingViewSet(Undertakings, RecordViewSet):
    pass


class Participations(Listing):
    queryset = Participation.objects.public().for_list()
    filterset_class = filters.ParticipationFilter
    serializer_class = serializers.ParticipationSerializer
    budgets = {
        "json": Budget(3, 60, 30),
        "csv": Budget(3, 3170, 270),
        "expanded": Budget(17, 260, 80),
    }


class ParticipationViewSet(Participations, RecordViewSet):
    pass


class People(Listing):
    queryset = Person.objects.public().for_list()
    filterset_class = filters.PersonFilter
    serializer_class = serializers.PersonSerializer
    budgets = {
        "json": Budget(3, 30, 20),
        "csv": Budget(3, 90, 30),
        "expanded": Budget(3, 30, 20),
        "page": Budget(12, 60, 80),
    }
    record_budgets = {"json": Budget(2, 10, 20), "page": Budget(7, 20, 50)}


class PersonViewSet(People, RecordViewSet):
    renderer_classes = WITH_FEED


class PersonList(People, ListPage):
    api = PersonViewSet
    template_name = "rounds/person_list.html"


class PersonPage(People, SourcedPage):
    template_name = "rounds/person.html"
    linked = linked_data.person

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        seats = self.below("participations", lambda rows: rows.named().for_list().latest_first())
        return super().get_context_data(seats=seats, **kwargs)


# The matrix of a case


class MatrixForm(RecordForm):
    """What may be asked of a matrix: the clocks, and a format."""

    surface_words = ("format",)


class Cases(Initiatives):
    """Of a case itself the matrix says nothing that would need its sources."""

    queryset = Initiatives.queryset.prefetch_related(None)


def asked_matrix(slug: str, query: QueryDict) -> Matrix:
    """Raises as ``find`` does, and ValidationError for a word that is not understood."""
    form = MatrixForm(query)
    if not form.is_valid():
        raise errors.from_form(form.errors)
    return Matrix(find(Cases, slug), form.clocks)  # type: ignore[arg-type]


class MatrixView(OneAnswer, APIView):
    """The matrix for machines: all of it in JSON, its table in CSV."""

    http_method_names = ("get", "head")
    renderer_classes = (JSONRenderer, CSVRenderer)

    @extend_schema(
        operation_id="initiatives_matrix",
        tags=["initiatives"],
        summary="Chapters by meetings",
        parameters=clock_parameters(),
        responses=answers_of(serializers.MatrixSerializer, renderer_classes),
    )
    def get(self, request: Request, slug: str, **kwargs: Any) -> HttpResponseBase:
        """What came of each chapter of an initiative at each meeting, and where it stands."""
        matrix = asked_matrix(slug, request.query_params)
        renderer: Any = request.accepted_renderer
        if not renderer.whole_file:
            return Response(matrix.answer())
        names, rows = matrix.table()
        name = f"{slug}-matrix.{renderer.format}"
        return attached(renderer, renderer.stream(names, rows), name)


class MatrixPage(TemplateView):
    """The matrix for readers: table, totals, what moved, and how chapters became others."""

    template_name = "rounds/matrix.html"
    budgets = {"json": Budget(27, 90, 100), "page": Budget(20, 130, 120)}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        slug = kwargs["slug"]
        if request.GET.get("format"):
            with translation.override(settings.LANGUAGE_CODE):
                return MatrixView.as_view()(request, slug=slug)
        try:
            matrix = asked_matrix(slug, request.GET)
        except errors.Gone as error:
            return errors.gone(request, error)
        except ValidationError:
            return errors.bad_request(request)
        return self.render_to_response(self.get_context_data(matrix=matrix))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        matrix: Matrix = kwargs["matrix"]
        case, query = matrix.initiative, self.request.GET.urlencode()
        address = f"{case.api_url}matrix/?{query}"
        also_as = [
            Twin("JSON", address.rstrip("?"), JSONRenderer.media_type),
            Twin("CSV", f"{address}{'&' if query else ''}format=csv", CSVRenderer.media_type),
        ]
        return super().get_context_data(
            title=_("Matrix of %(case)s") % {"case": case.short_name},
            record=case,
            resource=case.resource,
            also_as=also_as,
            clocks=matrix.clocks,
            rows_on=matrix.clocks.on,
            back_to_today=without(self.request, *CLOCKS),
            sources=SourceList(),
            **kwargs,
        )


class Home(TemplateView):
    """The state of play, the meetings before and behind, and what was said and changed lately."""

    template_name = "home.html"
    budgets = {"page": Budget(23, 60, 220)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        cases = Initiative.objects.public()
        initiatives = list(by_last_meeting(cases.for_list().with_seats(), clock.today())[:CASES])
        ledger.attach("initiative", initiatives)
        attach_meetings(initiatives)
        statements = list(Statement.objects.public().for_list()[:LATEST])
        ledger.attach_corrections(statements)
        rounds = Round.objects.public().taking_place()
        changes = list(Publication.objects.public().about(TOLD_AT_HOME)[:LATEST])
        attach_words(changes)
        return super().get_context_data(
            initiatives=initiatives,
            is_all=len(initiatives) < CASES,
            coming=rounds.coming(clock.today()).next_first()[:LATEST],
            latest=rounds.begun(clock.today()).for_list()[:LATEST],
            statements=statements,
            changes=changes,
            **kwargs,
        )


class Glossary(TemplateView):
    """What the words of the record mean."""

    template_name = "rounds/glossary.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            title=_("Glossary"), vocabularies=glossary.VOCABULARIES, **kwargs
        )


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
