"""Branches are linked to their parents when all customers of the files are in."""

from collections.abc import Mapping

from django.db.models import Q

from contacts.actions.bulk import insert_rows
from contacts.actions.changes import Edit
from contacts.actions.importing import change_customers
from contacts.models import Customer, SourceRecord
from contacts.rules.words import Entity
from erp.actions.carrying import WHY, change_set_of, error_row
from erp.actions.deciding import Decision
from erp.models import Import, ImportRow
from erp.querysets import customers_by_number
from erp.rules.merging import Result
from erp.rules.states import RowOutcome
from jobs.registry import Work

CHUNK, BRIEF_CHUNK = 2_000, 250
PARENT = "parent"
ROWS, WAITING = "rows", "waiting"


def link(run: Import, work: Work) -> bool:
    """This will link the next branches to their parents; true when none is left.

    First those that the files tell of, then those whose parent was not known until now.
    """
    if not any(PARENT in facts.get("told", {}).get(Entity.CUSTOMER, ()) for facts in run.files):
        return True
    if work.cursor.setdefault("part", ROWS) == ROWS:
        if _link_rows(run, work):
            work.cursor |= {"part": WAITING, "pk": 0}
        return False
    return _link_waiting(run, work)


def _link_rows(run: Import, work: Work) -> bool:
    rows = list(
        run.staged.filter(entity=Entity.CUSTOMER, pk__gt=work.cursor.get("pk", 0))
        .filter(outcome__in=[RowOutcome.NEW, RowOutcome.CHANGED, RowOutcome.CONFLICT])
        .exclude(~Q(values__has_key=PARENT), outcome=RowOutcome.NEW)
        .order_by("pk")[: BRIEF_CHUNK if work.is_brief else CHUNK]
    )
    if not rows:
        return True
    work.cursor["pk"] = rows[-1].pk
    wanted = {
        row.account: row.values.get(PARENT, "")
        for row in rows
        if row.outcome == RowOutcome.NEW or _takes_parent(row.details)
    }
    here = customers_by_number(run.source, {*wanted, *wanted.values()} - {""})
    edits, errors = [], []
    for row in rows:
        parent = wanted.get(row.account, "")
        child, found = here.get(row.account), here.get(parent)
        if child is None or row.account not in wanted or (found and found.pk == child.pk):
            continue
        if parent and found is None:
            message = f"The parent {parent} is not known. The customer is kept without a parent."
            errors.append(error_row(run, Decision(row), message, PARENT, skipped=False))
        elif parent or row.outcome != RowOutcome.NEW:
            edits.append(Edit(child.pk, "parent_id", str(found.pk) if found else "", WHY))
    change_customers(edits=edits, change_set=change_set_of(run))
    insert_rows(ImportRow, errors)
    return False


def _link_waiting(run: Import, work: Work) -> bool:
    """This will link customers whose parent came later than they did; true when all were seen."""
    records = SourceRecord.objects.filter(
        source=run.source,
        entity=Entity.CUSTOMER,
        customer__parent=None,
        customer__merged_into=None,
        base__has_key=PARENT,
        pk__gt=work.cursor["pk"],
    ).order_by("pk")
    rows = records.values_list("pk", "customer_id", "base")
    found = list(rows[: BRIEF_CHUNK if work.is_brief else CHUNK])
    if not found:
        return True
    work.cursor["pk"] = found[-1][0]
    wanted = {customer_id: base[PARENT] for _pk, customer_id, base in found if customer_id}
    _link_children(run, wanted, customers_by_number(run.source, set(wanted.values())))
    return False


def _link_children(run: Import, wanted: Mapping[int, str], here: Mapping[str, Customer]) -> None:
    edits = [
        Edit(child, "parent_id", str(here[number].pk), WHY)
        for child, number in wanted.items()
        if number in here and here[number].pk != child
    ]
    change_customers(edits=edits, change_set=change_set_of(run))


def _takes_parent(details: list[list[str]]) -> bool:
    return any(name == PARENT and result == Result.TAKEN for name, *_, result in details)
