"""Entries are written as Django's templates would write them."""

import re
from pathlib import Path
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import Fieldset
from django.forms.renderers import TemplatesSetting
from django.template import Context, Template

from mandates.models import Document
from rounds.models import Round
from tests import factories
from tradeinit.widgets import FormRenderer

HOSTILE = "\"><script>alert('x')</script>&amp;"
GROUPS = [("", "---"), ("a", HOSTILE), ("Group", [("b", "交涉"), (HOSTILE, "B")])]


# Ours alone: of an option in Chinese. tests/test_languages.py looks at it on the pages.
LANGUAGE = ' lang="[^"]*"'


class Entries(forms.Form):
    text = forms.CharField(label=HOSTILE, help_text="Some", max_length=20)
    empty = forms.CharField(required=False, disabled=True)
    many_lines = forms.CharField(widget=forms.Textarea(attrs={"rows": 2, "title": HOSTILE}))
    number = forms.IntegerField(min_value=1, localize=True)
    day = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}))
    hour = forms.TimeField()
    address = forms.URLField(assume_scheme="https")
    mail = forms.EmailField()
    hidden = forms.CharField(widget=forms.HiddenInput)
    box = forms.BooleanField()
    one = forms.ChoiceField(choices=GROUPS)
    several = forms.MultipleChoiceField(choices=GROUPS)


def written(data: dict[str, Any] | None, renderer: Any) -> list[str]:
    form = Entries(data, renderer=renderer)
    shown = [
        str(part) for entry in form for part in (entry, entry.label_tag(), entry.errors.as_ul())
    ]
    return [plain(part) for part in shown]


def plain(written: str) -> str:
    """Between tags, and between the attributes of one, white space says nothing."""
    for found, instead in ((r"\s+", " "), (" ?> ?", ">"), (" ?< ?", "<"), (LANGUAGE, "")):
        written = re.sub(found, instead, written)
    return written


def test_entries_are_written_as_templates_write_them():
    full = dict.fromkeys(Entries.base_fields, HOSTILE) | {"several": ["a", HOSTILE]}

    for data in (None, {}, full, full | {"number": "1234", "box": "on", "one": "b"}):
        assert written(data, FormRenderer()) == written(data, TemplatesSetting())


def test_links_beside_a_relation_are_written_as_templates_write_them(rf, db):
    request = rf.get("/admin/")
    request.user = factories.staff()
    form = admin.site._registry[Round].get_form(request)

    templates, own = (
        plain(str(form(renderer=renderer)["initiative"]))
        for renderer in (TemplatesSetting(), FormRenderer())
    )

    assert own == templates
    assert own.count("<a ") == 3


def test_lines_of_entries_are_written_as_the_template_of_the_admin_writes_them(rf, db):
    request = rf.get("/admin/")
    request.user = factories.staff()
    desk = admin.site._registry[Document]
    read_only = ("state_of_publication",)
    lines = (
        "title",
        ("dated", "withheld", "version", *read_only),
        "withheld",
        "version",
        read_only,
        "kind",
    )
    names = {"name": HOSTILE, "description": "Some", "classes": ("wide", "collapse")}
    source = Path(admin.__file__).parent / "templates/admin/includes/fieldset.html"
    django = Template(source.read_text())
    own = Template('{% include "admin/includes/fieldset.html" %}')

    for data in (None, {}, {"title": HOSTILE, "dated": HOSTILE}):
        form = desk.get_form(request)(data)
        for name in (names, {}):
            fieldset = Fieldset(
                form, fields=lines, readonly_fields=read_only, model_admin=desk, **name
            )
            context = Context({"fieldset": fieldset, "prefix": "p", "id_prefix": 1, "id_suffix": 2})
            assert plain(own.render(context)) == plain(django.render(context))
