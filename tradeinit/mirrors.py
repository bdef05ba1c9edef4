"""What a mirror compares its copy with: the checksum of the log at a cursor."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tradeinit import errors
from tradeinit.filters import ListForm
from tradeinit.paging import Cursor
from tradeinit.publication import chain
from tradeinit.publication.models import Publication
from tradeinit.renderers import JSONRenderer, OneAnswer
from tradeinit.schema import PROBLEM, PROBLEMS, UNCHANGED, ProblemSerializer


class CursorForm(ListForm):
    surface_words = ("cursor", "format")


class ChecksumSerializer(serializers.Serializer):
    cursor = serializers.CharField(
        help_text=_("Of the last entry counted; empty where there is none.")
    )
    entries = serializers.IntegerField(help_text=_("How many entries the log has up to it."))
    checksum = serializers.CharField(
        help_text=_("Of their digests; docs/api.md says how it is worked out.")
    )


class ChecksumView(OneAnswer, APIView):
    """The checksum of all entries of the log up to a cursor of `changes`; without one, up to a
    minute ago, when all that was told has been written down."""

    http_method_names = ("get", "head")
    renderer_classes = (JSONRenderer,)

    @extend_schema(
        operation_id="changes_checksum",
        tags=["changes"],
        summary="Checksum of the changes",
        parameters=[OpenApiParameter("cursor", str, description="Of an entry of the changes.")],
        responses={
            (200, "application/json"): ChecksumSerializer,
            304: UNCHANGED,
            **{
                (code, PROBLEM): OpenApiResponse(ProblemSerializer, description=str(PROBLEMS[code]))
                for code in (400, 429)
            },
        },
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        form = CursorForm(request.query_params)
        if not form.is_valid():
            raise errors.from_form(form.errors)
        cursor = Cursor.asked(Publication, request.query_params)
        told = chain.settled()
        if cursor and cursor.after:
            told = cursor.upto(Publication.objects.sealed())
        state = chain.state_of(told)
        at = Cursor(Publication, "").at(state.last) if state.last else ""
        return Response({"cursor": at, "entries": state.entries, "checksum": state.checksum})
