"""The desk's page: a release on the left, what it says on the right, saved as drafts."""

from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views import View

from mandates.models import Initiative
from rounds.intake import matching, record, review, saving, source
from rounds.intake.draft import Draft
from rounds.intake.reading import read
from tradeinit.desk import submissions
from tradeinit.desk.forms import SUBMISSION
from tradeinit.publication.gate import writing

NEW = "new"


def _page_of(row: Any) -> str:
    name = f"admin:{row._meta.app_label}_{row._meta.model_name}_change"
    return reverse(name, args=[row.pk])


class ReleaseForm(forms.Form):
    """A release as a clerk hands it in: pasted, or as a file."""

    text = forms.CharField(
        label="The text of the release",
        required=False,
        strip=False,
        max_length=source.LIMIT,
        widget=forms.Textarea(attrs={"rows": 18, "class": "vLargeTextField", "autofocus": True}),
    )
    file = forms.FileField(
        label="or a file", required=False, help_text="Text, or a page saved from a site."
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        file = cleaned.get("file")
        data = file.read(source.LIMIT + 1) if file else cleaned.get("text", "").encode()
        try:
            cleaned["read"] = source.text_of(data)
        except source.Unreadable as error:
            raise ValidationError(str(error)) from error
        return cleaned


class CaseForm(forms.Form):
    """To which case of the record the release belongs, and what to do where its round is there."""

    case = forms.ChoiceField(label="Case")
    twin = forms.ChoiceField(
        label="This round is in the record",
        widget=forms.RadioSelect,
        required=False,
        choices=[
            ("document", "Save the release alone; I look at the round that is there"),
            ("round", "It is another one: save a new round"),
        ],
    )

    def __init__(self, *args: Any, draft: Draft, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(str(one.pk), one.title) for one in Initiative.objects.order_by("title")]
        name = draft.value("initiative")
        case: Any = self.fields["case"]
        case.choices = [
            (NEW, f"A new draft: {name}" if name else "A new draft, under the name given below"),
            *known,
        ]

    def chosen(self) -> Initiative | None:
        case = self.cleaned_data["case"]
        return None if case == NEW else Initiative.objects.get(pk=case)


class IntakeView(View):
    """Paste, look through, save. The text travels with the form; nothing is stored before."""

    site: AdminSite = None  # type: ignore[assignment]
    needed = tuple(
        f"{model._meta.app_label}.add_{model._meta.model_name}" for model in saving.MODELS
    )

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not request.user.has_perms(self.needed):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._show(request, "admin/intake.html", {"form": ReleaseForm()})

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ReleaseForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._show(request, "admin/intake.html", {"form": form})
        draft = read(form.cleaned_data["read"], record.titles_of_cases())
        if "save" not in request.POST:
            return self._look(request, draft)
        return self._save(request, draft)

    def _look(self, request: HttpRequest, draft: Draft) -> HttpResponse:
        case = matching.case_of(draft)
        found = matching.twins(draft, case)
        initial = {"case": str(case.pk) if case else NEW, "twin": "document" if found else "round"}
        return self._review(
            request, draft, review.groups(draft), CaseForm(draft=draft, initial=initial)
        )

    def _save(self, request: HttpRequest, draft: Draft) -> HttpResponse:
        groups = review.groups(draft, request.POST)
        form = CaseForm(request.POST, draft=draft)
        if not form.is_valid():
            return self._review(request, draft, groups, form)
        key = submissions.key_of(request)
        try:
            with writing(request.user, saving.REASON):
                submission = submissions.claim(key)
                saved = saving.save(
                    draft,
                    review.accepted(groups),
                    case=form.chosen(),
                    document_alone=form.cleaned_data["twin"] == "document",
                )
                answer = HttpResponseRedirect(_page_of(saved.round or saved.document))
                submissions.settle(submission, answer)
        except submissions.SentBefore:
            messages.info(request, "This form was sent twice; it was saved once.")
            return submissions.answer_again(key) or HttpResponseRedirect(request.path)
        except ValidationError as error:
            form.add_error(None, error.messages)
            return self._review(request, draft, groups, form)
        count = len(saved.records)
        messages.success(
            request, f"{count} draft{'' if count == 1 else 's'} saved. Nothing of it is public."
        )
        return answer

    def _review(
        self, request: HttpRequest, draft: Draft, groups: list[review.Group], form: CaseForm
    ) -> HttpResponse:
        case = matching.case_of(draft)
        context = {
            "draft": draft,
            "groups": groups,
            "shown": review.shown(draft),
            "marked": review.marked(draft),
            "case_form": form,
            "case": case,
            "twins": matching.twins(draft, case),
            "document": matching.document_there(draft),
            "submission_name": SUBMISSION,
            "submission": request.POST.get(SUBMISSION) or uuid4().hex,
        }
        return self._show(request, "admin/intake_review.html", context)

    def _show(self, request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
        shared = {**self.site.each_context(request), "title": "From a press release"}
        return TemplateResponse(request, template, {**shared, **context})
