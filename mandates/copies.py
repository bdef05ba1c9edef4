"""The office's own copies of documents: files that are kept under the digest of what they hold.

A file is written once and never changed, so that every version of a record finds its own. The
place is no address: the public reads a file at its document's, once the document is public.
"""

import codecs
import hashlib
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.http import StreamingHttpResponse
from django.utils.functional import Promise
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# In bytes. The proxy refuses what is larger before it comes here.
LARGEST = 20 * 1024 * 1024
DIGEST = re.compile(r"[0-9a-f]{64}")
PIECE = 64 * 1024


def _begins_as_pdf(file: IO[bytes]) -> bool:
    return file.read(5) == b"%PDF-"


def _is_text(file: IO[bytes]) -> bool:
    """Read piece by piece: as one text it could take four times its size."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    try:
        while piece := file.read(PIECE):
            if "\0" in decoder.decode(piece):
                return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _is_packed_with(member: str) -> Callable[[IO[bytes]], bool]:
    """Looks into the directory of the archive alone; nothing is unpacked.

    Python's reader does not mind what stands before an archive, a picture or a page say.
    """

    def check(file: IO[bytes]) -> bool:
        if file.read(4) != b"PK\x03\x04":
            return False
        try:
            with zipfile.ZipFile(file) as archive:
                return member in archive.NameToInfo
        except (zipfile.BadZipFile, ValueError, NotImplementedError):
            return False

    return check


@dataclass(frozen=True)
class Format:
    name: str | Promise
    media_type: str
    is_one: Callable[[IO[bytes]], bool]


# By the ending of their names.
FORMATS = {
    "pdf": Format("PDF", "application/pdf", _begins_as_pdf),
    "docx": Format(
        "Word",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        _is_packed_with("word/document.xml"),
    ),
    "odt": Format(
        "OpenDocument",
        "application/vnd.oasis.opendocument.text",
        _is_packed_with("META-INF/manifest.xml"),
    ),
    "txt": Format(gettext_lazy("plain text"), "text/plain; charset=utf-8", _is_text),
}
CHOICES = [(ending, one.name) for ending, one in FORMATS.items()]


def examine(file: File) -> tuple[str, str]:
    """The ending and the SHA-256 of an upload; raises ValidationError for what is not kept."""
    if (file.size or 0) > LARGEST:
        most = LARGEST // 1024 // 1024
        raise ValidationError(_("The file is larger than %(most)d MB.") % {"most": most})
    ending = (file.name or "").rpartition(".")[2].lower()
    if ending not in FORMATS:
        endings = ", ".join(FORMATS)
        raise ValidationError(
            _("Files of this kind are not kept; these are: %(endings)s.") % {"endings": endings}
        )
    file.seek(0)
    if not FORMATS[ending].is_one(file):
        raise ValidationError(
            _("Its name says %(name)s, but what it holds is something else.")
            % {"name": FORMATS[ending].name}
        )
    file.seek(0)
    return ending, hashlib.file_digest(file, "sha256").hexdigest()


def keep(file: File, ending: str, digest: str) -> None:
    place = _place(ending, digest)
    if not default_storage.exists(place):
        file.seek(0)
        default_storage.save(place, file)


def is_kept(document: Any) -> bool:
    """What somebody typed need not name a file at all."""
    ending, digest = document.file_format, document.sha256
    names_one = ending in FORMATS and DIGEST.fullmatch(digest)
    return bool(names_one) and default_storage.exists(_place(ending, digest))


def opened(document: Any) -> File:
    """Raises OSError where the file is missing."""
    return default_storage.open(_place(document.file_format, document.sha256))


def size_of(document: Any) -> int:
    """In bytes. Raises OSError where the file is missing."""
    return default_storage.size(_place(document.file_format, document.sha256))


def chunks(document: Any) -> Iterator[bytes]:
    """Opened when the first is asked for, so that nothing stays open of what nobody reads."""
    with opened(document) as file:
        yield from file.chunks()


def to_keep(document: Any, name: str) -> StreamingHttpResponse:
    """The file as an answer that a reader saves: never shown as a page of this site."""
    return StreamingHttpResponse(
        chunks(document),
        content_type=FORMATS[document.file_format].media_type,
        headers={
            "Content-Disposition": content_disposition_header(
                True, f"{name}.{document.file_format}"
            ),
            "Content-Length": str(size_of(document)),
        },
    )


def is_whole(document: Any) -> bool:
    """Whether the file holds what the digest says."""
    try:
        with opened(document) as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == document.sha256
    except OSError:
        return False


def _place(ending: str, digest: str) -> str:
    return f"{digest[:2]}/{digest}.{ending}"
