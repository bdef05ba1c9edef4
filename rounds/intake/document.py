"""Of the release itself: its title, who published it, when, in which language, of which kind."""

import re
from dataclasses import replace
from typing import Any

from rounds.intake import dates, han_dates
from rounds.intake.dates import Calendar, When
from rounds.intake.draft import Confidence, Draft, Span
from rounds.intake.passages import HAN, LINK, Block, Passages, collapsed
from rounds.intake.tables import Pattern, alternation, cities, publishers

# How deep in the text a title or a date line may stand, in blocks.
HEAD = 25

DATELINE = re.compile(
    r"(?P<place>[A-ZÀ-Þ][\w.À-ÿ']*(?:(?:,? |/)(?:[A-ZÀ-Þ][\w.À-ÿ']*|of|de))*)"
    r"(?P<rest>,?\s\(?\w[^\n]{0,45}?)??(?:\s+-{1,2}\s*/[\w ]+/\s*-{1,2}\s+|"
    r"\s+-{1,2}\s+|(?P<tight>-{1,2}(?=[A-Z])))"
    r"(?=\S)"
)
HAN_DATELINE = re.compile(r"[(【〔][^)】〕\n]{2,30}[)】〕]")

# Before a title, and behind it.
TITLE_BEFORE = re.compile(
    r"(?:PRESS RELEASE|Press [Rr]elease|News [Rr]elease|MEDIA RELEASE|Media [Rr]elease|"
    r"MEDIA ADVISORY|Media [Aa]dvisory|ADVISORY|READOUT|Joint Press Release|Title|標題|新聞稿)"
    r"\s*[:：-]\s*"
)
# Begins at its sign, not at the spaces before: a long gap would be tried from each of them.
TITLE_BEHIND = re.compile(r"(?:\[[^\]]{1,40}\]|\|[^|]{2,60})$")
LABEL = re.compile(
    r"(?:press release|media release|news release|publisher|published|issued|source|from|by|date|"
    r"posted|updated|location|communiqu[eé]|statement no|reference|ref|release date|發布|發佈|日期|"
    r"資料來源|發言人|單位|新聞類別)\s*(?:[:：]|on\b|by\b|\d)",
    re.I,
)

DATED = (
    Pattern(
        "labelled",
        re.compile(
            r"(?<!\w)(?i:published|issued|posted|released|release date|date of release|"
            r"publication date|date|dated|last published|first published|contact:)(?!\w)"
            r"[^\n]{0,110}$"
        ),
        "Published 14-01-2023",
        "2023-01-14",
    ),
    Pattern(
        "labelled in Chinese",
        re.compile(r"(?:發布日期|發佈日期|發布時間|發佈時間|日期|更新日期|張貼日)[^\n]{0,40}$"),
        "發布日期:2023-01-14",
        "2023-01-14",
    ),
    Pattern(
        "between bars",
        re.compile(
            r"[^|·\n]{0,60}[|·]\s*\d{1,2}\s+\w{3,9}\s+\d{4}\s*(?:[|·].*)?|[^|"
            r"·\n]{0,40}\d{1,2}\s+\w{3,9}\s+\d{4}\s*[|·].*"
        ),
        "News article | 14 January 2023 | Brussels",
        "2023-01-14",
    ),
    Pattern(
        "a line of its own",
        re.compile(
            r"(?:[A-Z][\w .,À-ÿ]{1,40}[,|]\s*)?(?:on\s+)?"
            r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\w*\.?,?\s+)?"
            r"(?:\w{3,9}\.?\s+\d{1,2}(?:st|nd|rd|th)?,?\s+\d{4}|"
            r"\d{1,2}(?:st|nd|rd|th)?\.?\s+\w{3,9}\.?,?\s+\d{4}|"
            r"\d{4}[./-]\d{1,2}[./-]\d{1,2}|\d{1,2}[./-]\d{1,2}[./-]\d{4}|"
            r"(?:民國|中華民國)?\s?\d{2,4}\s?年\s?\d{1,2}\s?月\s?\d{1,2}\s?日)"
            r"(?:[\s,|@-]*(?:at\s+)?\d{1,2}[:.]\d\d\s*(?:[ap]\.?m\.?)?(?:\s*[A-Z]{2,5})?)?"
            r"(?:\s*(?:by|\|)\s+[\w ]{2,30}|\s+-\s+[A-Z][\w ,.'À-ÿ-]{2,80})?\.?"
        ),
        "Saturday, 14 January 2023, 5:47 am",
        "2023-01-14",
    ),
)


def read_language(passages: Passages, draft: Draft) -> None:
    language = "zh-Hant" if passages.is_han else "en"
    reason = "more than a quarter of its letters are Han" if passages.is_han else "Latin letters"
    draft.add("document.language", language, [_opening(passages)], reason)


def _opening(passages: Passages) -> Span | None:
    """The first words of the text, for what rests on it as a whole."""
    return passages.sentences[0].whole if passages.sentences else None


# Title


def read_title(passages: Passages, draft: Draft) -> None:
    """The first line in the head that is no furniture, no label, no date and no sentence."""
    for number, block in enumerate(passages.blocks[:HEAD]):
        if block.kind not in ("paragraph", "item"):
            continue
        line = collapsed(passages.plain[block.start : block.end])
        if _is_sentence(line):
            return
        if not _is_title(line, passages.is_han):
            passages.blocks[number] = replace(block, kind="label")
            continue
        passages.blocks[number] = replace(block, kind="title")
        start, end = _trimmed(passages, block)
        title = collapsed(LINK.sub(r"\1", passages.text[start:end]))
        draft.add(
            "document.title", title, [Span(start, end)], "the first line that titles the text"
        )
        _label_lines_below(passages, number + 1)
        return


def _label_lines_below(passages: Passages, number: int) -> None:
    """Between the title and the first sentence stand labels: who speaks, from where."""
    for below in range(number, min(len(passages.blocks), number + 8)):
        block = passages.blocks[below]
        if block.kind != "paragraph":
            continue
        line = collapsed(passages.plain[block.start : block.end])
        if line.endswith((".", "。", "!", ":", "：")) or len(line) > 120:
            return
        if not _is_title(line, passages.is_han):
            passages.blocks[below] = replace(block, kind="label")


def _trimmed(passages: Passages, block: Block) -> tuple[int, int]:
    words = passages.plain[block.start : block.end]
    before = TITLE_BEFORE.match(words)
    first = before.end() if before else 0
    behind = TITLE_BEHIND.search(words.rstrip())
    last = behind.start() if behind and behind.start() > first + 10 else len(words)
    first += len(re.match(r"[#*\s]*", words[first:])[0])  # type: ignore[index]
    return block.start + first, block.start + len(words[:last].rstrip("*# \n"))


def _is_sentence(line: str) -> bool:
    if HAN.search(line):
        return line.endswith(("。", "！")) or line.count("，") + line.count("。") > 3
    if DATELINE.match(line) and line.endswith("."):
        return True
    # "... was held in Oslo. These were the chapters:" leads a list in, and titles nothing.
    several = len(line.split()) > 12 and re.search(r"[a-z\d)]\.\s+[A-Z]", line)
    return (
        bool(several) or (line.endswith((".", '."')) and len(line.split()) > 9) or len(line) > 330
    )


def _is_title(line: str, is_han: bool) -> bool:
    before = TITLE_BEFORE.match(line)
    if before:
        line = line[before.end() :]
    elif LABEL.match(line):
        return False
    # "Brussels, 20-12-2013 - /EuropaWire/ -": a dateline whose text stands below.
    if re.fullmatch(r"[^.]{0,60}-{1,2}\s*/[\w ]+/\s*-{0,2}\s*", line):
        return False
    if any(pattern.form.fullmatch(line) for pattern in DATED) or re.search(r"://|www\.", line):
        return False
    if any(form.fullmatch(line) for entry in publishers() for form in entry["says"]):
        return False
    if is_han:
        return len(line) >= 8 and not re.search(r"[:：]\s*\S{0,12}$", line)
    return len(line.split()) >= 4 and not _names_a_body(line)


def _names_a_body(line: str) -> bool:
    """``Department for Business and Trade`` over a text is who speaks, not what is said."""
    named = re.compile(
        r"(?:The )?(?:[A-Z]\w+ )?(?:Department|Ministry|Office|Embassy|State Secretariat|"
        r"Directorate-General|Delegation) (?:of|for|to)\b[^.:]{0,60}"
    )
    verbs = re.compile(
        r"\b(?:to|and [A-Z]\w+ (?:to|hold)|hold|holds|held|announces?d?|launch\w*|conclud\w*|"
        r"sign\w*|meets?|round|talks|negotiations?|readout|statement|welcomes?)\b"
    )
    return bool(named.fullmatch(line)) and not verbs.search(line)


# Publisher


def read_publisher(passages: Passages, draft: Draft) -> dict[str, Any] | None:
    """The publisher that the text names as such; else the one whose manner it has, if only one."""
    text = passages.plain
    title = draft.value("document.title") or ""
    plain_title = collapsed(text[_start(draft) : _end(draft)]) if title else ""
    head, tail = text[:2500], text[-1500:]
    said: list[tuple[int, dict[str, Any], Span]] = []
    for entry in publishers():
        for form in entry["says"]:
            found = form.search(head) or form.search(tail)
            if found:
                offset = 0 if form.search(head) else len(text) - len(tail)
                span = Span(offset + found.start(), offset + found.end())
                said.append((0, entry, span))
                break
        else:
            if any(found := form.search(plain_title) for form in entry["title"]):
                start = _start(draft) + found.start()
                said.append((1, entry, Span(start, _start(draft) + found.end())))
    said.sort(key=lambda one: (one[0], one[2].start))
    if said:
        rank, entry, span = said[0]
        joint = _joint(plain_title, said)
        draft.add(
            "document.publisher",
            joint or entry["name"],
            [span],
            "it names itself as the publisher" if rank == 0 else "its title begins with the body",
            Confidence.HIGH if rank == 0 else Confidence.MEDIUM,
        )
        return entry
    by_manner = _by_manner(passages, draft)
    if by_manner is None:
        _read_labelled(passages, draft)
    return by_manner


LABELLED = re.compile(
    r"^(?:Publisher|(?:Published|Issued|Released) by|發布單位|發布機關|發佈單位|"
    r"資料來源)\s*[:：]\s*"
    r"(?P<name>\S[^\n]{2,80}?)\s*$",
    re.MULTILINE,
)


def _read_labelled(passages: Passages, draft: Draft) -> None:
    """A publisher that no table knows, named behind a label."""
    if found := LABELLED.search(passages.plain[:2500]):
        draft.add(
            "document.publisher",
            found["name"],
            [Span(*found.span("name"))],
            "named behind a label",
            Confidence.MEDIUM,
        )


def _joint(title: str, said: list[tuple[int, dict[str, Any], Span]]) -> str | None:
    """``Joint U.S. Department of Commerce and USTR Readout``: two publishers, as they are named."""
    found = re.match(
        r"(?:Joint )?(?P<names>[A-Z].{3,90}?) (?:Joint )?(?:Readout|Press|Statement|Announce\w*|"
        r"Release\w*)",
        title,
    )
    return found["names"] if found and " and " in found["names"] else None


def _start(draft: Draft) -> int:
    fact = draft.first("document.title")
    return fact.spans[0].start if fact else 0


def _end(draft: Draft) -> int:
    fact = draft.first("document.title")
    return fact.spans[0].end if fact else 0


def _by_manner(passages: Passages, draft: Draft) -> dict[str, Any] | None:
    body = "\n".join(sentence.words for sentence in passages.body)
    found = []
    for entry in publishers():
        marks = [form.search(body) for form in entry["style"]]
        if marks and all(marks):
            found.append((entry, [mark for mark in marks if mark]))
    if len(found) != 1:
        return None
    entry, _ = found[0]
    spans = []
    for form in entry["style"]:
        for sentence in passages.body:
            if mark := form.search(sentence.words):
                spans.append(sentence.span(*mark.span()))
                break
    draft.add(
        "document.publisher",
        entry["name"],
        spans,
        "no publisher is named; the text has the marks of this one alone",
        Confidence.MEDIUM,
        derived=True,
    )
    return entry


# Date


def read_date(passages: Passages, draft: Draft, order: str | None) -> Calendar:
    """The day of the release, and with it the calendar in which other days are placed."""
    calendar = Calendar(None, None, order)
    found = _in_line(passages, calendar) or _in_dateline(passages, calendar)
    if found is None and passages.is_han:
        found = han_dates.released(passages, calendar)
    if found is None:
        return Calendar(None, _only_year(passages, calendar), order)
    when, span, reason = found
    draft.add("document.date", when.iso, [span], reason)
    return Calendar(when.first, when.first.year, order)


def _only_year(passages: Passages, calendar: Calendar) -> int | None:
    """Of a release without a date: the year of the days that it names in full, if it is one.

    Where it counts from its own day ("last year", "去年") the year named may be another.
    """
    if re.search(
        r"(?i:\b(?:last|this|next) year\b)|[去今明本]年|[今本昨]\s?\(", passages.plain[:8000]
    ):
        return None
    years = {
        when.first.year
        for sentence in passages.sentences[:12]
        for when, _, _ in days_in_line(sentence.words, calendar)
        if when.precision == "day"
    }
    return years.pop() if len(years) == 1 else None


def _in_line(passages: Passages, calendar: Calendar) -> tuple[When, Span, str] | None:
    count = len(passages.blocks)
    near_the_ends = [*range(min(count, HEAD)), *range(max(HEAD, count - 5), count)]
    for pattern in DATED:
        for number in near_the_ends:
            block = passages.blocks[number]
            line = passages.plain[block.start : block.end]
            if len(line) > 160 or not _dates(pattern, line):
                continue
            for when, start, end in days_in_line(line, calendar):
                if when.precision == "day" and not when.is_range:
                    if block.kind != "title":
                        passages.blocks[number] = replace(block, kind="date")
                    return when, Span(block.start + start, block.start + end), "the date line"
    return None


def _dates(pattern: Pattern, line: str) -> bool:
    line = collapsed(line)
    if pattern.name in ("a line of its own", "between bars"):
        return bool(pattern.form.fullmatch(line))
    return bool(pattern.form.search(line))


def days_in_line(line: str, calendar: Calendar) -> list[tuple[When, int, int]]:
    if HAN.search(line):
        return han_dates.read(line, calendar)
    return [
        (when, day.start, day.end)
        for day in dates.find(line)
        if day.year
        for when in dates.place(day, calendar)
    ]


def dateline(words: str) -> re.Match[str] | None:
    """``WASHINGTON -`` or ``Brussels, 4 November 2013 -`` before the first sentence."""
    found = DATELINE.match(words)
    if not found:
        return None
    place = found["place"]
    # "EFTA and Turkey met in Geneva from 22 - 25 August": a sentence, whose dash is that of days.
    if re.search(
        r"\b(?:was|were|met|is|are|from|held|will|hosts?|hosted|to|sees?|saw)\b",
        found["rest"] or "",
    ):
        return None
    known = re.match(alternation(cities()), place)
    # A title such as "Switzerland - India talks" is no dateline: a city or capitals are.
    # "Director-General" has a dash without gaps: only behind capitals is that a dateline.
    if found["tight"]:
        # "EU-India talks" has one too: the place must be a city, or stand before its country.
        is_city = place.title() in cities() or (found["rest"] or "").startswith(",")
        return found if place.isupper() and is_city else None
    if known or place.isupper() or "," in (found["rest"] or ""):
        return found
    return None


def _in_dateline(passages: Passages, calendar: Calendar) -> tuple[When, Span, str] | None:
    for sentence in passages.sentences[:6]:
        words = sentence.words[:120]
        found = dateline(words) or re.match(r"(?i:communiqu[eé])\s*-\s*[^.]{0,60}", words)
        if found is None:
            found = re.match(
                r"[A-Z][\w. ]{2,30},\s*\(?(?=\w*\s*\d)[^.]{5,30}?\d{4}\)?(?=$|[:.\s-])", words
            )
        if found is None:
            continue
        for when, start, end in days_in_line(found[0], calendar):
            if when.precision == "day" and not when.is_range:
                return when, sentence.span(start, end), "the dateline"
    return None


# Kind


KINDS = (
    Pattern("advisory", re.compile(r"(?i:\badvisory\b)"), "Media Advisory", "advisory"),
    Pattern(
        "joint_statement",
        re.compile(
            r"(?i:(?:joint|trilateral) (?:press |media |outcome )?(?:statement|communiqu[eé]|"
            r"declaration))|"
            r"聯合(?:聲明|公報)"
        ),
        "Joint Statement on the Third Round",
        "joint_statement",
    ),
    Pattern(
        "round_report",
        re.compile(
            r"(?i:(?<!publishes )(?<!published )\breport (?:of|on|from) (?:the )?(?:\w+ |"
            r"negotiating ){0,2}round|"
            r"\bround report)|回合報告"
        ),
        "Report of the Third Round of Negotiations",
        "round_report",
    ),
    Pattern(
        "notice",
        re.compile(r"(?i:\bfederal register notice|request for (?:public )?comments?\b)"),
        "Request for Comments on the Agreement",
        "notice",
    ),
)


def read_kind(passages: Passages, draft: Draft) -> None:
    """A press release, unless its title or a line above it says otherwise."""
    for block in passages.blocks[:HEAD]:
        if block.kind not in ("title", "label", "furniture", "heading"):
            continue
        line = passages.plain[block.start : block.end]
        for pattern in KINDS:
            if found := pattern.form.search(line):
                span = Span(block.start + found.start(), block.start + found.end())
                draft.add("document.kind", pattern.reads, [span], "so named above the text")
                return
    draft.add(
        "document.kind",
        "press_release",
        [_opening(passages)],
        "nothing says otherwise",
        confidence=Confidence.MEDIUM,
        derived=True,
    )


def side_of(publisher: dict[str, Any] | None) -> str | None:
    return publisher["side"] if publisher else None


def order_of(passages: Passages, publisher: dict[str, Any] | None) -> str | None:
    if publisher:
        return str(publisher["date_order"])
    # A number above twelve in one date shows the order of the others.
    for first, second in re.findall(r"(?<!\d)(\d\d?)[-./](\d\d?)[-./]\d{4}", passages.plain[:8000]):
        if int(first) > 12:
            return "dmy"
        if int(second) > 12:
            return "mdy"
    return None
