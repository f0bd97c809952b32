"""Requests as queries, and queries as the chips that stand above a list."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from django.http import QueryDict

from contacts.rules.segments import ContactQuery, read
from core.templatetags.ui import STAGES, STATUSES
from desk.rules import customers
from desk.rules.customers import CustomerQuery

Query = ContactQuery | CustomerQuery
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
    ]
    if query.customer is not None:
        without = replace(query, customer=None)
        found.append(Chip(customer or "One customer", str(without)))
    if query.house:
        found.append(Chip("House users", str(replace(query, house=False))))
    return found


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


def _each(query: Query, name: str, words: Mapping[str, str]) -> Iterator[Chip]:
    values: Sequence[str] = getattr(query, name)
    for value in values:
        rest: dict[str, Any] = {name: tuple(other for other in values if other != value)}
        yield Chip(words.get(value, value), str(replace(query, **rest)))
