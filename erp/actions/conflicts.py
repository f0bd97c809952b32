"""Decide conflicts: both sides have changed a value, and a person says which one holds."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from contacts.actions.bulk import insert_rows, update_rows
from contacts.actions.changes import (
    CONTACT_FIELDS,
    CUSTOMER_FIELDS,
    Edit,
    edit_contacts,
    edit_customers,
    open_change_set,
)
from contacts.actions.undoing import undo
from contacts.models import Change, ChangeSet, SourceRecord
from contacts.rules.values import text_of
from contacts.rules.words import ChangeKind, Entity
from core.audit import record
from erp.models import Import, ImportRow, WriteBackLine
from erp.rules.merging import FieldMerge, Result, outcome
from erp.rules.states import LineState, RowOutcome
from jobs.models import Job
from jobs.queue import enqueue, save_progress
from jobs.registry import Work

EDITABLE = {Entity.CONTACT: CONTACT_FIELDS, Entity.CUSTOMER: CUSTOMER_FIELDS}
AT_ONCE = 200
CHUNK = 250
KEPT_OURS = "kept; the source says something else"
DECIDED = "Decided"


@dataclass(frozen=True)
class Choice:
    """What a person chose for one field of one record, having seen the source's value `seen`.

    `other` is a third value that the person typed; it outweighs `take_theirs`.
    """

    record_id: int
    field: str
    seen: str
    take_theirs: bool = False
    other: str = ""

    @property
    def new(self) -> str | None:
        """The value to put in place; nothing when ours is kept."""
        return self.other or (self.seen if self.take_theirs else None)


@dataclass(frozen=True)
class Dispute:
    """One field that both sides have changed and nobody has decided: what each of them says."""

    row: ImportRow
    record: SourceRecord
    field: str
    base: str
    ours: str
    theirs: str

    @property
    def name(self) -> str:
        """The field with its entity."""
        return f"{self.record.entity}.{self.field}"


@dataclass(frozen=True)
class Settled:
    """What became of choices: ours kept, others put in place, left as the source changed since."""

    kept: int = 0
    taken: int = 0
    left: int = 0
    change_set: ChangeSet | None = None
    job: Job | None = None


@transaction.atomic
def settle(
    *, choices: Sequence[Choice], actor: User | None, change_set: ChangeSet | None = None
) -> Settled:
    """This will carry choices out, as one change set that `take_back` reverses.

    Ours kept: the correction goes out again, with what the source says now as its start. Theirs
    taken: the value here changes, and the correction is withdrawn. Another value: it is put in
    place and goes out. A choice whose source says something else by now is left.
    """
    records = SourceRecord.objects.select_related("contact", "customer").in_bulk(
        {choice.record_id for choice in choices}
    )
    valid = [choice for choice in choices if _still_stands(choice, records)]
    if not valid:
        return Settled(left=len(choices))
    taken = [choice for choice in valid if choice.new is not None]
    kept = [choice for choice in valid if choice.new is None]
    label = f"{DECIDED} {_conflicts(len(valid))} with the ERP"
    change_set = change_set or open_change_set(kind=ChangeKind.EDIT, label=label, actor=actor)
    _put_in_place(taken, records, change_set)
    _keep(kept, records, change_set)
    _note(valid)
    facts = {"kept": len(kept), "taken": len(taken)}
    record(actor=actor, verb="decided", entity="conflicts", facts=facts)
    return Settled(len(kept), len(taken), len(choices) - len(valid), change_set)


def settle_all(*, run: Import, field: str, take_theirs: bool, actor: User) -> Settled:
    """This will decide every open conflict of an import alike; of one field, when it is named.

    Many are decided by a job in the background.
    """
    choices = [
        _choice(dispute, take_theirs=take_theirs)
        for dispute in disputes(open_rows(run)[: AT_ONCE + 1])
        if _is_meant(dispute, field, take_theirs=take_theirs)
    ]
    if open_rows(run).count() <= AT_ONCE:
        return settle(choices=choices, actor=actor)
    whose = "the file’s values" if take_theirs else "ours"
    job = enqueue(
        "erp.settle",
        payload={"import": run.pk, "field": field, "take_theirs": take_theirs},
        actor=actor,
        label=f"Deciding conflicts of {run} for {whose}",
        singleton=f"erp.settle.{run.pk}",
        total=open_rows(run).count(),
    )
    return Settled(job=job)


def settle_slice(work: Work, actor: User | None) -> bool:
    """This will decide the next conflicts of a job, until its time is over; true when all are."""
    run = Import.objects.get(pk=work.payload["import"])
    field, take_theirs = str(work.payload["field"]), bool(work.payload["take_theirs"])
    while work.time_left() > 0 and not work.is_cancelled():
        with transaction.atomic():
            rows = list(open_rows(run).filter(pk__gt=work.cursor.get("pk", 0))[:CHUNK])
            if not rows:
                return True
            found = [
                one for one in disputes(rows) if _is_meant(one, field, take_theirs=take_theirs)
            ]
            known = ChangeSet.objects.filter(pk=work.cursor.get("change_set", 0)).first()
            done = settle(
                choices=[_choice(one, take_theirs=take_theirs) for one in found],
                actor=actor,
                change_set=known,
            )
            if done.change_set is not None:
                work.cursor["change_set"] = done.change_set.pk
            work.cursor["pk"] = rows[-1].pk
            work.done += len(rows)
            work.message = f"{work.done:,} rows looked at"
            save_progress(work)
        work.give_way()
    return False


def decisions_of(actor: User) -> Any:  # noqa: ANN401 - a queryset of change sets
    """This will select what a person has decided and not taken back."""
    return ChangeSet.objects.filter(
        kind=ChangeKind.EDIT, actor=actor, label__startswith=f"{DECIDED} ", undone_at=None
    )


@transaction.atomic
def take_back(*, change_set: ChangeSet, actor: User) -> int:
    """This will restore the values that stood here before a decision, and ask again.

    What the source, a person or a file has moved on since stays; gives how many wait again.
    Raises contacts.actions.undoing.AlreadyUndoneError.
    """
    undo(change_set=change_set, actor=actor)
    return _reopen(change_set)


def _reopen(change_set: ChangeSet) -> int:
    changes = change_set.changes.filter(invoice=None).exclude(field="")
    owners = {(change.contact_id, change.customer_id, change.field): change for change in changes}
    rows = (
        ImportRow.objects.filter(record__isnull=False, outcome__in=_DECIDED)
        .filter(record__in=_records_of(changes))
        .select_related("record__contact", "record__customer")
    )
    reopened: set[tuple[int, str]] = set()
    touched = []
    for row in rows:
        merged = [_reopened(item, row, owners) for item in _told(row)]
        again = {item.name for item in merged if item.result is Result.CONFLICT}
        if fresh := again - {item.name for item in _told(row) if item.result is Result.CONFLICT}:
            row.details, row.outcome = _details(merged), outcome(merged).value
            touched.append(row)
            reopened |= {(row.record_id or 0, name) for name in fresh}
    update_rows(ImportRow, touched, ["details", "outcome"])
    _reopen_lines(reopened, touched)
    return len(reopened)


def open_rows(run: Import) -> Any:  # noqa: ANN401 - a queryset of an import's rows
    """This will select the rows of an import that hold a conflict."""
    rows = run.rows.filter(outcome=RowOutcome.CONFLICT, record__isnull=False)
    return rows.select_related("record__contact__customer", "record__customer").order_by("pk")


def disputes(rows: Iterable[ImportRow]) -> Iterator[Dispute]:
    """This will give the fields of rows that wait for a decision, with what stands here now."""
    for row in rows:
        record_now = row.record
        if record_now is None:
            continue
        target: Any = record_now.contact or record_now.customer
        for item in _told(row):
            theirs = record_now.base.get(item.name, "")
            ours = text_of(getattr(target, item.name)) if hasattr(target, item.name) else item.ours
            if item.result is Result.CONFLICT and ours != theirs:
                yield Dispute(row, record_now, item.name, item.base, ours, theirs)


def can_be_taken(entity: str, name: str) -> bool:
    """This will say whether the source's value of a field can be put in place with one choice."""
    return name in EDITABLE.get(Entity(entity), frozenset())


_DECIDED = (RowOutcome.KEPT, RowOutcome.CHANGED, RowOutcome.CONFLICT, RowOutcome.UNCHANGED)


def _conflicts(count: int) -> str:
    return f"{count:,} conflict{'' if count == 1 else 's'}"


def _choice(dispute: Dispute, *, take_theirs: bool) -> Choice:
    return Choice(dispute.record.pk, dispute.field, dispute.theirs, take_theirs)


def _is_meant(dispute: Dispute, field: str, *, take_theirs: bool) -> bool:
    meant = field in ("", dispute.name)
    return meant and (not take_theirs or can_be_taken(dispute.record.entity, dispute.field))


def _still_stands(choice: Choice, records: dict[int, SourceRecord]) -> bool:
    known = records.get(choice.record_id)
    if known is None or known.base.get(choice.field, "") != choice.seen:
        return False
    return choice.new is None or can_be_taken(known.entity, choice.field)


def _put_in_place(
    choices: Sequence[Choice], records: dict[int, SourceRecord], change_set: ChangeSet
) -> None:
    """This will set values here. What follows from them for the corrections, receivers do."""
    edits: dict[str, list[Edit]] = defaultdict(list)
    for choice in choices:
        known = records[choice.record_id]
        target = known.contact_id if known.entity == Entity.CONTACT else known.customer_id
        if target is not None:
            why = "typed instead of both" if choice.other else "as the ERP says"
            edits[known.entity].append(Edit(target, choice.field, choice.new or "", why))
    edit_contacts(edits=edits[Entity.CONTACT], change_set=change_set)
    edit_customers(edits=edits[Entity.CUSTOMER], change_set=change_set)
    # Corrections in conflict were withdrawn as the values changed; those of blanks only are not.
    _lines(choices).update(state=LineState.WITHDRAWN)


def _keep(
    choices: Sequence[Choice], records: dict[int, SourceRecord], change_set: ChangeSet
) -> None:
    """This will send corrections again, and keep on record that a person stood by the value."""
    lines = list(_lines(choices))
    for line in lines:
        line.old, line.theirs = line.theirs, ""
        line.state, line.state_before = LineState.TO_EXPORT.value, ""
        line.settled_by, line.settled_at = None, None
        line.created_at = timezone.now()
    names = ["old", "theirs", "state", "state_before", "settled_by", "settled_at", "created_at"]
    update_rows(WriteBackLine, lines, names)
    changes = []
    for choice in choices:
        known = records[choice.record_id]
        target: Any = known.contact or known.customer
        if not hasattr(target, choice.field):
            continue
        ours = text_of(getattr(target, choice.field))
        told = {"field": choice.field, "old": ours, "new": ours, "why": KEPT_OURS}
        customer = None if known.contact else known.customer
        changes.append(
            Change(change_set=change_set, contact=known.contact, customer=customer, **told)
        )
    insert_rows(Change, changes)


def _lines(choices: Sequence[Choice]) -> Any:  # noqa: ANN401 - a queryset of corrections
    """This will select the conflicting corrections that choices speak of."""
    return _lines_of({(choice.record_id, choice.field) for choice in choices}, LineState.CONFLICT)


def _lines_of(wanted: set[tuple[int, str]], state: LineState) -> Any:  # noqa: ANN401 - as above
    lines = WriteBackLine.objects.filter(
        record__in={record_id for record_id, _ in wanted}, state=state
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
        merged = [_decided(item, row, decided) for item in _told(row)]
        row.details, row.outcome = _details(merged), outcome(merged).value
    update_rows(ImportRow, rows, ["details", "outcome"])


def _told(row: ImportRow) -> list[FieldMerge]:
    return [
        FieldMerge(name, base, ours, theirs, Result(result))
        for name, base, ours, theirs, result in row.details
    ]


def _details(merged: Sequence[FieldMerge]) -> list[list[str]]:
    return [[item.name, item.base, item.ours, item.theirs, item.result.value] for item in merged]


def _decided(
    item: FieldMerge, row: ImportRow, decided: dict[tuple[int, str], Choice]
) -> FieldMerge:
    choice = decided.get((row.record_id or 0, item.name))
    if item.result is not Result.CONFLICT or choice is None:
        return item
    result = Result.KEPT if choice.new is None else Result.TAKEN
    return FieldMerge(item.name, item.base, item.ours, item.theirs, result)


def _records_of(changes: Any) -> Any:  # noqa: ANN401 - querysets of changes and of records
    contacts = SourceRecord.objects.filter(contact__in=changes.values("contact"))
    customers = SourceRecord.objects.filter(
        customer__in=changes.values("customer"), entity=Entity.CUSTOMER
    )
    return SourceRecord.objects.filter(pk__in=contacts.values("pk").union(customers.values("pk")))


def _reopened(
    item: FieldMerge, row: ImportRow, owners: dict[tuple[int | None, int | None, str], Change]
) -> FieldMerge:
    """This will undo a decision: only decided conflicts have three values that all differ."""
    known: Any = row.record
    owner = (known.contact_id, None if known.contact_id else known.customer_id, item.name)
    change = owners.get(owner)
    was_decided = item.result in (Result.KEPT, Result.TAKEN)
    was_conflict = was_decided and len({item.base, item.ours, item.theirs}) == 3  # noqa: PLR2004 - all differ
    if change is None or not was_conflict or known.base.get(item.name, "") != item.theirs:
        return item
    target = known.contact or known.customer
    if text_of(getattr(target, item.name)) != change.old:
        return item
    return FieldMerge(item.name, item.base, change.old, item.theirs, Result.CONFLICT)


def _reopen_lines(reopened: set[tuple[int, str]], rows: Sequence[ImportRow]) -> None:
    """This will put corrections that have not left yet back into conflict."""
    bases = {(row.record_id, item.name): item for row in rows for item in _told(row)}
    lines = list(_lines_of(reopened, LineState.TO_EXPORT))
    for line in lines:
        item = bases[line.record_id, line.field]
        line.old, line.theirs = item.base, item.theirs
        line.state, line.state_before = LineState.CONFLICT.value, LineState.TO_EXPORT.value
    update_rows(WriteBackLine, lines, ["old", "theirs", "state", "state_before"])
