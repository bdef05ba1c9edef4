"""Leaks built in on purpose: what a hurried change could bring, each of which must be caught.

A leak is switched on by replacing a part of the site. ``at`` says at which of the addresses that
the suite asks for it would show; it is looked for there by the suite's own means.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.deprecation import MiddlewareMixin
from pytest import MonkeyPatch

from mandates.changes import Changes
from mandates.filters import InitiativeFilter
from mandates.models import statements
from rounds.filters import RoundFilter
from rounds.models import Participation
from rounds.views import RoundList, RoundPage, RoundViewSet
from tradeinit import clock, errors, lists, middleware, paging, prepared
from tradeinit.desk import layers
from tradeinit.filters import SearchFilter, SlugFilter
from tradeinit.publication import log
from tradeinit.publication.models import Publication, PublicationQuerySet, PublishableQuerySet

Switch = Callable[[MonkeyPatch], None]


@dataclass(frozen=True)
class Leak:
    name: str
    at: str
    switch: Switch

    def __str__(self) -> str:
        return self.name.replace(" ", "-")


def public_is_dropped(*functions: str) -> Switch:
    """``public()`` lets everything through where one of these functions calls it."""

    def switch(patch: MonkeyPatch) -> None:
        public = PublishableQuerySet.public

        def leaky(self: Any, at: Any = None) -> Any:
            return self if _caller() in functions else public(self, at)

        patch.setattr(PublishableQuerySet, "public", leaky)
        forget_what_is_kept()

    return switch


def _caller() -> str:
    """Who calls the function that asks this; a manager only hands the call on."""
    frame: Any = sys._getframe(2)
    if frame.f_code.co_name == "manager_method":
        frame = frame.f_back
    return frame.f_code.co_name


def forget_what_is_kept() -> None:
    """Questions that were built once are built anew: as a leak, or its end, would have them."""
    statements._standing.cache_clear()
    prepared.forget()


def whole_table(surface: Any) -> Switch:
    """A surface that begins with all rows."""

    def switch(patch: MonkeyPatch) -> None:
        patch.setattr(surface, "queryset", surface.queryset.model.objects.for_list())

    return switch


def no_parents(patch: MonkeyPatch) -> None:
    def public(self: Any, at: Any = None) -> Any:
        instant = clock.Instant() if at is None else at
        return self.filter(public_from__lte=instant, withdrawn_at__isnull=True)

    patch.setattr(PublishableQuerySet, "public", public)
    patch.setattr(RoundViewSet, "queryset", RoundViewSet.queryset.model.objects.public())


def a_second_early(patch: MonkeyPatch) -> None:
    public = PublishableQuerySet.public

    def early(listing: Any, key: str) -> Any:
        rows = public(listing.model().objects.for_list(), clock.now() + timedelta(seconds=1))
        row = rows.filter(slug=key).first()
        if row is None:
            raise Http404
        return row

    patch.setattr(lists, "find", early)


def forbidden_is_not_missing(patch: MonkeyPatch) -> None:
    find = lists._find

    def told_apart(which: Any, listing: Any, key: str) -> Any:
        try:
            return find(which, listing, key)
        except Http404:
            if listing.model()._base_manager.filter(uid=key).exists():
                raise PermissionDenied from None
            raise

    patch.setattr(lists, "_find", told_apart)


def missing_says_why(patch: MonkeyPatch) -> None:
    problem = errors.problem

    def chatty(status: int, *args: Any, **kwargs: Any) -> Any:
        hidden = RoundViewSet.queryset.model._base_manager.count()
        return problem(status, *args, **kwargs | {"detail": f"Not among {hidden} records."})

    patch.setattr(errors, "problem", chatty)


def etag_over_all_rows(patch: MonkeyPatch) -> None:
    validators = middleware.validators

    def over_all(*present: Any) -> Any:
        etag, modified = validators(*present)
        rows = RoundViewSet.queryset.model._base_manager.count()
        return f'{etag[:-1]}{rows}"', modified

    patch.setattr(middleware, "validators", over_all)


def modified_by_what_is_due(patch: MonkeyPatch) -> None:
    def tip(instant: Any) -> Any:
        last = Publication.objects.order_by("-at", "-uid", "-number").first()
        return (log.rfc3339(last.at), str(last.uid), last.number) if last else None

    patch.setattr(log, "tip", tip)


def count_of_all_rows(patch: MonkeyPatch) -> None:
    page_of = paging.page_of

    def counted(queryset: Any, *args: Any) -> Any:
        page = page_of(queryset, *args)
        page.count = queryset.model._default_manager.count()
        return page

    patch.setattr(paging, "page_of", counted)
    patch.setattr(lists, "page_of", counted)


def offers_every_record(patch: MonkeyPatch) -> None:
    offered: Any = RoundFilter.base_filters["initiative"]
    patch.setattr(offered, "records", offered.records.model.objects.all())


def filter_reaches_hidden_rows(patch: MonkeyPatch) -> None:
    found: Any = InitiativeFilter.base_filters["party"]
    patch.setattr(found, "among", found.among.model.objects.all())


def search_reaches_hidden_rows(patch: MonkeyPatch) -> None:
    found: Any = RoundFilter.base_filters["q"]
    patch.setattr(found, "paths", (*found.paths, "sessions__title"))
    ask = SearchFilter.filter
    patch.setattr(SearchFilter, "filter", lambda self, *args: ask(self, *args).distinct())


def unknown_slug_is_explained(patch: MonkeyPatch) -> None:
    ask = SlugFilter.filter

    def explained(self: Any, queryset: Any, value: Any) -> Any:
        model = self.records.model
        if value and model._base_manager.filter(slug__in=value).exclude(
            pk__in=self.records.values("pk")
        ):
            return queryset
        return ask(self, queryset, value)

    patch.setattr(SlugFilter, "filter", explained)


def what_is_due_is_told(patch: MonkeyPatch) -> None:
    patch.setattr(PublicationQuerySet, "sealed", lambda self: self.all())
    patch.setattr(Changes, "queryset", Publication.objects.sealed())


def withdrawn_stays(patch: MonkeyPatch) -> None:
    def public(self: Any, at: Any = None) -> Any:
        return self.filter(public_from__lte=clock.Instant() if at is None else at)

    patch.setattr(PublishableQuerySet, "public", public)


def everybody_is_named(patch: MonkeyPatch) -> None:
    patch.setattr(Participation, "is_named", True)


def header_counts_rows(patch: MonkeyPatch) -> None:
    seconds = middleware.seconds_left

    def counting(instant: Any) -> int:
        return seconds(instant) + RoundViewSet.queryset.model._base_manager.count()

    patch.setattr(middleware, "seconds_left", counting)


def staff_see_drafts(patch: MonkeyPatch) -> None:
    get = RoundList.get

    def preview(self: Any, request: Any, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_staff:
            self.queryset = self.model().objects.for_list()
        return get(self, request, *args, **kwargs)

    patch.setattr(layers.AtTheDesk, "__call__", MiddlewareMixin.__call__)
    patch.setattr(RoundList, "get", preview)


def address_of_all_rows(patch: MonkeyPatch) -> None:
    latest = PublicationQuerySet.latest_of_each
    patch.setattr(
        PublicationQuerySet,
        "latest_of_each",
        lambda self: self.all() if _caller() == "by_uid" else latest(self),
    )
    public_is_dropped("by_uid")(patch)


# The first five are those of the fast profile: one of each way in which a leak shows.
LEAKS = [
    Leak("a list begins with all rows", r"^/api/v1/rounds", whole_table(RoundViewSet)),
    Leak("a page begins with all rows", r"^/rounds/[^?]+", whole_table(RoundPage)),
    Leak("an entity tag over all rows", r"^/(about|robots)", etag_over_all_rows),
    Leak("a choice offers every record", r"^/rounds/\?", offers_every_record),
    Leak("staff see drafts on pages", r"^/rounds/\?page_size", staff_see_drafts),
    Leak("parents are not asked", r"^/api/v1/rounds", no_parents),
    Leak("an embargo lifts a second early", r"^/rounds/[^?]+", a_second_early),
    Leak("forbidden where missing is meant", r"^/api/v1/sessions/.", forbidden_is_not_missing),
    Leak("a missing record says why", r"^/api/v1/rounds/.", missing_says_why),
    Leak("last modified by what is due", r"^/(about|robots)", modified_by_what_is_due),
    Leak("a count of all rows", r"^/(api/v1/)?parties/", count_of_all_rows),
    Leak("a filter reaches hidden rows", r"^/api/v1/initiatives/\?", filter_reaches_hidden_rows),
    Leak("a search reaches hidden rows", r"^/(api/v1/)?rounds/\?q", search_reaches_hidden_rows),
    Leak("a hidden slug is not unknown", r"^/api/v1/outcomes/\?", unknown_slug_is_explained),
    Leak("changes tell what is due", r"^/(api/v1/)?changes", what_is_due_is_told),
    Leak("what was withdrawn stays", r"^/sitemap", withdrawn_stays),
    Leak("every delegate is named", r"^/rounds/alpha-round/", everybody_is_named),
    Leak("the life of an answer counts rows", r"^/(about|robots)", header_counts_rows),
    Leak("the map of the site has all rows", r"^/sitemap", public_is_dropped("sitemap")),
    Leak(
        "pages show all that lies below", r"^/(rounds|parties)/alpha", public_is_dropped("_below")
    ),
    Leak(
        "a status heeds hidden statements",
        r"^/chapters/alpha",
        public_is_dropped("heard", "_by_key"),
    ),
    Leak("permanent addresses lead to all", r"^/id/", address_of_all_rows),
]
