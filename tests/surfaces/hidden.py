"""Rows that no one may see, as near to public ones as they can be, so that they could leak.

Every text of theirs holds the word ``canary``, every relation leads to a record of the cast, and
each cites a document of it. What a surface answers may not change by a byte when they appear.
"""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from django.db import models

from mandates.models import InitiativeParty, Statement
from mandates.models.statements import SUBJECTS
from rounds.models import Outcome, Participation, Round
from tests import factories
from tests.surfaces.cast import NOW, Cast, factory_of, one_writing
from tradeinit.publication import registry
from tradeinit.publication.models import Publishable

CANARY = "canary"
# Where alpha's own record is in the way of a constraint; and what makes a row tell the most.
CHOSEN: dict[type[Publishable], dict[str, Any]] = {
    InitiativeParty: {"party": "beta party"},
    Outcome: {"chapter": "beta chapter"},
    Participation: {"role": "chief_negotiator", "named": True},
    Round: {"state": "announced"},
}


def drafts(cast: Cast) -> list[Publishable]:
    with one_writing():
        return [near(model, cast, public_from=None) for model in registry.models()]


def embargoed(cast: Cast) -> list[Publishable]:
    """A second away."""
    soon = NOW + timedelta(seconds=1)
    with one_writing():
        return [near(model, cast, public_from=soon) for model in registry.models()]


def below_drafts(cast: Cast) -> list[Publishable]:
    """Cleared rows, each under one parent that is not."""
    with one_writing():
        parents = {model: near(model, cast, public_from=None) for model in _parents()}
        return _below(cast, parents)


def withdrawn(cast: Cast) -> list[Publishable]:
    with one_writing():
        rows = [near(model, cast) for model in registry.models()]
    return _withdraw(rows)


def below_withdrawn(cast: Cast) -> list[Publishable]:
    """Rows that were public until a parent of theirs was withdrawn."""
    with one_writing():
        parents = {model: near(model, cast) for model in _parents()}
        rows = _below(cast, parents)
    _withdraw(parents.values())
    return rows


def _withdraw(rows: Iterable[Publishable]) -> list[Publishable]:
    with one_writing():
        return [factories.withdraw(row, reason="It was never so.") for row in rows]


# Those of whom nothing was ever told, and those of whom a reason is told in their place.
UNTOLD: list[Callable[[Cast], list[Publishable]]] = [drafts, embargoed, below_drafts]
TAKEN_BACK: list[Callable[[Cast], list[Publishable]]] = [withdrawn, below_withdrawn]


def _parents() -> set[type[Publishable]]:
    return {
        model._meta.get_field(name).related_model
        for model in registry.models()
        for name in model.parents
    }


def _below(cast: Cast, parents: dict[type[Publishable], Publishable]) -> list[Publishable]:
    return [
        near(model, cast, every=False, **{name: parents[model._meta.get_field(name).related_model]})
        for model in registry.models()
        for name in model.parents
    ]


def near(model: type[Publishable], cast: Cast, every: bool = True, **fields: Any) -> Publishable:
    """A row as near to the alpha case as may be, with every relation or with its parents alone."""
    word = f"{CANARY}-{model._meta.model_name}-{model._base_manager.count() + 1}"
    chosen = {
        name: cast.get(value, value) if isinstance(value, str) else value
        for name, value in CHOSEN.get(model, {}).items()
    }
    wanted = _texts(model, word) | _relations(model, cast, fields, every) | chosen | fields
    if model is Round and wanted.get("public_from", NOW) is None:
        wanted["state"] = "planned"
    row = factory_of(model)(**wanted)
    factories.citation(record=row, document=cast["alpha document"], locator=word, value=word)
    return row


def _texts(model: type[Publishable], word: str) -> dict[str, Any]:
    texts: dict[str, Any] = {}
    for field in model._meta.concrete_fields:
        if isinstance(field, models.URLField):
            texts[field.name] = f"https://example.org/{word}"
        elif field.name in ("withdrawal_reason", "timezone") or field.choices:
            continue
        elif isinstance(field, models.CharField | models.TextField):
            texts[field.name] = word[: field.max_length]
    return texts


def _relations(
    model: type[Publishable], cast: Cast, given: dict[str, Any], every: bool
) -> dict[str, Any]:
    """The rows of alpha that the row can name."""
    named: dict[str, Any] = {}
    for field in [*model._meta.concrete_fields, *model._meta.many_to_many]:
        if field.is_relation and (every or field.name in model.parents):
            alpha = next(
                row
                for name, row in cast.items()
                if name.startswith("alpha") and isinstance(row, field.related_model)
            )
            named[field.name] = [alpha] if field.many_to_many else alpha
    if model is Statement:
        # About one thing only.
        about = next((name for name in SUBJECTS if name in given), "chapter")
        for other in set(SUBJECTS) - {about}:
            named.pop(other, None)
        named["value"] = "terminated" if about == "agreement" else "concluded"
    return named
