"""Decide conflicts: both sides have changed a value, and a person says which one holds."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from contacts.actions.bulk import update_rows
from contacts.actions.changes import (
    CONTACT_FIELDS,
    CUSTOMER_FIELDS,
    Edit,
    edit_contacts,
    edit_customers,
    open_change_set,
)
from contacts.models import ChangeSet, SourceRecord
from contacts.rules.words import ChangeKind, Entity
from core.audit import record
from erp.models import ImportRow, WriteBackLine
from erp.rules.merging import FieldMerge, Result, outcome
from erp.rules.states import LineState, RowOutcome

EDITABLE = {Entity.CONTACT: CONTACT_FIELDS, Entity.CUSTOMER: CUSTOMER_FIELDS}


@dataclass(frozen=True)
class Choice:
    """What a person chose for one field of one record, having seen the source's value `seen`."""

    record_id: int
    field: str
    seen: str
    take_theirs: bool


@dataclass(frozen=True)
class Settled:
    """What became of choices: ours kept, theirs taken, left because the source changed since."""

    kept: int = 0
    taken: int = 0
    left: int = 0
    change_set: ChangeSet | None = None


@transaction.atomic
def settle(*, choices: Sequence[Choice], actor: User | None) -> Settled:
    """This will carry choices out.

    Ours kept: the correction goes out again, with what the source says now as its start. Theirs
    taken: the value here changes, and the correction is withdrawn. A choice whose source says
    something else by now is left.
    """
    records = SourceRecord.objects.in_bulk({choice.record_id for choice in choices})
    valid = [choice for choice in choices if _still_stands(choice, records)]
    taken = [choice for choice in valid if choice.take_theirs]
    kept = [choice for choice in valid if not choice.take_theirs]
    change_set = _take(taken, records, actor)
    _keep(kept)
    _note(valid)
    done = Settled(len(kept), len(taken), len(choices) - len(valid), change_set)
    if valid:
        facts = {"kept": done.kept, "taken": done.taken}
        record(actor=actor, verb="decided", entity="conflicts", facts=facts)
    return done


def can_be_taken(entity: str, name: str) -> bool:
    """This will say whether the source's value of a field can be put in place with one choice."""
    return name in EDITABLE.get(Entity(entity), frozenset())


def _still_stands(choice: Choice, records: dict[int, SourceRecord]) -> bool:
    known = records.get(choice.record_id)
    if known is None or known.base.get(choice.field, "") != choice.seen:
        return False
    return not choice.take_theirs or can_be_taken(known.entity, choice.field)


def _take(
    choices: Sequence[Choice], records: dict[int, SourceRecord], actor: User | None
) -> ChangeSet | None:
    if not choices:
        return None
    change_set = open_change_set(
        kind=ChangeKind.EDIT, label=f"Took {len(choices)} values from the ERP", actor=actor
    )
    edits: dict[str, list[Edit]] = defaultdict(list)
    for choice in choices:
        known = records[choice.record_id]
        target = known.contact_id if known.entity == Entity.CONTACT else known.customer_id
        if target is not None:
            edits[known.entity].append(Edit(target, choice.field, choice.seen, "as the ERP says"))
    edit_contacts(edits=edits[Entity.CONTACT], change_set=change_set)
    edit_customers(edits=edits[Entity.CUSTOMER], change_set=change_set)
    # Corrections in conflict were withdrawn as the values changed; those of blanks only are not.
    _lines(choices).update(state=LineState.WITHDRAWN)
    return change_set


def _keep(choices: Sequence[Choice]) -> None:
    lines = list(_lines(choices))
    for line in lines:
        line.old, line.theirs = line.theirs, ""
        line.state, line.state_before = LineState.TO_EXPORT.value, ""
        line.settled_by, line.settled_at = None, None
        line.created_at = timezone.now()
    names = ["old", "theirs", "state", "state_before", "settled_by", "settled_at", "created_at"]
    update_rows(WriteBackLine, lines, names)


def _lines(choices: Sequence[Choice]) -> Any:  # noqa: ANN401 - a queryset of corrections
    """This will select the conflicting corrections that choices speak of."""
    wanted = {(choice.record_id, choice.field) for choice in choices}
    lines = WriteBackLine.objects.filter(
        record__in={record_id for record_id, _ in wanted}, state=LineState.CONFLICT
    )
    keys = [line.pk for line in lines if (line.record_id, line.field) in wanted]
    return WriteBackLine.objects.filter(pk__in=keys)


def _note(choices: Sequence[Choice]) -> None:
    """This will note on the imports' rows what was decided, so that nobody is asked again."""
    decided = {(choice.record_id, choice.field): choice for choice in choices}
    rows = list(
        ImportRow.objects.filter(
            outcome=RowOutcome.CONFLICT, record__in={record_id for record_id, _ in decided}
        )
    )
    for row in rows:
        told = [
            FieldMerge(name, base, ours, theirs, Result(result))
            for name, base, ours, theirs, result in row.details
        ]
        merged = [_decided(item, row, decided) for item in told]
        row.details = [
            [item.name, item.base, item.ours, item.theirs, item.result.value] for item in merged
        ]
        row.outcome = outcome(merged).value
    update_rows(ImportRow, rows, ["details", "outcome"])


def _decided(
    item: FieldMerge, row: ImportRow, decided: dict[tuple[int, str], Choice]
) -> FieldMerge:
    choice = decided.get((row.record_id or 0, item.name))
    if item.result is not Result.CONFLICT or choice is None:
        return item
    result = Result.TAKEN if choice.take_theirs else Result.KEPT
    return FieldMerge(item.name, item.base, item.ours, item.theirs, result)
