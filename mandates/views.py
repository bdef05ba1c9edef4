"""The listings of this app and their surfaces."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

from django.conf import settings
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views import View

from mandates import copies, filters, ledger, linked_data, serializers
from mandates.models import (
    Agreement,
    Chapter,
    ChapterLineage,
    Document,
    Initiative,
    InitiativeParty,
    Mandate,
    Organization,
    Party,
    Representation,
    Statement,
)
from mandates.sources import SourceList, resting_on
from mandates.timeline import TEXTS, timeline
from tradeinit import errors
from tradeinit.budgets import Budget
from tradeinit.clocks import Clocks
from tradeinit.lists import WITH_FEED, Listing, ListPage, RecordPage, RecordViewSet, find

# Of what can be very many a page shows the first, and leads to the list.
SHOWN = settings.PAGE_SIZE
# Of the meetings of a case: all of them stand on its timeline, and in a list of their own.
LATEST = 12


class SourcedPage(RecordPage):
    """A record's page numbers its sources as it cites them."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(sources=SourceList(), **kwargs)


# Parties


class Parties(Listing):
    queryset = Party.objects.public().for_list()
    filterset_class = filters.PartyFilter
    serializer_class = serializers.PartySerializer
    budgets = {
        "json": Budget(3, 10, 20),
        "csv": Budget(3, 10, 20),
        "expanded": Budget(5, 20, 30),
        "page": Budget(8, 20, 50),
    }
    record_budgets = {"json": Budget(2, 10, 20), "page": Budget(13, 30, 60)}


class PartyViewSet(Parties, RecordViewSet):
    renderer_classes = WITH_FEED


class PartyList(Parties, ListPage):
    api = PartyViewSet
    template_name = "mandates/party_list.html"


class PartyPage(Parties, SourcedPage):
    template_name = "mandates/party.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            seats=self.below("seats", lambda rows: rows.for_list().with_representation()),
            organizations=self.below("organizations"),
            members=self.below("members", lambda rows: rows),
            blocs=self.below("member_of", lambda rows: rows),
            **kwargs,
        )


# Organizations


class Organizations(Listing):
    queryset = Organization.objects.public().for_list()
    filterset_class = filters.OrganizationFilter
    serializer_class = serializers.OrganizationSerializer
    budgets = {
        "json": Budget(3, 40, 30),
        "csv": Budget(3, 30, 20),
        "expanded": Budget(7, 70, 30),
        "page": Budget(6, 50, 80),
    }
    record_budgets = {"json": Budget(2, 10, 20), "page": Budget(13, 80, 140)}


class OrganizationViewSet(Organizations, RecordViewSet):
    renderer_classes = WITH_FEED


class OrganizationList(Organizations, ListPage):
    api = OrganizationViewSet
    template_name = "mandates/organization_list.html"


class OrganizationPage(Organizations, SourcedPage):
    template_name = "mandates/organization.html"
    linked = linked_data.body

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            representations=self.below("representations"),
            participations=self.below(
                "participations", lambda rows: rows.for_list().latest_first()[:SHOWN]
            ),
            documents=self.below("documents", lambda rows: rows.for_list()[:SHOWN]),
            parts=self.below("parts", lambda rows: rows),
            **kwargs,
        )


# Initiatives


class Initiatives(Listing):
    queryset = Initiative.objects.public().for_list()
    filterset_class = filters.InitiativeFilter
    serializer_class = serializers.InitiativeSerializer
    budgets = {
        "json": Budget(7, 30, 60),
        "csv": Budget(8, 20, 60),
        "expanded": Budget(23, 660, 470),
        "page": Budget(12, 40, 140),
    }
    record_budgets = {"json": Budget(16, 40, 110), "page": Budget(45, 160, 380)}


class InitiativeViewSet(Initiatives, RecordViewSet):
    renderer_classes = WITH_FEED
    detail_serializer_class = serializers.InitiativeDetailSerializer


class InitiativeList(Initiatives, ListPage):
    api = InitiativeViewSet
    template_name = "mandates/initiative_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = kwargs["page"].rows if kwargs["page"] else []
        ledger.attach("initiative", rows, self.clocks)
        return super().get_context_data(**kwargs)


class InitiativePage(Initiatives, SourcedPage):
    template_name = "mandates/initiative.html"
    linked = linked_data.work

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        record = kwargs["record"]
        chapters = self.below("chapters")
        statements = ledger.told_of(record, self.clocks)
        rounds = self.below("rounds")
        texts = self.below("documents", lambda rows: rows.for_list().of_kinds(TEXTS))
        agreements = self.below("agreements")
        undertakings = self.below("undertakings")
        ledger.attach_corrections(statements)
        attach_states(undertakings, self.clocks)
        ledger.attach("initiative", [record], self.clocks)
        ledger.attach("chapter", chapters, self.clocks)
        ledger.attach("agreement", agreements, self.clocks)
        return super().get_context_data(
            seats=self.below(
                "initiative_parties", lambda rows: rows.for_list().with_representation()
            ),
            mandates=self.below("mandates"),
            chapters=chapters,
            lineage=self.below("lineage"),
            agreements=agreements,
            undertakings=undertakings,
            timeline=timeline(statements, rounds, texts, undertakings),
            promises=Kept.of(undertakings),
            rounds=rounds[:LATEST],
            rounds_in_all=len(rounds),
            documents=self.below("documents", lambda rows: rows.for_list()[:SHOWN]),
            successors=self.below("successors", lambda rows: rows),
            today=self.clocks.on_day,
            **kwargs,
        )


def attach_states(undertakings: list[Any], clocks: Clocks) -> None:
    """Give each undertaking its ``state``: open, late or met on the day of the page."""
    for undertaking in undertakings:
        undertaking.state = undertaking.state_on(clocks.on_day)


class Kept(NamedTuple):
    """How the promises of a case were kept."""

    kept: int
    kept_late: int
    overdue: int
    open: int

    @classmethod
    def of(cls, promises: Sequence[Any]) -> "Kept | None":
        if not promises:
            return None
        states = Counter(promise.state for promise in promises)
        late = sum(promise.state == "met" and promise.was_late for promise in promises)
        return cls(states["met"], late, states["late"], states["open"])


# Seats and representations: no page of their own, they stand on the initiative's


class InitiativeParties(Listing):
    queryset = InitiativeParty.objects.public().for_list()
    filterset_class = filters.InitiativePartyFilter
    serializer_class = serializers.InitiativePartySerializer
    budgets = {"json": Budget(3, 40, 20), "csv": Budget(3, 30, 20), "expanded": Budget(12, 210, 80)}


class InitiativePartyViewSet(InitiativeParties, RecordViewSet):
    detail_serializer_class = serializers.SeatDetailSerializer


class Representations(Listing):
    queryset = Representation.objects.public().for_list()
    filterset_class = filters.RepresentationFilter
    serializer_class = serializers.RepresentationSerializer
    budgets = {"json": Budget(3, 50, 30), "csv": Budget(3, 60, 30), "expanded": Budget(13, 210, 70)}


class RepresentationViewSet(Representations, RecordViewSet):
    pass


# Mandates


class Mandates(Listing):
    queryset = Mandate.objects.public().for_list()
    filterset_class = filters.MandateFilter
    serializer_class = serializers.MandateSerializer
    budgets = {
        "json": Budget(3, 20, 20),
        "csv": Budget(3, 20, 20),
        "expanded": Budget(13, 50, 70),
        "page": Budget(6, 30, 50),
    }
    record_budgets = {"json": Budget(2, 10, 20), "page": Budget(12, 30, 80)}


class MandateViewSet(Mandates, RecordViewSet):
    renderer_classes = WITH_FEED


class MandateList(Mandates, ListPage):
    api = MandateViewSet
    template_name = "mandates/mandate_list.html"


class MandatePage(Mandates, SourcedPage):
    template_name = "mandates/mandate.html"
    linked = linked_data.work

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        chapters = self.below("chapters")
        ledger.attach("chapter", chapters, self.clocks)
        superseded_by = self.below("superseded_by")
        return super().get_context_data(chapters=chapters, superseded_by=superseded_by, **kwargs)


# Chapters


class Chapters(Listing):
    queryset = Chapter.objects.public().for_list()
    filterset_class = filters.ChapterFilter
    serializer_class = serializers.ChapterSerializer
    budgets = {
        "json": Budget(7, 80, 90),
        "csv": Budget(8, 210, 370),
        "expanded": Budget(15, 190, 140),
        "page": Budget(12, 80, 270),
    }
    record_budgets = {"json": Budget(6, 10, 40), "page": Budget(35, 40, 160)}


class ChapterViewSet(Chapters, RecordViewSet):
    renderer_classes = WITH_FEED


class ChapterList(Chapters, ListPage):
    api = ChapterViewSet
    template_name = "mandates/chapter_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = kwargs["page"].rows if kwargs["page"] else []
        ledger.attach("chapter", rows, self.clocks)
        return super().get_context_data(**kwargs)


class ChapterPage(Chapters, SourcedPage):
    template_name = "mandates/chapter.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        record = kwargs["record"]
        statements = self.below("statements")
        ledger.attach_corrections(statements)
        ledger.attach("chapter", [record], self.clocks)
        agreements = self.below("agreements")
        ledger.attach("agreement", agreements, self.clocks)
        came_from = self.below("lineage_to")
        became = self.below("lineage_from")
        return super().get_context_data(
            statements=statements,
            outcomes=self.below("outcomes", lambda rows: rows.for_list().latest_first()),
            documents=self.below("documents", lambda rows: rows.for_list()[:SHOWN]),
            agreements=agreements,
            tablings=self.below("tablings"),
            came_from=came_from,
            # What is renamed comes from itself.
            became=[row for row in became if row not in came_from],
            **kwargs,
        )


# Documents


class Documents(Listing):
    queryset = Document.objects.public().for_list()
    filterset_class = filters.DocumentFilter
    serializer_class = serializers.DocumentSerializer
    budgets = {
        "json": Budget(3, 70, 30),
        "csv": Budget(3, 640, 80),
        "expanded": Budget(17, 320, 240),
        "page": Budget(12, 80, 180),
    }
    record_budgets = {"json": Budget(2, 10, 30), "page": Budget(56, 30, 150)}


class DocumentViewSet(Documents, RecordViewSet):
    renderer_classes = WITH_FEED


class DocumentList(Documents, ListPage):
    api = DocumentViewSet
    template_name = "mandates/document_list.html"


class DocumentFile(Documents, View):
    """The office's own copy."""

    def get(self, request: HttpRequest, slug: str) -> HttpResponseBase:
        try:
            record: Any = find(type(self), slug)
        except errors.Gone as error:
            return errors.gone(request, error)
        if not record.file_format:
            raise Http404
        return copies.to_keep(record, record.slug)


class DocumentPage(Documents, SourcedPage):
    template_name = "mandates/document.html"
    linked = linked_data.document

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        record = kwargs["record"]
        return super().get_context_data(
            resting=resting_on(record, self.clocks),
            tablings=self.below("tablings"),
            **kwargs,
        )


# Agreements


class Agreements(Listing):
    queryset = Agreement.objects.public().for_list()
    filterset_class = filters.AgreementFilter
    serializer_class = serializers.AgreementSerializer
    budgets = {
        "json": Budget(7, 50, 70),
        "csv": Budget(8, 40, 70),
        "expanded": Budget(19, 320, 330),
        "page": Budget(12, 70, 190),
    }
    record_budgets = {"json": Budget(6, 10, 50), "page": Budget(12, 20, 90)}


class AgreementViewSet(Agreements, RecordViewSet):
    renderer_classes = WITH_FEED


class AgreementList(Agreements, ListPage):
    api = AgreementViewSet
    template_name = "mandates/agreement_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        ledger.attach("agreement", kwargs["page"].rows if kwargs["page"] else [], self.clocks)
        return super().get_context_data(**kwargs)


class AgreementPage(Agreements, SourcedPage):
    template_name = "mandates/agreement.html"
    linked = linked_data.agreement

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        record = kwargs["record"]
        statements = self.below("statements")
        ledger.attach_corrections(statements)
        ledger.attach("agreement", [record], self.clocks)
        return super().get_context_data(statements=statements, **kwargs)


# Lineage: it stands on the pages of the initiative and of the chapters


class ChapterLineages(Listing):
    queryset = ChapterLineage.objects.public().for_list()
    filterset_class = filters.ChapterLineageFilter
    serializer_class = serializers.ChapterLineageSerializer
    budgets = {
        "json": Budget(3, 40, 20),
        "csv": Budget(3, 20, 20),
        "expanded": Budget(21, 140, 160),
    }


class ChapterLineageViewSet(ChapterLineages, RecordViewSet):
    pass


# Statements


class Statements(Listing):
    queryset = Statement.objects.public().for_list()
    filterset_class = filters.StatementFilter
    serializer_class = serializers.StatementSerializer
    budgets = {
        "json": Budget(3, 50, 30),
        "csv": Budget(3, 620, 70),
        "expanded": Budget(13, 130, 50),
        "page": Budget(10, 90, 130),
    }


class StatementViewSet(Statements, RecordViewSet):
    renderer_classes = WITH_FEED


class StatementList(Statements, ListPage):
    api = StatementViewSet
    template_name = "mandates/statement_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        ledger.attach_corrections(kwargs["page"].rows if kwargs["page"] else [])
        return super().get_context_data(**kwargs)
