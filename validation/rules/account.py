"""What a check gets to see: one customer with its contacts, and what is known around it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from validation.rules.near import NearIndex, index_of

LONGEST_NAME = 120
LONGEST_FIELD = 300


class Delivery(StrEnum):
    """What DNS says of a domain, as far as it matters to a contact."""

    NEVER_ASKED = ""
    DELIVERABLE = "deliverable"
    RISKY = "risky"
    UNDELIVERABLE = "undeliverable"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Heard:
    """DNS's verdict on one domain and the outcome behind it."""

    verdict: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Proven:
    """What sending and people have proven of one address."""

    bounced: bool = False
    bounce_reason: str = ""
    complained: bool = False
    confirmed: bool = False
    confirmed_by: str = ""


NOTHING_PROVEN = Proven()


class Place(NamedTuple):
    """One contact with the address: the group, the customer's name, the contact's, and the firm.

    Customers of one `firm` (the same name at the same place) are one firm, whatever the group. A
    contact without a customer stands for the firm that it names; such groups are below zero.
    `at_home` says that the address's domain is the customer's own there, by more than this address.
    """

    group: int
    customer: str
    contact: str
    firm: str = ""
    key: int = 0
    at_home: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """One contact as the checks see it; `places` are where its address stands, here included."""

    key: int
    email: str = ""
    first_name: str = ""
    middle_name: str = ""
    last_name: str = ""
    job_title: str = ""
    notes: str = ""
    phones: tuple[str, ...] = ()
    proven: Proven = NOTHING_PROVEN
    places: tuple[Place, ...] = ()
    name: str = field(init=False, default="", compare=False)

    def __post_init__(self) -> None:
        """This will put the name together, once: every check reads it. A long text is no name."""
        for part in ("first_name", "middle_name", "last_name", "job_title"):
            if len(getattr(self, part)) > LONGEST_NAME:
                object.__setattr__(self, part, getattr(self, part)[:LONGEST_NAME])
        parts = (self.first_name, self.middle_name, self.last_name)
        object.__setattr__(self, "name", " ".join(part for part in parts if part))


@dataclass(frozen=True, slots=True)
class Account:
    """One customer and its contacts in the order in which they came."""

    people: tuple[Person, ...]
    name: str = ""
    website: str = ""
    email: str = ""
    rep_email: str = ""
    group: int = 0
    firm: str = ""
    group_domains: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """This will cut what is too long for a name or an address."""
        for part in ("name", "website", "email", "rep_email"):
            if len(getattr(self, part)) > LONGEST_FIELD:
                object.__setattr__(self, part, getattr(self, part)[:LONGEST_FIELD])


@dataclass(frozen=True, slots=True)
class Around:
    """What is known beyond the customer. Mappings may lack a key: then nothing is known.

    `busy` are the domains at which many customers have addresses, with how many; `named` the
    words that are names in this base, with how many other names they stand beside.
    """

    own_domains: frozenset[str] = frozenset()
    allowed_domains: frozenset[str] = frozenset()
    heard: Mapping[str, Heard] = field(default_factory=dict)
    accounts_at: Mapping[str, int] = field(default_factory=dict)
    busy: Mapping[str, int] = field(default_factory=dict)
    named: Mapping[str, int] = field(default_factory=dict)
    near_busy: NearIndex = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """This will take the index of the busy domains: every check has the same ones."""
        object.__setattr__(self, "near_busy", index_of(frozenset(self.busy)))

    def verdict_of(self, name: str) -> str:
        """This will give what DNS says of a domain; nothing when it was never asked."""
        heard = self.heard.get(name)
        return heard.verdict if heard else ""


NOTHING_AROUND = Around()
