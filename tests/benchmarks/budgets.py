"""What each page and each endpoint weighs and costs, held against ``tests.budgets``."""

import json
from collections.abc import Iterator
from itertools import count

from tests.benchmarks.measuring import Asker
from tests.benchmarks.report import Figure
from tests.benchmarks.servers import Server
from tests.budgets import LISTS, RECORDS, Budget
from tradeinit.api import RESOURCES
from tradeinit.publication import registry

# Of CPU, for each address: a server's processor time is told in hundredths of a second.
SECONDS = 0.05
Entry = tuple[str, str, Budget]


def figures(server: Server) -> Iterator[Figure]:
    """Of the lists, and then of the records, the one that is nearest to its budget."""
    for kind, entries in (("list", lists()), ("record", records(server))):
        weights, costs = {}, {}
        for name, address, budget in entries:
            kilobytes, milliseconds = _spent(server, address)
            weights[name] = kilobytes / budget.kilobytes
            costs[name] = milliseconds / budget.milliseconds
        for what, shares in (("Bytes", weights), ("CPU", costs)):
            nearest = max(shares, key=lambda name: shares[name])
            yield Figure(
                f"{what} of each {kind}, in every form", f"its budget; nearest: {nearest}",
                shares[nearest], 1, "of it",
            )  # fmt: skip


def lists() -> Iterator[Entry]:
    for name, forms in LISTS.items():
        everything = ",".join(RESOURCES[name].expandable())
        addresses = {
            "json": f"/api/v1/{name}/?",
            "csv": f"/api/v1/{name}.csv?",
            "expanded": f"/api/v1/{name}/?expand={everything}&",
            "page": f"/{name}/?",
        }
        for form, budget in forms.items():
            yield f"{name} as {form}", addresses[form], budget


def records(server: Server) -> Iterator[Entry]:
    resources = {str(model._meta.model_name): model.resource for model in registry.models()}
    for name, forms in RECORDS.items():
        if name in resources:
            first = _first(server, resources[name])
            addresses = {"json": first["url"], "page": first["html_url"]}
        elif name == "matrix":
            first = _first(server, "initiatives")
            addresses = {"json": f"{first['url']}matrix/", "page": f"{first['html_url']}matrix/"}
        elif name == "bloc":
            # A party, as the first of all is.
            continue
        else:
            addresses = {"page": {"home": "/", "calendar": "/calendar/"}[name]}
        for form, budget in forms.items():
            yield f"{name} as {form}", f"{addresses[form]}?", budget


def _first(server: Server, resource: str) -> dict[str, str]:
    return json.loads(server.get(f"/api/v1/{resource}/?page_size=1")[2])["results"][0]


def _spent(server: Server, address: str) -> tuple[float, float]:
    """Kilobytes, and milliseconds of CPU: the same each time, but no answer that is kept.

    Of two measurements the better one: what disturbs one may leave the other alone.
    """
    asker = Asker(server, (f"{address}{'&' * times}" for times in count(1)))
    kilobytes = len(asker.ask()) / 1000
    return kilobytes, 1000 / max(asker.rate(SECONDS) for _ in range(2))
