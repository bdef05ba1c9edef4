"""What the desk keeps for its own work; none of it is ever public."""

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    CLEAR = "clear", _("clear")
    CORRECT = "correct", _("correct")
    WITHDRAW = "withdraw", _("withdraw")
    REINSTATE = "reinstate", _("reinstate")
    HOLD = "hold", _("take back to draft")


class ProposalQuerySet(models.QuerySet):
    def open(self) -> Self:
        return self.filter(state=Proposal.State.OPEN)

    def most_urgent_first(self) -> Self:
        """Corrections lead: the public reads a value that staff know to be wrong."""
        urgent = models.Case(models.When(kind__in=(Kind.CORRECT, Kind.WITHDRAW), then=0), default=1)
        return self.order_by(urgent, "proposed_at", "pk")


class Proposal(models.Model):
    """What an editor asks a publisher to do, ready to be done."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")

    kind = models.CharField(_("what"), max_length=10, choices=Kind)
    # Of the record that it is about; the first, where it is about many.
    uid = models.UUIDField()
    resource = models.CharField(_("kind of record"), max_length=40)
    title = models.CharField(_("record"), max_length=400)
    # Where it is decided, and the entries of the form there, as a browser sends them.
    address = models.CharField(max_length=300)
    entries = models.TextField(blank=True)
    reason = models.TextField(_("reason"), blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("proposed by"),
        on_delete=models.PROTECT,
        related_name="proposals",
    )
    proposed_at = models.DateTimeField(_("proposed at"), auto_now_add=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    remark = models.TextField(_("remark"), blank=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ["-proposed_at", "-pk"]
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", decided_at__isnull=True)
                | ~Q(state="open") & Q(decided_at__isnull=False),
                name="tradeinit_proposal_decided_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.title}"

    @property
    def data(self) -> QueryDict:
        return QueryDict(self.entries)

    @property
    def decision_address(self) -> str:
        return f"{self.address}?proposal={self.pk}"

    def decide(self, state: str, by: Any, at: datetime, remark: str = "") -> None:
        self.state, self.decided_by, self.decided_at, self.remark = state, by, at, remark
        self.save()


class Submission(models.Model):
    """A form that was saved: the same form sent twice makes one row."""

    key = models.CharField(max_length=64, primary_key=True)
    answer = models.CharField(max_length=400)
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    def __str__(self) -> str:
        return self.key


class FailedSignIn(models.Model):
    """A guess that was wrong; forgotten after a quarter of an hour."""

    # A digest: what was typed as a name may be a password.
    name = models.CharField(max_length=64, db_index=True)
    address = models.GenericIPAddressField(db_index=True)
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    def __str__(self) -> str:
        return f"{self.address} {self.at}"
