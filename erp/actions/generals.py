"""Addresses on customers' own rows: people only when nobody else there has the address."""

from collections.abc import Sequence

from contacts.actions.bulk import insert_rows
from contacts.actions.changes import Edit
from contacts.actions.importing import (
    RECORDED,
    Seen,
    add_contacts,
    change_contacts,
    record_changed,
    record_new,
)
from contacts.models import Contact, SourceRecord
from contacts.rules.words import Entity
from erp.actions.carrying import WHY, change_set_of
from erp.actions.settling import settle_changed
from erp.models import Import, ImportRow, StagedRow
from erp.querysets import customers_by_number
from erp.rules.keys import RAW, fingerprint, general_key
from erp.rules.merging import FieldMerge, Result, merge_field, outcome
from erp.rules.states import RowOutcome
from jobs.registry import Work

CHUNK, BRIEF_CHUNK = 1_000, 250
_NO_END = 2**62
_TOUCHED = [RowOutcome.NEW, RowOutcome.CHANGED, RowOutcome.CONFLICT]


def look_at(run: Import, work: Work) -> bool:
    """This will look at the next customers whose address is new or changed; true when none is left.

    After all contact rows: an address that nobody at the customer has becomes a general contact,
    and one that had become a contact before follows its row.
    """
    told = (facts.get("told", {}).get(Entity.CUSTOMER, ()) for facts in run.files)
    if not any("email" in names for names in told):
        return True
    rows = list(
        run.staged.filter(entity=Entity.CUSTOMER, outcome__in=_TOUCHED)
        .filter(pk__lte=work.cursor.get("until", _NO_END))
        .filter(pk__gt=work.cursor.get("pk", 0))
        .exclude(outcome=RowOutcome.NEW, address="")
        .order_by("pk")[: BRIEF_CHUNK if work.is_brief else CHUNK]
    )
    if not rows:
        return True
    work.cursor["pk"] = rows[-1].pk
    rows = [row for row in rows if _says_address(row)]
    records = {
        record.key: record
        for record in SourceRecord.objects.filter(
            source=run.source,
            entity=Entity.CONTACT,
            key__in=[general_key(row.key) for row in rows],
        ).select_related("contact")
    }
    _follow(run, [(row, records[key]) for row in rows if (key := general_key(row.key)) in records])
    _add(run, [row for row in rows if general_key(row.key) not in records])
    return False


def _says_address(row: StagedRow) -> bool:
    """This will say whether the row's address is new, or another one than before."""
    return row.outcome == RowOutcome.NEW or any(name == "email" for name, *_ in row.details)


def _add(run: Import, rows: Sequence[StagedRow]) -> None:
    here = customers_by_number(run.source, {row.account for row in rows})
    taken = set(
        Contact.objects.filter(
            customer__in=here.values(), address_key__in={row.address for row in rows}
        ).values_list("customer__account_number", "address_key")
    )
    wanted = [
        row
        for row in rows
        if "@" in row.address
        and row.account in here
        and not here[row.account].is_house_account
        and (row.account, row.address) not in taken
    ]
    added = add_contacts(
        rows=[(here[row.account], _values(row)) for row in wanted],
        change_set=change_set_of(run),
    )
    seen = [
        Seen(
            entity=Entity.CONTACT,
            key=general_key(row.key),
            own_id="",
            base=_values(row),
            fingerprint=fingerprint(_values(row)),
            origin=row.origin,
            row_number=row.row,
            contact_id=contact.pk,
        )
        for row, contact in zip(wanted, added, strict=True)
    ]
    record_new(source=run.source, seen=seen, number=run.pk)


def _follow(run: Import, pairs: Sequence[tuple[StagedRow, SourceRecord]]) -> None:
    edits, notes, told, records = [], [], {}, []
    for row, record in pairs:
        if record.contact is None or record.base == _values(row):
            continue
        merged = _merged(row, record, record.contact)
        if merged.result is Result.TAKEN:
            edits.append(Edit(record.contact.pk, "email", merged.theirs, WHY))
        notes.append(_note(run, row, record, merged))
        told[record.pk] = (record.base, {"email": ""} | _values(row))
        record.base, record.fingerprint = _values(row), fingerprint(_values(row))
        record.origin, record.row_number = row.origin, row.row
        records.append(record)
    change_contacts(edits=edits, change_set=change_set_of(run))
    settle_changed(run=run, told=told)
    record_changed(records=records, number=run.pk)
    insert_rows(ImportRow, notes)


def _merged(row: StagedRow, record: SourceRecord, contact: Contact) -> FieldMerge:
    base, theirs = record.base.get("email", ""), row.values.get("email", "")
    result = merge_field("email", base, contact.email, theirs)
    return FieldMerge("email", base, contact.email, theirs, result)


def _note(run: Import, row: StagedRow, record: SourceRecord, merged: FieldMerge) -> ImportRow:
    return ImportRow(
        run=run,
        file=row.file,
        row=row.row,
        entity=Entity.CONTACT,
        outcome=outcome([merged]),
        record=record,
        before={name: getattr(record, name) for name in RECORDED},
        details=[["email", merged.base, merged.ours, merged.theirs, merged.result.value]],
    )


def _values(row: StagedRow) -> dict[str, str]:
    """This will give what a customer's row says of its general contact."""
    wanted = ("email", RAW + "email")
    return {name: row.values[name] for name in wanted if name in row.values}
