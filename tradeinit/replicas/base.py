"""The database engine of a replica: PostgreSQL, asked for an answer within a bounded time.

A replica that is frozen accepts questions and never answers. ``statement_timeout`` is kept by the
server, which is the one that is frozen; so the client itself stops waiting.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import psycopg
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.db.backends.postgresql import base

from tradeinit.replicas import reading

# A question that the server itself broke off, for taking too long, says nothing of the server.
TOOK_TOO_LONG = psycopg.errors.QueryCanceled


class DatabaseWrapper(base.DatabaseWrapper):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.execute_wrappers.append(self._note_failure)

    def connect(self) -> None:
        try:
            super().connect()
        # Only outside of this does Django make them errors of its own.
        except (psycopg.OperationalError, psycopg.InterfaceError):
            reading.failed(self.alias)
            raise

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        connection.wait = partial(connection.wait, timeout=settings.REPLICA_PATIENCE)
        return connection

    def _note_failure(
        self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any
    ) -> Any:
        try:
            return execute(sql, params, many, context)
        except (OperationalError, InterfaceError) as error:
            if not isinstance(error.__cause__, TOOK_TOO_LONG):
                reading.failed(self.alias)
                self.give_up()
            raise

    def give_up(self) -> None:
        """Drop the connection: an answer that still comes would be taken for that to the next."""
        if self.connection is not None:
            self.connection.pgconn.finish()
        self.close()
