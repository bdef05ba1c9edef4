"""Public answers as caches, browsers and scripts of other pages get them."""

import gzip
from typing import Any

import brotli
import pytest
from django.test import Client

from tests.surfaces.asking import body
from tests.surfaces.cast import Cast
from tests.surfaces.visits import visits
from tradeinit.compression import coding_for

pytestmark = pytest.mark.django_db

UNPACK = {"br": brotli.decompress, "gzip": gzip.decompress}
# Of each kind one: a page, an answer, each file, an error.
PLACES = [
    "/",
    "/rounds/",
    "/rounds.csv",
    "/rounds.ics",
    "/rounds.atom",
    "/changes.ndjson",
    "/api/v1/rounds/",
    "/api/v1/changes/?cursor=",
]


@pytest.mark.parametrize("coding", UNPACK)
def test_packed_answers_unpack_to_the_plain_one(client: Client, cast: Cast, coding: str) -> None:
    for place in PLACES:
        plain = client.get(place)
        packed = client.get(place, headers={"Accept-Encoding": coding})

        assert packed["Content-Encoding"] == coding, place
        assert UNPACK[coding](body(packed)) == body(plain), place
        expected = dict(plain.headers) | {"Content-Encoding": coding}
        length = packed.get("Content-Length")
        if length:
            expected["Content-Length"] = length
        assert dict(packed.headers) == expected, place


@pytest.mark.parametrize("coding", ["identity", *UNPACK])
@pytest.mark.parametrize("method", ["get", "head"])
def test_an_answer_that_has_not_changed_is_not_sent_again(
    client: Client, cast: Cast, coding: str, method: str
) -> None:
    for place in PLACES:
        ask = getattr(client, method)
        first = ask(place, headers={"Accept-Encoding": coding})
        again = ask(place, headers={"Accept-Encoding": coding, "If-None-Match": first["ETag"]})

        assert (again.status_code, body(again)) == (304, b""), place
        # As RFC 9110, 15.4.5 wants: what a cache is to keep of the answer that it has.
        for name in ("ETag", "Last-Modified", "Cache-Control", "Vary"):
            assert again[name] == first[name], (place, name)


def test_packed_twice_an_answer_has_the_same_bytes(client: Client, cast: Cast) -> None:
    for coding in UNPACK:
        one, two = (
            body(client.get("/rounds/", headers={"Accept-Encoding": coding})) for _ in range(2)
        )
        assert one == two


def test_a_public_answer_varies_with_the_packing_and_with_nothing_else(
    client: Client, cast: Cast
) -> None:
    of_the_process = {"/livez", "/readyz", "/metrics"}
    places = {*visits(cast).values(), "/nothing/", "/rounds/?nothing=1"} - of_the_process
    assert {client.get(place)["Vary"] for place in places} == {"Accept-Encoding"}


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("", ""),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("gzip;q=1.0, br;q=0.5", "gzip"),
        ("br;q=0", ""),
        ("gzip;q=0, *", "br"),
        ("*;q=0", ""),
        ("GZIP", "gzip"),
        ("gzip;q=nonsense", ""),
        ("identity", ""),
    ],
)
def test_the_packing_is_the_one_asked_for(accepted: str, coding: str) -> None:
    assert coding_for(accepted) == coding


def test_the_desk_is_not_packed(client: Client) -> None:
    """Its pages hold secrets, which could be guessed from how well they pack."""
    response = client.get("/admin/login/", headers={"Accept-Encoding": "br, gzip"})

    assert "Content-Encoding" not in response


def test_scripts_of_other_pages_may_read(client: Client, cast: Cast) -> None:
    for place in [*PLACES, "/api/v1/nothing/"]:
        answer = client.get(place, headers={"Origin": "https://example.org"})
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert "ETag" in answer["Access-Control-Expose-Headers"]
        assert "Access-Control-Allow-Credentials" not in answer

    asked: Any = {"Origin": "https://example.org", "Access-Control-Request-Method": "GET"}
    first = client.options("/api/v1/rounds/", headers=asked)
    assert (first.status_code, first["Access-Control-Allow-Methods"]) == (204, "GET, HEAD")
    assert "Access-Control-Allow-Origin" not in client.get("/admin/login/")
