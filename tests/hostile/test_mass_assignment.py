"""A form changes the fields that it shows, and no other that is sent along."""

from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.db import models
from django.test import Client
from django.urls import reverse

from tests import factories
from tests.desk.forms import errors, filled
from tests.rollback import once_a_module
from tradeinit.publication import registry
from tradeinit.publication.models import Publishable

pytestmark = pytest.mark.django_db

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


def sent_along(column: models.Field) -> dict[str, str]:
    """The value under every name that Django's forms know a column by."""
    value = next((text for kind, text in SENT.items() if isinstance(column, kind)), "sent along")
    names = (column.name, column.attname, f"{column.name}_0", f"{column.name}_1")
    return dict.fromkeys(names, value)


@pytest.mark.parametrize("model", registry.models(), ids=lambda model: model.__name__)
def test_what_a_form_does_not_show_is_not_changed(
    sample: None, model: type[Publishable], trust: Callable[[int, str], None]
) -> None:
    row = model._base_manager.earliest("pk")
    client = Client()
    client.force_login(factories.staff())
    address = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
    shown = filled(client, address)
    form = client.get(address).context["adminform"].form
    hidden = [column for column in model._meta.concrete_fields if column.name not in form.fields]
    before = model._base_manager.values(*(column.attname for column in hidden)).get(pk=row.pk)

    extra = {name: value for column in hidden for name, value in sent_along(column).items()}
    answer = client.post(address, extra | shown)

    after = model._base_manager.values(*before).get(pk=row.pk)
    assert answer.status_code == 302, errors(answer)
    assert after == before
    assert {"uid", "withdrawn_at"} <= before.keys()
    trust(14, f"{len(registry.models())} forms sent with every column: 0 others changed")
