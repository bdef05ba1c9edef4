"""What is asked: every time something else, the same of each server, in its own words."""

import json
import random
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from rounds.filters import RoundFilter

PARTIES, CHAPTERS = 4, 20
Question = dict[str, Any]


class Questions:
    """Drawn from what the public record of a world holds."""

    def __init__(self, public: Path) -> None:
        self.public = public

    def ask(self, sql: str, *values: Any) -> list[Any]:
        with closing(sqlite3.connect(self.public)) as connection:
            return [row[0] for row in connection.execute(sql, values)]

    @cached_property
    def parties(self) -> list[str]:
        return self.ask("SELECT DISTINCT party FROM participations ORDER BY party")

    @cached_property
    def slugs(self) -> list[str]:
        return self.ask("SELECT slug FROM rounds ORDER BY slug")

    def _chapters_of(self, party: str) -> list[str]:
        """Discussed where the party sat."""
        return self.ask(
            "SELECT DISTINCT chapter FROM outcomes WHERE round IN "
            "(SELECT round FROM participations WHERE party = ?) ORDER BY chapter",
            party,
        )

    def words(self, least: int, most: int) -> list[str]:
        return self.ask(
            "SELECT term FROM words WHERE doc BETWEEN ? AND ? AND term GLOB '[a-z]*[a-z]' "
            "AND length(term) BETWEEN 4 AND 12 ORDER BY term",
            least,
            most,
        )

    def rounds(self, seed: str) -> Iterator[Question]:
        """Of some parties, with one of some chapters discussed, in some years.

        From New Year to New Year: an imprecise date overlaps a period or does not, and a peer that
        knows nothing of precision finds the same rows.
        """
        draw = random.Random(seed)
        for number in count():
            party = draw.sample(self.parties, min(PARTIES, len(self.parties)))
            chapters = [one for name in party for one in self._chapters_of(name)]
            yield {
                "party": party,
                "chapter": draw.sample(chapters, min(CHAPTERS, len(chapters))),
                "start_after": f"{1990 + number % 25}-01-01",
                "start_before": f"{2024 + number // 25 % 60}-01-01",
            }

    def periods(self, seed: str) -> Iterator[Question]:
        draw = random.Random(seed)
        for number in count(1):
            yield {
                "start_after": f"200{draw.randint(0, 9)}-0{draw.randint(1, 9)}-{10 + number % 18}",
                "start_before": f"20{draw.randint(24, 99)}-0{draw.randint(1, 9)}-15",
            }

    def one(self, seed: str) -> Iterator[tuple[str, str]]:
        """A round, and a query that says nothing: where they begin anew, no answer was kept."""
        draw = random.Random(seed)
        for times in count():
            for slug in draw.sample(self.slugs, len(self.slugs)):
                yield slug, "&" * times

    def searches(self, seed: str, words: list[str]) -> Iterator[str]:
        draw = random.Random(seed)
        while True:
            yield draw.choice(words)

    def searches_for_two(self, seed: str, words: list[str]) -> Iterator[str]:
        """Of words that stand together in some record; again with a query that says nothing."""
        draw, known, times = random.Random(seed), set(words), Counter[str]()
        while True:
            found = sorted(known.intersection(re.findall("[a-z]+", draw.choice(self.texts))))
            if len(found) > 1:
                two = "+".join(draw.sample(found, 2))
                yield two + "&" * times[two]
                times[two] += 1

    @cached_property
    def texts(self) -> list[str]:
        (rows,) = self.ask("SELECT count(*) FROM search")
        places = json.dumps(random.Random("texts").sample(range(1, rows + 1), min(rows, 5_000)))
        wanted = "SELECT value FROM json_each(?)"
        return self.ask(f"SELECT lower(text) FROM search WHERE rowid IN ({wanted})", places)


# In the words of each


def api_list(asked: Question) -> str:
    return f"/api/v1/rounds/?{urlencode(asked, doseq=True)}"


def bare_list(asked: Question) -> str:
    return f"/?{urlencode(asked, doseq=True)}"


def datasette_list(asked: Question) -> str:
    lists = {word: json.dumps(asked[word]) for word in ("party", "chapter")}
    period = {"after": asked["start_after"], "before": asked["start_before"]}
    return f"/DATABASE/list.json?{urlencode({**lists, **period, '_shape': 'array'})}"


def one(asked: tuple[str, str]) -> str:
    return f"/api/v1/rounds/{asked[0]}/?{asked[1]}"


def bare_one(asked: tuple[str, str]) -> str:
    return f"/?slug={asked[0]}"


def datasette_one(asked: tuple[str, str]) -> str:
    return f"/DATABASE/one.json?_shape=array&slug={asked[0]}"


def page(asked: Question) -> str:
    return f"/rounds/?{urlencode(asked)}"


def table(asked: Question) -> str:
    period = {"start__gte": asked["start_after"], "start__lte": asked["start_before"]}
    return f"/DATABASE/rounds?{urlencode({**period, '_sort_desc': 'start', '_size': 50})}"


# What the page of the list counts of a list too long to be taken in hand.
COUNTED = ("initiative", "kind", "mode", "press_access", "state")
USED = {"party", "chapter", "start_after", "start_before", *COUNTED}


def facets(asked: Question) -> str:
    period = {"start__gte": asked["start_after"], "start__lte": asked["start_before"]}
    counted = [("_facet", name) for name in COUNTED]
    return f"/DATABASE/rounds.json?{urlencode([*period.items(), *counted, ('_size', 0)])}"


def unknown_words() -> set[str]:
    """Words that the list no longer knows; with one of them every answer would be a refusal."""
    return USED - RoundFilter.base_filters.keys()


DATASETTE = {
    "list": """
        SELECT * FROM rounds
        WHERE slug IN (
            SELECT round FROM participations WHERE party IN (SELECT value FROM json_each(:party))
        ) AND slug IN (
            SELECT round FROM outcomes WHERE chapter IN (SELECT value FROM json_each(:chapter))
        ) AND start >= :after AND start <= :before
        ORDER BY start DESC LIMIT 51
    """,
    "search": """
        SELECT resource, uid, snippet(search, 2, '', '', '...', 20) AS excerpt
        FROM search WHERE search MATCH :q ORDER BY rank LIMIT 50
    """,
}


def datasette_queries(public: Path) -> dict[str, str]:
    """The queries, and that for one round with all that is shown inside it."""
    found = []
    with closing(sqlite3.connect(public)) as connection:
        for name in ("sessions", "outcomes", "participations", "undertakings"):
            columns = [row[1] for row in connection.execute(f"PRAGMA table_info({name})")]
            pairs = ", ".join(f"'{column}', \"{column}\"" for column in columns)
            found.append(
                f"(SELECT json_group_array(json_object({pairs})) FROM {name} "
                f"WHERE round = :slug) AS {name}"
            )
    one = f"SELECT *, {', '.join(found)} FROM rounds WHERE slug = :slug"
    return {**DATASETTE, "one": one}
