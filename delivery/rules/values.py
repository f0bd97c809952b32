"""Holes in a text, and how a value is made safe for the place it is put into."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from html import escape

LONGEST = 300
LINE = 71
# Control signs, marks that turn the direction of writing, and signs that cannot be sent.
UNWANTED = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)
BLANKS = re.compile(r"\s+")
WEB_ADDRESS = re.compile(r"(?:https?://|mailto:|tel:)[^\s<>\"'\\]{1,2000}")
SUBJECT_LENGTH = 200


class Place(StrEnum):
    """Where a value stands; each place has its own escapes."""

    HTML = "html"
    ADDRESS = "address"  # inside href
    PLAIN = "plain"
    PLAIN_ADDRESS = "plain_address"
    SUBJECT = "subject"


@dataclass(frozen=True)
class Hole:
    """Where a value of the recipient will stand."""

    name: str
    place: Place
    fallback: str = ""


Piece = str | Hole
Pieces = tuple[Piece, ...]


class MissingLinkError(LookupError):
    """A message cannot be made because a link that it needs does not exist for this contact."""


def tidy(value: str) -> str:
    """This will give a value as one line of text that no mail program reads as a link."""
    plain = BLANKS.sub(" ", UNWANTED.sub(" ", unicodedata.normalize("NFC", value)))
    return plain.replace("://", " ").strip()[:LONGEST]


def is_address(value: str) -> bool:
    """This will say whether a value can stand in a link."""
    return WEB_ADDRESS.fullmatch(value) is not None


def put(hole: Hole, values: Mapping[str, str]) -> str:
    """This will give what stands in a hole, made safe. Raises MissingLinkError."""
    value = values.get(hole.name, "")
    if hole.place in (Place.ADDRESS, Place.PLAIN_ADDRESS):
        if not is_address(value):
            raise MissingLinkError(hole.name)
        return escape(value) if hole.place is Place.ADDRESS else value
    text = tidy(value) or tidy(hole.fallback)
    return escape(text) if hole.place is Place.HTML else text


def fill(pieces: Sequence[Piece], values: Mapping[str, str]) -> str:
    """This will put the values of one recipient into the holes. Raises MissingLinkError."""
    return "".join([piece if type(piece) is str else _put(piece, values) for piece in pieces])


def fill_subject(pieces: Sequence[Piece], values: Mapping[str, str]) -> str:
    """This will give a subject as one line of a length that mail programs show."""
    return BLANKS.sub(" ", fill(pieces, values)).strip()[:SUBJECT_LENGTH]


def fill_lines(lines: Sequence[Pieces], values: Mapping[str, str]) -> str:
    """This will give the plain text: no line longer than need be, addresses never broken."""
    return "\n".join(wrapped(fill(line, values)) for line in lines)


def wrapped(line: str) -> str:
    """This will break a long line between words."""
    if len(line) <= LINE:
        return line.rstrip()
    rows: list[str] = []
    indent = "  " if line.startswith("- ") else ""
    row = ""
    for word in line.split():
        if row and len(row) + 1 + len(word) > LINE:
            rows.append(row)
            row = indent + word
        else:
            row = f"{row} {word}" if row else word
    return "\n".join([*rows, row])


def missing(pieces: Iterable[Piece], values: Mapping[str, str]) -> set[str]:
    """This will name the holes for which a recipient has no value."""
    return {
        piece.name
        for piece in pieces
        if isinstance(piece, Hole) and not values.get(piece.name, "").strip()
    }


def first_link(text: str, base: str) -> str:
    """This will give the first link of a plain text that leads to a page of ours."""
    found = re.search(rf"{re.escape(base)}/[^\s\"'<>()]+", text)
    return found[0] if found else ""


def masked(text: str, base: str) -> str:
    """This will shorten every link to a page of ours, so that a kept text opens nothing."""
    return re.sub(rf"{re.escape(base)}/[^\s\"'<>()]+", f"{base}/…", text)


def _put(piece: Piece, values: Mapping[str, str]) -> str:
    return put(piece, values) if isinstance(piece, Hole) else piece
