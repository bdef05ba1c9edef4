"""Relations that are chosen by typing, read at once for all the rows of a form.

Django's chooser asks for its chosen record by itself; thirty seats with three relations each would
be ninety questions.
"""

from typing import Any

from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.contrib.contenttypes.forms import BaseGenericInlineFormSet
from django.forms.models import BaseInlineFormSet
from django.utils.functional import cached_property


class Chooser(AutocompleteSelect):
    # What is chosen in the whole form, by primary key; nothing where the form did not ask.
    known: dict[str, Any] | None = None

    def optgroups(self, name: str, value: Any, attrs: Any = None) -> Any:
        if self.known is None:
            return super().optgroups(name, value, attrs)
        chosen = [self.known[str(one)] for one in value if str(one) in self.known]
        options = [] if self.is_required or self.allow_multiple_selected else [("", "")]
        options += [(row.pk, self.choices.field.label_from_instance(row)) for row in chosen]
        selected = {str(row.pk) for row in chosen}
        default: tuple[Any, list[Any], int] = (None, [], 0)
        for index, (pk, label) in enumerate(options):
            is_chosen = str(pk) in selected
            default[1].append(self.create_option(name, pk, label, is_chosen, index, attrs=attrs))
        return [default]


class ManyChooser(Chooser, AutocompleteSelectMultiple):
    pass


class ReadAtOnce:
    """For a formset: each relation's chosen records in one query."""

    @cached_property
    def forms(self) -> Any:
        found = super().forms
        know(found)
        return found


class InlineFormSet(ReadAtOnce, BaseInlineFormSet):
    pass


class GenericInlineFormSet(ReadAtOnce, BaseGenericInlineFormSet):
    pass


def know(forms: list[Any]) -> None:
    names = [
        name
        for name, field in (forms[0].fields.items() if forms else ())
        if isinstance(getattr(field.widget, "widget", field.widget), Chooser)
    ]
    for name in names:
        wanted: set[str] = set()
        for form in forms:
            value = form[name].value()
            many = value if isinstance(value, list | tuple) else [value]
            wanted |= {str(getattr(one, "pk", one)) for one in many if one not in (None, "")}
        rows = forms[0].fields[name].queryset.filter(pk__in=[pk for pk in wanted if pk.isdecimal()])
        if hasattr(rows, "for_list"):
            rows = rows.for_list()
        known = {str(row.pk): row for row in rows} if wanted else {}
        for form in forms:
            widget = form.fields[name].widget
            getattr(widget, "widget", widget).known = known
