"""Rows that are no records: totals, page headings, when and by whom a report was printed."""

import re
from collections.abc import Sequence

_TOTAL = re.compile(
    r"\W*((grand|sub|sous|report|overall)[\s-]*)?(totals?|totale|totaal|totaux|totales|summe"
    r"|zwischensumme|gesamtsumme|gesamt|endsumme|suma|soma|summa|razem|i alt|yhteensä)\b",
    re.IGNORECASE,
)
_PRINTED = re.compile(
    r"\W*(page|seite|página|pagina|sida|strona|side|printed|generated|created|exported|report"
    r"|run date|as of|stand:?|gedruckt|erstellt|imprimé|édité|impreso|stampato|afgedrukt|end of)\b",
    re.IGNORECASE,
)
_TIME = re.compile(r"\b\d{1,2}:\d\d(:\d\d)?\b")
_FEW = 3


def may_be_aside(text: str) -> bool:
    """This will say whether what stands for a number could be the word of a total or footing."""
    return bool(_TOTAL.match(text) or _PRINTED.match(text))


def is_aside(cells: Sequence[str]) -> bool:
    """This will recognise totals ("Subtotal: Boston", "TOTAL 55 customers"), headings, footings."""
    filled = [cell.strip() for cell in cells if cell and not cell.isspace()]
    words = [cell for cell in filled if not _is_amount(cell)]
    if words and len(words) <= _FEW and any(_TOTAL.match(cell) for cell in words):
        return not any("@" in cell for cell in words)
    if len(filled) == 1 and _TIME.search(filled[0]):
        return True  # when it was printed
    return len(filled) < _FEW and any(_PRINTED.match(cell) for cell in filled)


def _is_amount(cell: str) -> bool:
    return not any(mark.isalpha() for mark in cell.replace("EUR", "").replace("USD", ""))
