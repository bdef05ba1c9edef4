"""A form changes the fields that it shows, and no other that is sent along."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django import forms
from django.core.management import call_command
from django.db import models
from django.test import Client
from django.urls import reverse

from rounds.models import Round
from tests import factories
from tests.desk.forms import decision, errors, filled
from tests.desk.test_intake import INTAKE, looked_at
from tests.desk.test_round_desk import sent
from tests.rollback import once_a_module
from tests.secrecy.world import part_models
from tests.surfaces.cast import factory_of
from tradeinit.desk.forms import REASON, SUBMISSION
from tradeinit.publication import registry
from tradeinit.publication.models import Publishable

pytestmark = pytest.mark.django_db

Trust = Callable[[int, str], None]

# What a column of each kind could be made to hold.
SENT: dict[type[models.Field], str] = {
    models.BooleanField: "on",
    models.DateTimeField: "2020-01-01T00:00:00Z",
    models.DateField: "2020-01-01",
    models.IntegerField: "77",
    models.ForeignKey: "1",
    models.UUIDField: "00000000-0000-4000-8000-000000000000",
}


@once_a_module
def sample() -> None:
    call_command("load_sample", verbosity=0)


@pytest.fixture
def client() -> Client:
    client = Client()
    client.force_login(factories.staff())
    return client


def at_the_desk(model: type[models.Model], page: str, *of: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=of)


def hidden(form: Any) -> list[models.Field]:
    columns = form._meta.model._meta.concrete_fields
    return [column for column in columns if column.name not in form.fields]


def sent_along(form: Any) -> dict[str, str]:
    """A value for each hidden column, under every name that Django's forms know it by."""
    sent = {}
    for column in hidden(form):
        value = next((text for kind, text in SENT.items() if isinstance(column, kind)), "along")
        for name in (column.name, column.attname, f"{column.name}_0", f"{column.name}_1"):
            sent[form.add_prefix(name)] = value
    return sent


def of_page(page: Any) -> Iterator[Any]:
    """The form of the record, and that of each row below it."""
    yield page.context["adminform"].form
    for inline in page.context["inline_admin_formsets"]:
        yield from inline.formset.initial_forms


def reworded(form: Any) -> dict[str, str]:
    """Another text in its first entry of free text, so that the row is written."""
    for name, field in form.fields.items():
        if type(field) is forms.CharField and name not in (REASON, SUBMISSION, "slug", "timezone"):
            return {form.add_prefix(name): f"{form[name].value() or ''} again".strip()}
    return {}


def stored(form: Any) -> dict[str, Any]:
    """What the hidden columns of its row hold."""
    row = form._meta.model._base_manager.get(pk=form.instance.pk)
    return {column.attname: getattr(row, column.attname) for column in hidden(form)}


@pytest.mark.parametrize("model", registry.models(), ids=lambda model: model.__name__)
def test_what_a_form_does_not_show_is_not_changed(
    sample: None, client: Client, model: type[Publishable], trust: Trust
) -> None:
    row = model._base_manager.earliest("pk")
    address = at_the_desk(model, "change", row.pk)
    found = list(of_page(client.get(address)))
    before = [stored(form) for form in found]

    extra = {name: value for form in found for name, value in sent_along(form).items()}
    said = {name: value for form in found for name, value in reworded(form).items()}
    shown = filled(client, address, change_reason="Reworded.", **said)
    answer = client.post(address, extra | shown)

    assert answer.status_code == 302, errors(answer)
    assert [stored(form) for form in found] == before
    assert {"uid", "public_from", "withdrawn_at"} <= before[0].keys()
    assert model._base_manager.get(pk=row.pk).version == row.version + 1
    trust(14, f"{len(registry.models())} forms sent with every column: 0 others changed")


@pytest.mark.full
@pytest.mark.parametrize("model", registry.models(), ids=lambda model: model.__name__)
def test_what_a_form_does_not_show_is_not_set_in_a_new_row(
    client: Client, model: type[Publishable], trust: Trust
) -> None:
    draft = factory_of(model)(public=False)
    entries = filled(client, at_the_desk(model, "change", draft.pk))
    client.post(at_the_desk(model, "delete", draft.pk), {"post": "yes"})
    address = at_the_desk(model, "add")
    form = client.get(address).context["adminform"].form

    # Of the draft what its own form shows, without the rows below it.
    own = {name: value for name, value in entries.items() if "-" not in name}
    blank = filled(client, address)
    sent = sent_along(form) | own | {name: blank[name] for name in blank if name not in own}
    answer = client.post(address, sent | {SUBMISSION: blank[SUBMISSION]})

    assert answer.status_code == 302, errors(answer)
    made = model._base_manager.latest("pk")
    assert str(made.uid) != SENT[models.UUIDField]
    assert (made.public_from, made.withdrawn_at, made.withdrawal_reason) == (None, None, "")
    assert made.pk > draft.pk and made.pk != 77
    trust(14, f"{len(registry.models())} new rows sent with every column: 0 others set")


# The pages of the desk that are no forms of one record

WRITTEN: list[type[models.Model]] = [*registry.models(), *part_models()]


def a_round() -> Round:
    met = factories.round(start=date(2023, 1, 14), end=date(2023, 1, 17), public=False)
    factories.chapter(initiative=met.initiative, name="Goods", public=False)
    return met


def closing_day(client: Client) -> tuple[str, dict[str, Any]]:
    met = a_round()
    address = at_the_desk(Round, "closing", met.pk)
    result = f"chapter-{met.initiative.chapters.get().pk}-result"
    said = {result: "discussed", "new-step-0-wording": "In May.", "new-item-0-text": "Book rooms."}
    return address, sent(client, address, **said)


def attendance(client: Client) -> tuple[str, dict[str, Any]]:
    met = a_round()
    seat = factories.initiative_party(initiative=met.initiative, public=False)
    line = {"keep": "on", "name": "Jane Roe", "title": "Director", "body": "Ministry of Trade"}
    line |= {"person": "new", "organization": "new", "role": "delegate"}
    shown = {f"0-{name}": value for name, value in line.items()}
    shown |= {"party": str(seat.pk), "lines": "Jane Roe", "count": "1", "enter": "1"}
    return at_the_desk(Round, "attendance", met.pk), shown | {SUBMISSION: "one"}


def agenda(client: Client) -> tuple[str, dict[str, Any]]:
    address = at_the_desk(Round, "agenda", a_round().pk)
    said = {"title": "Goods", "kind": "plenary", "day": "2023-01-15", "begins": "09:00"}
    return address, empty(client, address) | said | {"ends": "10:00", "chapters": []}


def frame(client: Client) -> tuple[str, dict[str, Any]]:
    address = at_the_desk(Round, "frame", a_round().pk)
    said = {"label": "Second round", "number": "2", "start": "2023-05-02", "sessions": "on"}
    return address, empty(client, address) | said


def empty(client: Client, address: str) -> dict[str, Any]:
    return dict.fromkeys(client.get(address).context["form"].fields, "")


def clearance(client: Client) -> tuple[str, dict[str, Any]]:
    return "/admin/decide/clear/", decision(client, "clear", factories.party(public=False))


def intake(client: Client) -> tuple[str, dict[str, Any]]:
    return INTAKE, dict(looked_at(client, "ec_indonesia_fourteenth_round"))


ALONG = SENT | {models.ForeignKey: "77", models.Field: "along"}


def every_column_along(shown: dict[str, Any]) -> dict[str, str]:
    """A value for every column there is, alone and beside each entry of the page."""
    prefixes = {"", *(f"{name.rpartition('-')[0]}-" for name in shown if "-" in name)}
    columns = {
        name: next(text for kind, text in ALONG.items() if isinstance(column, kind))
        for model in WRITTEN
        for column in model._meta.concrete_fields
        for name in (column.name, column.attname)
    }
    return {prefix + name: text for prefix in prefixes for name, text in columns.items()}


def stored_rows() -> set[tuple[Any, ...]]:
    """Each value of each row: the model, its key, the column and the value in words."""
    return {
        (model.__name__, row["pk"], name, f"{value}")
        for model in WRITTEN
        for row in model._base_manager.values("pk", *columns_of(model))
        for name, value in row.items()
    }


def columns_of(model: type[models.Model]) -> list[str]:
    return [column.attname for column in model._meta.concrete_fields]


@pytest.mark.parametrize(
    "asked",
    [
        attendance,
        agenda,
        frame,
        clearance,
        pytest.param(closing_day, marks=pytest.mark.full),
        pytest.param(intake, marks=pytest.mark.full),
    ],
    ids=lambda asked: asked.__name__,
)
def test_a_page_of_the_desk_writes_what_it_shows_and_nothing_else(
    client: Client,
    asked: Callable[[Client], tuple[str, dict[str, Any]]],
    settings: Any,
    trust: Trust,
) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = None
    address, shown = asked(client)
    before = stored_rows()

    answer = client.post(address, every_column_along(shown) | shown)

    assert answer.status_code == 302
    written = stored_rows() - before
    assert written
    forged = {"along", "77", "2020-01-01", "2020-01-01 00:00:00+00:00", SENT[models.UUIDField]}
    assert [found for found in written if found[-1] in forged] == []
    trust(14, "each page of the desk sent with every column: 0 others written")
