"""The columns of a file sorted into the records that each row makes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from contacts.rules.words import Entity
from erp.rules.fields import FIELDS, Field, Kind
from erp.rules.mapping import Column
from erp.rules.values import BY_ID, BY_NAME, NAMED, OR_NAME, PATH

_NAMES = ("full_name", "last_name", "first_name")


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
    division: Cell | None = None
    derived: bool = False

    @cached_property
    def email_label(self) -> str:
        """The label of the column that holds the address; without one, of the person's name."""
        emails = [cell.label for cell in self.cells if cell.field.kind is Kind.EMAIL]
        names = [cell.label for cell in self.cells if cell.field.name in _NAMES]
        return next(iter(emails + names), "") if self.entity is Entity.CONTACT else "".join(emails)

    @cached_property
    def tells_more(self) -> bool:
        """Whether a customer's name, or its parent's, must be taken apart or looked up."""
        account = self.account.form if self.account else ""
        return account == BY_NAME or any(cell.form in (PATH, NAMED) for cell in self.cells)

    @property
    def names(self) -> frozenset[str]:
        """The fields this part can say something about, also those that follow from others."""
        told = {cell.field.name for cell in self.cells}
        if "inactive" in told:
            told = told - {"inactive"} | {"active"}
        if "full_name" in told:
            told |= {"first_name", "last_name", "middle_name"}
        if "place" in told:
            told = told - {"place"} | {"postal_code", "city", "state", "address2"}
        if self.entity is Entity.CONTACT:
            told.add("is_house_user")
        if self.entity is Entity.CUSTOMER and "name" in told:
            told.add("is_house_account")
        if any(cell.form == PATH for cell in self.cells):
            told.add("parent")
        if self.account:
            told.add("account")
        return frozenset(told)


@dataclass(frozen=True)
class Plan:
    """The records that each row of a file makes.

    Where firms and persons share the file, `firm` has the parts of a row that is a firm, and
    `kind` the column that tells. `as_above`: a blank account number is that of the row above.
    `name` is the column of the customer's name, by which it is found without a number.
    """

    parts: tuple[Part, ...]
    firm: tuple[Part, ...] = ()
    kind: Cell | None = None
    name: Cell | None = None

    @property
    def all_parts(self) -> tuple[Part, ...]:
        """The parts of every kind of row."""
        return self.parts + self.firm

    @property
    def links_by_name(self) -> bool:
        """Whether rows may name their customer, or its parent, by nothing but a name."""
        paths = any(cell.form in (PATH, NAMED) for part in self.all_parts for cell in part.cells)
        named = self.name is not None and self.parts[0].entity is not Entity.CUSTOMER
        return paths or named or bool(self.firm) or self.is_by_name or self.is_by_id

    @property
    def is_by_id(self) -> bool:
        """Whether rows name their customer by the key that another list has for it."""
        account = self.parts[0].account
        return account is not None and account.form == BY_ID

    @property
    def is_by_name(self) -> bool:
        """Whether a name may stand for the account number."""
        account = self.parts[0].account
        return bool(self.firm) or (account is not None and account.form in (BY_NAME, OR_NAME))


def plan(entity: Entity, columns: Sequence[Column]) -> Plan:
    """This will sort the columns of a file into the records that each row makes."""
    cells = _sorted(columns)
    main = cells.get((entity, 0), [])
    account, division, kind = (named(main, name) for name in ("account", "division", "is_company"))
    parts = []
    for (one, _slot), found in sorted(cells.items(), key=lambda item: item[0]):
        rest = tuple(cell for cell in found if cell.field.name not in _OF_ROW)
        if one is entity or (one is Entity.CUSTOMER and (account or entity is Entity.CONTACT)):
            parts.append(Part(one, rest, account, division, derived=one is not entity))
    by_name = entity is Entity.CONTACT and account is not None and account.form == BY_NAME
    if by_name and not any(part.derived for part in parts):
        parts.append(Part(Entity.CUSTOMER, (), account, derived=True))
    parts.sort(key=lambda part: part.derived)
    customer = cells.get((Entity.CUSTOMER, 0), [])
    name = named(main, "organization") or named(customer, "name")
    if kind is None:
        return Plan(tuple(parts), name=name)
    firm = _firm(parts, account, division)
    return Plan(tuple(part for part in parts if not part.derived), (firm,), kind, name)


_OF_ROW = frozenset({"account", "division", "is_company"})


def _sorted(columns: Sequence[Column]) -> dict[tuple[Entity, int], list[Cell]]:
    """This will put columns together by whose they are: entity, and person of a wide row."""
    labels = column_labels([column.header for column in columns])
    cells: dict[tuple[Entity, int], list[Cell]] = {}
    for at, column in enumerate(columns):
        if column.field:
            known = FIELDS[column.field]
            cell = Cell(at, labels[at], known, column.form)
            cells.setdefault((known.entity, column.slot), []).append(cell)
    return cells


def named(cells: Sequence[Cell], name: str) -> Cell | None:
    """This will give the column of a field, if there is one."""
    return next((cell for cell in cells if cell.field.name == name), None)


def _firm(parts: Sequence[Part], account: Cell | None, division: Cell | None) -> Part:
    """This will read the columns of people as those of a firm, for rows that are firms."""
    cells: dict[str, Cell] = {}
    for part in sorted(parts, key=lambda part: part.derived):
        for cell in part.cells:
            name = "name" if cell.field.name == "full_name" else cell.field.name
            if known := FIELDS.get(f"{Entity.CUSTOMER.value}.{name}"):
                cells.setdefault(name, Cell(cell.at, cell.label, known, cell.form))
    return Part(Entity.CUSTOMER, tuple(cells.values()), account, division)


def column_labels(headers: Sequence[str]) -> list[str]:
    """This will name columns; of equal heads the first is `Email[1]`, the second `Email[2]`."""
    names = [header.strip() for header in headers]
    seen: dict[str, int] = {}
    labels = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        labels.append(f"{name}[{seen[name]}]" if names.count(name) > 1 else name)
    return labels


def told_names(how: Plan) -> Mapping[str, list[str]]:
    """This will give the fields that a file can say something about, by entity."""
    found: dict[str, set[str]] = {}
    for part in how.all_parts:
        found.setdefault(part.entity.value, set()).update(part.names)
    return {entity: sorted(names) for entity, names in found.items()}
