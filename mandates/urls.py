from django.urls import path

from mandates import changes, views
from tradeinit.lists import pages

app_name = "mandates"

urlpatterns = [
    *pages("initiatives", views.InitiativeList, views.InitiativePage),
    *pages("mandates", views.MandateList, views.MandatePage),
    *pages("chapters", views.ChapterList, views.ChapterPage),
    *pages("parties", views.PartyList, views.PartyPage),
    *pages("organizations", views.OrganizationList, views.OrganizationPage),
    *pages("documents", views.DocumentList, views.DocumentPage),
    path("documents/<slug:slug>/file/", views.DocumentFile.as_view(), name="document-copy"),
    *pages("agreements", views.AgreementList, views.AgreementPage),
    *pages("statements", views.StatementList),
    *pages("changes", changes.ChangeList),
]
