"""When the meeting is: the days that weigh most, and whether they lie ahead."""

import re
from dataclasses import replace

from rounds.intake.cues import BEGINS, ENDS, FUTURE, MEETS, PAST, SINCE_THEN, direction
from rounds.intake.dates import When
from rounds.intake.draft import Confidence, Draft, Span
from rounds.intake.numbering import CARDINALS
from rounds.intake.scene import Moment, Scene


def read_when(scene: Scene, draft: Draft) -> None:
    _choose(scene)
    _say_when(scene, draft)


def _choose(scene: Scene) -> None:
    able = [one for one in scene.moments if one.role == "current" and one.score >= 3]
    # Of a year it is said that something begins or enters into force in it, not that people meet.
    if not scene.is_event:
        able = [one for one in able if one.when.precision != "year"]
    if not able:
        # "It will now be held in November 2021": a month, where no day is told.
        able = [
            one
            for one in scene.moments
            if one.role == "current"
            and one.when.precision == "month"
            and one.score >= 1
            and re.search(r"\b(?:held|takes?\s+place|took\s+place)\b|舉行", one.clause)
            and scene.kind not in (None, "ministerial")
            and not scene.is_event
        ][:1]
    if not able:
        return
    best = max(able, key=lambda one: (one.score, -one.span.start))
    if scene.kind == "ministerial":
        # A minister's stay is longer than the meeting in it.
        stays = [
            one
            for one in able
            if one.when.is_range
            and not one.form.startswith("relative")
            and not MEETS.search(one.clause)
        ]
        able = [one for one in able if one not in stays] or able
        best = max(able, key=lambda one: (one.score, -one.span.start))
    ranges = [
        one
        for one in able
        if one.when.is_range and one.when.overlaps(best.when) and one is not best
    ]
    if not best.when.is_range and ranges:
        best = max(ranges, key=lambda one: one.score)
    exact = [one for one in able if one.when.precision == "day" and one.when.overlaps(best.when)]
    week = best if best.when.precision == "week" else None
    if best.when.precision != "day" and exact:
        best = max(exact, key=lambda one: one.score)
    scene.main = [best]
    if week and not best.when.is_range and _ends(best):
        # "in the week of 17 June, ending today"
        scene.main = [replace(week, when=When(week.when.first, week.when.first)), best]
        return
    _complete(scene, able, best)


DURATION = re.compile(
    rf"(?i)\b(?P<n>\d|{'|'.join(CARDINALS)})[\s-]+days?\b(?:\s+of\b|\s+(?:[\w-]+\s+)?(?:round|"
    rf"meeting|talks|session|negotiat\w+|long|visit))|"
    rf"\b(?:lasted|ran\s+for)\s+(?P<m>\d|{'|'.join(CARDINALS)})\s+days"
)


def _before(moment: Moment) -> str:
    position = moment.span.start - moment.sentence.start
    return moment.sentence.words[max(0, position - 60) : position]


def _begins(moment: Moment) -> bool:
    """``beginning April 29``; of ``began the round in Oslo today`` the verb stands further off."""
    if BEGINS.search(moment.before) or SINCE_THEN.search(_before(moment)):
        return True
    verb = re.search(r"\b(?i:began|begins?|begun|started|opened|kicked\s+off)\b", moment.before)
    return moment.form == "relative day" and bool(verb) and not ENDS.search(moment.before)


def _complete(scene: Scene, able: list[Moment], best: Moment) -> None:
    """A start and an end that stand in different places."""
    if best.when.is_range or best.when.precision != "day" or scene.is_event:
        return
    begins = any(_begins(one) for one in scene.moments if one.when == best.when)
    ends = _ends(best) and not begins
    for other in able:
        if other is best or other.when.is_range or other.when.precision != "day":
            continue
        if begins and _ends(other) and other.when.first > best.when.first:
            scene.main.append(other)
            return
        since = SINCE_THEN.search(_before(other))
        if ends and (since or BEGINS.search(other.before)) and other.when.first < best.when.first:
            scene.main.insert(0, other)
            return


def _say_when(scene: Scene, draft: Draft) -> None:
    if not scene.main:
        _say_by_release(scene, draft)
        _say_tense(scene, draft, None)
        return
    best = scene.main[0]
    spans = [one.span for one in scene.main]
    confidence = Confidence.HIGH if best.score >= 7 else Confidence.MEDIUM
    reason = f"days of the meeting, by their form ({best.form}) and the words around them"
    first, last = best.when.first, best.when.last
    if len(scene.main) == 2:
        last = scene.main[1].when.last
    elif not best.when.is_range and best.when.precision == "day" and not scene.is_event:
        if _begins(best) and not scene.passages.is_han:
            last = None
        elif _ends(best):
            first = _counted_back(scene, draft, best)
    if best.when.precision == "season":
        draft.add("meeting.wording", draft.words(best.span), spans, "no closer days are given")
    else:
        if first:
            draft.add("meeting.start", first.isoformat(), spans, reason, confidence)
        if last:
            draft.add("meeting.end", last.isoformat(), spans, reason, confidence)
        draft.add(
            "meeting.precision", best.when.precision, spans, "as the words give it", confidence
        )
    _say_tense(scene, draft, When(first or best.when.first, last, best.when.precision))


def _counted_back(scene: Scene, draft: Draft, best: Moment):  # type: ignore[no-untyped-def]
    """``two days of talks concluded today`` began yesterday. Without a count the start is open."""
    for sentence in scene.current[:4]:
        if found := DURATION.search(sentence.words):
            written = found["n"] or found["m"]
            count = int(written) if written.isdigit() else CARDINALS[written.lower()]
            return best.when.first.fromordinal(best.when.first.toordinal() - count + 1)
    if scene.kind in ("full_round", "special_round", "conceptual"):
        return None
    return best.when.first


def _ends(moment: Moment) -> bool:
    """``concluded on 17 May``; ``today the two sides wrapped up``; in Chinese the verb follows."""
    behind = moment.sentence.words[moment.span.end - moment.sentence.start :]
    return bool(
        ENDS.search(moment.before)
        or (moment.form == "relative day" and ENDS.search(moment.clause))
        or re.match(r"[^，。,]{0,8}(?:落幕|結束)", behind)
        # "On 10 February, the two sides concluded the seventh round"
        or (
            moment.before.strip() in ("On", "on")
            and re.match(r",\s[^.;,]{0,90}\b(?:concluded|completed|ended|finished)\b", behind)
        )
    )


PUBLISHED_BY_ITSELF = ("text_summary", "mandate")


def _say_by_release(scene: Scene, draft: Draft) -> None:
    """A text that itself makes something public happens on the day of its release."""
    released = draft.first("document.date")
    today = next(
        (m for m in scene.moments if m.form == "relative day" and m.role != "previous"), None
    )
    told = any(re.search(r"(?i:announc|publish|releas|unveil)", s.words) for s in scene.titles)
    if (
        not released
        or not scene.is_event
        or not (today or (scene.kind in PUBLISHED_BY_ITSELF and told))
    ):
        return
    spans = [today.span] if today else [*released.spans]
    for name in ("meeting.start", "meeting.end"):
        draft.add(
            name, released.value, spans, "the day of the release", Confidence.MEDIUM, derived=True
        )
    draft.add(
        "meeting.precision", "day", spans, "the day of the release", Confidence.MEDIUM, derived=True
    )


def _say_tense(scene: Scene, draft: Draft, when: When | None) -> None:
    released = scene.calendar.released
    tense = None
    spans: list[Span] = []
    reason = "its days and the day of the release"
    if when and released:
        if when.first > released:
            tense = "future"
        elif when.until < released or (when.first == released and scene.is_event):
            tense = "past"
        elif when.precision == "day" and when.last and when.first <= released < when.last:
            tense = "present"
    if tense is None and scene.main and (ahead := direction(scene.main[0].before)) is not None:
        tense = "future" if ahead else "past"
        reason = "the verb before its days"
    if tense is None and when and when.first == released and scene.passages.is_han:
        # "今(29)日會晤": what is told on its own day without a word of what will be.
        ahead = any(FUTURE.search(one.sentence.words) for one in scene.main)
        tense = None if ahead else "past"
    if tense is None:
        sentences = [m.sentence for m in scene.main] + [*scene.titles, *scene.body[:3]]
        for sentence in sentences:
            ahead = direction(sentence.words)
            if (
                ahead is None
                and sentence in scene.titles
                and re.search(r"\bto\s+[A-Z]?[a-z]+", sentence.words)
            ):
                continue
            if ahead is not None:
                found = (FUTURE if ahead else PAST).search(sentence.words)
                tense = "future" if ahead else "past"
                spans = [sentence.span(*found.span())] if found else []
                reason = "the tense of its verb"
                break
    if tense is None and when and released and when.last == released and when.first < released:
        tense, reason = "past", "it ends on the day of the release"
    if when and released and tense == "future" and when.first < released:
        tense = "past" if when.until < released else "present"
    scene.tense = tense
    draft.add("meeting.tense", tense, spans or [m.span for m in scene.main], reason)
