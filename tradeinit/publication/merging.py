"""One record that was found to be another: what names it names the other, and so do its addresses.

What was never public is deleted instead: an address that nobody was given need not lead anywhere.
"""

from collections.abc import Collection, Iterator
from typing import Any
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.contrib.contenttypes.prefetch import GenericPrefetch
from django.core.exceptions import ValidationError
from django.db import models

from tradeinit import clock
from tradeinit.publication import registry
from tradeinit.publication.models import Part, Publishable


class Merger(models.Model):
    """Where the addresses of a record lead since it was merged."""

    uid = models.UUIDField(unique=True)
    into = models.UUIDField(db_index=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.uid} → {self.into}"


def survivor(model: type[Publishable], uid: UUID) -> Any:
    """The public record into which this one was merged, perhaps by way of others."""
    seen: set[UUID] = set()
    while uid not in seen:
        seen.add(uid)
        uid = Merger.objects.filter(uid=uid).values_list("into", flat=True).first() or uid
    return model.objects.public().filter(uid=uid).first() if len(seen) > 1 else None


def merge(gone: Publishable, kept: Publishable) -> int:
    """Inside ``writing()``: let ``kept`` stand wherever ``gone`` stood; how many rows that changed.

    Raises ValidationError, in words, where both stand already and cannot be one.
    """
    if type(gone) is not type(kept) or gone.pk == kept.pk:
        raise ValidationError("Choose another record of the same kind.")
    told = gone.was_told()
    if told and not kept.is_public:
        raise ValidationError(f"“{kept}” is not public. Clear it first.")
    changed = sum(_point(row, name, gone, kept) for row, name in pointing(gone))
    changed += sum(_list(row, name, gone, kept) for row, name in listing(gone))
    if not told:
        gone.delete()
        return changed
    if not gone.withdrawn_at:
        gone.withdrawn_at, gone.withdrawal_reason = clock.now(), f"Merged with “{kept}”."
        gone.save()
    Merger.objects.update_or_create(uid=gone.uid, defaults={"into": kept.uid, "at": clock.now()})
    return changed


def pointing(
    row: Publishable, owners: Collection[ContentType] | None = None
) -> Iterator[tuple[Any, str]]:
    """Each row that names this one, with the field that does.

    With ``owners``, of the parts that any kind of record may have only those of these kinds.
    """
    for model, name in fields_naming(type(row)):
        rows = _with_owners(model).filter(**{name: row.pk}).order_by("pk")
        if owners is not None and is_part_of_any(model):
            rows = rows.filter(**{f"{kind_of_owner(model)}__in": owners})
        for one in rows:
            yield one, name


def listing(row: Publishable) -> Iterator[tuple[Any, str]]:
    """Each record that has this one in a list, with the relation that is the list."""
    for model in registry.models():
        for relation in model._meta.many_to_many:
            if relation.related_model is type(row):
                for one in _with_owners(model).filter(**{relation.name: row.pk}).order_by("pk"):
                    yield one, relation.name


def _with_owners(model: Any) -> Any:
    """With their names, and of parts with those of the records they belong to."""
    rows = model._base_manager.with_names()
    if is_part_of_any(model):
        records: list[Any] = registry.models()
        owners = [record._base_manager.with_names() for record in records]
        return rows.prefetch_related(GenericPrefetch(model.owner_field, owners))
    return rows


def fields_naming(model: type[Publishable]) -> Iterator[tuple[Any, str]]:
    for other in named_by(model):
        for field in other._meta.concrete_fields:
            if field.related_model is model:
                yield other, field.name


def is_part_of_any(model: Any) -> bool:
    """Whether its owner may be a record of any kind, as that of a source."""
    return issubclass(model, Part) and model.owner_field not in {f.name for f in model._meta.fields}


def kind_of_owner(model: Any) -> str:
    """The field that says which kind of record the owner is."""
    owner: Any = model._meta.get_field(model.owner_field)
    return str(owner.ct_field)


def named_by(model: type[Publishable]) -> Iterator[Any]:
    """Models of which a row may name a record of ``model``: records, and parts of records."""
    yield from registry.models()
    yield from (
        relation.related_model
        for relation in model._meta.related_objects
        if issubclass(relation.related_model, Part)
    )


def _point(row: Any, name: str, gone: Any, kept: Any) -> int:
    value = kept
    if type(row) is type(kept) and row.pk == kept.pk:
        # It cannot name itself: what the other named takes that place, if that is a third one.
        beyond = getattr(gone, name)
        value = beyond if beyond and beyond.pk != kept.pk else None
    setattr(row, name, value)
    try:
        row.full_clean()
    except ValidationError as error:
        raise ValidationError([f"“{row}”: {message}" for message in error.messages]) from error
    row.save()
    return 1


def _list(row: Any, name: str, gone: Any, kept: Any) -> int:
    relation = getattr(row, name)
    relation.remove(gone)
    relation.add(kept)
    return 1
