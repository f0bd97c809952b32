"""Files that must not be taken: changed by a spreadsheet on the way, or with passwords in them."""

from collections.abc import Sequence

from erp.rules import looks
from erp.rules.mapping import Matched, header_key
from erp.rules.reading import UnreadableFileError

_KEYS = frozenset({"account", "own_id", "number", "code"})
_PHONES = frozenset({"phone", "fax", "sms_number", "alternate_phone"})
_SHORT_ZIP = 4
_PASSWORDS_WORDS = (
    "password passwd pwd passwordhash userpassword webpassword loginpassword passwort kennwort"
    " motdepasse contrasena wachtwoord senha losenord haslo adgangskode passord salasana"
    " parola portalpassword passphrase"
)
_PASSWORDS = frozenset(_PASSWORDS_WORDS.split())


def refuse_damaged(matched: Matched, rows: Sequence[Sequence[str]]) -> None:
    """This will raise UnreadableFileError for a list that a spreadsheet has opened and saved.

    A rounded key ("4.02E+11") proves it. Where keys are short their zeros may be gone without a
    trace: then telephones and dates or zips that were changed too tell of it.
    """
    seen: dict[str, tuple[str, str]] = {}
    for at, column in enumerate(matched.columns):
        name = column.field.rpartition(".")[2]
        cells = looks.column(rows, at)
        if name in _KEYS and (cell := looks.exponents(cells)):
            raise UnreadableFileError(_sentence([(column.header, cell)]))
        if name in _PHONES and (cell := looks.exponents(cells)):
            seen.setdefault("phone", (column.header, cell))
        elif cell := looks.cut_dates(cells):
            seen.setdefault("date", (column.header, cell))
        elif name == "postal_code" and (cell := _short_zip(cells)):
            seen.setdefault("zip", (column.header, cell))
    if "phone" in seen and len(seen) > 1:
        raise UnreadableFileError(_sentence(list(seen.values())))


def refuse_passwords(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """This will raise UnreadableFileError for a file that has passwords in a column."""
    for at, header in enumerate(headers):
        if header_key(header) in _PASSWORDS and looks.column(rows, at):
            sentence = (
                f"The column “{header.strip()}” holds passwords. They are never imported:"
                " everybody chooses a password when registering. Delete the column and send"
                " the file again."
            )
            raise UnreadableFileError(sentence)


def _short_zip(cells: Sequence[str]) -> str:
    """This will give a zip that lost its zero, when others of the column have five digits."""
    digits = [cell for cell in cells if cell.isdigit()]
    if not any(len(cell) == _SHORT_ZIP + 1 for cell in digits):
        return ""
    return next((cell for cell in digits if len(cell) == _SHORT_ZIP), "")


def _sentence(seen: Sequence[tuple[str, str]]) -> str:
    told = ", ".join(f"“{cell}” in the column {header}" for header, cell in seen)
    return (
        f"The file was opened and saved in a spreadsheet, which changed it: {told}."
        " Zeros in front of account numbers may be lost too. Export it again and send it"
        " without opening it."
    )
