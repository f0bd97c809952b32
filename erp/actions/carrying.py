"""Carry decisions out: one chunk of customers, contacts or invoices, written in bulk."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from contacts.actions.bulk import insert_rows
from contacts.actions.changes import Edit
from contacts.actions.importing import (
    RECORDED,
    Seen,
    add_contacts,
    add_customers,
    add_invoices,
    change_contacts,
    change_customers,
    change_invoices,
    record_changed,
    record_new,
)
from contacts.models import ChangeSet, Customer, Invoice, SourceRecord
from erp.actions.deciding import Decision, new_base, told_values
from erp.actions.kept import columns_of
from erp.actions.marking import cells_of
from erp.actions.settling import confirm_created, settle_changed
from erp.actions.several import other_numbers
from erp.models import Import, ImportRow
from erp.querysets import customers_by_number, staff_by_name
from erp.rules.merging import Result
from erp.rules.states import RowOutcome

WHY = "the file says so"
_NOT_A_FIELD = frozenset({"account", "parent"})


def customers(*, run: Import, decisions: Sequence[Decision]) -> None:
    """This will add new customers and change known ones; parents follow when all are there."""
    _refuse_taken_numbers(run, decisions)
    reps = staff_by_name()
    new = _new(decisions)
    rows = [
        one.row.values
        | {"account_number": one.row.account}
        | rep_of(reps, one.row.values.get("sales_rep_name", ""))
        for one in new
    ]
    added = add_customers(numbering=run.source.numbering, rows=rows, change_set=change_set_of(run))
    here = {one.target.pk for one in decisions if one.target is not None}
    others = other_numbers(run.source, here)
    edits = [edit for one in decisions for edit in _customer_edits(one, reps, others)]
    change_customers(edits=edits, change_set=change_set_of(run))
    for one, customer in zip(new, added, strict=True):
        one.target = customer
    _remember(run, decisions)


def contacts(*, run: Import, decisions: Sequence[Decision]) -> None:
    """This will add new people and change known ones, with their customers where unknown."""
    here = _customers_for(run, decisions)
    new = _new(decisions)
    added = add_contacts(
        rows=[(here.get(one.row.account), one.row.values) for one in new],
        change_set=change_set_of(run),
    )
    edits = [edit for one in decisions for edit in _edits(one, here)]
    change_contacts(edits=edits, change_set=change_set_of(run))
    linked = [one.target.pk for one in decisions if one.target and one.record is None]
    confirm_created(run=run, contact_ids=linked)
    for one, contact in zip(new, added, strict=True):
        one.target = contact
    _remember(run, decisions)


def invoices(*, run: Import, decisions: Sequence[Decision]) -> None:
    """This will add new invoices and take what the file says of known ones: nobody edits them."""
    here = _customers_for(run, decisions)
    for one in decisions:
        one.merged = [
            replace(item, result=Result.TAKEN) if item.result is Result.CONFLICT else item
            for item in one.merged
        ]
    _refuse_taken_invoices(run, decisions, here)
    new = _new(decisions)
    added = add_invoices(
        rows=[(here[one.row.account], one.row.values) for one in new],
        change_set=change_set_of(run),
    )
    edits = [edit for one in decisions for edit in _edits(one, here)]
    change_invoices(edits=edits, change_set=change_set_of(run))
    for one, invoice in zip(new, added, strict=True):
        one.target = invoice
    _remember(run, decisions)


def _new(decisions: Sequence[Decision]) -> list[Decision]:
    return [one for one in decisions if one.is_new and not one.refused]


def change_set_of(run: Import) -> ChangeSet:
    """This will give the change set that holds everything an import changes."""
    if run.change_set is None:
        message = "the import was not started"
        raise RuntimeError(message)
    return run.change_set


def error_row(
    run: Import, one: Decision, message: str, column: str = "", *, skipped: bool = True
) -> ImportRow:
    """This will give the note of a row that could not be used as it is."""
    if skipped:
        one.refused = True
        run.files[one.row.file]["skipped"] += 1
    return ImportRow(
        run=run,
        file=one.row.file,
        row=one.row.row,
        entity=one.row.entity,
        outcome=RowOutcome.ERROR,
        column=column,
        message=message[:300],
        skipped=skipped,
        cells=cells_of(columns_of(run.files[one.row.file]), one.row.values),
    )


def _refuse_taken_numbers(run: Import, decisions: Sequence[Decision]) -> None:
    """This will refuse a second customer with the same account number, and a taken new number."""
    wanted = {one.row.account for one in decisions if _needs_number(one)}
    taken = {
        number: customer.pk for number, customer in customers_by_number(run.source, wanted).items()
    }
    errors = []
    for one in decisions:
        if not _needs_number(one):
            continue
        own = one.target.pk if one.target is not None else None
        if taken.get(one.row.account, own) != own:
            message = (
                f"The account number {one.row.account} belongs to another customer."
                " This row is left out."
            )
            errors.append(error_row(run, one, message))
            one.merged = []
        taken[one.row.account] = own or -one.row.pk
    insert_rows(ImportRow, errors)


def _needs_number(one: Decision) -> bool:
    return one.target is None or any(item.name == "account" for item in one.taken())


def _customer_edits(
    one: Decision, reps: dict[str, int], others: Mapping[int, Mapping[str, int]]
) -> Iterable[Edit]:
    if one.target is None or one.refused:
        return
    for item in one.taken():
        if item.name == "account":
            # A merged customer's new number leads on to the one that it was merged into.
            owner = others.get(one.target.pk, {}).get(item.base, one.target.pk)
            yield Edit(owner, "account_number", item.theirs, WHY)
        elif item.name not in _NOT_A_FIELD:
            yield Edit(one.target.pk, item.name, item.theirs, WHY)
        if item.name == "sales_rep_name":
            rep = rep_of(reps, item.theirs).get("sales_rep_id", "")
            yield Edit(one.target.pk, "sales_rep_id", rep, WHY)


def _edits(one: Decision, here: dict[str, Customer]) -> Iterable[Edit]:
    """This will give the edits of a known contact or invoice; its account is its customer."""
    if one.target is None or one.refused:
        return
    for item in one.taken():
        if item.name != "account":
            yield Edit(one.target.pk, item.name, item.theirs, WHY)
        elif item.theirs in here:
            yield Edit(one.target.pk, "customer_id", str(here[item.theirs].pk), WHY)


def _customers_for(run: Import, decisions: Sequence[Decision]) -> dict[str, Customer]:
    """This will give the customers that rows name; adds unknown ones, or refuses their rows."""
    numbers = {one.row.account for one in decisions} - {""}
    here = customers_by_number(run.source, numbers)
    unknown = {
        one.row.account: one.row.values.get("organization", "")
        for one in reversed(decisions)
        if one.row.account and one.row.account not in here
    }
    if run.create_customers and unknown:
        rows = [{"account_number": number, "name": name} for number, name in unknown.items()]
        added = add_customers(
            numbering=run.source.numbering, rows=rows, change_set=change_set_of(run)
        )
        return here | {customer.account_number: customer for customer in added}
    errors = [
        error_row(run, one, f"The account number {one.row.account} is not known.", "account")
        for one in decisions
        if one.row.account in unknown
    ]
    insert_rows(ImportRow, errors)
    return here


def _refuse_taken_invoices(
    run: Import, decisions: Sequence[Decision], here: dict[str, Customer]
) -> None:
    """This will refuse an invoice whose number its customer has already under another key."""
    moved = [
        one
        for one in decisions
        if not one.refused
        and (one.target is None or any(item.name == "account" for item in one.taken()))
    ]
    numbers = {one.row.values.get("number", "") for one in moved}
    taken = set(
        Invoice.objects.filter(customer__in=here.values(), number__in=numbers).values_list(
            "customer__account_number", "number"
        )
    )
    errors = []
    for one in moved:
        place = (one.row.account, one.row.values.get("number", ""))
        if place in taken:
            message = f"The customer has an invoice {place[1]} already. This row is left out."
            errors.append(error_row(run, one, message, "number"))
            one.merged = []
        taken.add(place)
    insert_rows(ImportRow, errors)


def _remember(run: Import, decisions: Sequence[Decision]) -> None:
    """This will keep what the source now says, and what undo must restore."""
    changed, notes, unseen = [], [], []
    told = {}
    for one in decisions:
        if one.refused:
            continue
        if one.record is None:
            unseen.append(one)
            continue
        before, base = _state_of(one.record), new_base(run, one)
        told[one.record.pk] = (one.record.base, told_values(run, one))
        one.record.key, one.record.own_id = one.row.key, one.row.own_id
        one.record.base, one.record.fingerprint = base, one.row.fingerprint
        one.record.origin, one.record.row_number = one.row.origin, one.row.row
        changed.append(one.record)
        notes.append(_note(run, one, one.record.pk, before))
    settle_changed(run=run, told=told)
    record_changed(records=changed, number=run.pk)
    keys = record_new(source=run.source, seen=[_seen(one) for one in unseen], number=run.pk)
    notes += [
        _note(run, one, key, {}) for one, key in zip(unseen, keys, strict=True) if not one.is_new
    ]
    insert_rows(ImportRow, notes)


def _state_of(record: SourceRecord) -> dict[str, object]:
    return {name: getattr(record, name) for name in RECORDED}


def _note(run: Import, one: Decision, record_id: int, before: dict[str, object]) -> ImportRow:
    return ImportRow(
        run=run,
        file=one.row.file,
        row=one.row.row,
        entity=one.row.entity,
        outcome=one.outcome,
        record_id=record_id,
        before=before,
        details=one.details,
    )


def _seen(one: Decision) -> Seen:
    return Seen(
        entity=one.row.entity,
        key=one.row.key,
        own_id=one.row.own_id,
        base=one.row.values,
        fingerprint=one.row.fingerprint,
        origin=one.row.origin,
        row_number=one.row.row,
        **{f"{one.row.entity}_id": one.target.pk if one.target else None},
    )


def rep_of(reps: dict[str, int], name: str) -> dict[str, str]:
    """This will give the member of staff whom a file names as a customer's sales rep."""
    known = reps.get(name.casefold())
    return {"sales_rep_id": str(known)} if known else {}
