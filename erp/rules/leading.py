"""Which column of one file leads to which column of another, by nothing but what stands in them.

A customer stands once in his own list, and again at each of his people and invoices.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from erp.rules import looks

FILLED, HELD = 0.95, 0.8
FEWEST = 2
_CODE = re.compile(r"[^\W_][\w./:#+-]{0,23}")
_TELEPHONE = re.compile(r"(?:\+|\(|00)[\d ()./-]{6,}|\d[\d()]*[ ./-][\d ()./-]{4,}\d")
_WEB = re.compile(r"(?:https?://|www\.)\S+|[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}(?:/\S*)?", re.IGNORECASE)
_LONG = 30


@dataclass(frozen=True)
class Cells:
    """A column of a file as its cells are; blank ones are there too."""

    at: int
    all: tuple[str, ...]

    @cached_property
    def filled(self) -> tuple[str, ...]:
        """The cells that hold something."""
        return tuple(cell for cell in self.all if cell)

    @cached_property
    def different(self) -> frozenset[str]:
        """Each value once."""
        return frozenset(self.filled)

    @cached_property
    def is_key(self) -> bool:
        """Whether nearly every row has a value, and each its own."""
        enough = len(self.filled) >= max(FEWEST, FILLED * len(self.all))
        return enough and len(self.different) == len(self.filled) and not self._is_prose

    @cached_property
    def repeats(self) -> bool:
        """Whether values stand in several rows."""
        return len(self.different) < len(self.filled)

    @cached_property
    def is_serial(self) -> bool:
        """Whether the cells count rows: such numbers are in any other list as well."""
        if not all(cell.isascii() and cell.isdigit() for cell in self.different):
            return False
        numbers = [int(cell) for cell in self.different]
        return bool(numbers) and max(numbers) - min(numbers) < len(numbers) * FEWEST

    @cached_property
    def are_codes(self) -> bool:
        """Whether cells are codes: short, in one piece, most with a digit or all in capitals."""
        codes = [cell for cell in self.filled if _CODE.fullmatch(cell)]
        marked = [cell for cell in codes if cell.isupper() or any(map(str.isdigit, cell))]
        return len(marked) >= FILLED * max(1, len(self.filled)) and not self.are_telephones

    @cached_property
    def are_telephones(self) -> bool:
        """Whether most cells are telephone numbers as people write them."""
        return looks.most(self.filled, (bool(_TELEPHONE.fullmatch(one)) for one in self.filled))

    @cached_property
    def are_sites(self) -> bool:
        """Whether most cells are addresses in the web."""
        return looks.most(self.filled, (bool(_WEB.fullmatch(one)) for one in self.filled))

    @cached_property
    def are_words(self) -> bool:
        """Whether most cells consist of letters more than of anything else."""
        return looks.most(
            self.filled, (sum(map(str.isalpha, one)) > len(one) / 2 for one in self.filled)
        )

    @cached_property
    def _is_prose(self) -> bool:
        """Whether cells are no names of anything: addresses, dates, sentences."""
        return (
            looks.are_addresses(self.filled)
            or looks.are_dates(self.filled)
            or self.are_telephones
            or self.are_sites
            or sum(map(len, self.filled)) > _LONG * max(1, len(self.filled))
        )


@dataclass(frozen=True)
class Link:
    """Column `at` of a file says which row of another file is meant, by that one's column `key`."""

    file: int
    at: int
    to: int
    key: int
    by_name: bool
    score: tuple[bool, float, bool, float]


def cells_of(columns: Sequence[object], rows: Sequence[Sequence[str]]) -> list[Cells]:
    """This will take rows apart into as many columns as there are heads."""
    return [
        Cells(at, tuple(row[at].strip() if at < len(row) else "" for row in rows))
        for at in range(len(columns))
    ]


def links(
    leading: Sequence[Sequence[Cells]],
    files: Sequence[Sequence[Cells]],
    keys: Sequence[Sequence[int]],
) -> list[Link]:
    """This will find every column that leads to a key of another file, the surest first.

    `leading` has for each file the columns that may lead, `keys` those that may be its key.
    """
    found = [
        link
        for file, columns in enumerate(leading)
        for to, others in enumerate(keys)
        for key in others
        if to != file
        for link in _leading(file, columns, to, files[to][key])
    ]
    return sorted(found, key=lambda link: link.score, reverse=True)


def _leading(file: int, columns: Sequence[Cells], to: int, key: Cells) -> Iterator[Link]:
    for column in columns:
        if len(column.different) < FEWEST or (column.is_serial and not column.repeats):
            continue
        held = len(column.different & key.different) / len(column.different)
        if held >= HELD:
            covered = len(column.different & key.different) / len(key.different)
            filled = len(column.filled) / len(column.all)
            score = (column.repeats, round(held * filled, 2), key.are_codes, covered)
            yield Link(file, column.at, to, key.at, not key.are_codes, score)
