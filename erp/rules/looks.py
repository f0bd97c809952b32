"""What a column is by what stands in its cells: codes, names, addresses, companies or persons."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from erp.rules.dates import is_date
from erp.rules.names import is_form_of_address
from erp.rules.values import NO, SHUT, YES

MOSTLY = 0.6
_MANY = 10
_EXPONENT = re.compile(r"\d(?:[.,]\d+)?E\+\d{1,2}")
_MONTH_YEAR = re.compile(r"[A-Z][a-zé]{2}-\d\d")
_ACTIVE_WORDS = "active inactive aktiv inaktiv actif inactif activo inactivo attivo ativo actief"
_ACTIVE = frozenset(_ACTIVE_WORDS.split())
_GUID = re.compile(r"\{?[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\}?")
_TITLE = re.compile(r"(dr|prof|dipl|ing|mag|ir|drs|mba|phd)\b\.?", re.IGNORECASE)
_CODE = re.compile(r"[\w./:-]+")
_KINDS = frozenset(
    {"company", "person", "individual", "contact", "firma", "organisation", "organization"}
    | {"société", "personne", "empresa", "persona", "azienda", "bedrijf", "persoon", "pessoa"}
)


def column(rows: Sequence[Sequence[str]], at: int) -> list[str]:
    """This will give the filled cells of a column."""
    return [cell for row in rows if at < len(row) and (cell := row[at].strip())]


def are_addresses(cells: Sequence[str]) -> bool:
    """This will say whether most cells hold an email address."""
    return most(cells, (("@" in cell) for cell in cells))


def are_names(cells: Sequence[str]) -> bool:
    """This will say whether cells are names, not codes: words with small letters and blanks."""
    return most(cells, (_is_name(cell) for cell in cells))


def are_dates(cells: Sequence[str]) -> bool:
    """This will say whether most cells hold a date."""
    return most(cells, (is_date(cell) for cell in cells))


def tell_companies(cells: Sequence[str]) -> bool:
    """This will say whether a column tells companies from persons, in words."""
    found = {cell.casefold() for cell in cells}
    return len(found) > 1 and found <= _KINDS and bool(found & YES) and bool(found & NO)


def are_unique(cells: Sequence[str]) -> bool:
    """This will say whether no value stands twice, in enough rows to mean something."""
    return len(cells) > 1 and len(set(cells)) == len(cells)


def are_all_the_same(cells: Sequence[str]) -> bool:
    """This will say whether a column has one value in all of many rows."""
    return len(cells) >= _MANY and len(set(cells)) == 1


def are_system_keys(cells: Sequence[str]) -> bool:
    """This will say whether cells are keys that only a program can have made (GUIDs)."""
    return bool(cells) and all(_GUID.fullmatch(cell) for cell in cells)


def are_titles(cells: Sequence[str]) -> bool:
    """This will say whether cells are academic titles: "Dr.", "Prof. Dr.", "Dipl.-Ing."."""
    return most(cells, (bool(_TITLE.match(cell)) for cell in cells))


def are_forms_of_address(cells: Sequence[str]) -> bool:
    """This will say whether most cells are forms of address or titles: "Mrs", "Herr", "Dr."."""
    return most(cells, (is_form_of_address(cell) for cell in cells))


def tell_activity(cells: Sequence[str]) -> bool:
    """This will say whether a column of words tells who is active and who is not."""
    found = {cell.casefold() for cell in cells}
    return bool(found & _ACTIVE) and found <= YES | NO | SHUT


def repeat_at_others(ids: Sequence[str], accounts: Sequence[str]) -> bool:
    """This will say whether an id means something only at its customer: others have it too."""
    at: dict[str, set[str]] = defaultdict(set)
    for one, account in zip(ids, accounts, strict=True):
        if one and account:
            at[one].add(account)
    return any(len(found) > 1 for found in at.values())


def exponents(cells: Iterable[str]) -> str:
    """This will give the first number that a spreadsheet has rounded: "4.02E+11"."""
    return next((cell for cell in cells if _EXPONENT.fullmatch(cell)), "")


def cut_dates(cells: Sequence[str]) -> str:
    """This will give the first date that lost its day or century to a spreadsheet: "Mar-25"."""
    if not cells or not all(_MONTH_YEAR.fullmatch(cell) for cell in cells):
        return ""
    return cells[0]


def _is_name(cell: str) -> bool:
    words = cell.split()
    if _CODE.fullmatch(cell) and any(mark.isdigit() for mark in cell):
        return False
    return len(words) > 1 and any(mark.isalpha() for mark in cell)


def most(cells: Sequence[str], hits: Iterable[bool]) -> bool:
    """This will say whether enough cells are hits to tell what the column is."""
    return bool(cells) and sum(hits) >= MOSTLY * len(cells)
