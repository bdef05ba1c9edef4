"""A migration must not lock a table while it is in use, nor break the release that still runs.

While `migrate` runs, the former release serves. On PostgreSQL these operations hold a table for as
long as they read it, or take away what that release asks for.
"""

from typing import Any

import pytest
from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader

# Up to these the tables of an office are empty: they belong to the first release.
FIRST_RELEASE = {"tradeinit": 7, "mandates": 3, "rounds": 3}


def unsafe(migration: Any) -> list[str]:
    """What of it would lock or break a table that is in use, in words."""
    made = {
        one.name_lower for one in migration.operations if isinstance(one, migrations.CreateModel)
    }
    found = []
    for one in migration.operations:
        table = getattr(one, "model_name_lower", getattr(one, "name_lower", ""))
        if table not in made and (why := reason(one)):
            found.append(f"{type(one).__name__} {table}: {why}")
    return found


def reason(one: Any) -> str:
    if isinstance(one, AddIndexConcurrently | AddConstraintNotValid):
        return ""
    if isinstance(one, migrations.AddIndex):
        return "writes wait until it is made: AddIndexInUse"
    if isinstance(one, migrations.AddConstraint):
        if isinstance(one.constraint, models.CheckConstraint):
            return "each row is read under a lock: AddConstraintNotValid, then ValidateConstraint"
        return "writes wait until it is made: make its index concurrently first"
    if isinstance(one, migrations.AlterField):
        return "the table may be written anew under a lock: add another field, and fill it"
    if isinstance(one, migrations.AddField):
        if isinstance(one.field, models.ManyToManyField) or one.field.null:
            return ""
        if one.field.db_default is models.NOT_PROVIDED:
            return "the release that runs cannot add a row: null=True or db_default"
        return ""
    if isinstance(one, migrations.RemoveField | migrations.DeleteModel):
        return "the release that runs still asks for it: remove it a release later"
    if isinstance(one, migrations.RenameField | migrations.RenameModel):
        return "the release that runs still asks for the former name"
    return "" if one.reversible else "there is no way back"


def later_migrations() -> dict[str, Any]:
    loader = MigrationLoader(None)
    return {
        f"{app}.{name}": migration
        for (app, name), migration in sorted(loader.disk_migrations.items())
        if app in FIRST_RELEASE and int(name[:4]) > FIRST_RELEASE[app]
    }


def test_no_migration_locks_or_breaks_what_is_in_use() -> None:
    found = {name: unsafe(migration) for name, migration in later_migrations().items()}

    assert {name: said for name, said in found.items() if said} == {}


@pytest.mark.parametrize(
    "operation",
    [
        migrations.AddIndex("round", models.Index("state", name="by_state")),
        migrations.AddConstraint(
            "round", models.CheckConstraint(condition=models.Q(state=""), name="stateless")
        ),
        migrations.AddConstraint(
            "round", models.UniqueConstraint(fields=["state"], name="one_of_each")
        ),
        migrations.AlterField("round", "state", models.TextField()),
        migrations.AddField("round", "note", models.TextField(default="")),
        migrations.RemoveField("round", "state"),
        migrations.RenameField("round", "state", "phase"),
        migrations.DeleteModel("round"),
        migrations.RunPython(lambda apps, editor: None),
        migrations.RunSQL("SELECT 1"),
    ],
    ids=lambda one: type(one).__name__,
)
def test_what_would_lock_or_break_is_named(operation: Any) -> None:
    migration = migrations.Migration("0099_example", "rounds")
    migration.operations = [operation]

    assert len(unsafe(migration)) == 1


def test_what_is_safe_passes() -> None:
    migration = migrations.Migration("0099_example", "rounds")
    migration.operations = [
        migrations.CreateModel("note", [("id", models.BigAutoField(primary_key=True))]),
        migrations.AddIndex("note", models.Index("id", name="by_id")),
        migrations.AddField("round", "note", models.TextField(db_default="")),
        AddIndexConcurrently("round", models.Index("state", name="by_state")),
    ]

    assert unsafe(migration) == []
