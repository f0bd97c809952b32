"""What kind of file this is, decided from its first bytes and rows; never from its name."""

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

UTF8 = "utf-8"
CP1252 = "cp1252"
MIXED = "utf-8 and cp1252"
SEPARATORS = (",", ";", "\t", "|")
MOST_TITLE_ROWS = 30
SNIFFED_ROWS = 60
LONGEST_HEADER = 80

ENCODING_NAMES = {
    UTF8: "UTF-8",
    CP1252: "Windows-1252",
    MIXED: "UTF-8 and Windows-1252 mixed",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "cp1250": "Windows-1250",
    "iso8859_2": "ISO 8859-2",
    "cp1251": "Windows-1251",
    "cp1253": "Windows-1253",
    "cp1254": "Windows-1254",
    "cp850": "DOS 850",
    "mac_roman": "Mac Roman",
}
SEPARATOR_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_STRANGERS = {
    b"\x89PNG": "a picture (PNG)",
    b"\xff\xd8\xff": "a picture (JPEG)",
    b"GIF8": "a picture (GIF)",
    b"%PDF": "a PDF document",
    b"\x1f\x8b": "a compressed file (gzip)",
    b"Rar!": "a compressed file (RAR)",
    b"7z\xbc\xaf": "a compressed file (7-Zip)",
    b"SQLite format 3": "a database (SQLite)",
}
_MARKUP = re.compile(
    rb"\s*(<!--.{0,500}?-->\s*)*<(!doctype|html|head|meta|body|style|div|table|\?xml|workbook)",
    re.IGNORECASE | re.DOTALL,
)
_ARCHIVE = re.compile(
    rb"\s*(MIME-Version:|From: <Saved by|Content-Type: multipart/related)", re.IGNORECASE
)
_IIF_HEAD = re.compile(r"![A-Z]{2,15}\t")
_CONTROL = bytes(set(range(32)) - set(b"\t\n\r\x0b\x0c\x1a")) + b"\x7f"
_MOST_CONTROL = 0.02
_NUL_SHARE = 0.3
_NUMBER = re.compile(r"[\d\s.,:/+()$€%-]*\d[\d\s.,:/+()$€%-]*")


class UnreadableFileError(ValueError):
    """The file cannot be read; the sentence says what it is and what to do."""


class NoHeadError(UnreadableFileError):
    """The file has no row of column names; a person may say that this is so."""


@dataclass(frozen=True)
class TextShape:
    """How a text file is written: its encoding, and how many bytes of mark come first."""

    encoding: str
    mark: int = 0


class Kind(StrEnum):
    """What a file is by its first bytes."""

    WORKBOOK = "workbook"
    PAGE = "page"
    TEXT = "text"


def kind_of(head: bytes) -> Kind:
    """This will tell workbooks and web pages from text, whatever the name says.

    Raises UnreadableFileError for what is certainly no list: pictures, old Excel.
    """
    if head.startswith(b"PK\x03\x04"):
        return Kind.WORKBOOK
    if head.startswith(_OLE):
        raise UnreadableFileError(_old_office(head))
    for magic, name in _STRANGERS.items():
        if head.startswith(magic):
            sentence = f"This is {name}, not a list. Export the list as CSV or XLSX."
            raise UnreadableFileError(sentence)
    bare = head.removeprefix(b"\xef\xbb\xbf")
    if bare[:2] in (b"\xff\xfe", b"\xfe\xff"):
        bare = bare[2:].replace(b"\x00", b"")
    if _MARKUP.match(bare) or is_web_archive(head):
        return Kind.PAGE
    return Kind.TEXT


def is_web_archive(head: bytes) -> bool:
    """This will say whether a file is a web page with everything in it, as Excel may save it."""
    return bool(_ARCHIVE.match(head))


def is_iif(lines: Sequence[str]) -> bool:
    """This will say whether the first lines are those of an IIF file: `!HDR`, `!CUST` and a tab."""
    heads = [line for line in lines if _IIF_HEAD.match(line)]
    rows = [line for line in lines if line.strip()]
    return bool(heads) and bool(_IIF_HEAD.match(rows[0]))


def _old_office(head: bytes) -> str:
    if _ENCRYPTED in head:
        return "This workbook is protected by a password. Save it without one."
    return "This is an old Excel file (.xls). Save it as XLSX or CSV."


def text_shape(head: bytes) -> TextShape:
    """This will tell the encoding family from the first bytes: UTF-16, or one byte a letter.

    UTF8 stands for "UTF-8 unless a later line is not". Raises UnreadableFileError.
    """
    if head.startswith(b"\xef\xbb\xbf"):
        return TextShape(UTF8, 3)
    if head.startswith(b"\xff\xfe"):
        return TextShape("utf-16-le", 2)
    if head.startswith(b"\xfe\xff"):
        return TextShape("utf-16-be", 2)
    if head.count(0) > _NUL_SHARE * len(head):
        return TextShape("utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be")
    odd = len(head) - len(head.translate(None, delete=_CONTROL))
    if odd > max(16, _MOST_CONTROL * len(head)):
        sentence = "This is no text file. Export the list as CSV or XLSX."
        raise UnreadableFileError(sentence)
    return TextShape(UTF8)


def decode(line: bytes, encoding: str) -> tuple[str, bool]:
    """This will decode a line, as Windows-1252 where it is not UTF-8; true when it had to.

    Bytes that Windows-1252 does not know become a replacement mark, never another letter.
    """
    if encoding == CP1252:
        return line.decode(CP1252, errors="replace"), False
    try:
        return line.decode(UTF8), False
    except UnicodeDecodeError:
        return line.decode(CP1252, errors="replace"), True


def separator_of(lines: Sequence[str]) -> tuple[str, int]:
    """This will find the separator, and how many lines come before the table (a `sep=` line)."""
    if lines and (told := re.fullmatch(r'"?sep=(.)"?\s*', lines[0], re.IGNORECASE)):
        return told[1], 1
    if lines and lines[0].lower().startswith("sep=\t"):
        return "\t", 1
    return max(SEPARATORS, key=lambda one: _evenness(lines, one)), 0


def _evenness(lines: Sequence[str], separator: str) -> float:
    """This will rate a separator: most rows equally long, and long."""
    try:
        widths = [len(row) for row in csv.reader(lines, delimiter=separator) if row]
    except csv.Error:
        return 0
    counts = Counter(width for width in widths if width > 1)
    if not counts:
        return 0
    width, often = max(counts.items(), key=lambda pair: (pair[1], pair[0]))
    return often / len(widths) * min(width, 20)


def looks_like_header(cells: Sequence[str]) -> bool:
    """This will say whether a row could be column names: words, different, no values."""
    words = [cell.strip() for cell in cells if cell.strip()]
    if len(words) < 2:  # noqa: PLR2004 - a title stands alone
        return False
    if any("@" in word or len(word) > LONGEST_HEADER for word in words):
        return False
    if sum(1 for word in words if _NUMBER.fullmatch(word)) > len(words) / 4:
        return False
    return len({word.casefold() for word in words}) >= len(words) * 0.6


def refuse_width(cells: Sequence[str], most: int) -> None:
    """This will raise UnreadableFileError when a row has more columns than can be read."""
    if len(cells) > most:
        sentence = (
            f"The file has {len(cells):,} columns; up to {most:,} can be read."
            " Leave out what is not needed."
        )
        raise UnreadableFileError(sentence)


def without_nul(cell: str) -> str:
    """This will drop NUL bytes, which no database text can hold, and lone surrogates."""
    clean = cell.replace("\x00", "")
    if clean.isascii():
        return clean
    return clean.encode("utf-8", errors="replace").decode("utf-8")
