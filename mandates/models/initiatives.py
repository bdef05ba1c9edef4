from collections.abc import Iterable
from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Prefetch, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mandates.models.parties import Organization, Party
from mandates.models.sources import CITED, Sourced, SourcedPage, SourcedQuerySet
from tradeinit.days import began_by, not_over_by
from tradeinit.languages import local, other_column, page_address, said_of
from tradeinit.publication.concerns import Concern


class InitiativeQuerySet(SourcedQuerySet):
    def for_list(self) -> Self:
        return self.select_related("succeeds").with_sources()

    def with_seats(self) -> Self:
        """With the public parties of each case, as ``seats``."""
        seats = InitiativeParty.objects.public().for_list()
        return self.prefetch_related(Prefetch("initiative_parties", seats, to_attr="seats"))


class Initiative(SourcedPage):
    """A case: the negotiation as a whole. It is not signed; agreements that come of it are."""

    class Kind(models.TextChoices):
        BILATERAL = "bilateral", _("bilateral")
        PLURILATERAL = "plurilateral", _("plurilateral")
        BLOC = "bloc", _("with a bloc")
        ACCESSION = "accession", _("accession")

    resource = "initiatives"
    names = (CITED, "succeeds")

    title = models.CharField(_("title"), max_length=250, unique=True)
    title_zh_hant = models.CharField(_("title in Traditional Chinese"), max_length=250, blank=True)
    short_title = models.CharField(_("short title"), max_length=80, blank=True)
    short_title_zh_hant = models.CharField(
        _("short title in Traditional Chinese"), max_length=80, blank=True
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    summary = models.TextField(
        _("summary"), blank=True, help_text=_("What it is about, in the record's own sentences.")
    )
    summary_zh_hant = models.TextField(_("summary in Traditional Chinese"), blank=True)
    policy_basis = models.TextField(
        _("standing clause"),
        blank=True,
        help_text=_("The policy under which the talks are held, as a party's texts repeat it."),
    )
    policy_basis_zh_hant = models.TextField(_("standing clause in Traditional Chinese"), blank=True)
    succeeds = models.ForeignKey(
        "self",
        verbose_name=_("succeeds"),
        on_delete=models.PROTECT,
        related_name="successors",
        null=True,
        blank=True,
        help_text=_("The earlier initiative that this one continues."),
    )

    objects = InitiativeQuerySet.as_manager()

    class Meta(SourcedPage.Meta):
        ordering = ["title"]
        verbose_name = _("initiative")
        verbose_name_plural = _("initiatives")
        constraints = [
            *SourcedPage.Meta.constraints,
            models.CheckConstraint(
                condition=Q(succeeds__isnull=True) | ~Q(succeeds=F("id")),
                name="mandates_initiative_succeeds_another",
                violation_error_message=_("An initiative cannot succeed itself."),
            ),
        ]

    def __str__(self) -> str:
        return local(self, "title")

    def concerns(self) -> Iterable[Concern]:
        yield from super().concerns()
        # Who negotiates with a customs territory does so under a policy, and its texts say so.
        seats = self.initiative_parties.filter(party__kind=Party.Kind.CUSTOMS_TERRITORY)
        if not self.policy_basis and seats.exists():
            yield Concern(
                "has a customs territory at the table and needs its standing clause.",
                stops=True,
            )

    @property
    def short_name(self) -> str:
        return local(self, "short_title") or local(self, "title")

    def get_absolute_url(self) -> str:
        return page_address("mandates:initiative", self.slug)


class InitiativePartyQuerySet(SourcedQuerySet):
    def true_on(self, day: date) -> Self:
        # A party is gone from the day on which it left.
        stays = Q(left_on__gt=day) | Q(left_on__isnull=True)
        return self.filter(began_by("joined_on", day), stays)

    def for_list(self) -> Self:
        return self.select_related("initiative", "party").with_sources()

    def with_representation(self) -> Self:
        """With the public bodies through which each party acts, as ``bodies``."""
        acting = Representation.objects.public().for_list()
        return self.prefetch_related(Prefetch("representations", acting, to_attr="bodies"))


class InitiativeParty(Sourced):
    """A party's seat in one case, under the designation used there."""

    class Role(models.TextChoices):
        NEGOTIATING = "negotiating", pgettext_lazy("the role of a party", "negotiating")
        ACCEDING = "acceding", _("acceding")
        OBSERVER = "observer", _("observer")

    resource = "initiative-parties"
    parents = ("initiative", "party")
    named_by = ("initiative", "party")

    initiative = models.ForeignKey(
        Initiative,
        verbose_name=_("initiative"),
        on_delete=models.PROTECT,
        related_name="initiative_parties",
    )
    party = models.ForeignKey(
        Party, verbose_name=_("party"), on_delete=models.PROTECT, related_name="seats"
    )
    designation = models.CharField(
        _("designation in this case"),
        max_length=200,
        blank=True,
        help_text=_("Only where this case names the party otherwise than the party's own page."),
    )
    designation_zh_hant = models.CharField(
        _("designation in Traditional Chinese"), max_length=200, blank=True
    )
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.NEGOTIATING)
    joined_on = models.DateField(_("joined on"), null=True, blank=True)
    left_on = models.DateField(_("left on"), null=True, blank=True)

    objects = InitiativePartyQuerySet.as_manager()

    class Meta(Sourced.Meta):
        ordering = ["initiative", "pk"]
        verbose_name = _("party to an initiative")
        verbose_name_plural = _("parties to initiatives")
        constraints = [
            *Sourced.Meta.constraints,
            models.UniqueConstraint(
                fields=["initiative", "party"],
                name="mandates_one_seat_a_party",
                violation_error_message=_("This party already has a seat in this initiative."),
            ),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True)
                | Q(joined_on__isnull=True)
                | Q(left_on__gte=F("joined_on")),
                name="mandates_left_after_joining",
                violation_error_message=_("A party cannot leave before it joined."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} – {self.initiative.short_name}"

    def concerns(self) -> Iterable[Concern]:
        yield from super().concerns()
        if self.designation:
            approved = (
                type(self).objects.public().filter(party=self.party, designation=self.designation)
            )
            if not approved.exists():
                yield Concern(
                    f"calls {self.party} “{self.designation}”, as no public record does yet."
                )

    def get_absolute_url(self) -> str:
        return f"{self.initiative.get_absolute_url()}#{self.uid}"

    @property
    def name(self) -> str:
        return local(self, "designation") or local(self.party, "name")

    def is_taken(self, day: date) -> bool:
        """As ``true_on`` asks of many: a party is gone from the day on which it left."""
        has_joined = self.joined_on is None or self.joined_on <= day
        return has_joined and (self.left_on is None or self.left_on > day)

    @property
    def other_name(self) -> str:
        """The same in the other language; empty where there is none."""
        for record, name in ((self, "designation"), (self.party, "name")):
            column = other_column(record, name)
            if column:
                return getattr(record, column)
        return ""


class RepresentationQuerySet(SourcedQuerySet):
    def true_on(self, day: date) -> Self:
        return self.filter(began_by("from_day", day), not_over_by("to_day", day))

    def for_list(self) -> Self:
        return self.select_related(
            "initiative_party__initiative",
            "initiative_party__party",
            "organization",
            "on_behalf_of",
        ).with_sources()


class Representation(Sourced):
    """Through which body, and in which capacity, a party acts in a case."""

    class Capacity(models.TextChoices):
        AUSPICES = "auspices", _("under the auspices of")
        DESIGNATED_REPRESENTATIVE = "designated_representative", _("designated representative")
        LEAD_AGENCY = "lead_agency", _("lead agency")

    resource = "representations"
    parents = ("initiative_party", "organization")
    names = (CITED, "on_behalf_of")
    named_by = ("organization",)

    initiative_party = models.ForeignKey(
        InitiativeParty,
        verbose_name=_("party to the initiative"),
        on_delete=models.PROTECT,
        related_name="representations",
    )
    organization = models.ForeignKey(
        Organization,
        verbose_name=_("organization"),
        on_delete=models.PROTECT,
        related_name="representations",
    )
    capacity = models.CharField(_("capacity"), max_length=30, choices=Capacity)
    on_behalf_of = models.ForeignKey(
        Organization,
        verbose_name=_("on behalf of"),
        on_delete=models.PROTECT,
        related_name="represented_by",
        null=True,
        blank=True,
        help_text=_("The body that designated it, where the source says so."),
    )
    from_day = models.DateField(_("from"), null=True, blank=True)
    to_day = models.DateField(_("to"), null=True, blank=True)

    objects = RepresentationQuerySet.as_manager()

    class Meta(Sourced.Meta):
        ordering = ["initiative_party", "pk"]
        verbose_name = _("representation")
        verbose_name_plural = _("representations")
        constraints = [
            *Sourced.Meta.constraints,
            models.UniqueConstraint(
                fields=["initiative_party", "organization", "capacity"],
                name="mandates_one_capacity_once",
                violation_error_message=_("This body already has this capacity here."),
            ),
            models.CheckConstraint(
                condition=Q(to_day__isnull=True)
                | Q(from_day__isnull=True)
                | Q(to_day__gte=F("from_day")),
                name="mandates_representation_ends_after_it_begins",
                violation_error_message=_("The last day lies before the first."),
            ),
        ]

    def __str__(self) -> str:
        return said_of(self.organization.short_name, self.get_capacity_display())

    def get_absolute_url(self) -> str:
        return f"{self.initiative_party.initiative.get_absolute_url()}#{self.uid}"
