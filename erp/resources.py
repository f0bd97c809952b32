"""Tables as files: the only place that writes what people download."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO

from tablib import Dataset

CSV, XLSX = "csv", "xlsx"
CONTENT_TYPES = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def as_file(
    headers: Sequence[str],
    rows: Sequence[Sequence[str]],
    kind: str,
    separator: str = ",",
    encoding: str = "utf-8",
) -> bytes:
    """This will write a table as CSV or XLSX; every cell is text, none is a formula."""
    table = Dataset(*rows, headers=list(headers), title="Corrections")
    if kind == XLSX:
        content: bytes = table.export(XLSX, escape=True)
        return content
    text: str = table.export(CSV, delimiter=separator)
    return text.encode(encoding)


def lines_of(*parts: Iterable[Iterable[str]]) -> Iterator[str]:
    """This will write rows as CSV, one at a time, in letters that spreadsheets recognise."""
    yield "\ufeff"
    for rows in parts:
        for row in rows:
            text = StringIO()
            csv.writer(text).writerow(row)
            yield text.getvalue()
