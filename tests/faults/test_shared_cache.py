"""nginx, set up by deploy/nginx.conf, before two hosts: nobody reads what is not for them, or late.

An embargoed record lifts and others are withdrawn while readers and clerks ask through nginx.
"""

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest

from tests.faults.desk import Answer, Browser, Clerk, employ
from tests.faults.servers import Nginx, Site, eventually, primary, site

pytestmark = pytest.mark.full

Trust = Callable[..., None]
PUBLIC = ["/", "/initiatives/", "/api/v1/initiatives/", "/initiatives/case-1/", "/api/v1/changes/"]
DESK = ["/admin/", "/admin/mandates/initiative/"]
QUESTIONS = 10_000
# One of so many questions of a clerk is for the desk, whose pages are dearer.
FOR_THE_DESK = 20
CASES = 20
CANARY = "zz-embargoed-canary"
MAKE_CASES = f"""
from tests import factories
from tradeinit.publication.gate import writing
with writing():
    for number in range({CASES}):
        factories.initiative(slug=f"case-{{number}}", title=f"Case {{number}}")
    factories.initiative(slug="hidden", title="{CANARY}", public=False)
"""

EMBARGO = """
from datetime import datetime
from tests import factories
from tradeinit.publication.gate import writing
with writing():
    factories.initiative(slug="embargoed", public_from=datetime.fromisoformat("{lifts}"))
"""


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Nginx, Site, Site]]:
    place = tmp_path_factory.mktemp("hosts")
    with ExitStack() as stack:
        url = stack.enter_context(primary()).url
        hosts = [
            stack.enter_context(site(place, DATABASE_URL=url, TRUSTED_PROXIES="1"))
            for _ in range(2)
        ]
        hosts[0].manage("migrate", "-v0")
        employ(hosts[0])
        hosts[0].manage("shell", "--no-imports", "--command", MAKE_CASES)
        nginx = Nginx(tmp_path_factory.mktemp("nginx"), *(host.port for host in hosts))
        stack.callback(nginx.server.kill)
        yield nginx, *hosts


def test_no_answer_for_one_role_is_given_to_another(
    servers: tuple[Nginx, Site, Site], trust: Trust
) -> None:
    nginx = servers[0]
    with ThreadPoolExecutor(4) as askers:
        asked = list(askers.map(mixed_up, [nginx.port] * 4))
    found = sum(asked, Counter())

    assert found.total() == QUESTIONS
    assert set(found) == {"clerk: right", "reader: right"}
    kept = Counter(
        (line["path"].startswith("/admin/"), line["kept"])
        for line in map(json.loads, nginx.log.read_text().splitlines())
    )
    assert kept[False, "HIT"] > QUESTIONS / 4
    assert {said for desk, said in kept if desk} == {""}
    trust(
        7,
        f"{QUESTIONS:,} questions through nginx by clerks and readers in turn: 0 answers to the "
        f"other; {kept[False, 'HIT']:,} answered by nginx itself",
        "postgresql",
    )


def mixed_up(port: int) -> Counter:
    """A clerk and a reader ask for the same, one after the other; how they were answered."""
    clerk, reader, found = Clerk(port), Browser(port), Counter()
    for number in range(QUESTIONS // 8):
        for_the_desk = number % FOR_THE_DESK == 0
        pages = DESK if for_the_desk else PUBLIC
        path = pages[number % len(pages)]
        for role, browser in (("clerk", clerk), ("reader", reader)):
            answer = browser.get(path)
            found[f"{role}: {judged(role, for_the_desk, answer)}"] += 1
        reader.cookies.clear()
    return found


def judged(role: str, for_the_desk: bool, answer: Answer) -> str:
    kept_by_none = "no-store" in answer.headers["Cache-Control"]
    given = (answer.status, kept_by_none, "Log out" in answer.body, CANARY in answer.body)
    if not for_the_desk:
        right = given == (200, False, False, False) and "Set-Cookie" not in answer.headers
    elif role == "clerk":
        right = given[:3] == (200, True, True)
    else:
        right = given == (302, True, False, False)
    return "right" if right else str(given)


def test_an_embargo_lifts_to_the_second(servers: tuple[Nginx, Site, Site], trust: Trust) -> None:
    nginx, *hosts = servers
    lifts = (datetime.now(UTC) + timedelta(seconds=70)).replace(second=0, microsecond=0)
    if lifts - datetime.now(UTC) < timedelta(seconds=12):
        lifts += timedelta(minutes=1)
    hosts[0].manage("shell", "--no-imports", "--command", EMBARGO.format(lifts=lifts.isoformat()))

    with ThreadPoolExecutor(4) as readers:
        through, *at_origin = readers.map(watch, [nginx, *hosts], [lifts.timestamp()] * 3)

    for seen in at_origin:
        assert [second for second, status in seen if (status == 200) != (second >= 0)] == []
    assert {status for second, status in through if second < 0} == {404}
    assert {status for second, status in through if second >= 1} == {200}
    late = max(second for second, status in through if status == 404)
    trust(
        7,
        f"an embargo lifted: exact at the origin, in {sum(map(len, at_origin)):,} answers; "
        f"through nginx {max(late, 0):.2f} s later",
        "postgresql",
    )


def watch(server: Nginx | Site, lifts: float) -> list[tuple[float, int]]:
    """When it was asked, in seconds from the instant, and how it answered."""
    seen = []
    time.sleep(max(0, lifts - 2 - time.time()))
    while (second := time.time() - lifts) < 3:
        status, _ = server.get("/initiatives/embargoed/")
        # An answer that was on its way at the instant may be of before or after.
        if second >= 0 or time.time() < lifts:
            seen.append((second, status))
    return seen


def test_what_is_withdrawn_is_gone_at_once(servers: tuple[Nginx, Site, Site], trust: Trust) -> None:
    nginx, *hosts = servers
    clerk = Clerk(hosts[0].port)
    late = []
    for number in range(CASES):
        page, listed = f"/initiatives/case-{number}/", f"/api/v1/initiatives/?q=Case+{number}"
        assert [nginx.get(page)[0], hosts[1].get(page)[0]] == [200, 200]
        uid = json.loads(hosts[1].get(f"/api/v1/initiatives/case-{number}/")[1])["uid"]
        place = f"/admin/decide/withdraw/?row=initiatives:{uid}"
        form = clerk.form(place) | {"seen": "on", "confirm": "1", "reason": "Entered twice."}
        nginx.get(page)

        assert clerk.post("/admin/decide/withdraw/", form).status == 302

        gone = time.monotonic()
        assert {host.get(page)[0] for host in hosts} == {410}
        assert not any(f'"case-{number}"' in host.get(listed)[1] for host in hosts)
        eventually(lambda page=page: nginx.get(page)[0] == 410, seconds=3)
        late.append(time.monotonic() - gone)

    assert max(late) <= 2
    trust(
        7,
        f"{CASES} withdrawn: gone from both hosts with the next answer, from nginx within "
        f"{max(late):.1f} s",
        "postgresql",
    )
