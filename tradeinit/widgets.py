"""How the entries of forms are written, and the lines of entries in a form of the desk.

The form of a round has a thousand entries and options. Django draws each with three templates,
which took half of the page's time; the plain ones are written here, as Django would.
"""

from collections.abc import Callable
from typing import Any

from django.forms.renderers import TemplatesSetting
from django.templatetags.static import static
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as in_django

from tradeinit.templatetags.records import lang_of


class FormRenderer(TemplatesSetting):
    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        write = WRITTEN.get(template_name)
        if template_name in ERRORS and not context["errors"]:
            return ""
        if write is None or context.get("can_delete_related"):
            return super().render(template_name, context, request)
        return mark_safe(write(context))  # noqa: S308 - each value is escaped below


def _input(context: dict[str, Any]) -> str:
    widget = context["widget"]
    value = widget["value"]
    said = "" if value is None else f' value="{_safe(value)}"'
    return f'<input type="{widget["type"]}" name="{_safe(widget["name"])}"{said}{_attrs(widget)}>'


def _textarea(context: dict[str, Any]) -> str:
    widget = context["widget"]
    text = _safe(widget["value"]) if widget["value"] else ""
    return f'<textarea name="{_safe(widget["name"])}"{_attrs(widget)}>\n{text}</textarea>'


def _select(context: dict[str, Any]) -> str:
    widget = context["widget"]
    parts = [f'<select name="{_safe(widget["name"])}"{_attrs(widget)}>']
    for name, options, _index in widget["optgroups"]:
        inner = [_option(option) for option in options]
        parts += [f'<optgroup label="{_safe(name)}">', *inner, "</optgroup>"] if name else inner
    return "\n".join([*parts, "</select>"])


def _option(option: dict[str, Any]) -> str:
    value, label = _safe(option["value"]), _safe(option["label"])
    return f'<option value="{value}"{lang_of(label)}{_attrs(option)}>{label}</option>'


def _label(context: dict[str, Any]) -> str:
    label = _safe(context["label"])
    tag = context["tag"]
    return f"<{tag}{_attrs(context)}>{label}</{tag}>" if context["use_tag"] else label


# Beside a relation: what may be done, the picture, what its title says in Django's own words, and
# under which names the widget gives the address and its question.
LINKS = (
    ("change", "changelink", "Change selected %(model)s", "change_related_template_url"),
    ("add", "addlink", "Add another %(model)s", "add_related_url"),
    ("view", "viewlink", "View selected %(model)s", "change_related_template_url"),
)


def _related(context: dict[str, Any]) -> str:
    links = "".join(
        _link(context, *link)
        for link in LINKS
        if context[f"can_{link[0]}_related"] and not context["is_hidden"]
    )
    model = (
        "" if context["model_has_limit_choices_to"] else f'data-model-ref="{context["model_name"]}"'
    )
    return (
        f'<div class="related-widget-wrapper" {model}>\n{context["rendered_widget"]}{links}\n</div>'
    )


def _link(context: dict[str, Any], act: str, picture: str, words: str, address: str) -> str:
    question = context["view_related_url_params" if act == "view" else "url_params"]
    where = f"{_safe(context[address])}?{_safe(question)}"
    href = f'href="{where}"' if act == "add" else f'data-href-template="{where}"'
    popup = "" if act == "view" else ' data-popup="yes"'
    # Add's comes before its address, as in Django.
    told = f"{popup} {href}" if act == "add" else f" {href}{popup}"
    title = _safe(in_django(words) % {"model": context["model"]})
    image = static(f"admin/img/icon-{picture}.svg")
    return (
        f'<a class="related-widget-wrapper-link {act}-related" '
        f'id="{act}_id_{_safe(context["name"])}"{told} title="{title}">'
        f'<img src="{image}" alt="" width="24" height="24"></a>'
    )


def form_row(line: Any) -> SafeString:
    """A line of a form of the admin, as its ``includes/fieldset.html`` writes one."""
    fields, alone = list(line), len(line.fields) == 1
    names = "".join(f" field-{_of(field, 'name')}" for field in fields if _of(field, "name"))
    errors = line.errors() if alone else ""
    row = f"form-row{' errors' if errors else ''}{'' if line.has_visible_field else ' hidden'}"
    opened, closed = (
        (errors, "") if alone else ('<div class="flex-container form-multiline">', "</div>")
    )
    inner = "\n".join(_in_row(field, alone) for field in fields)
    return mark_safe(  # noqa: S308 - its parts are escaped
        f'<div class="{row}{names}">\n{opened}\n{inner}\n{closed}\n</div>'
    )


def _in_row(field: Any, alone: bool) -> str:
    errors = "" if alone or field.is_readonly else field.errors()
    hidden = " hidden" if _of(field, "is_hidden") else ""
    box = "flex-container"
    if not alone:
        name = _of(field, "name")
        box += f" fieldBox{f' field-{name}' if name else ''}{' errors' if errors else ''}{hidden}"
    label = field.label_tag()
    if field.is_checkbox:
        entry = f'<div class="{box} checkbox-row">{field.field}{label}</div>'
    else:
        shown = (
            f'<div class="readonly">{_safe(field.contents())}</div>'
            if field.is_readonly
            else str(field.field)
        )
        entry = f'<div class="{box}">{label}\n{shown}</div>'
    return f"<div>{errors}\n{entry}\n{_help(field, hidden)}</div>"


def _help(field: Any, hidden: str) -> str:
    text = _of(field, "help_text")
    if not text:
        return ""
    of = _of(field, "id_for_label")
    named = f' id="{of}_helptext"' if of else ""
    return f'<div class="help{hidden}"{named}><div>{text}</div></div>'


def _of(field: Any, name: str) -> Any:
    """Of an entry, or of what stands in its place where nothing can be entered."""
    return field.field.get(name) if field.is_readonly else getattr(field.field, name)


def _attrs(widget: dict[str, Any]) -> str:
    return "".join(
        f" {name}" if value is True else f' {name}="{_safe(value)}"'
        for name, value in widget["attrs"].items()
        if value is not False
    )


def _safe(value: Any) -> SafeString:
    return conditional_escape(value if isinstance(value, SafeString) else str(value))


ERRORS = tuple(f"django/forms/errors/list/{name}.html" for name in ("default", "ul"))
INPUTS = ("text", "hidden", "number", "date", "time", "email", "url", "checkbox")
WRITTEN: dict[str, Callable[[dict[str, Any]], str]] = {
    **{f"django/forms/widgets/{kind}.html": _input for kind in INPUTS},
    "django/forms/widgets/textarea.html": _textarea,
    "django/forms/widgets/select.html": _select,
    "django/forms/label.html": _label,
    "admin/widgets/related_widget_wrapper.html": _related,
}
