"""What an import costs beside the cheapest way to write its rows, on both databases.

Run it by `python -m benchmarks.importing [N] [--million]`, N contacts (50,000). SQLite lives in a
folder that goes away; PostgreSQL is a server of its own, or that of TEST_DATABASE_URL. Prints
processor time (with that of the database's backend), which a busy machine does not change much,
the ratios that count, what other readers and writers wait meanwhile, and memory. With `--million`
a CSV and a workbook of a million rows are imported too, which takes a good while.
"""

import argparse
import csv
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.services import MissingServerError, postgres

COUNT = 50_000
SMALL = 10_000
MILLION = 1_000_000
PACKAGE_ROWS, TUNED_ROWS = 500, 2_000
PER_CUSTOMER = 2.5
FIRST = "Ann Bo Cy Di Ed Flo Gus Hal Ida Jo Kim Lee Max Una"
LAST = "Adams Baker Carter Diaz Evans Flores Grant Hughes Iyer Jones"
HEAD = (
    "Customer ID,Customer Name,Contact ID,First Name,Last Name,Job Title,Email,Phone,Mobile Phone,"
    "City,State,Zip,Comments,Inactive"
)


def rows_of(count: int, *, changed: float = 0.0) -> Iterator[list[str]]:
    """This will give the rows of an export; a share of them with another telephone."""
    dice, again = random.Random(7), random.Random(8)
    firsts, lasts = FIRST.split(), LAST.split()
    for number in range(count):
        account = int(number / PER_CUSTOMER)
        first, last = dice.choice(firsts), dice.choice(lasts)
        email = f"{first}.{last}{number}@firm{account}.com".lower() if number % 20 else ""
        area = "999" if again.random() < changed else "555"
        yield [
            *(f"{account:07}", f"Firm {account} Inc.", str(number), first, last, "Buyer", email),
            *(f"{area}-{number:07}", "", "Boston", "MA", f"{account % 90000:05}", "", "No"),
        ]


def write_csv(path: Path, count: int, *, changed: float = 0.0) -> None:
    """This will write an export of `count` contacts as text."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(HEAD.split(","))
        rows.writerows(rows_of(count, changed=changed))


def write_workbook(path: Path, count: int) -> None:
    """This will write an export of `count` contacts as a workbook."""
    from openpyxl import Workbook  # noqa: PLC0415 - slow to load, and only wanted here

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Contacts")
    sheet.append(HEAD.split(","))
    for row in rows_of(count):
        sheet.append(row)
    book.save(path)


def main() -> None:
    """This will measure on each database in a process of its own, and print both side by side."""
    parser = argparse.ArgumentParser()
    parser.add_argument("count", nargs="?", type=int, default=COUNT)
    parser.add_argument("--million", action="store_true")
    parser.add_argument("--measure", action="store_true", help="Measure here, print JSON.")
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure(options.count, million=options.million)))
        return
    found = {"SQLite": measured_apart(options.count, million=options.million, url="")}
    try:
        with postgres() as url:
            found["PostgreSQL"] = measured_apart(options.count, million=options.million, url=url)
    except MissingServerError as error:
        print(error)
    names = list(dict.fromkeys(name for results in found.values() for name in results))
    print(f"{options.count:,} contacts".ljust(66) + "".join(f"{name:>13}" for name in found))
    for name in names:
        cells = (results.get(name, "") for results in found.values())
        print(name.ljust(66) + "".join(f"{cell:>13}" for cell in cells))


def measured_apart(count: int, *, million: bool, url: str) -> dict[str, str]:
    """This will measure in a process that has a database of its own."""
    environment = {**os.environ, "DATABASE_URL": url}
    if not url:
        del environment["DATABASE_URL"]
    flags = ["--million"] if million else []
    command = [sys.executable, "-m", "benchmarks.importing", str(count), "--measure", *flags]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)  # noqa: S603 - our own command
    found: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    return found


def measure(count: int, *, million: bool) -> dict[str, str]:
    """This will measure on the database of the environment; gives sentence and figure."""
    from benchmarks import _loads  # noqa: PLC0415 - it starts Django, which this process must want

    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    try:
        return _loads.measure(folder, count, million=million)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
