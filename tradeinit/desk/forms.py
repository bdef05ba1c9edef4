"""Forms over one version of a record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tradeinit.desk.choosers import know
from tradeinit.desk.values import as_sent, in_words, key, of_version

REASON = "change_reason"
SUBMISSION = "submission"
# Before the name of an entry: which of two values to keep.
MERGE = "merge-"
THEIRS, MINE = "stored", "mine"


class VersionField(forms.IntegerField):
    """The version that the form was filled from. An untouched inline must not count as changed."""

    widget = forms.HiddenInput

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


@dataclass(frozen=True)
class Difference:
    """One field that differs between the stored row and what was entered."""

    label: str
    # What a form sends to say which one to keep.
    choice: str
    # When the form was opened; unknown for what has no versions of its own.
    before: str | None
    stored: str
    offered: str
    suggested: str
    # Both sides changed it, so that somebody must choose.
    contested: bool

    def of(self, row: str) -> "Difference":
        """The same, said of a row below the record."""
        return replace(self, label=f"{row}: {self.label}")


class MergingForm(forms.ModelForm):
    """A form in which each refused entry can give way to what is stored."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # What differs from the stored row, once a save was refused.
        self.conflict: list[Difference] = []
        if self.is_bound and self.instance.pk:
            self._give_way()

    def _give_way(self) -> None:
        """Where the stored value was chosen, put it in place of the entry."""
        chosen = [
            name for name in self.fields if self.data.get(MERGE + self.add_prefix(name)) == THEIRS
        ]
        if not chosen:
            return
        entered: Any = self.data
        data = entered.copy()
        for name in chosen:
            value = self.get_initial_for_field(self.fields[name], name)
            for sent, values in as_sent(self, name, value).items():
                data.setlist(sent, values)
        self.data = data

    def differences(self, before: Any = None) -> list[Difference]:
        """Fields that differ from what is stored; ``before`` is the version the form began with."""
        found = []
        for name, field in self.fields.items():
            if name == "version" or name not in self.initial or name not in self.cleaned_data:
                continue
            stored, offered = self.initial[name], self.cleaned_data[name]
            if key(stored) == key(offered):
                continue
            began = of_version(before, self.instance, name) if before is not None else None
            untouched = before is not None and key(began) == key(offered)
            theirs_untouched = before is None or key(began) == key(stored)
            found.append(
                Difference(
                    label=str(field.label or name),
                    choice=MERGE + self.add_prefix(name),
                    before=in_words(began, self.instance, name) if before is not None else None,
                    stored=in_words(stored, self.instance, name),
                    offered=in_words(offered, self.instance, name),
                    suggested=THEIRS if untouched else MINE,
                    contested=not untouched and not theirs_untouched,
                )
            )
        return found


class RowForm(MergingForm):
    """A row of a table, where the heading of the column stands for the label of each entry."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name_the_entries(self)


def name_the_entries(form: forms.ModelForm) -> None:
    for field in form.fields.values():
        widget: Any = field.widget
        for one in (widget, getattr(widget, "widget", widget)):
            one.attrs.setdefault("aria-label", str(field.label or ""))
    name_the_parts(form)


def name_the_parts(form: forms.ModelForm) -> None:
    """An entry of two boxes, for a day and a time, has one label."""
    for field in form.fields.values():
        for part in getattr(field.widget, "widgets", ()):
            part.attrs.setdefault("aria-label", str(field.label or ""))


class RecordForm(MergingForm):
    """A form over one version of a record: a save over a newer one is refused, nothing lost."""

    version = VersionField(required=False)

    # Why these entries are shown again and not saved: the gate's refusal, or a proposal to look at.
    refused: Sequence[str] = ()
    compared = False
    # Files that were sent with these entries and are gone: the entry's name, and the file's.
    lost: Mapping[str, str] = {}
    # In a list, what was not touched is not refused.
    only_changed = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = self.instance.version if self.instance.pk else None
        name_the_parts(self)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.instance.pk:
            self._refuse_an_older_version(cleaned.get("version"))
        for name, file in self.lost.items():
            if name in self.fields:
                problem = _("The file “%(name)s” was not kept. Choose it again.")
                self.add_error(name, ValidationError(problem, params={"name": file}))
        if self.refused and (self.has_changed() or not self.only_changed):
            if self.compared:
                self.conflict = self.differences()
            raise ValidationError(list(self.refused), code="shown" if self.compared else "refused")
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        """The key of a stored row is compared too, or one that names itself fails when written."""
        excluded = super()._get_validation_exclusions()
        return excluded - {self.instance._meta.pk.name} if self.instance.pk else excluded

    def _refuse_an_older_version(self, version: int | None) -> None:
        # The row was read when the form was made, so it is the stored one.
        stored = self.instance.version
        self.instance.version = version if version is not None else 0
        if stored == version:
            return
        began = self.instance.history.filter(version=self.instance.version)
        self.conflict = self.differences(began.order_by("-history_id").first())
        # Saving again is a decision made on the newer version, which is now shown.
        data: Any = self.data
        self.data = data = data.copy()
        data[self.add_prefix("version")] = str(stored)
        raise ValidationError(
            _(
                "Somebody has changed this record since you opened it, so nothing was saved. "
                "Both versions are shown below; your entries are still in the form. "
                "Choose what to keep and save again."
            ),
            code="conflict",
        )


class ListedRecordForm(RecordForm):
    """A record in a list that can be edited."""

    only_changed = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name_the_entries(self)


class PublicRecordForm(RecordForm):
    """A record's own page in the desk: a change to what is public asks for its reason."""

    change_reason = forms.CharField(
        label=gettext_lazy("Reason for the change"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy(
            "Needed when something that is public changes. "
            "The public reads it beside the correction."
        ),
    )
    # The same form sent twice is saved once.
    submission = forms.CharField(
        required=False, widget=forms.HiddenInput, initial=lambda: uuid4().hex
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        know([self])
