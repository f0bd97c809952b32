"""Dates as files write them: day or month first, words in several languages, serial numbers."""

import re
from collections.abc import Iterable
from datetime import date, timedelta

DAY_FIRST = "dmy"
MONTH_FIRST = "mdy"

_NAMES = """
jan january januar janvier janv enero ene gennaio gen januari janeiro stycznia styczen sty
feb february februar fevrier février fevr févr febrero febbraio februari fevereiro fev lutego luty
mar march märz maerz mars marzo maart mär mrt março marco marca marzec
apr april avril avr abril abr aprile kwietnia kwiecien kwi
may mai mayo maggio mag mei maj maio maja
jun june juni juin junio giugno giu junho czerwca czerwiec cze
jul july juli juillet juil julio luglio lug julho lipca lipiec lip
aug august août aout agosto ago augustus augusti sierpnia sierpien sie
sep sept september septembre septiembre settembre set setembro wrzesnia września wrzesien wrz
oct october oktober octobre octubre ottobre ott okt outubro out pazdziernika października paz
nov november novembre noviembre novembro listopada listopad lis
dec december dezember décembre decembre diciembre dicembre dez dic dezembro grudnia gru
"""
_LINES = enumerate(_NAMES.strip().splitlines(), 1)
MONTHS = {name: number for number, names in _LINES for name in names.split()}

_PARTS = re.compile(
    r"(\d{1,4})(?:\.|/|-| |(?<=\d)(?=[^\W\d_]))+(?:de )?(\d{1,2}|[^\W\d_]{3,12})\.?"
    r"(?:[./ ,-]| de )+(\d{1,4})(?!\d)"
)
_WORD_FIRST = re.compile(r"([^\W\d_]{3,9})\.? (\d{1,2}),? (\d{4})(?!\d)")
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?!\d)")
_COMPACT = re.compile(r"((?:19|20)\d\d)(0[1-9]|1[0-2])([0-2]\d|3[01])")
_SERIAL = re.compile(r"([2-6]\d{4})(?:\.\d+)?")
_ORDER = re.compile(r"\s*(\d{1,2})([./-])(\d{1,2})[./-]\d{2,4}")
_NONE = re.compile(r"[0./:\s-]+|(0?1)[./-]\1[./-](1753|1900)|1(753|900)-01-01.*")
_FIRST_DAY = date(1899, 12, 30)  # as spreadsheets count days
_MONTHS = 12


class NoDateError(ValueError):
    """The text is no date."""


def date_order(samples: Iterable[str]) -> str:
    """This will tell from samples whether days or months come first; nothing when all fit both."""
    for sample in samples:
        found = _ORDER.match(sample)
        if not found:
            continue
        if int(found[1]) > _MONTHS:
            return DAY_FIRST
        if int(found[3]) > _MONTHS:
            return MONTH_FIRST
        if found[2] == ".":
            return DAY_FIRST
    return ""


def is_date(text: str) -> bool:
    """This will say whether a cell holds a date in one of the usual ways."""
    try:
        return bool(iso_date(text, DAY_FIRST)) and not text.strip().isdigit()
    except NoDateError:
        try:
            return bool(iso_date(text, MONTH_FIRST))
        except NoDateError:
            return False


def iso_date(text: str, order: str) -> str:
    """This will give a date as ISO, or nothing for a date that stands for none (0000-00-00).

    Raises NoDateError.
    """
    if _NONE.fullmatch(text):
        return ""
    if serial := _SERIAL.fullmatch(text):
        return (_FIRST_DAY + timedelta(days=int(serial[1]))).isoformat()
    if plain := _ISO.match(text) or _COMPACT.fullmatch(text):
        return _iso(int(plain[1]), int(plain[2]), int(plain[3]))
    if worded := _WORD_FIRST.match(text):
        return _iso(int(worded[3]), MONTHS.get(worded[1].lower(), 0), int(worded[2]))
    return _by_parts(text, order)


def _by_parts(text: str, order: str) -> str:
    parts = _PARTS.match(text)
    if parts is None:
        raise NoDateError
    first, second, third = parts.groups()
    if not second.isdigit():
        return _iso(_year(third), MONTHS.get(second.lower(), 0), int(first))
    if len(first) == 4:  # noqa: PLR2004 - a year
        return _iso(int(first), int(second), int(third))
    day, month = (first, second) if order == DAY_FIRST else (second, first)
    return _iso(_year(third), int(month), int(day))


def _year(text: str) -> int:
    year = int(text)
    if len(text) > 2:  # noqa: PLR2004 - written in full
        return year
    return year + (2000 if year < 70 else 1900)  # noqa: PLR2004 - as POSIX reads two digits


def _iso(year: int, month: int, day: int) -> str:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        raise NoDateError from None
