"""Errors in words: problem details (RFC 9457) for the API and files, pages for readers."""

import json
import re
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.exceptions import ValidationError as DjangoValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions, status

from tradeinit.publication.merging import survivor
from tradeinit.publication.models import Publication

API_PREFIX = "/api/"
BELOW_RECORD = re.compile(r"/((?:versions|changes)/)(?:[0-9]+/)?$")


class Gone(exceptions.APIException):
    """The record was public and has been withdrawn; the reason is part of the answer."""

    status_code = status.HTTP_410_GONE
    default_code = "gone"

    def __init__(self, entry: Publication) -> None:
        super().__init__(entry.reason)
        self.entry = entry


class Moved(Gone):
    """It was merged with another record, to which its addresses lead from then on."""

    def __init__(self, entry: Publication, record: Any) -> None:
        super().__init__(entry)
        self.record = record


def ended(model: Any, entry: Publication) -> Gone:
    """What a withdrawn record answers."""
    record = survivor(model, entry.uid)
    return Moved(entry, record) if record else Gone(entry)


TITLES = {
    301: "This record was merged with another.",
    400: "The question cannot be answered as it is put.",
    404: "Nothing is here.",
    405: "This record is read-only.",
    410: "This record has been withdrawn.",
    429: "Too many requests.",
    500: "Something went wrong on our side.",
}


def problem(
    status_code: int, detail: str = "", errors: list[dict[str, str]] | None = None
) -> HttpResponse:
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": TITLES.get(status_code, "The request failed."),
        "status": status_code,
    }
    if detail:
        body["detail"] = detail
    if errors is not None:
        body["errors"] = errors
    return HttpResponse(
        json.dumps(body, ensure_ascii=False),
        status=status_code,
        content_type="application/problem+json",
    )


def problem_details(error: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """The API's exception handler."""
    if isinstance(error, exceptions.ValidationError):
        return problem(400, errors=_listed(error.detail))
    if isinstance(error, Moved):
        response = problem(301, detail=str(error.detail))
        response["Location"] = error.record.api_url
        return response
    if isinstance(error, Gone):
        return problem(410, detail=str(error.detail))
    if isinstance(error, Http404):
        return problem(404)
    if isinstance(error, PermissionDenied):
        return problem(403)
    if isinstance(error, exceptions.APIException):
        detail = error.detail if isinstance(error.detail, str) else ""
        response = problem(error.status_code, detail=detail)
        wait = getattr(error, "wait", None)  # of Throttled; the stubs leave it out
        if wait is not None:
            response["Retry-After"] = str(int(wait) + 1)
        if isinstance(error, exceptions.MethodNotAllowed):
            response["Allow"] = ", ".join(context["view"].allowed_methods)
        return response
    return None


def _listed(detail: Any) -> list[dict[str, str]]:
    """``{name: [message, ...]}`` as a flat list of ``{"name", "detail"}``."""
    if isinstance(detail, dict):
        return [
            {"name": name, "detail": str(message)}
            for name, messages in detail.items()
            for message in messages
        ]
    return [{"name": "", "detail": str(message)} for message in detail]


def from_form(errors: dict[str, Any]) -> exceptions.ValidationError:
    return exceptions.ValidationError({name: list(found) for name, found in errors.items()})


def in_words(error: DjangoValidationError) -> list[str]:
    return [str(message) for message in error.messages]


# Pages

PAGE_TITLES = {
    400: gettext_lazy("This question could not be answered"),
    404: gettext_lazy("There is no public record at this address"),
    410: gettext_lazy("This record was withdrawn"),
    429: gettext_lazy("Too many questions at once"),
    500: gettext_lazy("Something went wrong on our side"),
}


def error_page(request: HttpRequest, status_code: int, **context: Any) -> HttpResponse:
    context |= {"code": status_code, "title": PAGE_TITLES[status_code]}
    return render(request, f"{status_code}.html", context, status=status_code)


def read_only(request: HttpRequest, methods: Iterable[str]) -> HttpResponse:
    """The public side takes nothing in: whatever would change something ends here."""
    response = problem(405) if request.path.startswith(API_PREFIX) else HttpResponse(status=405)
    response["Allow"] = ", ".join(methods)
    return response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if request.path.startswith(API_PREFIX):
        return problem(400)
    return error_page(request, 400)


def too_long(request: HttpRequest, most: int) -> HttpResponse:
    if request.path.startswith(API_PREFIX):
        return problem(400, detail=f"A question has at most {most:,} characters.")
    return error_page(request, 400, most=most)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if request.path.startswith(API_PREFIX):
        return problem(404)
    return error_page(request, 404)


def gone(request: HttpRequest, error: Gone) -> HttpResponse:
    if isinstance(error, Moved):
        return HttpResponsePermanentRedirect(_same_page_of(error.record, request.path))
    return error_page(request, 410, reason=error.entry.reason, at=error.entry.at)


def _same_page_of(record: Any, path: str) -> str:
    """Its page, or that of its versions or changes; the numbers of versions are not the same."""
    below = BELOW_RECORD.search(path)
    return record.get_absolute_url() + (below[1] if below else "")


def too_many(request: HttpRequest) -> HttpResponse:
    if request.path.startswith(API_PREFIX):
        return problem(429, detail="Wait as many seconds as Retry-After says.")
    return error_page(request, 429)


def server_error(request: HttpRequest) -> HttpResponse:
    if request.path.startswith(API_PREFIX):
        return problem(500)
    return error_page(request, 500)


def page_out_of_range(number: int) -> exceptions.NotFound:
    return exceptions.NotFound(_("There is no page %(number)s.") % {"number": number})
