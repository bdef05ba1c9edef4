"""What was imported from files, so that it can be read again and taken back as a whole.

Only the desk shows it, and the desk is in English.
"""

from django.conf import settings
from django.db import models


class Import(models.Model):
    """One import: proposed after a dry run, recorded, or taken back. Never public."""

    begun = models.DateTimeField("begun", auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="by",
        on_delete=models.PROTECT,
        related_name="imports",
        null=True,
        blank=True,
    )
    report = models.JSONField("report", default=dict)
    # Which name of the files is which known record, where somebody has said so.
    choices = models.JSONField("choices", default=dict)
    # Each record made or changed, in that order: what it was before, which version it has since.
    written = models.JSONField("written", default=list)
    # Of the report and of all that it was compared with, when it was shown.
    shown = models.CharField("shown", max_length=64, blank=True)
    recorded = models.DateTimeField("recorded", null=True, blank=True)
    taken_back = models.DateTimeField("taken back", null=True, blank=True)
    taken_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="taken back by",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )

    class Meta:
        ordering = ["-pk"]
        verbose_name = "import"
        verbose_name_plural = "imports"

    def __str__(self) -> str:
        return f"{self.pk}: {', '.join(file.name for file in self.files.all())}"


class ImportedFile(models.Model):
    """A file as it came. Its content is kept until the import is recorded or dropped."""

    batch = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="files")
    name = models.CharField("name", max_length=255)
    sha256 = models.CharField("SHA-256", max_length=64)
    content = models.BinaryField("content", blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = "imported file"
        verbose_name_plural = "imported files"

    def __str__(self) -> str:
        return self.name
