"""What imports write: new customers, contacts and invoices in bulk, changed fields, and bases.

Values come as text by field name, cleaned by the importer. Fields that are not listed here cannot
be imported. Every function works on one chunk inside the caller's transaction.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from django.db import models, transaction

from contacts import events
from contacts.actions.bulk import insert_rows, insert_values, update_rows
from contacts.actions.changes import (
    CONTACT_FIELDS,
    CUSTOMER_FIELDS,
    Edit,
    Edited,
    derive_contact,
    derive_customer,
    edit_contacts,
    edit_customers,
    set_text,
)
from contacts.models import Change, ChangeSet, Contact, Customer, Invoice, Source, SourceRecord
from contacts.rules.normalise import number_key
from contacts.rules.values import text_of

IMPORTED_OF_CONTACT = CONTACT_FIELDS | {"is_house_user", "customer_id", "custom"}
IMPORTED_OF_CUSTOMER = CUSTOMER_FIELDS | {
    "account_number",
    "parent_id",
    "sales_rep_id",
    "custom",
}
INVOICE_FIELDS = frozenset(
    {"customer_id", "number", "issued_on", "due_on", "amount", "open_amount", "status"}
)

RECORDED = ("key", "own_id", "base", "fingerprint", "origin", "row_number", "seen_in")


@dataclass(frozen=True)
class Seen:
    """What a source says of one record: its key, values, place, and the key of what it became."""

    entity: str
    key: str
    own_id: str
    base: dict[str, str]
    fingerprint: str
    origin: str
    row_number: int
    customer_id: int | None = None
    contact_id: int | None = None
    invoice_id: int | None = None


@transaction.atomic
def add_customers(
    *, numbering: str, rows: Sequence[Mapping[str, str]], change_set: ChangeSet
) -> list[Customer]:
    """This will add customers; each row has `account_number`, which must be free."""
    customers = []
    for values in rows:
        customer = Customer(numbering=numbering)
        _fill(customer, values, IMPORTED_OF_CUSTOMER)
        customers.append(derive_customer(customer))
    insert_rows(Customer, customers)
    _note_created(change_set, "customer_id", customers)
    return customers


@transaction.atomic
def add_contacts(
    *, rows: Sequence[tuple[Customer | None, Mapping[str, str]]], change_set: ChangeSet
) -> list[Contact]:
    """This will add contacts to their customers and tell the apps above once for all of them."""
    contacts = []
    for customer, values in rows:
        contact = Contact(customer=customer)
        _fill(contact, values, IMPORTED_OF_CONTACT)
        contacts.append(derive_contact(contact))
    insert_rows(Contact, contacts)
    _note_created(change_set, "contact_id", contacts)
    if contacts:
        events.changed.send(
            sender=Contact,
            contacts=[row.pk for row in contacts],
            fields={"created"},
            change_set=change_set,
        )
    return contacts


@transaction.atomic
def add_invoices(
    *, rows: Sequence[tuple[Customer, Mapping[str, str]]], change_set: ChangeSet
) -> list[Invoice]:
    """This will add invoices to their customers."""
    invoices = []
    for customer, values in rows:
        invoice = Invoice(customer=customer)
        _fill(invoice, values, INVOICE_FIELDS)
        invoice.number_key = number_key(invoice.number)[:64]
        invoices.append(invoice)
    insert_rows(Invoice, invoices)
    _note_created(change_set, "invoice_id", invoices)
    return invoices


@transaction.atomic
def change_contacts(*, edits: Sequence[Edit], change_set: ChangeSet) -> Edited:
    """This will set fields of contacts as the source tells, also which customer they are at."""
    return edit_contacts(edits=edits, change_set=change_set, known=IMPORTED_OF_CONTACT)


@transaction.atomic
def change_customers(*, edits: Sequence[Edit], change_set: ChangeSet) -> Edited:
    """This will set fields of customers as the source tells, also number and parent."""
    return edit_customers(edits=edits, change_set=change_set, known=IMPORTED_OF_CUSTOMER)


@transaction.atomic
def change_invoices(*, edits: Sequence[Edit], change_set: ChangeSet) -> int:
    """This will set fields of invoices as the source tells; nobody else changes them."""
    rows = Invoice.objects.in_bulk({edit.row_id for edit in edits})
    changes, touched = [], {}
    for edit in edits:
        row = rows[edit.row_id]
        old = text_of(getattr(row, edit.field))
        set_text(row, edit.field, edit.new)
        new = text_of(getattr(row, edit.field))
        if new != old:
            touched[row.pk] = row
            changes.append(
                Change(change_set=change_set, invoice=row, field=edit.field, old=old, new=new)
            )
    update_rows(Invoice, list(touched.values()), [*INVOICE_FIELDS, "customer"])
    insert_rows(Change, changes)
    return len(touched)


@transaction.atomic
def record_new(*, source: Source, seen: Sequence[Seen], number: int) -> Sequence[int]:
    """This will keep what a source says of records that came for the first time; gives their keys.

    `number` is the import's: the record keeps the number of the last one that wrote it.
    """
    names = [field.name for field in fields(Seen)]
    rows = [(source.pk, number, *(getattr(item, name) for name in names)) for item in seen]
    return insert_values(SourceRecord, ("source_id", "seen_in", *names), rows)


@transaction.atomic
def record_changed(*, records: Sequence[SourceRecord], number: int) -> None:
    """This will store new values, fingerprints and places of records that the source changed."""
    for record in records:
        record.seen_in = number
    update_rows(SourceRecord, records, RECORDED)


@transaction.atomic
def mark_missing(*, records: "models.QuerySet[SourceRecord]", at: datetime) -> int:
    """This will note since when records are missing from their source; older notes stay."""
    return records.filter(missing_since=None).update(missing_since=at)


@transaction.atomic
def mark_found(*, records: "models.QuerySet[SourceRecord]") -> int:
    """This will note that records are not missing from their source."""
    return records.exclude(missing_since=None).update(missing_since=None)


@transaction.atomic
def mark_back(*, records: "models.QuerySet[SourceRecord]", since: Mapping[int, datetime]) -> None:
    """This will undo what one import noted about missing records; `since` is by record."""
    records.update(missing_since=None)
    again = SourceRecord.objects.filter(pk__in=since)
    for record in again:
        record.missing_since = since[record.pk]
    update_rows(SourceRecord, list(again), ["missing_since"])


@transaction.atomic
def record_restored(*, records: Sequence[SourceRecord]) -> None:
    """This will store records as an undone import had found them."""
    update_rows(SourceRecord, records, RECORDED)


@transaction.atomic
def forget_records(*, record_ids: Iterable[int]) -> int:
    """This will remove records that an undone import had linked to rows that were here before."""
    return SourceRecord.objects.filter(pk__in=list(record_ids)).delete()[0]


@transaction.atomic
def keep_layouts(
    *, source: Source, layouts: Mapping[str, Any], mappings: Mapping[str, Any] | None = None
) -> Source:
    """This will remember how the source's files are laid out, and confirmed mappings."""
    source.layouts = {**source.layouts, **layouts}
    source.mappings = {**source.mappings, **(mappings or {})}
    source.save(update_fields=["layouts", "mappings"])
    return source


@transaction.atomic
def source_named(*, name: str) -> Source:
    """This will give the source of that name, a new one with its own numbering if need be."""
    source, _ = Source.objects.get_or_create(name=name, defaults={"numbering": name})
    return source


@transaction.atomic
def forget_source(*, source: Source) -> None:
    """This will remove a source that nothing was imported from."""
    source.delete()


def _note_created(change_set: ChangeSet, owner: str, rows: Sequence[models.Model]) -> None:
    """This will note creations: one change without a field for each."""
    insert_values(Change, ("change_set_id", owner), [(change_set.pk, row.pk) for row in rows])


def _fill(row: models.Model, values: Mapping[str, str], known: frozenset[str]) -> None:
    """This will set the known fields that have a value; the others keep their defaults."""
    for name, text in values.items():
        if name in known and text:
            set_text(row, name, text)
