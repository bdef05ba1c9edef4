from django.urls import path

from rounds import views
from tradeinit.lists import pages

app_name = "rounds"

urlpatterns = [
    path("", views.Home.as_view(), name="home"),
    *pages("rounds", views.RoundList, views.RoundPage),
    *pages("people", views.PersonList, views.PersonPage),
]
