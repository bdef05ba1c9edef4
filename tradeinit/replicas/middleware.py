from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse

from tradeinit.replicas.health import health
from tradeinit.replicas.reading import from_replica

Answer = Callable[[HttpRequest], HttpResponse]
READING = ("GET", "HEAD")


def reads_from_replicas(get_response: Answer) -> Answer:
    """Answer readers who carry no cookie from a replica; staff always read their own writes.

    Where the replica fails on the way, the primary is asked the whole question once.
    """
    if not settings.REPLICAS:
        raise MiddlewareNotUsed

    def middleware(request: HttpRequest) -> HttpResponse:
        name = None
        if request.method in READING and not request.COOKIES:
            name = health.choose()
        if name is None:
            return get_response(request)
        with from_replica(name) as attempt:
            response = get_response(request)
        if not attempt.failed:
            return response
        health.trip(name)
        response.close()
        return get_response(request)

    return middleware
