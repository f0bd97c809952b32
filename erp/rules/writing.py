"""Corrections as rows in the ERP's own columns, safe to open in a spreadsheet."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from contacts.rules.normalise import domain_key
from erp.rules.dates import DAY_FIRST
from erp.rules.fields import FIELDS, Kind
from erp.rules.keys import NAME_PARTS, cell_of
from erp.rules.mapping import Column
from erp.rules.values import LEADING_ACCOUNT

# What spreadsheets take for a formula, also full-width, also behind blanks (OWASP CSV injection).
_RISKY = re.compile(r"[\s\x00]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n\x00]")
_DISGUISED = re.compile(rf"'+(?:{_RISKY.pattern})")
_NUMBER = re.compile(r"[+-]?[\d\s()./,-]*")
YES_NO = {"yes": "no", "true": "false", "y": "n", "t": "f", "1": "0", "x": "", "tyes": "tno"}
YES_NO |= {"active": "inactive", "a": "i", "ja": "nein", "oui": "non", "sí": "no", "si": "no"}
UTF8 = "utf-8"
NO_COLUMN = "The ERP’s file has no column of its own for it."


@dataclass(frozen=True)
class Correction:
    """Our values of one record where they differ from what the ERP said last.

    In a wide file several people stand in one row: those with the same `place` share it, each
    in the columns of its `slot`; `others` has what the ERP said of the row's other people.
    """

    row_id: int
    base: Mapping[str, str]
    ours: Mapping[str, str]
    is_new: bool = False
    slot: int = 0
    place: str = ""
    others: Mapping[int, Mapping[str, str]] = field(default_factory=dict)


@dataclass
class Sheet:
    """A file to write, and which rows could not be part of it: by row, the reason.

    `left_out` are single values that were left out of rows that are written, with the reason.
    """

    headers: list[str]
    rows: list[list[str]] = field(default_factory=list)
    written: list[int] = field(default_factory=list)
    withheld: dict[int, str] = field(default_factory=dict)
    left_out: dict[tuple[int, str], str] = field(default_factory=dict)


@dataclass(frozen=True)
class Letters:
    """Which letters the ERP's file can hold, and whether domains are to be written in ASCII."""

    encoding: str = UTF8
    ascii_domains: bool = False

    def why_not(self, value: str) -> str:
        """This will say why a value cannot stand in the file; nothing when it can."""
        if is_risky(value):
            return f"A spreadsheet could run “{value[:60]}” as a formula."
        try:
            value.encode(self.encoding)
        except UnicodeEncodeError as error:
            return f"The ERP’s file cannot hold “{value[error.start]}”, which is in “{value[:60]}”."
        return ""

    def address(self, value: str) -> str:
        """This will write the domain of an address the way the ERP can take it."""
        local, at, domain = value.rpartition("@")
        if not at or domain.isascii():
            return value
        if self.ascii_domains or self.why_not(value):
            return f"{local}@{domain_key(domain)}"
        return value


def is_risky(value: str) -> bool:
    """This will say whether a spreadsheet could run a value as a formula."""
    return bool(_RISKY.match(value))


def harmless(cell: str) -> str:
    """This will give a cell that no spreadsheet runs; a telephone number stays as it is.

    For rows on their way to a person: corrections to the ERP are never changed. `as_meant` gives
    the cell back, also when it started with an apostrophe of its own.
    """
    runs = is_risky(cell) and not _NUMBER.fullmatch(cell)
    return f"'{cell}" if runs or _DISGUISED.match(cell) else cell


def as_meant(cell: str) -> str:
    """This will take away what `harmless` has put in front of a cell."""
    return cell[1:] if _DISGUISED.match(cell) else cell


def build(
    columns: Sequence[Column],
    corrections: Sequence[Correction],
    prefix: str,
    letters: Letters | None = None,
) -> Sheet:
    """This will lay corrections out in the ERP's columns: the key, and what is corrected anywhere.

    A cell that is not corrected in its row carries the ERP's last value. A value that a spreadsheet
    could run, or that the file cannot hold, is left out and told: nothing is ever put in front of
    it. Where the row says nothing without it, or cannot be known by its key, all of it is withheld.
    """
    letters = letters or Letters()
    sheet = Sheet([])
    told = {(column.field.removeprefix(f"{prefix}."), column.slot) for column in columns}
    checked = (_usable(one, _without_column(one, told), letters, sheet) for one in corrections)
    usable = [one for one in checked if one is not None]
    wanted = _wanted(columns, usable, prefix)
    sheet.headers = [columns[at].header for at in wanted]
    for row in _rows(usable):
        cells = [_cell(columns[at], row, letters) for at in wanted]
        pairs = zip((columns[at] for at in wanted), cells, strict=True)
        if why := next((_placed(column, why) for column, why in _faults(pairs, letters)), ""):
            sheet.withheld |= dict.fromkeys((one.row_id for one in row), why)
            continue
        sheet.rows.append(cells)
        sheet.written += [one.row_id for one in row]
    return sheet


def _without_column(one: Correction, told: set[tuple[str, int]]) -> dict[str, str]:
    """This will say which values have no column of their own in the file; of new rows none."""
    if one.is_new:
        return {}
    columns = {name for name, slot in told if slot == one.slot}
    columns |= {"active"} if "inactive" in columns else set()
    columns |= set(NAME_PARTS) if "full_name" in columns else set()
    return dict.fromkeys(set(one.ours) - columns, NO_COLUMN)


def _usable(
    one: Correction, no_column: Mapping[str, str], letters: Letters, sheet: Sheet
) -> Correction | None:
    """This will leave out the values of a correction that no file can carry."""
    whys = {name: letters.why_not(_value(name, value, letters)) for name, value in one.ours.items()}
    bad = {name: why for name, why in whys.items() if why} | dict(no_column)
    kept = {name: value for name, value in one.ours.items() if name not in bad}
    if bad and (not kept or "account" in bad):
        sheet.withheld[one.row_id] = next(iter(bad.values()))
        return None
    sheet.left_out |= {(one.row_id, name): why for name, why in bad.items()}
    return replace(one, ours=kept)


def _value(name: str, value: str, letters: Letters) -> str:
    return letters.address(value) if name in ("email", "sales_rep_email") else value


def _rows(corrections: Sequence[Correction]) -> Iterable[list[Correction]]:
    """This will put corrections of one row of the file together."""
    rows: dict[str, list[Correction]] = {}
    for one in corrections:
        rows.setdefault(one.place or f"#{one.row_id}", []).append(one)
    return rows.values()


def _faults(told: Iterable[tuple[Column, str]], letters: Letters) -> Iterable[tuple[Column, str]]:
    return ((column, why) for column, cell in told if (why := letters.why_not(cell)))


def _placed(column: Column, why: str) -> str:
    """This will name the column in a reason: “=9” becomes “=9” in Internal ID."""
    head, mark, tail = why.rpartition("”")
    return f"{head}{mark} in {column.header}{tail}"


def _wanted(columns: Sequence[Column], corrections: Sequence[Correction], prefix: str) -> list[int]:
    """This will choose the columns: the key's, those that are corrected, those new rows need."""
    has_id = any(column.field == f"{prefix}.own_id" for column in columns)
    keys = {"own_id"} if has_id else {"account", "division", "code", "full_name", *NAME_PARTS}
    if any(one.is_new for one in corrections):
        keys |= {"account", "division"}
    names = {0: keys}
    for one in corrections:
        told = set(one.ours)
        names[one.slot] = names.get(one.slot, set()) | told | _also(told)
    found = []
    for at, column in enumerate(columns):
        name = column.field.removeprefix(f"{prefix}.")
        if name != column.field and name in names.get(column.slot, ()):
            found.append(at)
    return found


def _also(names: set[str]) -> set[str]:
    """This will name the columns that say the same in another way."""
    more = {"full_name"} if names & set(NAME_PARTS) else set()
    return more | ({"inactive"} if "active" in names else set())


def _cell(column: Column, row: Sequence[Correction], letters: Letters) -> str:
    """This will write one cell of a row: what is corrected, else what the ERP said last."""
    name = column.field.rpartition(".")[2]
    told = "active" if name == "inactive" else name
    one = next((one for one in row if one.slot == column.slot), None)
    if one is None:
        said = row[0].base if told in ("account", "own_id") else {}
        return cell_of(row[0].others.get(column.slot, said), told)
    if name == "full_name" and set(one.ours) & set(NAME_PARTS):
        parts = {part: one.base.get(part, "") for part in NAME_PARTS} | dict(one.ours)
        return _full_name(parts, cell_of(one.base, "full_name"))
    if told not in one.ours:
        return cell_of(one.base, told)
    return _written(column, _value(told, one.ours[told], letters), cell_of(one.base, told))


def _full_name(parts: Mapping[str, str], before: str) -> str:
    """This will write a name in the order in which the ERP's cell had it."""
    first = " ".join(parts[part] for part in NAME_PARTS[:2] if parts[part])
    last = parts[NAME_PARTS[2]]
    if "," in before and first and last:
        return f"{last}, {first}"
    return f"{first} {last}".strip()


def _written(column: Column, value: str, before: str) -> str:
    """This will write a value the way the file writes its column."""
    known = FIELDS[column.field]
    if known.kind is Kind.YES_NO:
        wanted = value == "true"
        return _yes_no(wanted != (known.name == "inactive"), before)
    if known.kind is Kind.DATE and value:
        year, month, day = value.split("-")
        if column.form == DAY_FIRST:
            return f"{day}.{month}.{year}"
        return f"{int(month)}/{int(day)}/{year}" if column.form else value
    return value.partition(" ")[0] if column.form == LEADING_ACCOUNT else value


def _yes_no(wanted: bool, before: str) -> str:  # noqa: FBT001 - the value itself
    """This will write yes or no in the file's own word, as the cell was written before."""
    for yes, no in YES_NO.items():
        if before.lower() in (yes, no):
            word = yes if wanted else no
            return word.title() if before[:1].isupper() else word
    return "Yes" if wanted else "No"
