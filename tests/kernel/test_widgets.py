"""Entries are written as Django's templates would write them."""

import re
from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting

from tradeinit.widgets import FormRenderer

HOSTILE = "\"><script>alert('x')</script>&amp;"
GROUPS = [("", "---"), ("a", HOSTILE), ("Group", [("b", "交涉"), (HOSTILE, "B")])]


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
    # Between tags white space says nothing.
    return [re.sub(r">\s+<", "><", part).strip() for part in shown]


def test_entries_are_written_as_templates_write_them():
    full = dict.fromkeys(Entries.base_fields, HOSTILE) | {"several": ["a", HOSTILE]}

    for data in (None, {}, full, full | {"number": "1234", "box": "on", "one": "b"}):
        assert written(data, FormRenderer()) == written(data, TemplatesSetting())
