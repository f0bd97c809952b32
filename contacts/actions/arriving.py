"""New customers, contacts and invoices by the thousand: as plain values, no model is made of a row.

Values come as text by field name, cleaned by the importer, as in `importing`; so do the rules of
what may be imported. Every function works on one chunk inside the caller's transaction.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from django.db import models, transaction

from contacts import events
from contacts.actions.bulk import append_values, insert_values
from contacts.actions.changes import typed
from contacts.actions.importing import (
    IMPORTED_OF_CONTACT,
    IMPORTED_OF_CUSTOMER,
    INVOICE_FIELDS,
)
from contacts.models import Change, ChangeSet, Contact, Customer, Invoice, SourceRecord
from contacts.rules.derived import address_of, contact_search, customer_search, short_number_key

Values = Mapping[str, str]


class At(NamedTuple):
    """The customer that a new contact or invoice belongs to."""

    customer_id: int
    name: str
    number: str


@transaction.atomic
def bring_customers(
    *, numbering: str, rows: Sequence[Values], change_set: ChangeSet
) -> Sequence[int]:
    """This will add customers; each row has `account_number`, which must be free. Gives keys."""
    told = _Told(Customer, rows, IMPORTED_OF_CUSTOMER)
    names = ("numbering", "number_key", "search_text", *told.columns)
    values = [
        (numbering, short_number_key(row["account_number"]), customer_search(row), *read)
        for row, read in zip(rows, told.read(rows), strict=True)
    ]
    keys = insert_values(Customer, names, values)
    _note_created(change_set, "customer_id", keys)
    return keys


@transaction.atomic
def bring_contacts(
    *, rows: Sequence[tuple[At | None, Values]], change_set: ChangeSet
) -> Sequence[int]:
    """This will add contacts to their customers and tell the apps above once. Gives keys."""
    told = _Told(Contact, [values for _, values in rows], IMPORTED_OF_CONTACT - {"customer_id"})
    names = ("customer_id", *_OF_ADDRESS, "search_text", *told.columns)
    values = [
        (
            at.customer_id if at else None,
            *address_of(row.get("email", "")),
            contact_search(row, at[1:] if at else None),
            *read,
        )
        for (at, row), read in zip(rows, told.read(row for _, row in rows), strict=True)
    ]
    keys = insert_values(Contact, names, values)
    _note_created(change_set, "contact_id", keys)
    if keys:
        events.changed.send(
            sender=Contact, contacts=keys, fields={"created"}, change_set=change_set
        )
    return keys


_OF_ADDRESS = ("email_repaired", "address_key", "email_domain")


@transaction.atomic
def bring_invoices(*, rows: Sequence[tuple[At, Values]], change_set: ChangeSet) -> Sequence[int]:
    """This will add invoices to their customers. Gives keys."""
    told = _Told(Invoice, [values for _, values in rows], INVOICE_FIELDS - {"customer_id"})
    names = ("customer_id", "number_key", *told.columns)
    values = [
        (at.customer_id, short_number_key(row.get("number", "")), *read)
        for (at, row), read in zip(rows, told.read(row for _, row in rows), strict=True)
    ]
    keys = insert_values(Invoice, names, values)
    _note_created(change_set, "invoice_id", keys)
    return keys


@transaction.atomic
def record_arrived(*, names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """This will keep what a source says of records that came for the first time.

    `rows` are values of the named columns; `bulk.Json` spares reading and writing `base` again.
    """
    append_values(SourceRecord, names, rows)


class _Told:
    """The columns that a chunk of rows says something about, and how their text is read."""

    def __init__(
        self, model: type[models.Model], rows: Sequence[Values], known: frozenset[str]
    ) -> None:
        told = sorted(set().union(*rows) & known)
        blank = model()
        fields: Any = model._meta  # noqa: SLF001 - as above
        self._readers = [_reader(blank, name) for name in told]
        self.columns = [fields.get_field(name).attname for name in told]

    def read(self, rows: Any) -> Iterator[list[Any]]:  # noqa: ANN401 - any iterable of rows
        """This will give the values of each row in the order of `columns`."""
        for row in rows:
            told = row.get
            yield [
                (text[:most] if read is None else read(text)) if (text := told(name)) else default
                for name, most, read, default in self._readers
            ]


def _reader(
    blank: models.Model, name: str
) -> tuple[str, int | None, Callable[[str], Any] | None, Any]:
    """This will give a column's name, longest text, what reads it when it is no text, default."""
    column: Any = blank._meta.get_field(name)  # noqa: SLF001 - as above
    default = getattr(blank, column.attname)
    if isinstance(column, models.CharField | models.TextField):
        return name, column.max_length, None, default
    return name, None, lambda text: typed(column, text), default


def _note_created(change_set: ChangeSet, owner: str, keys: Sequence[int]) -> None:
    """This will note creations: one change without a field for each."""
    append_values(Change, ("change_set_id", owner), [(change_set.pk, key) for key in keys])
