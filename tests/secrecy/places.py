"""The addresses asked for, with their questions: all of them, or by pairs where time is short."""

from collections.abc import Iterator
from itertools import combinations
from typing import NamedTuple
from urllib.parse import urlencode

from tests.secrecy import questions
from tests.secrecy.routes import Route
from tests.secrecy.world import Cell, World


class Place(NamedTuple):
    address: str
    route: Route
    # The record at whose own address it is; none where it is a list or a page of the site.
    cell: Cell | None = None


def places(world: World, routes: list[Route], whole: bool) -> list[Place]:
    found = [
        *_plain(routes),
        *_of_the_cast(world, routes, whole),
        *_of_cells(world, routes, whole),
        *_asked(world, routes, whole),
    ]
    return list({place.address: place for place in found}.values())


def _plain(routes: list[Route]) -> Iterator[Place]:
    for route in routes:
        if not route.names_a_record:
            for address in route.addresses():
                # All rows of the world at once; a file has no pages.
                yield Place(f"{address}?page_size=200" if route.is_list else address, route)


def _of_the_cast(world: World, routes: list[Route], whole: bool) -> Iterator[Place]:
    for name, row in world.cast.items():
        for route in routes:
            if name.startswith("alpha") and route.is_of(row):
                # By its slug in each language; by its uid also where there is time.
                addresses = route.addresses(row)
                for address in addresses if whole else addresses[: len(route.languages)]:
                    yield Place(address, route)


def _of_cells(world: World, routes: list[Route], whole: bool) -> Iterator[Place]:
    for turn, cell in enumerate(world.cells):
        for route in routes:
            if route.is_of(cell):  # type: ignore[arg-type]
                addresses = route.addresses(cell)  # type: ignore[arg-type]
                if not whole:
                    # What is out has costly pages, and alpha's have been asked for in every way.
                    # What is hidden is asked for by its first address at each route, and by
                    # another language, key or format in turn.
                    other = addresses[turn % len(addresses)]
                    addresses = [addresses[0], other] if cell.is_hidden else addresses[:1]
                for address in addresses:
                    yield Place(address, route, cell)


def _asked(world: World, routes: list[Route], whole: bool) -> Iterator[Place]:
    lists = [route for route in routes if route.listing and route.is_list]
    for place, route in enumerate(lists):
        asked = list(questions.of_list(route, world))
        for turn, address in enumerate(route.addresses()):
            if whole:
                chosen = [query for _, queries in asked for query in queries]
            elif turn == 0 and not route.parameters:
                # The API by the first value of each word; the page, which costs more, by the last
                # of a third of them, another third for each list.
                computed = getattr(route.listing.serializer_class, "computed", ())
                if address.startswith("/api/"):
                    chosen = [
                        query
                        for _, queries in asked
                        for query in (queries[:1] if computed else queries[:2])
                    ]
                    # And each word beside the three that follow it.
                    chosen += [
                        f"{queries[0]}&{others[-1]}"
                        for at, (_, queries) in enumerate(asked)
                        for _, others in asked[at + 1 : at + 4]
                    ]
                else:
                    chosen = [queries[-1] for _, queries in asked[place % 3 :: 3]]
            else:
                # A file, or the page in the other language: each asks another word.
                _, queries = asked[(place + turn) % len(asked)]
                chosen = queries[:1]
            for query in chosen:
                yield Place(f"{address}?{query}", route)
        if whole and not route.parameters:
            for (_, some), (_, others) in combinations(asked, 2):
                for one, other in (some[0], others[0]), (some[-1], others[-1]):
                    yield Place(f"{route.addresses()[0]}?{one}&{other}", route)


def of_forms(world: World, routes: list[Route], pages: dict[str, str]) -> list[Place]:
    """The words in the forms of pages that are no lists: a search asks for what is hidden."""
    found = []
    for route in routes:
        for address in [] if route.is_list or route.names_a_record else route.addresses():
            for word in questions.words_of_forms(pages.get(address, "")):
                for value in questions.values(None, word, {"type": "string"}, world):
                    found.append(Place(f"{address}?{urlencode({word: value})}", route))
    return found


def by_route(found: list[Place]) -> dict[Route, list[Place]]:
    grouped: dict[Route, list[Place]] = {}
    for place in found:
        grouped.setdefault(place.route, []).append(place)
    return grouped
