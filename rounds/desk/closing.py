"""The closing day: the chapters of the case as rows, next steps and action items beside them."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from mandates.models import Chapter, Statement
from mandates.models.statements import ChapterStatus
from rounds.models import ActionItem, Outcome, Round, Undertaking
from tradeinit.days import Precision
from tradeinit.desk.forms import RecordForm

# Empty rows offered for what is new.
SPARE = 2
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class OutcomeRow(RecordForm):
    """One chapter: its result, the wording for the public, the status that it leads to."""

    status = forms.ChoiceField(required=False, choices=[("", "–"), *ChapterStatus.choices])

    class Meta:
        model = Outcome
        fields = ("result", "wording")
        widgets = {"wording": forms.Textarea(attrs={"rows": 2, "cols": 40})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["result"].required = False
        said = self.instance.statement
        self.fields["status"].initial = said.value if said else ""
        # A public statement stands as it was made: another one is entered on its own page.
        self.fields["status"].disabled = bool(said and said.public_from)
        for name, field in self.fields.items():
            field.widget.attrs["aria-label"] = f"{self.instance.chapter}: {field.label or name}"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        outcome = self.instance
        if not self.has_changed():
            return cleaned
        if outcome.public_from and not cleaned.get("result"):
            self.add_error("result", "A cleared outcome has a result.")
        if cleaned.get("status") and outcome.round.start is None:
            self.add_error("status", "The round has no day yet, and a statement needs one.")
        if not outcome.pk and _outcome_of(outcome.round, outcome.chapter):
            raise ValidationError(
                "Somebody has entered this chapter since you opened the page. Open it again."
            )
        return cleaned

    def save_row(self) -> None:
        outcome = self.save(commit=False)
        status, former = self.cleaned_data["status"], outcome.statement
        if former is None or former.public_from is None:
            outcome.statement = self._said(status, former) if status else None
        outcome.save()
        if former and outcome.statement is None and not former.outcomes.exists():
            former.delete()

    def _said(self, status: str, former: Statement | None) -> Statement:
        """The statement that the chapter stands there, on the last day of the round."""
        met = self.instance.round
        said = former or Statement(chapter=self.instance.chapter)
        exact = met.end and met.precision == Precision.DAY
        said.value, said.wording = status, self.instance.wording
        said.effective_on, said.precision = met.end if exact else met.start, met.precision
        said.full_clean()
        said.save()
        return said


class NextStep(RecordForm):
    class Meta:
        model = Undertaking
        fields = ("wording", "expected_from", "expected_to", "precision")
        widgets = {
            "wording": forms.Textarea(attrs={"rows": 2, "cols": 40}),
            "expected_from": DAY,
            "expected_to": DAY,
        }


class ToDo(forms.ModelForm):
    class Meta:
        model = ActionItem
        fields = ("text", "chapter", "due", "state")
        widgets = {"text": forms.Textarea(attrs={"rows": 2, "cols": 40}), "due": DAY}

    def __init__(self, *args: Any, chapters: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["chapter"]
        field.queryset = chapters


class ClosingDay:
    """All forms of the page; valid together, saved together."""

    def __init__(self, met: Round, data: Any = None) -> None:
        self._data = data
        chapters = met.initiative.chapters.order_by("order", "pk")
        known = {
            outcome.chapter_id: outcome
            for outcome in met.outcomes.select_related("statement").prefetch_related("citations")
        }
        self.outcomes: list[OutcomeRow] = []
        for chapter in chapters:
            outcome = known.get(chapter.pk) or Outcome(round=met, chapter=chapter)
            outcome.round, outcome.chapter = met, chapter
            self.outcomes.append(self._form(OutcomeRow, outcome, f"chapter-{chapter.pk}"))
        self.steps = [
            self._form(NextStep, step, f"step-{step.pk}")
            for step in met.undertakings.order_by("pk")
        ] + [
            self._form(
                NextStep, Undertaking(initiative=met.initiative, round=met), f"new-step-{place}"
            )
            for place in range(SPARE)
        ]
        self.to_do = [
            self._form(ToDo, item, f"item-{item.pk}", chapters=chapters)
            for item in met.action_items.order_by("pk")
        ] + [
            self._form(
                ToDo,
                ActionItem(initiative=met.initiative, round=met),
                f"new-item-{place}",
                chapters=chapters,
            )
            for place in range(SPARE)
        ]

    def _form(self, form: Any, row: Any, prefix: str, **more: Any) -> Any:
        # A row that was entered since the page was opened is not in what was sent.
        sent = any(name.startswith(f"{prefix}-") for name in self._data or ())
        return form(
            self._data if sent else None,
            instance=row,
            prefix=prefix,
            empty_permitted=row.pk is None,
            use_required_attribute=False,
            **more,
        )

    @property
    def forms(self) -> list[Any]:
        return [*self.outcomes, *self.steps, *self.to_do]

    @property
    def conflict(self) -> list[Any]:
        return [
            difference.of(str(getattr(form.instance, "chapter", None) or form.instance))
            for form in self.forms
            for difference in getattr(form, "conflict", [])
        ]

    def is_valid(self) -> bool:
        # Every form is asked, so that all mistakes show at once; untouched ones cannot conflict.
        return not [form for form in self._changed if not form.is_valid()]

    @property
    def _changed(self) -> list[Any]:
        return [form for form in self.forms if form.is_bound and form.has_changed()]

    def save(self, user: Any) -> int:
        """Inside ``writing()``: save what was changed; gives how many rows that were."""
        changed = self._changed
        for form in changed:
            if isinstance(form, OutcomeRow):
                form.save_row()
                continue
            row = form.save(commit=False)
            if isinstance(row, ActionItem) and row.pk is None:
                row.owner = user
            row.save()
        return len(changed)


def _outcome_of(met: Round, chapter: Chapter) -> Outcome | None:
    return Outcome._base_manager.filter(round=met, chapter=chapter).first()
