"""What a database holds, read past the application."""

import sqlite3
from contextlib import closing

import psycopg
from environ import Env


def rows_of(url: str) -> dict[str, set[str]]:
    """The rows of each table, each as text; of an SQLite file also of the index of the search."""
    given = Env.db_url_config(url)
    if "sqlite" in given["ENGINE"]:
        opened = sqlite3.connect(given["NAME"])
        tables = "SELECT name FROM sqlite_master WHERE type = 'table'"
    else:
        opened = psycopg.connect(url)
        tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    with closing(opened) as database:
        names = [name for (name,) in database.execute(tables).fetchall()]
        return {name: set(map(repr, database.execute(f'SELECT * FROM "{name}"'))) for name in names}
