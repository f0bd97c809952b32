"""Records of a text file, streamed: each knows its number and where the next one starts."""

import csv
import sys
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO

from django.conf import settings

from erp.rules import reading

MOST_LINES_OF_A_RECORD = 200
FEW_LINES = 4
ANY_WIDTH = range(sys.maxsize)
_NEVER_CLOSED = "A quotation mark is opened here and never closed."


@dataclass(frozen=True)
class Row:
    """A record of the file: its number, its cells, where the next one starts."""

    number: int
    cells: list[str]
    end: int
    problem: str = ""
    converted: bool = False


@dataclass
class Lines:
    """Feeds the CSV reader line by line and knows which bytes a record was made of."""

    stream: IO[bytes]
    encoding: str
    taken: list[bytes] = field(default_factory=list)
    waiting: deque[bytes] = field(default_factory=deque)
    converted: bool = False

    def __iter__(self) -> "Iterator[str]":
        return self

    def __next__(self) -> str:
        if len(self.taken) > MOST_LINES_OF_A_RECORD:
            raise _NeverClosedError
        line = self.waiting.popleft() if self.waiting else self.stream.readline()
        if not line:
            if self.taken:
                raise _NeverClosedError
            raise StopIteration
        self.taken.append(line)
        text, converted = reading.decode(line, self.encoding)
        self.converted = self.converted or converted
        return text.replace("\x00", "") if "\x00" in text else text

    def record_ends(self) -> int:
        """This will forget the lines of a finished record and give how many bytes it was."""
        size = sum(map(len, self.taken))
        self.taken.clear()
        self.converted = False
        return size

    def put_back_all_but_first(self) -> int:
        """This will give the lines after the first back, to be read as records of their own."""
        first, rest = self.taken[0], self.taken[1:]
        self.waiting.extendleft(reversed(rest))
        self.taken.clear()
        self.converted = False
        return len(first)


class _NeverClosedError(Exception):
    """A quote was opened in this record and never closed."""


def records(
    lines: Lines, separator: str, at: int, number: int, widths: range = ANY_WIDTH
) -> Iterator[Row]:
    """This will give every record that is not blank; a broken one gives its other lines back.

    A record of several lines that is not of one of the `widths` was a quote closed by chance
    further down; a narrow one, where blank ends are cut off, has a few lines only.
    """
    csv.field_size_limit(settings.MAX_IMPORT_CELL)
    parser = csv.reader(lines, delimiter=separator)
    while True:
        number += 1
        problem, cells = "", []
        try:
            cells = next(parser)
        except StopIteration:
            return
        except _NeverClosedError:
            problem = _NEVER_CLOSED
        except csv.Error as error:
            problem = _csv_problem(error)
        if len(lines.taken) > 1 and not _fits(lines, cells, widths):
            problem = problem or _NEVER_CLOSED
        converted = lines.converted
        if problem:
            cells = [reading.decode(lines.taken[0], lines.encoding)[0].strip()]
            at += lines.put_back_all_but_first()
        else:
            at += lines.record_ends()
        if problem or any(cell and not cell.isspace() for cell in cells):
            yield Row(number, cells, at, problem, converted)


def _fits(lines: Lines, cells: list[str], widths: range) -> bool:
    """This will say whether a record of several lines is as wide as a row of the file."""
    is_whole = len(cells) == widths[-1] or widths is ANY_WIDTH
    return is_whole or (len(cells) in widths and len(lines.taken) <= FEW_LINES)


def _csv_problem(error: csv.Error) -> str:
    if "field larger" in str(error):
        return f"A cell has more than {csv.field_size_limit():,} characters."
    return "The row is broken: a line ends in the middle of a cell without quotation marks."
