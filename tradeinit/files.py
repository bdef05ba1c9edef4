"""A list as a file: all rows of a question, at the one instant at which it was asked."""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import orjson
from django.conf import settings
from django.db.models import QuerySet
from django.http import QueryDict, StreamingHttpResponse
from django.utils import translation
from django.utils.text import capfirst

from tradeinit import clock
from tradeinit.publication import log
from tradeinit.publication.instants import chunks
from tradeinit.serializers import RecordSerializer, in_order

# Words that say how, not what, is asked.
FORM_WORDS = ("format", "page", "page_size", "cursor")
# So many bodies are read together: the more, the nearer one stands to the other.
TEXTS_AT_ONCE = 1_000


@dataclass(frozen=True)
class WholeList:
    listing: Any
    queryset: QuerySet
    question: Any
    query: QueryDict
    format: str
    instant: datetime = field(default_factory=clock.now)

    @property
    def names(self) -> list[str]:
        return self.question.names

    @property
    def title(self) -> str:
        asked = [f"{word}: {', '.join(values)}" for word, values in self._asked()]
        many = capfirst(str(self.listing.model()._meta.verbose_name_plural))
        return f"{many} ({'; '.join(asked)})" if asked else many

    def address(self, **words: Any) -> str:
        return self._address(f"/api/v1/{self.listing.resource()}.{self.format}", words)

    def page_address(self) -> str:
        return self._address(f"/{self.listing.resource()}/", {})

    def _asked(self) -> list[tuple[str, list[str]]]:
        return sorted(
            (word, values) for word, values in self.query.lists() if word not in FORM_WORDS
        )

    def _address(self, path: str, words: dict[str, Any]) -> str:
        pairs = [*self._asked(), *((word, [value]) for word, value in words.items() if value)]
        query = urlencode(pairs, doseq=True)
        return f"{settings.PUBLIC_BASE_URL}{path}{'?' if query else ''}{query}"

    def count(self) -> int:
        return self.queryset.order_by().count()

    @contextmanager
    def as_told(self) -> Iterator[None]:
        """A file leaves after its request: it keeps the instant, and is in English anywhere."""
        with ExitStack() as stack:
            stack.enter_context(clock.at(self.instant))
            stack.enter_context(translation.override(settings.LANGUAGE_CODE))
            yield

    def answers(self) -> Iterator[dict[str, Any]]:
        """Which rows is asked at once: what fails, fails before the first line has left."""
        return self._answers(self._keys())

    def texts(self) -> Iterator[str]:
        """The same answers, each written as JSON."""
        return self._texts(self._keys())

    def rows(self) -> Iterator[Sequence[Any]]:
        return self._rows(self.listing.queryset.all(), self._keys())

    def _keys(self) -> array:
        # Of a million rows these are eight million bytes, and a list of numbers five times that.
        pks = self.queryset.values_list("pk", flat=True)
        return array("q", pks.iterator(chunk_size=10_000))

    def _answers(self, pks: array) -> Iterator[dict[str, Any]]:
        if self._says_what_the_log_says():
            yield from (in_order(orjson.loads(text), self.names) for text in self._logged(pks))
            return
        for rows in self._rows(self.queryset.model.objects.public(), pks):
            with self.as_told():
                answers = self.question.answers(rows)
            yield from answers

    def _texts(self, pks: array) -> Iterator[str]:
        if not self._says_what_the_log_says():
            yield from map(log.canonical, self._answers(pks))
            return
        for text in self._logged(pks):
            told = orjson.loads(text)
            # To be sure of that takes half as long as to write it again.
            asked = in_order(told, self.names)
            yield text if asked is told else log.canonical(asked)

    def _says_what_the_log_says(self) -> bool:
        """Whether nothing is worked out for an answer, and nothing embedded in it."""
        serializer = self.question.serializer
        if not issubclass(serializer, RecordSerializer) or self.question.expand:
            return False
        return not serializer.computed and not serializer.children

    def _logged(self, pks: array) -> Iterator[str]:
        """The bodies of those still public, in their order."""
        for chunk in chunks(pks, TEXTS_AT_ONCE):
            with self.as_told():
                found = log.texts(self.queryset.model, chunk)
            # Handed over one by one, none is kept while the next are read.
            yield from (found.pop(pk) for pk in chunk if pk in found)

    def _rows(self, public: QuerySet, pks: array) -> Iterator[list[Any]]:
        """Those still public, in their order."""
        for chunk in chunks(pks):
            with self.as_told():
                found = public.in_bulk(chunk)
            yield [found[pk] for pk in chunk if pk in found]


def streamed(renderer: Any, whole: WholeList) -> StreamingHttpResponse:
    name = f"{whole.listing.resource()}.{renderer.format}" if renderer.attachment else ""
    return attached(renderer, renderer.file_of(whole), name)


def attached(renderer: Any, parts: Iterable[Any], name: str) -> StreamingHttpResponse:
    """The parts of a file, which a browser keeps under that name where it has one."""
    charset = f"; charset={renderer.charset}" if renderer.charset else ""
    response = StreamingHttpResponse(parts, content_type=f"{renderer.media_type}{charset}")
    if name:
        response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
