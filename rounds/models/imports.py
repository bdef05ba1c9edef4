"""What was imported from files, so that it can be read again and taken back as a whole."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Import(models.Model):
    """One import: proposed after a dry run, recorded, or taken back. Never public."""

    begun = models.DateTimeField(_("begun"), auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.PROTECT,
        related_name="imports",
        null=True,
        blank=True,
    )
    report = models.JSONField(_("report"), default=dict)
    # Which name of the files is which known record, where somebody has said so.
    choices = models.JSONField(_("choices"), default=dict)
    # Each record made or changed, in that order: what it was before, which version it has since.
    written = models.JSONField(_("written"), default=list)
    # Of the report and of all that it was compared with, when it was shown.
    shown = models.CharField(_("shown"), max_length=64, blank=True)
    recorded = models.DateTimeField(_("recorded"), null=True, blank=True)
    taken_back = models.DateTimeField(_("taken back"), null=True, blank=True)
    taken_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("taken back by"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("import")
        verbose_name_plural = _("imports")

    def __str__(self) -> str:
        return f"{self.pk}: {', '.join(file.name for file in self.files.all())}"


class ImportedFile(models.Model):
    """A file as it came. Its content is kept until the import is recorded or dropped."""

    batch = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(_("name"), max_length=255)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    content = models.BinaryField(_("content"), blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("imported file")
        verbose_name_plural = _("imported files")

    def __str__(self) -> str:
        return self.name
