"""What a published record inherits, and the log of what the public was told."""

import uuid
from collections.abc import Iterable
from datetime import date, datetime
from functools import partial
from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q, lookups
from django.urls import reverse
from django.utils.encoding import force_str
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from tradeinit import clock, days
from tradeinit.publication import current
from tradeinit.publication.concerns import Concern
from tradeinit.publication.history import History

tracker = History()


class TrackedQuerySet(models.QuerySet[Any, Any]):
    """Refuses the writes that would pass by the gate."""

    def with_names(self, *relations: str, but: str = "") -> Self:
        """With all that the names of these rows read, and of the rows these relations lead to.

        ``but``: a relation that whoever asks fills in.
        """
        wanted = dict.fromkeys((*self.model.named_by, *relations))
        joined, fetched = name_paths(self.model, [name for name in wanted if name != but])
        rows = self.select_related(*joined) if joined else self
        return rows.prefetch_related(*fetched)

    def bulk_create(  # type: ignore[override]  # the options it refuses are not spelled out
        self, objs: Any, batch_size: int | None = None, **options: Any
    ) -> Any:
        if any(options.values()):
            raise current.PastTheGate("bulk_create() here takes no conflict options.")
        rows = list(objs)
        return current.gate().create_many(rows, partial(super().bulk_create, rows, batch_size))

    def update(self, **kwargs: Any) -> int:
        raise current.PastTheGate("update() leaves no history: save each row inside writing().")

    update.alters_data = True  # type: ignore[attr-defined]

    def bulk_update(self, *args: Any, **kwargs: Any) -> int:
        raise current.PastTheGate(
            "bulk_update() leaves no history: save each row inside writing()."
        )

    def delete(self) -> tuple[int, dict[str, int]]:
        counts: dict[str, int] = {}
        for row in self:
            for label, count in row.delete()[1].items():
                counts[label] = counts.get(label, 0) + count
        return sum(counts.values()), counts

    delete.alters_data = True  # type: ignore[attr-defined]


def name_paths(model: Any, relations: Iterable[str]) -> tuple[list[str], list[str]]:
    """These relations and all that the names behind them read: to one row, and to many."""
    joined: list[str] = []
    fetched: list[str] = []
    for name in relations:
        field = model._meta.get_field(name)
        (joined if field.many_to_one or field.one_to_one else fetched).append(name)
        behind = field.related_model
        further_joined, further_fetched = name_paths(behind, behind.named_by)
        joined += [f"{name}__{path}" for path in further_joined]
        fetched += [f"{name}__{path}" for path in further_fetched]
    return joined, fetched


class Tracked(models.Model):
    """A row whose every change has a history and belongs to a version of a record."""

    # The relations that its name reads.
    named_by: ClassVar[tuple[str, ...]] = ()

    # The gate writes history itself, once a row and writing, after relations are saved.
    skip_history_when_saving = True

    history = tracker

    objects = TrackedQuerySet.as_manager()

    class Meta:
        abstract = True
        # Else Django itself would update past the gate: ``initiative.rounds.add(...)``.
        base_manager_name = "objects"

    def save(self, *args: Any, **kwargs: Any) -> None:
        # The gate compares all columns; a partial save would leave the version behind.
        kwargs.pop("update_fields", None)
        current.gate().save(self, partial(super().save, *args, **kwargs))

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        return current.gate().delete(self, partial(super().delete, *args, **kwargs))

    def _get_FIELD_display(self, field: Any) -> str:
        """As Django's own, which translates every choice of the column to name one."""
        value = getattr(self, field.attname)
        return force_str(dict(field.flatchoices).get(value, value), strings_only=True)

    def columns_that_differ(self, other: Self) -> set[str]:
        """In which columns two states of the row differ; the version is not one of them."""
        return {
            field.attname
            for field in self._meta.concrete_fields
            if field.attname != "version"
            and field.to_python(getattr(self, field.attname))
            != field.to_python(getattr(other, field.attname))
        }


@models.DateTimeField.register_lookup
class PassedBy(lookups.LessThanOrEqual):
    """On or before an instant, as nearly all rows are: not what to begin a search with.

    The sign keeps SQLite from the column's index; it would take that for a narrow way in, and sort
    all rows of a list instead of walking to the end of a page.
    """

    lookup_name = "passed_by"

    def get_rhs_op(self, connection: Any, rhs: str) -> str:
        return f"<= {rhs}"

    def as_sqlite(self, compiler: Any, connection: Any) -> Any:
        sql, parameters = self.as_sql(compiler, connection)
        return f"+{sql}", parameters


class PublishableQuerySet(TrackedQuerySet):
    def public(self, at: datetime | None = None) -> Self:
        """Rows the public may see: past their instant, not withdrawn, and so their parents.

        ``at`` looks ahead to a coming instant. The past is asked of the log, not of rows.
        """
        return self._visible(self.model.ancestry(), clock.Instant() if at is None else at)

    def public_below(self, *parents: str) -> Self:
        """The same for whoever asks for the rows of parents that are known to be public.

        Nothing is asked of these: for lists found by much that is below them it is half the work.
        """
        above = tuple(f"{parent}__" for parent in parents)
        steps = [step for step in self.model.ancestry() if not step.path.startswith(above)]
        return self._visible(steps, clock.Instant())

    def _visible(self, steps: Iterable["Step"], instant: Any) -> Self:
        visible = Q()
        for step in steps:
            shown = Q(
                **{
                    f"{step.path}public_from__passed_by": instant,
                    f"{step.path}withdrawn_at__isnull": True,
                }
            )
            if step.optional:
                shown |= Q(**{f"{step.path}pk__isnull": True})
            visible &= shown
        return self.filter(visible)

    def for_list(self) -> Self:
        """With the relations that a row's page entry and its body name."""
        return self

    def true_on(self, day: date) -> Self:
        """What held on that day, where rows of this kind begin and end; all of them elsewhere."""
        return self

    def known_by(self, day: date) -> Self:
        """What was disclosed by that day; without a day of its own, what was published here."""
        published = Publication.objects.filter(
            uid=models.OuterRef("uid"), number=1, at__lte=days.end_of(day)
        )
        return self.filter(
            Q(disclosed_on__lte=day) | Q(disclosed_on__isnull=True) & models.Exists(published)
        )

    def naming(self, path: str) -> Self:
        """Rows whose body names what lies at ``path``; some records withhold it."""
        return self

    def drafts(self) -> Self:
        return self.filter(public_from__isnull=True)

    def embargoed(self) -> Self:
        return self.filter(public_from__gt=clock.Instant())

    def withdrawn(self) -> Self:
        return self.filter(withdrawn_at__isnull=False)

    def without_a_source(self) -> Self:
        """Facts that name no source; the kernel knows of none."""
        return self.none()


class Step:
    """One ancestor on the way up from a row: the lookup path to it."""

    def __init__(self, path: str, model: type["Publishable"], optional: bool) -> None:
        self.path, self.model, self.optional = path, model, optional


class Publishable(Tracked):
    """A record with an address for ever, an instant from which it is public, and versions."""

    # The word of the record in addresses, in the API and in the log.
    resource: ClassVar[str]
    # Foreign keys without which the row is not public either.
    parents: ClassVar[tuple[str, ...]] = ()
    # Lookup paths to other records that the body names; they must be public by then.
    names: ClassVar[tuple[str, ...]] = ()
    # What never changes of a row, and tells it from every other: cursors walk by it.
    walked_by: ClassVar[tuple[str, ...]] = ("uid",)

    uid = models.UUIDField(
        _("permanent identifier"), default=uuid.uuid4, unique=True, editable=False
    )
    public_from = models.DateTimeField(
        _("public from"),
        null=True,
        blank=True,
        db_index=True,
        help_text=_(
            "Empty: a draft. A coming instant (UTC): under embargo until then. "
            "Once it has passed, the record can only be corrected or withdrawn."
        ),
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True, editable=False)
    withdrawal_reason = models.TextField(
        _("reason for the withdrawal"),
        blank=True,
        help_text=_("The public reads this where the record used to be."),
    )
    disclosed_on = models.DateField(
        _("disclosed on"),
        null=True,
        blank=True,
        help_text=_(
            "The day on which the earliest source made this known. "
            "Left empty, the earliest dated source counts, else the day of publication here."
        ),
    )
    version = models.PositiveIntegerField(_("version"), default=1)

    objects = PublishableQuerySet.as_manager()

    # Its rules need not ask what is stored: this writing read it and has not changed it since, or
    # asks for many rows at once.
    is_as_stored = False

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | ~Q(withdrawal_reason=""),
                name="%(app_label)s_%(class)s_withdrawn_with_reason",
                violation_error_message=_("Say why the record is withdrawn."),
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(public_from__isnull=False),
                name="%(app_label)s_%(class)s_withdrawn_once_cleared",
                violation_error_message=_("A draft cannot be withdrawn: delete it."),
            ),
        ]

    def clean(self) -> None:
        super().clean()
        if not self._state.adding and not self.is_as_stored:
            stored = type(self)._base_manager.filter(pk=self.pk).first()
            if stored:
                self.refuse_unpublishing(stored)

    def refuse_unpublishing(self, stored: "Publishable") -> None:
        """What was public stays public from the same instant, and keeps its address."""
        if self.public_from != stored.public_from and stored.was_told():
            raise ValidationError(
                {
                    "public_from": _(
                        "This record has been public since %(instant)s UTC. "
                        "It can be corrected or withdrawn, not hidden again."
                    )
                    % {"instant": f"{stored.public_from:%Y-%m-%d %H:%M}"}
                }
            )
        if self.withdrawn_at and self.withdrawn_at > clock.now():
            raise ValidationError(_("A withdrawal takes effect at once; it cannot be dated ahead."))

    @classmethod
    def ancestry(cls) -> list[Step]:
        """The row itself, then every ancestor, as lookup paths."""
        steps = [Step("", cls, optional=False)]
        for name in cls.parents:
            field: Any = cls._meta.get_field(name)
            steps += [
                Step(f"{name}__{above.path}", above.model, optional=field.null or above.optional)
                for above in field.related_model.ancestry()
            ]
        return steps

    @classmethod
    def earliest_source(cls, rows: models.QuerySet) -> Iterable[tuple[Any, date]]:
        """For each row with a dated source: its primary key and the earliest such day."""
        return []

    @classmethod
    def faults(cls) -> Iterable[str]:
        """What is amiss beside the log with what these records name, in words."""
        return []

    # Relations that ``concerns()`` reads, to be fetched for all rows at once.
    concerned_with: ClassVar[tuple[str, ...]] = ()

    def concerns(self) -> Iterable[Concern]:
        """What a publisher should mend, or know, before the record is cleared."""
        return []

    @property
    def is_public(self) -> bool:
        """What ``public()`` asks, of a row in hand; no query if its parents are loaded."""
        if self.public_from is None or self.public_from > clock.now() or self.withdrawn_at:
            return False
        parents = [getattr(self, name) for name in self.parents]
        return all(parent.is_public for parent in parents if parent is not None)

    def was_told(self) -> bool:
        """Whether the public has ever seen it."""
        return Publication.objects.filter(uid=self.uid).sealed().exists()

    @property
    def public_title(self) -> str:
        """What it is called where the public reads it."""
        return str(self)

    @property
    def key(self) -> str:
        """What names the record in addresses: the slug, or the uid where it has none."""
        return str(self.uid)

    @property
    def root(self) -> "Publishable":
        """The record at the top of its first line of parents: of a round, its initiative."""
        for name in self.parents:
            above = getattr(self, name)
            if above is not None:
                return above.root
        return self

    @property
    def api_url(self) -> str:
        return f"/api/v1/{self.resource}/{self.key}/"


class Addressed(Publishable):
    """A record with a page of its own, under a slug that is unique over the whole site."""

    slug = models.SlugField(
        _("address"),
        max_length=100,
        unique=True,
        help_text=_("The last part of the page's address. It is fixed once the record is cleared."),
    )

    class Meta(Publishable.Meta):
        abstract = True

    @property
    def key(self) -> str:
        return self.slug

    def clean(self) -> None:
        super().clean()
        if self.is_as_stored:
            return
        holder = Address.objects.filter(slug=self.slug).exclude(uid=self.uid).first()
        if holder:
            raise ValidationError(
                {
                    "slug": _("This address belongs to another record, under %(resource)s.")
                    % {"resource": holder.resource}
                }
            )

    def refuse_unpublishing(self, stored: Publishable) -> None:
        super().refuse_unpublishing(stored)
        if stored.public_from and self.slug != stored.slug:  # type: ignore[attr-defined]
            raise ValidationError(
                {
                    "slug": format_lazy(
                        _("The address is fixed since the record was cleared: {slug}"),
                        slug=stored.slug,  # type: ignore[attr-defined]
                    )
                }
            )


class Part(Tracked):
    """A row that has no life of its own: it belongs to the body of the record that owns it."""

    # The attribute that leads to the owner.
    owner_field: ClassVar[str]

    class Meta:
        abstract = True

    @classmethod
    def from_db(cls, *args: Any, **kwargs: Any) -> Self:
        part = super().from_db(*args, **kwargs)
        part.remember()
        return part

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        super().refresh_from_db(*args, **kwargs)
        self.remember()

    def remember(self) -> None:
        """A part has no version: what was read of it is compared instead."""
        names = {field.attname for field in self._meta.concrete_fields}
        self._as_read = {name: value for name, value in vars(self).items() if name in names}

    def was_changed_since_read(self, offered: "Part") -> bool:
        """Whether this, the stored part, is no longer as the offered one was read."""
        return any(getattr(self, name) != value for name, value in offered._as_read.items())

    @property
    def owner(self) -> Publishable:
        return getattr(self, self.owner_field)


class Action(models.TextChoices):
    PUBLISHED = "published", _("published")
    CORRECTED = "corrected", _("corrected")
    WITHDRAWN = "withdrawn", _("withdrawn")
    REISSUED = "reissued", _("reissued")


# A reissue changes the form of a body, not what it says.
FACTUAL = (Action.PUBLISHED, Action.CORRECTED, Action.WITHDRAWN)


class PublicationQuerySet(models.QuerySet):
    def sealed(self) -> Self:
        return self.filter(at__passed_by=clock.Instant())

    def public(self) -> Self:
        """The changes that readers are shown: a reissue changes no fact."""
        return self.sealed().exclude(action=Action.REISSUED)

    def for_list(self) -> Self:
        return self

    def about(self, resources: Iterable[str]) -> Self:
        return self.filter(resource__in=resources)

    def pending(self) -> Self:
        return self.filter(at__gt=clock.Instant())

    def latest_of_each(self) -> Self:
        """The last sealed entry of each record."""
        later = Publication.objects.sealed().filter(
            uid=models.OuterRef("uid"), number__gt=models.OuterRef("number")
        )
        return self.sealed().filter(~models.Exists(later))

    def last_of_each(self) -> Self:
        """The last entry of each record, one that lies ahead included."""
        later = Publication.objects.filter(
            uid=models.OuterRef("uid"), number__gt=models.OuterRef("number")
        )
        return self.filter(~models.Exists(later))

    def in_order(self) -> Self:
        return self.order_by("at", "uid", "number")


class Publication(models.Model):
    """One entry of the log: from this instant the public is told this about one record."""

    # Entries come after all those that were public before them.
    walked_by = ("at", "uid", "number")

    at = models.DateTimeField()
    uid = models.UUIDField()
    resource = models.CharField(max_length=40)
    number = models.PositiveIntegerField()
    # The key of the root above the record when this was told, so that changes of one case can
    # be found without its rows.
    root = models.CharField(max_length=100)
    action = models.CharField(max_length=10, choices=Action)
    reason = models.TextField(blank=True)
    # Text, not JSON: a JSON column may reorder keys, and the digest is over the very bytes.
    body = models.TextField(blank=True)
    digest = models.CharField(max_length=64)
    # Until it is written: the row it is about, and what was told of that last.
    row: Any = None
    before: "Publication | None" = None

    objects = PublicationQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-uid", "-number"]
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        constraints = [
            models.UniqueConstraint(fields=["uid", "number"], name="tradeinit_one_entry_a_number"),
            models.CheckConstraint(
                condition=Q(action=Action.WITHDRAWN, body="")
                | (~Q(action=Action.WITHDRAWN) & ~Q(body="")),
                name="tradeinit_only_withdrawals_are_empty",
            ),
        ]
        indexes = [
            models.Index(fields=["at", "uid", "number"], name="tradeinit_log_order"),
            models.Index(fields=["resource", "at", "uid", "number"], name="tradeinit_log_of_kind"),
            models.Index(fields=["root", "at", "uid", "number"], name="tradeinit_log_of_case"),
            # Most entries give no reason: who looks for words in it reads only these.
            models.Index(
                fields=["at", "uid", "number"],
                condition=~Q(reason=""),
                name="tradeinit_log_with_reason",
            ),
        ]
        permissions = [("publish_record", "Can decide what the public is told")]

    def __str__(self) -> str:
        return f"{self.resource} {self.uid} {self.number} {self.action}"

    def get_absolute_url(self) -> str:
        """Of the record, whatever its page is called."""
        return reverse("by-uid", args=[self.uid])


class StampClock(models.Model):
    """One row, locked while a writing seals: stamps never stand still and never go back."""

    last = models.DateTimeField()

    def __str__(self) -> str:
        return self.last.isoformat()


class Address(models.Model):
    """Which record holds a slug; the site's one list of them."""

    slug = models.SlugField(max_length=100, primary_key=True)
    uid = models.UUIDField(unique=True)
    resource = models.CharField(max_length=40)

    class Meta:
        verbose_name_plural = "addresses"

    def __str__(self) -> str:
        return self.slug
