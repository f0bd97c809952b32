"""What lists hold whose heads no word explains: told by their cells, and by each other.

Heads that are words come first (`matching`). Only a list that cannot be used without is looked at
here, and what is found is for a person to confirm.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from contacts.rules.words import Entity
from erp.rules import forms, looks, mapping, matching
from erp.rules.filling import Sheet, fill_contact, fill_customer, fill_invoice
from erp.rules.leading import Cells, Link, cells_of, links
from erp.rules.mapping import Matched
from erp.rules.written import are_amounts

Rows = Sequence[Sequence[str]]
_CUSTOMERS_OF_A_PERSON = frozenset({"contact.account", "contact.organization", "customer.name"})
_KEYS = frozenset({"", "customer.account", "customer.own_id", "customer.name"})


@dataclass(frozen=True)
class File:
    """A file of an import: its columns as far as words explain them, and some of its rows."""

    matched: Matched
    rows: Rows


def guess(files: Sequence[File]) -> list[Matched]:
    """This will give the columns of every file, more of them where a file was of no use before.

    A file that another one leads to is the list of customers; the other is of people, or of
    invoices where it has dates and amounts and no addresses.
    """
    cells = [cells_of(file.matched.columns, file.rows) for file in files]
    unclear = [is_unclear(file.matched) for file in files]
    chosen = _chosen(files, cells, unclear)
    base = chosen[0].to if chosen else _only_customers(files, cells, unclear)
    done = []
    for number, file in enumerate(files):
        link = next((one for one in chosen if one.file == number), None)
        if not unclear[number] or not file.rows or not (link or number == base or not chosen):
            done.append(file.matched)
        elif number == base:
            done.append(_customers(file, cells[number], chosen))
        else:
            done.append(_others(file, cells[number], link))
    return done


def is_unclear(matched: Matched) -> bool:
    """This will say whether words are not enough: something is missing that the list must have."""
    if matched.name != mapping.GENERIC:
        return False
    fields = {column.field for column in matched.columns if column.field}
    alone = matched.entity is Entity.CONTACT and not fields & _CUSTOMERS_OF_A_PERSON
    return alone or bool(mapping.missing_fields(matched))


def _chosen(
    files: Sequence[File], cells: Sequence[Sequence[Cells]], unclear: Sequence[bool]
) -> list[Link]:
    """This will choose one link for each file, all to the same list of customers."""
    keys = [
        _keys_of(file.matched, columns, is_unclear=unclear[number])
        for number, (file, columns) in enumerate(zip(files, cells, strict=True))
    ]
    leading = [
        [columns[at] for at in _may_lead(file.matched)]
        for file, columns in zip(files, cells, strict=True)
    ]
    found = [link for link in links(leading, cells, keys) if unclear[link.file] or unclear[link.to]]
    chosen: list[Link] = []
    for link in found:
        first = chosen[0] if chosen else link
        known = link.file in (one.file for one in chosen) or link.file == first.to
        same_key = link.key == first.key or link.by_name
        if link.to == first.to and same_key and not known:
            chosen.append(link)
    return chosen


def _keys_of(matched: Matched, columns: Sequence[Cells], *, is_unclear: bool) -> list[int]:
    """This will say which columns may tell one customer from another."""
    if not is_unclear and matched.entity is not Entity.CUSTOMER:
        return []
    fields = [column.field for column in matched.columns]
    account = [at for at, field in enumerate(fields) if field == "customer.account"]
    if account and not is_unclear:
        return account
    return [one.at for one in columns if one.is_key and fields[one.at] in _KEYS]


def _may_lead(matched: Matched) -> list[int]:
    """This will say which columns may name the customer: the account if words tell it."""
    fields = [column.field for column in matched.columns]
    told = [at for at, field in enumerate(fields) if field.endswith(".account")]
    return told or [at for at, field in enumerate(fields) if field in ("", "contact.organization")]


def _only_customers(
    files: Sequence[File], cells: Sequence[Sequence[Cells]], unclear: Sequence[bool]
) -> int | None:
    """This will find a list of customers that nothing leads to: no addresses, but a key."""
    for number, columns in enumerate(cells):
        fields = {column.field for column in files[number].matched.columns}
        people = any(looks.are_addresses(one.filled) for one in columns)
        if unclear[number] and not people and "contact.email" not in fields:
            return number
    return None


def _customers(file: File, cells: Sequence[Cells], chosen: Iterable[Link]) -> Matched:
    sheet = _sheet(file, cells, Entity.CUSTOMER)
    fill_customer(sheet, next(iter(chosen), None))
    return _done(sheet, file.rows)


def _others(file: File, cells: Sequence[Cells], link: Link | None) -> Matched:
    """This will fill a list of people, or of invoices."""
    if _are_invoices(cells):
        sheet = _sheet(file, cells, Entity.INVOICE)
        fill_invoice(sheet, link)
    else:
        sheet = _sheet(file, cells, Entity.CONTACT)
        fill_contact(sheet, link)
    return _done(sheet, file.rows)


def _are_invoices(cells: Sequence[Cells]) -> bool:
    people = any(looks.are_addresses(one.filled) for one in cells)
    dated = any(looks.are_dates(one.filled) for one in cells)
    return dated and not people and any(are_amounts(one.filled) for one in cells)


def _sheet(file: File, cells: Sequence[Cells], entity: Entity) -> Sheet:
    matched = file.matched
    if matched.entity is not entity:
        headers = [column.header for column in matched.columns]
        matched = matching.match(headers, file.rows, (), entity)
    return Sheet(entity, list(matched.columns), cells)


def _done(sheet: Sheet, rows: Rows) -> Matched:
    columns = [replace(column, form="") for column in sheet.columns]
    formed = forms.with_forms(columns, rows, sheet.entity)
    return Matched(mapping.GENERIC, sheet.entity, tuple(formed))
