"""Files as rows of text: the only place that opens what people upload.

`open_table` looks at a file once and writes down how it is read (`Table`, kept with the import);
`rows` then streams it from any place, so that work can stop and go on. Workbooks and UTF-16 are
first written out as plain text beside the upload.
"""

import csv
import hashlib
from collections import deque
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from pathlib import Path
from typing import IO

from contacts.rules.words import Entity
from erp.readers.workbook import spool_sheets
from erp.rules import mapping, reading
from erp.rules.mapping import Matched, Preset
from erp.rules.reading import UnreadableFileError

HEAD = 64 * 1024
CHUNK = 1024 * 1024
SAMPLES = 20
MOST_LINES_OF_A_RECORD = 200
PRESETS = Path(__file__).parent.parent / "data" / "presets"


@dataclass(frozen=True)
class Table:
    """How a file is read: everything that `rows` needs, and what a person is told about it."""

    path: str
    format: str
    encoding: str
    separator: str
    start: int  # bytes before the first row
    header_row: int  # record number of the head, the first line of the file is 1
    headers: tuple[str, ...]
    samples: tuple[tuple[str, ...], ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Row:
    """A record of the file: its number, its cells, where the next one starts."""

    number: int
    cells: list[str]
    end: int
    problem: str = ""
    converted: bool = False


@dataclass
class _Lines:
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


_NEVER_CLOSED = "A quotation mark is opened here and never closed."


class _NeverClosedError(Exception):
    """A quote was opened in this record and never closed."""


@cache
def presets() -> tuple[Preset, ...]:
    """This will read the presets of known programs that come with the product."""
    return tuple(
        mapping.parse_preset(file.stem, file.read_text(encoding="utf-8"))
        for file in sorted(PRESETS.glob("*.toml"))
    )


def sha256_of(path: Path) -> str:
    """This will give the hash by which a file is known again."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def open_table(path: Path, entity: Entity | None = None) -> tuple[Table, Matched]:
    """This will find out how a file is read and what its columns are.

    Raises UnreadableFileError with a sentence that says what is wrong and what to do.
    """
    head = _head(path)
    if reading.is_workbook(head):
        return _open_workbook(path, entity)
    return _open_text(path, head, "CSV", entity)


def rows(table: Table, start: int = 0, number: int = 0) -> Iterator[Row]:
    """This will stream the rows after the head, or go on after a row (its `end` and `number`).

    A row that cannot be used comes with a problem. Blank rows are left out, but counted.
    """
    at = start or table.start
    number = number or 0
    with Path(table.path).open("rb") as stream:
        stream.seek(at)
        lines = _Lines(stream, table.encoding)
        width = len(table.headers)
        for row in _records(lines, table.separator, at, number, width):
            if row.number > table.header_row:
                yield _fitted(row, width)


def rows_numbered(table: Table, numbers: Collection[int]) -> Iterator[Row]:
    """This will give the rows of these numbers as they stand in the file."""
    left = set(numbers)
    for row in rows(table):
        if row.number in left:
            yield row
            left.discard(row.number)
        if not left:
            return


def _records(lines: _Lines, separator: str, at: int, number: int, width: int = 0) -> Iterator[Row]:
    """This will give every record that is not blank; a broken one gives its other lines back.

    A record of several lines that is not `width` wide was a quote closed by chance further down.
    """
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
        if width and len(lines.taken) > 1 and len(cells) != width:
            problem = problem or _NEVER_CLOSED
        converted = lines.converted
        if problem:
            cells = [reading.decode(lines.taken[0], lines.encoding)[0].strip()[:200]]
            at += lines.put_back_all_but_first()
        else:
            at += lines.record_ends()
        if problem or any(cell and not cell.isspace() for cell in cells):
            yield Row(number, cells, at, problem, converted)


def _csv_problem(error: csv.Error) -> str:
    if "field larger" in str(error):
        return f"A cell has more than {csv.field_size_limit():,} characters."
    return "The row is broken: a line ends in the middle of a cell without quotation marks."


def _fitted(row: Row, width: int) -> Row:
    """This will cut blank cells that are too many, and say so when a row has another width."""
    cells = row.cells
    if row.problem or len(cells) == width:
        return row
    if len(cells) > width:
        if not any(cell.strip() for cell in cells[width:]):
            return Row(row.number, cells[:width], row.end, "", row.converted)
        problem = f"The row has {len(cells)} cells, the head has {width}: more than the head."
    else:
        problem = f"The row has {len(cells)} cells, the head has {width}: too few."
    return Row(row.number, cells, row.end, problem, row.converted)


def _head(path: Path) -> bytes:
    with path.open("rb") as stream:
        head = stream.read(HEAD)
    if not head or head == b"\xef\xbb\xbf":
        sentence = "The file is empty."
        raise UnreadableFileError(sentence)
    return head


def _open_text(path: Path, head: bytes, name: str, entity: Entity | None) -> tuple[Table, Matched]:
    shape = reading.text_shape(head)
    encoding, start = shape.encoding, shape.mark
    warnings: tuple[str, ...] = ()
    if encoding not in (reading.UTF8, reading.CP1252) or _has_old_line_ends(head):
        path = _spool_text(path, encoding)
        told, encoding, start = reading.ENCODING_NAMES[encoding], reading.UTF8, 0
    else:
        encoding = _encoding_of(path)
        told = reading.ENCODING_NAMES[encoding]
    if encoding == reading.MIXED:
        warnings = ("Some rows are not UTF-8 like the rest; they were read as Windows-1252.",)
    with path.open("rb") as stream:
        stream.seek(start)
        lines = [reading.decode(line, encoding)[0] for line in islice(stream, reading.SNIFFED_ROWS)]
    separator, before = reading.separator_of(lines)
    told = f"{name}, {told}, {reading.SEPARATOR_NAMES.get(separator, separator)}"
    table = Table(str(path), told, encoding, separator, start, before, (), warnings=warnings)
    return _with_header(table, entity)


def _has_old_line_ends(head: bytes) -> bool:
    return b"\r" in head and b"\n" not in head


def _spool_text(path: Path, encoding: str) -> Path:
    """This will write a text file out as UTF-8 with today's line ends."""
    target = path.with_name(f"{path.name}.txt")
    source = "utf-16" if encoding.startswith("utf-16") and _has_mark(path) else encoding
    errors = "replace" if source != reading.UTF8 else "surrogateescape"
    with (
        path.open(encoding=source, errors=errors, newline=None) as old,
        target.open("w", encoding="utf-8", errors=errors, newline="\n") as new,
    ):
        while part := old.read(CHUNK):
            new.write(part)
    return target


def _has_mark(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(2) in (b"\xff\xfe", b"\xfe\xff")


def _encoding_of(path: Path) -> str:
    """This will read the whole file once: UTF-8, Windows-1252, or lines of both."""
    has_utf8 = has_other = False
    with path.open("rb") as stream:
        for line in stream:
            if line.isascii():
                continue
            try:
                line.decode("utf-8")
                has_utf8 = True
            except UnicodeDecodeError:
                has_other = True
            if has_utf8 and has_other:
                return reading.MIXED
    return reading.CP1252 if has_other else reading.UTF8


def _with_header(table: Table, entity: Entity | None) -> tuple[Table, Matched]:
    """This will find the row of column names among the first rows, below titles and blanks."""
    first = list(islice(_first_records(table), reading.MOST_TITLE_ROWS + SAMPLES))
    if not first:
        sentence = "The file has no rows, not even one of column names."
        raise UnreadableFileError(sentence)
    reading.refuse_width(max((row.cells for row in first), key=len))
    best: tuple[int, Matched] | None = None
    for at, row in enumerate(first[: reading.MOST_TITLE_ROWS]):
        if not reading.looks_like_header(row.cells):
            continue
        below = [sample.cells for sample in first[at + 1 : at + 1 + SAMPLES]]
        matched = mapping.match(row.cells, below, presets(), entity)
        if best is None or _score(matched) > _score(best[1]):
            best = at, matched
    if best is None:
        sentence = (
            "The first row holds values, not column names. Add a row of column names"
            " (account number, contact name, email …) at the top."
        )
        raise UnreadableFileError(sentence)
    at, matched = best
    samples = tuple(tuple(row.cells) for row in first[at + 1 : at + 1 + SAMPLES])
    found = Table(
        table.path,
        table.format,
        table.encoding,
        table.separator,
        table.start,
        first[at].number,
        tuple(first[at].cells),
        samples,
        table.warnings,
    )
    return found, matched


def _score(matched: Matched) -> tuple[int, int]:
    return int(not mapping.missing_fields(matched)), matched.sure


def _first_records(table: Table) -> Iterator[Row]:
    with Path(table.path).open("rb") as stream:
        stream.seek(table.start)
        lines = _Lines(stream, table.encoding)
        for row in _records(lines, table.separator, table.start, 0):
            if row.number > table.header_row and not row.problem:
                yield row


def _open_workbook(path: Path, entity: Entity | None) -> tuple[Table, Matched]:
    """This will take the sheet that looks most like a list."""
    found: list[tuple[Table, Matched]] = []
    refusal = UnreadableFileError("The workbook has no sheet with rows.")
    for name, target in spool_sheets(path):
        table = Table(str(target), f"XLSX, sheet {name}", reading.UTF8, ",", 0, 0, ())
        try:
            found.append(_with_header(table, entity))
        except UnreadableFileError as error:
            refusal = error if target.stat().st_size else refusal
    if not found:
        raise refusal
    return max(found, key=lambda pair: (_score(pair[1]), len(pair[0].samples)))


def sample_cells(table: Table, at: int, most: int = 3) -> Sequence[str]:
    """This will give a few different filled cells of a column, to recognise it by."""
    cells = (row[at].strip() for row in table.samples if at < len(row))
    return list(dict.fromkeys(cell for cell in cells if cell))[:most]
