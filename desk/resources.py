"""Lists as files that a spreadsheet opens safely and that import again without a change."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from itertools import islice
from typing import Any

from django.db.models import QuerySet

from contacts.rules.values import text_of
from contacts.rules.words import Entity
from erp.actions.own_lists import rows_now
from erp.resources import XLSX, as_file
from erp.rules.own import HEADS
from erp.rules.writing import harmless
from validation.models import MailDomain
from validation.rules.dns_words import words_of

CHUNK = 1000
MOST_OF_A_WORKBOOK = 50_000
DOMAIN_HEADS = (
    "Domain", "Contacts", "Customers", "Mail", "Why", "Mail service", "Bounces", "Suggestion",
    "Looked up", "Next time",
)  # fmt: skip


def lines_of(rows: QuerySet[Any], entity: Entity = Entity.CONTACT) -> Iterator[str]:
    """This will write contacts or customers as CSV, a chunk at a time, the heads first."""
    yield "\ufeff" + _csv([list(HEADS[entity])])
    for part in _parts(rows, entity):
        yield _csv(part)


def workbook_of(rows: QuerySet[Any], entity: Entity = Entity.CONTACT) -> bytes:
    """This will write contacts or customers as XLSX; for at most MOST_OF_A_WORKBOOK rows."""
    found = [cells for part in _parts(rows, entity) for cells in part]
    return as_file(list(HEADS[entity]), found, XLSX)


def _parts(rows: QuerySet[Any], entity: Entity) -> Iterator[list[list[str]]]:
    after = 0
    related = "customer" if entity is Entity.CONTACT else "parent"
    found = rows.select_related(related).order_by("pk")
    while part := list(found.filter(pk__gt=after)[:CHUNK]):
        after = part[-1].pk
        yield [[harmless(cell) for cell in cells] for cells in rows_now(entity, part).values()]


def domain_lines(domains: QuerySet[MailDomain]) -> Iterator[str]:
    """This will write domains as CSV, those with most contacts first."""
    yield "\ufeff" + _csv([DOMAIN_HEADS])
    rows = domains.order_by("-contacts", "pk").iterator(chunk_size=CHUNK)
    while part := list(islice(rows, CHUNK)):
        yield _csv([_cell(value) for value in _domain_values(row)] for row in part)


def _domain_values(row: MailDomain) -> tuple[object, ...]:
    said = words_of(row.verdict, row.code, row.last_error)
    return (
        row.name, row.contacts, row.customers, said.label, said.why, row.provider, row.bounces,
        row.suggestion, row.checked_at, row.due_at,
    )  # fmt: skip


def _cell(value: object) -> str:
    # Outer blanks mean nothing to an import, and a cell that starts with one is suspect.
    text = text_of(value).strip()
    return harmless("Yes" if value is True else "No" if value is False else text)


def _csv(rows: Iterable[Sequence[str]]) -> str:
    text = StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()
