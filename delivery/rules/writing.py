"""Blocks of a message as HTML and as plain text, with holes for the values of each recipient.

The HTML carries classes only; the styles are put in line when the whole message is framed.
"""

from collections.abc import Iterator, Sequence
from html import escape

from delivery.rules.rich import (
    Block,
    Button,
    Heading,
    Inline,
    Items,
    Line,
    Link,
    Paragraph,
    Picture,
    Words,
    hole_for,
)
from delivery.rules.values import Hole, Piece, Pieces, Place


def html(blocks: Sequence[Block]) -> Pieces:
    """This will give the HTML of the blocks."""
    return joined(piece for block in blocks for piece in _html_block(block))


def plain(blocks: Sequence[Block]) -> tuple[Pieces, ...]:
    """This will give the lines of the plain text."""
    lines: list[Pieces] = []
    for block in blocks:
        lines += [*([()] if lines else []), *_plain_block(block)]
    return tuple(lines)


def line_html(line: Line) -> Pieces:
    """This will give the HTML of one line."""
    return joined(piece for part in line for piece in _html_inline(part))


def line_text(line: Line, place: Place = Place.PLAIN) -> Pieces:
    """This will give one line as text, for the plain part or a subject."""
    return joined(piece for part in line for piece in _plain_inline(part, place))


def target_html(link: Link) -> Piece:
    """This will give where a link leads, for an attribute."""
    return Hole(link.hole, Place.ADDRESS) if link.hole else escape(link.address)


def target_text(link: Link) -> Piece:
    """This will give where a link leads, as text."""
    return Hole(link.hole, Place.PLAIN_ADDRESS) if link.hole else link.address


def joined(pieces: Iterator[Piece]) -> Pieces:
    """This will join neighbouring strings, so that filling has few pieces to go through."""
    found: list[Piece] = []
    for piece in pieces:
        if found and isinstance(piece, str) and isinstance(last := found[-1], str):
            found[-1] = last + piece
        elif piece != "":
            found.append(piece)
    return tuple(found)


def _html_block(block: Block) -> Iterator[Piece]:
    match block:
        case Paragraph(lines):
            yield "<p>"
            for number, line in enumerate(lines):
                yield "<br>\n" if number else ""
                yield from line_html(line)
            yield "</p>\n"
        case Heading(line):
            yield from ("<h1>", *line_html(line), "</h1>\n")
        case Items(lines):
            yield "<ul>"
            for line in lines:
                yield from ("<li>", *line_html(line), "</li>\n")
            yield "</ul>\n"
        case Button(link):
            yield from (
                '<table role="presentation" class="action"><tr><td><a href="',
                target_html(link),
                '">',
                *line_html(link.words),
                "</a></td></tr></table>\n",
            )
        case Picture(source, words):
            yield f'<p><img src="{escape(source)}" alt="{escape(words)}"></p>\n'


def _html_inline(part: Inline) -> Iterator[Piece]:
    if isinstance(part, Link):
        yield from ('<a href="', target_html(part), '">', *line_html(part.words), "</a>")
        return
    said: Piece = hole_for(part, Place.HTML) if part.hole else escape(part.text)
    yield from ("<strong>", said, "</strong>") if part.bold else (said,)


def _plain_block(block: Block) -> Iterator[Pieces]:
    match block:
        case Paragraph(lines):
            yield from map(line_text, lines)
        case Heading(line):
            yield line_text(line)
        case Items(lines):
            for line in lines:
                yield joined(iter(("- ", *line_text(line))))
        case Button(link):
            yield joined(iter((*line_text(link.words), ":")))
            yield (target_text(link),)
        case Picture(_, words):
            yield (words,)


def _plain_inline(part: Inline, place: Place) -> Iterator[Piece]:
    if isinstance(part, Words):
        yield hole_for(part, place) if part.hole else part.text
        return
    said = line_text(part.words, place)
    target = target_text(part)
    if said == (target,):
        yield target
    else:
        yield from (*said, " (", target, ")")
