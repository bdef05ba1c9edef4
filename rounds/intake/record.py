"""What the record already holds of what a draft names."""

from django.db import DatabaseError

from mandates.models import Initiative

# A short title of fewer signs may be an everyday word.
SHORTEST = 8


def titles_of_cases() -> list[str]:
    """The titles by which a release may name a case; none where there is no record yet."""
    try:
        found = Initiative.objects.values_list(
            "title", "short_title", "title_zh_hant", "short_title_zh_hant"
        )
        return [title for titles in found for title in titles if len(title) >= SHORTEST]
    except DatabaseError:
        # A release can be read before the first migration.
        return []
