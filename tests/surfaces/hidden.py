"""Rows that no one may see, as near to public ones as they can be, so that they could leak.

Every text of theirs holds the word ``canary``, every relation leads to a record of the cast, and
each cites a document of it. What a surface answers may not change by a byte when they appear.
"""

from datetime import timedelta
from typing import Any

from django.db import models

from mandates.models import InitiativeParty, Statement
from rounds.models import Outcome, Participation, Round
from tests import factories
from tests.surfaces.cast import NOW, Cast, factory_of, one_writing
from tradeinit.publication import registry
from tradeinit.publication.models import Publishable

CANARY = "canary"
MODELS = registry.models()
# Where alpha's own record is in the way; a link to beta that no public record has; and what makes a
# row tell the most.
CHOSEN: dict[type[Publishable], dict[str, Any]] = {
    InitiativeParty: {"party": "beta party"},
    Outcome: {"chapter": "beta chapter"},
    Participation: {"person": "beta person", "role": "chief_negotiator", "named": True},
    Statement: {"value": "concluded"},
    Round: {"state": "announced"},
}


def drafts(cast: Cast) -> list[Publishable]:
    with one_writing():
        return with_rows_below([near(model, cast, public_from=None) for model in MODELS], cast)


def embargoed(cast: Cast) -> list[Publishable]:
    """A second away."""
    soon = NOW + timedelta(seconds=1)
    with one_writing():
        return with_rows_below([near(model, cast, public_from=soon) for model in MODELS], cast)


def withdrawn(cast: Cast) -> list[Publishable]:
    with one_writing():
        rows = [near(model, cast) for model in MODELS]
        everything = with_rows_below(rows, cast)
    with one_writing():
        for row in rows:
            factories.withdraw(row, reason="It was never so.")
    return everything


def with_rows_below(rows: list[Publishable], cast: Cast) -> list[Publishable]:
    """The rows, and below each of them some that are hidden on its account alone."""
    of_model: dict[Any, Publishable] = {type(row): row for row in rows}
    below = [
        near(
            model, cast, every=False, **{name: of_model[model._meta.get_field(name).related_model]}
        )
        for model in MODELS
        for name in model.parents
    ]
    return rows + below


def near(model: type[Publishable], cast: Cast, every: bool = True, **fields: Any) -> Publishable:
    """A row as near to the alpha case as may be, with every relation or with its parents alone."""
    word = f"{CANARY}-{model._meta.model_name}-{model._base_manager.count() + 1}"
    chosen = {
        name: cast.get(value, value) if isinstance(value, str) else value
        for name, value in CHOSEN.get(model, {}).items()
        if every or name in model.parents or not model._meta.get_field(name).is_relation
    }
    wanted = _texts(model, word) | _relations(model, cast, fields, every) | chosen | fields
    if model is Round and wanted.get("public_from", NOW) is None:
        wanted["state"] = "planned"
    row = factory_of(model)(**wanted)
    if model is Round:
        factories.venue(round=row, city=word, country=word, venue=word)
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
        named.pop("chapter" if "initiative" in given else "initiative", None)
    return named
