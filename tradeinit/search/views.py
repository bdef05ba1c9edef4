"""The search of the whole record, as a page and in the API."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions, serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from tradeinit import errors
from tradeinit.filters import (
    MAX_TEXT,
    CodesField,
    ListForm,
    SearchFilter,
    WordsField,
    several,
)
from tradeinit.lists import Problem, Twin, without, without_value
from tradeinit.paging import MAX_DIGITS, Page, page_of_found
from tradeinit.publication import registry
from tradeinit.renderers import JSONRenderer, OneAnswer
from tradeinit.schema import answers_of
from tradeinit.search.results import CANDIDATES, Found, Result, find, placed, results
from tradeinit.search.words import Phrase, phrases


def kinds() -> list[tuple[str, Any]]:
    return [(model.resource, model._meta.verbose_name_plural) for model in registry.models()]


class SearchForm(ListForm):
    surface_words = ("page", "page_size", "format")

    q = forms.CharField(
        required=False,
        max_length=MAX_TEXT,
        label=gettext_lazy("Words"),
        help_text=gettext_lazy(
            "All of them are looked for, in any form. Quotation marks keep words together; "
            "a star stands for any ending."
        ),
        widget=forms.SearchInput,
    )
    resource = CodesField(required=False, choices=kinds)
    initiative = WordsField(
        required=False,
        pattern=r"[-a-zA-Z0-9_]+",
        malformed=gettext_lazy("“%(value)s” cannot be an address of a record."),
        widget=forms.MultipleHiddenInput,
    )


@dataclass
class Asked:
    """A search as it was put, and what it found."""

    phrases: list[Phrase]
    found: Found
    page: Page

    @property
    def results(self) -> list[Result]:
        return results(self.page.rows, self.phrases)


def answer(looked_for: list[Phrase], form: SearchForm, request: Any) -> Asked:
    """Raises ValidationError for a malformed word, and NotFound past the last page."""
    wanted = form.cleaned_data
    found = find(looked_for, wanted.get("resource", ()), wanted.get("initiative", ()))
    page = page_of_found(found.entries, found.is_capped, request.GET, request.path)
    return Asked(looked_for, found, page)


# The API


class FacetSerializer(serializers.Serializer):
    resource = serializers.CharField()
    count = serializers.IntegerField()


class ResultSerializer(serializers.Serializer):
    resource = serializers.CharField(help_text="Which kind of record.")
    uid = serializers.UUIDField()
    slug = serializers.CharField(allow_null=True)
    url = serializers.CharField(help_text="The whole record.")
    html_url = serializers.CharField()
    name = serializers.CharField(help_text="Empty where the record has no page of its own.")
    excerpt = serializers.CharField(help_text="Where it says so.")
    found: Any = serializers.ListField(
        child=serializers.ListField(child=serializers.IntegerField(), min_length=2, max_length=2),
        help_text="Where in the excerpt what was looked for begins and ends.",
    )
    day = serializers.DateField(
        allow_null=True, help_text="Of what happened on one; null for what lasts."
    )
    precision = serializers.CharField(allow_null=True)


class FoundSerializer(serializers.Serializer):
    count = serializers.IntegerField(help_text=f"Exact to {CANDIDATES:,}.")
    count_capped = serializers.BooleanField(
        help_text="True where more records match; these are the ones written last."
    )
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    kinds = FacetSerializer(many=True, help_text="How many of each kind, whichever are asked for.")
    results: Any = ResultSerializer(many=True)


def _parameters() -> list[OpenApiParameter]:
    codes = [code for code, _label in kinds()]
    slug = {"type": "string", "pattern": "^[-a-zA-Z0-9_]+$"}
    number = {"type": "integer", "minimum": 1, "maximum": 10**MAX_DIGITS - 1}
    return [
        OpenApiParameter(
            "q",
            {**SearchFilter.schema, "minLength": 1},
            required=True,
            description="All these words, in any form; quotation marks keep words together. "
            "At least one letter or digit.",
        ),
        OpenApiParameter(
            "resource", several({"type": "string", "enum": codes}), description="Of these kinds."
        ),
        OpenApiParameter("initiative", several(slug), description="What belongs to these cases."),
        OpenApiParameter("page", number, description="The number of the page."),
        OpenApiParameter("page_size", number, description="Rows on a page."),
    ]


class SearchView(OneAnswer, GenericAPIView):
    """Everything public that holds the words; those whose name holds them first."""

    serializer_class = FoundSerializer
    pagination_class = None
    renderer_classes = (JSONRenderer,)
    http_method_names = ("get", "head")

    @extend_schema(
        operation_id="search",
        tags=["search"],
        summary="Search",
        parameters=_parameters(),
        responses=answers_of(FoundSerializer, of_one=False),
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        form = SearchForm(request.query_params, only_asked=True)
        if not form.is_valid():
            raise errors.from_form(form.errors)
        looked_for = phrases(form.cleaned_data.get("q", ""))
        if not looked_for:
            raise exceptions.ValidationError({"q": [_("Say which words to look for.")]})
        asked = answer(looked_for, form, request)
        return Response(
            {
                "count": asked.page.count,
                "count_capped": asked.page.count_capped,
                "next": asked.page.next,
                "previous": asked.page.previous,
                "kinds": [
                    {"resource": resource, "count": count}
                    for resource, count in asked.found.of_each_kind.most_common()
                ],
                "results": [result.answer for result in asked.results],
            }
        )


# The page


class Facet(NamedTuple):
    """One kind of record: how many were found, and the address of those alone."""

    label: str
    number: int
    address: str
    is_chosen: bool


# The field of the page in which the words are typed.
WORDS_BOX = "search-words"


class SearchPage(TemplateView):
    template_name = "search/page.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "format" in request.GET:
            # The same under the address of either language, like every file.
            with translation.override(settings.LANGUAGE_CODE):
                return SearchView.as_view()(request)
        form = SearchForm(request.GET)
        found = dict(form.errors) if not form.is_valid() else {}
        asked = None
        looked_for = [] if found else phrases(form.cleaned_data["q"])
        if looked_for:
            try:
                asked = answer(looked_for, form, request)
            except exceptions.ValidationError as error:
                found = dict(error.detail)  # type: ignore[arg-type]
            except exceptions.NotFound as error:
                raise Http404(str(error.detail)) from error
        context = self.get_context_data(form=form, asked=asked, errors=found)
        return self.render_to_response(context, status=400 if found else 200)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked, query = kwargs["asked"], self.request.GET.urlencode()
        return super().get_context_data(
            title=_("Search"),
            resource="search",
            page=asked and asked.page,
            results=asked and placed(asked.results),
            facets=self.facets(asked.found) if asked else [],
            chips=self.chips() if asked else [],
            all_rows=without(self.request, "initiative"),
            candidates=CANDIDATES,
            problems=[
                Problem(_("Words"), WORDS_BOX, list(messages))
                if name == "q"
                else Problem("", "", [str(message) for message in messages])
                for name, messages in kwargs["errors"].items()
            ],
            also_as=[Twin("JSON", f"/api/v1/search/?{query}", JSONRenderer.media_type)]
            if asked
            else [],
            **kwargs,
        )

    def facets(self, found: Found) -> list[Facet]:
        chosen = self.request.GET.getlist("resource")
        labels = dict(kinds())
        everything = Facet(_("Everything"), found.of_each_kind.total(), self.only(""), not chosen)
        return [everything] + [
            Facet(str(capfirst(labels[name])), count, self.only(name), name in chosen)
            for name, count in found.of_each_kind.most_common()
        ]

    def chips(self) -> list[dict[str, str]]:
        """The cases within which is searched, each with the address of the search without it."""
        slugs = self.request.GET.getlist("initiative")
        cases = registry.model_of("initiatives").objects.public().filter(slug__in=slugs)
        names = {case.key: str(case) for case in cases} if slugs else {}
        return [
            {
                "name": _("Initiative"),
                "value": names.get(slug, slug),
                "without": without_value(self.request, "initiative", slug),
            }
            for slug in slugs
        ]

    def only(self, resource: str) -> str:
        """The address of what was found of one kind, or of all."""
        query = self.request.GET.copy()
        query.pop("page", None)
        query.setlist("resource", [resource] if resource else [])
        return f"{self.request.path}?{query.urlencode()}"
