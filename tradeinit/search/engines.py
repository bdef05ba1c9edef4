"""How each database finds entries of the index.

An engine has the two methods of ``Engine``. Another one, beside the database, would write what
``index`` is told and answer ``find`` itself; results are read from the log whatever answers.
"""

from collections.abc import Collection
from dataclasses import dataclass
from itertools import starmap
from typing import Any, NamedTuple, Protocol

from django.db import connection

from tradeinit import clock, prepared
from tradeinit.search.models import SearchEntry
from tradeinit.search.words import Phrase

ENTRIES = SearchEntry._meta.db_table
WORDS = "tradeinit_searchwords"
NAMES = "tradeinit_searchnames"
# Among so many of the latest entries PostgreSQL looks first.
LATEST = 8_000
LAST = f"SELECT coalesce(max(id), 0) FROM {ENTRIES}"  # noqa: S608 - a name of ours


@dataclass(frozen=True)
class Search:
    """What is looked for: all the phrases; in the name alone, of some kinds, of some cases."""

    phrases: tuple[Phrase, ...]
    in_name: bool = False
    resources: Collection[str] = ()
    roots: Collection[str] = ()

    @property
    def has_several_words(self) -> bool:
        return sum(len(phrase.forms) for phrase in self.phrases) > 1


class Hit(NamedTuple):
    """An entry that was found: enough to put it in order, and to ask the log for the rest."""

    pk: int
    resource: str
    root: str
    # In ISO 8601; empty for what belongs to no day.
    day: str
    name: str


class Engine(Protocol):
    def install(self, cursor: Any) -> None:
        """Make what the engine needs beside the table of entries; again, it changes nothing."""

    def find(self, search: Search, limit: int) -> list[Hit]:
        """Public entries, those written last first."""


class SQLite:
    """Two FTS5 tables over the entries, kept by triggers: of all words, and of names.

    In the table of all words one that many texts have and no name has would be looked for in all.
    """

    # To each its columns. How long a name is is not kept: nothing is ranked by it.
    tables = {WORDS: ("name, text", ""), NAMES: ("name", ", columnsize=0")}

    def install(self, cursor: Any) -> None:
        added, deleted = [], []
        for table, (columns, less) in self.tables.items():
            self._make(cursor, table, columns, less)
            new, old = (f"{row}.{columns.replace(', ', f', {row}.')}" for row in ("NEW", "OLD"))
            added.append(f"INSERT INTO {table}(rowid, {columns}) VALUES (NEW.id, {new})")  # noqa: S608 - as below
            deleted.append(
                f"INSERT INTO {table}({table}, rowid, {columns}) "  # noqa: S608 - names of ours
                f"VALUES ('delete', OLD.id, {old})"
            )
        # Made anew each time: SQLite alters a table by making another.
        for name, event, steps in (("added", "INSERT", added), ("deleted", "DELETE", deleted)):
            cursor.execute(f"DROP TRIGGER IF EXISTS searchentry_{name}")
            cursor.execute(
                f"CREATE TRIGGER searchentry_{name} AFTER {event} ON {ENTRIES} "
                f"BEGIN {'; '.join(steps)}; END"
            )

    def _make(self, cursor: Any, table: str, columns: str, less: str) -> None:
        cursor.execute(f"SELECT 1 FROM sqlite_master WHERE name = '{table}'")  # noqa: S608
        if cursor.fetchone():
            return
        # The words are forms already: all that is left to do is to part them at spaces.
        cursor.execute(
            f"CREATE VIRTUAL TABLE {table} USING fts5({columns}, content='{ENTRIES}', "
            f"content_rowid='id', tokenize='ascii'{less})"
        )
        # Of the entries that a release without this table wrote.
        cursor.execute(f"INSERT INTO {table}({table}) VALUES ('rebuild')")  # noqa: S608

    def find(self, search: Search, limit: int) -> list[Hit]:
        where, values = _narrowed(search)
        table = NAMES if search.in_name else WORDS
        sql = (
            "SELECT e.id, e.resource, e.root, coalesce(e.day, ''), e.name "  # noqa: S608
            f"FROM {table} w JOIN {ENTRIES} e ON e.id = w.rowid "
            f"WHERE w.{table} MATCH %s AND {where} ORDER BY w.rowid DESC LIMIT %s"
        )
        asked = " AND ".join(
            f'"{" ".join(phrase.forms)}"{"*" if phrase.is_open else ""}'
            for phrase in search.phrases
        )
        return _hits(sql, [asked, *values, limit])


class PostgreSQL:
    """A column of the entries that the database computes, with an inverted index; another of names.

    Names have their own index for its statistics: a word that many texts have and no name has would
    be looked for in a million entries.
    """

    def install(self, cursor: Any) -> None:
        cursor.execute(
            f"ALTER TABLE {ENTRIES} ADD COLUMN IF NOT EXISTS words tsvector GENERATED ALWAYS AS ("
            "to_tsvector('simple', name) || to_tsvector('simple', text)) STORED"
        )
        cursor.execute(f"CREATE INDEX IF NOT EXISTS {WORDS} ON {ENTRIES} USING gin (words)")
        cursor.execute(
            f"CREATE INDEX IF NOT EXISTS {NAMES} ON {ENTRIES} "
            "USING gin (to_tsvector('simple', name)) WHERE name <> ''"
        )

    def find(self, search: Search, limit: int) -> list[Hit]:
        """Of several words, first among the latest entries.

        All that have them would be put in order, of a million entries perhaps half. The latest are
        walked, no further than there are enough; how many of them have the words says how far back
        the index is to be asked.
        """
        if search.in_name or not search.has_several_words:
            return self._indexed(search, limit)
        latest = f"(SELECT * FROM {ENTRIES} ORDER BY id DESC LIMIT {LATEST})"  # noqa: S608 - ours
        found = self._hits(latest, search, limit, order="e.id")
        if len(found) == limit:
            return found
        ((last,),) = prepared.rows_of(connection, LAST)
        reach = LATEST
        while reach < last and len(found) < limit:
            reach *= max(2, 5 * limit // (4 * max(1, len(found))))
            found = self._indexed(search, limit, after=last - reach)
        return found

    def _indexed(self, search: Search, limit: int, after: int = 0) -> list[Hit]:
        # Of words that are frequent each, the database thinks that they are so together, and would
        # walk all entries, the latest first, for those that have both.
        order = "e.id + 0" if search.has_several_words else "e.id"
        return self._hits(ENTRIES, search, limit, order, after)

    def _hits(
        self, entries: str, search: Search, limit: int, order: str, after: int = 0
    ) -> list[Hit]:
        where, values = _narrowed(search)
        words = "e.name <> '' AND to_tsvector('simple', e.name)" if search.in_name else "e.words"
        sql = (
            "SELECT e.id, e.resource, e.root, "  # noqa: S608 - names of ours
            "coalesce(to_char(e.day, 'YYYY-MM-DD'), ''), e.name "
            f"FROM {entries} e WHERE {words} @@ to_tsquery('simple', %s) "
            f"AND {where} AND e.id > %s ORDER BY {order} DESC LIMIT %s"
        )
        asked = " & ".join(map(self._phrase, search.phrases))
        return _hits(sql, [asked, *values, after, limit])

    def _phrase(self, phrase: Phrase) -> str:
        asked = " <-> ".join(phrase.forms)
        return f"({asked}:*)" if phrase.is_open else f"({asked})"


def _hits(sql: str, values: list[Any]) -> list[Hit]:
    # Which words are looked for decides how: no plan is kept.
    return list(starmap(Hit, prepared.rows_of(connection, sql, values, keeps_plans=False)))


def _narrowed(search: Search) -> tuple[str, list[Any]]:
    """Public by now, of the kinds and cases asked for."""
    instant = connection.ops.adapt_datetimefield_value(clock.now())
    where, values = ["e.at <= %s"], [instant]
    for column, asked in (("resource", search.resources), ("root", search.roots)):
        if asked:
            where.append(f"e.{column} IN ({', '.join('%s' for _ in asked)})")
            values += asked
    return " AND ".join(where), values


def engine() -> Engine:
    return SQLite() if connection.vendor == "sqlite" else PostgreSQL()
