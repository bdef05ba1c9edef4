"""The pages of the round desk, beside the form of a round in the admin."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse

from rounds.desk import agenda, attendance, frame
from rounds.desk.closing import ClosingDay
from rounds.models import ActionItem, Outcome, Participation, Person, Round, Session, Undertaking
from tradeinit.desk import submissions
from tradeinit.desk.forms import REASON, SUBMISSION
from tradeinit.desk.permissions import NeedsPublisher, refuse_telling
from tradeinit.desk.sessions import NeedsFreshSignIn, prove_again, refuse_stale
from tradeinit.publication.current import Conflict
from tradeinit.publication.gate import writing

PROVED = "You had to prove who you are, so nothing was saved. Look at your entries and save again."
CHANGED = "Somebody has changed this meanwhile; nothing was saved. What differs is shown."


class RoundDesk(admin.ModelAdmin):
    """Pages of one round: the closing day, attendance, agenda, and a new round in its frame."""

    change_form_template = "admin/rounds/round/change_form.html"

    def get_urls(self) -> list[Any]:
        pages = {
            "closing": (self.closing_view, (Outcome, Undertaking, ActionItem)),
            "attendance": (self.attendance_view, (Participation, Person)),
            "agenda": (self.agenda_view, (Session,)),
            "frame": (self.frame_view, (Round, Session)),
        }
        return [
            path(
                f"<int:pk>/{name}/",
                self.admin_site.admin_view(self._of_a_round(view, models)),
                name=f"rounds_round_{name}",
            )
            for name, (view, models) in pages.items()
        ] + super().get_urls()

    def _of_a_round(self, view: Callable[..., Any], models: tuple[Any, ...]) -> Any:
        """Whoever may not enter these records on their own pages may not do so here."""

        def page(request: Any, pk: int) -> Any:
            met = self.get_object(request, str(pk))
            if met is None:
                raise Http404
            needed = [
                f"{model._meta.app_label}.{verb}_{model._meta.model_name}"
                for model in models
                for verb in ("add", "change")
            ]
            if not request.user.has_perms([*needed, "rounds.change_round"]):
                raise PermissionDenied
            # What was sent before a fresh sign-in was asked for: shown filled, and not yet saved.
            kept = None if request.POST else submissions.kept_for(request)
            request.entries = kept.entries if kept else request.POST or None
            try:
                return view(request, met)
            except NeedsFreshSignIn:
                return prove_again(request)

        return submissions.shows_what_was_kept(page)

    # The closing day

    def closing_view(self, request: Any, met: Round) -> HttpResponse:
        day = ClosingDay(met, request.entries)
        refused: list[str] = []
        if request.method == "POST":
            if day.is_valid():
                refused = self._save(
                    request, lambda: f"{day.save(request.user)} rows saved.", request.path
                )
                if not refused:
                    return HttpResponseRedirect(request.path)
                if CHANGED in refused:
                    day = ClosingDay(met, request.POST)
                    day.is_valid()
            else:
                refused = ["Nothing is saved yet: please correct what is marked below."]
        return self._page(request, met, "closing", "Closing day", refused, day=day)

    # Attendance

    def attendance_view(self, request: Any, met: Round) -> HttpResponse:
        paste = attendance.PasteForm(request.entries, met=met)
        lines: list[attendance.Line] = []
        refused: list[str] = []
        if "enter" in request.POST and paste.is_valid():
            count = request.POST.get("count", "")
            count = min(int(count), attendance.MOST_LINES) if count.isdecimal() else 0
            seats = [attendance.SeatForm(request.POST, prefix=str(i)) for i in range(count)]
            party = paste.cleaned_data["party"]
            refused = [
                f"Line {i}: {' '.join(map(str, problems))}"
                for i, form in enumerate(seats, 1)
                for problems in form.errors.values()
            ]
            refused = refused or self._save(
                request,
                lambda: (
                    f"{attendance.enter(met, party, [form.cleaned_data for form in seats])} "
                    "entered as drafts."
                ),
                request.path,
            )
            if not refused:
                return HttpResponseRedirect(request.path)
        if request.entries and paste.is_valid():
            lines = paste.cleaned_data["lines"]
            attendance.compare(lines, met)
            if "enter" in request.entries:
                attendance.choose(lines, request.entries)
        seated = met.participations.select_related(
            "person", "organization", "initiative_party__party", "initiative_party__initiative"
        )
        return self._page(
            request,
            met,
            "attendance",
            "Attendance",
            refused,
            paste=paste,
            lines=list(enumerate(lines)),
            roles=attendance.Role.choices,
            seated=seated,
        )

    # The agenda

    def agenda_view(self, request: Any, met: Round) -> HttpResponse:
        form = agenda.SessionForm(request.entries, met=met)
        refused: list[str] = []
        if request.method == "POST" and form.is_valid():
            refused = self._save(request, lambda: f"“{form.enter().name}” entered.", request.path)
            if not refused:
                return HttpResponseRedirect(request.path)
        return self._page(
            request, met, "agenda", "Agenda", refused, form=form, grid=agenda.grid(met)
        )

    # A new round

    def frame_view(self, request: Any, met: Round) -> HttpResponse:
        form = frame.FrameForm(request.entries, last=met)
        refused: list[str] = []
        made: list[Round] = []
        if request.method == "POST" and form.is_valid():

            def make() -> str:
                made.append(form.make())
                return f"“{made[0]}” made as a draft that is only planned."

            refused = self._save(request, make, request.path)
            if made and not refused:
                return HttpResponseRedirect(reverse("admin:rounds_round_change", args=[made[0].pk]))
        return self._page(request, met, "frame", "New round in this frame", refused, form=form)

    # What they share

    def _save(self, request: HttpRequest, act: Callable[[], str], then: str) -> list[str]:
        """Do it through the gate, once; what refuses it, in words."""
        key = submissions.key_of(request)
        try:
            with writing(request.user, request.POST.get(REASON, "").strip()) as gate:
                submission = submissions.claim(key)
                told = act()
                gate.close()
                refuse_telling(request.user, gate.told)
                if gate.told:
                    refuse_stale(request)
                submissions.settle(submission, HttpResponseRedirect(then))
        except submissions.SentBefore:
            messages.info(request, "This form was sent twice; it was saved once.")
            return []
        except NeedsPublisher:
            return [
                "This would change what the public reads, and only publishers do that; "
                "nothing was saved."
            ]
        except (Conflict, IntegrityError):
            return [CHANGED]
        except ValidationError as error:
            return error.messages
        except ValueError as error:
            return [str(error)]
        messages.success(request, told)
        return []

    def _page(
        self,
        request: Any,
        met: Round,
        name: str,
        title: str,
        refused: list[str],
        **context: Any,
    ) -> TemplateResponse:
        shown = {
            **self.admin_site.each_context(request),
            "title": f"{title}: {met}",
            "opts": self.opts,
            "met": met,
            "page": name,
            "refused": refused,
            "submission_name": SUBMISSION,
            "submission": request.POST.get(SUBMISSION) or uuid4().hex,
            "reason_name": REASON,
            "reason": (request.entries or {}).get(REASON, ""),
            **context,
        }
        if request.method == "GET" and request.entries:
            shown["refused"] = [PROVED]
        return TemplateResponse(request, f"admin/rounds/round/{name}.html", shown)
