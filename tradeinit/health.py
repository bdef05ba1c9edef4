"""Whether this process can serve, and how it has been serving.

``/livez``    the process answers
``/readyz``   it can serve: database, migrations, clock; what only makes it slower is told too
``/metrics``  figures in the text format of Prometheus, for the networks of the staff alone
"""

from collections.abc import Callable
from functools import cache
from ipaddress import ip_address, ip_network
from time import monotonic

from django.conf import settings
from django.core.cache import caches
from django.db import DatabaseError, InterfaceError, connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

from tradeinit import clock
from tradeinit.replicas.health import health as replicas
from tradeinit.replicas.reading import PRIMARY

Answer = Callable[[HttpRequest], HttpResponse]
# So many seconds may the clocks of this machine and of the database lie apart: embargoes lift by
# the database's, and lives of answers end by it.
APART = 2.0

ANSWERS = Counter("tradeinit_answers", "Answers given", ["route", "status"])
SECONDS = Histogram(
    "tradeinit_answer_seconds",
    "Seconds from question to answer",
    ["route"],
    buckets=(0.01, 0.05, 0.1, 0.5, 1, 5),
)


def alive(request: HttpRequest) -> HttpResponse:
    return HttpResponse("alive\n", content_type="text/plain; charset=utf-8")


def ready(request: HttpRequest) -> HttpResponse:
    """200 where this process can serve, else 503; each part by name, in a word or two."""
    needed = {"database": _database(), "migrations": _migrations(), "clock": _clock()}
    helpful = {"cache": _cache()} | {name: _replica(name) for name in replicas.breakers}
    able = all(said == "ok" for said in needed.values())
    body = {"status": "ready" if able else "not ready", **needed, **helpful}
    return JsonResponse(body, status=200 if able else 503)


def _database() -> str:
    try:
        with connections[PRIMARY].cursor() as cursor:
            cursor.execute("SELECT 1")
    except (DatabaseError, InterfaceError):
        return "no answer"
    return "ok"


@cache
def _migrations_of_this_release() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None).disk_migrations)


def _migrations() -> str:
    try:
        applied = MigrationRecorder(connections[PRIMARY]).applied_migrations()
    except (DatabaseError, InterfaceError):
        return "no answer"
    waiting = _migrations_of_this_release() - applied.keys()
    return f"{len(waiting)} to be applied" if waiting else "ok"


def _clock() -> str:
    try:
        apart = abs((clock.read() - timezone.now()).total_seconds())
    except (DatabaseError, InterfaceError):
        return "no answer"
    return "ok" if apart < APART else f"{apart:.0f} s from the database's"


def _cache() -> str:
    try:
        caches["default"].set("readyz", "ok", 5)
        said = caches["default"].get("readyz") or "forgets"
    except Exception:
        return "no answer"
    # Only the shared cache rests; its class is loaded where there is one.
    rests = getattr(caches["default"], "rests", None)
    return "resting" if rests and rests() else said


def _replica(name: str) -> str:
    return "resting" if monotonic() < replicas.breakers[name].closed_from else "ok"


# Figures


def measured(get_response: Answer) -> Answer:
    """Count each answer by the address's pattern, which holds nothing a reader typed."""

    def middleware(request: HttpRequest) -> HttpResponse:
        begun = monotonic()
        response = get_response(request)
        route = request.resolver_match.route if request.resolver_match else "none"
        count(route, response.status_code, begun)
        return response

    return middleware


def count(route: str, status: int, begun: float) -> None:
    answers, seconds = _figures_of(route, status)
    answers.inc()
    seconds.observe(monotonic() - begun)


@cache
def _figures_of(route: str, status: int) -> tuple[Counter, Histogram]:
    return ANSWERS.labels(route, status), SECONDS.labels(route)


def metrics(request: HttpRequest) -> HttpResponse:
    if not _is_of_staff(request):
        raise Http404
    registry = REGISTRY
    if settings.SHARED_METRICS:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _is_of_staff(request: HttpRequest) -> bool:
    """Asked from one of the networks of the staff, and not through the public proxy."""
    if "X-Forwarded-For" in request.headers:
        return False
    try:
        address = ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    return any(address in ip_network(network) for network in settings.METRICS_NETWORKS)
