"""What an import costs beside the cheapest way to write its rows.

Run it by `python -m benchmarks.importing [N]`, N contacts.

On SQLite in a folder that goes away, or on the server of DATABASE_URL in a test database:
`python -m tests.services python -m benchmarks.importing`. Prints processor time (with that of
the database's backend), the ratios that count, what other writers wait meanwhile, and memory.
"""

import csv
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import django
import tablib
from import_export.instance_loaders import CachedInstanceLoader
from import_export.resources import ModelResource

FOLDER = Path(tempfile.mkdtemp(prefix="bench-"))
os.environ["DATA_DIR"] = str(FOLDER / "data")
os.environ["DJANGO_SETTINGS_MODULE"] = "onboarding.settings"
django.setup()

from django.core.management import call_command  # noqa: E402 - only now are the models ready
from django.db import connection, models, transaction  # noqa: E402 - likewise

from contacts.actions.bulk import insert_values  # noqa: E402 - likewise
from contacts.actions.importing import source_named  # noqa: E402 - likewise
from contacts.models import (  # noqa: E402 - likewise
    Change,
    ChangeSet,
    Contact,
    Customer,
    Source,
    SourceRecord,
)
from core.audit import record  # noqa: E402 - likewise
from erp.actions import applying, receiving  # noqa: E402 - likewise
from erp.models import Import, ImportRow  # noqa: E402 - likewise
from jobs.models import Job  # noqa: E402 - likewise
from jobs.queue import run_now, run_slice  # noqa: E402 - likewise
from validation.models import Finding  # noqa: E402 - likewise

Slices = Callable[[Job], object]
FIRST = (
    "Ann",
    "Bo",
    "Cy",
    "Di",
    "Ed",
    "Flo",
    "Gus",
    "Hal",
    "Ida",
    "Jo",
    "Kim",
    "Lee",
    "Max",
    "Una",
)
LAST = ("Adams", "Baker", "Carter", "Diaz", "Evans", "Flores", "Grant", "Hughes", "Iyer", "Jones")
HEAD = (
    "Customer ID,Customer Name,Contact ID,First Name,Last Name,Job Title,Email,Phone,Mobile Phone,"
    "City,State,Zip,Comments,Inactive"
)
PER_CUSTOMER = 2.5
PACKAGE_ROWS = 2_000


def write_file(path: Path, count: int, *, changed: float = 0.0) -> None:
    """This will write an export of `count` contacts; a share of them with another telephone."""
    dice, again = random.Random(7), random.Random(8)
    with path.open("w", encoding="utf-8", newline="") as stream:
        stream.write(f"{HEAD}\n")
        rows = csv.writer(stream)
        for number in range(count):
            account = int(number / PER_CUSTOMER)
            first, last = dice.choice(FIRST), dice.choice(LAST)
            email = f"{first}.{last}{number}@firm{account}.com".lower() if number % 20 else ""
            area = "999" if again.random() < changed else "555"
            rows.writerow(
                [
                    *(f"{account:07}", f"Firm {account} Inc.", number, first, last, "Buyer", email),
                    *(f"{area}-{number:07}", "", "Boston", "MA", f"{account % 90000:05}", "", "No"),
                ]
            )


@contextmanager
def measured(name: str, results: dict[str, float]) -> Iterator[None]:
    """This will note the processor seconds of a block, here and in the database's backend."""
    start, wall = _processor(), time.monotonic()
    yield
    results[name] = _processor() - start
    print(f"{name:<44}{results[name]:>9.2f} CPU s{time.monotonic() - wall:>9.2f} s")


def _processor() -> float:

    used = time.process_time()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            pid = cursor.fetchone()[0]
        ticks = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        used += (int(ticks[11]) + int(ticks[12])) / os.sysconf("SC_CLK_TCK")
    return used


def bring_in(path: Path, slices: Slices) -> Import:
    """This will import a file the way a person does: upload, preview, go."""
    with path.open("rb") as stream:
        run = receiving.receive(
            source=source_named(name="bench"),
            uploads=[receiving.Upload(path.name, stream)],
            actor=None,
        )
    slices(applying.stage(run=run, actor=None))
    run.refresh_from_db()
    slices(applying.apply(run=run, actor=None))
    run.refresh_from_db()
    return run


def in_short_slices(job: Job) -> None:
    """This will do a job in the slices of the embedded mode."""
    while run_slice(str(job.pk)):
        pass


def limit(results: dict[str, float]) -> None:
    """This will write the rows that an import left once more, into the same emptied tables."""
    kept = ChangeSet.objects.earliest("pk").pk
    tables = [(model, *_rows_of(model)) for model in (Customer, Contact, SourceRecord, Change)]
    Finding.objects.all().delete()
    ImportRow.objects.all().delete()
    for model, _, _ in reversed(tables):
        _empty(model)
    keys: dict[str, dict[object, int]] = {"change_set_id": {kept: kept}}
    with measured("limit: the same final rows, written at once", results), transaction.atomic():
        for model, names, rows in tables:
            moved = [_moved(names, row[1:], keys) for row in rows]
            new = insert_values(model, names, moved)
            keys[f"{model.__name__.lower()}_id"] = dict(
                zip((row[0] for row in rows), new, strict=True)
            )


def _rows_of(model: type[models.Model]) -> tuple[list[str], list[Sequence[object]]]:
    fields = model._meta.concrete_fields  # noqa: SLF001 - Django's public-in-practice API
    names = [field.attname for field in fields if not field.primary_key]
    return names, list(model.objects.order_by("pk").values_list("pk", *names))


def _empty(model: type[models.Model]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {model._meta.db_table}")  # noqa: S608, SLF001 - a table's name


def _moved(
    names: Sequence[str], values: Sequence[object], keys: dict[str, dict[object, int]]
) -> list[object]:
    """This will give a row's values with the new keys of what it belongs to."""
    return [
        keys[name].get(value) if name in keys else value
        for name, value in zip(names, values, strict=True)
    ]


def package(path: Path, results: dict[str, float]) -> None:
    """This will import a few rows with django-import-export: as it comes, and tuned."""

    class Plain(ModelResource):
        class Meta:
            model = Contact
            import_id_fields = ("alt_customer_id",)
            fields = ("customer", "alt_customer_id", "first_name", "last_name", "email", "phone")

        def before_import_row(self, row: dict[str, object], **_kwargs: object) -> None:
            account = row.pop("account")
            customer, _ = Customer.objects.get_or_create(numbering="p", account_number=account)
            row["customer"] = customer.pk

    class Tuned(Plain):
        class Meta(Plain.Meta):
            use_bulk = True
            batch_size = 1000
            skip_diff = True
            skip_html_diff = True
            instance_loader_class = CachedInstanceLoader

        def before_import_row(self, row: dict[str, object], **_kwargs: object) -> None:
            row["customer"] = known[row.pop("account")]

    with path.open(encoding="utf-8") as stream:
        rows = list(csv.reader(stream))[1 : PACKAGE_ROWS + 1]
    head = ["account", "alt_customer_id", "first_name", "last_name", "email", "phone"]
    data = [[row[0], row[2], row[3], row[4], row[6], row[7]] for row in rows]
    with measured(f"import-export as it comes, {PACKAGE_ROWS:,} rows", results):
        Plain().import_data(tablib.Dataset(*data, headers=head))
    Contact.objects.filter(customer__numbering="p").delete()
    known = dict(Customer.objects.filter(numbering="p").values_list("account_number", "pk"))
    with measured(f"import-export tuned, {PACKAGE_ROWS:,} rows", results):
        Tuned().import_data(tablib.Dataset(*data, headers=head))


class Neighbour(threading.Thread):
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

    def report(self) -> None:
        """This will print the waits."""
        for name, waits in (("page of 50 contacts", self.reads), ("a write", self.writes)):
            waits.sort()
            p95, most = waits[int(len(waits) * 0.95)], waits[-1]
            told = f"{name} meanwhile ({len(waits):,}), p95 and most"
            print(f"{told:<46}{p95 * 1000:>7.0f} ms{most * 1000:>7.0f} ms")


def memory(folder: Path, count: int) -> int:
    """This will give the most memory, in MB, of a process that imports `count` rows."""
    path = folder / f"memory{count}.csv"
    write_file(path, count)
    environment = os.environ | {"DATA_DIR": str(folder / f"memory{count}")}
    for args in (["migrate", "-v0"], ["import_erp", str(path), "--source", "m", "--json"]):
        process = subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "manage.py", *args], env=environment, stdout=subprocess.DEVNULL
        )
        used = os.wait4(process.pid, 0)[2]
    return int(used.ru_maxrss / 1024)


def main(count: int) -> None:
    """This will measure, one thing after the other."""
    try:
        if connection.vendor == "sqlite":
            call_command("migrate", verbosity=0)
            measure(FOLDER, count)
            small, large = memory(FOLDER, count // 10), memory(FOLDER, count)
            print(f"most memory at {count // 10:,} and {count:,} rows{small:>16} MB{large:>7} MB")
            return
        own = connection.settings_dict["NAME"]
        connection.creation.create_test_db(verbosity=0, autoclobber=True)
        measure(FOLDER, count)
        connection.creation.destroy_test_db(own, verbosity=0)
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)


def measure(folder: Path, count: int) -> None:
    """This will print what each way costs, and the ratios."""
    first, again = folder / "first.csv", folder / "again.csv"
    write_file(first, count)
    write_file(again, count, changed=0.01)
    results: dict[str, float] = {}
    with measured("first load", results):
        bring_in(first, run_now)
    with measured("the same again, 1 % changed", results):
        run = bring_in(again, run_now)
    written = Change.objects.filter(change_set=run.change_set).count()
    expected = run.counts["entities"]["contact"]["changed"]
    print(f"changes written and rows changed{written:>21,}{expected:>12,}")
    Change.objects.filter(change_set=run.change_set).delete()
    limit(results)
    package(first, results)
    neighbour = Neighbour()
    neighbour.start()
    with measured("first load of another source, in slices", results):
        _another_source(first)
    neighbour.stopped.set()
    neighbour.join()
    neighbour.report()
    load, again_s, least, *_ = results.values()
    per_row = {name: s / PACKAGE_ROWS for name, s in results.items() if "import-export" in name}
    plain, tuned = per_row.values()
    print(f"first load, times the limit{load / least:>26.2f}")
    print(f"again, times as fast as the first load{load / again_s:>15.2f}")
    print(f"import-export as it comes, times as slow{plain / (load / count):>13.1f}")
    print(f"import-export tuned, times as slow{tuned / (load / count):>19.1f}")


def _another_source(path: Path) -> None:

    Source.objects.filter(name="bench").update(name="bench before")
    bring_in(path, in_short_slices)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50_000)
