"""The one door: a text in, a draft out."""

from collections.abc import Iterable

from rounds.intake import (
    agencies,
    case,
    chapters,
    clauses,
    document,
    follow_up,
    han_people,
    heads,
    kinds,
    moments,
    passages,
    scene,
    when,
    where,
)
from rounds.intake.draft import Confidence, Draft

# No release is longer; a book handed in by mistake costs no more than its first part.
MOST = 100_000


def read(text: str, known: Iterable[str] = ()) -> Draft:
    """``known``: the titles of cases in the record, so that a text may be matched to one."""
    draft = Draft(text)
    cut = passages.cut(text[:MOST])
    document.read_language(cut, draft)
    document.read_title(cut, draft)
    publisher = document.read_publisher(cut, draft)
    side = document.side_of(publisher)
    calendar = document.read_date(cut, draft, document.order_of(cut, publisher))
    document.read_kind(cut, draft)
    about = case.read_case(cut, draft, side, list(known))
    meeting = scene.of(cut, calendar)
    kinds.read_kind(meeting, draft)
    kinds.read_number(meeting, draft)
    moments.sort_sentences(meeting)
    moments.read_moments(meeting)
    when.read_when(meeting, draft)
    where.read_mode(meeting, draft)
    where.read_press(meeting, draft)
    where.read_places(meeting, draft)
    if cut.is_han:
        han_people.read_han_people(meeting, draft)
        han_people.read_han_agencies(meeting, draft)
    else:
        named = heads.read_heads(meeting, draft, side)
        agencies.read_agencies(meeting, draft, named, side)
    case.read_parties_of_heads(draft, about, side)
    chapters.read_chapters(meeting, draft, about)
    follow_up.read_milestones(meeting, draft)
    follow_up.read_next_steps(meeting, draft)
    clauses.read_clauses(meeting, draft)
    if len(text) > MOST:
        draft.add(
            "document.unread",
            f"{len(text) - MOST} characters",
            reason=f"only the first {MOST} characters are read",
            confidence=Confidence.LOW,
            derived=True,
        )
    draft.places = cut.places()
    return draft
