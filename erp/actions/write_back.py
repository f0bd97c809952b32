"""Corrections on their way to the ERP: written when a value here differs from the ERP's last."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import models, transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from contacts.actions.bulk import insert_rows, update_rows
from contacts.models import Change, ChangeSet, Contact, Customer, Source, SourceRecord
from contacts.rules.values import text_of
from contacts.rules.words import Entity
from core.audit import Actor, record
from erp.actions.deciding import DEFAULTS
from erp.models import WriteBackBatch, WriteBackLine
from erp.querysets import LineQuerySet
from erp.rules.fields import of_entity
from erp.rules.keys import GENERAL, cell_of
from erp.rules.layouts import layout_of
from erp.rules.states import NOT_IN_ERP, LineState

# What staff note for themselves, and what the portal owns, is not the ERP's business.
NOT_SENT = frozenset({"notes", "username"})
CHUNK = 500
SENT = {
    entity: frozenset(
        field.name for field in of_entity(entity) if field.stored and field.name not in NOT_SENT
    )
    for entity in (Entity.CONTACT, Entity.CUSTOMER)
}


class NotOpenError(ValueError):
    """The correction has left for the ERP, or has come to its end."""


@transaction.atomic
def follow_contacts(
    *, contact_ids: Sequence[int], fields: Iterable[str], change_set: ChangeSet | None
) -> int:
    """This will write, renew or withdraw lines of contacts whose fields have changed."""
    names = SENT[Entity.CONTACT] & set(fields)
    if not names or not contact_ids:
        return 0
    records = SourceRecord.objects.filter(
        contact__in=contact_ids, entity=Entity.CONTACT, merged_away=False
    )
    return _follow(
        _in_file_order(records.select_related("source", "contact")),
        names,
        _changes("contact", change_set),
    )


@transaction.atomic
def follow_customers(
    *, customer_ids: Sequence[int], fields: Iterable[str], change_set: ChangeSet | None
) -> int:
    """This will write, renew or withdraw lines of customers whose fields have changed."""
    names = SENT[Entity.CUSTOMER] & set(fields)
    if not names or not customer_ids:
        return 0
    records = SourceRecord.objects.filter(
        customer__in=customer_ids, entity=Entity.CUSTOMER, merged_away=False
    )
    return _follow(
        _in_file_order(records.select_related("source", "customer")),
        names,
        _changes("customer", change_set),
    )


@transaction.atomic
def announce_born_here(*, contact_ids: Sequence[int]) -> int:
    """This will put contacts that were added here on the list to create in the ERP.

    The ERP is the one that knows their customer and whose contacts we have seen.
    """
    contacts = Contact.objects.filter(pk__in=contact_ids, customer__isnull=False).order_by("pk")
    known = Source.objects.all()
    sources = {one.pk: one for one in known if layout_of(one.layouts, Entity.CONTACT)}
    records = SourceRecord.objects.filter(
        source__in=sources,
        entity=Entity.CUSTOMER,
        customer__in=contacts.values("customer"),
    ).order_by("-source_id")
    source_of = dict(records.values_list("customer_id", "source_id"))
    lines = [
        WriteBackLine(source=sources[source_of[row.customer_id]], contact=row, new=row.email)
        for row in contacts
        if row.customer_id in source_of
    ]
    insert_rows(WriteBackLine, lines)
    return len(lines)


@transaction.atomic
def withdraw(*, line: WriteBackLine, actor: Actor) -> None:
    """This will keep a correction from leaving for the ERP. Raises NotOpenError when it left."""
    waits = [LineState.TO_EXPORT, LineState.NOT_APPLIED, LineState.CONFLICT]
    changed = WriteBackLine.objects.filter(pk=line.pk, state__in=waits).update(
        state=LineState.WITHDRAWN
    )
    if not changed:
        raise NotOpenError
    record(actor=actor, verb="withdrew", entity="correction", entity_id=line.pk, label=line.field)


@transaction.atomic
def note_typed_in(*, lines: LineQuerySet, source: Source, actor: Actor) -> datetime:
    """This will note that a person typed corrections into the ERP; the next import proves them.

    Gives the moment by which `take_typed_in_back` knows them. Raises NotOpenError when all of them
    are in a file already, or have come to their end.
    """
    now = timezone.now()
    keys = list(lines.filter(source=source).by_hand().values_list("pk", flat=True))
    for start in range(0, len(keys), CHUNK):
        mine = WriteBackLine.objects.filter(pk__in=keys[start : start + CHUNK])
        mine.filter(state=LineState.EXPORTED).update(exported_at=now)
        mine.filter(state__in=NOT_IN_ERP).update(
            state_before=models.F("state"), state=LineState.EXPORTED, batch=None, exported_at=now
        )
    if not keys:
        raise NotOpenError
    _audit(actor, "typed in", source, len(keys))
    return now


@transaction.atomic
def take_typed_in_back(*, source: Source, moment: datetime, actor: Actor) -> int:
    """This will forget that corrections were typed in at a moment; gives how many wait again."""
    lines = WriteBackLine.objects.filter(
        source=source, state=LineState.EXPORTED, exported_at=moment
    )
    sent = Subquery(WriteBackBatch.objects.filter(pk=OuterRef("batch")).values("exported_at")[:1])
    count = lines.filter(batch__isnull=False).update(exported_at=sent)
    count += lines.filter(batch=None).update(
        state=models.F("state_before"), state_before="", exported_at=None
    )
    if count:
        _audit(actor, "took back", source, count)
    return count


def _audit(actor: Actor, verb: str, source: Source, count: int) -> None:
    record(
        actor=actor,
        verb=verb,
        entity="corrections",
        entity_id=source.pk,
        label=source.name,
        facts={"lines": count},
    )


@transaction.atomic
def set_ascii_domains(*, source: Source, on: bool, actor: Actor) -> None:
    """This will set whether addresses go to the ERP with domains in ASCII letters."""
    if source.ascii_domains == on:
        return
    source.ascii_domains = on
    source.save(update_fields=["ascii_domains"])
    facts = {"ascii_domains": on}
    record(
        actor=actor,
        verb="changed",
        entity="source",
        entity_id=source.pk,
        label=source.name,
        facts=facts,
    )


def _changes(owner: str, change_set: ChangeSet | None) -> dict[tuple[int, str], int]:
    """This will give the changes that made the corrections, by row and field."""
    if change_set is None:
        return {}
    rows = Change.objects.filter(change_set=change_set, **{f"{owner}__isnull": False})
    return {
        (owner_id, name): pk
        for owner_id, name, pk in rows.order_by("pk").values_list(f"{owner}_id", "field", "pk")
    }


def _in_file_order(records: models.QuerySet[SourceRecord]) -> models.QuerySet[SourceRecord]:
    return records.order_by("row_number", "pk")


def _follow(
    records: Iterable[SourceRecord], names: frozenset[str], changes: Mapping[tuple[int, str], int]
) -> int:
    """This will bring lines in step with what is here and what the ERP said last."""
    found = list(records)
    open_lines: dict[tuple[int, str], WriteBackLine] = {
        (line.record_id or 0, line.field): line
        for line in WriteBackLine.objects.open().filter(record__in=found, field__in=names)
    }
    new: list[WriteBackLine] = []
    changed: list[WriteBackLine] = []
    for row in found:
        for name in sorted(names & _writable(row)):
            line = open_lines.get((row.pk, name))
            correction = _correction(row, name, changes)
            if line is not None and _stays(line, correction):
                continue
            if line is not None:
                line.state = LineState.WITHDRAWN.value
                changed.append(line)
            if correction is not None:
                new.append(correction)
    update_rows(WriteBackLine, changed, ["state"])
    insert_rows(WriteBackLine, new)
    return len(new)


def _stays(line: WriteBackLine, correction: WriteBackLine | None) -> bool:
    """This will say whether the open line says what is to be said."""
    return correction is not None and line.new == correction.new


def _writable(row: SourceRecord) -> frozenset[str]:
    """This will give the fields that the record's file has a column for."""
    if row.key.startswith(GENERAL):
        return frozenset({"email"}) & _names(row.source, Entity.CUSTOMER)
    return _names(row.source, Entity(row.entity))


def _names(source: Source, entity: Entity) -> frozenset[str]:
    layout = layout_of(source.layouts, entity)
    return layout.names if layout is not None else frozenset()


def _correction(
    row: SourceRecord, name: str, changes: Mapping[tuple[int, str], int]
) -> WriteBackLine | None:
    """This will give the line that a record's field needs, or nothing when both sides agree."""
    target: Contact | Customer | None = (
        row.contact if row.entity == Entity.CONTACT else row.customer
    )
    if target is None:
        return None
    ours = text_of(getattr(target, name))
    if ours == row.base.get(name, DEFAULTS.get(name, "")):
        return None
    return WriteBackLine(
        source=row.source,
        record=row,
        contact=row.contact,
        customer=row.customer,
        field=name,
        old=cell_of(row.base, name),
        new=ours,
        change_id=changes.get((target.pk, name)),
    )


def counts_of(source: Source) -> dict[str, int]:
    """This will count a source's corrections by state, all states named."""
    rows = WriteBackLine.objects.filter(source=source).order_by().values_list("state")
    counts = dict(rows.annotate(n=models.Count("pk")))
    return {state.value: counts.get(state.value, 0) for state in LineState}
