"""The rounds of a sheet: which the record has already, which are new, and what is new of them."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from mandates.models import Document, Initiative
from rounds.importing import cells, dates, names
from rounds.importing.batch import Batch
from rounds.importing.cases import Cases
from rounds.importing.dates import Period, Unreadable
from rounds.importing.evidence import Sources
from rounds.importing.headings import Row
from rounds.importing.report import Report
from rounds.models import Round, Venue
from tradeinit import clock, days
from tradeinit.days import Precision
from tradeinit.publication.addresses import free_slug

KINDS: tuple[tuple[str, str], ...] = (
    ("launch", Round.Kind.LAUNCH),
    ("signing", Round.Kind.SIGNING),
    ("signature", Round.Kind.SIGNING),
    ("legal review", Round.Kind.LEGAL_REVIEW),
    ("legal scrubbing", Round.Kind.LEGAL_REVIEW),
    ("stocktake", Round.Kind.STOCKTAKE),
    ("stocktaking", Round.Kind.STOCKTAKE),
    ("scoping", Round.Kind.SCOPING),
    ("ministerial", Round.Kind.MINISTERIAL),
    ("ministers", Round.Kind.MINISTERIAL),
    ("chief negotiators", Round.Kind.CHIEF_NEGOTIATORS),
    ("intersessional", Round.Kind.INTERSESSIONAL),
    ("technical", Round.Kind.TECHNICAL),
    ("stakeholder", Round.Kind.STAKEHOLDER_EVENT),
    ("special round", Round.Kind.SPECIAL_ROUND),
)


@dataclass
class Meeting:
    """A row of the sheet, read."""

    row: Row
    number: int | None
    # A number that is no whole number: “3bis”.
    number_words: str
    title: str
    period: Period
    mode: str
    # Of no mode that is known.
    mode_words: str
    places: cells.Places

    @property
    def label(self) -> str:
        if self.title:
            return self.title
        return f"Round {self.number or self.number_words}".strip()

    @property
    def identity(self) -> tuple[Any, ...]:
        period = self.period
        # Two meetings of one year are not one because their days are not known.
        when = (period.first, period.precision, period.wording)
        return (names.key(self.label), self.number, self.number_words, *when)


def read_period(row: Row, cell: Callable[[str], Any], report: Report) -> Period | None:
    """The dates of a row; each cell is read alone first, so that each mistake has its place."""
    start, end = (_or_nothing(cell(name)) for name in ("start_date", "end_date"))
    before = len(report.mistakes)
    doubted = False
    for column, written in (("start_date", start), ("end_date", end)):
        try:
            doubt = dates.read_cell(written, row.style).doubt
        except Unreadable as error:
            report.wrong(row.at(column), str(error))
        else:
            if doubt:
                doubted = True
                report.open(row.at(column), doubt)
    if len(report.mistakes) > before:
        return None
    try:
        period, left = dates.read(start, end, row.style)
    except Unreadable as error:
        report.wrong(row.at("end_date"), str(error))
        return None
    if left:
        report.open(row.at("end_date"), left)
    elif period.wording and not doubted:
        report.open(row.at("start_date"), f"“{period.wording}” is kept as the wording.")
    elif period.first is None and not doubted:
        report.open(row.at("start_date"), "no day is stated.")
    return period


def _or_nothing(value: Any) -> Any:
    return value if not isinstance(value, str) or cells.stated(value) else None


def days_beyond(met: Round, period: Period) -> dict[str, Any]:
    """What a sheet says of the days of a round; nothing where the record has them more exactly."""
    first, precision = period.first, period.precision
    coarser = dates.ORDER.index(precision) > dates.ORDER.index(met.precision)
    if met.start and not first:
        return {}
    if met.start and coarser and first and first <= met.start <= days.last_day(first, precision):
        return {}
    values: dict[str, Any] = {"wording": period.wording} if period.wording else {}
    if first:
        values |= {"start": first, "precision": precision}
        values |= {"end": period.last} if period.last else {}
    return values


def number_in_doubt(words: str) -> str:
    return f"“{words}” is no whole number from one on: the number is left open."


def mode_in_doubt(words: str) -> str:
    near = cells.near_modes(words)
    hint = f" Near it: {near}." if near else ""
    return f"“{words}” is no mode that is known: the mode is left open.{hint}"


def leave_words(batch: Batch, met: Round, what: str, words: str, row: Row) -> None:
    text = f"Imported {what} of “{met.label}”: “{words}”."
    batch.leave_to_staff(met.initiative, text, row.place, round=met)


class Meetings:
    def __init__(self, batch: Batch, cases: Cases, sources: Sources) -> None:
        self._batch, self._report = batch, batch.report
        self._cases, self._sources = cases, sources

    def record(self, rows: list[Row], step: Callable[[], None]) -> None:
        of_case: dict[Initiative, list[Meeting]] = defaultdict(list)
        for row in rows:
            meeting = self._read(row)
            case = self._cases.of(row)
            if meeting and case:
                of_case[case].append(meeting)
            else:
                step()
        for case, meetings in of_case.items():
            self._record_case(case, meetings, step)

    # Reading

    def _read(self, row: Row) -> Meeting | None:
        period = read_period(row, row.cells.get, self._report)
        if period is None:
            return None
        found = cells.places(row.cells.get("city"), row.cells.get("country"))
        mode, mode_words = cells.mode(row.cells.get("mode"))
        if found.mode and mode == Round.Mode.UNKNOWN:
            mode = found.mode
            self._report.open(row.at("city"), f"“{cells.text(row.cells['city'])}” read as a mode.")
        if found.open:
            self._report.open(row.at("country"), found.open)
        number, words = cells.number(row.cells.get("round_number"))
        title = cells.text(row.cells.get("title"))
        if not (number or words or title or period.first or period.wording or found.venues):
            self._report.open(row.place, "neither number, title, day nor place: no round is made.")
            return None
        meeting = Meeting(row, number, words, title, period, mode, mode_words, found)
        if words:
            self._report.open(row.at("round_number"), number_in_doubt(words))
        if mode_words:
            self._report.open(row.at("mode"), mode_in_doubt(mode_words))
        if not title:
            called = "after its number" if number or words else f"“{meeting.label}”"
            self._report.open(row.at("title"), f"no title: called {called}.")
        return meeting

    # Recording

    def _record_case(
        self, case: Initiative, meetings: list[Meeting], step: Callable[[], None]
    ) -> None:
        stored = list(case.rounds.prefetch_related("venues").order_by("pk"))
        found = _matches(_distinct(meetings), stored)
        first_of: dict[tuple[Any, ...], Meeting] = {}
        rows: dict[tuple[Any, ...], Round] = {}
        for meeting in meetings:
            step()
            first = first_of.setdefault(meeting.identity, meeting)
            if first is not meeting:
                self._repeat(meeting, first, rows.get(meeting.identity))
                continue
            met = found.get(meeting.identity)
            if met is None:
                met = self._make(case, meeting, stored)
            else:
                self._report.match(met)
                self._compare(met, meeting)
            if met:
                rows[meeting.identity] = met
                self._batch.cite(met, self._sources.of(meeting.row), meeting.row.place)
                self._leave_words(met, meeting)

    def _make(self, case: Initiative, meeting: Meeting, stored: list[Round]) -> Round | None:
        period, place = meeting.period, meeting.row.place
        cities = [city for city, _country in meeting.places.venues]
        met = Round(
            initiative=case,
            label=meeting.label,
            number=meeting.number,
            kind=_kind(meeting.label),
            mode=meeting.mode,
            state=_state(meeting),
            start=period.first,
            end=period.last,
            precision=period.precision,
            wording=period.wording,
            slug=free_slug(case.slug[:60], period.first and f"{period.first:%Y-%m}", *cities[:1]),
        )
        if not self._batch.make(met, place):
            return None
        for order, (city, country) in enumerate(meeting.places.venues):
            venue = Venue(round=met, order=order, city=city, country=country)
            self._batch.add(venue, place, str(venue))
        when = met.dates_in_words or "no date"
        where = "; ".join(", ".join(filter(None, pair)) for pair in meeting.places.venues)
        told = [f"new round “{met.label}”", when, where, str(met.get_state_display())]
        self._report.tell(place, f"{', '.join(filter(None, told))}.")
        near = [other for other in stored if _nearly(meeting, other)]
        if near:
            listed = ", ".join(f"“{other.label}”, {other.dates_in_words}" for other in near[:3])
            self._report.open(place, f"“{met.label}” is new; near it is already {listed}.")
        return met

    def _compare(self, met: Round, meeting: Meeting) -> None:
        """What the sheet says beyond the record, or otherwise."""
        period = meeting.period
        values = days_beyond(met, period)
        if meeting.number:
            values["number"] = meeting.number
        if meeting.mode != Round.Mode.UNKNOWN:
            values["mode"] = meeting.mode
        if meeting.title and names.key(meeting.title) != names.key(met.label):
            values["label"] = meeting.title
        self._batch.change(met, values, meeting.row.place)
        self._compare_places(met, meeting)

    def _compare_places(self, met: Round, meeting: Meeting) -> None:
        place = meeting.row.at("city")
        venues = list(met.venues.all())
        for city, country in meeting.places.venues:
            same = next((one for one in venues if names.key(one.city) == names.key(city)), None)
            if same is None:
                order = max((one.order for one in venues), default=-1) + 1
                venue = Venue(round=met, order=order, city=city, country=country)
                self._batch.add(venue, place, f"the venue {venue}")
                venues.append(venue)
            elif country and names.key(same.country) != names.key(country):
                self._report.open(
                    place, f"“{met}” has {same.country or 'no country'} for {city}, not {country}."
                )

    def _leave_words(self, met: Round, meeting: Meeting) -> None:
        """What the sheet says and no field of a round can hold."""
        number, words = meeting.number_words, meeting.mode_words
        if number and names.key(number) not in names.key(met.label):
            leave_words(self._batch, met, "number", number, meeting.row)
        if words:
            leave_words(self._batch, met, "mode", words, meeting.row)

    def _repeat(self, meeting: Meeting, first: Meeting, met: Round | None) -> None:
        place, before = meeting.row.place, first.row.place.row
        self._report.open(place, f"the same meeting as in row {before}, taken as one.")
        for column, mine, theirs in (
            ("end_date", meeting.period.last, first.period.last),
            ("mode", meeting.mode, first.mode),
            ("city", meeting.places.venues, first.places.venues),
        ):
            if mine != theirs and mine not in (None, Round.Mode.UNKNOWN, []):
                self._report.open(place.at(column), f"it differs from row {before}, which counts.")
        if met:
            self._batch.cite(met, self._sources.of(meeting.row), place)


def _distinct(meetings: list[Meeting]) -> list[Meeting]:
    return list({meeting.identity: meeting for meeting in reversed(meetings)}.values())[::-1]


# Which round of the record a row is about


def _matches(meetings: list[Meeting], stored: list[Round]) -> dict[tuple[Any, ...], Round]:
    """The surest matches first; each round is matched once, and only where no other could be."""
    found: dict[tuple[Any, ...], Round] = {}
    for is_same in (_literally, _exactly, _by_day, _by_place, _by_name):
        left = [meeting for meeting in meetings if meeting.identity not in found]
        free = [met for met in stored if met not in found.values()]
        pairs = [(meeting, met) for meeting in left for met in free if is_same(meeting, met)]
        for meeting, met in pairs:
            rivals = [pair for pair in pairs if pair[0] is meeting or pair[1] is met]
            sure = len(rivals) == 1 or is_same in (_literally, _exactly)
            if sure and met not in found.values():
                found.setdefault(meeting.identity, met)
    return found


def _literally(meeting: Meeting, met: Round) -> bool:
    return _exactly(meeting, met) and met.wording == meeting.period.wording


def _exactly(meeting: Meeting, met: Round) -> bool:
    return (
        names.key(met.label) == names.key(meeting.label)
        and met.number == meeting.number
        and _same_start(meeting, met)
    )


def _by_day(meeting: Meeting, met: Round) -> bool:
    """They begin on one day, and bear one name or one number."""
    if not meeting.period.first or not _same_start(meeting, met):
        return False
    same_number = met.number == meeting.number is not None
    return same_number or (
        names.key(met.label) == names.key(meeting.label) and not _two_numbers(meeting, met)
    )


def _by_place(meeting: Meeting, met: Round) -> bool:
    """They begin on one day in one place."""
    period = meeting.period
    if not period.first or not _same_start(meeting, met) or _two_numbers(meeting, met):
        return False
    cities = {names.key(city) for city, _country in meeting.places.venues if city}
    known = {names.key(city) for city in met.cities}
    ends = period.precision == Precision.DAY and met.end == period.last
    return bool(cities & known) or (ends and not (cities and known))


def _by_name(meeting: Meeting, met: Round) -> bool:
    """They bear one name and one number, and their dates do not contradict each other."""
    if names.key(met.label) != names.key(meeting.label) or met.number != meeting.number:
        return False
    if not meeting.period.first or not met.start:
        return True
    coarse = max(meeting.period.precision, met.precision, key=dates.ORDER.index)
    return days.first_day(meeting.period.first, coarse) == days.first_day(met.start, coarse) and (
        coarse != Precision.DAY
    )


def _nearly(meeting: Meeting, met: Round) -> bool:
    same_name = names.key(met.label) == names.key(meeting.label)
    same_number = met.number == meeting.number is not None
    same_day = bool(meeting.period.first) and met.start == meeting.period.first
    return same_day or (same_name and same_number)


def _same_start(meeting: Meeting, met: Round) -> bool:
    if meeting.period.first is None:
        return met.start is None and met.wording == meeting.period.wording
    return met.start == meeting.period.first and met.precision == meeting.period.precision


def _two_numbers(meeting: Meeting, met: Round) -> bool:
    return meeting.number is not None and met.number is not None and meeting.number != met.number


# What is proposed of a new one


def _kind(label: str) -> str:
    words = names.key(label)
    return next((kind for word, kind in KINDS if word in words), Round.Kind.FULL_ROUND)


def _state(meeting: Meeting) -> str:
    """Held, if its last day is past; said otherwise in its title; unannounced where no day is."""
    words = names.key(f"{meeting.title} {meeting.period.wording}").split()
    for word, state in (
        ("cancelled", Round.State.CANCELLED),
        ("canceled", Round.State.CANCELLED),
        ("postponed", Round.State.POSTPONED),
    ):
        if word in words:
            return state
    period = meeting.period
    if period.first is None:
        return Round.State.PLANNED
    over = days.is_over(period.last or period.first, period.precision, clock.now().date())
    return Round.State.HELD if over else Round.State.ANNOUNCED


def rounds_numbered(case: Initiative, number: int | None, words: str) -> list[Round]:
    """The rounds of a case that a number may mean: two phases may each have a third round."""
    found = case.rounds.order_by("start", "pk")
    if number is not None:
        return list(found.filter(number=number))
    wanted = {names.key(words), names.key(f"Round {words}")}
    return [met for met in found if names.key(met.label) in wanted]


def sources_of(met: Round) -> Iterator[Document]:
    return (citation.document for citation in met.citations.select_related("document"))
