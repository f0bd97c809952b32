"""Columns whose head says little, and whose cells say what they are."""

from collections.abc import Sequence

from contacts.rules.words import Entity
from erp.rules import looks, synonyms
from erp.rules.mapping import SURE, Column, header_key
from erp.rules.vocabulary import BY_NAME, Taken, take, word_of, words_of
from erp.rules.wording import is_bare_number

LIKELY = 0.75
Rows = Sequence[Sequence[str]]


def with_titles(columns: list[Column], rows: Rows, taken: Taken) -> list[Column]:
    """This will tell "Title" as in Mrs from "Title" as in Buyer, by what stands in the cells."""
    for at, column in enumerate(columns):
        cells = looks.column(rows, at)
        is_title = header_key(column.header) in synonyms.TITLE
        if column.slot or not cells or not (is_title or (_is_job(column) and not column.field)):
            continue
        name = "salutation" if looks.are_forms_of_address(cells) else "job_title"
        if column.field == f"contact.{name}" or (name == "salutation" and not is_title):
            continue
        taken.discard((column.field, 0))
        columns[at] = take(column.header, f"contact.{name}", taken, SURE, "Values tell")
    return [
        take(column.header, "contact.job_title", taken, SURE, BY_NAME)
        if not column.field and _is_job(column) and header_key(column.header) not in synonyms.TITLE
        else column
        for column in columns
    ]


def _is_job(column: Column) -> bool:
    return word_of(column.header, words_of(Entity.CONTACT)) == "job_title"


def with_name_parts(columns: list[Column], rows: Rows, taken: Taken) -> list[Column]:
    """This will take a "Name" beside a first name for the last name, where it holds no more."""
    at = next((at for at, one in enumerate(columns) if one.field == "contact.full_name"), None)
    parts = [f"contact.{name}" for name in ("first_name", "last_name")]
    told = [at for at, column in enumerate(columns) if column.field in parts and not column.slot]
    if at is None or columns[at].slot or len(told) != 1:
        return columns
    pairs = [
        (row[told[0]].strip(), row[at].strip())
        for row in rows
        if max(told[0], at) < len(row) and row[told[0]].strip() and row[at].strip()
    ]
    if pairs and sum(part in name for part, name in pairs) < looks.MOSTLY * len(pairs):
        other = next(part for part in parts if part != columns[told[0]].field)
        taken.discard(("contact.full_name", 0))
        columns[at] = take(columns[at].header, other, taken, SURE, "Values tell")
    return columns


def with_addresses(columns: list[Column], rows: Rows, entity: Entity, taken: Taken) -> list[Column]:
    """This will find the column of addresses by what stands in it, when no head told."""
    for at, column in enumerate(columns):
        if not column.field and looks.are_addresses(looks.column(rows, at)):
            path = f"{entity.value}.email"
            found = take(column.header, path, taken, LIKELY, "Values are addresses")
            return [*columns[:at], found, *columns[at + 1 :]]
    return columns


def with_kind(columns: list[Column], rows: Rows, taken: Taken) -> list[Column]:
    """This will find the column that tells firms from persons, where both share the list."""
    for at, column in enumerate(columns):
        if ("contact.is_company", 0) not in taken and looks.tell_companies(looks.column(rows, at)):
            taken.discard((column.field, column.slot))
            columns[at] = take(column.header, "contact.is_company", taken, SURE, "Values tell")
    return columns


def with_bare_account(
    columns: list[Column], rows: Rows, entity: Entity, taken: Taken
) -> list[Column]:
    """This will take a bare "Code" for the account number, where it cannot be the person's own.

    It is the customer's where it repeats, where several people share a row, or where no firm
    has two rows.
    """
    path = f"{entity.value}.account"
    if (path, 0) in taken:
        return columns
    wide = any(column.slot for column in columns)
    firm = next((at for at, one in enumerate(columns) if _is_of_firm(one)), None)
    for at, column in enumerate(columns):
        cells = looks.column(rows, at)
        if column.field or (rows and not cells) or not is_bare_number(column.header):
            continue
        alone = firm is not None and looks.are_unique(looks.column(rows, firm))
        if entity is Entity.CUSTOMER or wide or alone or not looks.are_unique(cells):
            columns[at] = take(column.header, path, taken, SURE, "Numbers customers")
            break
    return columns


def _is_of_firm(column: Column) -> bool:
    name = word_of(column.header, words_of(Entity.CUSTOMER))
    return column.field == "contact.organization" or (not column.field and name == "name")


def with_own_id(columns: list[Column], rows: Rows, entity: Entity, taken: Taken) -> list[Column]:
    """This will find the record's own id: a bare "No." beside the account, or a system's key."""
    path = f"{entity.value}.own_id"
    if (path, 0) in taken:
        return columns
    number = (f"{entity.value}.account", 0) in taken
    for at, column in enumerate(columns):
        cells = looks.column(rows, at)
        if column.field or len(cells) < len(rows) or not looks.are_unique(cells):
            continue
        is_key = looks.are_system_keys(cells)
        if is_key or (number and entity is Entity.CONTACT and is_bare_number(column.header)):
            columns[at] = take(column.header, path, taken, SURE, "Every row has its own")
            break
    return columns


def with_activity(columns: list[Column], rows: Rows, entity: Entity, taken: Taken) -> list[Column]:
    """This will find out who is active from a column "Status" that says just that."""
    if {(f"{entity.value}.active", 0), (f"{entity.value}.inactive", 0)} & taken:
        return columns
    return [
        take(column.header, f"{entity.value}.active", taken, SURE, "Values tell")
        if not column.field
        and header_key(column.header) in synonyms.STATUS
        and looks.tell_activity(looks.column(rows, at))
        else column
        for at, column in enumerate(columns)
    ]
