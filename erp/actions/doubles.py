"""Rows whose record stands further up in the files: another person, a line of it, or the same.

Two people of a customer may share an address; an invoice may have a row for each of its lines.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from contacts.rules.words import Entity
from erp.actions.kept import columns_of
from erp.models import Import, StagedRow
from erp.rules.forms import LINES
from erp.rules.keys import (
    LONGEST_KEY,
    RAW,
    fingerprint_of,
    is_of_address,
    key_with_name,
    name_of,
    text_of,
)
from erp.rules.plans import plan, told_names
from erp.rules.states import RowOutcome

_MOST = 9  # entries of one name and address at one customer
_STORED = ["key", "values", "fingerprint", "same", "outcome"]


def outcome_of(seen: str | None, now: str) -> tuple[bool, str]:
    """This will say what a fingerprint means beside its record's: the same, new, or to compare."""
    if seen is None:
        return False, RowOutcome.NEW.value
    return (True, RowOutcome.UNCHANGED.value) if seen == now else (False, "")


def tell_apart(
    *, run: Import, twice: Sequence[StagedRow], firsts: Mapping[int, StagedRow]
) -> list[StagedRow]:
    """This will give namesakes by address keys of their own and add up the lines of invoices.

    `firsts` has, by the row's own key, the row further up. Gives the rows that are left: those
    which say once more what stands there, or contradict it.
    """
    left: list[StagedRow] = []
    changed: dict[int, StagedRow] = {}
    silent: list[StagedRow] = []
    namesakes: list[tuple[StagedRow, StagedRow]] = []
    for row in twice:
        first = firsts[row.pk]
        if row.entity == Entity.INVOICE and _is_line(run, row, first):
            _add_up(run, row, first)
            changed[first.pk] = first
            silent.append(row)
        elif _is_namesake(row, first):
            namesakes.append((row, first))
        else:
            left.append(row)
    left += _give_keys(run, namesakes, changed)
    _compare_anew(run, list(changed.values()))
    for row in silent:
        row.outcome = RowOutcome.DUPLICATE
    StagedRow.objects.bulk_update([*changed.values(), *silent], _STORED, batch_size=500)
    return left


def _is_namesake(row: StagedRow, first: StagedRow) -> bool:
    """This will say whether two rows share an address and are two entries all the same.

    By their names, by what else they say, or because they stand side by side in a wide row.
    """
    if row.entity != Entity.CONTACT or not is_of_address(row.key):
        return False
    side_by_side = (row.file, row.row) == (first.file, first.row)
    return side_by_side or row.fingerprint != first.fingerprint


def _give_keys(
    run: Import,
    namesakes: Sequence[tuple[StagedRow, StagedRow]],
    changed: dict[int, StagedRow],
) -> list[StagedRow]:
    """This will give the second of two people their name as key; gives those who are known so.

    Who had the plain key in the file before keeps it, whatever the order is now.
    """
    if not namesakes:
        return []
    keys = [key for pair in namesakes for row in pair for key in _keys(row)]
    staged = run.staged.filter(entity=Entity.CONTACT, key__in=keys)
    here = dict(staged.values_list("key", "fingerprint"))
    plain = run.source.records.filter(
        entity=Entity.CONTACT, key__in={first.key for _row, first in namesakes}
    )
    owner = {record.key: name_of(record.base) for record in plain}
    left = []
    for row, first in namesakes:
        mover = row
        is_owner = owner.get(first.key) == name_of(row.values) != name_of(first.values)
        if is_owner and is_of_address(first.key):
            mover = first
        key = next((key for key in _keys(mover) if key not in here), "")
        again = any(here.get(key) == row.fingerprint for key in _keys(row))
        if not key or (again and (row.file, row.row) != (first.file, first.row)):
            left.append(row)
            continue
        mover.key = key
        here[key] = mover.fingerprint
        changed[mover.pk] = mover
    return left


def _keys(row: StagedRow) -> list[str]:
    """This will give the keys of somebody who shares an address: by name, then counted."""
    named = key_with_name(row.values) or row.key
    return [named[:LONGEST_KEY], *(f"{named}|{n}"[:LONGEST_KEY] for n in range(2, _MOST + 1))]


def _is_line(run: Import, row: StagedRow, first: StagedRow) -> bool:
    """This will say whether a row is one more line of an invoice, or says all of it once more."""
    return row.account == first.account and (
        row.fingerprint == first.fingerprint or _has_lines(run, row)
    )


def _has_lines(run: Import, row: StagedRow) -> bool:
    return any(column.form == LINES for column in columns_of(run.files[row.file]))


def _add_up(run: Import, row: StagedRow, first: StagedRow) -> None:
    if not _has_lines(run, row):
        return
    values = dict(first.values)
    total = Decimal(values.get("amount", "0")) + Decimal(row.values.get("amount", "0"))
    values["amount"] = f"{total:f}"
    values.pop(RAW + "amount", None)
    first.values = values


def _compare_anew(run: Import, rows: Sequence[StagedRow]) -> None:
    """This will say again what rows mean, now that their key or values are others."""
    told: dict[tuple[int, str], str] = {}
    for row in rows:
        if (row.file, row.entity) not in told:
            facts = run.files[row.file]
            names = told_names(plan(Entity(facts["entity"]), columns_of(facts)))
            told |= {(row.file, entity): ",".join(all_of) for entity, all_of in names.items()}
        row.fingerprint = fingerprint_of(text_of(row.values), told[row.file, row.entity])
    records = run.source.records.filter(key__in=[row.key for row in rows])
    seen = {
        (entity, key): fp for entity, key, fp in records.values_list("entity", "key", "fingerprint")
    }
    for row in rows:
        row.same, row.outcome = outcome_of(seen.get((row.entity, row.key)), row.fingerprint)
