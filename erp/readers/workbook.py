"""XLSX workbooks: guarded before anything is unpacked, then written out sheet by sheet as text."""

import csv
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from erp.rules.reading import UnreadableFileError, without_nul

MOST_ENTRIES = 5_000
MOST_UNPACKED = 600 * 1024 * 1024
MOST_RATIO = 100
SMALL = 10 * 1024 * 1024
MOST_SHEETS = 20
CHUNK = 1024 * 1024
PROLOG = 64 * 1024
ENCRYPTED = 0x1

_DTD = re.compile(rb"<!\s*(doctype|entity)", re.IGNORECASE)
_DAMAGED = "The workbook is damaged or cut off. Export it again."


def spool_sheets(path: Path) -> Iterator[tuple[str, Path]]:
    """This will write every sheet as CSV beside the file, and give its name and place.

    Raises UnreadableFileError for a file that is no workbook, damaged, locked or a bomb.
    """
    guard(path)
    try:
        with CalamineWorkbook.from_path(str(path)) as book:
            for at, name in enumerate(book.sheet_names[:MOST_SHEETS]):
                target = path.with_name(f"{path.name}.{at}.txt")
                _spool(book.get_sheet_by_index(at), target)
                yield name, target
    except (CalamineError, OSError, ValueError) as error:
        raise UnreadableFileError(_DAMAGED) from error


def guard(path: Path) -> None:
    """This will look at the zip's directory and read it through once, with every size counted.

    Refused: no workbook, too much or too tightly packed, encrypted, damaged or with sizes that
    lie, a DTD or entities (which could expand or read files).
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            _refuse_strangers({entry.filename for entry in entries})
            _refuse_bombs(entries)
            for entry in entries:
                _read_through(archive, entry)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, OSError, RuntimeError) as error:
        raise UnreadableFileError(_DAMAGED) from error


def _refuse_strangers(names: set[str]) -> None:
    if "xl/workbook.xml" in names:
        return
    if "xl/workbook.bin" in names or "mimetype" in names:
        sentence = "This spreadsheet is neither XLSX nor CSV. Save it as XLSX."
    else:
        sentence = "This is a zip file without a workbook in it. Send the XLSX or CSV file itself."
    raise UnreadableFileError(sentence)


def _refuse_bombs(entries: list[zipfile.ZipInfo]) -> None:
    if any(entry.flag_bits & ENCRYPTED for entry in entries):
        sentence = "This workbook is protected by a password. Save it without one."
        raise UnreadableFileError(sentence)
    total = sum(entry.file_size for entry in entries)
    tight = any(entry.file_size > max(SMALL, MOST_RATIO * entry.compress_size) for entry in entries)
    if len(entries) > MOST_ENTRIES or total > MOST_UNPACKED or tight:
        sentence = (
            f"The workbook would unpack to {total // 1024 // 1024:,} MB, far more than its size"
            " allows. It was not opened. Export it again, or as CSV."
        )
        raise UnreadableFileError(sentence)


def _read_through(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """This will unpack an entry into nothing: a wrong size or checksum raises BadZipFile."""
    with archive.open(entry) as stream:
        start = stream.read(PROLOG).replace(b"\x00", b"")  # UTF-16 too
        if entry.filename.endswith((".xml", ".rels")) and _DTD.search(start):
            sentence = "The workbook holds a document type with entities, which lists never need."
            raise UnreadableFileError(sentence)
        while stream.read(CHUNK):
            pass


def _spool(sheet: CalamineSheet, target: Path) -> None:
    """This will write a sheet row by row; blank rows too, so that row numbers stay right."""
    with target.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        first = sheet.start[0] if sheet.start else 0
        left = [""] * sheet.start[1] if sheet.start else []
        for _ in range(first):
            writer.writerow([])
        for cells in sheet.iter_rows():
            row = [text_of_cell(cell) for cell in cells]
            writer.writerow([*left, *row] if any(row) else [])


def text_of_cell(
    value: float | str | bool | time | date | datetime | timedelta | None,  # noqa: FBT001
) -> str:
    """This will give a cell as text: whole numbers without point or exponent, dates as ISO."""
    if isinstance(value, str):
        return without_nul(value)
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        whole = value.is_integer() and abs(value) < 1e15  # noqa: PLR2004 - exact up to there
        return str(int(value)) if whole else f"{Decimal(repr(value)):f}"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    return value.isoformat() if isinstance(value, date | time) else str(value)
