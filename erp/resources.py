"""Tables as files: the only place that writes what people download."""

from collections.abc import Sequence

from tablib import Dataset

CSV, XLSX = "csv", "xlsx"
CONTENT_TYPES = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def as_file(
    headers: Sequence[str], rows: Sequence[Sequence[str]], kind: str, separator: str = ","
) -> bytes:
    """This will write a table as CSV (UTF-8) or XLSX; every cell is text, none is a formula."""
    table = Dataset(*rows, headers=list(headers), title="Corrections")
    if kind == XLSX:
        content: bytes = table.export(XLSX, escape=True)
        return content
    text: str = table.export(CSV, delimiter=separator)
    return text.encode()
