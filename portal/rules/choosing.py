"""Which contact on file gets the link when somebody has proven an account."""

from collections.abc import Sequence
from dataclasses import dataclass

from contacts.rules.normalise import search_text


@dataclass(frozen=True)
class Person:
    """A contact with an address on file, as far as the choice needs to know."""

    contact_id: int
    name: str
    address_key: str
    confirmed: bool = False
    good: bool = False


def choose(people: Sequence[Person], *, name: str, address_key: str) -> int | None:
    """This will choose a contact: same address, else same name, else the best known address.

    Whoever is chosen, the link goes to the address on file and nowhere else.
    """
    if not people:
        return None
    wanted = search_text(name)

    def rank(person: Person) -> tuple[bool, bool, bool, bool, int]:
        return (
            person.address_key != address_key,
            not wanted or search_text(person.name) != wanted,
            not person.confirmed,
            not person.good,
            person.contact_id,
        )

    return min(people, key=rank).contact_id
