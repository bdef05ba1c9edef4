"""What belongs to no list of the API: its description, and the whole record in one file."""

from typing import Any, ClassVar

from django.http import Http404, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.views import APIView

from tradeinit import bulk
from tradeinit.renderers import JSONRenderer, OneAnswer


class SchemaView(OneAnswer, SpectacularAPIView):
    """OpenAPI in YAML, or in JSON with ``?format=json``."""

    # It says the same until the next release, and takes long to make: once a process.
    made: ClassVar[dict[tuple[str, str | None], bytes]] = {}

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        for name in request.query_params:
            if name != "format":
                raise exceptions.ValidationError({name: [_("The schema answers no such word.")]})
        renderer: Any = request.accepted_renderer
        key = (renderer.format, get_language())
        if key not in self.made:
            response = super().get(request, *args, **kwargs)
            self.made[key] = renderer.render(response.data, renderer_context={})
        return HttpResponse(self.made[key], content_type=renderer.media_type)


class DocsView(OneAnswer, SpectacularSwaggerSplitView):
    """A reader for the schema: served from here, and without a word of script in the page."""

    url_name = "api:schema"
    template_name = "api/docs.html"


class BulkView(OneAnswer, APIView):
    """The whole record in one file; ``latest`` leads to the newest."""

    http_method_names = ("get", "head")
    renderer_classes = (JSONRenderer,)

    @extend_schema(exclude=True)
    def get(self, request: Request, name: str = "", *args: Any, **kwargs: Any) -> Any:
        if not name:
            path = bulk.latest()
            if path is None:
                raise Http404
            return HttpResponseRedirect(reverse("api:bulk-file", args=[path.name]))
        path = bulk.place() / name
        if not bulk.may_be_given(path):
            raise Http404
        response = StreamingHttpResponse(bulk.parts(path), content_type="application/zip")
        response["Content-Length"] = str(path.stat().st_size)
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response
