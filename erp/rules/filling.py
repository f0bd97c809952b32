"""Give the columns of a list to fields by what stands in them, the surest first."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from contacts.rules.words import Entity
from erp.rules import looks
from erp.rules.leading import Cells, Link
from erp.rules.mapping import Column
from erp.rules.written import (
    are_amounts,
    are_countries,
    are_postcodes,
    are_streets,
    names_in,
    share_of_firms,
    share_of_pairs,
    share_with_digits,
)

GUESSED = 0.6
_MANY, _SELDOM, _LONG = 0.7, 0.6, 15
LED_TO = "Other files name these"
LEADS = "Stands in the list of customers"
OWN = "Every row has its own"


@dataclass
class Sheet:
    """A list of one entity whose columns are being found."""

    entity: Entity
    columns: list[Column]
    cells: Sequence[Cells]

    def has(self, name: str) -> bool:
        """This will say whether a field has its column."""
        return self.at(name) is not None

    def at(self, name: str) -> int | None:
        """This will give the column of a field."""
        path = f"{self.entity.value}.{name}"
        return next((at for at, one in enumerate(self.columns) if one.field == path), None)

    def free(self) -> list[Cells]:
        """The columns with cells and without a field."""
        return [one for one in self.cells if one.filled and not self.columns[one.at].field]

    def give(self, at: int | None, name: str, reason: str) -> None:
        """This will give a column to a field, unless the field has one or there is no column."""
        if at is None or self.has(name):
            return
        path = f"{self.entity.value}.{name}"
        self.columns[at] = Column(self.columns[at].header, path, 0, "", GUESSED, reason)

    def give_first(
        self, name: str, fits: Callable[[Sequence[str]], bool], reason: str
    ) -> int | None:
        """This will give the first free column whose cells fit to a field; where it stands."""
        if not self.has(name):
            found = (one.at for one in self.free() if fits(one.filled))
            self.give(next(found, None), name, reason)
        return self.at(name)


def fill_customer(sheet: Sheet, link: Link | None) -> None:
    """This will find a customer's columns; `link` is how another file leads to this one."""
    if link is not None:
        name = "name" if link.by_name else "account"
        sheet.give(link.key if not sheet.columns[link.key].field else None, name, LED_TO)
    sheet.give(_first_key(sheet), "account", OWN)
    sheet.give(_other_key(sheet), "own_id", OWN)
    sheet.give_first("email", looks.are_addresses, "Values are addresses")
    sheet.give(_first(one for one in sheet.free() if one.are_sites), "website", "Values are sites")
    sheet.give(_parent(sheet), "parent", "Stands in the same list")
    _fill_telephones(sheet, ("phone",))
    _fill_place(sheet)
    sheet.give(_name_of_firm(sheet), "name", "Values are names")


def fill_contact(sheet: Sheet, link: Link | None) -> None:
    """This will find a person's columns; `link` leads to the person's customer."""
    if link is not None:
        sheet.give(link.at, "organization" if link.by_name else "account", LEADS)
    sheet.give_first("email", looks.are_addresses, "Values are addresses")
    sheet.give(_first_key(sheet), "own_id", OWN)
    _fill_names(sheet)
    _fill_telephones(sheet, ("phone", "alternate_phone"))
    sheet.give(_notes(sheet), "notes", "Values are sentences")
    sheet.give(_job(sheet), "job_title", "Words that come again")


def fill_invoice(sheet: Sheet, link: Link | None) -> None:
    """This will find an invoice's columns; `link` leads to the customer who pays."""
    if link is not None and not link.by_name:
        sheet.give(link.at, "account", LEADS)
    sheet.give_first("issued_on", looks.are_dates, "Values are dates")
    sheet.give_first("due_on", looks.are_dates, "Values are dates")
    sums = [one for one in sheet.free() if are_amounts(one.filled)]
    if sums:
        sheet.give(max(sums, key=lambda one: len(one.different)).at, "amount", "Values are sums")
    codes = [one for one in sheet.free() if one.are_codes]
    if codes:
        sheet.give(max(codes, key=lambda one: len(one.different)).at, "number", OWN)


def _first(found: Iterable[Cells]) -> int | None:
    return next((one.at for one in found), None)


def _first_key(sheet: Sheet) -> int | None:
    return _first(one for one in sheet.free() if one.is_key and one.are_codes)


def _other_key(sheet: Sheet) -> int | None:
    """This will find the number that the system itself gives, beside the account number."""
    keys = (one for one in sheet.free() if one.is_key and one.are_codes)
    return _first(one for one in keys if one.is_serial or not are_postcodes(one.filled))


def _is_common(one: Cells) -> bool:
    """This will say whether more rows than not have a value."""
    return 2 * len(one.filled) > len(one.all)


def _of_its_own(sheet: Sheet) -> list[Cells]:
    """This will give free columns that do not say once more what another says.

    Such as the account number with the name behind it, or a first name beside the whole name.
    """
    told = [sheet.cells[at] for name in _SAID if (at := sheet.at(name)) is not None]
    return [one for one in sheet.free() if not any(_repeats(one, other) for other in told)]


def _repeats(one: Cells, other: Cells) -> bool:
    pairs = zip(one.all, other.all, strict=True)
    return looks.most(
        one.filled, (a != "" and b != "" and (a in b or a.startswith(b)) for a, b in pairs)
    )


_SAID = ("account", "full_name", "first_name", "last_name", "organization", "name")


def _parent(sheet: Sheet) -> int | None:
    """This will find the column that names other customers of the same list."""
    for name in ("account", "name"):
        at = sheet.at(name)
        if at is None:
            continue
        key = sheet.cells[at]
        for one in sheet.free():
            inside = one.different <= key.different and len(one.different) > 1
            if inside and len(one.filled) < len(one.all) and one.repeats:
                return one.at
    return None


def _fill_telephones(sheet: Sheet, names: Sequence[str]) -> None:
    for name in names:
        sheet.give(
            _first(one for one in sheet.free() if one.are_telephones), name, "Values are numbers"
        )


def _fill_place(sheet: Sheet) -> None:
    """This will find postcode, town beside it, street and country."""
    sheet.give_first("country", are_countries, "Values are countries")
    at = sheet.give_first("postal_code", are_postcodes, "Values are postcodes")
    streets = [one for one in _of_its_own(sheet) if are_streets(one.filled) and _is_common(one)]
    street = max(streets, key=lambda one: len(one.different), default=None)
    sheet.give(street.at if street else None, "address1", "Values are streets")
    if at is not None:
        beside = (one for one in sheet.free() if abs(one.at - at) == 1 and one.are_words)
        sheet.give(_first(one for one in beside if one.repeats), "city", "Beside the postcode")


def _name_of_firm(sheet: Sheet) -> int | None:
    """This will find the names of firms: words, nearly all different, best with a legal form."""
    named = [
        one for one in sheet.free() if one.are_words and len(one.different) >= _MANY * len(one.all)
    ]

    def likely(one: Cells) -> tuple[float, int]:
        return share_of_firms(one.filled) - share_with_digits(one.filled), -one.at

    return max(named, key=likely).at if named else None


def _fill_names(sheet: Sheet) -> None:
    """This will find a person's names: they stand in the addresses beside them."""
    at = sheet.at("email")
    if at is None or sheet.has("full_name") or (sheet.has("first_name") and sheet.has("last_name")):
        return
    addresses = sheet.cells[at].all
    found = {
        one.at: told
        for one in sheet.free()
        if one.are_words and (told := names_in(one.all, addresses))[0]
    }
    whole = [at for at in found if share_of_pairs(sheet.cells[at].filled) > _MANY]
    if whole and not (sheet.has("first_name") or sheet.has("last_name")):
        best = max(whole, key=lambda at: found[at][0])
        sheet.give(best, "full_name", "Stands in the addresses")
        return
    parts = sorted(found, key=lambda at: found[at][0], reverse=True)[:2]
    for name, at in zip(_parts(sheet, parts, found), parts, strict=True):
        sheet.give(at, name, "Stands in the addresses")


def _parts(sheet: Sheet, parts: Sequence[int], found: dict[int, tuple[float, float]]) -> list[str]:
    """This will say which part of a name columns are: addresses begin with the first name."""
    if sheet.has("first_name"):
        return ["last_name"] * len(parts)
    if sheet.has("last_name"):
        return ["first_name"] * len(parts)
    front = max(parts, key=lambda at: found[at][1], default=None)
    alone = len(parts) == 1 and found[parts[0]][1] <= _SELDOM
    return ["first_name" if at == front and not alone else "last_name" for at in parts]


def _notes(sheet: Sheet) -> int | None:
    """This will find remarks: longer than anything else, and in few rows."""
    said = [
        one
        for one in _of_its_own(sheet)
        if one.are_words and sum(map(len, one.filled)) > _LONG * len(one.filled)
    ]
    return (
        max(said, key=lambda one: sum(map(len, one.filled)) / len(one.filled)).at if said else None
    )


def _job(sheet: Sheet) -> int | None:
    """This will find what people do: words of which many have the same, right of the names."""
    names = [at for name in ("first_name", "last_name", "full_name") if (at := sheet.at(name))]
    for one in _of_its_own(sheet):
        again = 2 < len(one.different) < _SELDOM * len(one.filled)  # noqa: PLR2004 - yes and no are two
        if names and one.at > min(names) and again and one.are_words:
            return one.at
    return None
