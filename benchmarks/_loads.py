"""The imports that the benchmark of imports measures, on the database of the environment."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import quantiles
from typing import Any
from urllib.parse import urlsplit

from benchmarks._fresh import django_here

django_here()

from django.core.management import call_command  # noqa: E402 - only now are the models ready
from django.db import connection, models, transaction  # noqa: E402 - likewise

from benchmarks import _package  # noqa: E402 - likewise
from benchmarks.importing import (  # noqa: E402 - likewise
    MILLION,
    PACKAGE_ROWS,
    SMALL,
    TUNED_ROWS,
    rows_of,
    write_csv,
    write_workbook,
)
from contacts.actions.bulk import insert_values  # noqa: E402 - likewise
from contacts.actions.importing import source_named  # noqa: E402 - likewise
from contacts.models import (  # noqa: E402 - likewise
    Change,
    Contact,
    Customer,
    SourceRecord,
)
from core.audit import record  # noqa: E402 - likewise
from erp.actions import applying, receiving, undoing  # noqa: E402 - likewise
from erp.models import Import, ImportRow  # noqa: E402 - likewise
from jobs.models import Job  # noqa: E402 - likewise
from jobs.queue import run_now, run_slice  # noqa: E402 - likewise

Figures = dict[str, str]
Slices = Callable[[Job], object]
PEAK_OF = """
import os, subprocess, sys
process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
print(os.wait4(process.pid, 0)[2].ru_maxrss)
"""
WRITTEN = (Customer, Contact, SourceRecord, Change)


def measure(folder: Path, count: int, *, million: bool) -> Figures:
    """This will measure one thing after the other; gives sentence and figure."""
    with _own_database():
        found, load = _loads(folder, count)
        found |= _package_loads(load, count)
        found |= _beside_others(folder, count)
        found |= _memory(folder, count, million=million)
    return found


@contextmanager
def _own_database() -> Iterator[None]:
    if connection.vendor == "sqlite":
        call_command("migrate", verbosity=0)
        yield
        return
    own = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(own, verbosity=0)


def _loads(folder: Path, count: int) -> tuple[Figures, float]:
    """This will measure our own ways; gives figures, and the seconds of a first load."""
    first, again = folder / "first.csv", folder / "again.csv"
    write_csv(first, count)
    write_csv(again, count, changed=0.01)
    load, run = _cost(lambda: _bring_in("bench", first, run_now))
    rows = [model.objects.count() for model in WRITTEN]
    second, changed = _cost(lambda: _bring_in("bench", again, run_now))
    written = Change.objects.filter(change_set=changed.change_set).count()
    differ = changed.counts["entities"]["contact"]["changed"]
    back, _ = _cost(lambda: run_now(undoing.undo(run=changed, actor=None)))
    least = _limit(run)
    away, job = _cost(lambda: run_now(undoing.undo(run=run, actor=None)))
    return {
        "first load, CPU s": f"{load:.2f}",
        "limit: the same final rows written at once, CPU s": f"{least:.2f}",
        "  first load, times the limit (goal: at most 2)": f"{load / least:.2f}",
        "  customers + contacts + records + changes": "+".join(f"{n // 1000}k" for n in rows),
        "the same again with 1 % changed, CPU s": f"{second:.2f}",
        "  times as fast as the first load (goal: at least 2)": f"{load / second:.1f}",
        "  changes written / contacts that differ": f"{written} / {differ}",
        "taking the 1 % back, CPU s": f"{back:.2f}",
        "taking the first load back, CPU s": f"{away:.2f}",
        "  rows removed": f"{job.result['removed']:,}",
    }, load


def _cost(work: Callable[[], Any]) -> tuple[float, Any]:
    """This will give the processor seconds of some work, here and in the database; its result."""
    start = _processor()
    result = work()
    return _processor() - start, result


def _processor() -> float:
    used = time.process_time()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            pid = cursor.fetchone()[0]
        ticks = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        used += (int(ticks[11]) + int(ticks[12])) / os.sysconf("SC_CLK_TCK")
    return used


def _bring_in(source: str, path: Path, slices: Slices) -> Import:
    """This will import a file the way a person does: upload, preview, go."""
    with path.open("rb") as stream:
        run = receiving.receive(
            source=source_named(name=source),
            uploads=[receiving.Upload(path.name, stream)],
            actor=None,
        )
    slices(applying.stage(run=run, actor=None))
    run.refresh_from_db()
    slices(applying.apply(run=run, actor=None))
    run.refresh_from_db()
    return run


def _limit(run: Import) -> float:
    """This will write the rows that an import left once more, into the same emptied tables."""
    Change.objects.exclude(change_set=run.change_set).delete()
    tables = [(model, *_final_rows(model)) for model in WRITTEN]
    with connection.cursor() as cursor:
        # All the tables that hang on these: findings and the like, which are not part of it.
        ImportRow.objects.all().delete()
        for model in _hanging_on(Contact, Customer):
            cursor.execute(f"DELETE FROM {model._meta.db_table}")  # noqa: S608, SLF001 - a table's name
        for model in reversed(WRITTEN):
            cursor.execute(f"DELETE FROM {model._meta.db_table}")  # noqa: S608, SLF001 - likewise
    keys: dict[str, dict[Any, int]] = {"change_set_id": {run.change_set_id: run.change_set_id or 0}}

    def write() -> None:
        with transaction.atomic():
            for model, names, old, rows in tables:
                new = insert_values(model, names, [_moved(names, row, keys) for row in rows])
                keys[f"{model.__name__.lower()}_id"] = dict(zip(old, new, strict=True))

    return _cost(write)[0]


def _hanging_on(*owners: type[models.Model]) -> list[type[models.Model]]:
    return [
        relation.related_model
        for owner in owners
        for relation in owner._meta.related_objects  # noqa: SLF001 - Django's public-in-practice API
        if relation.related_model not in WRITTEN and not relation.many_to_many
    ]


def _final_rows(
    model: type[models.Model],
) -> tuple[list[str], list[int], list[Sequence[Any]]]:
    """This will give a table's columns, keys and rows; moments of writing come anew."""
    names = [
        field.attname
        for field in model._meta.concrete_fields  # noqa: SLF001 - as above
        if not field.primary_key
        and not getattr(field, "auto_now", False)
        and not getattr(field, "auto_now_add", False)
    ]
    rows = list(model._base_manager.order_by("pk").values_list("pk", *names))  # noqa: SLF001 - as above
    return names, [row[0] for row in rows], [row[1:] for row in rows]


def _moved(
    names: Sequence[str], values: Sequence[Any], keys: dict[str, dict[Any, int]]
) -> list[Any]:
    """This will give a row's values with the new keys of what it belongs to."""
    return [
        keys[name].get(value) if name in keys else value
        for name, value in zip(names, values, strict=True)
    ]


def _package_loads(load: float, count: int) -> Figures:
    """This will import a few rows with django-import-export, into the same tables."""
    rows = list(rows_of(TUNED_ROWS))
    found: Figures = {}
    for name, resource, most, goal in (
        ("as it comes", _package.Plain, PACKAGE_ROWS, 25),
        ("tuned", _package.Tuned, TUNED_ROWS, 4),
    ):
        before = [model.objects.count() for model in WRITTEN]
        made = resource(*_package.source_of(name))
        data = _package.dataset_of(rows[:most])
        seconds, result = _cost(lambda made=made, data=data: made.import_data(data))
        if result.has_errors() or result.totals["new"] != most:
            message = f"import-export {name}: {result.totals}"
            raise RuntimeError(message)
        written = [model.objects.count() - n for model, n in zip(WRITTEN, before, strict=True)]
        each = seconds / most * 1e6
        found |= {
            f"import-export {name}, {most:,} rows, us a row": f"{each:,.0f}",
            "  times as slow as ours".ljust(26)
            + f"({name}; goal: at least {goal})": f"{seconds / most / (load / count):.1f}",
            f"  it wrote ({name})": "+".join(map(str, written)),
        }
    return found | {"ours, us a row": f"{load / count * 1e6:,.0f}"}


class _Neighbour(threading.Thread):
    """Somebody else who reads a page's rows and writes one, again and again."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.stopped = threading.Event()
        self.reads: list[float] = []
        self.writes: list[float] = []

    def run(self) -> None:
        """This will note how long each read and each write takes."""
        while not self.stopped.wait(0.03):
            start = time.monotonic()
            list(Contact.objects.select_related("customer").order_by("-pk")[:50])
            self.reads.append(time.monotonic() - start)
            start = time.monotonic()
            record(actor=None, verb="waited", entity="bench")
            self.writes.append(time.monotonic() - start)
        connection.close()


def _beside_others(folder: Path, count: int) -> Figures:
    """This will import in the slices of the embedded mode while somebody reads and writes."""
    neighbour = _Neighbour()
    neighbour.start()
    start = time.monotonic()
    _bring_in("another", folder / "first.csv", _in_short_slices)
    took = time.monotonic() - start
    neighbour.stopped.set()
    neighbour.join()
    found = {f"first load in short slices, {count:,} rows, seconds": f"{took:.0f}"}
    for name, waits in (("page of 50", neighbour.reads), ("write", neighbour.writes)):
        p95 = quantiles(waits, n=20)[-1]
        found[f"  {name} meanwhile, p95 / most, ms"] = f"{p95 * 1000:.0f} / {max(waits) * 1000:.0f}"
    return found


def _in_short_slices(job: Job) -> None:
    while run_slice(str(job.pk)):
        pass


def _memory(folder: Path, count: int, *, million: bool) -> Figures:
    """This will give the most memory of processes that import by the command."""
    sizes = [SMALL, count, *([MILLION] if million else [])]
    found = {}
    for size in sizes:
        path = folder / f"{size}.csv"
        write_csv(path, size)
        most, took = _memory_of(path)
        found[f"most memory, CSV of {size:,} rows"] = f"{most} MB"
        found[f"  seconds, CSV of {size:,} rows"] = f"{took:.0f}"
        path.unlink()
    if million:
        path = folder / "million.xlsx"
        write_workbook(path, MILLION)
        most, took = _memory_of(path)
        found["most memory, workbook of 1,000,000 rows"] = f"{most} MB"
        found["  seconds, workbook of 1,000,000 rows"] = f"{took:.0f}"
    return found


def _memory_of(path: Path) -> tuple[int, float]:
    environment = dict(os.environ)
    if url := environment.get("DATABASE_URL"):
        told, name = urlsplit(url), connection.settings_dict["NAME"]
        environment["DATABASE_URL"] = f"{told.scheme}://{told.netloc}/{name}?{told.query}"
    command = ["manage.py", "import_erp", str(path), "--source", path.name, "--json"]
    start = time.monotonic()
    # In a small process between: a child's peak counts what its parent had when it was made.
    args = [sys.executable, "-c", PEAK_OF, sys.executable, *command]
    done = subprocess.run(args, env=environment, stdout=subprocess.PIPE, check=True)  # noqa: S603 - our own command
    return int(int(done.stdout) / 1024), time.monotonic() - start
