"""One row of a file as the records it tells of: a customer, people, an invoice."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from contacts.rules.words import Entity
from erp.rules.fields import FIELDS, Field, Kind
from erp.rules.forms import AS_ABOVE
from erp.rules.house import is_house_account, is_house_user
from erp.rules.keys import NAME_PARTS, RAW, record_key
from erp.rules.names import split_name
from erp.rules.places import split_place
from erp.rules.plans import Cell, Part, Plan, named
from erp.rules.remarks import is_aside, may_be_aside
from erp.rules.values import (
    ADDRESS,
    BY_ID,
    BY_NAME,
    FLAG,
    NAMED,
    OR_NAME,
    PATH,
    UnreadableValueError,
    clean,
    number_of_name,
    one_line,
)


@dataclass
class Above:
    """What is known when a row is read: the customer of the row above, and firms by name."""

    account: str = ""
    find: Callable[[str], str] = field(default=lambda _name: "")
    elsewhere: Callable[[str], str] = field(default=lambda _name: "")
    of_id: Callable[[str], str] = field(default=lambda key: key)
    number: Callable[[str, str], str] = field(default=lambda name, _place: number_of_name(name))


@dataclass
class Record:
    """What a row says of one record. Only filled cells stand in `values`."""

    entity: Entity
    key: str
    values: dict[str, str]
    label: str = ""
    derived: bool = False

    @property
    def own_id(self) -> str:
        """The record's own id in the file."""
        return self.values.get("own_id", "")

    @property
    def account(self) -> str:
        """The account number of the record's customer."""
        return self.values.get("account", "")


@dataclass
class RowRead:
    """The records of a row and what could not be read: (column, sentence)."""

    records: list[Record] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)


def read_row(how: Plan, cells: Sequence[str], above: Above | None = None) -> RowRead:
    """This will read one row; `above` is kept up to date from row to row.

    A row that names no one has no records and a problem that says so; totals and what a report
    prints between rows have neither.
    """
    above = above or Above()
    parts = how.firm if how.kind and _is_yes(how.kind, cells) else how.parts
    account = _account(parts[0], cells)
    read = RowRead()
    doubtful = not account or (not account[0].isdigit() and may_be_aside(account))
    if doubtful and is_aside(cells):
        return read
    is_known = False
    if account:
        if parts[0].account and parts[0].account.form:
            account = _told_apart(parts, cells, account, above)
        above.account = account
    else:
        account, is_known = _account_by_other_means(how, parts, cells, above)
    for part in parts:
        values = _values(part, cells, account, read.problems)
        _add_customer(values, part, how, cells, above)
        key = record_key(part.entity, values)
        if _is_usable(part, key, account):
            derived = part.derived or is_known
            read.records.append(Record(part.entity, key, values, part.email_label, derived))
    if is_known or any(not record.derived for record in read.records):
        return read
    _note_nobody(parts, cells, read)
    return read


def customer_of(how: Plan, cells: Sequence[str]) -> tuple[str, str, str]:
    """This will give name, number and place of the customer that a row tells of, else nothing."""
    parts = how.firm if how.kind and _is_yes(how.kind, cells) else how.parts
    told = _customer_part(parts)
    name = _name_cell(told) if told else None
    if told is None or name is None:
        return "", "", ""
    number = _account(told, cells) or _account_by_other_means(how, parts, cells, Above())[0]
    return _text(name, cells), number, _place(told, cells)


def own_key(how: Plan, cells: Sequence[str]) -> str:
    """This will give the key that the system has for the customer of a row, in a list of these."""
    told = _customer_part(how.firm if how.kind and _is_yes(how.kind, cells) else how.parts)
    cell = named(told.cells, "own_id") if told else None
    return clean(cell.field, cells[cell.at]) if cell else ""


def ids_of(how: Plan, rows: Sequence[Sequence[str]]) -> set[str]:
    """This will give the numbers, or keys, by which rows name their customers."""
    return {number for cells in rows if (number := _account(how.parts[0], cells))}


def wanted_names(how: Plan, cells: Sequence[str]) -> list[str]:
    """This will give the names by which a row looks for its customer, or for that one's parent."""
    names = [
        _text(cell, cells).rpartition(":")[0]
        for part in how.all_parts
        for cell in part.cells
        if cell.form == PATH
    ]
    names += [
        _text(cell, cells) for part in how.all_parts for cell in part.cells if cell.form == NAMED
    ]
    if not _account(how.parts[0], cells):
        names += [_text(cell, cells) for cell in (how.name, *map(_name_cell, how.firm)) if cell]
    return [name for name in names if name]


def _account(part: Part, cells: Sequence[str]) -> str:
    """This will give the number in a row, with the division in front where that is not zero."""
    cell = part.account
    number = clean(cell.field, cells[cell.at], cell.form) if cell else ""
    if number and part.division:
        division = clean(part.division.field, cells[part.division.at])
        if division.strip("0"):
            return f"{division}-{number}"
    return number


def _account_by_other_means(
    how: Plan, parts: Sequence[Part], cells: Sequence[str], above: Above
) -> tuple[str, bool]:
    """This will find the customer of a row without a number: in the row above, or by its name.

    Also says whether a firm of that name has its own row in another list, which knows it better.
    """
    form = parts[0].account.form if parts[0].account else ""
    if form == AS_ABOVE:
        return above.account, False
    told = _customer_part(parts)
    if told and (form == OR_NAME or how.kind):
        cell = _name_cell(told)
        name = _text(cell, cells) if cell else ""
        known = above.elsewhere(name) if name and how.kind else ""
        number = above.number(name, _place(told, cells)) if name else ""
        return (known, True) if known else (number, False)
    if how.name and parts[0].entity is not Entity.CUSTOMER:
        name = _text(how.name, cells)
        return (above.find(name) if name else ""), False
    return "", False


def _told_apart(parts: Sequence[Part], cells: Sequence[str], account: str, above: Above) -> str:
    """This will give the number meant by a name, told apart from its namesakes, or by a key."""
    cell, told = parts[0].account, _customer_part(parts)
    if cell is not None and cell.form == BY_ID:
        return above.of_id(account)
    if cell is None or cell.form != BY_NAME or told is None:
        return account
    return above.number(_text(cell, cells), _place(told, cells))


def _place(part: Part, cells: Sequence[str]) -> str:
    """This will give where a customer is: its zip, else its city or street."""
    found = (named(part.cells, name) for name in ("postal_code", "place", "city", "address1"))
    return next((text for cell in found if cell and (text := _text(cell, cells))), "")


def _customer_part(parts: Sequence[Part]) -> Part | None:
    return next((part for part in parts if part.entity is Entity.CUSTOMER), None)


def _name_cell(part: Part) -> Cell | None:
    """This will give the column of a customer's name; some programs have no other number."""
    if part.account and part.account.form == BY_NAME:
        return named(part.cells, "name") or part.account
    return named(part.cells, "name")


def _text(cell: Cell, cells: Sequence[str]) -> str:
    return one_line(cells[cell.at])


def _is_yes(cell: Cell, cells: Sequence[str]) -> bool:
    try:
        return clean(cell.field, cells[cell.at]) == "true"
    except UnreadableValueError:
        return False


def _add_customer(
    values: dict[str, str], part: Part, how: Plan, cells: Sequence[str], above: Above
) -> None:
    """This will add what a name says of a customer: its parent, and the firm of one unknown."""
    if part.entity is Entity.CONTACT:
        if how.name and "account" not in values and (name := _text(how.name, cells)):
            values.setdefault("organization", name[: FIELDS["contact.organization"].most])
        return
    if part.entity is not Entity.CUSTOMER or not part.tells_more:
        return
    parent, cell = named(part.cells, "parent"), _name_cell(part)
    if parent and parent.form == NAMED and "parent" in values:
        values["parent"] = above.find(values["parent"]) or values["parent"]
    if cell is None or cell.form not in (PATH, BY_NAME):
        return
    path, _, name = _text(cell, cells).rpartition(":")
    values["name"] = name.strip()[: FIELDS["customer.name"].most]
    found = number_of_name(path) if cell.form == BY_NAME else above.find(path)
    if path and found:
        values["parent"] = found


_EXTRA = "extra:"


def _values(
    part: Part, cells: Sequence[str], account: str, problems: list[tuple[str, str]]
) -> dict[str, str]:
    values: dict[str, str] = {}
    places: list[str] = []
    extras: dict[str, str] = {}
    for name, value, raw in _cells(part, cells, account, problems):
        if name == "place":
            places.append(value)
        elif name.startswith(_EXTRA):
            extras[name.removeprefix(_EXTRA)] = value
        else:
            values[name] = value
            if raw != value:
                values[RAW + name] = raw
    _add_places(values, places)
    if extras:
        values["custom"] = json.dumps(extras, ensure_ascii=False, sort_keys=True)
    if account:
        values["account"] = account
    if part.entity is Entity.CONTACT:
        _finish_contact(values)
    elif part.entity is Entity.CUSTOMER and is_house_account(values.get("name", "")):
        values["is_house_account"] = "true"
    return values


def _add_places(values: dict[str, str], places: Sequence[str]) -> None:
    """This will add zip and city from one cell; what is no such place is a second line."""
    for place in places:
        for name, value in (split_place(place) or {"address2": place}).items():
            values.setdefault(name, value)


def _cells(
    part: Part, cells: Sequence[str], account: str, problems: list[tuple[str, str]]
) -> Iterator[tuple[str, str, str]]:
    """This will give field, value and cell of every cell that says something."""
    for cell in part.cells:
        raw = cells[cell.at]
        name = cell.field.name
        if not raw or raw.isspace():
            if name == "inactive" or (name == "active" and cell.form == FLAG):
                yield "active", "true" if name == "inactive" else "false", raw
            continue
        try:
            value = clean(cell.field, raw, cell.form, account)
        except UnreadableValueError as error:
            problems.append((cell.label, f"{error} The rest of the row is used."))
            continue
        if len(raw) > cell.field.most and _is_cut(cell.field, raw):
            problems.append((cell.label, _too_long(raw, cell.field)))
        if name == "inactive":
            name, value = "active", "false" if value == "true" else "true"
        if name == "custom":
            name = f"{_EXTRA}{cell.label}"
        if value:
            yield name, value, raw[: cell.field.most] if len(raw) > 2 * cell.field.most else raw


def _is_cut(known: Field, raw: str) -> bool:
    """This will say whether a cell is longer than what is kept of it."""
    return known.kind not in _SHORT and len(one_line(raw)) > known.most


_SHORT = (Kind.YES_NO, Kind.DATE, Kind.AMOUNT)


def _too_long(raw: str, known: Field) -> str:
    return f"The cell has {len(raw):,} characters; the first {known.most:,} are kept."


def _finish_contact(values: dict[str, str]) -> None:
    full_name = values.get("full_name", "")
    if full_name and not any(values.get(name) for name in NAME_PARTS):
        limits = {name: FIELDS[f"contact.{name}"].most for name in ("salutation", *NAME_PARTS)}
        for name, text in split_name(full_name).items():
            values.setdefault(name, text[: limits[name]])
    name = full_name or values.get("last_name", "")
    if is_house_user(values.get("username", ""), values.get("account", ""), name):
        values["is_house_user"] = "true"


def _is_usable(part: Part, key: str, account: str) -> bool:
    if not key:
        return False
    if part.entity is Entity.CUSTOMER or part.entity is Entity.INVOICE:
        return bool(account)
    return True


def _note_nobody(parts: Sequence[Part], cells: Sequence[str], read: RowRead) -> None:
    """This will say why a row made nobody. A customer without a person is still a customer.

    A row that has something only where no column is used is none of the list's: a footing.
    """
    if any("name" in record.values for record in read.records):
        return
    read.records = []
    ats = {cell.at for part in parts for cell in part.cells if cell.form != ADDRESS}
    ats |= {part.account.at for part in parts if part.account}
    if any(cells[at] and not cells[at].isspace() for at in ats):
        read.problems.append(("", _why_nobody(parts[0].entity)))


def _why_nobody(entity: Entity) -> str:
    if entity is Entity.CUSTOMER:
        return "The row has no account number."
    if entity is Entity.INVOICE:
        return "The row has no invoice number, or no account number that is known."
    return "The row has neither an ID nor an email address nor a name."
