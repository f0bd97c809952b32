"""Addresses of desks, and names that are no person's."""

import re
from collections.abc import Iterable
from functools import lru_cache

from validation.rules.lists import BESIDE_ROLES, JOB_WORDS, ROLES, family_names, given_names
from validation.rules.names import fold

_PARTS = re.compile(r"[._-]+")
_DIGITS = re.compile(r"^\d+|\d+$")
_WORD = re.compile(r"[^\W\d_]+(?:\.[^\W\d_])*")
SHORTEST_JOINED = 4


@lru_cache(maxsize=200_000)
def is_role(local: str) -> bool:
    """This will say whether a local part is a desk's: ap, info2, accounts.payable, einkauf-nord."""
    bare = local.partition("+")[0].lower()
    if not bare.isascii():
        bare = _PARTS.sub(".", ".".join(fold(part) for part in _PARTS.split(bare)))
    flat = _DIGITS.sub("", _PARTS.sub("", bare))
    if flat in ROLES:
        return True
    parts = [_DIGITS.sub("", part) for part in _PARTS.split(bare)]
    parts = [part for part in parts if part]
    if any(part in ROLES for part in parts):
        return all(part in ROLES or part in BESIDE_ROLES for part in parts)
    return len(parts) == 1 and _is_joined(flat)


def _is_joined(flat: str) -> bool:
    """This will say whether a word is a desk's name and words beside it, joined: orderdesk."""
    if flat in given_names() or flat in family_names():
        return False
    for at in range(SHORTEST_JOINED, len(flat) - SHORTEST_JOINED + 1):
        one, two = flat[:at], flat[at:]
        if (one in ROLES and (two in ROLES or two in BESIDE_ROLES)) or (
            one in BESIDE_ROLES and two in ROLES
        ):
            return True
    return False


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
