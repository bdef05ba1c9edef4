"""Every record in every state, below parents in every state, each with words that nobody may see.

A record of the alpha case is in ``told`` for all to read. Around it stand, for each model of the
registry, rows in each state of publication: with all parents public, and below each parent in each
state. Every text of a row holds its own words, every relation leads to alpha, and each row cites
a document of alpha: as near to what is public as can be, so that it could leak.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.apps import apps
from django.db import models

from mandates.models import Document, Statement
from mandates.models.statements import SUBJECTS
from rounds.models import Participation, Round, Session
from tests import factories
from tests.surfaces.cast import NOW, Cast, factory_of, one_writing, two_cases
from tradeinit.publication import registry
from tradeinit.publication.models import Addressed, Part, Publishable, Tracked

# In the addresses, and in all other texts, of what nobody may see.
CANARY, SECRET = "canary", "zaunkoenig"
# The same of what everybody may, so that what a surface could show is known.
SHOWN, TOLD = "shown", "goldammer"
# In the addresses of what was taken back: these were told, and the changes still tell of them. And
# in its texts, which nothing tells any more.
GONE, UNSAID = "gone-from", "wendehals"
WITHDRAWN_BECAUSE = "It was never so."

# From when a row is public in each state; those that are withdrawn were public before.
STATES: dict[str, datetime | None] = {
    "draft": None,
    "embargoed": NOW + timedelta(seconds=1),
    "lifted": NOW,
    "public": factories.PUBLISHED,
    "withdrawn": factories.PUBLISHED,
}
OUT = {"lifted", "public"}
ONCE_OUT = {"public", "withdrawn"}
# What makes a row tell the most.
CHOSEN: dict[type[Publishable], dict[str, Any]] = {
    Participation: {"role": "chief_negotiator", "named": True},
    Round: {"state": "announced"},
    # Without a time it is in no calendar.
    Session: {"starts": factories.PUBLISHED, "ends": NOW},
}


@dataclass(frozen=True)
class Cell:
    """A record of this model in this state; ``parent`` is the one that is not simply public."""

    model: type[Publishable]
    state: str
    parent: str = ""
    parent_state: str = "public"

    def __str__(self) -> str:
        below = f"-below-{self.parent_state}-{self.parent}" if self.parent else ""
        return f"{self.model.resource}-{self.state}{below}".replace("_", "-")

    @property
    def is_out(self) -> bool:
        return {self.state, self.parent_state} <= OUT

    @property
    def was_taken_back(self) -> bool:
        states = {self.state, self.parent_state}
        return states <= ONCE_OUT and "withdrawn" in states

    @property
    def is_hidden(self) -> bool:
        return not self.is_out and not self.was_taken_back

    @property
    def uid(self) -> UUID:
        return uuid5(NAMESPACE_URL, str(self))

    @property
    def slug(self) -> str:
        word = SHOWN if self.is_out else GONE if self.was_taken_back else CANARY
        return f"{word}-{self}"

    @property
    def word(self) -> str:
        word = TOLD if self.is_out else UNSAID if self.was_taken_back else SECRET
        return f"{word}-{self}"

    @property
    def key(self) -> str:
        return self.slug if issubclass(self.model, Addressed) else str(self.uid)

    @property
    def resource(self) -> str:
        return self.model.resource

    @property
    def status(self) -> int:
        """What its own address answers."""
        return 200 if self.is_out else 410 if self.was_taken_back else 404


def cells(whole: bool) -> list[Cell]:
    """All states by all states of each parent, or each of the one by a public one of the other."""
    return [cell for model in parents_first() for cell in _cells_of(model, whole)]


def _cells_of(model: type[Publishable], whole: bool) -> Iterator[Cell]:
    for state in STATES:
        yield Cell(model, state)
    for parent in model.parents:
        for parent_state in STATES:
            for state in STATES if whole else ("public",):
                if parent_state != "public":
                    yield Cell(model, state, parent, parent_state)


def parents_first() -> list[type[Publishable]]:
    placed: list[type[Publishable]] = []
    waiting = registry.models()
    while waiting:
        ready = [model for model in waiting if _parents_of(model) <= {*placed, model}]
        placed += ready
        waiting = [model for model in waiting if model not in ready]
    return placed


def _parents_of(model: type[Publishable]) -> set[type[Publishable]]:
    return {_parent_model(model, name) for name in model.parents}


def _parent_model(model: type[Publishable], name: str) -> type[Publishable]:
    return model._meta.get_field(name).related_model  # type: ignore[return-value]


@dataclass
class World:
    """``cast`` are the records of two cases that all may read; ``rows`` those of the cells."""

    cast: Cast
    cells: list[Cell]
    rows: dict[Cell, Publishable] = field(default_factory=dict)
    # Public records that stand in where alpha's own would break a rule on uniqueness.
    companions: dict[Cell, dict[str, Publishable]] = field(default_factory=dict)

    @classmethod
    def told(cls, whole: bool) -> "World":
        """With all that the public knows: what is out, and what was taken back."""
        world = cls.around(cells(whole))
        with one_writing():
            world.make(cell for cell in world.cells if not cell.is_hidden)
            add_delegate(world.cast)
        with one_writing():
            for cell, row in world.rows.items():
                if cell.state == "withdrawn":
                    factories.withdraw(row, reason=WITHDRAWN_BECAUSE)
        return world

    @classmethod
    def around(cls, cells: "list[Cell]") -> "World":
        """Two cases, and the records that the rows of the cells stand beside; no cell yet."""
        world = cls(two_cases(), cells)
        with one_writing():
            for cell in cells:
                world.companions[cell] = world._companions_of(cell)
        return world

    def hide(self) -> None:
        """Add what nobody may know of."""
        with one_writing():
            self.make(cell for cell in self.cells if cell.is_hidden)
            for cell, row in self.rows.items():
                if cell.is_hidden and cell.state == "withdrawn":
                    factories.withdraw(row, reason=f"{SECRET} {WITHDRAWN_BECAUSE}")
        add_internal(self.cast)

    @property
    def hidden(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.is_hidden]

    def make(self, wanted: Iterable[Cell]) -> None:
        for cell in wanted:
            self.rows[cell] = self._near(cell)

    def _near(self, cell: Cell) -> Publishable:
        """A row of the cell, as near to the alpha case as may be."""
        fields: dict[str, Any] = {"uid": cell.uid, "public_from": STATES[cell.state]}
        if issubclass(cell.model, Addressed):
            fields["slug"] = cell.slug
        if cell.parent:
            above = Cell(_parent_model(cell.model, cell.parent), cell.parent_state)
            fields[cell.parent] = self.rows[above]
        fields = texts(cell.model, cell.word) | self._relations(cell, fields) | fields
        fields |= CHOSEN.get(cell.model, {})
        if cell.model is Round and cell.state == "draft":
            fields["state"] = "planned"
        if cell.model is Document:
            fields |= factories.kept_text(cell.word)
        row = factory_of(cell.model)(**fields)
        for model in part_models():
            owner = model._meta.get_field(model.owner_field)
            if not isinstance(owner, models.ForeignKey):
                cited = {"document": self.cast["alpha document"]}
                factory_of(model)(**texts(model, cell.word), **cited, record=row)
            elif owner.related_model is cell.model:
                factory_of(model)(**texts(model, cell.word), **{owner.name: row})
        return row

    def _relations(self, cell: Cell, given: dict[str, Any]) -> dict[str, Any]:
        """The rows of alpha that the row can name, and its companions."""
        model = cell.model
        named: dict[str, Any] = {}
        for relation in [*model._meta.concrete_fields, *model._meta.many_to_many]:
            if relation.is_relation and not relation.one_to_one:
                alpha = self.alpha(relation.related_model)
                named[relation.name] = [alpha] if relation.many_to_many else alpha
        if model is Statement:
            # About one thing only.
            about = cell.parent or "chapter"
            for other in set(SUBJECTS) - {about}:
                named.pop(other, None)
            named["value"] = "terminated" if about == "agreement" else "concluded"
        return named | self.companions[cell]

    def alpha(self, model: Any) -> Any:
        return next(
            row
            for name, row in self.cast.items()
            if name.startswith("alpha") and isinstance(row, model)
        )

    def _companions_of(self, cell: Cell) -> dict[str, Publishable]:
        return {
            name: self._companion(cell.model._meta.get_field(name).related_model)
            for name in _unique_relations(cell.model, {cell.parent})
        }

    def _companion(self, model: Any) -> Any:
        """A public record of its own, in the alpha case."""
        within = {name: self.alpha(_parent_model(model, name)) for name in model.parents}
        if model is Statement:
            within = {"chapter": within["chapter"], "value": "concluded"}
        within |= {
            name: self._companion(model._meta.get_field(name).related_model)
            for name in _unique_relations(model, set())
            if not model._meta.get_field(name).one_to_one
        }
        return factory_of(model)(**within)


def _unique_relations(model: type[Publishable], given: set[str]) -> list[str]:
    """Of each rule on uniqueness one relation that can be another record's than alpha's."""
    found = [
        field.name
        for field in model._meta.concrete_fields
        if field.one_to_one and field.is_relation
    ]
    for rule in model._meta.constraints:
        if isinstance(rule, models.UniqueConstraint):
            free = [
                name
                for name in rule.fields
                if name not in given and model._meta.get_field(name).is_relation
            ]
            # A name of its own makes a row unique as well.
            plain = [name for name in rule.fields if not model._meta.get_field(name).is_relation]
            named = [name for name in plain if name in texts(model, "")]
            if free and not named:
                optional = [name for name in free if name not in model.parents]
                found.append((optional or free)[-1])
    return found


def texts(model: type[models.Model], word: str) -> dict[str, Any]:
    """The word in every text of the model, as long as the column holds."""
    found: dict[str, Any] = {}
    for column in model._meta.concrete_fields:
        if isinstance(column, models.URLField):
            found[column.name] = f"https://example.org/{word}"
        elif column.name in ("withdrawal_reason", "timezone", "slug") or column.choices:
            continue
        elif isinstance(column, models.CharField | models.TextField):
            found[column.name] = word[-column.max_length :] if column.max_length else word
    return found


# What is no record


def internal_models() -> list[type[models.Model]]:
    """What the office keeps for itself: of its desk, and of the apps what no reader is told of."""
    return [
        model
        for model in apps.get_models()
        if model.__module__.startswith(("mandates.", "rounds.", "tradeinit.desk"))
        and not issubclass(model, Tracked)
        and not model.__name__.startswith("Historical")
    ]


def part_models() -> list[type[Part]]:
    return [model for model in apps.get_models() if issubclass(model, Part)]


def add_internal(cast: Cast) -> None:
    """A row of each model that no reader is told of, with a word in every text."""
    staff = factories.user(username="staff of the office")
    there: list[Any] = [row for name, row in cast.items() if name.startswith("alpha")]
    there.append(staff)
    needed: dict[type[models.Field], Any] = {
        models.UUIDField: cast["alpha round"].uid,
        models.DateTimeField: NOW,
        models.DateField: NOW.date(),
        models.IntegerField: 1,
        models.BinaryField: SECRET.encode(),
        models.JSONField: {"text": SECRET},
        models.GenericIPAddressField: "192.0.2.1",
    }
    for model in internal_models():
        fields = texts(model, SECRET)
        for column in model._meta.concrete_fields:
            if column.is_relation:
                rows = [row for row in there if isinstance(row, column.related_model)]
                fields[column.name] = rows[0] if rows else None
            elif not (column.has_default() or column.null or isinstance(column, models.AutoField)):
                value = next((v for kind, v in needed.items() if isinstance(column, kind)), None)
                fields.setdefault(column.name, column.choices[0][0] if column.choices else value)
        there.append(model._base_manager.create(**fields))


def add_delegate(cast: Cast) -> None:
    """In a public row a name that the public may not know: only those who lead are named."""
    delegate = factories.person(name=f"{SECRET} delegate", slug="unnamed", public=False)
    for person in (delegate, None):
        factories.participation(
            round=cast["alpha round"],
            initiative_party=cast["alpha seat"],
            person=person,
            role="delegate",
            name_as_listed=f"{SECRET} delegate",
            note="a delegate",
        )
