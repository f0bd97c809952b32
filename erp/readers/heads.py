"""The row of column names among the first rows of a table, and what the columns are."""

from collections.abc import Sequence
from dataclasses import dataclass

from contacts.rules.words import Entity
from erp.readers.records import Row
from erp.rules import mapping, reading
from erp.rules.mapping import SURE, Matched, Preset, header_key
from erp.rules.matching import match
from erp.rules.reading import NoHeadError
from erp.rules.vocabulary import is_known_word

SAMPLES = 20
MOST_SECOND_HEADS = 4
_NO_HEAD = (
    "The first row holds values, not column names. Add a row of column names"
    " (account number, contact name, email …) at the top."
)
_MOSTLY, _AGAIN, _WORDS = 0.6, 0.25, 2


@dataclass(frozen=True)
class Head:
    """Where the column names stand, and the rows below them that are no values either."""

    row: Row
    last: int  # record number of the last row of the head
    matched: Matched
    below: Sequence[Row]


@dataclass(frozen=True)
class _Candidate:
    """A row that may hold the column names."""

    at: int
    cells: Sequence[str]
    matched: Matched

    def is_better_than(self, above: "_Candidate") -> bool:
        """This will say whether a row explains more than one above it.

        Some value is like a word that names a column. So one word does not make a head of a row,
        unless what stands above is a title of a few cells.
        """
        if score_of(self.matched) <= score_of(above.matched):
            return False
        is_title = 2 * above.filled < self.filled
        return is_title or self.named >= above.named + _WORDS

    @property
    def filled(self) -> int:
        return sum(1 for cell in self.cells if cell.strip())

    @property
    def named(self) -> int:
        """How many columns are told by their names."""
        return sum(1 for one in self.matched.columns if one.field and one.confidence >= SURE)


def find_head(
    first: Sequence[Row], presets: Sequence[Preset], entity: Entity | None = None
) -> Head:
    """This will find the row of column names, below titles and blanks.

    Raises NoHeadError when there is none.
    """
    best: _Candidate | None = None
    for at, row in enumerate(first[: reading.MOST_TITLE_ROWS]):
        below = [sample.cells for sample in first[at + 1 : at + 1 + SAMPLES]]
        if not reading.looks_like_header(row.cells) or _is_one_of(row.cells, below):
            continue
        found = _Candidate(at, row.cells, match(row.cells, below, presets, entity))
        if best is None or found.is_better_than(best):
            best = found
    if best is None:
        raise NoHeadError(_NO_HEAD)
    at = best.at
    head, rest = first[at], first[at + 1 :]
    more = _second_heads(head.cells, rest)
    last, rest = (rest[more - 1].number, rest[more:]) if more else (head.number, rest)
    matched = match(head.cells, [row.cells for row in rest], presets, entity)
    return Head(head, last, matched, rest)


def _is_one_of(cells: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """This will say whether a row is of the same kind as those below: its values come again.

    One cell proves nothing, for a list may hold "email" as an address; a head may come again whole.
    """
    filled = [(at, cell) for at, cell in enumerate(cells) if cell.strip()]
    others = [row for row in below if row != cells]
    again = sum(any(at < len(row) and row[at] == cell for row in others) for at, cell in filled)
    return again > _AGAIN * len(filled)


def without_head(first: Sequence[Row], last: int, entity: Entity | None = None) -> Head:
    """This will name the columns by letters, as spreadsheets do, because the file does not.

    `last` is the record number of the last row that is no value yet.
    """
    width = max(len(row.cells) for row in first)
    names = [f"Column {_letters(at)}" for at in range(width)]
    matched = match(names, [row.cells for row in first], (), entity)
    return Head(Row(last, names, 0), last, matched, first)


def _letters(at: int) -> str:
    more, rest = divmod(at, 26)
    return (_letters(more - 1) if more else "") + chr(ord("A") + rest)


def score_of(matched: Matched) -> tuple[int, int]:
    """This will rate a row as column names: all that is needed is there, then how much is known."""
    return int(not mapping.missing_fields(matched)), matched.sure


def _second_heads(headers: Sequence[str], rows: Sequence[Row]) -> int:
    """This will count rows under the head that name the columns once more, in other words."""
    count = 0
    for row in rows[:MOST_SECOND_HEADS]:
        filled = [(cell, at) for at, cell in enumerate(row.cells) if cell.strip()]
        names = sum(at < len(headers) and _names(cell, headers[at]) for cell, at in filled)
        if len(filled) < 3 or names < _MOSTLY * len(filled):  # noqa: PLR2004 - a row of few words proves nothing
            break
        count += 1
    return count


def _names(cell: str, header: str) -> bool:
    key = header_key(cell)
    return bool(key) and (key == header_key(header) or is_known_word(key))
