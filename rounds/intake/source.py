"""What was handed in: bytes of text or of a saved page, made into the text that is read."""

import re
from html.parser import HTMLParser

from rounds.intake.tables import table

LIMIT = 2_000_000
UNKNOWN = "This is neither UTF-8 nor another encoding known here; save it as UTF-8."


class Unreadable(Exception):
    """It cannot be read as a text; the message says why, for whoever handed it in."""


def text_of(data: bytes) -> str:
    """The text in these bytes: plain, or that of a saved page without its boilerplate."""
    if len(data) > LIMIT:
        raise Unreadable("This is more than 2 MB of text; hand in the release alone.")
    text = _decoded(data)
    if _is_page(text):
        text = text_of_page(text)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise Unreadable("There is no text in it.")
    return text


def _decoded(data: bytes) -> str:
    if data.startswith(b"%PDF"):
        raise Unreadable("This is a PDF; hand in its text.")
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise Unreadable("This is an office document; hand in its text.")
    encodings = ["utf-16"] if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig"]
    if declared := re.search(rb"<meta[^>]{0,200}?charset=[\"']?([\w-]{2,20})", data[:4096]):
        encodings.append(declared[1].decode("ascii"))
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
        if "\0" not in text:
            return text
    # A text of Windows has few of the signs that no text has; anything else is no text.
    controls = sum(byte < 9 or 13 < byte < 32 for byte in data[:4096])
    if controls or b"\0" in data:
        raise Unreadable("This is no text: it has signs that no text has.")
    if _is_big5(data):
        return data.decode("cp950")
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError as error:
        raise Unreadable(UNKNOWN) from error
    # In a Western text few letters beyond ASCII touch; where many do, it is another script.
    touching = len(re.findall(r"[À-ÿ](?=[^\x00-\x7f])", text))
    if touching > 5 and touching > len(re.findall(r"[À-ÿ](?=[\x00-\x7f])", text)) / 4:
        raise Unreadable(UNKNOWN)
    return text


def _is_big5(data: bytes) -> bool:
    """Nearly all its signs are common ones of Big5, some with a low second byte, as no EUC has."""
    try:
        data.decode("cp950")
    except UnicodeDecodeError:
        return False
    pairs = re.findall(rb"[\x81-\xfe][\x40-\x7e\xa1-\xfe]", data)
    common = sum(0xA1 <= pair[0] <= 0xC6 for pair in pairs)
    low = sum(pair[1] < 0x7F for pair in pairs)
    return common >= 0.9 * len(pairs) and low >= 0.1 * len(pairs) > 0


def _is_page(text: str) -> bool:
    return bool(re.search(r"<(?:!doctype html|html|body|head|article|div|p)\b", text[:2000], re.I))


# Saved pages

BLOCKS = frozenset(table("page")["blocks"])
BOILERPLATE = frozenset(table("page")["boilerplate"])
VOID = frozenset(table("page")["void"])
# A page within an article keeps its own header: there the title and the date stand.
KEPT_IN_ARTICLE = {"header"}
BOILERPLATE_NAMES = re.compile(
    r"(?:^|[\s_-])(?:breadcrumbs?|cookies?|share|social|sidebar|navigation|nav|menu|footer|related|"
    r"skip-link|banner|subscribe|newsletter)(?:$|[\s_-])",
    re.I,
)


def text_of_page(page: str) -> str:
    reader = _Page()
    reader.feed(_well_formed(page))
    reader.close()
    return reader.text()


def _well_formed(page: str) -> str:
    """Without comments and declarations, and each tag closed: the parser would look for the end of
    an open one up to the end of the page, from each of them."""
    first, *others = page.split("<!--")
    page = first + "".join(piece.partition("-->")[2] for piece in others)
    page = re.sub(r"<![^<>]*>", "", page)
    return re.sub(r"<(?=[^<>]*(?:<|\Z))", "&lt;", page)


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[tuple[str, bool]] = []
        self.dropped = 0
        self.main = 0
        self.everything: list[str] = []
        self.article: list[str] = []
        self.title: list[str] = []
        self.heading = False
        self.published = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "meta":
            self._note(values)
        if tag in VOID:
            if tag in BLOCKS:
                self._write("\n")
            return
        names = f"{values.get('class', '')} {values.get('id', '')} {values.get('role', '')}"
        drops = tag not in ("html", "body", "main", "article", "h1") and (
            (tag in BOILERPLATE and not (self.main and tag in KEPT_IN_ARTICLE))
            or "hidden" in values
            or bool(BOILERPLATE_NAMES.search(names))
        )
        self.open.append((tag, drops))
        self.dropped += drops
        self.main += tag in ("main", "article")
        self.heading |= tag == "h1" and not self.dropped
        if tag == "li":
            self._write("\n- ")
        elif tag in BLOCKS:
            self._write("\n\n" if tag in ("p", "h1", "h2", "h3", "div") else "\n")

    def handle_endtag(self, tag: str) -> None:
        if all(name != tag for name, _ in self.open[-50:]):
            return
        while self.open:
            name, dropped = self.open.pop()
            self.dropped -= dropped
            self.main -= name in ("main", "article")
            if name == tag:
                break
        if tag in BLOCKS:
            self._write("\n")

    def handle_data(self, data: str) -> None:
        if any(name == "title" for name, _ in self.open[-1:]):
            self.title.append(data)
        elif not self.open or self.open[-1][0] != "title":
            self._write(re.sub(r"[ \t\r\n\f]+", " ", data))

    def _write(self, words: str) -> None:
        if self.dropped or any(name in ("head", "title") for name, _ in self.open[-1:]):
            return
        self.everything.append(words)
        if self.main:
            self.article.append(words)

    def _note(self, values: dict[str, str]) -> None:
        if values.get("property", values.get("name", "")) == "article:published_time":
            self.published = values.get("content", "")[:10]

    def text(self) -> str:
        article, everything = _tidied(self.article), _tidied(self.everything)
        text = article if len(article) > 200 else everything
        title = " ".join("".join(self.title).split())
        if title and not self.heading:
            text = f"{re.split(r' [|–—] ', title)[0]}\n\n{text}"
        if re.fullmatch(r"\d{4}-\d\d-\d\d", self.published):
            text = f"Published {self.published}\n\n{text}"
        return text


def _tidied(pieces: list[str]) -> str:
    lines = [" ".join(line.split()) for line in "".join(pieces).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
