from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import Case, F, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path

from mandates.admin import CitationInline
from rounds.desk.pages import RoundDesk
from rounds.importing.desk import ImportAdmin
from rounds.models import (
    ActionItem,
    Import,
    Outcome,
    Participation,
    Person,
    Round,
    Session,
    Tabling,
    Undertaking,
    Venue,
)
from tradeinit import clock
from tradeinit.admin import Need, NeedFilter, PartInline, RecordAdmin, RecordInline, WhereUsed

# How far ahead the desk looks for meetings, and for what is due.
COMING, SOON = timedelta(days=60), timedelta(days=7)


def coming_up(rows: Any, request: HttpRequest) -> QuerySet:
    ahead = (Round.State.PLANNED, Round.State.ANNOUNCED, Round.State.CONFIRMED)
    today = clock.today()
    return rows.filter(
        start__gte=today, start__lte=today + COMING, state__in=(*ahead, Round.State.UNDER_WAY)
    ).order_by("start", "pk")


def overdue(rows: Any, request: HttpRequest) -> QuerySet:
    """Announced steps whose time has passed and that no meeting met."""
    return (
        rows.filter(met_by__isnull=True, withdrawn_at__isnull=True)
        .annotate(last_day=Coalesce("expected_to", "expected_from"))
        .filter(last_day__lt=clock.today())
        .order_by("last_day", "pk")
    )


def due(rows: Any, request: HttpRequest) -> QuerySet:
    """Open items that are due within days, those of whoever asks first."""
    mine = Case(When(owner=request.user.pk, then=Value(0)), default=Value(1))
    return rows.filter(state=ActionItem.State.OPEN, due__lte=clock.today() + SOON).order_by(
        mine, F("due").asc(nulls_last=True), "pk"
    )


admin.site.register(Import, ImportAdmin)


class VenueInline(PartInline):
    model = Venue


class ParticipationInline(RecordInline):
    model = Participation
    autocomplete_fields = ("initiative_party", "person", "organization")
    fields = (
        ("initiative_party", "role", "order"),
        ("person", "name_as_listed", "named"),
        ("title_as_listed", "title_zh_hant"),
        ("organization", "mode"),
        ("note", "note_zh_hant"),
        ("public_from", "disclosed_on"),
        "version",
    )


class OutcomeInline(RecordInline):
    model = Outcome
    autocomplete_fields = ("chapter", "statement")
    fields = (
        ("chapter", "result", "statement"),
        ("summary", "wording"),
        ("public_from", "disclosed_on"),
        "version",
    )


class SessionInline(RecordInline):
    model = Session
    autocomplete_fields = ("chapters",)
    fields = (
        ("title", "kind", "room"),
        ("starts", "ends", "timezone"),
        "chapters",
        ("public_from", "disclosed_on"),
        "version",
    )


class UndertakingInline(RecordInline):
    model = Undertaking
    fk_name = "round"
    autocomplete_fields = ("initiative", "met_by")
    fields = (
        "initiative",
        "wording",
        ("expected_from", "expected_to", "precision"),
        "met_by",
        ("public_from", "disclosed_on"),
        "version",
    )


@admin.register(Round)
class RoundAdmin(RoundDesk, RecordAdmin):
    needs = (Need("coming", "Rounds coming up", coming_up, lambda row: row.start),)
    list_display = ("label", "initiative", "start", "end", "places", "kind", "state")
    list_filter = ("state", "kind", "mode")
    search_fields = ("label", "label_zh_hant", "slug", "venues__city", "initiative__title")
    autocomplete_fields = ("initiative", "host", "replaces")
    prepopulated_fields = {"slug": ("label",)}
    date_hierarchy = "start"
    inlines = (
        VenueInline,
        CitationInline,
        ParticipationInline,
        SessionInline,
        OutcomeInline,
        UndertakingInline,
    )
    fieldsets = (
        (None, {"fields": ("initiative", ("label", "label_zh_hant"), "slug", ("kind", "number"))}),
        (
            "When",
            {"fields": (("start", "end", "precision"), "wording", "timezone", "state", "replaces")},
        ),
        ("How", {"fields": (("mode", "press_access"), "host", "summary", "summary_zh_hant")}),
    )

    change_list_template = "admin/rounds/round/change_list.html"

    def get_urls(self) -> list[URLPattern]:
        intake = self.admin_site.admin_view(self.intake)
        return [path("intake/", intake, name="rounds_round_intake"), *super().get_urls()]

    def intake(self, request: HttpRequest) -> HttpResponseBase:
        # Its patterns take a fifth of a worker's start, and few workers ever read a release.
        from rounds.intake.desk import IntakeView

        return IntakeView.as_view(site=self.admin_site)(request)

    @admin.display(description="Places")
    def places(self, row: Round) -> str:
        return ", ".join(row.cities)


@admin.register(Outcome)
class OutcomeAdmin(RecordAdmin):
    list_display = ("chapter", "round", "result")
    list_filter = ("result",)
    search_fields = ("chapter__name", "round__label", "summary")
    autocomplete_fields = ("round", "chapter", "statement")
    inlines = (CitationInline,)


@admin.register(Participation)
class ParticipationAdmin(RecordAdmin):
    list_display = ("__str__", "round", "initiative_party", "role")
    list_filter = ("role",)
    search_fields = ("person__name", "name_as_listed", "organization__name", "round__label")
    autocomplete_fields = ("round", "initiative_party", "person", "organization")
    inlines = (CitationInline,)


@admin.register(Person)
class PersonAdmin(WhereUsed, RecordAdmin):
    merges = True
    list_display = ("name", "native_name")
    search_fields = ("name", "native_name", "sort_name", "slug")
    prepopulated_fields = {"slug": ("name",)}
    inlines = (CitationInline,)


@admin.register(Session)
class SessionAdmin(RecordAdmin):
    list_display = ("title", "round", "kind", "starts", "room")
    list_filter = ("kind",)
    search_fields = ("title", "title_zh_hant", "round__label", "room")
    autocomplete_fields = ("round", "chapters")
    inlines = (CitationInline,)


@admin.register(Tabling)
class TablingAdmin(RecordAdmin):
    list_display = ("document", "initiative_party", "act", "on_day")
    list_filter = ("act",)
    search_fields = ("document__title", "initiative_party__party__name", "chapter__name")
    autocomplete_fields = ("document", "initiative_party", "chapter", "round", "session")
    inlines = (CitationInline,)


@admin.register(Undertaking)
class UndertakingAdmin(RecordAdmin):
    needs = (Need("overdue", "Next steps overdue", overdue, lambda row: row.last_day),)
    list_display = ("wording", "initiative", "expected_from", "met_by")
    search_fields = ("wording", "initiative__title")
    autocomplete_fields = ("initiative", "round", "met_by")
    date_hierarchy = "expected_from"
    inlines = (CitationInline,)


@admin.register(ActionItem)
class ActionItemAdmin(admin.ModelAdmin):
    """The office's own list; nothing of it is public."""

    needs = (
        Need(
            "due",
            "Action items due, yours first",
            due,
            lambda row: f"{row.due:%d %b}, {row.owner or 'nobody'}",
        ),
    )
    list_display = ("text", "initiative", "owner", "due", "state")
    list_filter = (NeedFilter, "state", ("owner", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("initiative", "owner")
    search_fields = ("text", "initiative__title")
    autocomplete_fields = ("initiative", "chapter", "round", "owner")
    date_hierarchy = "due"
