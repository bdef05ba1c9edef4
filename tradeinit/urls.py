from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from tradeinit import api, health, versions, views
from tradeinit.search.views import SearchPage

# The pages that all records have alike; the changes are no record.
LISTINGS = {name: found for name, found in api.RESOURCES.items() if name != "changes"}
RECORD = rf"^(?P<resource>{'|'.join(LISTINGS)})/(?P<slug>[-a-zA-Z0-9_]+)"
of_records = [
    re_path(f"{RECORD}/{tail}$", view.as_view(listings=LISTINGS), name=name)
    for tail, view, name in (
        ("versions/", versions.VersionsPage, "versions"),
        ("versions/(?P<number>[0-9]{1,9})/", versions.VersionPage, "version"),
        ("changes/", versions.CaseChangesPage, "changes-of"),
    )
]
# The pages of the map of the site that belong to no record.
PLAIN_PAGES = (
    "rounds:home",
    "mandates:initiative-list",
    "mandates:mandate-list",
    "mandates:chapter-list",
    "rounds:round-list",
    "rounds:calendar",
    "mandates:party-list",
    "mandates:organization-list",
    "rounds:person-list",
    "mandates:document-list",
    "mandates:agreement-list",
    "mandates:statement-list",
    "mandates:publication-list",
    "rounds:glossary",
    "about",
)

urlpatterns = [
    # First: whoever asks here is not led past the address of every page.
    path("api/v1/", include(api)),
    *i18n_patterns(
        path("", include("rounds.urls")),
        path("", include("mandates.urls")),
        path("search/", SearchPage.as_view(), name="search"),
        *of_records,
        path("about/", views.about, name="about"),
        prefix_default_language=False,
    ),
    path("id/<uuid:uid>", views.by_uid, name="by-uid"),
    path("sitemap.xml", views.sitemap_index, name="sitemap-index"),
    path("sitemap-pages.xml", views.sitemap_pages, {"names": PLAIN_PAGES}, name="sitemap-pages"),
    path("sitemap-<slug:resource>-<int:page>.xml", views.sitemap, name="sitemap"),
    path("robots.txt", views.robots, name="robots"),
    path("livez", health.alive, name="alive"),
    path("readyz", health.ready, name="ready"),
    path("metrics", health.metrics, name="metrics"),
    # One page to sign in, under the address that the desk has always had.
    path(
        "admin/account/login/", RedirectView.as_view(pattern_name="admin:login", query_string=True)
    ),
    path("admin/account/", include("allauth.account.urls")),
    path("admin/account/second-factor/", include("allauth.mfa.urls")),
    path("admin/", admin.site.urls),
]

handler400 = "tradeinit.errors.bad_request"
handler404 = "tradeinit.errors.not_found"
handler500 = "tradeinit.errors.server_error"
