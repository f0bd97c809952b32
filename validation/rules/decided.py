"""How a decided value is remembered, so that it is known again after a new import."""

from contacts.rules.normalise import tidy

LONGEST = 1_000


def decided_value(value: str) -> str:
    """This will give the form in which a decided value is remembered and compared."""
    return tidy(value).lower()[:LONGEST]
