"""manage.py export_findings: what the checks say of every record, as a file."""

import csv
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandParser
from django.db.models import Count, QuerySet

from contacts.models import Source, SourceRecord
from contacts.rules.words import Entity
from validation.models import Decision, Finding
from validation.rules.decided import decided_value
from validation.rules.exported import HEADER, Told, row_of

CHUNK = 2_000
COLUMNS = (
    "pk", "source__name", "own_id", "origin", "contact_id", "contact__email_status",
    "contact__is_role_address", "contact__is_freemail",
)  # fmt: skip


class Command(BaseCommand):
    """Writes one row for every record of a source that stands for a contact."""

    help = "Writes what the checks found to a CSV file, one row for each contact of the source."

    def add_arguments(self, parser: CommandParser) -> None:
        """This will name the file and the source."""
        parser.add_argument("out", metavar="OUT.csv")
        parser.add_argument("--source", metavar="NAME")

    def handle(self, *_args: Any, **options: Any) -> None:  # noqa: ANN401 - Django's signature
        """This will write the file and say how many rows it has."""
        source, path = options["source"], Path(options["out"])
        if source and not Source.objects.filter(name=source).exists():
            self.stderr.write(f"There is no source called {source!r}. Import its file first.")
            raise SystemExit(2)
        try:
            file = path.open("w", encoding="utf-8", newline="")
        except OSError as error:
            self.stderr.write(f"{path} cannot be written: {error.strerror}. Choose another place.")
            raise SystemExit(2) from error
        count = 0
        with file:
            writer = csv.writer(file)
            writer.writerow(HEADER)
            for row in _rows(source):
                writer.writerow(row)
                count += 1
        self.stdout.write(f"{count:,} contacts written to {path}.")


def _rows(source: str | None) -> Iterator[tuple[str, ...]]:
    records = SourceRecord.objects.filter(entity=Entity.CONTACT, contact__isnull=False)
    if source:
        records = records.filter(source__name=source)
    shared = _sources_with_repeated_ids(records)
    after = 0
    while True:
        chunk = list(records.filter(pk__gt=after).order_by("pk").values_list(*COLUMNS)[:CHUNK])
        if not chunk:
            return
        after = chunk[-1][0]
        told = _told([row[4] for row in chunk])
        for _pk, dataset, own_id, origin, contact, status, role, free in chunk:
            flags = [code for code, on in (("role", role), ("freemail", free)) if on]
            yield row_of(
                dataset=dataset, origin=origin,
                contact_id=(own_id if dataset not in shared else "") or origin,
                told=told.get(contact, ()), flags=flags, status=status,
            )  # fmt: skip


def _sources_with_repeated_ids(records: QuerySet[SourceRecord]) -> set[str]:
    """This will give the sources whose contacts have an id that means something only at a customer.

    Such an id names nobody by itself: there the place in the file does.
    """
    named = records.exclude(own_id="").values_list("source__name", "own_id")
    return {source for source, _own, _n in named.annotate(n=Count("pk")).filter(n__gt=1)}


def _told(contacts: Sequence[int]) -> dict[int, list[Told]]:
    """This will give what was found, without what a person has said is right as it is."""
    kept = set(
        Decision.objects.standing()
        .filter(contact__in=contacts)
        .values_list("contact_id", "code", "value")
    )
    told: dict[int, list[Told]] = defaultdict(list)
    for row in Finding.objects.filter(contact__in=contacts):
        if (row.contact_id, row.code, decided_value(row.value)) not in kept:
            told[row.contact_id].append((row.code, row.field, row.suggestion, row.confidence))
    return told
