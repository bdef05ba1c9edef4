from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mandates.models.sources import CITED, SourcedPage, SourcedQuerySet
from tradeinit.languages import local, page_address


class PartyQuerySet(SourcedQuerySet):
    def for_list(self) -> Self:
        return self.prefetch_related("members").with_sources()


class Party(SourcedPage):
    """Who can sit on one side of a table: a state, a customs territory, a bloc."""

    class Kind(models.TextChoices):
        STATE = "state", pgettext_lazy("a country", "state")
        CUSTOMS_TERRITORY = "customs_territory", _("customs territory")
        BLOC = "bloc", _("bloc")
        ORGANIZATION = "organization", _("organization")
        UNKNOWN = "unknown", _("not stated")

    resource = "parties"
    needs_a_source = False
    names = (CITED, "members")
    _history_m2m_fields = ("members",)

    name = models.CharField(
        _("name"),
        max_length=200,
        unique=True,
        help_text=_("As the sources of the cases call it; never taken from a list of countries."),
    )
    name_zh_hant = models.CharField(_("name in Traditional Chinese"), max_length=200, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.UNKNOWN)
    members = models.ManyToManyField(
        "self",
        verbose_name=_("members"),
        symmetrical=False,
        related_name="member_of",
        blank=True,
        help_text=_("For a bloc: the parties it speaks for."),
    )

    objects = PartyQuerySet.as_manager()

    class Meta(SourcedPage.Meta):
        ordering = ["name"]
        verbose_name = _("party")
        verbose_name_plural = _("parties")

    def __str__(self) -> str:
        return local(self, "name")

    def get_absolute_url(self) -> str:
        return page_address("mandates:party", self.slug)


class OrganizationQuerySet(SourcedQuerySet):
    def for_list(self) -> Self:
        return self.select_related("party", "parent").with_sources()


class Organization(SourcedPage):
    """A body through which a party acts: a ministry, an office, an institute."""

    class Kind(models.TextChoices):
        MINISTRY = "ministry", _("ministry or department")
        AGENCY = "agency", _("agency")
        OFFICE = "office", _("trade or negotiation office")
        REPRESENTATIVE_OFFICE = "representative_office", _("representative office")
        LEGISLATURE = "legislature", _("legislature")
        INTERNATIONAL = "international", _("international organization")
        PUBLISHER = "publisher", _("publisher or press")
        OTHER = "other", _("other")

    resource = "organizations"
    needs_a_source = False
    names = (CITED, "party", "parent")

    name = models.CharField(_("name"), max_length=250, unique=True)
    name_zh_hant = models.CharField(_("name in Traditional Chinese"), max_length=250, blank=True)
    abbreviation = models.CharField(_("abbreviation"), max_length=40, blank=True)
    kind = models.CharField(_("kind"), max_length=30, choices=Kind, default=Kind.OTHER)
    party = models.ForeignKey(
        Party,
        verbose_name=_("party"),
        on_delete=models.PROTECT,
        related_name="organizations",
        null=True,
        blank=True,
        help_text=_("On whose side it stands, if on any."),
    )
    parent = models.ForeignKey(
        "self",
        verbose_name=_("part of"),
        on_delete=models.PROTECT,
        related_name="parts",
        null=True,
        blank=True,
    )

    objects = OrganizationQuerySet.as_manager()

    class Meta(SourcedPage.Meta):
        ordering = ["name"]
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")

    def __str__(self) -> str:
        name = local(self, "name")
        if not self.abbreviation:
            return name
        return _("%(name)s (%(abbreviation)s)") % {"name": name, "abbreviation": self.abbreviation}

    def get_absolute_url(self) -> str:
        return page_address("mandates:organization", self.slug)

    @property
    def short_name(self) -> str:
        return self.abbreviation or local(self, "name")
