"""Which questions each list of this app answers."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from mandates.models import (
    Agreement,
    Chapter,
    ChapterLineage,
    Document,
    Initiative,
    InitiativeParty,
    Mandate,
    Organization,
    Party,
    Representation,
    Statement,
)
from mandates.models.statements import CASE_PATHS, STATUS_OF, value_choices
from tradeinit.filters import (
    CodeFilter,
    DayFilter,
    ListFilter,
    SearchFilter,
    SlugFilter,
    StatusDayFilter,
    WordFilter,
    YesNoFilter,
    ordering,
)
from tradeinit.languages import language_name


class StandingFilter(CodeFilter):
    """By where a subject stands, today or as the question's clocks say.

    Every claim that stands counts, also a disputed one.
    """

    def __init__(self, subject: str, **kwargs: Any) -> None:
        among = Statement.objects.public()
        super().__init__("value", STATUS_OF[subject].choices, among=among, back=subject, **kwargs)
        self.subject = subject

    def filter(self, queryset: QuerySet, value: Any) -> QuerySet:
        if not value:
            return queryset
        self.among = self.counted_among(self.parent)
        return super().filter(queryset, value)

    def counted_among(self, filterset: ListFilter) -> QuerySet:
        clocks = filterset.clocks
        return Statement.objects.standing(self.subject, clocks.on_day, clocks.known_day)


class CaseFilter(SlugFilter):
    """Statements about an initiative, or about anything that belongs to it."""

    def condition(self, value: Any) -> Q:
        """By what they are about, so that each kind of it is found by its index."""
        either = Q()
        for path in CASE_PATHS:
            subject, *_above = path.split("__")
            model: Any = Statement._meta.get_field(subject).related_model
            of_case = f"{path}__slug__in".removeprefix(f"{subject}__")
            either |= Q(
                **{f"{subject}__in": model.objects.public().filter(**{of_case: value}).values("pk")}
            )
        return either

    @property
    def own_paths(self) -> tuple[str, ...]:
        return tuple(f"{path}__slug" for path in CASE_PATHS)


def of_initiative(path: str = "initiative") -> SlugFilter:
    return SlugFilter(path, Initiative.objects.public(), label=_("Initiative"))


class PartyFilter(ListFilter):
    q = SearchFilter("name", "name_zh_hant", label=_("Words"), help_text=_("In the name."))
    kind = CodeFilter("kind", Party.Kind.choices, label=_("Kind"))
    member_of = SlugFilter(
        "",
        Party.objects.public().filter(kind=Party.Kind.BLOC),
        among=Party.objects.public(),
        back="members",
        label=_("Member of"),
        help_text=_("A bloc."),
    )
    ordering = ordering(name="name")


class OrganizationFilter(ListFilter):
    q = SearchFilter(
        "name", "name_zh_hant", "abbreviation", label=_("Words"), help_text=_("In the name.")
    )
    kind = CodeFilter("kind", Organization.Kind.choices, label=_("Kind"))
    party = SlugFilter("party", Party.objects.public(), label=_("Party"))
    ordering = ordering(name="name", abbreviation="abbreviation")


class InitiativeFilter(ListFilter):
    q = SearchFilter(
        "title",
        "title_zh_hant",
        "short_title",
        "summary",
        "policy_basis",
        label=_("Words"),
        help_text=_("In title, summary or standing clause."),
    )
    kind = CodeFilter("kind", Initiative.Kind.choices, label=_("Kind"))
    phase = StandingFilter("initiative", label=_("Phase"), help_text=_("Where it stands."))
    party = SlugFilter(
        "party",
        Party.objects.public(),
        among=InitiativeParty.objects.public_below("initiative"),
        back="initiative",
        label=_("Party"),
    )
    ordering = ordering(title="title")


class InitiativePartyFilter(ListFilter):
    q = SearchFilter(
        "designation",
        "designation_zh_hant",
        "party__name",
        "party__name_zh_hant",
        label=_("Words"),
        help_text=_("In the party's name."),
    )
    initiative = of_initiative()
    party = SlugFilter("party", Party.objects.public(), label=_("Party"))
    role = CodeFilter("role", InitiativeParty.Role.choices, label=_("Role"))
    ordering = ordering(joined_on="joined_on")


class RepresentationFilter(ListFilter):
    q = SearchFilter(
        "organization__name",
        "organization__name_zh_hant",
        "organization__abbreviation",
        label=_("Words"),
        help_text=_("In the name of the body."),
    )
    initiative = of_initiative("initiative_party__initiative")
    party = SlugFilter("initiative_party__party", Party.objects.public(), label=_("Party"))
    organization = SlugFilter("organization", Organization.objects.public(), label=_("Body"))
    capacity = CodeFilter("capacity", Representation.Capacity.choices, label=_("Capacity"))
    ordering = ordering(capacity="capacity")


class MandateFilter(ListFilter):
    q = SearchFilter("title", "title_zh_hant", "summary", label=_("Words"))
    initiative = of_initiative()
    ordering = ordering(announced_on="announced_on", title="title")


class ChapterFilter(ListFilter):
    q = SearchFilter(
        "name", "name_zh_hant", "aim", label=_("Words"), help_text=_("In name or aim.")
    )
    initiative = of_initiative()
    mandate = SlugFilter("mandate", Mandate.objects.public(), label=_("Mandate"))
    status = StandingFilter("chapter", label=_("Status"), help_text=_("Where it stands."))
    status_on = StatusDayFilter(
        "",
        "",
        label=_("Status on"),
        help_text=_("The day for which the status is shown and asked."),
    )
    ordering = ordering(order="order", name="name")


def languages() -> Iterable[tuple[str, str]]:
    written = Document.objects.public().exclude(language="").order_by("language")
    codes = written.values_list("language", flat=True).distinct()
    return [(code, language_name(code)) for code in codes]


class DocumentFilter(ListFilter):
    q = SearchFilter("title", "title_zh_hant", label=_("Words"), help_text=_("In the title."))
    initiative = of_initiative()
    chapter = SlugFilter(
        "",
        Chapter.objects.public(),
        among=Chapter.objects.public(),
        back="documents",
        label=_("Chapter"),
    )
    kind = CodeFilter("kind", Document.Kind.choices, label=_("Kind"))
    publisher = SlugFilter(
        "publisher",
        Organization.objects.public().filter(documents__isnull=False).distinct(),
        label=_("Publisher"),
    )
    language = WordFilter("language", languages, label=_("Language"))
    withheld = YesNoFilter(
        "withheld", label=_("Withheld"), help_text=_("Listed, though its text is not public.")
    )
    dated_after = DayFilter("dated", "after", label=_("Dated from"))
    dated_before = DayFilter("dated", "before", label=_("Dated to"))
    ordering = ordering(dated="dated", title="title")


class AgreementFilter(ListFilter):
    q = SearchFilter(
        "title", "title_zh_hant", "short_title", label=_("Words"), help_text=_("In the title.")
    )
    initiative = of_initiative()
    status = StandingFilter("agreement", label=_("Status"), help_text=_("Where it stands."))
    ordering = ordering(ordinal="ordinal", title="title")


class ChapterLineageFilter(ListFilter):
    q = SearchFilter("former_name", "note", label=_("Words"))
    initiative = of_initiative()
    kind = CodeFilter("kind", ChapterLineage.Kind.choices, label=_("Kind"))
    ordering = ordering(on="on_day")


class StatementFilter(ListFilter):
    q = SearchFilter("wording", label=_("Words"), help_text=_("In the wording."))
    initiative = CaseFilter(
        "initiative",
        Initiative.objects.public(),
        label=_("Initiative"),
        help_text=_("What is said of it and of its chapters."),
    )
    chapter = SlugFilter("chapter", Chapter.objects.public(), label=_("Chapter"))
    agreement = SlugFilter("agreement", Agreement.objects.public(), label=_("Agreement"))
    value = CodeFilter("value", value_choices(), label=_("Value"))
    claimed_by = SlugFilter("claimed_by__party", Party.objects.public(), label=_("Said by"))
    effective_after = DayFilter(
        "effective_on", "after", precision="precision", label=_("Effective from")
    )
    effective_before = DayFilter("effective_on", "before", label=_("Effective to"))
    ordering = ordering(effective_on="effective_on", disclosed_on="disclosed_on")
