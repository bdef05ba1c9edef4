"""The one page on which a publisher decides, and an editor proposes, with its preview."""

from copy import copy
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.generic import View

from tradeinit import clock
from tradeinit.desk import decisions, submissions
from tradeinit.desk.decisions import DECISIONS, Decision, reference, rows_of
from tradeinit.desk.models import Kind, Proposal
from tradeinit.desk.permissions import may_publish, needs_a_second_person
from tradeinit.desk.rehearsal import Rehearsal, public_page, rehearse
from tradeinit.desk.sessions import is_fresh, prove_again
from tradeinit.languages import path_in
from tradeinit.publication.current import Conflict
from tradeinit.publication.gate import writing
from tradeinit.publication.models import Publication


def address_of(kind: str, rows: list[Any]) -> str:
    """Where one decides on these rows."""
    asked = urlencode([("row", reference(row)) for row in rows])
    return f"{reverse('admin:decide', args=[kind])}?{asked}"


class InstantField(forms.DateTimeField):
    """An instant on the office's clock; an hour that comes twice, or never, is refused."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def clean(self, value: Any) -> Any:
        with timezone.override(ZoneInfo(settings.OFFICE_TIME_ZONE)):
            return super().clean(value)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, datetime):
            value = value.astimezone(ZoneInfo(settings.OFFICE_TIME_ZONE)).replace(tzinfo=None)
        return value


class DecisionForm(forms.Form):
    """What is decided besides the rows: from when, and why."""

    at = InstantField(
        label="Public from",
        required=False,
        help_text="Empty: at once. A coming minute, on the clock of the office: under embargo.",
    )
    reason = forms.CharField(
        label="Reason",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 60}),
    )
    seen = forms.BooleanField(label="I have seen this; go on all the same.", required=False)

    def __init__(self, *args: Any, decision: Decision, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.decision = decision
        if not decision.sets_instant:
            del self.fields["at"]
        self.fields["reason"].label = (
            "Reason, which the public reads"
            if decision.needs_reason
            else "Note for the history of the record"
        )

    def clean_at(self) -> datetime | None:
        at = self.cleaned_data["at"]
        if at is not None and at <= clock.now():
            raise ValidationError("This minute has passed. Leave it empty to publish at once.")
        return at

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        # Whoever only looks need not know yet what to say.
        is_confirmed = self.decision.needs_reason and "confirm" in self.data
        if is_confirmed and not cleaned.get("reason", "").strip():
            self.add_error("reason", "Say why: the public reads it.")
        return cleaned


class DecisionView(View):
    """Shows what would become public, exactly; and does it, if that is what was shown.

    To who only proposes it shows this when asked.
    """

    site: Any = None
    is_preview = False

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self.decision = DECISIONS.get(kwargs["kind"]) or self._no_such_decision()
        self.proposal = self._proposal()
        data = request.POST if request.method == "POST" else request.GET
        # What was sent before a fresh sign-in was asked for, or what somebody proposed.
        kept = submissions.kept_for(request) if request.method == "GET" else None
        self.waiting = kept and kept.entries
        if self.waiting is None and self.proposal and request.method == "GET":
            self.waiting = self.proposal.data
        data = self.waiting or data
        self.data = data
        # Who decides sees what it tells. Who proposes may ask for it: it costs what the act costs.
        self.decides = may_publish(request.user)
        self.is_rehearsed = self.decides or self.is_preview or "look" in data
        is_checked = self.is_rehearsed and self.decision.is_checked
        self.rows = rows_of(data.getlist("row"), is_checked)
        if not self.rows:
            raise Http404
        self.offered = (
            decisions.offered_with(self.rows, is_checked) if self.decision.takes_along else []
        )
        self.taken = self._taken()
        self._refuse_strangers(self.all_rows)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, kind: str) -> HttpResponse:
        initial = {name: self.data[name] for name in ("at", "reason") if name in self.data}
        if self.waiting:
            form = DecisionForm(self.data, decision=self.decision)
            form.full_clean()
        else:
            form = DecisionForm(initial=initial, decision=self.decision)
        return self._shown(form)

    def post(self, request: HttpRequest, kind: str) -> HttpResponse:
        form = DecisionForm(request.POST, decision=self.decision)
        if not form.is_valid() or "confirm" not in request.POST:
            return self._shown(form)
        if not self.decides:
            return self._proposed(form)
        if not is_fresh(request):
            return prove_again(request)
        rehearsal = self._rehearsed(form)
        stops, asks = self._concerns(rehearsal)
        if stops:
            form.add_error(None, "Something stops it, as said below.")
        elif asks and not form.cleaned_data["seen"]:
            form.add_error("seen", "Say that you have seen this.")
        if form.errors:
            return self._shown(form, rehearsal)
        if decisions.fingerprint(rehearsal.told) != request.POST.get("shown"):
            form.add_error(None, "This has changed since you looked. Look at it again.")
            return self._shown(form, rehearsal)
        return self._done(form, rehearsal)

    # Parts

    def _no_such_decision(self) -> Any:
        raise Http404

    def _proposal(self) -> Proposal | None:
        pk = self.request.GET.get("proposal", "")
        if not pk.isdecimal():
            return None
        return Proposal.objects.open().filter(pk=pk, kind=self.kwargs["kind"]).first()

    def _refuse_strangers(self, rows: list[Any]) -> None:
        for model in {type(row) for row in rows}:
            desk = self.site._registry.get(model)
            if desk is None or not desk.has_change_permission(self.request):
                raise PermissionDenied

    def _taken(self) -> list[Any]:
        """Which of the rows on offer go along: all, until somebody has chosen."""
        if "chosen" not in self.data:
            return self.offered
        wanted = set(self.data.getlist("with"))
        return [row for row in self.offered if reference(row) in wanted]

    @property
    def all_rows(self) -> list[Any]:
        return [*self.rows, *self.taken]

    def _act(self, form: DecisionForm) -> Any:
        entered = getattr(form, "cleaned_data", {})
        at = entered.get("at")
        reason = entered.get("reason", "").strip()
        if self.decision.needs_reason and not reason:
            reason = "…"
        # A rehearsal leaves its marks on the rows.
        rows = [copy(row) for row in self.all_rows]
        return partial(self.decision.act, rows, at, reason), reason

    def _rehearsed(self, form: DecisionForm, look: Any = None) -> Rehearsal:
        act, reason = self._act(form)
        return rehearse(self.request.user, reason, act, look)

    def _concerns(self, rehearsal: Rehearsal) -> tuple[list[str], list[str]]:
        stops: list[str] = list(rehearsal.refused)
        asks: list[str] = []
        stops += [
            f"{row}: not open to this; it is as it should be, or not yet cleared."
            for row in self.rows
            if not self.decision.open_to(row)
        ]
        for row, concern in decisions.concerns_about(
            self.decision, self.all_rows, self.request.user
        ):
            (stops if concern.stops else asks).append(f"{row}: {concern.words}")
        proposer = self.proposal and self.proposal.proposed_by
        if self.decision.needs_two and needs_a_second_person(self.request.user, proposer):
            stops.append("You proposed this, so somebody else must decide it.")
        if not rehearsal.told and not stops and self.decision.kind != Kind.HOLD:
            stops.append("Nothing becomes public by this: something above it is still a draft.")
        return stops, asks

    def _shown(self, form: DecisionForm, rehearsal: Rehearsal | None = None) -> HttpResponse:
        stops: list[str] = []
        asks: list[str] = []
        told: list[Publication] = []
        if self.is_rehearsed:
            rehearsal = rehearsal or self._rehearsed(form)
            told = rehearsal.told
            stops, asks = self._concerns(rehearsal)
        taken = {reference(row) for row in self.taken}
        context = {
            **self.site.each_context(self.request),
            "title": self.decision.title,
            "decision": self.decision,
            "form": form,
            "rows": [(reference(row), row, _desk_address(row)) for row in self.rows],
            "offered": [
                (reference(row), row, _desk_address(row), reference(row) in taken)
                for row in self.offered
            ],
            "is_rehearsed": self.is_rehearsed,
            "told": decisions.in_words(told, self.rows),
            "stops": stops,
            "asks": asks,
            "shown": decisions.fingerprint(told),
            "proposal": self.proposal,
            "decides": self.decides,
            "office": settings.OFFICE_TIME_ZONE,
            "pages": self._pages(),
        }
        return TemplateResponse(
            self.request, "admin/decision.html", context, status=400 if form.errors else 200
        )

    def _pages(self) -> list[tuple[str, str]]:
        """Pages of the site to look at beforehand, each with what it is called."""
        found: dict[str, str] = {}
        for row in self.all_rows:
            found.setdefault(row.get_absolute_url().partition("#")[0], str(row))
        return list(found.items())[:20]

    def _done(self, form: DecisionForm, rehearsal: Rehearsal) -> HttpResponse:
        act, reason = self._act(form)
        try:
            with writing(self.request.user, reason):
                act()
                if self.proposal:
                    self.proposal.decide(
                        Proposal.State.ACCEPTED, self.request.user, clock.now(), reason
                    )
        except (Conflict, ValidationError):
            form.add_error(None, "This has changed since you looked. Look at it again.")
            return self._shown(form)
        count = len(rehearsal.told)
        what = "record" if count == 1 else "records"
        messages.success(self.request, f"{self.decision.title}: done, {count} {what} told.")
        return HttpResponseRedirect(_desk_address(self.rows[0]))

    def _proposed(self, form: DecisionForm) -> HttpResponse:
        entries: QueryDict = self.request.POST.copy()
        for name in ("csrfmiddlewaretoken", "confirm", "shown", "seen"):
            entries.pop(name, None)
        first = self.rows[0]
        Proposal.objects.create(
            kind=self.decision.kind,
            uid=first.uid,
            resource=first.resource,
            title=str(first)[:400],
            address=reverse("admin:decide", args=[self.decision.kind.value]),
            entries=entries.urlencode(),
            reason=form.cleaned_data["reason"],
            proposed_by=self.request.user,
        )
        messages.success(self.request, "Proposed. A publisher decides; until then nothing changes.")
        return HttpResponseRedirect(_desk_address(first))


class PreviewView(DecisionView):
    """A page of the site as the public will see it once the decision is done."""

    is_preview = True

    def get(self, request: HttpRequest, kind: str) -> HttpResponse:
        return self._page(DecisionForm(self.data, decision=self.decision))

    def post(self, request: HttpRequest, kind: str) -> HttpResponse:
        return self._page(DecisionForm(request.POST, decision=self.decision))

    def _page(self, form: DecisionForm) -> HttpResponse:
        form.full_clean()
        address = self.data.get("page") or self.rows[0].get_absolute_url().partition("#")[0]
        pages = dict(self._pages())
        if address not in pages:
            raise Http404
        if self.data.get("language"):
            address = path_in("zh-hant", address)
        look = partial(public_page, self.request, address)
        rehearsal = self._rehearsed(form, look)
        if rehearsal.seen is None:
            return TemplateResponse(
                self.request,
                "admin/no_preview.html",
                {
                    **self.site.each_context(self.request),
                    "title": "No preview",
                    "refused": rehearsal.refused,
                },
            )
        return rehearsal.seen


def _desk_address(row: Any) -> str:
    meta = row._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[row.pk])
