"""A text made ready once for many recipients: framed, styles in line, with holes for values."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

import css_inline
from django.template.loader import render_to_string

from core.models import Configuration
from delivery.rules import rich, writing
from delivery.rules.states import TO_MANY
from delivery.rules.values import Hole, Piece, Pieces, Place

ACCENT = "#3a4cc4"
CONTENT = "\ue002"
MARK = re.compile("\ue000([0-9]+)\ue001")
CLASSES = re.compile(r' class="[^"]*"')
UNSUBSCRIBE = "UnsubscribeLink"
WRONG_PERSON = "WrongPersonLink"


@dataclass(frozen=True)
class Draft:
    """What staff wrote, and for which kind of message."""

    subject: str
    body: str
    preheader: str
    purpose: str


@dataclass(frozen=True)
class Brand:
    """What stands around every message."""

    company: str
    address: str
    phone: str
    answers: bool
    accent: str

    @property
    def sender(self) -> str:
        """Company and postal address in one line."""
        if self.address.startswith(self.company):
            return self.address
        return ", ".join(part for part in (self.company, self.address) if part)

    @property
    def contact(self) -> str:
        """How to ask a question."""
        ways = [
            "reply to this message" if self.answers else "",
            f"call {self.phone}" if self.phone else "",
        ]
        said = " or ".join(way for way in ways if way)
        return f"Questions? {said[0].upper()}{said[1:]}." if said else ""


@dataclass(frozen=True)
class Prepared:
    """A message with holes. `names` are the fields that need a value."""

    subject: Pieces
    preheader: Pieces
    html: Pieces
    text: tuple[Pieces, ...]
    names: frozenset[str]

    def holes(self) -> Iterator[Piece]:
        """This will give every piece that a recipient can read."""
        return chain(self.subject, self.preheader, self.html, *self.text)


def brand_of(configuration: Configuration) -> Brand:
    """This will give what the configuration says of every message."""
    return Brand(
        company=configuration.company_name,
        address=" ".join(configuration.postal_address.split()),
        phone=configuration.support_phone,
        answers=bool(configuration.reply_to or configuration.support_email),
        accent=configuration.accent or ACCENT,
    )


@lru_cache(maxsize=128)
def prepare(draft: Draft, brand: Brand) -> Prepared:
    """This will read a text once and put it into the frame of the company."""
    blocks = rich.parse(draft.body)
    subject = rich.read_subject(draft.subject)
    preheader = rich.read_subject(draft.preheader)
    to_many = draft.purpose in TO_MANY
    names = {*rich.names_in(blocks), *rich.names_of(subject), *rich.names_of(preheader)}
    return Prepared(
        subject=writing.line_text(subject, Place.SUBJECT),
        preheader=writing.line_text(preheader),
        html=_html(subject, preheader, blocks, brand, to_many=to_many),
        text=_text(blocks, brand, to_many=to_many),
        names=frozenset(names),
    )


@lru_cache(maxsize=128)
def prepare_text(sms_text: str) -> Prepared:
    """This will read the text of a text message once; it has no frame but the way to stop."""
    blocks = rich.parse(sms_text)
    stop: Pieces = ("Stop: ", Hole(UNSUBSCRIBE, Place.PLAIN_ADDRESS))
    return Prepared(
        subject=(),
        preheader=(),
        html=(),
        text=(*writing.plain(blocks), stop),
        names=frozenset(rich.names_in(blocks)),
    )


def _text(blocks: Sequence[rich.Block], brand: Brand, *, to_many: bool) -> tuple[Pieces, ...]:
    lines = list(writing.plain(blocks))
    if brand.contact:
        lines += [(), (brand.contact,)]
    lines += [(), ("--",), (brand.sender,)]
    if to_many:
        lines += [
            ("Not the right person?",),
            (Hole(WRONG_PERSON, Place.PLAIN_ADDRESS),),
            ("Unsubscribe:",),
            (Hole(UNSUBSCRIBE, Place.PLAIN_ADDRESS),),
        ]
    return tuple(lines)


def _html(
    subject: rich.Line,
    preheader: rich.Line,
    blocks: Sequence[rich.Block],
    brand: Brand,
    *,
    to_many: bool,
) -> Pieces:
    """This will frame the blocks and put the styles in line.

    Holes become marks that no staff text can hold, and holes again when all is put together.
    """
    marks = _Marks()
    button = rich.first_button(blocks)
    page = render_to_string(
        "emails/message.html",
        {
            "subject": marks.of(writing.line_html(subject)),
            "preheader": marks.of(writing.line_html(preheader)),
            "company": brand.company,
            "content": CONTENT,
            "address": marks.of([writing.target_html(button)]) if button else "",
            "address_text": marks.of([writing.target_html(button)]) if button else "",
            "contact": brand.contact,
            "sender": brand.sender,
            "wrong_person": marks.of([Hole(WRONG_PERSON, Place.ADDRESS)]),
            "unsubscribe": marks.of([Hole(UNSUBSCRIBE, Place.ADDRESS)]) if to_many else "",
        },
    )
    whole = marks.put_back(page, CONTENT, writing.html(blocks))
    styles = render_to_string("emails/message.css", {"accent": brand.accent})
    inliner = css_inline.CSSInliner(
        extra_css=styles, inline_style_tags=False, load_remote_stylesheets=False
    )
    return marks.split(CLASSES.sub("", inliner.inline(whole)))


class _Marks:
    """Pieces that wait outside while a page is made of text."""

    def __init__(self) -> None:
        self.pieces: list[Piece] = []

    def of(self, pieces: Sequence[Piece]) -> str:
        """This will give marks that stand for pieces; no piece needs escaping again."""
        first = len(self.pieces)
        self.pieces += pieces
        return "".join(f"\ue000{number}\ue001" for number in range(first, len(self.pieces)))

    def put_back(self, page: str, place: str, pieces: Pieces) -> str:
        """This will put HTML into a page as it is, its holes as marks."""
        parts = [piece if isinstance(piece, str) else self.of([piece]) for piece in pieces]
        return page.replace(place, "".join(parts))

    def split(self, page: str) -> Pieces:
        """This will give a page as pieces again."""
        parts = MARK.split(page)
        found = (
            self.pieces[int(part)] if number % 2 else part for number, part in enumerate(parts)
        )
        return writing.joined(found)
