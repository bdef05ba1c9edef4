"""Reading a form of the desk as a browser would, and filling it in."""

from typing import Any

from django.test import Client


def filled(client: Client, address: str, **changes: Any) -> dict[str, Any]:
    """What the browser would send from this page, with some entries changed."""
    context = client.get(address).context
    sent: dict[str, Any] = {}
    _read(context["adminform"].form, sent)
    for inline in context["inline_admin_formsets"]:
        _read(inline.formset.management_form, sent)
        for form in inline.formset.forms:
            _read(form, sent)
    return {**sent, **changes}


def _read(form: Any, sent: dict[str, Any]) -> None:
    for field in form:
        value, widget = field.value(), field.field.widget
        if hasattr(widget, "decompress"):
            parts = value if isinstance(value, list) else widget.decompress(value)
            for i, part in enumerate(parts):
                sent[f"{field.html_name}_{i}"] = "" if part is None else str(part)
        elif isinstance(value, list):
            sent[field.html_name] = [str(getattr(one, "pk", one)) for one in value]
        elif value is True:
            sent[field.html_name] = "on"
        elif value is not None and value is not False:
            sent[field.html_name] = str(value)


def errors(response: Any) -> list[str]:
    """What the page says is wrong, in its own order."""
    forms = [response.context["adminform"].form]
    forms += [
        form for inline in response.context["inline_admin_formsets"] for form in inline.formset
    ]
    return [str(error) for form in forms for found in form.errors.values() for error in found]


def decision(client: Client, kind: str, *rows: Any, **entries: Any) -> dict[str, Any]:
    """What the browser would send from the page that decides, all that is on offer taken along."""
    page = client.get(
        f"/admin/decide/{kind}/", {"row": [f"{row.resource}:{row.uid}" for row in rows]}
    ).context
    return {
        "chosen": "1",
        "row": [reference for reference, _row, _address in page["rows"]],
        "with": [reference for reference, _row, _address, taken in page["offered"] if taken],
        "shown": page["shown"],
        "seen": "on",
        "confirm": "1",
        **entries,
    }


def decide(client: Client, kind: str, *rows: Any, **entries: Any) -> Any:
    return client.post(f"/admin/decide/{kind}/", decision(client, kind, *rows, **entries))


def stale(client: Client) -> None:
    """As if the password had been given long ago."""
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": 0}]
    session.save()
