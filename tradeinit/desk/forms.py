"""Forms over one version of a record."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import model_to_dict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tradeinit.desk.values import in_words, key

REASON = "change_reason"


class VersionField(forms.IntegerField):
    """The version that the form was filled from. An untouched inline must not count as changed."""

    widget = forms.HiddenInput

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


class RecordForm(forms.ModelForm):
    """A form over one version of a record: a save over a newer one is refused, nothing lost."""

    version = VersionField(required=False)

    # What the gate refused on the first try, to be shown with the entries as they were made.
    refused: Sequence[str] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = self.instance.version if self.instance.pk else None
        # Stored and offered values of each field that differs, once a save was refused.
        self.conflict: list[dict[str, str]] = []

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.instance.pk:
            self._refuse_an_older_version(cleaned.get("version"))
        if self.refused:
            raise ValidationError(list(self.refused))
        return cleaned

    def _refuse_an_older_version(self, version: int | None) -> None:
        stored = type(self.instance)._base_manager.filter(pk=self.instance.pk).first()
        if stored is None:
            raise ValidationError(_("Somebody has deleted this record in the meantime."))
        self.instance.version = version if version is not None else 0
        if stored.version == version:
            return
        self.conflict = self._differences(stored)
        # Saving again is a decision made on the newer version, which is now shown.
        entered: Any = self.data
        self.data = entered = entered.copy()
        entered[self.add_prefix("version")] = str(stored.version)
        raise ValidationError(
            _(
                "Somebody has changed this record since you opened it, so nothing was saved. "
                "Both versions are shown below; your entries are still in the form. "
                "Merge what you want to keep and save again."
            ),
            code="conflict",
        )

    def _differences(self, stored: Any) -> list[dict[str, str]]:
        theirs = model_to_dict(stored, fields=list(self.fields))
        return [
            {
                "label": str(field.label or name),
                "stored": in_words(theirs.get(name), stored, name),
                "offered": in_words(self.cleaned_data.get(name), self.instance, name),
            }
            for name, field in self.fields.items()
            if name in theirs
            and name != "version"
            and key(theirs.get(name)) != key(self.cleaned_data.get(name))
        ]


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
