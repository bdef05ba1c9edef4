"""The versions of a record: all of them, one, and two compared; and what changed in a case."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from tradeinit import errors
from tradeinit.filters import DayField, ListForm
from tradeinit.lists import Problem, Twin, find
from tradeinit.publication import log
from tradeinit.publication.models import Action, Publication
from tradeinit.reading import Difference, Reading, Version
from tradeinit.renderers import JSONRenderer

# Of one case so many records that changed are shown; a shorter time holds fewer.
MOST_CHANGED = 200


class OfRecord(TemplateView):
    """A page about one record that is public today."""

    # By resource: which rows there are.
    listings: ClassVar[Mapping[str, Any]] = {}
    record: Any

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            self.record = find(self.listings[kwargs["resource"]], kwargs["slug"])
        except errors.Gone as error:
            return errors.gone(request, error)
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            record=self.record,
            resource=self.record.resource,
            name=getattr(self.record, "public_title", None) or self.record,
            **kwargs,
        )


class CompareForm(ListForm):
    surface_words = ()

    def __init__(self, *args: Any, entries: list[Publication], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(entry.number, str(entry.number)) for entry in entries]
        for name, label in (("from", _("Version")), ("to", _("and version"))):
            self.fields[name] = forms.TypedChoiceField(
                choices=choices, coerce=int, required=False, label=label
            )


class VersionsPage(OfRecord):
    """All versions, the last first; with two numbers, how these differ."""

    template_name = "versions/list.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        entries = list(log.story(self.record.uid))
        form = CompareForm(request.GET or None, entries=entries)
        if form.is_bound and not form.is_valid():
            return errors.bad_request(request)
        numbers = [entry.number for entry in entries]
        wanted = form.cleaned_data if form.is_bound else {}
        chosen = [wanted.get("from") or numbers[0], wanted.get("to") or numbers[-1]]
        by_number = {entry.number: Version.of(entry) for entry in entries}
        before, after = (by_number[number] for number in chosen)
        reading = Reading([before, after])
        return self.render_to_response(
            self.get_context_data(
                title=_("Versions of %(record)s") % {"record": self.record},
                entries=entries[::-1],
                numbers=numbers,
                before=before,
                after=after,
                differences=reading.differences(before, after) if len(entries) > 1 else [],
            )
        )


class VersionPage(OfRecord):
    """What one version said, and until when it was the last."""

    template_name = "versions/one.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        entries = list(log.story(self.record.uid))
        place = next(
            (place for place, one in enumerate(entries) if one.number == int(kwargs["number"])),
            None,
        )
        if place is None:
            raise Http404
        version = Version.of(entries[place])
        reading = Reading([version])
        return self.render_to_response(
            self.get_context_data(
                title=_("Version %(number)s of %(record)s")
                % {"number": version.entry.number, "record": self.record},
                version=version,
                facts=reading.facts(version),
                earlier=entries[place - 1] if place else None,
                later=entries[place + 1] if place + 1 < len(entries) else None,
                also_as=[
                    Twin(
                        "JSON",
                        f"{self.record.api_url}?version={version.entry.number}",
                        JSONRenderer.media_type,
                    )
                ],
            )
        )


# What changed in a case


class BetweenForm(ListForm):
    surface_words = ()

    since = DayField(
        required=False,
        label=gettext_lazy("From the end of"),
        help_text=gettext_lazy("A day, such as 2023-01-14."),
    )
    until = DayField(
        required=False,
        label=gettext_lazy("To the end of"),
        help_text=gettext_lazy("A day, such as 2023-01-14."),
    )


@dataclass(frozen=True)
class Change:
    """What became of one record between two days, however often it changed."""

    last: Publication
    action: Action
    kind: str
    name: str
    differences: list[Difference]


class CaseChangesPage(OfRecord):
    """What this site says of a case at the end of one day, and did not at the end of another."""

    template_name = "versions/case.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = BetweenForm(request.GET)
        problems: list[Problem] = []
        changes: list[Change] = []
        if form.is_valid():
            changes = self.changes(form.cleaned_data["since"], form.cleaned_data["until"])
        else:
            problems = [
                Problem(
                    str(form[name].label),
                    form[name].id_for_label,
                    [str(message) for message in messages],
                )
                if name in form.fields
                else Problem("", "", [str(message) for message in messages])
                for name, messages in form.errors.items()
            ]
        context = self.get_context_data(
            title=_("What changed in %(record)s") % {"record": self.record},
            form=form,
            problems=problems,
            changes=changes[:MOST_CHANGED],
            is_cut=len(changes) > MOST_CHANGED,
            most=MOST_CHANGED,
        )
        return self.render_to_response(context, status=400 if problems else 200)

    def changes(self, since: date | None, until: date | None) -> list[Change]:
        """The net change of each record, that of the last moment first."""
        begins, ends = _end_of(since), _end_of(until)
        entries = Publication.objects.public().filter(root=self.record.key)
        later = _last_of_each(entries, ends)
        if begins:
            later = later.filter(at__gte=begins)
        found = list(later.order_by("-at", "resource", "uid")[: MOST_CHANGED + 1])
        uids = {entry.uid for entry in found}
        before = _last_of_each(entries.filter(uid__in=uids), begins) if begins else []
        last = Publication.objects.filter(uid__in=uids).latest_of_each()
        gone = set(last.filter(action=Action.WITHDRAWN).values_list("uid", flat=True))
        return net_changes(found, {entry.uid: entry for entry in before}, gone)


def _end_of(day: date | None) -> datetime | None:
    return datetime.combine(day, time.max, tzinfo=UTC) if day else None


def _last_of_each(entries: QuerySet[Publication], until: datetime | None) -> QuerySet[Publication]:
    newer = Publication.objects.public().filter(uid=OuterRef("uid"), number__gt=OuterRef("number"))
    if until:
        entries, newer = entries.filter(at__lte=until), newer.filter(at__lte=until)
    return entries.filter(~Exists(newer))


def net_changes(
    later: list[Publication], before: dict[UUID, Publication], gone: set[UUID]
) -> list[Change]:
    """Of each record what is told of it later and was not before; what came and went is nothing.

    What has been taken back since is named nowhere any more, and nothing is said of its words.
    """
    pairs = [
        (Version.of(entry), Version.of(before[entry.uid]) if entry.uid in before else None)
        for entry in later
    ]
    shown = [one for pair in pairs for one in pair if one and one.entry.uid not in gone]
    reading = Reading(shown)
    changes = []
    for now, then in pairs:
        was_told, is_told = bool(then and then.told), bool(now.told)
        is_gone = now.entry.uid in gone
        differences = (
            reading.differences(then, now) if then and was_told and is_told and not is_gone else []
        )
        if is_told and was_told and not differences and not is_gone:
            continue
        if not is_told and not was_told:
            continue
        action = (
            Action.WITHDRAWN if not is_told else Action.CORRECTED if was_told else Action.PUBLISHED
        )
        changes.append(
            Change(
                last=now.entry,
                action=action,
                kind=str(capfirst(now.model._meta.verbose_name)),
                name="" if is_gone else now.name,
                differences=differences,
            )
        )
    return changes
