"""What is done in a process that works on one of the worlds."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, timedelta
from math import ceil
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.test import Client

from mandates.models import Chapter, Initiative, Party
from rounds.models import Outcome, Round
from rounds.world import LARGEST_SCALE
from rounds.world.scribe import PUBLISHED
from tradeinit import bulk
from tradeinit.publication import log, registry
from tradeinit.publication.gate import writing
from tradeinit.publication.instants import chunks
from tradeinit.publication.models import Publication

CHAPTERS, MEETINGS = 24, 30
WIDE = "wide-case"
# What a round is asked by and what is shown inside it, each with the columns it is found by.
TABLES = {
    "rounds": ("slug", "start", "initiative"),
    "sessions": ("round",),
    "outcomes": ("round", "chapter"),
    "participations": ("round", "party"),
    "undertakings": ("round",),
}


def make(scale: float) -> None:
    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        # A world that is lost can be made again.
        cursor.execute("PRAGMA synchronous=OFF")
    # A larger world is several of the largest that are made at once.
    for seed in range(1, ceil(scale / LARGEST_SCALE) + 1):
        left = scale - (seed - 1) * LARGEST_SCALE
        call_command("make_world", scale=min(left, LARGEST_SCALE), seed=seed, verbosity=0)


def copy_from(path: str) -> None:
    """Into PostgreSQL, all rows of the same world on SQLite: made anew it takes far longer.

    The tables, their indexes and what is computed of the rows are PostgreSQL's own.
    """
    call_command("migrate", verbosity=0)
    models = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]
    quote = connection.ops.quote_name
    with closing(sqlite3.connect(path)) as source, connection.cursor() as cursor:
        # They come as the gate wrote them: nothing is to be refused, or done on their account.
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(f"TRUNCATE {', '.join(quote(model._meta.db_table) for model in models)}")
        for model in models:
            table = quote(model._meta.db_table)
            columns = ", ".join(quote(field.column) for field in model._meta.concrete_fields)
            rows = source.execute(f"SELECT {columns} FROM {table}")
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as target:
                for row in rows:
                    target.write_row(row)
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)
        cursor.execute("VACUUM ANALYZE")


def signed_in() -> None:
    """Print the cookie of an editor, who is made where there is none."""
    user, _is_new = get_user_model().objects.get_or_create(
        username="bench", defaults={"is_staff": True, "email": "bench@example.org"}
    )
    user.groups.set(Group.objects.filter(name="editors"))
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    print(f"{name}={client.cookies[name].value}")


def bring_up_to_date() -> None:
    """A kept world follows the migrations that came since."""
    executor = MigrationExecutor(connection)
    changed = bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    call_command("migrate", verbosity=0)
    if not Initiative.objects.filter(slug=WIDE).exists():
        make_wide_case()
        changed = True
    if changed:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def make_wide_case() -> None:
    """A case of 24 chapters and 30 meetings, with an outcome for each of both."""
    results = list(Outcome.Result)[1:8]
    first, public = date(2016, 3, 1), {"public_from": PUBLISHED}
    with writing():
        case = Initiative.objects.create(
            slug=WIDE, title="Wide case", short_title="Wide case", kind="bilateral", **public
        )
        for party in Party.objects.order_by("pk")[:2]:
            case.initiative_parties.create(party=party, joined_on=first, **public)
        chapters = Chapter.objects.bulk_create(
            Chapter(
                slug=f"{WIDE}-chapter-{order}",
                initiative=case,
                order=order,
                name=f"Chapter {order}",
                **public,
            )
            for order in range(1, CHAPTERS + 1)
        )
        meetings = Round.objects.bulk_create(
            Round(
                slug=f"{WIDE}-round-{number}",
                initiative=case,
                label=f"Round {number}",
                kind="full_round",
                state="held",
                start=first + timedelta(60 * number),
                **public,
            )
            for number in range(1, MEETINGS + 1)
        )
        Outcome.objects.bulk_create(
            Outcome(
                round=met, chapter=chapter, result=results[(row + column) % len(results)], **public
            )
            for row, chapter in enumerate(chapters)
            for column, met in enumerate(meetings)
        )


def make_embargoed(lifts: str) -> None:
    with writing():
        Party.objects.create(
            slug="embargoed", name="Embargoed", public_from=datetime.fromisoformat(lifts)
        )


def export(path: str) -> None:
    """A table for each list, a column for each field of its answers, lists of values as JSON."""
    with closing(sqlite3.connect(path)) as target:
        for listing in bulk.listings():
            if listing.resource() in TABLES:
                _write_table(target, listing)
        # Nobody looks for a part of a uid: of all words it would be the rarest.
        target.execute(
            "CREATE VIRTUAL TABLE search USING fts5(resource UNINDEXED, uid UNINDEXED, text)"
        )
        target.executemany("INSERT INTO search VALUES (?, ?, ?)", _texts())
        target.execute("CREATE VIRTUAL TABLE words USING fts5vocab(search, row)")
        target.execute("ANALYZE")
        target.commit()


def _write_table(target: sqlite3.Connection, listing: Any) -> None:
    table, names = listing.resource(), listing.serializer_class.field_names()
    columns, marks = ", ".join(f'"{name}"' for name in names), ", ".join("?" * len(names))
    target.execute(f"CREATE TABLE {table} ({columns})")
    uids = listing.queryset.select_related(None).prefetch_related(None).order_by("pk")
    for chunk in chunks(list(uids.values_list("uid", flat=True))):
        told = log.bodies(chunk)
        rows = [[_cell(told[uid][name]) for name in names] for uid in chunk if uid in told]
        target.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
    for column in TABLES[table]:
        target.execute(f"CREATE INDEX {table}_{column} ON {table} ({column})")


def _cell(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value


def _texts() -> Iterator[tuple[str, str, str]]:
    told = Publication.objects.latest_of_each().exclude(body="").order_by("pk")
    for entry in told.iterator(chunk_size=2000):
        serializer = registry.serializer_of(registry.model_of(entry.resource))
        names, others = serializer.words_of(json.loads(entry.body))
        yield entry.resource, str(entry.uid), " ".join([*names, *others])
