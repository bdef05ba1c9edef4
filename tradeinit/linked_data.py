"""Records as linked data in the words of schema.org, for machines that read pages.

Each comes from the body in the log, so it says what the page says and nothing else.
"""

import json
from typing import Any

from django.conf import settings
from django.utils.safestring import SafeString

# What would end the block, or begin another, is written as JSON may write it.
ESCAPED = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


def thing(kind: str, told: dict[str, Any], name: str, **more: Any) -> dict[str, Any]:
    """A record as a thing of that kind; what is empty is left out."""
    found = {
        "@context": "https://schema.org",
        "@type": kind,
        "@id": f"{settings.PUBLIC_BASE_URL}/id/{told['uid']}",
        "url": address(told["html_url"]),
        "name": told.get(name),
        "alternateName": told.get(f"{name}_zh_hant"),
        "description": told.get("summary"),
        "dateModified": told["updated"],
    }
    return {key: value for key, value in (found | more).items() if value}


def breadcrumbs(steps: list[tuple[str, str]]) -> dict[str, Any]:
    """The way to a page: (name, path) from the front page on."""
    return {
        "@context": "https://schema.org",
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name, "item": address(path)}
            for place, (name, path) in enumerate(steps, start=1)
        ],
    }


def address(path: str) -> str:
    return f"{settings.PUBLIC_BASE_URL}{path}"


def block(data: list[dict[str, Any]]) -> SafeString:
    """The data as the content of a script element that no browser runs."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return SafeString(text.translate(ESCAPED))
