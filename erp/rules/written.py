"""How single cells are written: postcodes, streets, countries, amounts, parts of a name."""

import re
from collections.abc import Iterator, Sequence

from contacts.rules.firms import firm_words, fold
from erp.rules import looks

_POSTCODE = re.compile(
    r"(?:[A-Z]{1,3}[- ])?\d{3,6}(?:[ -]\d{2,4})?(?: ?[A-Z]{2})?|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}"
    r"|[A-Z]\d[A-Z] ?\d[A-Z]\d"
)
_AMOUNT = re.compile(r"[^\w\s]?-?\s?\d[\d.,' \u00a0]*[.,]\d{2}-?(?:\s?\D{1,3})?")
_COUNTRY = re.compile(r"[A-Z]{2,3}")
_FEW, _SHORTEST = 60, 3
_HIT = 0.3


def are_postcodes(cells: Sequence[str]) -> bool:
    """This will say whether most cells are postcodes."""
    return looks.most(cells, (bool(_POSTCODE.fullmatch(cell)) for cell in cells))


def are_amounts(cells: Sequence[str]) -> bool:
    """This will say whether most cells are sums of money, with two decimals."""
    return looks.most(cells, (bool(_AMOUNT.fullmatch(cell)) for cell in cells))


def are_countries(cells: Sequence[str]) -> bool:
    """This will say whether cells are codes of countries: a few, in two or three capitals."""
    return 0 < len(set(cells)) <= _FEW and all(_COUNTRY.fullmatch(cell) for cell in cells)


def are_streets(cells: Sequence[str]) -> bool:
    """This will say whether most cells are a street with a number."""
    return looks.most(cells, (_is_street(cell) for cell in cells))


def _is_street(cell: str) -> bool:
    words = cell.split()
    numbers = [word for word in words if word[:1].isdigit()]
    return bool(numbers) and len(numbers) < len(words)


def share_of_firms(cells: Sequence[str]) -> float:
    """This will give the share of cells that end or begin with a legal form: Ltd, GmbH, s.r.o."""
    formed = [cell for cell in cells if len(firm_words(cell)) < len(fold(cell).split())]
    return len(formed) / max(1, len(cells))


def share_with_digits(cells: Sequence[str]) -> float:
    """This will give the share of cells with a digit."""
    return sum(any(map(str.isdigit, cell)) for cell in cells) / max(1, len(cells))


def share_of_pairs(cells: Sequence[str]) -> float:
    """This will give the share of cells with two words or more."""
    return sum(len(cell.split()) > 1 for cell in cells) / max(1, len(cells))


def names_in(cells: Sequence[str], addresses: Sequence[str]) -> tuple[float, float]:
    """This will say how often a word of the cell stands in the address beside it.

    Gives the share of rows where it does, and the share of those where it stands in front. Too
    few rows give nothing.
    """
    hits = list(_hits(cells, addresses))
    found = [at for at in hits if at >= 0]
    share = len(found) / max(1, len(hits))
    if share < _HIT:
        return 0.0, 0.0
    return share, sum(at == 0 for at in found) / len(found)


def _hits(cells: Sequence[str], addresses: Sequence[str]) -> Iterator[int]:
    """This will give for each row with both where the cell stands in the address; -1: nowhere."""
    for cell, address in zip(cells, addresses, strict=True):
        local = fold(address.partition("@")[0]).replace(" ", "")
        words = [word for word in fold(cell).split() if len(word) >= _SHORTEST]
        if local and words:
            yield max((local.find(word) for word in words), key=lambda at: (at >= 0, -at))
