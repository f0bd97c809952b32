"""XLSX workbooks: guarded before anything is unpacked, then written out sheet by sheet as text.

A large workbook is unpacked by a process of its own, which may use so much memory and time and
no more: what it took is free again when it ends.
"""

import csv
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from erp.rules.reading import UnreadableFileError, refuse_width, without_nul

MOST_ENTRIES = 5_000
MOST_RATIO = 100
SMALL = 10 * 1024 * 1024
LARGE = 10 * 1024 * 1024  # from here on a process of its own unpacks it
MOST_SHEETS = 20
CHUNK = 1024 * 1024
PROLOG = 64 * 1024
ENCRYPTED = 0x1
ROOT = Path(__file__).parents[2]

_DTD = re.compile(rb"<!\s*(doctype|entity)", re.IGNORECASE)
_DAMAGED = "The workbook is damaged or cut off. Export it again."


@dataclass(frozen=True)
class Limits:
    """How much a workbook may be, take and last."""

    unpacked: int
    memory: int
    seconds: int
    columns: int
    rows: int


def spool_sheets(path: Path, limits: Limits) -> Iterator[tuple[str, Path]]:
    """This will write every sheet as CSV beside the file, and give its name and place.

    Raises UnreadableFileError for a file that is no workbook, damaged, locked or a bomb.
    """
    size = guard(path, limits)
    names = _write_apart(path, limits) if size > LARGE else write_sheets(path, limits)
    for at, name in enumerate(names):
        yield name, _target(path, at)


def write_sheets(path: Path, limits: Limits) -> list[str]:
    """This will write the sheets and give their names."""
    try:
        with CalamineWorkbook.from_path(str(path)) as book:
            names = book.sheet_names[:MOST_SHEETS]
            for at in range(len(names)):
                _spool(book.get_sheet_by_index(at), _target(path, at), limits)
    except (CalamineError, OSError, ValueError) as error:
        if isinstance(error, UnreadableFileError):
            raise
        raise UnreadableFileError(_DAMAGED) from error
    return names


def guard(path: Path, limits: Limits) -> int:
    """This will look at the zip's directory and read it through once, with every size counted.

    Refused: no workbook, too much or too tightly packed, encrypted, damaged or with sizes that
    lie, a DTD or entities (which could expand or read files). Gives the size when unpacked.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            _refuse_strangers({entry.filename for entry in entries})
            _refuse_bombs(entries, limits)
            for entry in entries:
                _read_through(archive, entry)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, OSError, RuntimeError) as error:
        raise UnreadableFileError(_DAMAGED) from error
    return sum(entry.file_size for entry in entries)


def _write_apart(path: Path, limits: Limits) -> list[str]:
    """This will write the sheets in another process, within the limits of memory and time."""
    told = json.dumps(asdict(limits))
    command = [sys.executable, "-m", "erp.readers.workbook", str(path.resolve()), told]
    try:
        done = subprocess.run(  # noqa: S603 - our own module, no shell
            command, cwd=ROOT, capture_output=True, timeout=limits.seconds, check=False
        )
    except subprocess.TimeoutExpired as error:
        sentence = (
            f"The workbook took longer than {limits.seconds} seconds to read."
            " Export it as CSV, or split it."
        )
        raise UnreadableFileError(sentence) from error
    if done.returncode:
        sentence = done.stdout.decode("utf-8", "replace").strip() or (
            f"The workbook needs more than {limits.memory // 1024 // 1024:,} MB of memory."
            " Export it as CSV, or split it."
        )
        raise UnreadableFileError(sentence)
    return list(json.loads(done.stdout))


def _limit_memory(most: int) -> None:
    """This will let this process have so much memory and no more, where the system can do that."""
    with suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415 - not on every system

        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _target(path: Path, at: int) -> Path:
    return path.with_name(f"{path.name}.{at}.txt")


def _refuse_strangers(names: set[str]) -> None:
    if "xl/workbook.xml" in names:
        return
    if "xl/workbook.bin" in names or "mimetype" in names:
        sentence = "This spreadsheet is neither XLSX nor CSV. Save it as XLSX."
    else:
        sentence = "This is a zip file without a workbook in it. Send the XLSX or CSV file itself."
    raise UnreadableFileError(sentence)


def _refuse_bombs(entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    if any(entry.flag_bits & ENCRYPTED for entry in entries):
        sentence = "This workbook is protected by a password. Save it without one."
        raise UnreadableFileError(sentence)
    total = sum(entry.file_size for entry in entries)
    tight = any(entry.file_size > max(SMALL, MOST_RATIO * entry.compress_size) for entry in entries)
    if len(entries) > MOST_ENTRIES or total > limits.unpacked or tight:
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


def _spool(sheet: CalamineSheet, target: Path, limits: Limits) -> None:
    """This will write a sheet row by row; blank rows too, so that row numbers stay right."""
    if sheet.height > limits.rows:
        sentence = f"The file has more than {limits.rows:,} rows. Split it."
        raise UnreadableFileError(sentence)
    with target.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        first = sheet.start[0] if sheet.start else 0
        left = [""] * sheet.start[1] if sheet.start else []
        for _ in range(first):
            writer.writerow([])
        for cells in sheet.iter_rows():
            row = [text_of_cell(cell) for cell in cells]
            if any(row[limits.columns :]):
                refuse_width(row, limits.columns)
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


def main(path: str, told: str) -> int:
    """This will be the other process: sheets written, their names on the output."""
    limits = Limits(**json.loads(told))
    _limit_memory(limits.memory)
    try:
        print(json.dumps(write_sheets(Path(path), limits)))  # noqa: T201 - the answer
    except UnreadableFileError as error:
        print(error)  # noqa: T201 - as above
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
