"""The domains that are a customer's own, and how much speaks for each."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from validation.rules.account import Account, Around
from validation.rules.domains import Domain, look_at
from validation.rules.found import SURE
from validation.rules.lists import LEGAL_FORMS
from validation.rules.names import fold
from validation.rules.reading import Reading

WEBSITE_COUNTS = 2
MOST_FROM_GROUP = 2
_HOST = re.compile(r"^(?:[a-z]+://)?(?:www\d?\.)?([^/?#:\s]+)", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")
_PART = re.compile(r"[:/|]| - ")
SHORTEST_STEM = 5


@dataclass(frozen=True, slots=True)
class Anchors:
    """By registrable domain the addresses there, and what else speaks for it."""

    keys: Mapping[str, frozenset[str]]
    beside: Mapping[str, int]
    website: str = ""
    stems: tuple[str, ...] = ()

    def names(self) -> list[str]:
        """Every domain that something speaks for, in order."""
        return sorted({*self.keys, *self.beside})

    def weight(self, name: str, without: str = "") -> int:
        """This will say how much speaks for a domain, one address aside."""
        return len(self.keys.get(name, frozenset()) - {without}) + self.beside.get(name, 0)

    def is_in_name(self, domain: Domain) -> bool:
        """This will say whether the customer's name holds the domain's."""
        stem = domain.stem.replace("-", "")
        return len(stem) > 2 and any(stem in name for name in self.stems)  # noqa: PLR2004


def is_at_home(domain: Domain, anchors: Anchors, key: str) -> bool:
    """This will say whether more than one address speaks for a domain as the customer's own."""
    if domain.free or domain.disposable:
        return False
    return anchors.weight(domain.registrable, without=key) > 0 or anchors.is_in_name(domain)


def anchors_of(account: Account, readings: Iterable[Reading], around: Around) -> Anchors:
    """This will collect a customer's domains from contacts, website, own address and group."""
    keys: dict[str, set[str]] = defaultdict(set)
    written = [reading.address for reading in readings if not _is_guess(reading)]
    for address in (account.email, *written):
        domain = look_at(address.rpartition("@")[2]) if "@" in address else None
        if domain and _is_firms(domain, around):
            keys[domain.registrable].add(address.lower())
    beside: dict[str, int] = {
        name: min(count, MOST_FROM_GROUP)
        for name, count in account.group_domains.items()
        if _is_firms(look_at(name), around)
    }
    website = website_domain(account.website)
    if website and _is_firms(look_at(website), around):
        beside[website] = beside.get(website, 0) + WEBSITE_COUNTS
    firm = stems_of(account.name)
    return Anchors({k: frozenset(v) for k, v in keys.items()}, beside, website, firm)


def _is_guess(reading: Reading) -> bool:
    """This will say whether an address was put right so boldly that it says nothing of a domain."""
    return any(step.code == "syntax" and step.confidence < SURE for step in reading.steps)


@lru_cache(maxsize=10_000)
def stems_of(name: str) -> tuple[str, ...]:
    """This will give what a domain made of a firm's name begins with: acmetools, acme-tools."""
    stems: dict[str, None] = {}
    for part in (name, *_PART.split(name)):
        words = [fold(word) or word.lower() for word in _WORD.findall(part)]
        words = [word for word in words if word not in LEGAL_FORMS]
        # "Hawk Water Group" is often hawkwater.com.
        for some in (words, words[:-1]) if len(words) > 2 else (words,):  # noqa: PLR2004
            for stem in ("-".join(some), "".join(some)):
                if len(stem) >= SHORTEST_STEM:
                    stems[stem] = None
    return tuple(stems)


def website_domain(website: str) -> str:
    """This will give the registrable domain of a web address, or nothing."""
    match = _HOST.match(website.strip())
    if not match or "." not in match[1]:
        return ""
    domain = look_at(match[1].lower().rstrip("."))
    return domain.registrable if domain.can_exist else ""


def _is_firms(domain: Domain, around: Around) -> bool:
    return (
        domain.can_exist
        and not (domain.free or domain.disposable or domain.relay)
        and domain.name not in around.own_domains
    )
