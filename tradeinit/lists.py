"""A listing and its surfaces.

A listing is a class with ``queryset``, ``filterset_class`` and ``serializer_class``: which rows,
which questions, which columns. Each surface is that class and one of the classes below:

    class Rounds(Listing): ...
    class RoundViewSet(Rounds, RecordViewSet): ...     the API and the files
    class RoundList(Rounds, ListPage): ...             the page of the list
    class RoundPage(Rounds, RecordPage): ...           the page of one record
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, ClassVar, NamedTuple
from uuid import UUID, uuid4

from django.conf import settings
from django.core.cache import caches
from django.core.cache.utils import make_template_fragment_key
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, re_path
from django.utils import translation
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.viewsets import GenericViewSet

from tradeinit import errors, facets, feeds, prepared
from tradeinit.budgets import Budget
from tradeinit.calendars import CalendarRenderer
from tradeinit.citing import Cited
from tradeinit.clocks import TODAY, Clocks
from tradeinit.files import WholeList, streamed
from tradeinit.filters import CLOCKS, EMPTY_PART, ListFilter, RecordForm
from tradeinit.languages import current, path_in
from tradeinit.linked_data import block, breadcrumbs
from tradeinit.paging import Cursor, Found, Page, page_of, refuse_nonsense
from tradeinit.publication import log
from tradeinit.publication.models import Action, Publication, Publishable
from tradeinit.renderers import FileRenderer, JSONRenderer, OneAnswer
from tradeinit.serializers import RecordSerializer, in_order

# So many rows of a list are found at once, for to count these few as well would cost as much again.
AHEAD = 200
# Of unknown names so many are named back.
MAX_NAMED = 5
UID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


class Listing:
    queryset: ClassVar[QuerySet]
    filterset_class: ClassVar[type[ListFilter]]
    serializer_class: ClassVar[type[RecordSerializer]]
    # One record with its children, where that is more than its row in a list.
    detail_serializer_class: ClassVar[type[RecordSerializer] | None] = None
    # What an answer may cost, for each form of the list, and of one record that has a page.
    budgets: ClassVar[dict[str, Budget]]
    record_budgets: ClassVar[dict[str, Budget]] = {}

    @classmethod
    def model(cls) -> type[Publishable]:
        return cls.queryset.model

    @classmethod
    def resource(cls) -> str:
        """The word of the list in addresses."""
        return cls.model().resource

    @classmethod
    def entries(cls, queryset: QuerySet) -> QuerySet:
        """What the log told of these rows, for a feed of them."""
        return feeds.entries_of(queryset)

    @classmethod
    def items(cls, entries: Sequence[Publication]) -> list[feeds.Item]:
        return feeds.items_of(cls.queryset.all(), entries)

    @classmethod
    def children(cls) -> list[str]:
        """The lists of children in the answer of one record."""
        return list(cls.detail_serializer_class.children) if cls.detail_serializer_class else []

    @classmethod
    def detail_names(cls) -> list[str]:
        """The columns of one record, its lists of children among them."""
        return [*cls.serializer_class.field_names(), *cls.children()]

    @classmethod
    def expandable(cls) -> list[str]:
        return sorted({*cls.serializer_class.expandable(), *cls.children()})

    @classmethod
    def asked_fields(cls, query: QueryDict, one: bool = False) -> list[str]:
        """The columns that ``fields=`` names, in the order of the record; all without it."""
        known = cls.detail_names() if one else cls.serializer_class.field_names()
        if "fields" not in query:
            return known
        asked = _parts(query, "fields")
        unknown = sorted(set(asked) - set(known))
        if unknown or not asked:
            wrong = ", ".join(name[:60] for name in unknown[:MAX_NAMED]) or _("nothing")
            raise exceptions.ValidationError(
                {
                    "fields": [
                        _("No such field: %(wrong)s. There are: %(known)s.")
                        % {"wrong": wrong, "known": ", ".join(known)}
                    ]
                }
            )
        return [name for name in known if name in asked]

    @classmethod
    def asked_expansions(cls, query: QueryDict) -> frozenset[str]:
        """What ``expand=`` names: columns that name records, and lists of children."""
        asked = set(_parts(query, "expand"))
        if not asked:
            return frozenset()
        known = cls.expandable()
        unknown = sorted(asked - set(known))
        if unknown:
            wrong = ", ".join(name[:60] for name in unknown[:MAX_NAMED])
            raise exceptions.ValidationError(
                {
                    "expand": [
                        _("Cannot be expanded: %(wrong)s. There are: %(known)s.")
                        % {"wrong": wrong, "known": ", ".join(known) or _("none")}
                    ]
                }
            )
        return frozenset(asked)


def _parts(query: QueryDict, word: str) -> list[str]:
    text = query.get(word, "")
    parts = text.split(",") if text else []
    if "" in parts:
        raise exceptions.ValidationError({word: [EMPTY_PART]})
    return parts


def find(listing: type[Listing], key: str) -> Publishable:
    """The public record with this slug or uid.

    Raises Http404 where there is none and Gone where it has been withdrawn; a hidden record and
    one that never was are the same to the caller.
    """
    return _find(_named, listing, key)


def find_told(listing: type[Listing], key: str) -> Any:
    """Of the same record only its keys and what the public is told of it (``told``)."""
    return _find(_told, listing, key)


def _find(which: Callable[..., QuerySet], listing: type[Listing], key: str) -> Any:
    model = listing.model()
    named = {"uid": UUID(key)} if UID.fullmatch(key) else {"slug": key}
    if "slug" in named and not any(field.name == "slug" for field in model._meta.fields):
        raise Http404
    found = prepared.question(which, listing, **named).rows()
    if found:
        return found[0]
    # One question whether there is a hidden record or none: the time it takes tells nothing.
    uids = model._base_manager.filter(**named).values("uid")
    last = Publication.objects.filter(uid__in=uids).latest_of_each()
    entry = last.filter(action=Action.WITHDRAWN).first()
    if entry is None:
        raise Http404
    raise errors.ended(model, entry)


def _named(listing: type[Listing], **named: Any) -> QuerySet:
    return listing.queryset.filter(**named)


def _told(listing: type[Listing], **named: Any) -> QuerySet:
    found = _named(listing, **named).select_related(None).prefetch_related(None).order_by()
    return log.with_texts(found).values_list("pk", "uid", "told", named=True)


# API and files

# The formats of every list; with those of one that has a page, and of one of meetings.
EVERY: tuple[Any, ...] = tuple(api_settings.DEFAULT_RENDERER_CLASSES)
WITH_FEED = (*EVERY, feeds.AtomRenderer)
WITH_CALENDAR = (*EVERY, CalendarRenderer)
WITH_BOTH = (*WITH_FEED, CalendarRenderer)


class ListViewSet(OneAnswer, Listing, GenericViewSet):
    """Read-only: a list and its files."""

    http_method_names = ("get", "head")

    def list(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        filterset = self.asked(request)
        question = Question.of(self, request.query_params, filterset.clocks)
        renderer: Any = request.accepted_renderer
        if renderer.whole_file:
            queryset = filterset.qs.select_related(None).prefetch_related(None)
            refuse_nonsense(renderer.walked(queryset.model), request.query_params)
            question.refuse_expanding(renderer)
            refuse_choosing(renderer, request.query_params)
            query = request.query_params
            return streamed(
                renderer, WholeList(type(self), queryset, question, query, renderer.format)
            )
        rows = self.paginate_queryset(FoundToAnswer(self, filterset)) or []  # type: ignore[arg-type]
        return self.get_paginated_response(question.answers(rows))

    def get_serializer_class(self) -> type[RecordSerializer]:
        return self.serializer_class

    def asked(self, request: Request) -> ListFilter:
        filterset = self.filterset_class(
            request.query_params, queryset=self.queryset, request=request, only_asked=True
        )
        if not filterset.is_valid():
            raise errors.from_form(filterset.errors)
        return filterset


class RecordViewSet(ListViewSet):
    """The same, and one record with its children."""

    lookup_value_regex = r"[-a-zA-Z0-9_]+"
    lookup_field = "slug"

    def get_renderers(self) -> list[Any]:
        if self.action == "retrieve":
            return [JSONRenderer()]
        return super().get_renderers()

    def get_serializer_class(self) -> type[RecordSerializer]:
        if self.action == "retrieve" and self.detail_serializer_class:
            return self.detail_serializer_class
        return super().get_serializer_class()

    def retrieve(self, request: Request, slug: str, *args: Any, **kwargs: Any) -> HttpResponse:
        form = RecordForm(request.query_params, only_asked=True)
        if not form.is_valid():
            raise errors.from_form(form.errors)
        row = find_told(type(self), slug)
        question = Question.of(self, request.query_params, form.clocks)
        if version := form.cleaned_data.get("version"):
            return Response(question.version(row, version))
        answers = question.answers([row])
        if not answers:
            raise Http404
        return Response(answers[0])


class FoundToAnswer(Found):
    """Of the rows only what leads to their answers, which are in the log."""

    def __init__(self, listing: Listing, filterset: ListFilter, total: int | None = None) -> None:
        self.listing, self.filterset, self.total = listing, filterset, total

    @property
    def model(self) -> Any:
        return self.listing.model()

    @cached_property
    def queryset(self) -> QuerySet:  # type: ignore[override]
        return self._bare(self.filterset.qs)

    def _bare(self, rows: QuerySet, *walked_by: str) -> QuerySet:
        return self.listing.serializer_class.leading_to_answers(
            rows.select_related(None).prefetch_related(None), *walked_by
        )

    def part(self, start: int, stop: int, cursor: Cursor | None) -> list[Any]:
        if cursor is None:
            return super().part(start, stop, cursor)
        rows = self._bare(self.filterset.qs, *self.model.walked_by)
        return list(cursor.rest(rows)[start:stop])

    def first(self, most: int) -> tuple[list[Any], int | None]:
        ahead = max(most, AHEAD) if self.total is None else most
        form = (type(self), ahead, self.listing.serializer_class)
        asked = self.filterset.prepared(form, lambda rows: self._bare(rows)[:ahead])
        if asked is None:
            return super().first(most)
        rows, found = asked.first(most)
        return rows, found if found < ahead else self.total

    def _count(self, most: int) -> int:
        asked = self.filterset.prepared(
            ("count", most), lambda rows: rows.order_by().values("pk")[:most]
        )
        return asked.count() if asked else super()._count(most)


class FoundToShow(FoundToAnswer):
    """Of the rows only what leads to where they are kept as they were written."""

    def _bare(self, rows: QuerySet, *walked_by: str) -> QuerySet:
        return rows.select_related(None).prefetch_related(None).only("uid")


@dataclass(frozen=True)
class Question:
    """Which columns are asked for, by which clocks, and what is to be embedded."""

    serializer: type[RecordSerializer]
    names: list[str]
    clocks: Clocks
    expand: frozenset[str]

    @classmethod
    def of(cls, view: ListViewSet, query: QueryDict, clocks: Clocks) -> Question:
        """Raises ValidationError for a column, or something to expand, that there is not."""
        detail = view.detail_serializer_class
        expand = view.asked_expansions(query)
        names = view.asked_fields(query, one=view.action == "retrieve")
        names += [name for name in view.children() if name in expand and name not in names]
        embeds = not set(names).isdisjoint(view.children())
        serializer = detail if detail and embeds else view.serializer_class
        return cls(serializer, names, clocks, expand)

    def answers(self, rows: Sequence[Any]) -> list[dict[str, Any]]:
        found = self.serializer.answers(rows, self.clocks, self.expand, self.names)
        return [in_order(answer, self.names) for answer in found]

    def version(self, row: Any, number: int) -> dict[str, Any]:
        """The body of one version as it was told; Gone where it told of a withdrawal."""
        entry = log.version(row.uid, number)
        if entry is None:
            raise Http404
        if entry.action == Action.WITHDRAWN:
            raise errors.Gone(entry)
        return in_order(json.loads(entry.body), self.names)

    def refuse_expanding(self, renderer: Any) -> None:
        if self.expand and renderer.flat:
            raise exceptions.ValidationError(
                {"expand": [_("A table has no place for records inside records.")]}
            )


def refuse_choosing(renderer: Any, query: QueryDict) -> None:
    """A calendar and a feed have no columns to choose from."""
    if not renderer.has_columns and "fields" in query:
        raise exceptions.ValidationError({"fields": [_("This format has a form of its own.")]})


# Pages


class Twin(NamedTuple):
    """The same page in another format."""

    name: str
    address: str
    media_type: str

    @property
    def webcal(self) -> str:
        """Of a calendar, the address with which a browser hands it to the calendar program."""
        if self.media_type != CalendarRenderer.media_type:
            return ""
        return f"webcal://{settings.PUBLIC_BASE_URL.partition('://')[2]}{self.address}"


class Problem(NamedTuple):
    """What is wrong with one word of a question, and the form field to put it right in."""

    label: str
    anchor: str
    messages: list[str]


def problems(filterset: ListFilter, errors: dict[str, Any]) -> list[Problem]:
    fields = {field.name: field for field in filterset.on_the_form}
    return [
        Problem(fields[name].label, fields[name].auto_id, list(messages))
        if name in fields
        else Problem("", "", [str(message) for message in messages])
        for name, messages in errors.items()
    ]


def without(request: HttpRequest, *words: str) -> str:
    """The address of the page without these words of its question."""
    query = request.GET.copy()
    for word in words:
        query.pop(word, None)
    return _address(request.path, query)


def without_value(request: HttpRequest, word: str, value: str) -> str:
    """The address of the page without this one of the values of a word."""
    query = request.GET.copy()
    query.setlist(word, [one for one in query.getlist(word) if one != value])
    return _address(request.path, query)


def _address(path: str, query: QueryDict) -> str:
    """On its first page; boxes that were left empty ask nothing."""
    asked = [
        (word, value)
        for word, values in query.lists()
        for value in values
        if value and word not in ("page", "cursor")
    ]
    return f"{path}?{urlencode(asked)}" if asked else path


class ListPage(Listing, TemplateView):
    """The list for readers: filter form, rows, pages, and the same question in other formats."""

    api: ClassVar[type[ListViewSet]]
    # Whether its template writes each row by itself, so that it can be kept as it was written.
    keeps_rows: ClassVar[bool] = True
    clocks: Clocks
    # The clock ``on`` of the rows, and that of their statuses where it is another.
    rows_on: date | None
    status_on: date | None

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        chosen = kwargs.get("format") or request.GET.get("format")
        if chosen:
            # A file is the same under the address of either language.
            with translation.override(settings.LANGUAGE_CODE):
                return self.api.as_view({"get": "list"})(request, format=kwargs.get("format"))
        filterset = self.filterset_class(request.GET, queryset=self.queryset, request=request)
        found = dict(filterset.errors) if not filterset.is_valid() else {}
        page = counted = None
        if not found:
            try:
                self.asked_fields(request.GET)
                self.asked_expansions(request.GET)
                counted = self.counted(filterset)
                found_rows = self.found(filterset, counted.total)
                page = page_of(found_rows, request.GET, request.path)
            except exceptions.ValidationError as error:
                found = dict(error.detail)  # type: ignore[arg-type]
            except exceptions.NotFound as error:
                raise Http404(str(error.detail)) from error
        self.clocks = TODAY if found else filterset.clocks
        self.status_on = None if found else filterset.form.cleaned_data.get("status_on")
        self.rows_on = None if found else filterset.form.cleaned_data.get("on")
        if page:
            page.rows = self.whole(page.rows)
        filterset.offer(counted.choices() if counted and not found else {})
        context = self.get_context_data(filterset=filterset, page=page, errors=found)
        return self.render_to_response(context, status=400 if found else 200)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        meta = self.model()._meta
        query = self.request.GET.copy()
        query.pop("page", None)
        also_as = [] if kwargs["errors"] else self.also_as(query)
        return super().get_context_data(
            title=capfirst(meta.verbose_name_plural),
            one=meta.verbose_name,
            many=meta.verbose_name_plural,
            resource=self.resource(),
            also_as=also_as,
            subscribe=next((twin.webcal for twin in also_as if twin.webcal), ""),
            chips=self.chips(kwargs["filterset"], kwargs["errors"]),
            clocks=self.clocks,
            rows_on=self.rows_on,
            status_on=self.status_on,
            back_to_today=without(self.request, *ListFilter.CLOCKS),
            all_rows=self.all_rows(),
            kept_as=self.kept_as,
            instead=self.instead(kwargs["filterset"], kwargs["page"]),
            problems=problems(kwargs["filterset"], kwargs["errors"]),
            **kwargs,
        )

    @cached_property
    def kept_as(self) -> str:
        """Under what the rows may be kept as they are written, until the public is told more.

        A page that has no such validator, as a preview, keeps none.
        """
        etag = getattr(self.request, "etag", None) or uuid4()
        return f"{etag} {current()} {self.clocks} {self.rows_on} {self.status_on}"

    def counted(self, filterset: ListFilter) -> facets.Counted:
        """Of all rows the same for every page of theirs, until the public is told more."""
        etag = getattr(self.request, "etag", None)
        is_plain = etag and not filterset.asked and not filterset.clocks
        key = make_template_fragment_key("counted", [etag, type(filterset)]) if is_plain else None
        return facets.Counted(filterset, key)

    def found(self, filterset: ListFilter, total: int | None) -> Found:
        keys_are_enough = self.keeps_rows and not filterset.clocks
        if keys_are_enough:
            return FoundToShow(self, filterset, total)
        return Found(filterset.qs, total)

    def whole(self, rows: list[Any]) -> list[Any]:
        """With all that is written of them, but for those that are kept as they were written."""
        if self.clocks or not self.keeps_rows:
            return rows
        keys = {
            row.pk: make_template_fragment_key("row", [self.kept_as, self.resource(), row.pk])
            for row in rows
        }
        kept = caches["template_fragments"].get_many(keys.values())
        read = self.queryset.in_bulk([pk for pk, key in keys.items() if key not in kept])
        return [read.get(row.pk, row) for row in rows]

    def also_as(self, query: QueryDict) -> list[Twin]:
        """The same question in each other format."""
        twins = []
        for found in self.api.renderer_classes:
            asked = query.copy()
            if issubclass(found, FileRenderer) and not found.has_columns:
                asked.pop("fields", None)
            if issubclass(found, FileRenderer) and found.flat:
                asked.pop("expand", None)
            tail = f"?{asked.urlencode()}" if asked else ""
            resource = self.resource()
            path = (
                f"/api/v1/{resource}/" if found is JSONRenderer else f"/{resource}.{found.format}"
            )
            twins.append(Twin(found.format.upper(), f"{path}{tail}", found.media_type))
        return twins

    def chips(self, filterset: ListFilter, errors: dict[str, Any]) -> list[dict[str, str]]:
        """What the question asks, each with the address of the question without it."""
        chips = []
        for field in filterset.form:
            if field.name in errors or field.name in ListFilter.CLOCKS:
                continue
            asked = [value for value in self.request.GET.getlist(field.name) if value]
            offered = getattr(field.field.widget, "choices", ())
            choices = dict(offered) if asked else {}
            chips += [
                {
                    "name": str(field.label),
                    "value": str(choices.get(value, value)),
                    "without": without_value(self.request, field.name, value),
                }
                for value in asked
            ]
        return chips

    def instead(self, filterset: ListFilter, page: Page | None) -> list[dict[str, Any]]:
        """Where nothing was found: without which word there would be how many rows."""
        if page is None or page.rows:
            return []
        cap = settings.COUNT_CAP
        found = [
            {
                "name": filterset.form[word].label,
                "address": without(self.request, word),
                "count": filterset.without(word).qs.order_by()[:cap].count(),
            }
            for word in filterset.asked
        ]
        return [one for one in found if one["count"]]

    def all_rows(self) -> str:
        """The address of the list without its questions, the clocks as they are."""
        words = self.request.GET.keys() - set(ListFilter.CLOCKS)
        return without(self.request, *words)


# Which of some rows, in which order, and what is read with them.
Shaping = Callable[[Any], Any]


def listed(rows: Any) -> Any:
    return rows.for_list()


class RecordPage(Listing, TemplateView):
    """The page of one record, today or as its clocks say."""

    record: Any
    clocks: Clocks
    # What the record is in the words of schema.org, from its body, where there is a word for it.
    linked: ClassVar[Callable[[dict[str, Any]], dict[str, Any]] | None] = None

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            self.record = find(type(self), kwargs["slug"])
        except errors.Gone as error:
            return errors.gone(request, error)
        form = RecordForm({name: request.GET[name] for name in CLOCKS if name in request.GET})
        if not form.is_valid():
            return errors.bad_request(request)
        self.clocks = form.clocks
        return self.render_to_response(self.get_context_data(record=self.record))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        record = kwargs["record"]
        told = prepared.question(log.story, uid=record.uid).rows()
        return super().get_context_data(
            title=str(record),
            resource=record.resource,
            also_as=[Twin("JSON", record.api_url, JSONRenderer.media_type)],
            told=told,
            linked_data=self.linked_data(told),
            citation=Cited.of(record, told),
            clocks=self.clocks,
            rows_on=self.clocks.on,
            back_to_today=without(self.request, *CLOCKS),
            **kwargs,
        )

    def linked_data(self, told: list[Publication]) -> SafeString:
        record = self.record
        plural = str(capfirst(record._meta.verbose_name_plural))
        above = record.get_absolute_url().rsplit("/", 2)[0]
        steps = [(_("State of play"), path_in(current(), "/")), (plural, f"{above}/")]
        found = [breadcrumbs([*steps, (str(record), record.get_absolute_url())])]
        if self.linked and told and told[-1].body:
            found.append(type(self).linked(json.loads(told[-1].body)))
        return block(found)

    def below(self, relation: str, shape: Shaping = listed) -> list[Any]:
        """The public records of a relation, as the page's clocks show them."""
        return below(self.record, relation, self.clocks, shape)


def below(record: Publishable, relation: str, clocks: Clocks, shape: Shaping = listed) -> list[Any]:
    """The public records of a relation, by these clocks; ``shape`` knows of no one record."""
    days = {"on": clocks.on, "known": clocks.known}
    rows = prepared.question(_below, type(record), relation, shape, pk=record.pk, **days).rows()
    field: Any = record._meta.get_field(relation)
    for row in rows if field.one_to_many else ():
        if not field.field.is_cached(row):
            field.field.set_cached_value(row, record)
    return rows


def _below(
    model: type[Publishable],
    relation: str,
    shape: Shaping,
    pk: Any,
    on: Any = None,
    known: Any = None,
) -> Any:
    field: Any = model._meta.get_field(relation)
    public = field.related_model.objects.public().filter(**{field.remote_field.name: pk})
    return shape(Clocks(on, known).over(public))


def pages(
    resource: str, lists: type[ListPage], one: type[RecordPage] | None = None
) -> list[URLPattern]:
    """The addresses of a list, of its files, and of the page of each of its records."""
    name = lists.model()._meta.model_name
    found = [
        path(f"{resource}/", lists.as_view(), name=f"{name}-list"),
        re_path(rf"^{resource}\.(?P<format>[a-z0-9]+)$", lists.as_view(), name=f"{name}-file"),
    ]
    if one:
        found.append(path(f"{resource}/<slug:slug>/", one.as_view(), name=f"{name}"))
    return found
