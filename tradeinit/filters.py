"""Which questions a list answers: the base of every FilterSet, and the kinds of filter.

A filter is declared once, in an app's ``filters.py``; page form, API, files and schema follow.
Here the ready-made parts are put right: an unknown word is refused, so is a word given twice that
takes one value, filters reach listed public fields only, and every order ends in the primary key.
"""

import difflib
import re
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property, lru_cache
from heapq import nsmallest
from typing import Any, ClassVar, NamedTuple, Self

import django_filters
from django import forms
from django.core.cache import caches
from django.core.cache.utils import make_template_fragment_key
from django.db.models import F, OrderBy, Q, QuerySet
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst, format_lazy
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django_filters.fields import BaseCSVField

from tradeinit import prepared
from tradeinit.clocks import Clocks
from tradeinit.days import end_of, overlaps_from, reaching, start_of
from tradeinit.languages import marked
from tradeinit.publication.models import FACTUAL, Publication

# Words of every list that are no filters.
SURFACE_WORDS = ("page", "page_size", "cursor", "format", "fields", "expand")
# Those of one record, the clocks among them.
RECORD_WORDS = ("format", "fields", "expand")
CLOCKS = ("on", "known")
# Of the choices of one word a form offers so many, those that give most rows.
MAX_CHOICES = 60
# So few choices stand open on the form.
FEW = 5
CHECKED = mark_safe(" checked")
MAX_VALUES = 50
MAX_TEXT = 200
# Django puts it in place of bytes that it cannot read, so an address bears it for nothing else.
NOT_UTF_8 = "\ufffd"
EMPTY_PART = gettext_lazy("One of the parts between the commas is empty.")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


# Form fields


class TickBoxes(forms.CheckboxSelectMultiple):
    """A box to tick for each choice, with how many rows it gives where that was counted."""

    counts: Mapping[str, int] | None = None

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """Without a template for each box, of which a page has hundreds."""
        chosen, language = {str(one) for one in value or []}, get_language()
        boxes = SafeString("\n").join(
            _box(name, str(code), str(label), str(code) in chosen, language)
            + self._count(str(code), language)
            for code, label in self.choices
        )
        return format_html('<ul class="choices">\n{}\n</ul>', SafeString(boxes))

    def _count(self, code: str, language: str | None) -> SafeString:
        return AFTER_BOX if self.counts is None else _counted(self.counts.get(code, 0), language)


AFTER_BOX = SafeString("</label></li>")


# From page to page hardly one box differs but in its count.


@lru_cache(maxsize=4_000)
def _box(name: str, code: str, label: str, is_chosen: bool, language: str | None) -> SafeString:
    return format_html(
        '<li><label><input type="checkbox" name="{}" value="{}"{}><span>{}</span> ',
        name,
        code,
        CHECKED if is_chosen else "",
        marked(label),
    )


@lru_cache(maxsize=4_000)
def _counted(number: int, language: str | None) -> SafeString:
    shown = number_format(number, force_grouping=True)
    return format_html('<span class="choice-count">{}</span>{}', shown, AFTER_BOX)


class SeveralInput(forms.TextInput):
    """A text box over a word that may be given several times."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        return data.getlist(name) if hasattr(data, "getlist") else data.get(name, [])

    def format_value(self, value: Any) -> str:
        return " ".join(value or [])


class WordsField(forms.MultipleChoiceField):
    """One or more words of a given pattern. The choices are an offer, not the limit:
    a word that no public row bears gives an empty list, the same as one that is hidden."""

    widget = TickBoxes

    def __init__(self, *, pattern: str, malformed: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.pattern, self.malformed = re.compile(pattern), malformed

    def clean(self, value: Any) -> list[str]:
        return super().clean([one for one in value or [] if one != ""])

    def valid_value(self, value: str) -> bool:
        return True

    def validate(self, value: list[str]) -> None:
        if len(value) > MAX_VALUES:
            raise forms.ValidationError(_("Name at most %(limit)s values.") % {"limit": MAX_VALUES})
        for one in value:
            if len(one) > MAX_TEXT or not self.pattern.fullmatch(one):
                raise forms.ValidationError(self.malformed % {"value": one[:MAX_TEXT]})


class CodesField(forms.MultipleChoiceField):
    widget = TickBoxes

    def clean(self, value: Any) -> list[str]:
        return super().clean([one for one in value or [] if one != ""])

    def validate(self, value: list[str]) -> None:
        choices: Any = self.choices
        codes = [str(code) for code, _label in choices if code]
        for one in value:
            if one not in codes:
                raise forms.ValidationError(
                    _("“%(value)s” is not one of: %(codes)s.")
                    % {"value": one[:MAX_TEXT], "codes": ", ".join(codes)}
                )


class InstantField(forms.CharField):
    """An RFC 3339 instant; without a zone it would mean another time to each, and is refused.

    A day alone stands for its first moment in UTC.
    """

    def __init__(self, **kwargs: Any) -> None:
        # Of a control character nothing would be left, and the box would count as empty.
        super().__init__(strip=False, **kwargs)

    def to_python(self, value: Any) -> datetime | None:  # type: ignore[override]
        text = super().to_python(value)
        if not text:
            return None
        try:
            day = parse_date(text) if DAY.fullmatch(text) else None
            if day:
                return start_of(day)
            instant = parse_datetime(text.replace(" ", "+"))
            if instant is not None and instant.tzinfo is not None:
                return instant.astimezone(UTC)
        except (ValueError, OverflowError):
            pass
        raise forms.ValidationError(
            _("Enter an instant with its zone, such as 2023-01-04T17:00:00Z.")
        )


class DayField(forms.DateField):
    """A day as year-month-day, and nothing that only looks like one."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("input_formats", ["%Y-%m-%d"])
        kwargs.setdefault(
            "error_messages",
            {"invalid": gettext_lazy("Enter a day as year-month-day, such as 2023-01-14.")},
        )
        super().__init__(**kwargs)

    def strptime(self, value: str, format: str) -> date:
        if not DAY.fullmatch(value):
            raise ValueError(value)
        return super().strptime(value, format)


class OrderField(BaseCSVField):
    def clean(self, value: Any) -> Any:
        if value and "" in value:
            raise forms.ValidationError(EMPTY_PART)
        return super().clean(value)


class Shared(dict):
    """The fields of a form that only reads what is given to it: they need not be copied."""

    def __deepcopy__(self, memo: Any) -> dict[str, forms.Field]:
        return dict(self)


class ListForm(forms.Form):
    """Refuses what the filters do not know, instead of ignoring it."""

    surface_words: tuple[str, ...] = SURFACE_WORDS

    def __init__(self, data: Any = None, *args: Any, only_asked: bool = False, **kwargs: Any):
        """``only_asked``: not to be shown, so that it needs no fields for what is not asked."""
        self.known_words = [*self.base_fields, *self.surface_words]
        if only_asked:
            fields = self.base_fields
            self.base_fields = Shared((name, fields[name]) for name in fields if name in data)
        super().__init__(data, *args, **kwargs)

    def full_clean(self) -> None:
        super().full_clean()
        if not self.is_bound:
            return
        for name in self.data:
            if name not in self.fields and name not in self.surface_words:
                self.errors[name] = self.error_class([self._unknown(name)])
            elif self._single(name) and len(self._given(name)) > 1:
                self._refuse(name, _("Give this word once."))
            elif any(NOT_UTF_8 in value for value in self._given(name)):
                self._refuse(name, _("This is no text in UTF-8."))

    def _refuse(self, name: str, problem: str) -> None:
        anchor = self[name].auto_id if name in self.fields else None
        self.errors[name] = self.error_class([problem], field_id=anchor)

    def _single(self, name: str) -> bool:
        return not isinstance(self.fields.get(name), WordsField | CodesField)

    def _given(self, name: str) -> list[str]:
        return self.data.getlist(name) if hasattr(self.data, "getlist") else [self.data[name]]

    def _unknown(self, name: str) -> str:
        near = difflib.get_close_matches(name.lower(), self.known_words, n=3, cutoff=0.5)
        shown = name[:60]
        if near:
            names = ", ".join(f"“{one}”" for one in near)
            return _("Unknown word “%(name)s”. Did you mean %(near)s?") % {
                "name": shown,
                "near": names,
            }
        return _("Unknown word “%(name)s”. Known are: %(known)s.") % {
            "name": shown,
            "known": ", ".join(self.known_words),
        }


class RecordForm(ListForm):
    """What may be asked of one record: the clocks, or one of its versions as it was told."""

    surface_words: tuple[str, ...] = RECORD_WORDS

    on = DayField(required=False)
    known = DayField(required=False)
    version = forms.IntegerField(required=False, min_value=1, max_value=2_147_483_647)

    def clean(self) -> dict[str, Any]:
        asked = self.cleaned_data
        if asked.get("version") and (
            asked.get("on") or asked.get("known") or "expand" in self.data
        ):
            raise forms.ValidationError(
                {"version": _("A version says what was told: leave out on, known and expand.")}
            )
        return asked

    @property
    def clocks(self) -> Clocks:
        return Clocks(on=self.cleaned_data.get("on"), known=self.cleaned_data.get("known"))


def several(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


# Filters. ``schema`` is the OpenAPI of the value.


class Put(NamedTuple):
    """A question of one form: what it compares is no part of its SQL, what else it says is."""

    compared: Sequence[Any] = ()
    form: Hashable = None


class Asked(django_filters.Filter):
    """A filter that says of itself in OpenAPI what it takes."""

    schema: dict[str, Any]
    parted_by_commas = False

    def put(self, value: Any) -> Put | None:
        """How it is put to the database; None where its SQL depends on the value in other ways."""
        return None if value else Put()

    def narrowed(self, queryset: QuerySet, compared: Sequence[Any]) -> QuerySet:
        """The rows that these values find."""
        raise NotImplementedError

    def __deepcopy__(self, memo: Any) -> Self:
        """Each FilterSet copies its filters; what they hold is never changed, and dear to copy."""
        made = object.__new__(type(self))
        made.__dict__.update(self.__dict__)
        return made


class Question(Asked):
    """A filter whose value is a list ("or") and whose rows are found by their ids, never by a join.

    ``path`` leads from the row to what is compared. Where many rows lie between, ``among`` is the
    queryset of those that count (public ones) and ``back`` their field that points to the row.
    """

    lookup = "in"

    def __init__(
        self,
        path: str,
        among: QuerySet | None = None,
        back: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(field_name=path, **kwargs)
        self.path, self.among, self.back = path, among, back

    # Whether there are choices to offer, each with its count.
    has_choices = True

    @property
    def own_paths(self) -> tuple[str, ...]:
        """The columns of the row itself that are compared."""
        return (self.path,)

    def counted_among(self, filterset: Any) -> QuerySet | None:
        return self.among

    @property
    def is_counted_alike(self) -> bool:
        """Whether it is counted among the same rows whatever the question is, and the day."""
        return type(self).counted_among is Question.counted_among

    def choice_of(self, value: Any) -> str:
        """The choice for a value that is compared; empty where there is none."""
        return "" if value is None else str(value)

    def offered(self, counts: Mapping[str, int] | None, asked: list[str]) -> list[Any]:
        """The choices of the page's form: those that give rows, and those that are chosen."""
        raise NotImplementedError

    def put(self, value: Any) -> Put | None:
        own = type(self).filter is Question.filter and type(self).condition is Question.condition
        return Put(value) if value and own else super().put(value)

    def filter(self, queryset: QuerySet, value: Any) -> QuerySet:
        return self.narrowed(queryset, value) if value else queryset

    def narrowed(self, queryset: QuerySet, compared: Sequence[Any]) -> QuerySet:
        condition = self.condition(compared)
        if self.among is None:
            return queryset.filter(condition)
        # Not EXISTS: of that SQLite asks each row of the list, however few these lead to.
        among = self.among.filter(condition).order_by()
        return queryset.filter(pk__in=among.values(self.back))

    def condition(self, value: Any) -> Q:
        return Q(**{f"{self.path}__in": value})


class SlugFilter(Question):
    """Records named by their slugs. ``records`` are the public rows that the form offers.

    ``to`` leads from the path to the slug; it is empty where the path ends in one.
    """

    field_class = WordsField
    schema = several({"type": "string", "pattern": "^[-a-zA-Z0-9_]+$"})

    def __init__(self, path: str, records: QuerySet, to: str = "__slug", **kwargs: Any) -> None:
        self.records: QuerySet = records
        kwargs |= {
            "pattern": r"[-a-zA-Z0-9_]+",
            "malformed": gettext_lazy("“%(value)s” cannot be an address of a record."),
        }
        super().__init__(f"{path}{to}".removeprefix("__"), **kwargs)

    def offered(self, counts: Mapping[str, int] | None, asked: list[str]) -> list[Any]:
        # Of those that are named as often the first by name: the same ones on any database.
        counted = counts or {}
        most = nsmallest(MAX_CHOICES, counted, key=lambda slug: (-counted[slug], slug))
        slugs = [] if counts is None else list(dict.fromkeys([*most, *asked]))
        if counts is not None and not slugs:
            return []

        def named(slugs: Sequence[Any] = ()) -> QuerySet:
            found = self.records.filter(slug__in=slugs) if slugs else self.records
            return found[:MAX_CHOICES]

        values = {"slugs": slugs} if slugs else {}
        rows = prepared.ask(("offered", self.records), named, values).rows()
        return _with_asked([(row.slug, str(row)) for row in rows], asked)


class WordFilter(Question):
    """Text compared whole, without regard to capitals; ``offered`` are words with their labels."""

    field_class = WordsField
    schema = several({"type": "string", "maxLength": MAX_TEXT, "pattern": r"^[^\x00-\x1f\ufffd]*$"})

    def __init__(
        self, path: str, offered: Callable[[], Iterable[tuple[str, str]]], **kwargs: Any
    ) -> None:
        kwargs |= {
            "pattern": r"[^\x00-\x1f]+",
            "malformed": gettext_lazy("“%(value)s” cannot be such a name."),
        }
        super().__init__(path, **kwargs)
        self.words = offered

    def offered(self, counts: Mapping[str, int] | None, asked: list[str]) -> list[Any]:
        found = [one for one in self.words() if counts is None or one[0] in counts]
        return _with_asked(found[:MAX_CHOICES], asked)

    def condition(self, value: Any) -> Q:
        either = Q()
        for word in value:
            either |= Q(**{f"{self.path}__iexact": word})
        return either


class NumberFilter(Question):
    field_class = WordsField
    has_choices = False
    schema = several({"type": "integer", "minimum": 0, "maximum": 9999})

    def __init__(self, path: str, **kwargs: Any) -> None:
        kwargs |= {
            "pattern": r"[0-9]{1,4}",
            "malformed": gettext_lazy("“%(value)s” is not a whole number up to 9999."),
            "widget": SeveralInput(attrs={"inputmode": "numeric"}),
        }
        super().__init__(path, **kwargs)


class CodeFilter(Question):
    """Codes of a vocabulary."""

    field_class = CodesField

    def __init__(self, path: str, choices: Iterable[tuple[str, Any]], **kwargs: Any) -> None:
        self.vocabulary = list(choices)
        super().__init__(path, choices=self.vocabulary, **kwargs)
        codes = [code for code, _label in self.vocabulary]
        self.schema = several({"type": "string", "enum": codes})

    def offered(self, counts: Mapping[str, int] | None, asked: list[str]) -> list[Any]:
        return [
            (code, capfirst(str(label)))
            for code, label in self.vocabulary
            if counts is None or code in counts or code in asked
        ]


class YesNoFilter(CodeFilter):
    """``true`` or ``false``."""

    ANSWERS = (("true", gettext_lazy("Yes")), ("false", gettext_lazy("No")))

    def __init__(self, path: str, **kwargs: Any) -> None:
        super().__init__(path, self.ANSWERS, **kwargs)

    def condition(self, value: Any) -> Q:
        return Q(**{f"{self.path}__in": [answer == "true" for answer in value]})

    def choice_of(self, value: Any) -> str:
        return "true" if value else "false"


class DayFilter(Asked, django_filters.DateFilter):
    """Days from, or up to, a day. An imprecise date matches if its period overlaps."""

    field_class = DayField
    schema = {"type": "string", "format": "date"}

    def __init__(self, path: str, side: str, precision: str | None = None, **kwargs: Any) -> None:
        # Not type="date": a browser empties that where the day does not exist.
        kwargs.setdefault("widget", forms.DateInput(attrs={"autocomplete": "off"}))
        kwargs.setdefault("help_text", gettext_lazy("A day, such as 2023-01-14."))
        super().__init__(field_name=path, **kwargs)
        self.path, self.side, self.precision = path, side, precision

    def put(self, value: date | None) -> Put | None:
        own = type(self).filter is DayFilter.filter
        return Put(self._compared(value)) if value and own else super().put(value)

    def _compared(self, value: date) -> list[Any]:
        return reaching(value) if self.side == "after" and self.precision else [value]

    def filter(self, queryset: QuerySet, value: date | None) -> QuerySet:
        return self.narrowed(queryset, self._compared(value)) if value else queryset

    def narrowed(self, queryset: QuerySet, compared: Sequence[Any]) -> QuerySet:
        if self.side == "before":
            return queryset.filter(**{f"{self.path}__lte": compared[0]})
        if self.precision:
            return queryset.filter(overlaps_from(self.path, compared, self.precision))
        return queryset.filter(**{f"{self.path}__gte": compared[0]})


class InstantDayFilter(DayFilter):
    """The same over instants: a whole day in UTC."""

    def _compared(self, value: date) -> list[Any]:
        return [end_of(value) if self.side == "before" else start_of(value)]


class SearchFilter(Asked, django_filters.CharFilter):
    """Rows that hold every word of the text somewhere in their listed public fields."""

    # No database holds a NUL, and no UTF-8 the sign for what is none.
    schema = {"type": "string", "maxLength": MAX_TEXT, "pattern": "^[^\\x00\\ufffd]*$"}

    def __init__(self, *paths: str, **kwargs: Any) -> None:
        kwargs.setdefault("label", gettext_lazy("Words"))
        super().__init__(max_length=MAX_TEXT, widget=forms.SearchInput, **kwargs)
        self.paths = paths

    def filter(self, queryset: QuerySet, value: str) -> QuerySet:
        for word in (value or "").split():
            anywhere = Q()
            for path in self.paths:
                anywhere |= Q(**{f"{path}__icontains": word})
            queryset = queryset.filter(anywhere)
        return queryset


class InstantFilter(Asked):
    """An instant on or after (``gte``) or before (``lt``) which it happened."""

    field_class = InstantField
    schema = {"type": "string", "format": "date-time"}


class UpdatedSinceFilter(Asked):
    field_class = InstantField
    schema = {"type": "string", "format": "date-time"}

    def put(self, value: datetime | None) -> Put | None:
        return Put([value]) if value else Put()

    def filter(self, queryset: QuerySet, value: datetime | None) -> QuerySet:
        return self.narrowed(queryset, [value]) if value else queryset

    def narrowed(self, queryset: QuerySet, compared: Sequence[Any]) -> QuerySet:
        told = Publication.objects.sealed().about([queryset.model.resource])
        since = told.filter(at__gte=compared[0], action__in=FACTUAL)
        return queryset.filter(uid__in=since.order_by().values("uid"))


class ClockFilter(DayFilter):
    """Sets a clock: the rows, and all that is computed for them, are those of that day."""

    def __init__(self, question: str, **kwargs: Any) -> None:
        super().__init__("", "", **kwargs)
        self.question = question

    def filter(self, queryset: QuerySet, value: date | None) -> QuerySet:
        return getattr(queryset, self.question)(value) if value else queryset


class StatusDayFilter(DayFilter):
    """The day whose status is shown and asked for; the rows stay those of today."""

    def filter(self, queryset: QuerySet, value: date | None) -> QuerySet:
        return queryset


@dataclass(frozen=True)
class Asking:
    """A question on the form, and the fields in which it is put."""

    shape: str
    fields: list[Any]
    is_asked: bool = False
    size: int = 0

    @property
    def is_open(self) -> bool:
        """Whether its choices are seen without a further step."""
        return self.is_asked or self.size <= FEW


class ListFilter(django_filters.FilterSet):
    """The questions of every list; an app adds its own, and says which orders there are."""

    updated_since = UpdatedSinceFilter(
        label=gettext_lazy("Changed since"),
        help_text=gettext_lazy("Published or corrected here at or after this instant."),
    )

    on = ClockFilter(
        "true_on", label=gettext_lazy("On"), help_text=gettext_lazy("What was true on this day.")
    )
    known = ClockFilter(
        "known_by",
        label=gettext_lazy("Known by"),
        help_text=gettext_lazy("What the public record could say by this day."),
    )

    # Of all the words the page's form shows those that people ask with.
    NOT_ON_THE_FORM: tuple[str, ...] = ("updated_since",)
    # Those that set a clock stand in a group of their own.
    CLOCKS: tuple[str, ...] = ("on", "known", "status_on")

    _form_class: ClassVar[type[ListForm]]

    class Meta:
        form = ListForm

    def __init__(self, *args: Any, only_asked: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.only_asked = only_asked

    @cached_property
    def form(self) -> ListForm:
        return self.get_form_class()(self.data, only_asked=self.only_asked)

    def get_form_class(self) -> type[ListForm]:
        """Made once: a form copies its fields anyway."""
        if "_form_class" not in vars(type(self)):
            type(self)._form_class = super().get_form_class()
        return type(self)._form_class

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        return self._narrowed(queryset, {})

    def _narrowed(self, found: QuerySet, compared: Mapping[str, Sequence[Any]]) -> QuerySet:
        for name, asked in self.filters.items():
            found = (
                asked.narrowed(found, compared[name])
                if name in compared
                else asked.filter(found, self.form.cleaned_data.get(name))
            )
        order = [*(found.query.order_by or found.model._meta.ordering)]
        named = {word.removeprefix("-") for word in order if isinstance(word, str)}
        # A further column would have the database sort what an index has in order.
        is_total = "pk" in named or named.issuperset(found.model.walked_by)
        return found if is_total else found.order_by(*order, "pk")

    def prepared(
        self, form: Hashable, cut: Callable[[QuerySet], QuerySet]
    ) -> prepared.Prepared | None:
        """What is cut out of the rows, by SQL that is written once for all questions like this.

        None where a filter does not allow it. ``form`` names the cut.
        """
        if not self.is_valid():
            return None
        answers = self.form.cleaned_data
        put = {name: asked.put(answers.get(name)) for name, asked in self.filters.items()}
        known = {name: one for name, one in put.items() if one is not None}
        if len(known) < len(put):
            return None
        return prepared.ask(
            # The queryset itself: one that a view made for somebody is like no other.
            (self.queryset, type(self), form, *(one.form for one in known.values())),
            lambda **late: cut(self._narrowed(self.queryset.all(), late)),
            {name: one.compared for name, one in known.items() if one.compared},
            has_one_plan=False,
        )

    @property
    def clocks(self) -> Clocks:
        asked = self.form.cleaned_data
        return Clocks(on=asked.get("status_on") or asked.get("on"), known=asked.get("known"))

    @property
    def facets(self) -> dict[str, Question]:
        """The words of the form that offer choices."""
        shown = {field.name for field in self.questions}
        return {
            word: found
            for word, found in self.filters.items()
            if word in shown and isinstance(found, Question) and found.has_choices
        }

    @property
    def asked(self) -> dict[str, list[str]]:
        """The words of the question that have a value, the clocks aside."""
        given = {name: [one for one in self.data.getlist(name) if one] for name in self.data}
        return {
            name: values
            for name, values in given.items()
            if values and name in self.filters and name not in self.CLOCKS
        }

    def without(self, *words: str) -> Self:
        """The same question without some of its words."""
        data = self.data.copy()
        for word in words:
            data.pop(word, None)
        return type(self)(data, queryset=self.queryset, request=self.request)

    def offer(self, counts: Mapping[str, Mapping[str, int]]) -> None:
        """Set out the choices of the form, with what was counted of each."""
        for word, found in self.facets.items():
            field: Any = self.form.fields[word]
            field.widget.counts = counts.get(word)
            field.widget.choices = self._offered(word, found, counts.get(word))

    def _offered(
        self, word: str, found: Question, counts: Mapping[str, int] | None
    ) -> list[tuple[str, str]]:
        asked = self.asked.get(word, [])
        etag = getattr(self.request, "etag", None)
        if counts is not None or etag is None:
            return found.offered(counts, asked)
        # Uncounted, it is the same for all questions until the public is told more.
        choices = caches["template_fragments"].get_or_set(
            make_template_fragment_key("choices", [etag, get_language(), type(self), word]),
            lambda: found.offered(None, []),
            60,
        )
        return _with_asked(choices or [], asked)

    @property
    def on_the_form(self) -> list[Any]:
        return [*self.questions, *self.as_of]

    @property
    def questions(self) -> list[Any]:
        apart = (*self.NOT_ON_THE_FORM, *self.CLOCKS)
        return [field for field in self.form if field.name not in apart]

    @property
    def laid_out(self) -> list[Asking]:
        """The questions as the form shows them: choices, boxes, and the two ends of a period."""
        facets, by_name = self.facets, {field.name: field for field in self.questions}
        found = []
        for name, field in by_name.items():
            until = by_name.get(f"{name.removesuffix('_after')}_before")
            if name in facets:
                choices = field.field.widget.choices
                if choices:
                    found.append(Asking("choices", [field], name in self.asked, len(choices)))
            elif name.endswith("_after") and until:
                found.append(Asking("period", [field, until]))
            elif not (
                name.endswith("_before") and f"{name.removesuffix('_before')}_after" in by_name
            ):
                found.append(Asking("box", [field]))
        return found

    @property
    def as_of(self) -> list[Any]:
        return [field for field in self.form if field.name in self.CLOCKS]


class Ordering(Asked, django_filters.OrderingFilter):
    """Where nothing is known comes last, whichever way round, on every database."""

    base_field_class = OrderField
    parted_by_commas = True

    @property
    def schema(self) -> dict[str, Any]:  # type: ignore[override]
        words = [sign + word for word in self.param_map for sign in ("", "-")]
        return several({"type": "string", "enum": words})

    def put(self, value: Any) -> Put | None:
        return Put(form=tuple(value or ()))

    def get_ordering_value(self, param: str) -> OrderBy:
        down = param.startswith("-")
        path = F(self.param_map[param.removeprefix("-")])
        return path.desc(nulls_last=True) if down else path.asc(nulls_last=True)


def ordering(**fields: str) -> Ordering:
    """``ordering=`` by the given words, each also with a minus for the other way round."""
    return Ordering(
        fields=[(path, word) for word, path in fields.items()],
        field_labels=_labels_of_order(fields),
        label=gettext_lazy("Order"),
        empty_label=gettext_lazy("Default"),
    )


def _labels_of_order(fields: dict[str, str]) -> dict[str, Any]:
    labels: dict[str, Any] = {}
    for word, path in fields.items():
        labels[path] = label = gettext_lazy(word.replace("_", " "))
        labels[f"-{word}"] = format_lazy(gettext_lazy("{order} (descending)"), order=label)
    return labels


def _with_asked(offered: list[Any], asked: list[str]) -> list[Any]:
    """What was asked stays on the form, also where no row bears it."""
    words = {word for word, _label in offered}
    return [*offered, *((word, word) for word in asked if word not in words)]
