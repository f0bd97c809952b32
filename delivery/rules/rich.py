"""The small rich text of messages, and how it becomes HTML and plain text with holes for values.

Paragraphs are parted by an empty line. A line may be a heading (`# words`), an item of a list
(`- words`), a picture (`![what it shows](https://…)`) or a button: a link alone on its line,
`[words](https://…)`, or a link field alone, `[CustomerPortalLink]`. Inside a line there are
**bold** words, `[words](address)` and merge fields.

A text is read once; for each recipient only the holes are filled. A value is escaped for the
place it stands in and never looked at again, so that no value can bring a link or a field along.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from delivery.rules.fields import FIELDS
from delivery.rules.values import Hole, Place

MOST_WORDS = 400
TOKEN = re.compile(
    r"!\[(?P<alt>[^\[\]\n]{0,200})\]\((?P<src>https?://[^\s()<>\"'\[\]]+)\)"
    rf"|\[(?P<words>(?:[^\[\]\n]|\[[^\[\]\n]{{0,120}}\]){{1,{MOST_WORDS}}})\]"
    r"\((?P<target>(?:https?://|mailto:|tel:)[^\s()<>\"'\[\]]+|\[[A-Za-z]+\])\)"
    r"|\[(?P<field>[A-Za-z]+)(?:\|(?P<fallback>[^\[\]\n]{0,80}))?\]"
    r"|(?P<bare>https?://[^\s()<>\"'\[\]]*[^\s()<>\"'\[\].,;:!?])"
    r"|(?P<bold>\*\*)"
)
PRIVATE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\uf8ff\ufeff]")
HEADING = re.compile(r"#{1,3}\s+(.+)")
ITEM = re.compile(r"[-*•]\s+(.+)")


@dataclass(frozen=True)
class Words:
    """Words, or a hole for a field's value."""

    text: str = ""
    hole: str = ""
    fallback: str = ""
    bold: bool = False


@dataclass(frozen=True)
class Link:
    """Words that lead to an address, or to the one that a link field holds."""

    words: tuple[Words, ...]
    address: str = ""
    hole: str = ""


Inline = Words | Link
Line = tuple[Inline, ...]


@dataclass(frozen=True)
class Paragraph:
    """Lines of running text."""

    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Heading:
    """A headline."""

    line: Line


@dataclass(frozen=True)
class Items:
    """A list with dots."""

    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Button:
    """The one thing to do."""

    link: Link


@dataclass(frozen=True)
class Picture:
    """A picture by its address; mail programs may hide it, so its words must say the same."""

    source: str
    words: str


Block = Paragraph | Heading | Items | Button | Picture


def parse(text: str) -> tuple[Block, ...]:
    """This will read a text into blocks; what is no markup stands as it was typed."""
    blocks: list[Block] = []
    lines: list[str] = []
    for line in [*PRIVATE.sub("", text.replace("\r\n", "\n")).split("\n"), ""]:
        stripped = line.strip()
        block = _own_block(stripped)
        if stripped and block is None:
            lines.append(stripped)
            continue
        if lines:
            blocks.append(Paragraph(tuple(read_line(item) for item in lines)))
            lines = []
        last = blocks[-1] if blocks else None
        if isinstance(block, Items) and isinstance(last, Items):
            blocks[-1] = Items(last.lines + block.lines)
        elif block is not None:
            blocks.append(block)
    return tuple(blocks)


def read_line(text: str) -> Line:
    """This will read the fields, links and bold words of one line."""
    bold_marks = text.count("**") // 2 * 2
    found: list[Inline] = []
    bold, at = False, 0
    for match in TOKEN.finditer(text):
        if match["bold"] and not bold_marks:
            continue
        if match.start() > at:
            found.append(Words(text[at : match.start()], bold=bold))
        at = match.end()
        if match["bold"]:
            bold, bold_marks = not bold, bold_marks - 1
        else:
            found.append(_inline(match, bold=bold))
    if at < len(text):
        found.append(Words(text[at:], bold=bold))
    return tuple(found)


def read_subject(text: str) -> Line:
    """This will read a subject: one line with fields, nothing else."""
    one_line = " ".join(PRIVATE.sub("", text).split())
    return tuple(
        Words(text=part.text, hole=part.hole, fallback=part.fallback)
        if isinstance(part, Words)
        else Words(text="".join(word.text for word in part.words))
        for part in read_line(one_line.replace("**", ""))
    )


def names_in(blocks: Sequence[Block]) -> frozenset[str]:
    """This will give the names of all fields of a text."""
    return frozenset(name for line in _lines(blocks) for name in names_of(line))


def names_of(line: Line) -> Iterator[str]:
    """This will give the names of the fields of a line."""
    for part in line:
        if part.hole:
            yield part.hole
        if isinstance(part, Link):
            yield from names_of(part.words)


def first_button(blocks: Sequence[Block]) -> Link | None:
    """This will give the link of the first button, which is also written out in full."""
    return next((block.link for block in blocks if isinstance(block, Button)), None)


def hole_for(words: Words, place: Place) -> Hole:
    """This will give the hole that a field leaves, with what stands in for a missing value."""
    field = FIELDS.get(words.hole)
    return Hole(words.hole, place, words.fallback or (field.fallback if field else ""))


def _own_block(line: str) -> Block | None:
    if heading := HEADING.fullmatch(line):
        return Heading(read_line(heading[1]))
    if (item := ITEM.fullmatch(line)) and not line.startswith("**"):
        return Items((read_line(item[1]),))
    whole = TOKEN.fullmatch(line)
    if whole is None or not (whole["src"] or whole["target"] or whole["field"]):
        return None
    if whole["src"]:
        return Picture(whole["src"], whole["alt"])
    inline = _inline(whole, bold=False)
    return Button(inline) if isinstance(inline, Link) else None


def _inline(match: re.Match[str], *, bold: bool) -> Inline:
    if match["src"]:
        return Link((Words(match["alt"] or match["src"], bold=bold),), address=match["src"])
    if match["bare"]:
        return Link((Words(match["bare"], bold=bold),), address=match["bare"])
    if match["target"]:
        return _link(match["words"], match["target"], bold=bold) or Words(match[0], bold=bold)
    field = FIELDS.get(match["field"])
    if field is None:
        return Words(match[0], bold=bold)
    if field.is_link:
        return Link((Words(match["fallback"] or field.label, bold=bold),), hole=field.name)
    return Words(hole=field.name, fallback=match["fallback"] or "", bold=bold)


def _link(words: str, target: str, *, bold: bool) -> Link | None:
    """This will give a link; one that names a field which is no link stays text."""
    inner = tuple(
        part if isinstance(part, Words) else Words(_said(part), bold=bold)
        for part in read_line(words.replace("**", ""))
    )
    if not target.startswith("["):
        return Link(inner, address=target)
    field = FIELDS.get(target[1:-1])
    return Link(inner, hole=field.name) if field is not None and field.is_link else None


def _said(link: Link) -> str:
    return "".join(word.text for word in link.words)


def _lines(blocks: Sequence[Block]) -> Iterator[Line]:
    for block in blocks:
        match block:
            case Paragraph(lines) | Items(lines):
                yield from lines
            case Heading(line):
                yield line
            case Button(link):
                yield (link,)
            case Picture():
                pass
