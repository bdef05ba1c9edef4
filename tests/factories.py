"""A plain factory for every model: ``factories.round(label="Second round", public=False)``.

Each takes keywords only, any field of its model among them, and returns a saved row. Nothing is
random: names count up, uids follow from names, and rows are written at the held clock, else one
second after another from ``PUBLISHED`` on. ``public=False`` makes a draft; ``public_from=`` sets an
instant of one's own.
Parents that are not given are made, and are public, so that a draft is hidden on its own account.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.text import slugify

from mandates import copies
from mandates.models import (
    Agreement,
    Chapter,
    ChapterLineage,
    Citation,
    Document,
    Initiative,
    InitiativeParty,
    Mandate,
    Organization,
    Party,
    Representation,
    Statement,
)
from rounds.models import (
    ActionItem,
    Outcome,
    Participation,
    Person,
    Round,
    Session,
    Tabling,
    Undertaking,
    Venue,
)
from tradeinit import clock
from tradeinit.desk.models import Proposal
from tradeinit.publication.gate import writing
from tradeinit.publication.models import Publishable, StampClock, Tracked

PUBLISHED = datetime(2023, 1, 4, 17, tzinfo=UTC)
# Later than any day on which these tests run: what lies ahead of it is truly under embargo, for
# the triggers, which ask the database's own clock, as well.
FUTURE = datetime(2100, 1, 4, 17, tzinfo=UTC)

PASSWORD = "in the open"


# Kernel


def user(*, username: str = "clerk", **fields: Any) -> AbstractUser:
    return get_user_model().objects.create_user(username=username, **fields)


def staff(*, username: str = "staff", password: str = PASSWORD, **fields: Any) -> AbstractUser:
    return get_user_model().objects.create_superuser(username=username, password=password, **fields)


def proposal(row: Publishable, *, kind: str, by: AbstractUser) -> Proposal:
    return Proposal.objects.create(
        uid=row.uid,
        resource=row.resource,
        title=str(row),
        kind=kind,
        address=f"/admin/decide/{kind}/",
        entries=f"row={row.resource}:{row.uid}",
        proposed_by=by,
    )


# Mandates


def party(*, public: bool = True, members: Iterable[Party] = (), **fields: Any) -> Party:
    fields = _named(Party, "name", fields)
    return _saved(Party, public, fields, members=members)


def organization(*, public: bool = True, **fields: Any) -> Organization:
    return _saved(Organization, public, _named(Organization, "name", fields))


def initiative(*, public: bool = True, **fields: Any) -> Initiative:
    fields = {"kind": Initiative.Kind.BILATERAL} | fields
    return _saved(Initiative, public, _named(Initiative, "title", fields))


def initiative_party(*, public: bool = True, **fields: Any) -> InitiativeParty:
    fields = _with(fields, initiative=initiative, party=party)
    return _saved(InitiativeParty, public, fields)


def representation(*, public: bool = True, **fields: Any) -> Representation:
    fields = _with(fields, initiative_party=initiative_party, organization=organization)
    fields = {"capacity": Representation.Capacity.LEAD_AGENCY} | fields
    return _saved(Representation, public, fields)


def mandate(*, public: bool = True, **fields: Any) -> Mandate:
    fields = _with(fields, initiative=initiative)
    return _saved(Mandate, public, _named(Mandate, "title", fields))


def chapter(*, public: bool = True, **fields: Any) -> Chapter:
    fields = _with(fields, initiative=initiative)
    fields = _named(Chapter, "name", fields, within=fields["initiative"].slug)
    return _saved(Chapter, public, {"order": _number(Chapter)} | fields)


def document(
    *,
    public: bool = True,
    chapters: Iterable[Chapter] = (),
    originators: Iterable[Party] = (),
    **fields: Any,
) -> Document:
    fields = {"kind": Document.Kind.PRESS_RELEASE} | _named(Document, "title", fields)
    return _saved(Document, public, fields, chapters=chapters, originators=originators)


def kept_text(words: str) -> dict[str, str]:
    """The columns of a document whose file holds these words."""
    ending, digest = copies.examine(SimpleUploadedFile("a.txt", words.encode()))
    copies.keep(SimpleUploadedFile("a.txt", words.encode()), ending, digest)
    return {"file_format": ending, "sha256": digest}


def citation(**fields: Any) -> Citation:
    fields = _with(fields, record=initiative, document=document)
    return save(Citation(**fields))


def agreement(*, public: bool = True, chapters: Iterable[Chapter] = (), **fields: Any) -> Agreement:
    fields = _with(fields, initiative=initiative)
    return _saved(Agreement, public, _named(Agreement, "title", fields), chapters=chapters)


def chapter_lineage(
    *,
    public: bool = True,
    from_chapters: Iterable[Chapter] = (),
    to_chapters: Iterable[Chapter] = (),
    **fields: Any,
) -> ChapterLineage:
    fields = {"kind": ChapterLineage.Kind.ADDED} | _with(fields, initiative=initiative)
    return _saved(
        ChapterLineage, public, fields, from_chapters=from_chapters, to_chapters=to_chapters
    )


def statement(*, public: bool = True, **fields: Any) -> Statement:
    """About an initiative, unless ``chapter=`` is given."""
    if fields.get("agreement"):
        fields = {"value": "drafting"} | fields
    elif not fields.get("chapter"):
        fields = {"value": "negotiating"} | _with(fields, initiative=initiative)
    fields = {"value": "conceptual", "effective_on": date(2022, 11, 8)} | fields
    fields = {"disclosed_on": fields["effective_on"]} | fields
    return _saved(Statement, public, fields)


# Rounds


def round(*, public: bool = True, venues: Iterable[str] = (), **fields: Any) -> Round:
    """``venues`` names cities; the round is held in each."""
    fields = _with(fields, initiative=initiative)
    fields = _named(Round, "label", fields)
    dates = {} if "start" in fields else {"start": date(2023, 1, 14), "end": date(2023, 1, 17)}
    fields = {"kind": Round.Kind.FULL_ROUND, "state": Round.State.HELD} | dates | fields
    return _saved(Round, public, fields, venues=venues)


def venue(**fields: Any) -> Venue:
    fields = {"city": "Taipei"} | _with(fields, round=round)
    return save(Venue(**fields))


def outcome(*, public: bool = True, **fields: Any) -> Outcome:
    """Its round and its chapter, if made here, belong to one initiative."""
    case = _case(fields.get("round") or fields.get("chapter"))
    fields = _with(fields, round=case(round), chapter=case(chapter))
    return _saved(Outcome, public, {"result": Outcome.Result.DISCUSSED} | fields)


def person(*, public: bool = True, **fields: Any) -> Person:
    fields = _named(Person, "name", fields)
    return _saved(Person, public, {"sort_name": fields["name"]} | fields)


def participation(*, public: bool = True, **fields: Any) -> Participation:
    """Nameless agencies, unless ``person=``, ``organization=`` or another role is given."""
    case = _case(fields.get("round") or fields.get("initiative_party"))
    fields = _with(fields, round=case(round), initiative_party=case(initiative_party))
    fields = {"role": "agency", "note": "several other agencies"} | fields
    return _saved(Participation, public, fields)


def session(*, public: bool = True, chapters: Iterable[Chapter] = (), **fields: Any) -> Session:
    fields = {"title": "Working group"} | _with(fields, round=round)
    return _saved(Session, public, fields, chapters=chapters)


def tabling(*, public: bool = True, **fields: Any) -> Tabling:
    case = _case(fields.get("initiative_party"))
    fields = _with(fields, document=document, initiative_party=case(initiative_party))
    return _saved(Tabling, public, {"act": Tabling.Act.PROPOSAL} | fields)


def undertaking(*, public: bool = True, **fields: Any) -> Undertaking:
    fields = {"wording": "to meet again"} | _with(fields, initiative=initiative)
    return _saved(Undertaking, public, fields)


def action_item(**fields: Any) -> ActionItem:
    return ActionItem.objects.create(
        **{"text": "Book a room"} | _with(fields, initiative=initiative)
    )


# Writing


def save(row: Tracked, *, reason: str = "A clerk's slip.", actor: Any = None) -> Any:
    with clock.at(_now()), writing(actor, reason):
        row.save()
    return row


def edit(row: Tracked, *, reason: str = "A clerk's slip.", actor: Any = None, **fields: Any) -> Any:
    """Set fields of the row as it was read, and save it."""
    for name, value in fields.items():
        setattr(row, name, value)
    return save(row, reason=reason, actor=actor)


def withdraw(row: Publishable, *, reason: str = "It was never so.") -> Any:
    return edit(row, withdrawn_at=_now(), withdrawal_reason=reason)


def _saved(
    model: type[Publishable],
    public: bool,
    fields: dict[str, Any],
    venues: Iterable[str] = (),
    **relations: Iterable[Any],
) -> Any:
    fields = {"public_from": PUBLISHED if public else None} | fields
    name = fields.get("slug") or str(_number(model))
    row = model(**({"uid": uuid5(NAMESPACE_URL, f"{model.resource}/{name}")} | fields))
    with clock.at(_now()), writing():
        row.save()
        for order, city in enumerate(venues):
            Venue(round=row, order=order, city=city).save()
        for relation, others in relations.items():
            if others:
                getattr(row, relation).set(others)
    return row


def _now() -> datetime:
    """The held instant, else a second after whatever was written last, but never ahead of time."""
    last = StampClock.objects.values_list("last", flat=True).first()
    next_second = last + timedelta(seconds=1) if last else PUBLISHED
    return clock._instant.get() or min(next_second, clock.read())


def _number(model: type[Tracked]) -> int:
    return model._base_manager.count() + 1


def _named(
    model: type[Publishable], name: str, fields: dict[str, Any], within: str = ""
) -> dict[str, Any]:
    title = fields.get(name, f"{model._meta.verbose_name_raw} {_number(model)}".capitalize())
    slug = slugify(f"{within} {title}")[:100] or f"{model._meta.model_name}-{_number(model)}"
    return {name: title, "slug": slug} | fields


def _with(fields: dict[str, Any], **factories: Any) -> dict[str, Any]:
    """The fields, with the parents that are not among them made."""
    made = {name: make() for name, make in factories.items() if name not in fields}
    return made | fields


def _case(sibling: Any) -> Any:
    """Factories that make their row in the initiative of a sibling, or both in a new one."""
    shared: list[Initiative] = [sibling.initiative] if sibling else []

    def within(factory: Any) -> Any:
        def make() -> Any:
            if not shared:
                shared.append(initiative())
            return factory(initiative=shared[0])

        return make

    return within
