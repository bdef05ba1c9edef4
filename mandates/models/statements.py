"""The ledger: who said on which day that a case, or a chapter of it, stood where.

No field anywhere holds a current status. It is asked of the ledger, for a day, as known on a day.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache, lru_cache
from typing import Any, NamedTuple, Self
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, Value, When
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from mandates.models.agreements import Agreement
from mandates.models.chapters import Chapter
from mandates.models.initiatives import Initiative, InitiativeParty
from mandates.models.sources import CITED, Sourced, SourcedQuerySet
from tradeinit import days
from tradeinit.days import Precision
from tradeinit.languages import listed
from tradeinit.publication.models import Publishable


class Phase(models.TextChoices):
    EXPLORATORY = "exploratory", _("exploratory")
    LAUNCHED = "launched", _("launched")
    NEGOTIATING = "negotiating", _("negotiating")
    CONCLUDED_IN_PRINCIPLE = "concluded_in_principle", _("concluded in principle")
    CONCLUDED = "concluded", _("concluded")
    PAUSED = "paused", _("paused")
    ENDED = "ended", _("ended")


class Milestone(models.TextChoices):
    LAUNCH = "launch", _("launch")
    MANDATE_PUBLISHED = "mandate_published", _("mandate published")
    PROPOSALS_PUBLISHED = "proposals_published", _("proposals published")
    FIRST_ROUND = "first_round", _("first round")
    TEXT_PUBLISHED = "text_published", _("text published")
    JOINED = "joined", _("party joined")
    LEFT = "left", _("party left")
    RELAUNCH = "relaunch", _("relaunch")
    CONSULTATION = "consultation", _("public consultation")
    LEGISLATURE_NOTIFIED = "legislature_notified", _("legislature notified")
    BILL_INTRODUCED = "bill_introduced", _("bill introduced")
    PASSED_ONE_CHAMBER = "passed_one_chamber", _("bill passed by one chamber")
    PASSED_BOTH_CHAMBERS = "passed_both_chambers", _("bill passed by both chambers")


class ChapterStatus(models.TextChoices):
    NOT_OPENED = "not_opened", _("not opened")
    CONCEPTUAL = "conceptual", _("conceptual discussion")
    TEXT_TABLED = "text_tabled", _("text tabled")
    CONSOLIDATING = "consolidating", _("consolidating text")
    CONSOLIDATED = "consolidated", _("text consolidated")
    ADVANCED = "advanced", _("advanced")
    PARKED = "parked", _("parked")
    PROVISIONALLY_CLOSED = "provisionally_closed", _("provisionally closed")
    REOPENED = "reopened", _("reopened")
    CONCLUDED = "concluded", _("concluded")
    LEGALLY_VERIFIED = "legally_verified", _("legally verified")
    DEFERRED = "deferred", _("deferred")
    DROPPED = "dropped", _("dropped")


class AgreementStatus(models.TextChoices):
    DRAFTING = "drafting", _("drafting")
    TEXT_AGREED = "text_agreed", _("text agreed")
    LEGAL_REVIEW = "legal_review", _("legal review")
    INITIALLED = "initialled", _("initialled")
    SIGNED = "signed", _("signed")
    APPROVED = "approved", _("approved")
    IN_FORCE = "in_force", _("in force")
    PARTLY_IN_FORCE = "partly_in_force", _("partly in force")
    TERMINATED = "terminated", _("terminated")


# Which values may be said of which subject: subject field -> vocabularies.
VOCABULARIES: dict[str, tuple[type[models.TextChoices], ...]] = {
    "initiative": (Phase, Milestone),
    "chapter": (ChapterStatus,),
    "agreement": (AgreementStatus,),
}
# The vocabulary in which each subject has a current value.
STATUS_OF: dict[str, type[models.TextChoices]] = {
    "initiative": Phase,
    "chapter": ChapterStatus,
    "agreement": AgreementStatus,
}
SUBJECTS = tuple(VOCABULARIES)
# From a statement to the initiative it concerns.
CASE_PATHS = tuple(
    subject if subject == "initiative" else f"{subject}__initiative" for subject in SUBJECTS
)


def _values(vocabularies: tuple[type[models.TextChoices], ...]) -> list[str]:
    return [value for vocabulary in vocabularies for value in vocabulary.values]


@cache
def value_choices() -> list[tuple[str, Any]]:
    labels: dict[str, Any] = {}
    for vocabularies in VOCABULARIES.values():
        for vocabulary in vocabularies:
            for value, label in vocabulary.choices:
                labels.setdefault(value, label)
    return list(labels.items())


def _exactly_one_subject() -> Q:
    either = Q()
    for subject in SUBJECTS:
        alone = Q(**{f"{subject}__isnull": False})
        for other in SUBJECTS:
            if other != subject:
                alone &= Q(**{f"{other}__isnull": True})
        either |= alone
    return either


def _value_fits_subject() -> Q:
    fits = Q()
    for subject, vocabularies in VOCABULARIES.items():
        fits |= Q(**{f"{subject}__isnull": False}, value__in=_values(vocabularies))
    return fits


def _rank(field: str, vocabulary: type[models.TextChoices]) -> Case:
    """Of two statements of one day the one further along its vocabulary is the later."""
    return Case(
        *(When(**{field: value}, then=Value(i)) for i, value in enumerate(vocabulary.values)),
        default=Value(-1),
        output_field=IntegerField(),
    )


class StatementQuerySet(SourcedQuerySet):
    def for_list(self) -> Self:
        return self.select_related(
            *CASE_PATHS, "claimed_by__initiative", "claimed_by__party", "corrects"
        ).with_sources()

    def of_case(self, initiative: Initiative) -> Self:
        """About the initiative or anything that belongs to it.

        Found by ids, each kind by its own index: else all statements there are would be read.
        """
        first, *others = (
            Statement.objects.filter(**{path: initiative}).order_by().values("pk")
            for path in CASE_PATHS
        )
        return self.filter(pk__among=first.union(*others, all=True))

    def of_chapters(self, initiative: Initiative) -> Self:
        return self.filter(chapter__initiative=initiative)

    def effective_between(self, first: date, last: date) -> Self:
        return self.filter(effective_on__gte=first, effective_on__lte=last)

    def true_on(self, day: date) -> Self:
        return self.filter(effective_on__lte=day)

    def heard(self, known: date) -> Self:
        """What the public could know by that day: disclosed, and not corrected by then."""
        disclosed = Statement.objects.public().filter(disclosed_on__lte=known)
        return self.public().filter(
            ~Exists(disclosed.filter(corrects=OuterRef("pk"))), disclosed_on__lte=known
        )

    def said(self, subject: str, on: date, known: date) -> Self:
        """What was said of where a subject stands, up to a day, as heard by a day."""
        return self.heard(known).filter(
            **{f"{subject}__isnull": False},
            effective_on__lte=on,
            value__in=STATUS_OF[subject].values,
        )

    def words(self, subject: str) -> models.QuerySet:
        """No more of these statements than ``last_words`` needs, and of what each is said."""
        return self.values_list(subject, *Word._fields[1:])

    def standing(self, subject: str, on: date, known: date) -> "StatementQuerySet":
        """What stands on that day, as ``last_words`` says, for a filter over many subjects."""
        return _standing(subject, on, known).all()


class Word(NamedTuple):
    """A statement, as far as it takes to say whether it stands."""

    subject: Any
    pk: Any
    claimed_by: Any
    value: str
    effective_on: date
    disclosed_on: date
    uid: UUID

    def came_at(self, vocabulary: Sequence[str]) -> tuple[Any, ...]:
        return self.effective_on, self.disclosed_on, vocabulary.index(self.value), self.uid


def last_words(said: Iterable[Word], vocabulary: Sequence[str]) -> list[Word]:
    """Of what was said of one subject what stands: each claimant's last word.

    A party's own statement gives way to its next, and to a later joint one. A joint one gives way
    to a later joint one, and to the last word of a party that says something else; who only
    repeats it does not replace it. "Later" means effective later, then disclosed later, then
    further along the vocabulary; never entered later.
    """
    last: dict[Any, Word] = {}
    for word in sorted(said, key=lambda word: word.came_at(vocabulary)):
        if word.claimed_by is None:
            last.clear()
        last[word.claimed_by] = word
    joint = last.pop(None, None)
    own = list(last.values())
    if joint is None or any(word.value != joint.value for word in own):
        return own
    return [joint, *own]


@lru_cache(maxsize=64)
def _standing(subject: str, on: date, known: date) -> StatementQuerySet:
    """Building this question takes Django longer than the database takes to answer it."""
    said = Statement.objects.said(subject, on, known).annotate(
        rank=_rank("value", STATUS_OF[subject])
    )
    later = Q(effective_on__gt=OuterRef("effective_on")) | Q(
        effective_on=OuterRef("effective_on")
    ) & (
        Q(disclosed_on__gt=OuterRef("disclosed_on"))
        | Q(disclosed_on=OuterRef("disclosed_on"))
        & (Q(rank__gt=OuterRef("rank")) | Q(rank=OuterRef("rank"), uid__gt=OuterRef("uid")))
    )
    later_said = said.filter(**{subject: OuterRef(subject)}).filter(later)
    later_joint = Exists(later_said.filter(claimed_by__isnull=True))
    later_own = Exists(later_said.filter(claimed_by=OuterRef("claimed_by")))
    moved_on = later_said.filter(claimed_by__isnull=False).exclude(value=OuterRef("value"))
    joint = Q(claimed_by__isnull=True)
    return said.filter(
        ~later_joint,
        joint & ~Exists(moved_on.filter(~later_own)) | ~joint & ~later_own,
    )


class Statement(Sourced):
    """One entry of the ledger. Once public it can only be withdrawn, or corrected by another."""

    resource = "statements"
    parents = SUBJECTS
    names = (CITED, "claimed_by", "corrects")
    named_by = SUBJECTS

    initiative = models.ForeignKey(
        Initiative,
        verbose_name=_("about the initiative"),
        on_delete=models.PROTECT,
        related_name="statements",
        null=True,
        blank=True,
    )
    chapter = models.ForeignKey(
        Chapter,
        verbose_name=_("about the chapter"),
        on_delete=models.PROTECT,
        related_name="statements",
        null=True,
        blank=True,
    )
    agreement = models.ForeignKey(
        Agreement,
        verbose_name=_("about the agreement"),
        on_delete=models.PROTECT,
        related_name="statements",
        null=True,
        blank=True,
    )
    value = models.CharField(_("value"), max_length=40, choices=value_choices)
    effective_on = models.DateField(
        _("effective on"), help_text=_("The day from which it holds, or the first of its period.")
    )
    precision = models.CharField(
        _("precision"), max_length=10, choices=Precision, default=Precision.DAY
    )
    claimed_by = models.ForeignKey(
        InitiativeParty,
        verbose_name=_("said by"),
        on_delete=models.PROTECT,
        related_name="claims",
        null=True,
        blank=True,
        help_text=_("Empty: said jointly."),
    )
    wording = models.TextField(
        _("wording"), blank=True, help_text=_("In a few words, as the source puts it.")
    )
    corrects = models.OneToOneField(
        "self",
        verbose_name=_("corrects"),
        on_delete=models.PROTECT,
        related_name="corrected_by",
        null=True,
        blank=True,
        help_text=_("The earlier statement that this one puts right."),
    )

    objects = StatementQuerySet.as_manager()

    class Meta(Sourced.Meta):
        ordering = ["-effective_on", "-disclosed_on", "pk"]
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        constraints = [
            *Sourced.Meta.constraints,
            models.CheckConstraint(
                condition=_exactly_one_subject(),
                name="mandates_statement_has_one_subject",
                violation_error_message=_(
                    "A statement is about exactly one thing: "
                    "an initiative, a chapter or an agreement."
                ),
            ),
            models.CheckConstraint(
                condition=_value_fits_subject(),
                name="mandates_statement_value_fits_subject",
                violation_error_message=_(
                    "This value cannot be said of this subject: "
                    "phases and milestones belong to initiatives, "
                    "statuses to chapters, and agreements have their own."
                ),
            ),
            models.CheckConstraint(
                condition=Q(corrects__isnull=True) | ~Q(corrects=F("id")),
                name="mandates_statement_corrects_another",
                violation_error_message=_("A statement cannot correct itself."),
            ),
            models.CheckConstraint(
                condition=Q(public_from__isnull=True) | Q(disclosed_on__isnull=False),
                name="mandates_statement_disclosed_once_cleared",
                violation_error_message=_("Say on which day the statement became known."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["-effective_on", "-disclosed_on", "id"], name="mandates_said_by_day"
            ),
            *(
                models.Index(fields=[subject, "effective_on"], name=f"mandates_said_of_{subject}")
                for subject in SUBJECTS
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject}: {self.get_value_display()} ({self.effective_on})"

    def get_absolute_url(self) -> str:
        return f"{self.subject.get_absolute_url()}#{self.uid}"

    @property
    def headline(self) -> str:
        """``Launch``, ``Phase: negotiating``, ``Status: text tabled``."""
        label = str(self.get_value_display())
        if self.is_milestone:
            return capfirst(label)
        form = _("Phase: %(value)s") if self.initiative_id else _("Status: %(value)s")
        return str(form % {"value": label})

    @property
    def public_title(self) -> str:
        day = days.in_words(self.effective_on, self.effective_on, self.precision)
        return f"{listed([self.headline, day])} – {self.subject}"

    @property
    def is_milestone(self) -> bool:
        return self.value in Milestone.values

    @property
    def subject_kind(self) -> str:
        return next((name for name in SUBJECTS if getattr(self, f"{name}_id")), "")

    @property
    def subject(self) -> Any:
        return getattr(self, self.subject_kind) if self.subject_kind else None

    @property
    def case(self) -> Initiative:
        return self.subject if self.subject_kind == "initiative" else self.subject.initiative

    def clean(self) -> None:
        super().clean()
        if not self.subject_kind:
            return
        if self.claimed_by and self.claimed_by.initiative_id != self.case.pk:
            raise ValidationError({"claimed_by": _("This party has no seat in this initiative.")})
        if self.corrects and self.corrects.subject != self.subject:
            raise ValidationError({"corrects": _("It is about something else.")})

    def refuse_unpublishing(self, stored: Publishable) -> None:
        super().refuse_unpublishing(stored)
        if not stored.was_told():
            return
        kept = {"withdrawn_at", "withdrawal_reason", "version"}
        changed = stored.columns_that_differ(self) - kept
        if changed or stored.withdrawn_at:
            raise ValidationError(
                _(
                    "A public statement stands as it was made. "
                    "Withdraw it, or enter a new one that corrects it."
                )
            )
