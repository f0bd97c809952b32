"""Read files into the staging table and find out what they would change; nothing else is written.

Work goes in chunks that commit with the cursor, so that it may stop at any line and go on:
read every file → put rows that stand twice aside → mark each row → count.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Min

from contacts.actions.bulk import Json, append_values, insert_rows, refresh_statistics
from contacts.rules.derived import address_of
from contacts.rules.words import Entity
from erp.actions import marking, naming, own_lists
from erp.actions.doubles import outcome_of, tell_apart
from erp.actions.kept import REFUSED, columns_of, table_of
from erp.models import Import, ImportRow, StagedRow
from erp.readers import tables
from erp.readers.records import Row
from erp.rules.keys import fingerprint_of, text_of
from erp.rules.plans import Plan, plan, told_names
from erp.rules.rows import Above, Record, read_row
from erp.rules.states import ImportState, RowOutcome
from jobs.queue import save_progress
from jobs.registry import Work

CHUNK, BRIEF_CHUNK = 5_000, 250
MARKED, BRIEF_MARKED = 10_000, 500
DROPPED, BRIEF_DROPPED = 10_000, 2_000
NOT_UTF8 = "The row is not UTF-8 like the rest; it was read as Windows-1252."
READ, TWICE, MARK, COUNT = PHASES = ("read", "twice", "mark", "count")
STAGED = "staged"
STAGED_COLUMNS = (
    "run_id", "file", "row", "entity", "key", "own_id", "account", "address", "origin",
    "derived", "values", "fingerprint", "same", "outcome",
)  # fmt: skip


def work_on(work: Work) -> bool:
    """This will stage an import for one slice; true when its preview is ready."""
    run = Import.objects.select_related("source").get(pk=work.payload["import"])
    if run.state == ImportState.CANCELLED or work.is_cancelled():
        return _drop(run, work)
    if run.state not in (ImportState.UPLOADED, ImportState.MAPPED):
        return True
    while work.time_left() > 0 and not work.is_cancelled():
        phase = work.cursor.setdefault("phase", PHASES[0])
        # Reading and counting come before the transaction: its write lock is for writing only.
        found = _next_rows(run, work) if phase == READ else []
        if phase == COUNT:
            marking.tally_unknown(run=run)
            marking.tally(run=run)
        with transaction.atomic():
            done = _read(run, work, found) if phase == READ else _STEPS[phase](run, work)
            if done and phase == PHASES[-1]:
                return True
            if done and phase == READ:
                refresh_statistics(StagedRow)
            if done:
                work.cursor = {"phase": PHASES[PHASES.index(phase) + 1]}
            save_progress(work)
        work.give_way()
    return False


def _drop(run: Import, work: Work) -> bool:
    """This will forget what was read of an import that is stopped; true when nothing is left."""
    while work.time_left() > 0:
        first, last = _ends(run)
        if last is None:
            run.state = ImportState.CANCELLED
            run.save(update_fields=["state"])
            return True
        most = BRIEF_DROPPED if work.is_brief else DROPPED
        run.staged.filter(pk__lt=first + most).delete()
        save_progress(work)
        work.give_way()
    return False


def _next_rows(run: Import, work: Work) -> list[Row]:
    file = _next_file(run)
    if file is None:
        return []
    offset, number = work.cursor.get("offset", 0), work.cursor.get("number", 0)
    return list(islice(tables.rows(table_of(run.files[file]), offset, number), _chunk(work)))


def _chunk(work: Work) -> int:
    return BRIEF_CHUNK if work.is_brief else CHUNK


def _next_file(run: Import) -> int | None:
    waiting = (n for n, facts in enumerate(run.files) if facts["status"] not in (REFUSED, STAGED))
    return next(waiting, None)


def _read(run: Import, work: Work, found: Sequence[Row]) -> bool:
    """This will stage the next chunk of rows; true when no file is left."""
    file = _next_file(run)
    if file is None:
        return True
    facts = run.files[file]
    work.message = f"Reading {facts['name']}"
    above = Above(work.cursor.get("above", ""))
    work.total = sum(int(one.get("text_size", 0)) for one in run.files) * 4 // 3
    if found and found[-1].number > settings.MAX_IMPORT_ROWS:
        _refuse(run, file, f"The file has more than {settings.MAX_IMPORT_ROWS:,} rows. Split it.")
        return False
    facts["skipped"] += _stage(run, file, found, above)
    facts["rows"] += len(found)
    if len(found) == _chunk(work):
        work.cursor |= {
            "offset": found[-1].end,
            "number": found[-1].number,
            "above": above.account,
        }
    else:
        facts["status"] = STAGED
        facts["told"] = told_names(_plan(facts))
        work.cursor = {"phase": READ}
    work.done = _bytes_read(run, work)
    run.save(update_fields=["files"])
    return False


def _bytes_read(run: Import, work: Work) -> int:
    read = sum(int(one["text_size"]) for one in run.files if one["status"] == STAGED)
    return read + int(work.cursor.get("offset", 0))


def _refuse(run: Import, file: int, reason: str) -> None:
    run.files[file] |= {"status": REFUSED, "reason": reason, "rows": 0, "skipped": 0}
    run.staged.filter(file=file).delete()
    run.rows.filter(file=file).delete()
    run.save(update_fields=["files"])


def _plan(facts: dict[str, Any]) -> Plan:
    return plan(Entity(facts["entity"]), columns_of(facts))


def _stage(run: Import, file: int, found: Sequence[Row], above: Above) -> int:
    """This will write a chunk's records and errors; gives how many rows were left out."""
    facts = run.files[file]
    if own_lists.is_ours(facts):
        return own_lists.stage(run, file, found)
    guarded = own_lists.is_guarded(facts)
    how = _plan(facts)
    firms = naming.firms_of(run, how, found)
    columns = {entity: ",".join(names) for entity, names in told_names(how).items()}
    staged: list[tuple[Any, ...]] = []
    errors: list[ImportRow] = []
    told: set[str] = set()
    for row in found:
        problems = [("", row.problem)] if row.problem else []
        records: list[Record] = []
        if not row.problem:
            above.find = partial(firms.find, file, row.number)
            above.elsewhere = partial(firms.elsewhere, file)
            above.number = firms.number
            above.of_id = firms.of_id
            read = read_row(how, own_lists.meant(row.cells) if guarded else row.cells, above)
            records, problems = read.records, read.problems
        if row.converted:
            problems.append(("", NOT_UTF8))
        errors += [_error(run, file, row, one, skipped=not records) for one in problems]
        for record in records:
            if record.derived and record.key in told:
                continue
            if record.derived:
                told.add(record.key)
            place = (file, row.number, f"{facts['name']}:{row.number}:{record.label}")
            staged.append(_staged(run, place, record, columns[record.entity.value]))
    append_values(StagedRow, STAGED_COLUMNS, _with_outcome(run, staged))
    insert_rows(ImportRow, errors)
    return len({error.row for error in errors if error.skipped})


def _staged(
    run: Import, place: tuple[int, int, str], record: Record, columns: str
) -> tuple[Any, ...]:
    """This will give the values of a staged row in the order of STAGED_COLUMNS."""
    values, text = record.values, text_of(record.values)
    address = address_of(values["email"])[1] if "email" in values else ""
    file, number, origin = place
    return (
        run.pk,
        file,
        number,
        record.entity.value,
        record.key,
        record.own_id,
        record.account,
        address,
        origin[:300],
        record.derived,
        Json(text),
        fingerprint_of(text, columns),
    )


def _with_outcome(run: Import, staged: Sequence[Sequence[Any]]) -> list[Sequence[Any]]:
    """This will say of each row whether its record says the same, something else, or is not here.

    What is not here counts as new until somebody is found whom it may stand for.
    """
    known: dict[tuple[str, str], str] = {}
    if run.source.records.exists():
        keys: dict[str, list[str]] = defaultdict(list)
        for row in staged:
            keys[row[_ENTITY]].append(row[_KEY])
        for entity, wanted in keys.items():
            records = run.source.records.filter(entity=entity, key__among=wanted)
            found = records.values_list("key", "fingerprint")
            known.update({(entity, key): seen for key, seen in found})
    return [(*row, *outcome_of(known.get((row[_ENTITY], row[_KEY])), row[-1])) for row in staged]


_ENTITY, _KEY = STAGED_COLUMNS.index("entity"), STAGED_COLUMNS.index("key")


def _error(
    run: Import, file: int, row: Row, problem: tuple[str, str], *, skipped: bool
) -> ImportRow:
    column, message = problem
    return ImportRow(
        run=run,
        file=file,
        row=row.number,
        outcome=RowOutcome.ERROR,
        column=column[:200],
        message=message[:300],
        skipped=skipped,
        cells=[cell[:1000] for cell in row.cells],
    )


def _windows(run: Import, work: Work) -> Iterator[tuple[int, int]]:
    """This will give the next range of staged rows, as many as a short statement may touch."""
    first, last = _ends(run)
    if last is None:
        return
    start = max(work.cursor.get("pk", 0) + 1, first)
    size = BRIEF_MARKED if work.is_brief else MARKED
    if start <= last:
        _tell_progress(run, work, (start - first) / (last - first + 1))
        yield start, min(start + size - 1, last)


def _ends(run: Import) -> tuple[int, int | None]:
    """This will give the keys of the first and the last staged row."""
    ends = run.staged.aggregate(first=Min("pk"), last=Max("pk"))
    return ends["first"] or 0, ends["last"]


def _tell_progress(run: Import, work: Work, part: float) -> None:
    """This will count the steps after reading as an eighth of the whole each."""
    read = _bytes_read(run, work)
    step = PHASES.index(work.cursor["phase"]) - 1
    work.done = read + int(read * (step + part) / 6)
    work.total = read * 4 // 3


def _put_aside(run: Import, work: Work) -> bool:
    """This will report rows that stand twice; the first one counts. True when all were seen."""
    work.message = "Looking for rows that stand twice"
    if "own_rows" not in work.cursor:
        own = run.staged.filter(entity=Entity.CUSTOMER, derived=False)
        work.cursor["own_rows"] = own.exists()
    for start, end in _windows(run, work):
        _report_duplicates(run, start, end)
        derived = run.staged.derived_twice(run, own_rows=work.cursor["own_rows"])
        derived.filter(pk__range=(start, end)).update(outcome=RowOutcome.DUPLICATE)
        work.cursor["pk"] = end
        return False
    return True


def _report_duplicates(run: Import, start: int, end: int) -> None:
    first_of = run.staged.filter(pk__range=(start, end)).twice(run)
    if not first_of:
        return
    twice = list(run.staged.filter(pk__in=first_of).order_by("pk"))
    rows = run.staged.in_bulk(set(first_of.values()))
    firsts = {key: rows[first] for key, first in first_of.items()}
    twice = tell_apart(run=run, twice=twice, firsts=firsts)
    errors = []
    for row in twice:
        row.outcome = RowOutcome.DUPLICATE
        run.files[row.file]["skipped"] += 1
        errors.append(
            ImportRow(
                run=run,
                file=row.file,
                row=row.row,
                entity=row.entity,
                outcome=RowOutcome.ERROR,
                message=_twice(run, row, firsts[row.pk])[:300],
                skipped=True,
                cells=marking.cells_of(columns_of(run.files[row.file]), row.values),
            )
        )
    insert_rows(ImportRow, errors)
    StagedRow.objects.bulk_update(twice, ["outcome"], batch_size=500)
    run.save(update_fields=["files"])


def _twice(run: Import, row: StagedRow, first: StagedRow) -> str:
    place = f"row {first.row}"
    if first.file != row.file:
        place = f"{place} of {run.files[first.file]['name']}"
    if first.fingerprint == row.fingerprint:
        return f"The same {row.entity} stands in {place} already. This row is left out."
    names = sorted(
        name.replace("_", " ")
        for name in first.values.keys() | row.values.keys()
        if ":" not in name and first.values.get(name) != row.values.get(name)
    )
    other = f"another {' and '.join(names)}" if names else "other blanks"
    return f"This {row.entity} stands in {place} already, with {other}. This row is left out."


def _mark(run: Import, work: Work) -> bool:
    """This will mark what each row means; true when all were seen."""
    work.message = "Comparing with what is here"
    for start, end in _windows(run, work):
        marking.mark(run=run, start=start, end=end)
        work.cursor["pk"] = end
        return False
    return True


def _count(run: Import, work: Work) -> bool:
    work.message = ""
    run.state = ImportState.PREVIEWED
    run.save(update_fields=["files", "counts", "state"])
    return True


_STEPS: dict[str, Callable[[Import, Work], bool]] = {
    TWICE: _put_aside,
    MARK: _mark,
    COUNT: _count,
}
