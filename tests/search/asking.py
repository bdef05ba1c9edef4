"""How the search is asked."""

import json
from typing import Any

from django.test import Client


def find(client: Client, q: str, **question: Any) -> dict[str, Any]:
    response = client.get("/api/v1/search/", {"q": q, **question})
    assert response.status_code == 200, response.content
    return json.loads(response.content)


def found(client: Client, q: str, **question: Any) -> list[str | None]:
    """The slugs of what is found, in order."""
    return [one["slug"] for one in find(client, q, **question)["results"]]
