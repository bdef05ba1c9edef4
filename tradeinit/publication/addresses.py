"""Addresses for records that are made many at a time, and whose maker is not asked for one."""

from typing import Any

from django.utils.text import slugify

from tradeinit.publication.current import gate
from tradeinit.publication.models import Address

# A slug holds a hundred characters; the rest is left to what tells it from another.
LONGEST = 90


def free_slug(*words: Any, otherwise: str = "record") -> str:
    """A slug made of these words that no record holds, nor was given out in this writing.

    Addresses are claimed when a writing closes, so the open one remembers what it gave out. Words
    of which nothing is left (Chinese ones, say) are stood in for by ``otherwise``.
    """
    text = slugify(" ".join(str(word) for word in words if word))
    base = text[:LONGEST].strip("-") or otherwise
    given = gate().slugs_given
    slug, count = base, 1
    while slug in given or Address.objects.filter(slug=slug).exists():
        count += 1
        slug = f"{base}-{count}"
    given.add(slug)
    return slug
