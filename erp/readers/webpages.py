"""Tables of a web page or an XML spreadsheet that carry the name of a workbook."""

import csv
import io
import re
from collections.abc import Iterator
from email import message_from_binary_file
from email.policy import default
from html.parser import HTMLParser
from pathlib import Path
from typing import IO

from django.conf import settings

from erp.rules import reading
from erp.rules.reading import UnreadableFileError, refuse_width

CHUNK = 256 * 1024
HEAD = 64 * 1024
MOST_TABLES = 20
MOST_SPAN = 200
MOST_WAITING = 4 * 1024 * 1024  # of a tag that does not end
MOST_ARCHIVE = 50 * 1024 * 1024
_CHARSET = re.compile(rb"(?:charset|encoding)\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)
_ROWS = {"tr": "td", "row": "cell"}
_IGNORED = frozenset({"script", "style", "title"})
_TOO_LARGE = "This web archive is too large to be read. Save it as XLSX."
_BREAK = "\u2028"
_DAMAGED = "The web page is damaged: a tag is never closed. Export the list as CSV or XLSX."
_NO_TABLE = "This is a web page without a table in it. Export the list as CSV or XLSX."
_BLANKS = re.compile(r"[ \t\r\n\f]+")


def spool_tables(path: Path) -> Iterator[tuple[str, Path]]:
    """This will write every table of a page as CSV beside the file, and give its name and place.

    Raises UnreadableFileError for a page without a table.
    """
    page = _Page(path)
    try:
        _feed(page, _part_of_archive(path))
    finally:
        page.end()
    if not page.targets:
        raise UnreadableFileError(_NO_TABLE)
    for number, target in enumerate(page.targets, 1):
        yield f"table {number}", target


def _feed(page: "_Page", source: Path) -> None:
    with source.open("rb") as stream:
        encoding = _encoding(stream.read(HEAD))
        stream.seek(0)
        with io.TextIOWrapper(stream, encoding=encoding, errors="replace", newline="") as text:
            while part := text.read(CHUNK):
                page.feed(part)
                if len(page.rawdata) > MOST_WAITING:
                    raise UnreadableFileError(_DAMAGED)
    page.close()


class _Page(HTMLParser):
    """Writes the rows of tables as they come; a table inside a cell is text of that cell."""

    def __init__(self, path: Path) -> None:
        super().__init__(convert_charrefs=True)
        self.path = path
        self.targets: list[Path] = []
        self.depth = 0
        self.ignored = 0
        self.file: IO[str] | None = None
        self.row: list[str] | None = None
        self.cell: list[str] | None = None
        self.length = 0
        self.span = 1
        self.down: dict[int, tuple[int, str]] = {}
        self.rows_down = 1

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """This will open a table, a row, a cell."""
        tag = tag.rpartition(":")[2]
        if tag in _IGNORED:
            self.ignored += 1
        elif tag == "table":
            self._open_table()
        elif self.depth != 1:
            return
        elif tag in _ROWS:
            self._end_row()
            self.row = []
        elif tag in ("td", "th", "cell") and self.row is not None:
            self._end_cell()
            self._open_cell(dict(attrs))
        elif tag in ("br", "p") and self.cell:
            self.cell.append(_BREAK)

    def handle_endtag(self, tag: str) -> None:
        """This will close what the tag closes."""
        tag = tag.rpartition(":")[2]
        if tag in _IGNORED:
            self.ignored = max(0, self.ignored - 1)
        elif tag == "table" and self.depth:
            if self.depth == 1:
                self.end()
            self.depth -= 1
        elif self.depth == 1 and tag in _ROWS:
            self._end_row()
        elif self.depth == 1 and tag in ("td", "th", "cell"):
            self._end_cell()

    def handle_data(self, data: str) -> None:
        """This will keep the text of a cell."""
        if self.cell is None or self.ignored:
            return
        room = settings.MAX_IMPORT_CELL + 1 - self.length  # one more, so that the reader sees it
        self.length += len(data)
        if room > 0:
            self.cell.append(data[:room])

    def end(self) -> None:
        """This will finish the table that is open."""
        self._end_row()
        if self.file is not None:
            self.file.close()
            self.file = None

    def _open_table(self) -> None:
        self.depth += 1
        if self.depth > 1 or len(self.targets) >= MOST_TABLES:
            return
        target = self.path.with_name(f"{self.path.name}.{len(self.targets)}.txt")
        self.targets.append(target)
        self.file = target.open("w", encoding="utf-8", newline="")
        self.down = {}

    def _open_cell(self, attrs: dict[str, str | None]) -> None:
        row = self.row if self.row is not None else []
        if at := _number(attrs.get("ss:index")):
            row.extend([""] * (min(at, settings.MAX_IMPORT_COLUMNS + 1) - 1 - len(row)))
        self._fill_from_above(row)
        self.cell, self.length = [], 0
        across = _number(attrs.get("colspan")) or _number(attrs.get("ss:mergeacross")) + 1
        self.span = min(across, MOST_SPAN)
        self.rows_down = _number(attrs.get("rowspan")) or 1

    def _fill_from_above(self, row: list[str]) -> None:
        """This will repeat cells that span several rows."""
        while (held := self.down.get(len(row))) is not None:
            left, text = held
            if left > 1:
                self.down[len(row)] = (left - 1, text)
            else:
                del self.down[len(row)]
            row.append(text)

    def _end_cell(self) -> None:
        if self.cell is None or self.row is None:
            return
        lines = (_BLANKS.sub(" ", line).strip() for line in "".join(self.cell).split(_BREAK))
        text = "\n".join(line for line in lines if line)
        if self.rows_down > 1:
            self.down[len(self.row)] = (self.rows_down - 1, text)
        self.row += [text, *[""] * (self.span - 1)]
        self.cell = None

    def _end_row(self) -> None:
        self._end_cell()
        if self.row is None:
            return
        self._fill_from_above(self.row)
        refuse_width(self.row, settings.MAX_IMPORT_COLUMNS)
        if self.file is not None:
            cells = [reading.without_nul(cell) for cell in self.row]
            csv.writer(self.file, lineterminator="\n").writerow(cells if any(cells) else [])
        self.row = None


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 6 else 0  # noqa: PLR2004 - no table is wider


def _encoding(head: bytes) -> str:
    shape = reading.text_shape(head)
    if shape.encoding.startswith("utf-16"):
        return "utf-16" if shape.mark else shape.encoding
    if shape.mark:
        return "utf-8-sig"
    found = _CHARSET.search(head)
    name = found[1].decode("ascii").lower() if found else ""
    if name in ("iso-8859-1", "latin-1", "latin1", "us-ascii"):
        return reading.CP1252
    try:
        "".encode(name or reading.UTF8)
    except LookupError:
        return reading.UTF8
    return name or reading.UTF8


def _part_of_archive(path: Path) -> Path:
    """This will take the page out of a web archive (MHTML), as Excel saves it."""
    with path.open("rb") as stream:
        if not reading.is_web_archive(stream.read(HEAD)):
            return path
        if path.stat().st_size > MOST_ARCHIVE:
            raise UnreadableFileError(_TOO_LARGE)
        stream.seek(0)
        message = message_from_binary_file(stream, policy=default)
    pages = [part for part in message.walk() if part.get_content_type() == "text/html"]
    contents = [page.get_payload(decode=True) for page in pages]
    sheets = [content for content in contents if isinstance(content, bytes) and b"<td" in content]
    if not sheets:
        raise UnreadableFileError(_NO_TABLE)
    target = path.with_name(f"{path.name}.page")
    target.write_bytes(max(sheets, key=len))
    return target
