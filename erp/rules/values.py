"""A cell of the file as the value we keep: cut, tidied, and read as what its field is."""

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from nameparser import HumanName

from contacts.rules.normalise import address_key, tidy
from erp.rules.fields import Field, Kind

YES_WORDS = "yes y true t 1 x on active a ja oui si sí s wahr vrai vero aktiv actif attivo tyes"
NO_WORDS = "no n false f 0 off inactive i nein non falsch faux falso inaktiv inactif inattivo tno"
YES, NO = frozenset(YES_WORDS.split()), frozenset(NO_WORDS.split())
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar janvier enero gennaio januari",
            "feb february februar fevrier février febrero febbraio februari",
            "mar march märz maerz mars marzo maart mär",
            "apr april avril abril aprile",
            "may mai mayo maggio mei",
            "jun june juni juin junio giugno",
            "jul july juli juillet julio luglio",
            "aug august août aout agosto augustus",
            "sep sept september septembre septiembre settembre",
            "oct october oktober octobre octubre ottobre okt",
            "nov november novembre noviembre",
            "dec december dezember décembre decembre diciembre dicembre dez",
        ),
        start=1,
    )
    for name in names.split()
}
DAY_FIRST = "dmy"
MONTH_FIRST = "mdy"
AFTER_ACCOUNT = "after_account"
LEADING_ACCOUNT = "leading_account"
FLAG = "flag"

_DATE_PARTS = re.compile(r"(\d{1,4})[./ -](\d{1,2}|[^\W\d_]{3,9})\.?[./ ,-]+(\d{1,4})(?!\d)")
_WORD_FIRST = re.compile(r"([^\W\d_]{3,9})\.? (\d{1,2}),? (\d{4})(?!\d)")
_AMOUNT = re.compile(r"[^\d,.()-]")
_PLAIN_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)")


class UnreadableValueError(ValueError):
    """The cell is not what its field is; the sentence names the cell's text."""


def clean(field: Field, cell: str, form: str = "", account: str = "") -> str:
    """This will give the value of a cell. Raises UnreadableValueError; too long is cut silently.

    Email and notes stay as typed: what is wrong with them is for the checks to say.
    """
    if field.kind is Kind.EMAIL or field.kind is Kind.NOTES:
        return cell[: field.most]
    value = one_line(cell)
    if not value:
        return ""
    if field.kind is Kind.DATE:
        return _date(value, form)
    if field.kind is Kind.YES_NO:
        return _yes_no(value)
    if field.kind is Kind.AMOUNT:
        return _amount(value)
    if form == AFTER_ACCOUNT and account and value.startswith(account):
        value = value.removeprefix(account).lstrip(" -:")
    elif form == LEADING_ACCOUNT:
        value = value.partition(" ")[0]
    return value[: field.most].rstrip()


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


@lru_cache(maxsize=20_000)
def split_name(text: str) -> dict[str, str]:
    """This will take a person's name apart: "Alvarez, Teresa" or "Dr. Teresa M. Alvarez"."""
    name = HumanName(text)
    last = " ".join(part for part in (name.last, name.suffix) if part)
    parts = {
        "salutation": name.title,
        "first_name": name.first,
        "middle_name": name.middle,
        "last_name": last,
    }
    if not (name.first or last):
        parts = {"last_name": text}
    return {key: value for key, value in parts.items() if value}


def date_order(samples: Iterable[str]) -> str:
    """This will tell from samples whether days or months come first; American when unclear."""
    for sample in samples:
        found = re.match(r"\s*(\d{1,2})([./-])(\d{1,2})[./-]\d{2,4}", sample)
        if not found:
            continue
        if int(found[1]) > 12 or found[2] == ".":  # noqa: PLR2004 - months
            return DAY_FIRST
        if int(found[3]) > 12:  # noqa: PLR2004 - months
            return MONTH_FIRST
    return MONTH_FIRST


def _date(text: str, order: str) -> str:
    if plain := _PLAIN_DATE.match(text):
        return _iso(int(plain[1]), int(plain[2]), int(plain[3]), text)
    if worded := _WORD_FIRST.match(text):
        return _iso(int(worded[3]), MONTHS.get(worded[1].lower(), 0), int(worded[2]), text)
    parts = _DATE_PARTS.match(text)
    if parts is None:
        message = f"“{text[:40]}” is no date."
        raise UnreadableValueError(message)
    first, second, third = parts.groups()
    if not second.isdigit():
        return _iso(_year(third), MONTHS.get(second.lower(), 0), int(first), text)
    if len(first) == 4:  # noqa: PLR2004 - a year
        return _iso(int(first), int(second), int(third), text)
    day, month = (first, second) if order == DAY_FIRST else (second, first)
    return _iso(_year(third), int(month), int(day), text)


def _year(text: str) -> int:
    year = int(text)
    if len(text) > 2:  # noqa: PLR2004 - written in full
        return year
    return year + (2000 if year < 70 else 1900)  # noqa: PLR2004 - as POSIX reads two digits


def _iso(year: int, month: int, day: int, text: str) -> str:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
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


def _amount(text: str) -> str:
    digits = _AMOUNT.sub("", text)
    negative = digits.startswith(("-", "(")) or digits.endswith("-")
    digits = digits.strip("()-")
    comma, point = digits.rfind(","), digits.rfind(".")
    if comma > point:
        thousands = len(digits) - comma == 4 and point == -1  # noqa: PLR2004 - "1,234"
        digits = digits.replace(",", "") if thousands else digits.replace(".", "").replace(",", ".")
    else:
        digits = digits.replace(",", "")
    try:
        amount = Decimal(digits).quantize(Decimal("0.01"))
    except InvalidOperation:
        message = f"“{text[:40]}” is no amount."
        raise UnreadableValueError(message) from None
    return f"{-amount if negative else amount:f}"
