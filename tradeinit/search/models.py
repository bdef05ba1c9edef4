"""The index of search: derived from the log, like all that is public, and never shown itself."""

from typing import Self

from django.db import models

from tradeinit import clock


class SearchEntryQuerySet(models.QuerySet):
    def public(self) -> Self:
        return self.filter(at__lte=clock.Instant())


class SearchEntry(models.Model):
    """The words of one record, as the log tells it from an instant on.

    An embargoed record has its entry, as it has its pending one in the log, and is found from its
    instant on. What is withdrawn, and what was never cleared, has none.
    """

    uid = models.UUIDField(unique=True)
    resource = models.CharField(max_length=40)
    root = models.CharField(max_length=100)
    at = models.DateTimeField()
    # By which results are put in order; empty for what belongs to no day.
    day = models.DateField(null=True)
    # The forms of its words: of its name, where it has a page under one, and of everything else.
    name = models.TextField(blank=True)
    text = models.TextField(blank=True)

    objects = SearchEntryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "search entries"

    def __str__(self) -> str:
        return f"{self.resource} {self.uid}"
