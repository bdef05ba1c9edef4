"""A listing and its surfaces.

A listing is a class with ``queryset``, ``filterset_class`` and ``serializer_class``: which rows,
which questions, which columns. Each surface is that class and one of the classes below:

    class Rounds(Listing): ...
    class RoundViewSet(Rounds, RecordViewSet): ...     the API and the files
    class RoundList(Rounds, ListPage): ...             the page of the list
    class RoundPage(Rounds, RecordPage): ...           the page of one record
"""

from __future__ import annotations

import builtins
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, ClassVar, NamedTuple
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, re_path
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from tradeinit import clock, errors
from tradeinit.filters import ListFilter
from tradeinit.paging import page_of, refuse_nonsense
from tradeinit.publication import log
from tradeinit.publication.instants import chunks
from tradeinit.publication.models import Action, Publication, Publishable
from tradeinit.renderers import JSONRenderer
from tradeinit.serializers import RecordSerializer

# Of unknown names so many are named back.
MAX_NAMED = 5
UID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


class Listing:
    queryset: ClassVar[QuerySet]
    filterset_class: ClassVar[type[ListFilter]]
    serializer_class: ClassVar[type[RecordSerializer]]

    @classmethod
    def model(cls) -> type[Publishable]:
        return cls.queryset.model

    @classmethod
    def asked_fields(cls, query: QueryDict) -> list[str]:
        """The columns that ``fields=`` names, in the order of the record; all without it."""
        known = cls.serializer_class.field_names()
        text = query.get("fields")
        if text is None:
            return known
        asked = [name for name in text.split(",") if name]
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


def find(listing: type[Listing], key: str) -> Publishable:
    """The public record with this slug or uid.

    Raises Http404 where there is none and Gone where it has been withdrawn; a hidden record and
    one that never was are the same to the caller.
    """
    model = listing.model()
    named = {"uid": UUID(key)} if UID.fullmatch(key) else {"slug": key}
    if "slug" in named and not any(field.name == "slug" for field in model._meta.fields):
        raise Http404
    row = listing.queryset.all().filter(**named).first()
    if row is not None:
        return row
    # One question whether there is a hidden record or none: the time it takes tells nothing.
    uids = model._base_manager.filter(**named).values("uid")
    last = Publication.objects.filter(uid__in=uids).latest_of_each()
    entry = last.filter(action=Action.WITHDRAWN).first()
    if entry is None:
        raise Http404
    raise errors.Gone(entry)


# API and files


class RecordViewSet(Listing, GenericViewSet):
    """Read-only: a list, its files, and one record with its children."""

    detail_serializer_class: ClassVar[type[RecordSerializer] | None] = None
    lookup_value_regex = r"[-a-zA-Z0-9_]+"
    lookup_field = "slug"
    http_method_names = ("get", "head")

    @property
    def default_response_headers(self) -> dict[str, str]:
        # One address has one answer, whatever is accepted: caches need not keep several.
        headers = super().default_response_headers
        headers.pop("Vary", None)
        return headers

    def get_renderers(self) -> list[Any]:
        if self.action == "retrieve":
            return [JSONRenderer()]
        return super().get_renderers()

    def get_serializer_class(self) -> type[RecordSerializer]:
        if self.action == "retrieve" and self.detail_serializer_class:
            return self.detail_serializer_class
        return self.serializer_class

    def list(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        queryset = self.asked(request)
        names = self.asked_fields(request.query_params)
        if request.accepted_renderer.whole_file:  # type: ignore[attr-defined]
            refuse_nonsense(request.query_params)
            return self.whole_file(queryset, names, request)
        rows = self.paginate_queryset(queryset) or []
        answers = self.serializer_class.answers(rows)
        return self.get_paginated_response([_only(names, answer) for answer in answers])

    def retrieve(self, request: Request, slug: str, *args: Any, **kwargs: Any) -> HttpResponse:
        self.refuse_questions(request)
        row = find(type(self), slug)
        answers = self.get_serializer_class().answers([row])
        if not answers:
            raise Http404
        return Response(answers[0])

    def asked(self, request: Request) -> QuerySet:
        filterset = self.filterset_class(
            request.query_params, queryset=self.queryset.all(), request=request
        )
        if not filterset.is_valid():
            raise errors.from_form(filterset.errors)
        # The answers are in the log: the relations that a page shows are not asked for.
        return filterset.qs.select_related(None).prefetch_related(None)

    def refuse_questions(self, request: Request) -> None:
        for name in request.query_params:
            if name != "format":
                raise exceptions.ValidationError({name: [_("One record answers no such word.")]})

    def whole_file(
        self, queryset: QuerySet, names: builtins.list[str], request: Request
    ) -> HttpResponseBase:
        renderer: Any = request.accepted_renderer
        rows = stream_answers(self.serializer_class, queryset)
        response = StreamingHttpResponse(
            renderer.stream(names, rows),
            content_type=f"{renderer.media_type}; charset=utf-8",
        )
        name = f"{self.model().resource}.{renderer.format}"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response


def stream_answers(
    serializer: type[RecordSerializer], queryset: QuerySet
) -> Iterator[dict[str, Any]]:
    """Every row of a question, a chunk at a time, all at the one instant of the request.

    Which rows is asked at once: what fails, fails before the first line has left.
    """
    pks = list(queryset.values_list("pk", flat=True))
    return _answers_at(clock.now(), serializer, queryset.model, pks)


def _answers_at(
    instant: datetime, serializer: type[RecordSerializer], model: Any, pks: list[Any]
) -> Iterator[dict[str, Any]]:
    for chunk in chunks(pks):
        with clock.at(instant):
            found = model.objects.public().in_bulk(chunk)
            answers = serializer.answers([found[pk] for pk in chunk if pk in found])
        yield from answers


def _only(names: list[str], answer: dict[str, Any]) -> dict[str, Any]:
    return {name: answer[name] for name in names if name in answer}


# Pages


class Twin(NamedTuple):
    """The same page in another format."""

    name: str
    address: str
    media_type: str


class Problem(NamedTuple):
    """What is wrong with one word of a question, and the form field to put it right in."""

    label: str
    anchor: str
    messages: list[str]


def problems(filterset: ListFilter, errors: dict[str, Any]) -> list[Problem]:
    fields = {field.name: field for field in filterset.on_the_form}
    return [
        Problem(fields[name].label, fields[name].id_for_label, list(messages))
        if name in fields
        else Problem("", "", [str(message) for message in messages])
        for name, messages in errors.items()
    ]


class ListPage(Listing, TemplateView):
    """The list for readers: filter form, rows, pages, and the same question in other formats."""

    api: ClassVar[type[RecordViewSet]]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        chosen = kwargs.get("format") or request.GET.get("format")
        if chosen:
            return self.api.as_view({"get": "list"})(request, format=kwargs.get("format"))
        filterset = self.filterset_class(request.GET, queryset=self.queryset.all(), request=request)
        found = dict(filterset.errors) if not filterset.is_valid() else {}
        page = None
        if not found:
            try:
                self.asked_fields(request.GET)
                page = page_of(filterset.qs, request.GET, request.path)
            except exceptions.ValidationError as error:
                found = dict(error.detail)  # type: ignore[arg-type]
            except exceptions.NotFound as error:
                raise Http404(str(error.detail)) from error
        context = self.get_context_data(filterset=filterset, page=page, errors=found)
        return self.render_to_response(context, status=400 if found else 200)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        meta = self.model()._meta
        query = self.request.GET.copy()
        query.pop("page", None)
        return super().get_context_data(
            title=capfirst(meta.verbose_name_plural),
            one=meta.verbose_name,
            many=meta.verbose_name_plural,
            resource=self.model().resource,
            also_as=[] if kwargs["errors"] else self.also_as(query.urlencode()),
            chips=self.chips(kwargs["filterset"], kwargs["errors"]),
            problems=problems(kwargs["filterset"], kwargs["errors"]),
            **kwargs,
        )

    def also_as(self, query: str) -> list[Twin]:
        """The same question in each other format."""
        tail = f"?{query}" if query else ""
        resource = self.model().resource
        return [
            Twin(
                found.format.upper(),
                f"/api/v1/{resource}/{tail}"
                if found.format == "json"
                else f"/{resource}.{found.format}{tail}",
                found.media_type,
            )
            for found in self.api.renderer_classes
        ]

    def chips(self, filterset: ListFilter, errors: dict[str, Any]) -> list[dict[str, str]]:
        """What the question asks, each with the address of the question without it."""
        chips = []
        for field in filterset.form:
            if field.name in errors:
                continue
            asked = [value for value in self.request.GET.getlist(field.name) if value]
            choices = dict(getattr(field.field, "choices", ())) if asked else {}
            chips += [
                {
                    "name": field.label,
                    "value": str(choices.get(value, value)),
                    "without": self.without(field.name, value),
                }
                for value in asked
            ]
        return chips

    def without(self, name: str, value: str) -> str:
        query = self.request.GET.copy()
        query.pop("page", None)
        query.setlist(name, [one for one in query.getlist(name) if one != value])
        return f"{self.request.path}?{query.urlencode()}" if query else self.request.path


class RecordPage(Listing, TemplateView):
    """The page of one record."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            record = find(type(self), kwargs["slug"])
        except errors.Gone as error:
            return errors.gone(request, error)
        return self.render_to_response(self.get_context_data(record=record))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        record = kwargs["record"]
        return super().get_context_data(
            title=str(record),
            resource=record.resource,
            also_as=[Twin("JSON", record.api_url, JSONRenderer.media_type)],
            told=log.story(record.uid),
            **kwargs,
        )


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
