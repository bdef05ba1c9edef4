"""A record as it was before: the reverse of describing it."""

from typing import Any

from rounds.datafiles import columns, parts
from rounds.exporting import Describer, own_columns, owned_by
from tradeinit.publication.models import Addressed, Part, Publishable


def restore(row: Publishable, before: dict[str, Any]) -> None:
    for name, column in columns(type(row)).items():
        setattr(row, column.attname, _value(column, before.get(name), row))
    row.save()
    for name, part in parts(type(row)).items():
        _restore_parts(row, part, before.get(name, []), Describer())


def _restore_parts(
    row: Publishable, model: type[Part], wanted: list[dict[str, Any]], describer: Describer
) -> None:
    left = list(wanted)
    for _pk, owned in owned_by(type(row), model, [row]):
        described = describer.values(owned, own_columns(model))
        if described in left:
            left.remove(described)
        else:
            setattr(owned, owned.owner_field, row)
            owned.delete()
    for values in left:
        part = model()
        setattr(part, part.owner_field, row)
        for name, column in own_columns(model).items():
            if name in values:
                setattr(part, column.attname, _value(column, values[name], part))
        part.save()


def _value(column: Any, value: Any, row: Any) -> Any:
    if value is None:
        return None if column.null else ""
    if column.is_relation:
        name = "slug" if issubclass(column.related_model, Addressed) else "uid"
        return column.related_model._base_manager.get(**{name: value}).pk
    return column.to_python(value)
