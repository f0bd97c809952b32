"""Customers found by their name, where a row does not give the number.

First in the files of the import: the nearest one above with that name, else the only one. Then
among the customers that are here, when just one has the name.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from contacts.models import Customer, Source
from contacts.rules.normalise import tidy
from contacts.rules.words import Entity
from erp.actions.kept import REFUSED, columns_of, table_of
from erp.models import Import
from erp.readers import tables
from erp.readers.records import Row
from erp.rules.plans import Plan, plan
from erp.rules.rows import customer_of, ids_of, own_key, wanted_names
from erp.rules.values import number_of_name

Place = tuple[int, int, str]  # file, row, number
Index = tuple[dict[str, list[Place]], dict[str, list[str]], dict[str, str]]


@dataclass
class Firms:
    """Account numbers by the customer's name."""

    told: dict[str, list[Place]] = field(default_factory=dict)
    shared: dict[str, list[str]] = field(default_factory=dict)
    here: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)

    def find(self, file: int, row: int, name: str) -> str:
        """This will give the number of the customer of that name, or nothing when it is unclear.

        A real number goes before a name that stands for one.
        """
        key = _key(name)
        places = self.told.get(key, [])
        real = [place for place in places if _key(place[2]) != key]
        return (
            _nearest(real, file, row)
            or ("" if real else self.here.get(key, ""))
            or ("" if real else _nearest(places, file, row))
        )

    def of_id(self, key: str) -> str:
        """This will give the number of the customer that has this key in its system."""
        return self.ids.get(key, key)

    def number(self, name: str, place: str) -> str:
        """This will give what stands for a number: the name, with the place for namesakes."""
        places = self.shared.get(_key(name), [])
        first = not place or place not in places or places.index(place) == 0
        return number_of_name(name if first else f"{name}, {place}")

    def elsewhere(self, file: int, name: str) -> str:
        """This will give the real number that another list, or a customer here, has for a name."""
        key = _key(name)
        places = [place for place in self.told.get(key, []) if place[0] != file]
        real = [place for place in places if _key(place[2]) != key]
        here = self.here.get(key, "")
        return _nearest(real, file, 0) or ("" if real or _key(here) == key else here)


def _nearest(places: Sequence[Place], file: int, row: int) -> str:
    """This will give the last number above a row of the file, else the only one there is."""
    above = [number for at, told, number in places if at == file and told <= row]
    numbers = {number for _file, _row, number in places}
    return above[-1] if above else numbers.pop() if len(numbers) == 1 else ""


def firms_of(run: Import, how: Plan, found: Sequence[Row]) -> Firms:
    """This will prepare what a chunk of rows needs to find customers by name; mostly nothing."""
    if not how.links_by_name:
        return Firms()
    names = {name for row in found if not row.problem for name in wanted_names(how, row.cells)}
    if not names and not how.is_by_name and not how.is_by_id:
        return Firms()
    told, shared, ids = _told(run)
    keys = ids_of(how, [row.cells for row in found if not row.problem]) if how.is_by_id else set()
    return Firms(told, shared, _here(run, names), ids | numbers_of_ids(run.source, keys))


def numbers_of_ids(source: Source, keys: set[str]) -> dict[str, str]:
    """This will give the account numbers of customers by the key that the source has for them."""
    records = source.records.filter(entity=Entity.CUSTOMER, own_id__in=keys, customer__isnull=False)
    return dict(records.values_list("own_id", "customer__account_number")) if keys else {}


def _told(run: Import) -> Index:
    files = tuple(
        (at, str(facts["sha256"]), facts["entity"])
        for at, facts in enumerate(run.files)
        if facts["status"] != REFUSED
    )
    return _read(run.pk, files, _Facts(run.files))


class _Facts(list[dict[str, Any]]):
    """The facts of files, which never tell two calls apart: their hashes do."""

    def __hash__(self) -> int:  # type: ignore[override]
        return 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Facts)


@lru_cache(maxsize=2)
def _read(_run: int, files: tuple[tuple[int, str, str], ...], facts: _Facts) -> Index:
    """This will read the names of all customers of an import's files, once in a process.

    Also the places of those whose name is all that there is, where several have it.
    """
    found: dict[str, list[Place]] = defaultdict(list)
    places: dict[str, dict[str, None]] = defaultdict(dict)
    ids: dict[str, str] = {}
    for at, _hash, entity in files:
        how = plan(Entity(entity), columns_of(facts[at]))
        table = table_of(facts[at])
        for row in tables.rows(table):
            if row.problem:
                continue
            name, number, place = customer_of(how, row.cells)
            if number and (key := own_key(how, row.cells)):
                ids[key] = number
            if name and number:
                found[_key(name)].append((at, row.number, number))
            if place and number == number_of_name(name):
                places[_key(name)][place] = None
    shared = {key: list(several) for key, several in places.items() if len(several) > 1}
    return dict(found), shared, ids


def _here(run: Import, names: set[str]) -> dict[str, str]:
    rows = Customer.objects.filter(numbering=run.source.numbering, name__in=names)
    numbers: dict[str, set[str]] = defaultdict(set)
    for name, number in rows.values_list("name", "account_number"):
        numbers[_key(name)].add(number)
    return {key: found.pop() for key, found in numbers.items() if len(found) == 1}


def _key(name: str) -> str:
    return tidy(name).casefold()
