"""A cell of the file as the value we keep: cut, tidied, and read as what its field is."""

import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from hashlib import blake2b

from contacts.rules.normalise import address_key, tidy
from erp.rules.dates import NoDateError, iso_date
from erp.rules.fields import Field, Kind

YES_WORDS = (
    "yes y true t 1 x on active a ja oui si sí s wahr vrai vero aktiv actif attivo activo tyes"
    " ano sim tak j verdadeiro verdadero prawda sand sann ativo aktywny enabled -1 ✓ ✔"
    " all alla alle alles tous todos tutti wszystkie kaikki"
    " company firma organisation organization société entreprise empresa azienda bedrijf företag"
    " virksomhed bedrift yritys unternehmen"
)
NO_WORDS = (
    "no n false f 0 off inactive i nein non falsch faux falso inaktiv inactif inattivo inactivo tno"
    " ne fałsz epätosi falskt não nao nie nej nei nee onwaar falsk inativo nieaktywny disabled -"
    " ship invoice payment frei"
    " individual person contact personne persona persoon osoba pessoa henkilö privatperson"
)
# Neither yes nor no: that an account is shut, whichever way the column asks.
SHUT_WORDS = "blocked closed locked suspended gesperrt geschlossen bloqué bloqueado bloccato baja"
SHUT = frozenset(SHUT_WORDS.split())
YES, NO = frozenset(YES_WORDS.split()), frozenset(NO_WORDS.split())
AFTER_ACCOUNT = "after_account"
LEADING_ACCOUNT = "leading_account"
FLAG = "flag"
BY_NAME = "by_name"  # the name is the number: programs that number nobody
OR_NAME = "or_name"  # the name is the number of those who have none
BY_ID = "by_id"  # the system's key of a customer, where its number should be
NAMED = "named"  # a customer is named where its number should be
PATH = "path"  # "Parent:Branch", the last part is the name
ADDRESS = "address"  # a cell that is no address is of another kind: a telephone number
COMMA, POINT = "comma", "point"  # the sign before the cents

_AMOUNT = re.compile(r"[^\d,.()-]")
_AS_TEXT = re.compile(r'="([^"]*)"|\'(.+)')
_WHOLE = re.compile(r"(\d+)\.0+")
_LABELLED = re.compile(
    r"\b(phone|tel|telephone|mobile|cell|fax)\w*\s*:\s*([^:]*?)(?=\s*\b[a-z]+\s*:|$)",
    re.IGNORECASE,
)
_NUMBERS = (Kind.NUMBER, Kind.PHONE)
_LONGEST_NUMBER = 64


class UnreadableValueError(ValueError):
    """The cell is not what its field is; the sentence names the cell's text."""


def clean(field: Field, cell: str, form: str = "", account: str = "") -> str:
    """This will give the value of a cell. Raises UnreadableValueError; too long is cut silently.

    Email and notes stay as typed: what is wrong with them is for the checks to say.
    """
    kind = field.kind
    if kind is Kind.EMAIL or kind is Kind.NOTES:
        return "" if form == ADDRESS and "@" not in cell else cell[: field.most]
    value = one_line(cell)
    if not value:
        return ""
    if kind is Kind.TEXT or kind is Kind.NAME:
        if form == AFTER_ACCOUNT and account and value.startswith(account):
            value = value.removeprefix(account).lstrip(" -:")
        elif form == LEADING_ACCOUNT:
            value = value.partition(" ")[0]
        elif form == PATH:
            value = value.rpartition(":")[2].strip()
        elif value[0] in "='":
            value = _unwrapped(value, field)
        return value[: field.most].rstrip()
    if kind in _NUMBERS:
        return _number(value, field, form)[: field.most].rstrip()
    if kind is Kind.YES_NO and value.casefold() in SHUT:
        return "true" if field.name == "inactive" else "false"
    return _typed(value, kind, form)[: field.most]


def _typed(value: str, kind: Kind, form: str) -> str:
    if kind is Kind.DATE:
        return _date(value, form)
    if kind is Kind.YES_NO:
        return _yes_no(value)
    if kind is Kind.AMOUNT:
        return _amount(value, form)
    return value


def one_line(cell: str) -> str:
    """This will tidy a cell; the common case, plain text without outer blanks, costs nothing."""
    if cell.isascii() and cell.isprintable() and "  " not in cell and cell.strip(" ") == cell:
        return cell
    return tidy(cell)


def comparable(name: str, value: str) -> str:
    """This will give the form in which values of a field are compared: case, blanks, A-label."""
    if name.endswith("email"):
        return address_key(value)
    return tidy(value).casefold()


def number_of_name(name: str) -> str:
    """This will give what stands for a number where a program knows its customers by name only."""
    if len(name) <= _LONGEST_NUMBER:
        return name
    return f"{name[:54].rstrip()} {blake2b(name.encode(), digest_size=4).hexdigest()}"


def decimal_sign(cells: Iterable[str]) -> str:
    """This will tell from amounts whether cents follow a comma or a point; nothing when unclear."""
    for cell in cells:
        digits = _AMOUNT.sub("", cell).strip("()-")
        comma, point = digits.rfind(","), digits.rfind(".")
        if comma >= 0 and point >= 0:
            return COMMA if comma > point else POINT
        for at, sign in ((comma, COMMA), (point, POINT)):
            if at >= 0 and len(digits) - at - 1 in (1, 2):
                return sign
            if at >= 0 and digits.count(digits[at]) > 1:  # "1.234.567"
                return POINT if sign == COMMA else COMMA
    return ""


def _number(value: str, field: Field, form: str) -> str:
    """This will give a number as it was meant: not as a spreadsheet wrote it."""
    if value[0] in "='":
        value = _unwrapped(value, field)
    if field.kind is Kind.PHONE:
        return _phone(value, field.name) if ":" in value else value
    if form == BY_NAME:
        return number_of_name(value)
    if form == LEADING_ACCOUNT:
        return value.partition(" ")[0]
    whole = _WHOLE.fullmatch(value) if value.endswith("0") else None
    return whole[1] if whole else value


def _unwrapped(value: str, field: Field) -> str:
    """This will take `="00123"` and `'00123` apart: how files tell spreadsheets "this is text"."""
    if field.kind is Kind.TEXT and field.name != "postal_code":
        return value
    found = _AS_TEXT.fullmatch(value)
    return (found[1] or found[2] or "") if found else value


def _phone(value: str, name: str) -> str:
    """This will take the right number out of "Phone:802-555-4871  Fax:802-555-0000"."""
    told = {found[1].lower(): found[2].strip() for found in _LABELLED.finditer(value)}
    if not told:
        return value
    wanted = {"fax": ("fax",), "sms_number": ("mobile", "cell")}
    others = ("phone", "telephone", "tel", "mobile", "cell")
    return next((told[one] for one in wanted.get(name, others) if one in told), "")


def _date(text: str, order: str) -> str:
    try:
        return iso_date(text, order)
    except NoDateError:
        message = f"“{text[:40]}” is no date."
        raise UnreadableValueError(message) from None


def _yes_no(text: str) -> str:
    word = text.casefold()
    if word in YES:
        return "true"
    if word in NO:
        return "false"
    message = f"“{text[:40]}” is neither yes nor no."
    raise UnreadableValueError(message)


def _amount(text: str, sign: str = "") -> str:
    digits = _AMOUNT.sub("", text)
    negative = digits.startswith(("-", "(")) or digits.endswith("-")
    digits = digits.strip("()-")
    comma, point = digits.rfind(","), digits.rfind(".")
    if sign:
        cents, thousands = (",", ".") if sign == COMMA else (".", ",")
        digits = digits.replace(thousands, "").replace(cents, ".")
    elif comma > point:
        is_thousand = len(digits) - comma == 4 and point == -1  # noqa: PLR2004 - "1,234"
        digits = digits.replace(",", "" if is_thousand else "D").replace(".", "").replace("D", ".")
    else:
        digits = digits.replace(",", "")
    try:
        amount = Decimal(digits).quantize(Decimal("0.01"))
    except InvalidOperation:
        message = f"“{text[:40]}” is no amount."
        raise UnreadableValueError(message) from None
    return f"{-amount if negative else amount:f}"
