"""One address is exactly one: what could reach a second person is never mailed to.

A comma or a semicolon in an imported "address" would make a mail server send a personal link to
two people, so senders take only a plain addr-spec (RFC 5321) and nothing around it.
"""

import re

from delivery.rules.values import UNWANTED

LONGEST = 254
PLAIN = re.compile(r"[^\s@<>()\[\],;:\\\"]{1,64}@[^\s@<>()\[\],;:\\\"]{1,255}")
NAME_LENGTH = 75
# What a name in front of an address could be mistaken for.
NAME_SIGNS = re.compile(r"[@:,;\"<>()\[\]\\]")


def is_one_address(value: str) -> bool:
    """This will say whether a value is exactly one email address that can be sent to."""
    if len(value) > LONGEST or UNWANTED.search(value) or not PLAIN.fullmatch(value):
        return False
    local, _, domain = value.rpartition("@")
    dots_are_fine = not (local.startswith(".") or local.endswith(".") or ".." in value)
    return dots_are_fine and not domain.startswith((".", "-")) and not domain.endswith((".", "-"))


def display_name(value: str) -> str:
    """This will give a name that can stand before an address without being read as one."""
    plain = NAME_SIGNS.sub(" ", UNWANTED.sub(" ", value))
    return " ".join(plain.split())[:NAME_LENGTH].strip()
