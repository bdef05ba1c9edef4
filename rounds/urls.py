from django.urls import path

from rounds import views
from tradeinit.lists import pages

app_name = "rounds"

urlpatterns = [
    path("", views.Home.as_view(), name="home"),
    path("initiatives/<slug:slug>/matrix/", views.MatrixPage.as_view(), name="matrix"),
    path("glossary/", views.Glossary.as_view(), name="glossary"),
    path("calendar/", views.Calendar.as_view(), name="calendar"),
    *pages("rounds", views.RoundList, views.RoundPage),
    *pages("people", views.PersonList, views.PersonPage),
]
