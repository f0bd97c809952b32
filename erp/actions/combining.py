"""What the files of one import tell of each other, once each is known by itself.

The caller saves `files`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from contacts.models import Source
from contacts.rules.words import Entity
from erp.actions.kept import REFUSED, columns_of, matched_facts, matched_of, table_of
from erp.models import Import
from erp.querysets import customers_by_number
from erp.readers import tables
from erp.rules import guessing, looks, mapping, matching
from erp.rules.mapping import Matched
from erp.rules.values import BY_ID

MOST_ROWS, MOST_CELLS = 50_000, 1_000_000  # enough to see which list names the rows of which


def take_people_from_their_list(run: Import) -> None:
    """This will read a list of customers that names one person each as a list of customers alone.

    When the import has a list of those people too: that one knows them better.
    """
    lists = _readable(run)
    if not any(_is_of_people(facts) for facts in lists):
        return
    for number, facts in enumerate(run.files):
        if facts in lists and not _is_of_people(facts) and facts["entity"] == Entity.CONTACT:
            table = table_of(facts)
            rows = tables.looked_at(table)
            matched = matching.match(table.headers, rows, tables.presets(), Entity.CUSTOMER)
            if not mapping.missing_fields(matched):
                run.files[number] = {**facts, **matched_facts(matched)}


def learn_from_cells(run: Import) -> None:
    """This will find columns by what stands in them, when heads told too little of some list."""
    lists = _readable(run)
    if not any(guessing.is_unclear(matched_of(facts)) for facts in lists):
        return
    files = [
        guessing.File(matched_of(facts), tables.looked_at(table_of(facts), MOST_ROWS, MOST_CELLS))
        for facts in lists
    ]
    for facts, matched in zip(lists, guessing.guess(files), strict=True):
        facts.update(matched_facts(matched))


def find_customers_by_key(run: Import) -> None:
    """This will note where rows name customers not by number, but by the key of their system.

    They do when none of their numbers is that of a customer, and some are such keys.
    """
    lists = _readable(run)
    numbers, keys = _numbers_and_keys(lists)
    for number, facts in enumerate(run.files):
        if facts not in lists or facts["entity"] == Entity.CUSTOMER:
            continue
        columns = columns_of(facts)
        path = f"{facts['entity']}.account"
        at = next((at for at, column in enumerate(columns) if column.field == path), None)
        if at is None or columns[at].form:
            continue
        wanted = set(looks.column(tables.looked_at(table_of(facts)), at))
        here = set(customers_by_number(run.source, wanted))
        known = keys | _keys_here(run.source, wanted)
        if not wanted & (numbers | here) and wanted & known:
            columns[at] = replace(columns[at], form=BY_ID)
            matched = Matched(facts["mapping"], Entity(facts["entity"]), tuple(columns))
            run.files[number] = {**facts, **matched_facts(matched)}


def _keys_here(source: Source, wanted: set[str]) -> set[str]:
    records = source.records.filter(entity=Entity.CUSTOMER, own_id__in=wanted)
    return set(records.values_list("own_id", flat=True))


def _numbers_and_keys(lists: Sequence[Mapping[str, Any]]) -> tuple[set[str], set[str]]:
    """This will give the account numbers and the system's keys of customers, from their lists."""
    found: dict[str, set[str]] = {"customer.account": set(), "customer.own_id": set()}
    for facts in lists:
        rows = tables.looked_at(table_of(facts))
        for at, column in enumerate(columns_of(facts)):
            if column.field in found:
                found[column.field] |= set(looks.column(rows, at))
    return found["customer.account"], found["customer.own_id"]


def _is_of_people(facts: Mapping[str, Any]) -> bool:
    """This will say whether a list is of people, not of customers with one person in each row."""
    if facts["entity"] != Entity.CONTACT:
        return False
    columns = columns_of(facts)
    fields = {column.field: at for at, column in enumerate(columns)}
    own = {"contact.own_id", "contact.code", "contact.is_company"} & fields.keys()
    told = {"contact.account", "customer.name"} <= fields.keys()
    if own or not told or any(column.slot for column in columns):
        return True
    rows = tables.looked_at(table_of(facts))
    return not looks.are_unique(looks.column(rows, fields["contact.account"]))


def keep_unmapped(run: Import) -> None:
    """This will keep columns without a field as extras of their records."""
    for number, facts in enumerate(run.files):
        if facts in _readable(run):
            kept = mapping.keep_rest(matched_of(facts))
            run.files[number] = {**facts, **matched_facts(kept)}


def _readable(run: Import) -> list[dict[str, Any]]:
    """This will give the files that have columns: neither refused nor in question."""
    return [facts for facts in run.files if facts["status"] != REFUSED and facts["columns"]]
