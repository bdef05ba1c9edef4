"""What an address answers, and what of it may not be there."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from django.test import Client

from tests.secrecy.world import CANARY, SECRET, UNSAID
from tests.surfaces.asking import content

SECRETS = (CANARY, SECRET, UNSAID)
# An address of the public, from where nothing is told that is for the office's own networks.
A_READERS = "192.0.2.7"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: tuple[tuple[str, str], ...]
    cookies: str
    content: bytes

    @property
    def digest(self) -> str:
        """Of all that a reader, or a cache, can tell two answers apart by."""
        told = repr((self.status, self.headers, self.cookies)).encode() + self.content
        return hashlib.sha256(told).hexdigest()

    @property
    def text(self) -> str:
        return f"{self.headers} {self.cookies} {self.content.decode(errors='replace')}"


def ask(client: Client, place: str) -> Answer:
    response: Any = client.get(place, REMOTE_ADDR=A_READERS)
    headers = tuple(sorted(response.headers.items()))
    told = content(response)
    return Answer(response.status_code, headers, str(response.cookies), told)


def digests(client: Client, places: Iterable[str]) -> dict[str, str]:
    return {place: ask(client, place).digest for place in places}


def leaks(place: str, answer: Answer) -> list[str]:
    """The words of hidden records that the answer holds; a question repeats its own."""
    # A calendar folds its lines, and would break the words of the question in two.
    text = unquote(answer.text.replace("\r\n ", ""))
    for asked in unquote(place).replace("?", "/").replace("&", "/").split("/"):
        word = asked.split("=")[-1]
        if any(secret in word for secret in SECRETS):
            text = text.replace(word, "")
    return [word for word in SECRETS if word in text]
