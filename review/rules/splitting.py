"""Take a field apart that holds the addresses of several people."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import getaddresses

from contacts.rules.normalise import search_text, tidy
from validation.rules.reading import addresses_in

WORD = re.compile(r"[^\W\d_]{2,}(?:[-'][^\W\d_]{2,})?")


@dataclass(frozen=True)
class Part:
    """One address of the field, and the name that it seems to belong to."""

    address: str
    first_name: str = ""
    last_name: str = ""


def parts_of(cell: str) -> list[Part]:
    """This will give the addresses of a field in order, with names where the field tells them."""
    named = {
        address.lower(): name
        for name, address in getaddresses([cell.replace(";", ",")])
        if name and "@" in address and "@" not in name
    }
    return [_part(address, named.get(address.lower(), "")) for address in addresses_in(cell)]


def own_part(parts: Sequence[Part], first_name: str, last_name: str) -> int:
    """This will say which address is his own: the one with his name in it, else the first."""
    wanted = [name for name in _words(f"{last_name} {first_name}") if len(name) > 1]
    for name in wanted:
        for at, part in enumerate(parts):
            if name in search_text(part.address.partition("@")[0]):
                return at
    return 0


def _part(address: str, name: str) -> Part:
    if not name:
        name = " ".join(re.split(r"[._]+", address.partition("@")[0]))
        words = name.split()
        # first.last is a name, sales or info2 is none
        if len(words) != 2 or not all(WORD.fullmatch(word) for word in words):  # noqa: PLR2004 - first, last
            return Part(address)
        name = name.title()
    first, _, last = tidy(name).rpartition(" ")
    return Part(address, first, last) if first else Part(address, last, "")


def _words(text: str) -> list[str]:
    return search_text(text).split()
