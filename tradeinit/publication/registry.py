"""Which serializer writes the body of which record. Filled by each app's ``ready()``."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tradeinit.publication.models import Publishable

_serializers: dict[type["Publishable"], Any] = {}


def register(*serializers: Any) -> None:
    for serializer in serializers:
        _serializers[serializer.Meta.model] = serializer


def serializer_of(model: type["Publishable"]) -> Any:
    return _serializers[model]


def models() -> list[type["Publishable"]]:
    return list(_serializers)


def model_of(resource: str) -> type["Publishable"]:
    return next(model for model in _serializers if model.resource == resource)


def of_each_kind(rows: Iterable[Any]) -> dict[Any, list[Any]]:
    """Rows in hand, by their models."""
    kinds: dict[Any, list[Any]] = {}
    for row in rows:
        kinds.setdefault(type(row), []).append(row)
    return kinds


def children_of(model: type["Publishable"]) -> list[tuple[type["Publishable"], str]]:
    """Records for which ``model`` is a parent, each with the foreign key that says so."""
    return [
        (child, name)
        for child in _serializers
        for name in child.parents
        if child._meta.get_field(name).related_model is model
    ]


def referrers_of(model: type["Publishable"]) -> list[tuple[type["Publishable"], str]]:
    """Records whose body names records of ``model``, each with the lookup path that leads there."""
    return [
        (referrer, path)
        for referrer in _serializers
        for path in referrer.names
        if target(referrer, path) is model
    ]


def target(model: type["Publishable"], path: str) -> type["Publishable"]:
    """The model at the end of a lookup path such as ``citations__document``."""
    reached: Any = model
    for step in path.split("__"):
        reached = reached._meta.get_field(step).related_model
    return reached
