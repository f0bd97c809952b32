"""How the cells of a column are written, where only the cells themselves can tell."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from contacts.rules.normalise import domain_of
from contacts.rules.words import Entity
from erp.rules import looks
from erp.rules.dates import DAY_FIRST, MONTH_FIRST, date_order
from erp.rules.fields import FIELDS, Kind
from erp.rules.mapping import Column, header_key
from erp.rules.values import COMMA, FLAG, NAMED, decimal_sign

AS_ABOVE = "as_above"  # a blank account number is that of the row above
LINES = "lines"  # an invoice has several rows, one for each of its lines
_PLACE = ("address1", "address2", "city", "state", "province", "postal_code", "country", "place")
_NUMBERS = ("phone", "fax")
_ALIKE = ("postal_code", "place", "city", "phone", "address1")
_ENOUGH = 0.1
_DAY_FIRST_HEADS = (
    "kunde kunden rechnung datum firma strasse plz ort telefon facture societe adresse ville"
    " cliente factura fecha ciudad fattura azienda citta klant factuur fatura faktura miasto data"
    " telefoon plaats stad postnr kundnr kundenr nazwa cidade cep debitor konto naam woonplaats"
    " postcode town county vat"
)
_DAY_FIRST_WORDS = tuple(_DAY_FIRST_HEADS.split())
Rows = Sequence[Sequence[str]]


def with_forms(columns: Sequence[Column], rows: Rows, entity: Entity) -> list[Column]:
    """This will note on columns how their cells are written; what a preset says stays."""
    order = _order_of_dates(columns, rows)
    sign = _sign_of_amounts(columns, rows)
    done = [
        column if column.form else replace(column, form=_form(column.field, rows, at, order, sign))
        for at, column in enumerate(columns)
    ]
    at = _at(done, "customer.parent")
    if at is not None and not done[at].form and looks.are_names(looks.column(rows, at)):
        done[at] = replace(done[at], form=NAMED)
    if entity is Entity.CONTACT:
        done = _with_code(done, rows)
        at = _at(done, "contact.account")
        mixed = _at(done, "contact.is_company") is not None
        if at is not None and not mixed and not done[at].form and _stands_above(done, rows, at):
            done[at] = replace(done[at], form=AS_ABOVE)
    if entity is Entity.INVOICE:
        at = _at(done, "invoice.amount")
        if at is not None and _has_lines(done, rows, at):
            done[at] = replace(done[at], form=LINES)
    return done


def form_of(field: str, rows: Rows, at: int) -> str:
    """This will tell from cells how one column is written, when a person chose its field."""
    cells = looks.column(rows, at)
    order = date_order(cells) or MONTH_FIRST
    return _form(field, rows, at, order, decimal_sign(cells))


def of_the_customer(columns: list[Column], rows: Rows) -> list[Column]:
    """This will give an address that all people of a customer share to the customer.

    Where each row is one customer, with the people in it, its telephone is the customer's too.
    """
    taken = {column.field for column in columns}
    account = _at(columns, "contact.account")
    if account is None or "customer.name" not in taken:
        return columns
    wide = any(column.slot for column in columns)
    numbers = _accounts(rows, account)
    names = _PLACE + _NUMBERS * wide
    done = []
    for at, column in enumerate(columns):
        name = column.field.removeprefix("contact.")
        moves = name in names and not column.slot and f"customer.{name}" not in taken
        if moves and _is_shared(rows, at, numbers):
            done.append(replace(column, field=f"customer.{name}"))
        else:
            done.append(column)
    return done


def _form(field: str, rows: Rows, at: int, order: str, sign: str) -> str:
    kind = FIELDS[field].kind if field else Kind.TEXT
    if kind is Kind.DATE:
        return order
    if kind is Kind.AMOUNT:
        return sign
    if kind is Kind.YES_NO:
        cells = {row[at].strip().lower() for row in rows if at < len(row)}
        return FLAG if cells == {"", "x"} else ""
    return ""


def _order_of_dates(columns: Sequence[Column], rows: Rows) -> str:
    """This will tell whether days come first, from all date columns, else from signs of a place.

    One program writes all its dates in one way. American when nothing speaks against it.
    """
    for at, column in enumerate(columns):
        is_date = bool(column.field) and FIELDS[column.field].kind is Kind.DATE
        if is_date and (order := date_order(looks.column(rows, at))):
            return order
    if _sign_of_amounts(columns, rows) == COMMA:
        return DAY_FIRST
    keys = [header_key(column.header) for column in columns]
    return DAY_FIRST if any(key.startswith(_DAY_FIRST_WORDS) for key in keys) else MONTH_FIRST


def _sign_of_amounts(columns: Sequence[Column], rows: Rows) -> str:
    for at, column in enumerate(columns):
        is_amount = bool(column.field) and FIELDS[column.field].kind is Kind.AMOUNT
        if is_amount and (sign := decimal_sign(looks.column(rows, at))):
            return sign
    return ""


def _with_code(columns: list[Column], rows: Rows) -> list[Column]:
    """This will tell an id that means something only at its customer from one that names alone."""
    own, account = _at(columns, "contact.own_id"), _at(columns, "contact.account")
    if own is None or account is None:
        return columns
    ids = [row[own].strip() if own < len(row) else "" for row in rows]
    if looks.repeat_at_others(ids, _accounts(rows, account)):
        reason = "Others have the same code"
        columns[own] = replace(columns[own], field="contact.code", reason=reason)
    return columns


def _stands_above(columns: Sequence[Column], rows: Rows, account: int) -> bool:
    """This will say whether rows without an account number belong to the customer above them.

    They do where they name no other customer, and share its zip, city, phone or mail domain.
    """
    name = _at(columns, "customer.name")
    people = [at for at, column in enumerate(columns) if column.field.startswith("contact.")]
    alike = [
        at
        for at, column in enumerate(columns)
        if column.field.partition(".")[2] in _ALIKE and not column.slot
    ]
    email = _at(columns, "contact.email")
    above: Sequence[str] = ()
    blank = agree = differ = 0
    for row in rows:
        if _cell(row, account):
            above = row
        elif above and any(_cell(row, at) for at in people):
            if name is not None and _cell(row, name) not in ("", _cell(above, name)):
                return False
            blank += 1
            same = _same(row, above, alike, email)
            agree += same is True
            differ += same is False
    if agree or differ:
        return agree >= 2 * differ and agree > 0
    return name is not None and blank > 0 and blank >= _ENOUGH * len(rows)


def _same(
    row: Sequence[str], above: Sequence[str], ats: list[int], email: int | None
) -> bool | None:
    """This will say whether a row shares the customer of the one above; None: it cannot tell."""
    both = [at for at in ats if _cell(row, at) and _cell(above, at)]
    if both:
        return any(_cell(row, at) == _cell(above, at) for at in both)
    if email is None:
        return None
    domain = domain_of(_cell(row, email))
    return True if domain and domain == domain_of(_cell(above, email)) else None


def _has_lines(columns: Sequence[Column], rows: Rows, amount: int) -> bool:
    """This will say whether an invoice stands in several rows that have amounts of their own."""
    number = _at(columns, "invoice.number")
    if number is None:
        return False
    amounts: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        if _cell(row, number):
            amounts[_cell(row, number)].add(_cell(row, amount))
    return any(len(found) > 1 for found in amounts.values())


def _is_shared(rows: Rows, at: int, numbers: Sequence[str]) -> bool:
    """This will say whether all rows of a customer have the same in a column."""
    found: dict[str, set[str]] = defaultdict(set)
    for row, number in zip(rows, numbers, strict=True):
        if cell := _cell(row, at):
            found[number].add(cell)
    return all(len(cells) == 1 for number, cells in found.items() if number)


def _accounts(rows: Rows, at: int) -> list[str]:
    """This will give the account number of each row, that of the row above where it is blank."""
    numbers: list[str] = []
    for row in rows:
        numbers.append(_cell(row, at) or (numbers[-1] if numbers else ""))
    return numbers


def _at(columns: Sequence[Column], field: str) -> int | None:
    return next((at for at, column in enumerate(columns) if column.field == field), None)


def _cell(row: Sequence[str], at: int) -> str:
    return row[at].strip() if at < len(row) else ""
