"""Take a change set back: restore what nobody has touched since, and say what was skipped."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone

from accounts.models import User
from contacts import events
from contacts.actions.changes import (
    DERIVED_OF_CONTACT,
    DERIVED_OF_CUSTOMER,
    SEARCHED_OF_CUSTOMER,
    derive_contact,
    derive_customer,
    refresh_search,
    set_text,
)
from contacts.models import Change, ChangeSet, Contact, Customer, Invoice
from contacts.rules.values import text_of
from core.audit import record

CHUNK = 1000


@dataclass(frozen=True)
class Undone:
    """What became of an undo."""

    restored: int = 0
    removed: int = 0
    skipped: int = 0

    def __add__(self, other: "Undone") -> "Undone":
        return Undone(
            self.restored + other.restored,
            self.removed + other.removed,
            self.skipped + other.skipped,
        )


class AlreadyUndoneError(ValueError):
    """The change set was taken back before."""


def undo(*, change_set: ChangeSet, actor: User | None) -> Undone:
    """This will take a whole change set back, newest change first, in chunks of their own.

    Raises AlreadyUndoneError. Stopped half-way it goes on where it was when called again.
    """
    if change_set.undone_at:
        raise AlreadyUndoneError
    total = Undone()
    while True:
        part = undo_chunk(change_set=change_set)
        if part is None:
            break
        total += part
    close_undo(change_set=change_set, actor=actor, undone=total)
    return total


@transaction.atomic
def undo_chunk(*, change_set: ChangeSet, size: int = CHUNK) -> Undone | None:
    """This will take the next chunk of changes back; nothing when none is left."""
    changes = list(
        Change.objects.filter(change_set=change_set, undone=False)
        .select_related("contact__customer", "customer", "invoice")
        .order_by("-pk")[:size]
    )
    if not changes:
        return None
    edits = [change for change in changes if change.field]
    restored = _restore([c for c in edits if c.contact_id], "contact", change_set)
    restored += _restore([c for c in edits if c.customer_id], "customer", change_set)
    restored += _restore([c for c in edits if c.invoice_id], "invoice", change_set)
    Change.objects.filter(pk__in=[change.pk for change in changes]).update(undone=True)
    removed = _remove([change for change in changes if not change.field], change_set)
    creations = len(changes) - len(edits)
    return Undone(restored, removed, len(edits) - restored + creations - removed)


@transaction.atomic
def close_undo(*, change_set: ChangeSet, actor: User | None, undone: Undone) -> None:
    """This will mark the change set as taken back and note it in the audit trail."""
    change_set.undone_at = timezone.now()
    change_set.save(update_fields=["undone_at"])
    record(
        actor=actor,
        verb="undid",
        entity="change set",
        entity_id=change_set.pk,
        label=change_set.label,
        facts={
            "restored": undone.restored,
            "removed": undone.removed,
            "skipped": undone.skipped,
        },
    )


def _restore(changes: list[Change], owner: str, change_set: ChangeSet) -> int:
    """This will give fields their old values where the new one is still there."""
    restored = 0
    rows: dict[int, Any] = {}
    fields: dict[int, set[str]] = defaultdict(set)
    for change in changes:
        row = rows.setdefault(getattr(change, f"{owner}_id"), getattr(change, owner))
        if text_of(getattr(row, change.field)) != change.new:
            continue
        set_text(row, change.field, change.old)
        fields[row.pk].add(change.field)
        restored += 1
    _store(owner, [rows[pk] for pk in fields], set().union(*fields.values()), change_set)
    return restored


def _store(owner: str, rows: list[Any], names: set[str], change_set: ChangeSet) -> None:
    if not rows:
        return
    if owner == "contact":
        for row in rows:
            derive_contact(row)
            row.version += 1
        Contact.objects.bulk_update(rows, [*names, *DERIVED_OF_CONTACT], batch_size=500)
        events.changed.send(
            sender=Contact,
            contacts=[row.pk for row in rows],
            fields=names,
            change_set=change_set,
        )
    elif owner == "customer":
        for row in rows:
            derive_customer(row)
        Customer.objects.bulk_update(rows, [*names, *DERIVED_OF_CUSTOMER], batch_size=500)
        contacts = Contact.objects.filter(customer__in=[row.pk for row in rows])
        if names & SEARCHED_OF_CUSTOMER:
            refresh_search(row.pk for row in rows)
        events.changed.send(
            sender=Customer,
            contacts=list(contacts.values_list("pk", flat=True)),
            fields={f"customer.{name}" for name in names},
            change_set=change_set,
        )
    else:
        Invoice.objects.bulk_update(rows, list(names), batch_size=500)


def _remove(creations: list[Change], change_set: ChangeSet) -> int:
    """This will remove what a change set created, unless it has been used since."""
    removed = 0
    for owner, model in (("contact", Contact), ("invoice", Invoice), ("customer", Customer)):
        keys = {getattr(creation, f"{owner}_id") for creation in creations} - {None}
        free = keys - _used(owner, keys, change_set) if keys else keys
        removed += _delete(model, free)
    return removed


def _used(owner: str, keys: set[int], change_set: ChangeSet) -> set[int]:
    """This will give those that were changed, mailed or given something since."""
    later = Change.objects.filter(undone=False, **{f"{owner}__in": keys})
    used = set(later.exclude(change_set=change_set).values_list(f"{owner}_id", flat=True))
    if owner == "customer":
        used |= set(Contact.objects.filter(customer__in=keys).values_list("customer_id", flat=True))
        used |= set(Customer.objects.filter(parent__in=keys).values_list("parent_id", flat=True))
    elif owner == "contact":
        mailed = Contact.objects.filter(pk__in=keys, last_mailed_at__isnull=False)
        used |= set(mailed.values_list("pk", flat=True))
    return used


def _delete(model: type[Any], keys: set[int]) -> int:
    """This will delete rows together; when one of them is protected, the others one by one."""
    if not keys:
        return 0
    try:
        with transaction.atomic():
            model.objects.filter(pk__in=keys).delete()
    except ProtectedError:
        if len(keys) == 1:
            return 0
        return sum(_delete(model, {key}) for key in keys)
    return len(keys)
