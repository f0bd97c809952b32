"""Files as rows of text: the only place that opens what people upload.

`open_table` looks at a file once and writes down how it is read (`Table`, kept with the import);
`rows` then streams it from any place, so that work can stop and go on. Workbooks, web pages and
UTF-16 are first written out as plain text beside the upload.
"""

import hashlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice
from pathlib import Path

from django.conf import settings

from contacts.rules.words import Entity
from erp.readers.heads import SAMPLES, find_head, score_of, without_head
from erp.readers.records import Lines, Row, records
from erp.readers.texts import look_at
from erp.readers.webpages import spool_tables
from erp.readers.workbook import Limits, spool_sheets
from erp.rules import mapping, reading
from erp.rules.damage import refuse_damaged, refuse_passwords
from erp.rules.mapping import Matched, Preset
from erp.rules.reading import UnreadableFileError
from erp.rules.remarks import is_aside

HEAD = 64 * 1024
CHUNK = 1024 * 1024
LOOKED_AT = 2_000
MOST_CELLS_LOOKED_AT = 200_000
SHORT_ROWS = 0.1
_LEAST_OF_A_CUT_ROW = 2
PRESETS = Path(__file__).parent.parent / "data" / "presets"


@dataclass(frozen=True)
class Table:
    """How a file is read: everything that `rows` needs, and what a person is told about it."""

    path: str
    format: str
    encoding: str
    separator: str
    start: int  # bytes before the first row
    header_row: int  # record number of the last row of the head, the first line of the file is 1
    headers: tuple[str, ...]
    samples: tuple[tuple[str, ...], ...] = ()
    warnings: tuple[str, ...] = ()
    cut_short: bool = False  # the program leaves out blank cells at the end of a row
    sheets: tuple[str, ...] = ()  # every sheet that has rows, where there are several


@dataclass(frozen=True)
class Asked:
    """What a person said of a file: which sheet to read, that it has no row of column names."""

    sheet: str = ""
    headless: bool = False


NOBODY_ASKED = Asked()


Found = tuple[Table, Matched, Sequence[Row]]


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


def open_table(
    path: Path, entity: Entity | None = None, asked: Asked = NOBODY_ASKED
) -> tuple[Table, Matched]:
    """This will open the list that `open_tables` gives first."""
    return open_tables(path, entity, asked)[0]


def open_tables(
    path: Path, entity: Entity | None = None, asked: Asked = NOBODY_ASKED
) -> list[tuple[Table, Matched]]:
    """This will find out how a file is read and what its columns are.

    A workbook or a page may hold customers, people and invoices: one list of each. Raises
    NoHeadError when it has no column names and nobody said that this is so, else
    UnreadableFileError with a sentence that says what is wrong and what to do.
    """
    head = _head(path)
    kind = reading.kind_of(head)
    if kind is reading.Kind.WORKBOOK:
        found = _best(list(spool_sheets(path, limits())), "XLSX, sheet {}", entity, asked)
    elif kind is reading.Kind.PAGE:
        found = _best(list(spool_tables(path)), "HTML, {}", entity, asked)
    else:
        found = [_open_text(path, head, entity, asked)]
    for _table, matched, first in found:
        refuse_damaged(matched, [row.cells for row in first])
    return [(table, matched) for table, matched, _first in found]


def limits() -> Limits:
    """This will give how large a workbook may be."""
    return Limits(
        unpacked=settings.MAX_IMPORT_UNPACKED,
        memory=settings.MAX_IMPORT_MEMORY,
        seconds=settings.MAX_IMPORT_SECONDS,
        columns=settings.MAX_IMPORT_COLUMNS,
        rows=settings.MAX_IMPORT_ROWS,
    )


def _open_text(path: Path, head: bytes, entity: Entity | None, asked: Asked) -> Found:
    written = look_at(path, head)
    table = Table(
        str(written.path),
        written.format,
        written.encoding,
        written.separator,
        written.start,
        written.before,
        (),
        warnings=written.warnings,
    )
    return _with_header(table, entity, asked)


def rows(table: Table, start: int = 0, number: int = 0) -> Iterator[Row]:
    """This will stream the rows after the head, or go on after a row (its `end` and `number`).

    A row that cannot be used comes with a problem. Blank rows and a head that is printed again
    on each page are left out, but counted.
    """
    at = start or table.start
    number = number or 0
    with Path(table.path).open("rb") as stream:
        stream.seek(at)
        lines = Lines(stream, table.encoding)
        headers = list(table.headers)
        width = len(headers)
        least = 0 if table.cut_short else _named(headers)
        widths = range(_LEAST_OF_A_CUT_ROW if table.cut_short else width, width + 1)
        for row in records(lines, table.separator, at, number, widths):
            if row.number <= table.header_row or row.cells == headers:
                continue
            fitted = _fitted(row, width, least)
            if not (fitted.problem and len(row.cells) < least and is_aside(row.cells)):
                yield fitted


def rows_numbered(table: Table, numbers: Collection[int]) -> Iterator[Row]:
    """This will give the rows of these numbers as they stand in the file."""
    left = set(numbers)
    for row in rows(table):
        if row.number in left:
            yield row
            left.discard(row.number)
        if not left:
            return


def looked_at(
    table: Table, rows_at_most: int = LOOKED_AT, cells_at_most: int = MOST_CELLS_LOOKED_AT
) -> list[list[str]]:
    """This will give the first rows again, as many as it takes to tell what the columns are."""
    most = max(SAMPLES, min(rows_at_most, cells_at_most // max(1, len(table.headers))))
    return [row.cells for row in islice(rows(table), most) if not row.problem]


def sample_cells(table: Table, at: int, most: int = 3) -> Sequence[str]:
    """This will give a few different filled cells of a column, to recognise it by."""
    cells = (row[at].strip() for row in table.samples if at < len(row))
    return list(dict.fromkeys(cell for cell in cells if cell))[:most]


def _fitted(row: Row, width: int, least: int) -> Row:
    """This will fill a row up or cut blank cells, and say so when it is not as wide as the head."""
    cells = row.cells
    if row.problem or len(cells) == width:
        return row
    problem = ""
    if len(cells) > width:
        if any(cell.strip() for cell in cells[width:]):
            problem = f"The row has {len(cells)} cells, the head has {width}: more than the head."
        cells = cells[:width]
    elif len(cells) >= least:
        cells = [*cells, *[""] * (width - len(cells))]
    else:
        problem = f"The row has {len(cells)} cells, the head has {width}: too few."
    return replace(row, cells=row.cells if problem else cells, problem=problem)


def _named(headers: Sequence[str]) -> int:
    """This will give how many columns there are up to the last one with a name."""
    return max((at for at, header in enumerate(headers, 1) if header.strip()), default=0)


def _head(path: Path) -> bytes:
    with path.open("rb") as stream:
        head = stream.read(HEAD)
    if not head or head == b"\xef\xbb\xbf":
        sentence = "The file is empty."
        raise UnreadableFileError(sentence)
    return head


def _with_header(table: Table, entity: Entity | None, asked: Asked) -> Found:
    """This will find the row of column names and match the columns."""
    first = _first_rows(table)
    if not first:
        sentence = "The file has no rows, not even one of column names."
        raise UnreadableFileError(sentence)
    head = (
        without_head(first, table.header_row, entity)
        if asked.headless
        else find_head(first, presets(), entity)
    )
    refuse_passwords(head.row.cells, [row.cells for row in head.below])
    least = _named(head.row.cells)
    short = sum(len(row.cells) < least for row in head.below)
    long = sum(any(map(str.strip, row.cells[len(head.row.cells) :])) for row in head.below)
    found = replace(
        table,
        header_row=head.last,
        headers=tuple(head.row.cells),
        samples=tuple(tuple(row.cells) for row in head.below[:SAMPLES]),
        cut_short=not long and short > max(1, SHORT_ROWS * len(head.below)),
    )
    return found, head.matched, head.below


def _first_rows(table: Table) -> list[Row]:
    """This will give the first rows of a file, fewer when they are wide."""
    found: list[Row] = []
    cells = 0
    with Path(table.path).open("rb") as stream:
        stream.seek(table.start)
        lines = Lines(stream, table.encoding)
        for row in records(lines, table.separator, table.start, 0):
            if row.number <= table.header_row or row.problem:
                continue
            reading.refuse_width(row.cells, settings.MAX_IMPORT_COLUMNS)
            found.append(row)
            cells += len(row.cells)
            enough = len(found) > reading.MOST_TITLE_ROWS + SAMPLES
            if len(found) > LOOKED_AT or (enough and cells > MOST_CELLS_LOOKED_AT):
                break
    return found


def _best(
    parts: Sequence[tuple[str, Path]], told: str, entity: Entity | None, asked: Asked
) -> list[Found]:
    """This will take the sheet, or the table of a page, that looks most like a list.

    The one that a person named comes first; the others that could be read are told. When nobody
    named one, whole lists of what the first is not of come along, the best of each.
    """
    found: list[Found] = []
    refusal = UnreadableFileError("The workbook has no sheet with rows.")
    names: list[str] = []
    for name, target in parts:
        table = Table(str(target), told.format(name), reading.UTF8, ",", 0, 0, ())
        try:
            found.append(_with_header(table, entity, asked))
            names.append(name)
        except UnreadableFileError as error:
            refusal = error if target.stat().st_size else refusal
    if not found:
        raise refusal
    named = [one for one, name in zip(found, names, strict=True) if name == asked.sheet]
    best = max(named or found, key=lambda one: (score_of(one[1]), len(one[0].samples)))
    sheets = tuple(names) if len(names) > 1 else ()
    chosen = [best] if named or entity else [best, *_of_others(best, found)]
    return [(replace(table, sheets=sheets), matched, first) for table, matched, first in chosen]


def _of_others(best: Found, found: Sequence[Found]) -> list[Found]:
    """This will give a whole list, the best one, of each entity that the first tells nothing of.

    People who name their customer in full need no second list of customers: it may be an old one.
    """
    told = {column.field.partition(".")[0] for column in best[1].columns if column.field}
    others: dict[Entity, Found] = {}
    for one in sorted(found, key=lambda one: (score_of(one[1]), len(one[0].samples))):
        entity = one[1].entity
        if entity.value not in told and not mapping.missing_fields(one[1]):
            others[entity] = one
    return list(others.values())
