"""What staged rows mean for what is here: whom each row stands for, and field by field what to do.

Reads only. The preview shows these decisions, applying makes them again and carries them out.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from contacts.actions.importing import (
    IMPORTED_OF_CONTACT,
    IMPORTED_OF_CUSTOMER,
    INVOICE_FIELDS,
)
from contacts.models import Contact, Customer, Invoice, SourceRecord
from contacts.rules.values import text_of
from contacts.rules.words import Entity
from erp.actions.several import number_as_told, other_numbers, weigh
from erp.models import Import, StagedRow, WriteBackLine
from erp.querysets import customers_by_number
from erp.rules.keys import RAW
from erp.rules.merging import FieldMerge, Result, merge, outcome
from erp.rules.states import LineState, RowOutcome
from erp.rules.values import comparable

Target = Customer | Contact | Invoice
STORED = {
    Entity.CUSTOMER: IMPORTED_OF_CUSTOMER | {"account", "parent"},
    Entity.CONTACT: IMPORTED_OF_CONTACT | {"account"},
    Entity.INVOICE: INVOICE_FIELDS | {"account"},
}
DEFAULTS = {"active": "true", "is_house_user": "false", "is_house_account": "false"}


@dataclass(eq=False)
class Decision:
    """One staged row: the record and the row of ours it stands for, and what its fields do."""

    row: StagedRow
    record: SourceRecord | None = None
    target: Target | None = None
    merged: list[FieldMerge] = field(default_factory=list)
    is_new: bool = False
    refused: bool = False

    @property
    def done(self) -> str:
        """What became of the row when it was carried out."""
        return (RowOutcome.ERROR if self.refused else self.outcome).value

    @property
    def outcome(self) -> RowOutcome:
        """What the row means as a whole."""
        return RowOutcome.NEW if self.is_new else outcome(self.merged)

    @property
    def details(self) -> list[list[str]]:
        """The fields as they are kept: name, base, ours, theirs, result."""
        return [
            [item.name, item.base, item.ours, item.theirs, item.result.value]
            for item in self.merged
        ]

    def taken(self) -> list[FieldMerge]:
        """The fields where the file's value is taken."""
        return [item for item in self.merged if item.result is Result.TAKEN]


def decide(*, run: Import, rows: Sequence[StagedRow]) -> list[Decision]:
    """This will decide rows of one entity; `rows` must not be longer than a chunk."""
    if not rows:
        return []
    entity = Entity(rows[0].entity)
    known = _records(run, entity, [row.key for row in rows])
    decisions = [Decision(row, known.get(row.key)) for row in rows]
    _link(run, entity, [one for one in decisions if one.record is None])
    for one in decisions:
        if one.record is not None:
            one.target = one.target or getattr(one.record, entity.value)
    accounts = _accounts_now(run, entity, decisions)
    others = other_numbers(run.source, _customers_in(entity, decisions))
    sent_before = values_sent_before([one.record.pk for one in decisions if one.record])
    for one in decisions:
        one.is_new = one.target is None
        if one.target is not None:
            merged = _merge(run, entity, one, accounts, others)
            one.merged = [
                _not_ours(item, one.record, sent_before)
                for item in merged
                if item.result is not Result.AGREED or _was_corrected(one, item)
            ]
    here = [one for one in decisions if one.target is not None]
    rows_here = [(one.target.pk, one.merged) for one in here if one.target is not None]
    weighed = weigh(source=run.source, entity=entity, rows=rows_here)
    for one, settled in zip(here, weighed, strict=True):
        one.merged = settled
    return decisions


def _records(run: Import, entity: Entity, keys: Sequence[str]) -> dict[str, SourceRecord]:
    records = SourceRecord.objects.filter(source=run.source, entity=entity, key__in=keys)
    related = {
        Entity.CUSTOMER: ("customer__parent", "contact"),
        Entity.CONTACT: ("contact__customer",),
        Entity.INVOICE: ("invoice__customer",),
    }
    return {record.key: record for record in records.select_related(*related[entity])}


def _link(run: Import, entity: Entity, decisions: Sequence[Decision]) -> None:
    """This will find those who are here already: by account number, address, invoice number.

    Somebody whose record of this source is in the files too is another person. A record that
    is not in the files any more goes on under its new key.
    """
    if not decisions:
        return
    candidates = _CANDIDATES[entity](run, decisions)
    ids = {target.pk for found in candidates.values() for target in found}
    records = _records_of(run, entity, ids)
    used: set[int] = set()
    for one in decisions:
        for target in candidates.get(_link_key(entity, one.row), []):
            record = records.get(target.pk)
            if target.pk in used or record is _STILL_TOLD:
                continue
            used.add(target.pk)
            one.target = target
            one.record = record if isinstance(record, SourceRecord) else None
            break


_STILL_TOLD = object()


def _link_key(entity: Entity, row: StagedRow) -> tuple[str, str]:
    if entity is Entity.CUSTOMER:
        return row.account, ""
    if entity is Entity.CONTACT:
        return row.account, row.address
    return row.account, str(row.values.get("number", ""))


def _customers(run: Import, decisions: Sequence[Decision]) -> dict[tuple[str, str], list[Any]]:
    here = customers_by_number(run.source, {one.row.account for one in decisions})
    return {(number, ""): [row] for number, row in here.items()}


def _contacts(run: Import, decisions: Sequence[Decision]) -> dict[tuple[str, str], list[Any]]:
    numbers = _numbers(run, decisions)
    rows = (
        Contact.objects.filter(
            customer__in=numbers,
            address_key__in={one.row.address for one in decisions} - {""},
        )
        .select_related("customer")
        .order_by("pk")
    )
    found: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for row in rows:
        for account in numbers.get(row.customer_id or 0, ()):
            found[account, row.address_key].append(row)
    return found


def _invoices(run: Import, decisions: Sequence[Decision]) -> dict[tuple[str, str], list[Any]]:
    numbers = _numbers(run, decisions)
    rows = Invoice.objects.filter(
        customer__in=numbers,
        number__in={one.row.values.get("number", "") for one in decisions},
    ).select_related("customer")
    return {(account, row.number): [row] for row in rows for account in numbers[row.customer_id]}


def _numbers(run: Import, decisions: Sequence[Decision]) -> dict[int, list[str]]:
    """This will give, by customer, the numbers under which rows speak of it."""
    here = customers_by_number(run.source, {one.row.account for one in decisions})
    found: dict[int, list[str]] = defaultdict(list)
    for number, customer in here.items():
        found[customer.pk].append(number)
    return found


_CANDIDATES = {
    Entity.CUSTOMER: _customers,
    Entity.CONTACT: _contacts,
    Entity.INVOICE: _invoices,
}


def _records_of(run: Import, entity: Entity, ids: set[int]) -> dict[int, object]:
    """This will give candidates' records of this source: one to go on with, or `_STILL_TOLD`."""
    records = list(
        SourceRecord.objects.filter(
            source=run.source, entity=entity, **{f"{entity.value}__in": ids}
        )
    )
    told = set(
        run.staged.counted()
        .filter(entity=entity, key__in=[record.key for record in records])
        .values_list("key", flat=True)
    )
    found: dict[int, object] = {}
    for record in records:
        target_id = getattr(record, f"{entity.value}_id")
        if record.key in told:
            found[target_id] = _STILL_TOLD
        else:
            found.setdefault(target_id, record)
    return found


def _accounts_now(run: Import, entity: Entity, decisions: Sequence[Decision]) -> dict[int, str]:
    """This will give the numbers that the files now use for customers: by customer's key.

    A customer with a new number is still the same to its contacts and branches.
    """
    ids = {customer.pk for one in decisions if (customer := _customer_of(entity, one.target))}
    records = SourceRecord.objects.filter(
        source=run.source, entity=Entity.CUSTOMER, customer__in=ids, merged_away=False
    )
    keys = dict(records.values_list("key", "customer"))
    rows = run.staged.counted().filter(entity=Entity.CUSTOMER, key__in=keys).exclude(account="")
    return {keys[key]: account for key, account in rows.values_list("key", "account")}


def _customer_of(entity: Entity, target: Target | None) -> Customer | None:
    """This will give the customer that a row's account or parent column speaks of."""
    if isinstance(target, Customer):
        return target.parent
    return target.customer if target is not None and entity is not Entity.CUSTOMER else None


def _customers_in(entity: Entity, decisions: Sequence[Decision]) -> set[int]:
    """This will give the customers whose number the rows tell."""
    found = {other.pk for one in decisions if (other := _customer_of(entity, one.target))}
    if entity is Entity.CUSTOMER:
        found |= {one.target.pk for one in decisions if one.target is not None}
    return found


def _merge(
    run: Import,
    entity: Entity,
    one: Decision,
    accounts: Mapping[int, str],
    others: Mapping[int, Mapping[str, int]],
) -> list[FieldMerge]:
    told = run.files[one.row.file]["told"].get(entity.value, [])
    names = [name for name in told if name in STORED[entity]]
    target, base = one.target, dict(one.record.base) if one.record else {}
    other = _customer_of(entity, target)
    account = accounts.get(other.pk, other.account_number) if other else ""
    itself = target if isinstance(target, Customer) else None
    ours = {}
    for name in names:
        if name in ("account", "parent"):
            of = itself if itself and name == "account" else other
            own = of.account_number if of and of is itself else account
            also = others.get(of.pk, {}) if of else {}
            told = one.row.values.get(name, "")
            ours[name] = number_as_told(own, also, base.get(name, ""), told)
        else:
            ours[name] = text_of(getattr(target, name))
    theirs = {name: one.row.values.get(name, DEFAULTS.get(name, "")) for name in names}
    if "active" not in one.row.values:
        theirs.pop("active", None)
    return merge(names, DEFAULTS | base, ours, theirs)


def _was_corrected(one: Decision, item: FieldMerge) -> bool:
    """This will tell a correction that has arrived from two sides that agree by themselves."""
    return one.record is not None and item.name not in ("account", "parent")


def values_sent_before(record_ids: Sequence[int]) -> dict[tuple[int, str], set[str]]:
    """This will give values that were exported once and corrected again since, comparable."""
    lines = WriteBackLine.objects.filter(
        record__in=record_ids, state=LineState.WITHDRAWN, exported_at__isnull=False
    )
    found: dict[tuple[int, str], set[str]] = defaultdict(set)
    for record_id, name, new in lines.values_list("record", "field", "new"):
        found[record_id, name].add(comparable(name, new))
    return found


def _not_ours(
    item: FieldMerge,
    record: SourceRecord | None,
    sent_before: Mapping[tuple[int, str], set[str]],
) -> FieldMerge:
    """This will tell our own older correction, arriving late, from a change made in the ERP."""
    if item.result is not Result.CONFLICT or record is None:
        return item
    if comparable(item.name, item.theirs) in sent_before.get((record.pk, item.name), ()):
        return replace(item, result=Result.KEPT)
    return item


def new_base(run: Import, one: Decision) -> dict[str, str]:
    """This will give the values last seen: the row's, and of columns that it lacks the older."""
    told = set(run.files[one.row.file]["told"].get(one.row.entity, []))
    old = one.record.base if one.record else {}
    base = {name: value for name, value in old.items() if name.removeprefix(RAW) not in told}
    base.update(one.row.values)
    return base


def told_values(run: Import, one: Decision) -> dict[str, str]:
    """This will give what the row says of every field that its file has, blanks too."""
    told = run.files[one.row.file]["told"].get(one.row.entity, [])
    return {name: one.row.values.get(name, "") for name in told}
