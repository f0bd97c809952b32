"""Rows of an import as files: to read, and to be corrected and imported alone."""

import csv
from collections.abc import Iterator
from itertools import islice

from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404

from core.access import staff
from core.http import StaffRequest
from erp import resources
from erp.actions.kept import table_of
from erp.models import Import
from erp.readers.records import Row
from erp.readers.tables import Table, rows_numbered
from erp.rules.mapping import REASON
from erp.rules.states import RowOutcome
from erp.rules.writing import harmless
from erp.views import rows
from erp.views.rows import RowShown, Selected

RIGHT = "erp.add_import"
CHUNK = 500
HEADS = ("Row", "File", "Result", "Record", "Account", "Field", "Here now", "In the file", "Reason")


@staff(RIGHT)
def kind_csv(request: StaffRequest, pk: int, kind: str) -> HttpResponseBase:
    """This will give all rows of one kind as a file, one line for each field that differs."""
    run = get_object_or_404(Import.objects.select_related("source"), pk=pk)
    if kind not in rows.WORDS:
        raise Http404
    chosen = rows.selected(run, kind, rows.words_of(request))
    return StreamingHttpResponse(
        resources.lines_of([HEADS], _told(chosen)),
        content_type=resources.CONTENT_TYPES[resources.CSV],
        headers={"Content-Disposition": f'attachment; filename="import-{pk}-{kind}.csv"'},
    )


@staff(RIGHT)
def errors_csv(request: StaffRequest, pk: int, file: int) -> HttpResponse:
    """This will give a file's rows with errors in its own columns, to be corrected."""
    run = get_object_or_404(Import, pk=pk)
    if file >= len(run.files):
        raise Http404
    reasons: dict[int, list[str]] = {}
    kept: dict[int, list[str]] = {}
    for row in run.rows.filter(outcome=RowOutcome.ERROR, file=file).order_by("row", "pk"):
        place = f"{row.column}: " if row.column else ""
        reasons.setdefault(row.row, []).append(f"{place}{row.message}")
        kept.setdefault(row.row, row.cells)
    if not reasons:
        raise Http404
    table = table_of(run.files[file])
    cells = kept | _as_in_file(table, reasons)
    found = [_laid_out(cells[number], table, words) for number, words in reasons.items()]
    widest = max(map(len, found))
    # All columns that we add have one name: by it an import leaves them out.
    heads = [*table.headers, *[REASON] * (widest - len(table.headers))]
    even = ([*map(harmless, row), *[""] * (widest - len(row))] for row in found)
    content = "".join(resources.lines_of([heads], even))
    answer = HttpResponse(content, content_type=resources.CONTENT_TYPES[resources.CSV])
    answer["Content-Disposition"] = f'attachment; filename="rows-to-correct-{pk}-{file + 1}.csv"'
    return answer


def _told(chosen: Selected) -> Iterator[list[str]]:
    """This will read the rows a chunk at a time, as the page shows them."""
    found = chosen.rows.order_by("pk")
    after = 0
    while chunk := list(islice(found.filter(pk__gt=after), CHUNK)):
        after = chunk[-1].pk
        for row in chosen.show(chunk):
            yield from _lines(row)


def _lines(row: RowShown) -> Iterator[list[str]]:
    number = str(row.number) if row.number else ""
    reason = f"{row.column}: {row.message}" if row.column else row.message
    first = [number, row.file, row.word, row.who, row.account]
    if not row.fields:
        yield [harmless(cell) for cell in [*first, "", "", "", reason]]
    for field in row.fields:
        values = [field.label, field.old, field.new or field.plain]
        yield [harmless(cell) for cell in [*first, *values, reason]]


def _as_in_file(table: Table, numbers: dict[int, list[str]]) -> dict[int, list[str]]:
    """This will read rows from the kept file as they stand there; none when it is gone."""
    try:
        return {row.number: _cells(row, table) for row in rows_numbered(table, numbers)}
    except FileNotFoundError:
        return {}


def _cells(row: Row, table: Table) -> list[str]:
    """This will give a row's cells; a broken line is cut at every separator, to be put right."""
    if not row.problem or len(row.cells) != 1 or len(table.headers) == 1:
        return row.cells
    parts = next(csv.reader(row.cells, delimiter=table.separator, quoting=csv.QUOTE_NONE), [])
    return [part.strip('"') for part in parts]


def _laid_out(cells: list[str], table: Table, reasons: list[str]) -> list[str]:
    """This will put the reason below the head; cells that are too many stand behind it."""
    width = len(table.headers)
    filled = [*cells, *[""] * (width - len(cells))]
    return [*filled[:width], " ".join(reasons), *filled[width:]]
