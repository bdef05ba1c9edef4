"""What the database refuses of the ledger: a statement that was public stands as it was made."""

from tradeinit.publication.triggers import Trigger

TOLD = (
    "EXISTS (SELECT 1 FROM tradeinit_publication "
    "WHERE tradeinit_publication.uid = OLD.uid AND tradeinit_publication.at <= {now})"
)
# Columns that state the fact; only the withdrawal, once, and the version may change.
FACTS = (
    "id",
    "uid",
    "initiative_id",
    "chapter_id",
    "agreement_id",
    "value",
    "effective_on",
    "precision",
    "claimed_by_id",
    "wording",
    "disclosed_on",
    "corrects_id",
    "public_from",
)
CHANGED = " OR ".join(f"OLD.{column} {{differs}} NEW.{column}" for column in FACTS)
WITHDRAWN_AGAIN = (
    "(OLD.withdrawn_at IS NOT NULL AND (OLD.withdrawn_at {differs} NEW.withdrawn_at "
    "OR OLD.withdrawal_reason {differs} NEW.withdrawal_reason))"
)

LEDGER = (
    Trigger(
        name="statement_told_update",
        table="mandates_statement",
        event="UPDATE",
        when=f"({CHANGED} OR {WITHDRAWN_AGAIN}) AND {TOLD}",
        message="A public statement cannot be changed.",
    ),
    Trigger(
        name="statement_told_delete",
        table="mandates_statement",
        event="DELETE",
        when=TOLD,
        message="A public statement cannot be deleted.",
    ),
)
