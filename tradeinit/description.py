"""The API described: the schema, and its reader."""

from typing import Any, ClassVar

from django.http import HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework import exceptions
from rest_framework.request import Request

from tradeinit.renderers import OneAnswer


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
