"""Every fact names its source: what a record inherits to be able to cite."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models import Min

from tradeinit.publication.models import Addressed, Publishable

CITED = "citations__document"
# What a page needs of a cited document beside it.
CITED_WITH_PUBLISHER = "citations__document__publisher"


class Sourced(Publishable):
    """A record whose facts cite documents; the citations are part of its body."""

    names = (CITED,)

    citations = GenericRelation(
        "mandates.Citation", content_type_field="record_type", object_id_field="record_id"
    )

    class Meta(Publishable.Meta):
        abstract = True

    @classmethod
    def earliest_source(cls, rows: models.QuerySet) -> Iterable[tuple[Any, date]]:
        dated = rows.annotate(first=Min("citations__document__dated"))
        return dated.filter(first__isnull=False).values_list("pk", "first")


class SourcedPage(Sourced, Addressed):
    """The same, with a page of its own."""

    class Meta(Publishable.Meta):
        abstract = True
