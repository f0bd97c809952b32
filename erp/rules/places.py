"""A zip and a city that stand in one cell, in the orders that countries use."""

import re

_ZIP_FIRST = re.compile(
    r"(?:[A-Z]{1,3}-)?(?P<zip>\d{4} ?[A-Z]{2}|\d{3} \d{2}|\d{2}-\d{3}|\d{5}-\d{3,4}|\d{4}-\d{3}"
    r"|\d{4,6}|\d{3})[ ,]+(?P<city>[^\W\d_][^\d,]*)(?:, *(?P<state>[A-Z]{2}))?"
)
_ZIP_LAST = re.compile(
    r"(?P<city>[^\d,]*[^\W\d_.])[ ,]+(?:(?P<state>[A-Z]{2}|[A-Z][a-z]+)[ ,]+)?"
    r"(?P<zip>\d{5}(?:-\d{4})?|[A-Z]\d[A-Z] ?\d[A-Z]\d|[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}|\d{5}-\d{3}"
    r"|\d{4})(?:[ ,]+[A-Z]{2,3})?"
)
_NO_ZIP = re.compile(r"(?P<city>[^\d,]+), *(?P<state>[A-Z]{2})")


def split_place(text: str) -> dict[str, str]:
    """This will give zip, city and state of "02958 Providence" or "Fall River, MA 02756".

    Nothing when the text is no such place: it may be a second line of the street.
    """
    for pattern in (_ZIP_FIRST, _ZIP_LAST, _NO_ZIP):
        if found := pattern.fullmatch(text):
            named = found.groupdict()
            parts = {
                "postal_code": named.get("zip"),
                "city": named.get("city"),
                "state": named.get("state"),
            }
            return {name: part.strip() for name, part in parts.items() if part}
    return {}
