"""One row of a file as the records it tells of: a customer, people, an invoice."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from contacts.rules.words import Entity
from erp.rules.fields import FIELDS, Field, Kind
from erp.rules.house import is_house_account, is_house_user
from erp.rules.keys import NAME_PARTS, RAW, record_key
from erp.rules.mapping import Column
from erp.rules.values import FLAG, UnreadableValueError, clean, one_line, split_name


@dataclass(frozen=True)
class Cell:
    """Where a value of a record stands: its column's number and label, its field and form."""

    at: int
    label: str
    field: Field
    form: str


@dataclass(frozen=True)
class Part:
    """The columns that make one record of each row."""

    entity: Entity
    cells: tuple[Cell, ...]
    account: Cell | None
    derived: bool = False

    @property
    def email_label(self) -> str:
        """The label of the column that holds the address, or nothing."""
        return next((cell.label for cell in self.cells if cell.field.kind is Kind.EMAIL), "")

    @property
    def names(self) -> frozenset[str]:
        """The fields this part can say something about, also those that follow from others."""
        told = {cell.field.name for cell in self.cells}
        if "inactive" in told:
            told = told - {"inactive"} | {"active"}
        if "full_name" in told:
            told |= {"first_name", "last_name", "middle_name"}
        if self.entity is Entity.CONTACT:
            told.add("is_house_user")
        if self.entity is Entity.CUSTOMER and "name" in told:
            told.add("is_house_account")
        if self.account:
            told.add("account")
        return frozenset(told)


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


def plan(entity: Entity, columns: Sequence[Column]) -> list[Part]:
    """This will sort the columns of a file into the records that each row makes."""
    labels = column_labels([column.header for column in columns])
    cells: dict[tuple[Entity, int], list[Cell]] = {}
    for at, column in enumerate(columns):
        if column.field:
            known = FIELDS[column.field]
            cell = Cell(at, labels[at], known, column.form)
            cells.setdefault((known.entity, column.slot), []).append(cell)
    main = cells.get((entity, 0), [])
    account = next((cell for cell in main if cell.field.name == "account"), None)
    parts = []
    for (one, _slot), found in sorted(cells.items(), key=lambda item: item[0]):
        rest = tuple(cell for cell in found if cell.field.name != "account")
        parts.append(Part(one, rest, account, derived=one is not entity))
    return [part for part in parts if part.entity is entity or part.entity is Entity.CUSTOMER]


def column_labels(headers: Sequence[str]) -> list[str]:
    """This will name columns; the second of two equal heads is `Email[2]`."""
    seen: dict[str, int] = {}
    labels = []
    for header in headers:
        name = header.strip()
        seen[name] = seen.get(name, 0) + 1
        labels.append(name if seen[name] == 1 else f"{name}[{seen[name]}]")
    return labels


def read_row(parts: Sequence[Part], cells: Sequence[str]) -> RowRead:
    """This will read one row. A row that names no one has no records and a problem that says so."""
    read = RowRead()
    for part in parts:
        account = _account(part, cells)
        values = _values(part, cells, account, read.problems)
        key = record_key(part.entity, values)
        if _is_usable(part, key, account):
            label = part.email_label
            read.records.append(Record(part.entity, key, values, label, part.derived))
    if not any(not record.derived for record in read.records):
        read.problems.append(("", _why_nobody(parts[0].entity)))
        read.records = []
    return read


def _account(part: Part, cells: Sequence[str]) -> str:
    cell = part.account
    return clean(cell.field, cells[cell.at]) if cell else ""


def _values(
    part: Part, cells: Sequence[str], account: str, problems: list[tuple[str, str]]
) -> dict[str, str]:
    values: dict[str, str] = {}
    for name, value, raw in _cells(part, cells, account, problems):
        values[name] = value
        if raw != value:
            values[RAW + name] = raw
    if account:
        values["account"] = account
    if part.entity is Entity.CONTACT:
        _finish_contact(values)
    elif part.entity is Entity.CUSTOMER and is_house_account(values.get("name", "")):
        values["is_house_account"] = "true"
    return values


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
        if len(raw) > cell.field.most and len(one_line(raw)) > cell.field.most:
            problems.append((cell.label, _too_long(raw, cell.field)))
        if name == "inactive":
            name, value = "active", "false" if value == "true" else "true"
        if value:
            yield name, value, raw[: cell.field.most] if len(raw) > 2 * cell.field.most else raw


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


def _why_nobody(entity: Entity) -> str:
    if entity is Entity.CUSTOMER:
        return "The row has no account number."
    if entity is Entity.INVOICE:
        return "The row has no invoice number or no account number."
    return "The row has neither an ID nor an email address nor a name."


def told_names(parts: Sequence[Part]) -> Mapping[str, list[str]]:
    """This will give the fields that a file can say something about, by entity."""
    found: dict[str, set[str]] = {}
    for part in parts:
        found.setdefault(part.entity.value, set()).update(part.names)
    return {entity: sorted(names) for entity, names in found.items()}
