"""A form changes the fields that it shows, and no other that is sent along."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django import forms
from django.core.management import call_command
from django.db import models
from django.test import Client
from django.urls import reverse

from tests import factories
from tests.desk.forms import errors, filled
from tests.rollback import once_a_module
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
