"""One address at several contacts: of the same customer, or of customers with nothing in common."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from validation.rules.account import Account, Place
from validation.rules.found import Found, Severity

MOST_NAMED = 3


class HasMailbox(Protocol):
    """What has an address and a key."""

    key: int

    @property
    def mailbox(self) -> str:
        """The address as a key."""


def repeated(outcomes: Sequence[HasMailbox]) -> dict[int, Found]:
    """This will give, by contact, that an earlier contact of the customer has the same address."""
    first: set[str] = set()
    found = {}
    for outcome in outcomes:
        mailbox = outcome.mailbox
        if mailbox and mailbox in first:
            words = f"Another contact of this customer has {mailbox} too."
            found[outcome.key] = Found(
                "duplicate_same_customer", "same_customer", Severity.WARNING, 0.9, words
            )
        first.add(mailbox)
    return found


def without_customer(places: Iterable[Place], account: Account, key: int) -> Iterable[Found]:
    """This will say that an earlier contact has the address, where neither has a customer.

    They belong together by the firm that both name.
    """
    if account.group < 0 and any(
        place.group == account.group and place.key < key for place in places
    ):
        words = "Another contact who names the same firm has the address too."
        yield Found("duplicate_same_customer", "same_firm", Severity.WARNING, 0.9, words)


def _is_one_firm(one: str, other: str) -> bool:
    """This will compare name and postal code; who gives no postal code may be there."""
    if not one or not other:
        return False
    (name, _, code), (name_too, _, code_too) = one.partition("|"), other.partition("|")
    return name == name_too and (code == code_too or not code or not code_too)


def elsewhere(places: Iterable[Place], account: Account, *, at_home: bool) -> Iterable[Found]:
    """This will say that unrelated customers have the address; a group may share one.

    Not every system tells who belongs to a group: customers where the domain is at home, by
    others' addresses, the website or the name, are of one.
    """
    firms = sorted(
        {
            place.customer
            for place in places
            if place.group != account.group
            and not _is_one_firm(place.firm, account.firm)
            and not (at_home and place.at_home)
        }
    )
    if not firms:
        return
    named = ", ".join(firms[:MOST_NAMED])
    more = f" and {len(firms) - MOST_NAMED} more" if len(firms) > MOST_NAMED else ""
    words = f"The address is also used at {named}{more}."
    sure = 0.95 if len(firms) > MOST_NAMED else 0.8
    yield Found("duplicate_other_customer", "other_customer", Severity.WARNING, sure, words)
