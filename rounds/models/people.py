from collections.abc import Iterable
from datetime import date
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mandates.models import (
    CITED,
    InitiativeParty,
    Organization,
    Sourced,
    SourcedPage,
    SourcedQuerySet,
)
from rounds.models.meetings import Round
from tradeinit.days import began_by
from tradeinit.languages import CHINESE, HAN, current, listed, local, page_address, said_of
from tradeinit.publication.concerns import Concern


class Person(SourcedPage):
    """Somebody who sat at a table. Their titles are kept with each meeting, as listed there."""

    resource = "people"
    needs_a_source = False

    name = models.CharField(_("name"), max_length=200)
    native_name = models.CharField(
        _("name in its own script"), max_length=200, blank=True, help_text=_("As in 鄧振中.")
    )
    sort_name = models.CharField(
        _("name for sorting"), max_length=200, help_text=_("Family name first: “McCartin, Terry”.")
    )

    class Meta(SourcedPage.Meta):
        ordering = ["sort_name", "pk"]
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self) -> str:
        if current() == CHINESE and HAN.search(self.native_name):
            return self.native_name
        return self.name

    @property
    def other_name(self) -> str:
        """Of the name and the one in its own script, that by which it is not called here."""
        return self.name if str(self) == self.native_name else self.native_name

    def get_absolute_url(self) -> str:
        return page_address("rounds:person", self.slug)

    concerned_with = ("participations",)

    def concerns(self) -> Iterable[Concern]:
        yield from super().concerns()
        seats = self.participations.all() if self.pk else ()
        if seats and not any(seat.is_named for seat in seats):
            yield Concern(
                "is at no round by name; clearing this makes the name public.", stops=True
            )


class Role(models.TextChoices):
    HEAD = "head", _("head of delegation")
    CO_HEAD = "co_head", _("co-head of delegation")
    DEPUTY_HEAD = "deputy_head", _("deputy head")
    CHIEF_NEGOTIATOR = "chief_negotiator", _("chief negotiator")
    CHAPTER_LEAD = "chapter_lead", _("chapter lead")
    DELEGATE = "delegate", _("delegate")
    ADVISER = "adviser", _("adviser")
    OBSERVER = "observer", _("observer")
    HOST = "host", _("host")
    SPOKESPERSON = "spokesperson", _("spokesperson")
    AGENCY = "agency", _("agency taking part")


# Those who lead a delegation act in public; all others are named only when marked so.
LEADING = (Role.HEAD, Role.CO_HEAD, Role.CHIEF_NEGOTIATOR)
IS_NAMED = Q(role__in=LEADING) | Q(named=True)


class ParticipationQuerySet(SourcedQuerySet):
    def for_list(self) -> Self:
        return (
            self.select_related(
                "round__initiative",
                "initiative_party__initiative",
                "initiative_party__party",
                "person",
                "organization",
            )
            .prefetch_related("round__venues")
            .with_sources()
        )

    def latest_first(self) -> Self:
        return self.order_by(F("round__start").desc(nulls_last=True), "round", "order", "pk")

    def true_on(self, day: date) -> Self:
        return self.filter(began_by("round__start", day))

    def naming(self, path: str) -> Self:
        return self.named() if path == "person" else self

    def named(self) -> Self:
        """Those whose person the public may know by name."""
        return self.filter(IS_NAMED)


class Participation(Sourced):
    """Somebody, or some body, at a round: as precisely as the source names them."""

    resource = "participations"
    parents = ("round", "initiative_party")
    names = (CITED, "person", "organization")
    named_by = ("person", "organization")

    round = models.ForeignKey(
        Round, verbose_name=_("round"), on_delete=models.PROTECT, related_name="participations"
    )
    initiative_party = models.ForeignKey(
        InitiativeParty,
        verbose_name=_("party"),
        on_delete=models.PROTECT,
        related_name="participations",
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    person = models.ForeignKey(
        Person,
        verbose_name=_("person"),
        on_delete=models.PROTECT,
        related_name="participations",
        null=True,
        blank=True,
    )
    organization = models.ForeignKey(
        Organization,
        verbose_name=_("organization"),
        on_delete=models.PROTECT,
        related_name="participations",
        null=True,
        blank=True,
    )
    role = models.CharField(_("role"), max_length=20, choices=Role)
    name_as_listed = models.CharField(_("name as listed"), max_length=200, blank=True)
    title_as_listed = models.CharField(
        _("title as listed"), max_length=250, blank=True, help_text=_("At this round.")
    )
    title_zh_hant = models.CharField(_("title in Traditional Chinese"), max_length=250, blank=True)
    mode = models.CharField(
        _("mode"),
        max_length=10,
        choices=Round.Mode,
        default=Round.Mode.UNKNOWN,
        help_text=_("How this one took part, where it differs or is known."),
    )
    named = models.BooleanField(
        _("public by name"),
        default=False,
        help_text=_("Heads, co-heads and chief negotiators always are; others only when marked."),
    )
    note = models.CharField(
        _("note"),
        max_length=300,
        blank=True,
        help_text=_("For a row without a name: “several other agencies”. The public reads it."),
    )
    note_zh_hant = models.CharField(_("note in Traditional Chinese"), max_length=300, blank=True)

    objects = ParticipationQuerySet.as_manager()

    class Meta(Sourced.Meta):
        # The seats of one round belong to one case, so what they are ordered by is their key.
        ordering = ["round", "initiative_party_id", "order", "pk"]
        verbose_name = _("participation")
        verbose_name_plural = _("participations")
        constraints = [
            *Sourced.Meta.constraints,
            models.CheckConstraint(
                condition=Q(person__isnull=False)
                | Q(organization__isnull=False)
                | ~Q(name_as_listed="")
                | ~Q(note=""),
                name="rounds_participation_of_somebody",
                violation_error_message=_(
                    "Say who took part: a person, an organization, or a note that describes them."
                ),
            ),
            models.UniqueConstraint(
                fields=["round", "person", "role"],
                name="rounds_one_role_a_person",
                violation_error_message=_("This person already has this role at the round."),
            ),
        ]

    def __str__(self) -> str:
        who = self.person or self.organization or self.name_as_listed or local(self, "note")
        return said_of(who, self.get_role_display())

    def get_absolute_url(self) -> str:
        return f"{self.round.get_absolute_url()}#{self.uid}"

    @property
    def is_named(self) -> bool:
        return self.named or self.role in LEADING

    def concerns(self) -> Iterable[Concern]:
        yield from super().concerns()
        name = self.name_as_listed
        told = (self.note, self.note_zh_hant, self.title_as_listed, self.title_zh_hant)
        if not self.is_named and name and any(name in text for text in told):
            yield Concern(
                f"names {name} in its words, whose name is withheld.",
                stops=True,
            )

    @property
    def public_name(self) -> str:
        """The name as the source lists it, where the public may know it."""
        if not self.is_named:
            return ""
        return self.name_as_listed

    @property
    def local_name(self) -> str:
        """The same on a page: in Chinese, the person's own name where that is Chinese."""
        if current() == CHINESE and self.is_named and self.person and self.person.is_public:
            return str(self.person) if self.person.native_name else self.name_as_listed
        return self.public_name

    @property
    def local_title(self) -> str:
        """The title as listed; in Chinese where that is known and the page is."""
        return (current() == CHINESE and self.title_zh_hant) or self.title_as_listed

    @property
    def public_title(self) -> str:
        """``Terry McCartin, head of delegation: Negotiating round``, or without the name."""
        organization = (
            self.organization if self.organization and self.organization.is_public else None
        )
        who = self.local_name or (organization.short_name if organization else local(self, "note"))
        return said_of(listed([who, self.get_role_display()]), self.round.name)

    def clean(self) -> None:
        super().clean()
        # A row keeps the name it was entered with; what the person is called later is another fact.
        if self.person and not self.name_as_listed:
            self.name_as_listed = self.person.name
        entered = self.round_id and self.initiative_party_id
        if entered and self.round.initiative_id != self.initiative_party.initiative_id:
            raise ValidationError(
                {"initiative_party": _("This party has no seat in the round's initiative.")}
            )
