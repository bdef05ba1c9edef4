"""The API's table of contents: one line a resource."""

from django.urls import path, re_path
from rest_framework.routers import SimpleRouter

from mandates import views as mandates
from mandates.changes import ChangeViewSet
from rounds import views as rounds
from tradeinit.description import BulkView, DocsView, SchemaView
from tradeinit.mirrors import ChecksumView
from tradeinit.search.views import SearchView

RESOURCES = {
    "changes": ChangeViewSet,
    "initiatives": mandates.InitiativeViewSet,
    "initiative-parties": mandates.InitiativePartyViewSet,
    "representations": mandates.RepresentationViewSet,
    "mandates": mandates.MandateViewSet,
    "chapters": mandates.ChapterViewSet,
    "parties": mandates.PartyViewSet,
    "organizations": mandates.OrganizationViewSet,
    "documents": mandates.DocumentViewSet,
    "lineage": mandates.ChapterLineageViewSet,
    "agreements": mandates.AgreementViewSet,
    "statements": mandates.StatementViewSet,
    "rounds": rounds.RoundViewSet,
    "sessions": rounds.SessionViewSet,
    "outcomes": rounds.OutcomeViewSet,
    "participations": rounds.ParticipationViewSet,
    "tablings": rounds.TablingViewSet,
    "undertakings": rounds.UndertakingViewSet,
    "people": rounds.PersonViewSet,
}

router = SimpleRouter()
for resource, viewset in RESOURCES.items():
    router.register(resource, viewset, basename=resource)

app_name = "api"

urlpatterns = [
    path("search/", SearchView.as_view(), name="search"),
    path("changes/checksum/", ChecksumView.as_view(), name="changes-checksum"),
    *router.urls,
    *(
        re_path(
            rf"^{resource}\.(?P<format>[a-z0-9]+)$",
            viewset.as_view({"get": "list"}),
            name=f"{resource}-file",
        )
        for resource, viewset in RESOURCES.items()
    ),
    path(
        "initiatives/<slug:slug>/matrix/",
        rounds.MatrixView.as_view(),
        name="initiatives-matrix",
    ),
    path("schema/", SchemaView.as_view(), name="schema"),
    path("bulk/latest.zip", BulkView.as_view(), name="bulk-latest"),
    re_path(r"^bulk/(?P<name>tradeinit-[0-9TZ]+\.zip)$", BulkView.as_view(), name="bulk-file"),
    path("docs/", DocsView.as_view(), name="docs"),
]
