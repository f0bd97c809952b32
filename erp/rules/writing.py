"""Corrections as rows in the ERP's own columns, safe to open in a spreadsheet."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from erp.rules.fields import FIELDS, Kind
from erp.rules.keys import NAME_PARTS, cell_of
from erp.rules.mapping import Column
from erp.rules.values import DAY_FIRST, LEADING_ACCOUNT

# What spreadsheets take for a formula, also full-width, also behind blanks (OWASP CSV injection).
_RISKY = re.compile(r"[\s\x00]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n\x00]")
_NUMBER = re.compile(r"[+-]?[\d\s()./,-]*")
YES_NO = {"yes": "no", "true": "false", "y": "n", "t": "f", "1": "0", "x": "", "tyes": "tno"}
YES_NO |= {"active": "inactive", "a": "i", "ja": "nein", "oui": "non", "sí": "no", "si": "no"}


@dataclass(frozen=True)
class Correction:
    """One row to write: what the ERP said last, and our values where they differ.

    `cleared` are fields that are empty here and not there: a file cannot say so safely.
    """

    row_id: int
    base: Mapping[str, str]
    ours: Mapping[str, str]
    is_new: bool = False


@dataclass
class Sheet:
    """A file to write, and which rows could not be part of it: by row, the reason."""

    headers: list[str]
    rows: list[list[str]] = field(default_factory=list)
    written: list[int] = field(default_factory=list)
    withheld: dict[int, str] = field(default_factory=dict)


def is_risky(value: str) -> bool:
    """This will say whether a spreadsheet could run a value as a formula."""
    return bool(_RISKY.match(value))


def harmless(cell: str) -> str:
    """This will give a cell that no spreadsheet runs; a telephone number stays as it is.

    For rows on their way to a person, who corrects them: corrections to the ERP are never changed.
    """
    return f"'{cell}" if is_risky(cell) and not _NUMBER.fullmatch(cell) else cell


def build(columns: Sequence[Column], corrections: Sequence[Correction], prefix: str) -> Sheet:
    """This will lay corrections out in the ERP's columns: the key, and what is corrected anywhere.

    A cell that is not corrected in its row carries the ERP's last value. A row with a risky
    value is withheld as a whole, because nothing is ever put in front of a value.
    """
    wanted = _wanted(columns, corrections, prefix)
    sheet = Sheet([columns[at].header for at in wanted])
    for one in corrections:
        cells = {at: _cell(columns[at], one) for at in wanted}
        risky = next((at for at in wanted if is_risky(cells[at])), None)
        if risky is not None:
            value = f"“{cells[risky][:60]}” in {columns[risky].header}"
            sheet.withheld[one.row_id] = f"A spreadsheet could run {value} as a formula."
            continue
        sheet.rows.append([cells[at] for at in wanted])
        sheet.written.append(one.row_id)
    return sheet


def _wanted(columns: Sequence[Column], corrections: Sequence[Correction], prefix: str) -> list[int]:
    """This will choose the columns: the key's, those that are corrected, those new rows need."""
    names = {name for one in corrections for name in one.ours}
    names |= _also(names)
    has_id = any(column.field == f"{prefix}.own_id" for column in columns)
    keys = {"own_id"} if has_id else {"account", "full_name", *NAME_PARTS}
    if not has_id or any(one.is_new for one in corrections):
        keys.add("account")
    found = []
    for at, column in enumerate(columns):
        name = column.field.removeprefix(f"{prefix}.")
        if name != column.field and not column.slot and name in names | keys:
            found.append(at)
    return found


def _also(names: set[str]) -> set[str]:
    """This will name the columns that say the same in another way."""
    more = {"full_name"} if names & set(NAME_PARTS) else set()
    return more | ({"inactive"} if "active" in names else set())


def _cell(column: Column, one: Correction) -> str:
    name = column.field.rpartition(".")[2]
    told = "active" if name == "inactive" else name
    if name == "full_name" and set(one.ours) & set(NAME_PARTS):
        parts = {part: one.base.get(part, "") for part in NAME_PARTS} | dict(one.ours)
        return " ".join(parts[part] for part in NAME_PARTS if parts[part])
    if told not in one.ours:
        return cell_of(one.base, told)
    return _written(column, one.ours[told], cell_of(one.base, told))


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
