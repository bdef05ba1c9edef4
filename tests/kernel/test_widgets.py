"""Entries are written as Django's templates would write them."""

import re
from typing import Any

from django import forms
from django.contrib import admin
from django.forms.renderers import TemplatesSetting

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
