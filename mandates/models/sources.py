"""Every fact names its source: what a record inherits to be able to cite."""

from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar, Self

from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models import Min, Prefetch

from tradeinit.publication.concerns import Concern
from tradeinit.publication.models import Addressed, Publishable, PublishableQuerySet

CITED = "citations__document"
# Where Django leaves them. Under the name of the relation it would build a query for each row
# first, which takes as long as reading it.
CITATIONS = "found_citations"
# What a page says of the document that a citation names.
SHOWN = ("document__initiative", "document__publisher")


class SourcedQuerySet(PublishableQuerySet):
    def for_list(self) -> Self:
        return self.with_sources()

    def without_a_source(self) -> Self:
        if not self.model.needs_a_source:
            return self.none()
        return self.filter(citations__isnull=True, withdrawn_at__isnull=True)

    def with_sources(self) -> Self:
        """With each citation and what a page says of the cited document, in one query."""
        relation: Any = self.model._meta.get_field("citations")
        cited = relation.related_model.objects.select_related(*SHOWN)
        return self.prefetch_related(Prefetch("citations", cited, CITATIONS))


class Sourced(Publishable):
    """A record whose facts cite documents; the citations are part of its body."""

    names: ClassVar[tuple[str, ...]] = (CITED,)

    citations = GenericRelation(
        "mandates.Citation", content_type_field="record_type", object_id_field="record_id"
    )

    objects = SourcedQuerySet.as_manager()

    class Meta(Publishable.Meta):
        abstract = True

    @property
    def cited_passages(self) -> Iterable[Any]:
        """Its citations as they are read; ``with_sources()`` fetches those of all rows at once."""
        found = vars(self).get(CITATIONS)
        return self.citations.select_related(*SHOWN) if found is None else found

    # What is a fact and not a name must say where it is from.
    needs_a_source: ClassVar[bool] = True

    def concerns(self) -> Iterable[Concern]:
        yield from super().concerns()
        if self.needs_a_source and not self.cited_passages:
            yield Concern("names no source.")

    @classmethod
    def earliest_source(cls, rows: models.QuerySet) -> Iterable[tuple[Any, date]]:
        dated = rows.annotate(first=Min("citations__document__dated"))
        return dated.filter(first__isnull=False).values_list("pk", "first")


class SourcedPage(Sourced, Addressed):
    """The same, with a page of its own."""

    class Meta(Publishable.Meta):
        abstract = True
