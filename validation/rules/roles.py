"""Addresses of desks, and names that are no person's."""

import re
from collections.abc import Iterable
from functools import lru_cache

from validation.rules.lists import BESIDE_ROLES, JOB_WORDS, ROLES, family_names, given_names

_PARTS = re.compile(r"[._-]+")
_DIGITS = re.compile(r"^\d+|\d+$")
_WORD = re.compile(r"[^\W\d_]+(?:\.[^\W\d_])*")
FEWEST_JOINED = 4


@lru_cache(maxsize=200_000)
def is_role(local: str) -> bool:
    """This will say whether a local part is a desk's: ap, info2, accounts.payable, sales-uk."""
    bare = local.partition("+")[0].lower()
    flat = _DIGITS.sub("", _PARTS.sub("", bare))
    if flat in ROLES:
        return True
    parts = [_DIGITS.sub("", part) for part in _PARTS.split(bare)]
    parts = [part for part in parts if part]
    if not parts or not any(part in ROLES for part in parts):
        return False
    return all(part in ROLES or part in BESIDE_ROLES for part in parts)


def is_persons_name(name: str, firm: Iterable[str]) -> bool:
    """This will say whether a name may be a person's, and not a desk's or the firm's own.

    `firm` are the words of the customer's name, lower case.
    """
    words = [word.lower() for word in _WORD.findall(name)]
    if not words or any(sign in name for sign in "&@"):
        return False
    if len(words) == 2 and words[0] in given_names() and words[1] in family_names():  # noqa: PLR2004
        return True  # somebody may be called Brian Church or Gabriella Branch
    jobs = sum(word in JOB_WORDS for word in words)
    if jobs * 2 >= len(words) or (jobs and len(words) > 2):  # noqa: PLR2004 - first and last name
        return False
    firm_words = set(firm)
    return not (len(words) > 1 and all(word in firm_words for word in words))
