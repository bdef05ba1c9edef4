"""What a page of the desk cost, told to the staff who opened it: browsers show it by the page.

A public answer never says so: it is the same for everybody, and how long it took tells what is
hidden.
"""

import time
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse

from tradeinit.middleware import PRIVATE_PREFIX, Answer


class Spent:
    """Counts the questions put to the database, and the seconds for which it was waited."""

    def __init__(self) -> None:
        self.queries, self.seconds = 0, 0.0

    def __call__(
        self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any
    ) -> Any:
        begun = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.queries += 1
            self.seconds += time.perf_counter() - begun


def told_to_staff(get_response: Answer) -> Answer:
    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(PRIVATE_PREFIX):
            return get_response(request)
        spent, begun = Spent(), time.thread_time()
        with connection.execute_wrapper(spent):
            response = get_response(request)
        # Where an address was refused before anybody was asked who they are, there is none.
        if getattr(getattr(request, "user", None), "is_staff", False):
            cpu = time.thread_time() - begun
            response["Server-Timing"] = (
                f'db;desc="{spent.queries} queries";dur={spent.seconds * 1000:.1f}, '
                f"cpu;dur={cpu * 1000:.1f}"
            )
        return response

    return middleware
