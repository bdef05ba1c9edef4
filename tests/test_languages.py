"""Two languages at two addresses: the same pages, each wholly in its own, and nothing else decides.

The pages are those of the sample, where many texts have no Chinese: there the English shows, and
says that it is English.
"""

import re
from collections.abc import Iterable
from datetime import date
from functools import cache
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import translation

from rounds.models import Venue
from tests import factories
from tests.rollback import once_a_module
from tradeinit import days, languages
from tradeinit.publication import log, registry
from tradeinit.publication.models import Addressed

CASE = "us-taiwan-21st-century-trade"
TAIPEI = "/rounds/us-taiwan-2023-01-taipei/"
# Of each kind of record so many pages are read.
OF_EACH = 2
QUESTIONS = (
    "/rounds/?city=Taipei&ordering=-start&page_size=5",
    "/chapters/?status_on=2023-02-01",
    "/documents/?language=zh-Hant",
    "/statements/?value=paused",
    f"/initiatives/{CASE}/?on=2023-02-01&known=2023-03-01",
    f"/initiatives/{CASE}/matrix/",
    f"/initiatives/{CASE}/matrix/?on=2023-02-01",
)
REFUSED = (
    "/rounds/?start_after=2023-13-45&stauts=held",
    "/people/?role=king",
    "/parties/?fields=x",
)
MISSING = ("/rounds/no-such-round/", "/no-such-page/")
# What stays at one address for both languages.
OF_NEITHER = re.compile(r"/(api|admin|id|static)/|/[a-z-]+\.[a-z]+(\?|$)")

HAN = re.compile(r"[\u3400-\u9fff]")
# A word of more than capitals, and what may stand in any language: names of this site, addresses.
LATIN = re.compile(r"(?:(?<=[^A-Za-z])|^)[A-Za-z]*[a-z][A-Za-z]*")
SAME_IN_BOTH = re.compile(r"TradeInit|https?://\S+|/id/[0-9a-f-]+")
EMPTY = {"meta", "link", "img", "br", "input", "hr"}


class Page(HTMLParser):
    """Each text with the language that the elements around it name."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[tuple[str, str]] = []
        self.texts: list[tuple[str, str, str]] = []
        self.links: list[dict[str, Any]] = []
        self.heads: list[dict[str, Any]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = dict(attributes)
        if tag == "a":
            self.links.append(found)
        if tag == "link":
            self.heads.append(found)
        if tag not in EMPTY:
            self.open.append((tag, found.get("lang") or (self.open[-1][1] if self.open else "")))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, text: str) -> None:
        if text.strip() and self.open:
            tag, language = self.open[-1]
            # Data for machines (JSON-LD), which gives each name in both languages.
            if tag == "script":
                return
            self.texts.append((tag, language, SAME_IN_BOTH.sub("", text)))

    @property
    def alternates(self) -> dict[str, str]:
        return {
            found["hreflang"]: urlsplit(found["href"]).path
            for found in self.heads
            if found.get("hreflang")
        }

    def misplaced(self, language: str) -> list[str]:
        """Texts in the page's language by their elements, and by their letters in the other.

        Where no element can stand (an option, the title) a text of the record may be mixed.
        """
        wrong = HAN if language == "en" else LATIN
        right = LATIN if language == "en" else HAN
        return [
            text.strip()
            for tag, named, text in self.texts
            if named == language
            and wrong.search(text)
            and not (tag in ("option", "title") and right.search(text))
        ]


@once_a_module
def sample() -> None:
    call_command("load_sample", verbosity=0)


def chinese(path: str) -> str:
    return f"/zh-hant{path}"


def list_pages() -> list[str]:
    home = Page(Client().get("/").content.decode())
    return sorted(
        {link["href"] for link in home.links if re.fullmatch(r"/(?!admin)[a-z]+/", link["href"])}
    )


def record_pages() -> Iterable[str]:
    for model in registry.models():
        if issubclass(model, Addressed):
            yield from (row.get_absolute_url() for row in model.objects.public()[:OF_EACH])


def all_pages() -> list[str]:
    return ["/", TAIPEI, *list_pages(), *record_pages(), *QUESTIONS]


@cache
def read(path: str, status: int = 200) -> Page:
    """Each page of the sample is read once."""
    response = Client().get(path)
    assert response.status_code == status, path
    assert "Accept-Language" not in response.headers.get("Vary", "")
    assert not response.cookies
    return Page(response.content.decode())


# Every page


@pytest.mark.django_db
def test_every_page_is_wholly_in_the_language_of_its_address(sample: None) -> None:
    assert len(list_pages()) >= 9
    for path in [*all_pages(), *REFUSED, *MISSING]:
        status = 400 if path in REFUSED else 404 if path in MISSING else 200
        english, han = read(path, status), read(chinese(path), status)
        assert english.texts and english.misplaced("en") == [], path
        assert han.misplaced("zh-Hant") == [], path
        assert english.texts[0][1] in ("en", "zh-Hant"), path
        assert {"en"} <= {named for _, named, _ in english.texts}, path
        assert {"zh-Hant"} <= {named for _, named, _ in han.texts}, path


@pytest.mark.django_db
def test_every_page_names_its_twin_and_leads_to_it_with_the_question_asked(sample: None) -> None:
    for path in all_pages():
        here, there = read(path), read(chinese(path))
        plain = path.partition("?")[0]
        pair = {"en": plain, "zh-Hant": chinese(plain), "x-default": plain}
        assert here.alternates == there.alternates == pair, path
        assert path in [link["href"] for link in there.links if link.get("hreflang") == "en"]
        twins = [link["href"] for link in here.links if link.get("hreflang") == "zh-Hant"]
        assert twins == [chinese(path)]


@pytest.mark.django_db
def test_links_stay_in_the_language(sample: None) -> None:
    for path in [*all_pages(), *REFUSED]:
        page = read(chinese(path), 400 if path in REFUSED else 200)
        assert [
            link["href"]
            for link in page.links
            if link["href"].startswith("/")
            and not link["href"].startswith("/zh-hant/")
            and not link.get("hreflang")
            and not OF_NEITHER.match(link["href"])
        ] == [], path


@pytest.mark.django_db
def test_an_address_in_error_leads_to_the_front_page_of_the_other_language() -> None:
    page = read(chinese("/no-such-page/"), 404)

    assert page.alternates == {}
    assert [link["href"] for link in page.links if link.get("hreflang")] == ["/"]


# What decides


@pytest.mark.django_db
@pytest.mark.parametrize("wanted", ["zh-Hant", "zh-TW, en;q=0.1", "en", "fr"])
def test_no_header_and_no_cookie_has_a_say(wanted: str) -> None:
    asked = Client(headers={"accept-language": wanted})
    asked.cookies["django_language"] = wanted

    for path in ("/", "/zh-hant/", "/api/v1/rounds/"):
        given, plain = asked.get(path), Client().get(path)
        assert given.content == plain.content
        assert given.headers.get("Vary") == plain.headers.get("Vary")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/en/", "/zh/", "/zh-hans/", "/zh-hant/api/v1/", "/zh-hant/admin/"]
)
def test_there_are_two_languages_and_only_pages_have_both(path: str) -> None:
    assert Client().get(path).status_code == 404


@pytest.mark.django_db
def test_an_address_without_its_last_stroke_keeps_its_language() -> None:
    for path in ("/zh-hant", "/zh-hant/rounds"):
        assert Client().get(path)["Location"] == f"{path}/"


@pytest.mark.django_db
def test_a_request_leaves_no_language_behind() -> None:
    Client().get("/zh-hant/")
    assert translation.get_language() == "en"


# API and files


@pytest.mark.django_db
def test_answers_and_files_are_the_same_in_whatever_language(sample: None) -> None:
    for model in registry.models():
        for path in (
            f"/api/v1/{model.resource}/?page_size=200",
            f"/api/v1/{model.resource}/?nonsense=1",
        ):
            plain = Client().get(path).content
            with translation.override("zh-hant"):
                assert Client().get(path).content == plain, path
    for path in ("/rounds.csv", "/rounds.csv?nonsense=1", "/rounds/?format=ndjson"):
        english, han = Client().get(path), Client().get(chinese(path))
        assert b"".join(english) == b"".join(han), path


@pytest.mark.django_db
def test_a_body_written_in_chinese_is_the_body_written_in_english() -> None:
    with translation.override("zh-hant"):
        row = factories.round(label="Round", label_zh_hant="談判回合", venues=["Taipei"])

    told = log.bodies([row.uid])[row.uid]
    assert told["html_url"] == f"/rounds/{row.slug}/"
    assert (told["label"], told["label_zh_hant"]) == ("Round", "談判回合")
    assert not HAN.search(told["dates_in_words"])


# The texts of the record


@pytest.mark.django_db
def test_a_name_is_chinese_where_there_is_one_and_visibly_english_where_there_is_none() -> None:
    initiative = factories.initiative(title="Initiative on Trade", title_zh_hant="貿易倡議")
    factories.chapter(initiative=initiative, name="Customs")
    address = chinese(f"/initiatives/{initiative.slug}/")

    html = Client().get(address).content.decode()

    assert re.search(r"<h1>\s*貿易倡議", html)
    assert '<p class="title-other" lang="en">Initiative on Trade</p>' in html
    assert re.search(r'<a href="/zh-hant/chapters/[^"]+" lang="en">Customs</a>', html)


@pytest.mark.django_db
def test_an_english_page_shows_the_chinese_name_beneath() -> None:
    party = factories.party(name="Island", name_zh_hant="島")

    html = Client().get(f"/parties/{party.slug}/").content.decode()

    assert re.search(r"<h1>\s*Island", html)
    assert '<p class="title-other" lang="zh-Hant">島</p>' in html


@pytest.mark.parametrize(
    ("language", "text", "html"),
    [
        ("en", "Terry McCartin", "Terry McCartin"),
        ("en", "Yang Jen-ni (楊珍妮)", 'Yang Jen-ni (<span lang="zh-Hant">楊珍妮</span>)'),
        ("zh-hant", "美國在台協會（AIT）", "美國在台協會（AIT）"),
        ("zh-hant", "First round，臺北", '<span lang="en">First round</span>，臺北'),
        ("zh-hant", "Talks & tea", '<span lang="en">Talks &amp; tea</span>'),
        ("zh-hant", "<b>", '&lt;<span lang="en">b</span>&gt;'),
        ("zh-hant", None, ""),
    ],
)
def test_what_is_in_the_other_language_is_marked(language: str, text: Any, html: str) -> None:
    with translation.override(language):
        assert languages.marked(text) == html


@pytest.mark.django_db
def test_records_are_called_by_their_chinese_names() -> None:
    office = factories.organization(
        name="Office of Trade", name_zh_hant="貿易處", abbreviation="OT"
    )
    met = factories.round(
        label="Round", label_zh_hant="談判回合", start=date(2023, 1, 14), end=date(2023, 1, 17)
    )
    Venue(round=met, city="Taipei", city_zh_hant="臺北", country="Taiwan", country_zh_hant="臺灣")
    head = factories.person(name="Jane Lee", native_name="李某", sort_name="Lee, Jane")
    other = factories.person(name="Jack Jones", native_name="", sort_name="Jones, Jack")
    seat = factories.participation(
        round=met, person=head, name_as_listed="Jane A. Lee", role="head"
    )

    with translation.override("zh-hant"):
        assert str(office) == "貿易處（OT）"
        assert str(met) == "談判回合，2023年1月14日至17日"
        assert [str(head), str(other)] == ["李某", "Jack Jones"]
        assert [head.other_name, other.other_name] == ["Jane Lee", ""]
        assert (seat.local_name, seat.public_name) == ("李某", "Jane A. Lee")
    assert str(office) == "Office of Trade (OT)"
    assert [str(head), head.other_name] == ["Jane Lee", "李某"]
    assert seat.local_name == "Jane A. Lee"


@pytest.mark.django_db
def test_who_is_not_named_in_english_is_not_named_in_chinese() -> None:
    hidden = factories.person(name="A Delegate", native_name="某代表")
    met = factories.round()
    factories.participation(
        round=met, person=hidden, name_as_listed="A Delegate", role="delegate", note="a delegate"
    )

    html = Client().get(chinese(f"/rounds/{met.slug}/")).content.decode()

    assert "某代表" not in html and "A Delegate" not in html


# Days


@pytest.mark.parametrize(
    ("start", "end", "precision", "words"),
    [
        ("2023-01-14", "2023-01-14", "day", "2023年1月14日"),
        ("2023-01-14", "2023-01-17", "day", "2023年1月14日至17日"),
        ("2023-01-30", "2023-02-02", "day", "2023年1月30日至2月2日"),
        ("2022-12-30", "2023-01-02", "day", "2022年12月30日至2023年1月2日"),
        ("2023-01-14", None, "day", "2023年1月14日起"),
        ("2023-01-09", None, "week", "2023年1月9日當週"),
        ("2023-01-01", None, "month", "2023年1月"),
        ("2023-01-01", "2023-03-01", "month", "2023年1月至3月"),
        ("2022-12-01", "2023-03-01", "month", "2022年12月至2023年3月"),
        ("2023-07-01", None, "quarter", "2023年第三季"),
        ("2023-01-01", None, "year", "2023年"),
        ("2023-01-01", "2024-01-01", "year", "2023年至2024年"),
    ],
)
def test_days_in_chinese_words(start: str, end: str | None, precision: str, words: str) -> None:
    first, last = (date.fromisoformat(day) if day else None for day in (start, end))
    with translation.override("zh-hant"):
        assert days.in_words(first, last, precision) == words
