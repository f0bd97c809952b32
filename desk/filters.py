"""Requests as queries, and queries as the chips that stand above a list."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from django.http import QueryDict

from contacts.rules.segments import MULTIPLE, ContactQuery, read
from core.rules.needed import LABELS
from core.templatetags.ui import STAGES, STATUSES
from desk.rules import customers
from desk.rules.customers import CustomerQuery
from desk.rules.segments import BY_NAME

Query = ContactQuery | CustomerQuery
_TEXTS = {
    "lines": "Product line: {}",
    "cities": "{}",
    "postcodes": "Postal code {}…",
    "countries": "{}",
}
_NUMBERS = {
    "since_from": "Customer since {} or later",
    "since_before": "Customer before {}",
    "invoices": "Open invoices: {} or more",
    "mailed_within": "Mailed within {} days",
    "unmailed_for": "No mail for {} days",
}
_FLAGS = {
    "promote": ("Gets announcements", "Gets no announcements"),
    "invite": ("May be invited", "Not to be invited"),
    "mailed": ("Was mailed", "Was never mailed"),
}
Q = TypeVar("Q", ContactQuery, CustomerQuery)


@dataclass(frozen=True)
class Chip:
    """One filter in words, and the query string without it."""

    label: str
    without: str


def read_contacts(data: QueryDict) -> ContactQuery:
    """This will read the filter of the contact list."""
    return read(values_of(data))


def read_customers(data: QueryDict) -> CustomerQuery:
    """This will read the filter of the customer list."""
    return customers.read(values_of(data))


def values_of(data: QueryDict) -> Mapping[str, list[str]]:
    """This will give every value by name."""
    return {name: [str(value) for value in values] for name, values in data.lists()}


def contact_chips(query: ContactQuery, customer: str = "") -> list[Chip]:
    """This will give a chip for each filter that narrows the view."""
    found = [
        *_each(query, "statuses", {name: words for name, (_, _, words) in STATUSES.items()}),
        *_each(query, "stages", {name: words for name, (_, _, words) in STAGES.items()}),
        *_shared(query),
        *_narrowing(query),
    ]
    if query.customer is not None:
        without = replace(query, customer=None)
        found.append(Chip(customer or "One customer", str(without)))
    if query.house:
        found.append(Chip("House users", str(replace(query, house=False))))
    return found


def read_rows(data: QueryDict) -> list[str]:
    """This will read which conditions of a segment are shown, also those that are empty yet."""
    return [str(name) for name in data.getlist("row") if name in BY_NAME]


def customer_chips(query: CustomerQuery) -> list[Chip]:
    """This will give a chip for each filter that narrows the list."""
    found = [*_shared(query)]
    if query.portal is not None:
        words = "On the portal" if query.portal else "Not on the portal"
        found.append(Chip(words, str(replace(query, portal=None))))
    if query.house:
        found.append(Chip("House accounts", str(replace(query, house=False))))
    return found


def _shared(query: Q) -> Iterator[Chip]:
    yield from _each(query, "reps", {})
    yield from _each(query, "states", {})
    yield from _each(query, "types", {})
    if query.active is not None:
        words = "Active" if query.active else "Inactive"
        yield Chip(words, str(replace(query, active=None)))
    if query.mine:
        yield Chip("My customers", str(replace(query, mine=False)))


def _narrowing(query: ContactQuery) -> Iterator[Chip]:
    """This will give the chips that contacts alone have, as segments know them."""
    for name, words in _TEXTS.items():
        yield from _each(
            query, name, {value: words.format(value) for value in getattr(query, name)}
        )
    for name, words in _NUMBERS.items():
        if (number := getattr(query, name)) is not None:
            yield Chip(words.format(number), _without(query, name, None))
    for name, (yes, no) in _FLAGS.items():
        if (on := getattr(query, name)) is not None:
            yield Chip(yes if on else no, _without(query, name, None))
    for name, words in (("needs", "Known: {}"), ("lacks", "Not known: {}")):
        labels = {fact: words.format(LABELS[fact].lower()) for fact in getattr(query, name)}
        yield from _each(query, name, labels)


def _each(query: Query, name: str, words: Mapping[str, str]) -> Iterator[Chip]:
    values: Sequence[str] = getattr(query, name)
    is_not = name in {MULTIPLE[field] for field in getattr(query, "nots", ())}
    for value in values:
        label = words.get(value, value)
        rest = tuple(other for other in values if other != value)
        yield Chip(f"Not {label}" if is_not else label, _without(query, name, rest))


def _without(query: Query, name: str, rest: object) -> str:
    changed: dict[str, Any] = {name: rest}
    return str(replace(query, **changed))
