"""The admin of a record: versions, reasons, states, history."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.options import IS_FACETS_VAR, IncorrectLookupParameters
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Page, Paginator
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tradeinit import clock
from tradeinit.desk import submissions
from tradeinit.desk.clearance import Clearance, preview_address, steps_for
from tradeinit.desk.forms import REASON, SUBMISSION, Difference, ListedRecordForm, PublicRecordForm
from tradeinit.desk.history import Past, version_of
from tradeinit.desk.inlines import RelatedWithoutDeleting
from tradeinit.desk.models import Kind, Proposal
from tradeinit.desk.needs import Need, NeedFilter
from tradeinit.desk.permissions import NeedsPublisher, refuse_telling
from tradeinit.desk.reverting import entries_of, entries_with, filled_in
from tradeinit.desk.sessions import NeedsFreshSignIn, prove_again, refuse_stale
from tradeinit.desk.states import StateFilter, state_in_words
from tradeinit.publication import current
from tradeinit.publication.current import Conflict
from tradeinit.publication.gate import Writing, refusal_to_delete, writing
from tradeinit.publication.models import Publishable

# Of so many rows the choices of the filters are counted unasked.
MOST_COUNTED = 20_000
ONLY_PUBLISHERS = (
    "This would change what the public reads; nothing was saved. "
    "Open the record and save it there: then it is proposed to a publisher."
)


class RecordList(ChangeList):
    """As Django has it, but for a year of forty digits, of which no date can be made, and that a
    long list counts the choices of its filters when asked to: it takes longer than the list."""

    def get_queryset(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().get_queryset(*args, **kwargs)
        except OverflowError as error:
            raise IncorrectLookupParameters(error) from error

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        if (self.full_result_count or 0) > MOST_COUNTED:
            self.is_facets_optional = True
            self.add_facets = IS_FACETS_VAR in request.GET


class RecordPages(Paginator):
    """As Django has it, but that only keys are put in order, and rows are read of one page.

    With all that their names are read from, the last page of 60,000 would take most of a second.
    """

    def page(self, number: int | str) -> Page:
        number = self.validate_number(number)
        rows: Any = self.object_list
        first = (number - 1) * self.per_page
        keys = rows.select_related(None).values("pk")[first : first + self.per_page]
        return Page(rows.filter(pk__among=keys), number, self)


class RecordAdmin(RelatedWithoutDeleting, Clearance):
    """Every write of a form goes through the gate, under the name of who signed in."""

    form = PublicRecordForm
    change_form_template = "admin/record_change_form.html"
    change_list_template = "admin/record_change_list.html"
    object_history_template = "admin/record_history.html"
    # What of these records waits for somebody.
    needs: tuple[Need, ...] = ()
    save_on_top = True
    # Typed without a scheme, an address of today is meant to be secure.
    formfield_overrides: ClassVar = {models.URLField: {"assume_scheme": "https"}}
    show_facets = admin.ShowFacets.ALWAYS
    list_per_page = 50
    paginator = RecordPages

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        shown = {
            "refused": getattr(request, "refused", ()),
            "compared": getattr(request, "compared", False),
            "lost": getattr(request, "lost", {}),
        }
        return type(form.__name__, (form,), shown)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return RecordList

    def get_changelist_form(self, request: HttpRequest, **kwargs: Any) -> Any:
        refused = getattr(request, "refused", ())
        form = type("ListForm", (ListedRecordForm,), {"refused": refused})
        return super().get_changelist_form(request, **{"form": form, **kwargs})

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The facts as the class declares them, then publication, then the reason."""
        own = self.fieldsets or [(None, {"fields": tuple(self.own_fields())})]
        return [
            *own,
            (_("Publication"), {"fields": ("disclosed_on",)}),
            (None, {"fields": (REASON, "version", SUBMISSION), "classes": ("reason",)}),
        ]

    def own_fields(self) -> list[str]:
        left_out = {"public_from", "disclosed_on", "withdrawal_reason", "version", "id"}
        return [
            field.name
            for field in (*self.opts.fields, *self.opts.many_to_many)
            if field.editable and field.name not in left_out
        ]

    def get_list_display(self, request: HttpRequest) -> Any:
        # The version goes with each row that can be edited in the list, to be compared.
        version = ("version",) if self.list_editable else ()
        return (*super().get_list_display(request), "state_of_publication", *version)

    def get_list_filter(self, request: HttpRequest) -> Any:
        needs = (NeedFilter,) if self.needs else ()
        return (StateFilter, *needs, *super().get_list_filter(request))

    def get_queryset(self, request: HttpRequest) -> Any:
        """With the records above, by which it is public or not, and the names of what it names."""
        above = [step.path.removesuffix("__") for step in self.model.ancestry() if step.path]
        chosen = [self.opts.get_field(name) for name in self.autocomplete_fields]
        to_one = [field.name for field in chosen if field.many_to_one]
        rows: Any = super().get_queryset(request)
        rows = rows.with_names(*to_one)
        return rows.select_related(*above) if above else rows

    @admin.display(description=gettext_lazy("Publication"), ordering="public_from")
    def state_of_publication(self, row: Publishable) -> str:
        word = state_in_words(row)
        code = word.split()[0] if row.pk else ""
        return format_html('<span class="state state-{}">{}</span>', code, word)

    def view_on_site(self, row: Any) -> str | None:
        return row.get_absolute_url() if state_in_words(row) == _("public") else None

    # Writing

    @submissions.shows_what_was_kept
    def add_view(self, *args: Any, **kwargs: Any) -> Any:
        return super().add_view(*args, **kwargs)

    @submissions.shows_what_was_kept
    def change_view(self, *args: Any, **kwargs: Any) -> Any:
        return super().change_view(*args, **kwargs)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        if request.method != "POST":
            self._fill_in_what_waits(request, object_id)
            return super().changeform_view(request, object_id, form_url, extra_context)
        show = super().changeform_view
        key = submissions.key_of(request)
        proposal = self._proposal(request)
        try:
            with writing(request.user, request.POST.get(REASON, "").strip()) as gate:
                submission = submissions.claim(key)
                response = show(request, object_id, form_url, extra_context)
                submissions.settle(submission, response)
                self._settle(request, gate, proposal)
                return response
        except submissions.SentBefore:
            messages.info(request, "This form was sent twice; it was saved once.")
            return submissions.answer_again(key) or HttpResponseRedirect(request.get_full_path())
        except NeedsPublisher:
            return self._propose(request, object_id)
        except NeedsFreshSignIn:
            _forget_messages(request)
            return prove_again(request, self._entries(request, object_id))
        except Conflict:
            # Another save came between this form's check and its write; the check now sees it.
            pass
        except ValidationError as error:
            request.refused = error.messages  # type: ignore[attr-defined]
        _forget_messages(request)
        return show(request, object_id, form_url, extra_context)

    def _settle(self, request: HttpRequest, gate: Writing, proposal: Proposal | None) -> None:
        """What is saved is told only by who may; with it the proposal that it came from is done."""
        refuse_telling(request.user, gate.told, proposal and proposal.proposed_by)
        if gate.told:
            refuse_stale(request)
        if proposal is not None and gate.changed:
            proposal.decide(Proposal.State.ACCEPTED, request.user, clock.now(), gate.reason)

    def _proposal(self, request: HttpRequest) -> Proposal | None:
        pk = request.GET.get("proposal", "")
        if not pk.isdecimal():
            return None
        return Proposal.objects.open().filter(pk=pk, address=request.path).first()

    def _fill_in_what_waits(self, request: Any, object_id: str | None) -> None:
        """The form filled as it was proposed, as it was sent too late, or as it once was."""
        proposal, kept = self._proposal(request), submissions.kept_for(request)
        asked, filled = request.GET.get("version", ""), filled_in(request, self.model)
        row = self.get_object(request, object_id) if (asked or filled) and object_id else None
        former = row and version_of(row, asked)
        if kept is not None:
            entries, request.lost = kept.entries, kept.lost
            words = (
                "You had been signed out when you sent this, or had to prove who you are, so "
                "nothing was saved. Your entries are below: look at them and save again."
            )
        elif proposal is not None:
            entries = proposal.data
            words = (
                f"{proposal.proposed_by} proposes this correction. Nothing is saved yet: "
                "look at what would change, and save to accept it."
            )
        elif former is not None:
            entries = entries_of(self, request, row, former)
            words = (
                f"The form is filled with version {former.version}. Nothing is saved yet: "
                "look at what would change, and save to make it a new version."
            )
        elif row is not None and filled:
            entries = entries_with(self, request, row, filled)
            words = (
                "The form is filled with other values. Nothing is saved yet: look at what would "
                "change, and save it."
            )
        else:
            return
        # The form is filled as if it had been sent, and says why it was not saved. No file comes
        # with it, which is asked first: Django would read the body for both at once.
        request._files = MultiValueDict()
        request.method, request.POST = "POST", entries
        request.refused, request.compared = [words], True

    def _entries(self, request: HttpRequest, object_id: str | None) -> QueryDict:
        """What was sent, and in place of each file the entries that name it where it is kept."""
        if not request.FILES:
            return request.POST.copy()
        row = self.get_object(request, object_id) if object_id else None
        form = self.get_form(request, row, change=row is not None)
        sent = form(request.POST, request.FILES, instance=row)
        sent.full_clean()
        return sent.data.copy()

    def _propose(self, request: HttpRequest, object_id: str | None) -> HttpResponse:
        """A correction by who may not tell the public: kept as it is for a publisher."""
        _forget_messages(request)
        row = self.get_object(request, object_id or "")
        if row is None:
            messages.error(request, "Only publishers change this; nothing was saved.")
            return HttpResponseRedirect(request.get_full_path())
        entries = self._entries(request, object_id)
        for name in ("csrfmiddlewaretoken", SUBMISSION, "_continue", "_addanother"):
            entries.pop(name, None)
        Proposal.objects.create(
            kind=Kind.CORRECT,
            uid=row.uid,
            resource=row.resource,
            title=str(row)[:400],
            address=request.path,
            entries=entries.urlencode(),
            reason=request.POST.get(REASON, "").strip(),
            proposed_by=request.user,
        )
        messages.success(
            request,
            "Proposed: this would change what the public reads, so a publisher decides. "
            "Until then nothing changes.",
        )
        return HttpResponseRedirect(
            reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        )

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        gate = current.gate()
        if change and any(formset.has_changed() for formset in formsets if is_part(formset)):
            gate.touch(form.instance)
        super().save_related(request, form, formsets, change)
        # Now, and not after the message that says all is saved.
        gate.close()

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> Any:
        row = kwargs.get("obj")
        context["conflict"] = conflicts(context)
        context["state_of_publication"] = state_in_words(row) if row else _("draft")
        if row is not None and self.has_change_permission(request, row):
            context["steps"] = steps_for(row)
            context["preview"] = preview_address(row)
            context["proposals"] = Proposal.objects.open().filter(uid=row.uid)
        # What was ever public is withdrawn, not deleted.
        context["show_delete"] = not (row and row.was_told())
        return super().render_change_form(request, context, *args, **kwargs)

    def changelist_view(self, request: Any, extra_context: Any = None) -> Any:
        view = self._list_with_conflicts
        if request.method != "POST":
            return view(request, extra_context)
        if "_save" not in request.POST:
            return self._through_the_gate(request, view, extra_context)
        # What was entered in the list is shown again with what refused it, as in a form.
        try:
            return self._written(request, view, extra_context)
        except NeedsFreshSignIn:
            _forget_messages(request)
            return prove_again(request)
        except Conflict:
            pass
        except NeedsPublisher:
            request.refused = [ONLY_PUBLISHERS]
        except ValidationError as error:
            request.refused = error.messages
        _forget_messages(request)
        return view(request, extra_context)

    def _list_with_conflicts(self, request: HttpRequest, extra_context: Any) -> Any:
        """What was entered over an older version stands beside what is stored, as in a form."""
        response = super().changelist_view(request, extra_context)
        shown = getattr(response, "context_data", None) or {}
        listed = getattr(shown.get("cl"), "formset", None)
        if listed is not None:
            shown["conflict"] = [
                difference.of(str(form.instance))
                for form in listed
                for difference in getattr(form, "conflict", ())
            ]
        return response

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        row = self.get_object(request, object_id)
        if row is not None and row.was_told():
            self.message_user(request, refusal_to_delete(row), messages.ERROR)
            return HttpResponseRedirect("../change/")
        if request.method != "POST":
            return super().delete_view(request, object_id, extra_context)
        return self._through_the_gate(request, super().delete_view, object_id, extra_context)

    def _written(self, request: HttpRequest, view: Any, *args: Any) -> Any:
        with writing(request.user, request.POST.get(REASON, "").strip()) as gate:
            response = view(request, *args)
            gate.close()
            refuse_telling(request.user, gate.told)
            if gate.told:
                refuse_stale(request)
            return response

    def _through_the_gate(self, request: HttpRequest, view: Any, *args: Any) -> Any:
        try:
            return self._written(request, view, *args)
        except Conflict:
            refused = [_("Somebody has changed this meanwhile; nothing was saved. Try again.")]
        except NeedsFreshSignIn:
            _forget_messages(request)
            return prove_again(request)
        except NeedsPublisher:
            refused = [ONLY_PUBLISHERS]
        except ValidationError as error:
            refused = error.messages
        _forget_messages(request)
        for message in refused:
            self.message_user(request, message, messages.ERROR)
        return HttpResponseRedirect(request.get_full_path())

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        queryset.delete()

    # History

    def history_view(
        self, request: Any, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """From the versions of the record; Django's own log of the admin is not asked."""
        row = self.get_object(request, unquote(object_id))
        if row is None:
            return super().history_view(request, object_id, extra_context)
        if not self.has_view_or_change_permission(request, row):
            raise PermissionDenied
        past = Past(row, below=[inline.model for inline in self.inlines])
        told = past.moments()
        older, newer = (past.version(request.GET.get(name, "")) for name in ("a", "b"))
        both = older is not None and newer is not None
        shown = {
            **self.admin_site.each_context(request),
            "title": _("Change history: %s") % row,
            "module_name": capfirst(str(self.opts.verbose_name_plural)),
            "object": row,
            "opts": self.opts,
            "preserved_filters": self.get_preserved_filters(request),
            "moments": told,
            "numbers": [one.version for one in told if one.version is not None],
            "asked": (older, newer),
            "compared": past.compared(older, newer) if both else [],
            "may_change": self.has_change_permission(request, row),
            **(extra_context or {}),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, self.object_history_template, shown)


def conflicts(context: dict[str, Any]) -> list[Difference]:
    """What differs between the stored rows and the refused ones, inlines included."""
    form = context["adminform"].form
    found = list(getattr(form, "conflict", []))
    of_an_older_version = form.is_bound and form.has_error("__all__", "conflict")
    shown = form.is_bound and form.has_error("__all__", "shown")
    for inline in context["inline_admin_formsets"]:
        for below in inline.formset:
            if not below.is_bound or not below.instance.pk:
                continue
            differing = list(getattr(below, "conflict", []))
            if not differing and (shown or (of_an_older_version and is_part(inline.formset))):
                differing = below.differences()
            found += [one.of(str(below.instance)) for one in differing]
    return found


def is_part(formset: Any) -> bool:
    return not issubclass(formset.model, Publishable)


def _forget_messages(request: HttpRequest) -> None:
    """Messages of success that a refused write had queued before it was refused."""
    storage: Any = messages.get_messages(request)
    storage._queued_messages.clear()
