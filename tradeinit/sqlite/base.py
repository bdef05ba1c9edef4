"""The database engine: Django's for SQLite, but who has waited longest to write goes first.

SQLite itself asks ever more rarely the longer it has waited, so that who came last goes first: of
eight writers one waited for eight seconds while a writing took a sixtieth of one.
"""

import sqlite3
import time
from contextlib import suppress

from django.db import OperationalError
from django.db.backends.sqlite3 import base

# Seconds between two questions: at first, and in the end. After a LONG wait they are half of first.
SELDOM, OFTEN, LONG = 0.03, 0.003, 0.1
# Of each index, when its statistics are gathered: enough to tell a narrow one from a wide one.
ROWS_LOOKED_AT = 400


class DatabaseWrapper(base.DatabaseWrapper):
    def _start_transaction_under_autocommit(self) -> None:
        patience = self.settings_dict["OPTIONS"]["timeout"]
        begun = time.monotonic()
        self._let_sqlite_wait(0)
        try:
            while not self._has_begun(or_raises=time.monotonic() - begun > patience):
                waited = time.monotonic() - begun
                time.sleep(max(OFTEN, SELDOM / (1 + waited / LONG)))
        finally:
            self._let_sqlite_wait(patience)

    def _has_begun(self, or_raises: bool) -> bool:
        try:
            super()._start_transaction_under_autocommit()
        except OperationalError as error:
            busy = getattr(error.__cause__, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY
            if or_raises or not busy:
                raise
            return False
        return True

    def _let_sqlite_wait(self, seconds: float) -> None:
        """How long SQLite waits by itself before it says that it is busy."""
        self.connection.execute(f"PRAGMA busy_timeout = {int(seconds * 1000)}")

    def close(self) -> None:
        """After the statistics are up to date by which SQLite chooses between its indexes."""
        if self.connection is not None and not self.in_atomic_block:
            with suppress(sqlite3.Error):
                # Who writes is not waited for: there is another time.
                self._let_sqlite_wait(0)
                self.connection.execute(f"PRAGMA analysis_limit = {ROWS_LOOKED_AT}")
                self.connection.execute("PRAGMA optimize")
        super().close()
