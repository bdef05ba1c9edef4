"""Operations for migrations of a site that is in use."""

from typing import Any

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db.migrations import AddIndex


class AddIndexInUse(AddIndexConcurrently):
    """On PostgreSQL built while rows are written; SQLite has one writer at a time anyway.

    Its migration says ``atomic = False``.
    """

    def database_forwards(self, app_label: str, schema_editor: Any, *states: Any) -> None:
        way = self._way(schema_editor)
        way.database_forwards(self, app_label, schema_editor, *states)

    def database_backwards(self, app_label: str, schema_editor: Any, *states: Any) -> None:
        way = self._way(schema_editor)
        way.database_backwards(self, app_label, schema_editor, *states)

    def _way(self, schema_editor: Any) -> Any:
        is_postgresql = schema_editor.connection.vendor == "postgresql"
        return AddIndexConcurrently if is_postgresql else AddIndex
