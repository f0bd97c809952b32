"""Which records are worth comparing: those that share a key. All pairs of a base are too many."""

from collections.abc import Iterator
from hashlib import blake2b

from contacts.rules.likeness import Firm, Person

# A key that more records share tells nothing: a switchboard, a shopping centre.
MOST_SHARING = 40


def firm_keys(firm: Firm) -> set[int]:
    """This will give the keys of a customer."""
    return {_number(text) for text in _firm_texts(firm)}


def person_keys(person: Person) -> set[int]:
    """This will give the keys by which a contact is looked for at other customers.

    At its own customer, where names and addresses meet often, contacts are compared directly.
    """
    return {_number(text) for text in _person_texts(person)}


def near_keys(person: Person) -> set[tuple[str, str]]:
    """This will give what two contacts of one customer must have in common to be compared."""
    found = {("at", person.address), ("id", person.alternate)}
    found |= {("ph", phone) for phone in person.phones}
    found |= {("fn", person.first[:4]), ("ln", person.last[:4]), ("ln", person.first[:4])}
    return {key for key in found if key[1]}


def _firm_texts(firm: Firm) -> Iterator[str]:
    words = firm.words
    if words:
        yield f"n|{' '.join(sorted(words))}"
        yield f"j|{''.join(words)}"
    if firm.postal and words:
        yield f"z|{firm.postal}|{words[0][:4]}"
        yield f"z|{firm.postal}|{max(words, key=len)[:4]}"
    if firm.street and firm.postal:
        yield f"s|{firm.street}|{firm.postal}"
    if words and firm.city:
        yield f"c|{firm.city}|{max(words, key=len)[:6]}"
    for phone in firm.phones:
        yield f"p|{phone}"
    for domain in firm.domains:
        yield f"d|{domain}"
    if firm.number and words:
        yield f"a|{firm.number}|{words[0][:4]}"


def _person_texts(person: Person) -> Iterator[str]:
    name = " ".join(sorted(filter(None, (person.first, person.last))))
    if person.first and person.last:
        if person.domain and not person.is_free:
            yield f"n|{name}|{person.domain}"
        if person.postal:
            yield f"z|{name}|{person.postal}"
    if person.alternate:
        yield f"i|{person.alternate}"
    if person.last:
        for phone in person.phones:
            yield f"p|{phone}|{person.last[:4]}"
    if person.address and not person.is_role:
        yield f"e|{person.address}"


def _number(text: str) -> int:
    """This will give a key as a number that fits the database: shorter to keep and to compare."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)
