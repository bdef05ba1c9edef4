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

    def add_fields(self, form: Any, index: Any) -> None:
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            # In a table the heading of the column stands for the label.
            form.fields["DELETE"].widget.attrs["aria-label"] = form.fields["DELETE"].label

    @cached_property
    def forms(self) -> Any:
        found = super().forms
        know(found)
        return found


class InlineFormSet(ReadAtOnce, BaseInlineFormSet):
    def get_queryset(self) -> Any:
        read = getattr(self.instance, "_prefetched_objects_cache", {})
        # What a form has refused is not what the record says of itself.
        rows = None if self.is_bound else read.get(self.fk.remote_field.get_accessor_name())
        rows = super().get_queryset() if rows is None else rows
        for row in rows:
            setattr(row, self.fk.name, self.instance)
        return rows


class GenericInlineFormSet(ReadAtOnce, BaseGenericInlineFormSet):
    pass


def know(forms: list[Any]) -> None:
    """Tell the choosers of these forms, all of one kind, what is chosen in them."""
    for name, field in forms[0].fields.items() if forms else ():
        if not isinstance(getattr(field.widget, "widget", field.widget), Chooser):
            continue
        known: dict[str, Any] = {}
        wanted: set[str] = set()
        for form in forms:
            known |= {str(row.pk): row for row in _at_hand(form.instance, name)}
            value = form[name].value()
            many = value if isinstance(value, list | tuple) else [value]
            wanted |= {str(getattr(one, "pk", one)) for one in many if one not in (None, "")}
        asked = [pk for pk in wanted - known.keys() if pk.isdecimal()]
        if asked:
            rows = field.queryset.filter(pk__in=asked).with_names()
            known |= {str(row.pk): row for row in rows}
        for form in forms:
            widget = form.fields[name].widget
            getattr(widget, "widget", widget).known = known


def _at_hand(row: Any, name: str) -> list[Any]:
    """What the row names there, if it was read with the row."""
    field = row._meta.get_field(name)
    if field.many_to_many:
        return list(getattr(row, "_prefetched_objects_cache", {}).get(name, ()))
    found = field.get_cached_value(row, default=None)
    return [] if found is None else [found]
