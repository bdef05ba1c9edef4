"""The rules of the house: what every model, file and import keeps to, found by reflection."""

import ast
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.core.management import call_command
from django.db.models import Model
from django.urls import resolve

from tests import factories
from tests.secrecy import questions
from tests.secrecy.routes import PARAMETERS, public_routes
from tradeinit.api import RESOURCES
from tradeinit.publication import registry
from tradeinit.publication.models import Addressed, Publication, Publishable, Tracked

ROOT: Path = settings.BASE_DIR
PACKAGES = ("tradeinit", "mandates", "rounds")
# What the commands make; none of it is the project's.
MADE = {".git", "var", "__pycache__"}

OURS = [model for model in apps.get_models() if model._meta.app_label in ("mandates", "rounds")]
TRACKED = [
    model for model in OURS if issubclass(model, Tracked) and "historical" not in model.__name__
]
RECORDS = [model for model in TRACKED if issubclass(model, Publishable)]


def named(models: list[Any]) -> Any:
    return pytest.mark.parametrize("model", models, ids=[model.__name__ for model in models])


def factory_of(model: type[Model]) -> Callable[..., Any]:
    return getattr(factories, re.sub(r"(?<!^)(?=[A-Z])", "_", model.__name__).lower())


# Files


def files(*suffixes: str) -> Iterator[Path]:
    for file in sorted(ROOT.rglob("*")):
        parts = file.relative_to(ROOT).parts
        inside = not MADE & set(parts) and not re.match(r"\.(venv|.*_cache|hypothesis)", parts[0])
        if inside and file.is_file() and (not suffixes or file.suffix in suffixes):
            yield file


def shown(file: Path) -> str:
    return str(file.relative_to(ROOT))


def sources() -> Iterator[tuple[str, ast.Module]]:
    """The project's own modules, without tests and migrations."""
    for file in files(".py"):
        parts = file.relative_to(ROOT).parts
        if parts[0] in PACKAGES and "migrations" not in parts:
            yield shown(file), ast.parse(file.read_text())


def chain(node: ast.AST) -> list[str]:
    """The names of ``a.b(...).c`` in order: ``["a", "b", "c"]``."""
    names: list[str] = []
    while True:
        if isinstance(node, ast.Call):
            node = node.func
        elif isinstance(node, ast.Subscript):
            node = node.value
        elif isinstance(node, ast.Attribute):
            names.append(node.attr)
            node = node.value
        else:
            return [*([node.id] if isinstance(node, ast.Name) else ["?"]), *names[::-1]]


# Imports


def test_imports_go_down() -> None:
    linter = Path(sys.executable).with_name("lint-imports")

    found = subprocess.run(
        [linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, timeout=120
    )

    assert found.returncode == 0, found.stdout


def test_every_import_stands_at_the_top() -> None:
    """An import inside a function hides a direction. Only ``ready()`` runs after the models; what
    reads releases takes a fifth of a worker's start, and few workers read any."""
    inside = {
        f"{file}: {function.name}"
        for file, tree in sources()
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }

    ready = {f"{package}/apps.py: ready" for package in PACKAGES}
    assert inside == ready | {"rounds/admin.py: intake"}


def test_every_file_is_named_for_its_subject() -> None:
    shapeless = {"utils.py", "helpers.py", "common.py", "misc.py"}

    assert [shown(file) for file in files(".py") if file.name in shapeless] == []


# Models


@named(TRACKED)
@pytest.mark.django_db
def test_every_model_has_a_factory_and_a_name_of_its_own(model: type[Model]) -> None:
    row = factory_of(model)()

    assert type(row) is model
    assert row.pk is not None
    assert str(row) not in ("", f"{model.__name__} object ({row.pk})")


@named(RECORDS)
@pytest.mark.django_db
def test_every_record_has_an_address(model: type[Publishable]) -> None:
    row = factory_of(model)()

    page, _, anchor = row.get_absolute_url().partition("#")  # type: ignore[attr-defined]
    assert resolve(page).kwargs["slug"]
    assert anchor == ("" if issubclass(model, Addressed) else str(row.uid))
    assert resolve(row.api_url).kwargs == {"slug": row.key}


def test_every_record_is_told_by_the_log_and_has_a_resource() -> None:
    concrete = {model.resource: model for model in RECORDS}

    assert len(concrete) == len(RECORDS)
    assert {model.resource: model for model in registry.models()} == concrete
    answered = {name: viewset.model() for name, viewset in RESOURCES.items()}
    # The changes are no record: they are the log itself.
    assert answered == {**concrete, "changes": Publication}


@named(RECORDS)
def test_a_body_names_only_what_the_record_says_it_names(model: type[Publishable]) -> None:
    """Whatever a body names must be public by then, so each relation is a parent or declared."""
    related = {
        field.name
        for field in [*model._meta.concrete_fields, *model._meta.many_to_many]
        if field.is_relation and issubclass(field.related_model, Publishable)
    }

    assert related - set(model.parents) - set(model.names) == set()


# What the tests of secrecy ask for


def test_every_public_address_can_be_asked_for() -> None:
    """tests/secrecy asks for all there is, once it knows what each part of an address can be."""
    unknown = [
        f"{route}: <{name}>"
        for route in public_routes()
        for name in route.parameters
        if name not in PARAMETERS
    ]

    assert [str(route) for route in public_routes() if not route.name] == []
    assert unknown == []


@pytest.mark.django_db
def test_every_word_of_the_api_can_be_asked_with_a_value() -> None:
    unknown = [
        f"{path}: {word['name']}"
        for path, words in questions.operations().items()
        for word in words
        if not questions.has_values(word["name"], word["schema"])
    ]

    assert unknown == []


# The desk


@named(RECORDS)
def test_every_record_can_be_found_at_the_desk(model: type[Publishable]) -> None:
    desk = admin.site._registry[model]

    assert desk.search_fields
    assert desk.list_display != ("__str__",)


def forms_of_the_desk() -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for model in RECORDS:
        desk = admin.site._registry[model]
        inlines = [inline(model, admin.site) for inline in desk.inlines]
        found += [(f"{type(form).__name__} of {model.__name__}", form) for form in [desk, *inlines]]
    return found


def test_every_relation_at_the_desk_is_chosen_by_typing() -> None:
    """A plain select would list the whole table."""
    plain = [
        f"{name}: {field.name}"
        for name, form in forms_of_the_desk()
        for field in [*form.model._meta.concrete_fields, *form.model._meta.many_to_many]
        if field.is_relation and field.editable and not field.name.startswith("record_")
        if field.name not in (form.exclude or ()) and field.name != getattr(form, "fk_name", None)
        if not (hasattr(form, "parent_model") and field.related_model is form.parent_model)
        if field.name not in form.autocomplete_fields
    ]

    assert plain == []


# What may be asked of rows

# Begins with what is public, in the models themselves.
PUBLIC_DOORS = {"public", "public_below", "standing", "said", "heard"}
READERS = ("views.py", "filters.py", "serializers.py", "sources.py", "ledger.py", "records.py")
QUESTIONS = (
    {"all", "filter", "exclude", "first", "last", "get", "count", "exists", "order_by", "in_bulk"}
    | {"values", "values_list", "for_list", "iterator", "earliest", "latest", "annotate"}
    | {"aggregate", "distinct", "none", "prefetch_related", "select_related"}
)  # fmt: skip
WRITES = {"create", "bulk_create", "get_or_create", "update", "delete"}
# Relations that lead from anything to many records.
TO_MANY = {
    field.get_accessor_name() if field.auto_created else field.name
    for model in OURS
    for field in model._meta.get_fields()
    if (field.one_to_many or field.many_to_many)
    and field.related_model
    and issubclass(field.related_model, Publishable)
}


def readers() -> Iterator[tuple[str, ast.Module]]:
    return ((file, tree) for file, tree in sources() if file.endswith(READERS))


def test_what_answers_the_public_begins_with_what_is_public() -> None:
    records = {model.__name__ for model in RECORDS} | {"model", "?"}
    past_the_door = [
        f"{file}:{node.lineno} {'.'.join(names)}"
        for file, tree in readers()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        for names in [chain(node)]
        if len(names) > 2 and names[-2] in ("objects", "_base_manager", "_default_manager")
        if names[0] in records and names[-1] not in PUBLIC_DOORS
    ]

    assert past_the_door == []


def test_relations_to_many_records_are_followed_through_what_is_public() -> None:
    past_the_door = [
        f"{file}:{node.lineno} {'.'.join(names)}"
        for file, tree in readers()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        for names in [chain(node)]
        if len(names) > 2 and names[-2] in TO_MANY and names[-1] in QUESTIONS
    ]
    in_templates = [
        f"{shown(file)}: {found}"
        for file in files(".html")
        for found in re.findall(
            rf"\w+\.(?:{'|'.join(sorted(TO_MANY))})\.(?:all|first|last|count|exists)\b",
            file.read_text(),
        )
    ]

    # What a record names by a list: each is written by ``ref``, which knows what was withdrawn.
    allowed = ("chapters.all", "originators.all")
    assert past_the_door == []
    assert [found for found in in_templates if not found.endswith(allowed)] == []


def test_nothing_passes_by_the_gate() -> None:
    """Only the gate itself, which locks and counts versions, may set columns without a history."""
    bare = [
        f"{file}:{node.lineno} {'.'.join(names)}"
        for file, tree in sources()
        if file != "tradeinit/publication/gate.py"
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        for names in [chain(node.func)]
        if names[-1] == "bulk_update"
        or (names[-1] in WRITES and "through" in names)
        or (names[-1] == "update" and {"objects", "_base_manager", "filter"} & set(names))
    ]

    assert bare == []


def test_raw_sql_is_written_in_the_kernel_alone() -> None:
    raw = {
        file
        for file, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in ("execute", "raw", "extra", "RawSQL")
        if chain(node)[0] in ("cursor", "?") or node.attr in ("raw", "RawSQL")
    }

    assert raw <= {
        "tradeinit/appending.py",
        "tradeinit/backup.py",
        "tradeinit/clock.py",
        "tradeinit/publication/log.py",
        "tradeinit/replicas/health.py",
        "tradeinit/health.py",
        "tradeinit/prepared.py",
        "tradeinit/publication/triggers.py",
        "tradeinit/publication/history.py",
        "tradeinit/search/engines.py",
    }


# The project


@pytest.mark.django_db
def test_the_migrations_are_complete() -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


@pytest.mark.parametrize("name", ["requirements.in", "requirements-dev.in"])
def test_every_direct_requirement_has_its_reason(name: str) -> None:
    lines = (ROOT / name).read_text().splitlines()
    packages = [line for line in lines if line and not line.startswith(("#", "-"))]

    assert packages
    assert [line for line in packages if not re.search(r" # \w", line)] == []


def test_no_file_names_a_place_outside_the_project() -> None:
    # Put together here, so that this file is not one of them.
    places = [f"..{'/'}shared", *(f"{'/'}{top}/" for top in ("root", "home", "work", "Users"))]
    text = (".py", ".md", ".html", ".css", ".toml", ".txt", ".in", ".json", ".yml", ".yaml", "")

    found = [
        f"{shown(file)}: {place}"
        for file in files(*text)
        for place in places
        if re.search(rf"(?<![\w.]){re.escape(place)}\w", file.read_text(errors="replace"))
    ]

    assert found == []


def test_no_test_steps_aside() -> None:
    ways = re.compile(r"pytest\.(skip|importorskip|xfail)\b|mark\.(skip|skipif|xfail)\b")

    steps_aside = [
        shown(file)
        for file in files(".py")
        if file.relative_to(ROOT).parts[0] == "tests" and file.name != Path(__file__).name
        if ways.search(file.read_text())
    ]

    assert steps_aside == []
