"""What can be handed in, and what is refused in words."""

import pytest

from rounds.intake import source
from rounds.intake.printing import as_json
from rounds.intake.reading import read

PAGE = """<!DOCTYPE html>
<html><head><title>Third round in Oslo | Trade Department</title>
<meta property="article:published_time" content="2024-03-01T10:00:00Z">
<style>p { color: red }</style><script>var round = "ninth round in Paris";</script></head>
<body>
<header><a href="/">Home</a> <a href="/news">All the news</a></header>
<nav class="breadcrumb"><ul><li>News</li><li>Ninth round in Paris</li></ul></nav>
<div class="cookie-banner">We use cookies on this site to hold the seventh round.</div>
<main><article>
<h1>Norway and Chile hold third round in Oslo</h1>
<p>The third round of negotiations on a Chile&ndash;Norway Free Trade Agreement was held in Oslo
from 26 to 29 February&nbsp;2024.</p>
<p>These chapters were discussed:</p>
<ul><li>Trade in goods</li><li>Rules of origin</li><li>Investment</li></ul>
</article></main>
<aside>Related: eighth round in Rome</aside>
<footer>Contact: press office, Oslo. Second round in Lima.</footer>
</body></html>"""


def test_a_saved_page_is_read_without_its_boilerplate() -> None:
    text = source.text_of(PAGE.encode())
    found = as_json(read(text))

    for words in ("Paris", "Rome", "Lima", "cookies", "color", "Home"):
        assert words not in text
    assert found["document"]["title"] == "Norway and Chile hold third round in Oslo"
    assert found["document"]["date"] == "2024-03-01"
    assert found["meeting"]["number"] == 3
    assert found["meeting"]["cities"] == ["Oslo"]
    assert (found["meeting"]["start"], found["meeting"]["end"]) == ("2024-02-26", "2024-02-29")
    assert found["chapters"] == ["Trade in goods", "Rules of origin", "Investment"]


@pytest.mark.parametrize(
    "data",
    [
        "Réunion à Zürich".encode("cp1252"),
        "Réunion à Zürich".encode(),
        b"\xef\xbb\xbf" + "Réunion à Zürich".encode(),
        "Réunion à Zürich".encode("utf-16"),
    ],
)
def test_common_encodings_are_read(data: bytes) -> None:
    assert source.text_of(data) == "Réunion à Zürich"


def test_a_text_in_big5_is_read() -> None:
    text = "臺美雙方於11月8日在紐約舉行談判，就農業議題交換意見。"

    assert source.text_of(text.encode("big5")) == text


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("第三輪談判在台北舉行，双方就货物贸易等议题交换意见。", "gbk"),
        ("제3차 협상이 서울에서 개최된다고 밝혔다", "euc-kr"),
        ("第三回交渉会合を東京で開催すると発表した。", "shift_jis"),
        ("Третий раунд переговоров прошел в Москве", "cp1251"),
    ],
)
def test_another_script_in_an_old_encoding_is_refused_and_not_read_as_garbage(
    text: str, encoding: str
) -> None:
    with pytest.raises(source.Unreadable, match="save it as UTF-8"):
        source.text_of(text.encode(encoding))


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "no text"),
        (b" \n\t ", "no text"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"PK\x03\x04 ...", "office document"),
        (bytes(range(256)), "signs"),
        (b"a" * (source.LIMIT + 1), "2 MB"),
        (b"<html><body><script>only()</script></body></html>", "no text"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(data: bytes, word: str) -> None:
    with pytest.raises(source.Unreadable, match=word):
        source.text_of(data)


@pytest.mark.parametrize(
    "page", ["<p>" * 5000, "<div><p>a</div></p></main>" * 500, "<html>" + "&#0;" * 9]
)
def test_a_broken_page_is_read_or_refused(page: str) -> None:
    try:
        read(source.text_of(page.encode()))
    except source.Unreadable as error:
        assert str(error)
