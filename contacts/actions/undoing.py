"""Take a change set back: restore what nobody has touched since, and say what was skipped."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from contacts import events
from contacts.actions.bulk import update_rows
from contacts.actions.changes import (
    DERIVED_OF_CONTACT,
    DERIVED_OF_CUSTOMER,
    SEARCHED_OF_CUSTOMER,
    derive_contact,
    derive_customer,
    refresh_search,
    set_text,
)
from contacts.actions.merging import MERGED, part
from contacts.actions.removing import EDITED, remove_rows, uses_of
from contacts.models import Change, ChangeSet, Contact, Customer, Invoice
from contacts.rules.values import text_of
from core.audit import record

CHUNK = 1000
MAILED, MOVED_ON = "mailed since", "moved on since"
_MODELS: dict[str, Any] = {"contact": Contact, "invoice": Invoice, "customer": Customer}
OWNERS = ("contact", "invoice", "customer")


@dataclass(frozen=True)
class Undone:
    """What became of an undo."""

    restored: int = 0
    removed: int = 0
    skipped: int = 0
    why: dict[str, int] = field(default_factory=dict)

    def __add__(self, other: "Undone") -> "Undone":
        return Undone(
            self.restored + other.restored,
            self.removed + other.removed,
            self.skipped + other.skipped,
            dict(Counter(self.why) + Counter(other.why)),
        )


class AlreadyUndoneError(ValueError):
    """The change set was taken back before."""


def undo(*, change_set: ChangeSet, actor: User | None) -> Undone:
    """This will take a whole change set back, newest change first, in chunks of their own.

    Raises AlreadyUndoneError, and MergedSinceError of merging. Stopped half-way it goes on where
    it was when called again.
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
def undo_chunk(
    *, change_set: ChangeSet, size: int = CHUNK, seen_in: int | None = None
) -> Undone | None:
    """This will take the next chunk of changes back; nothing when none is left.

    `seen_in` is the number of the import that is taken back, if it is one.
    """
    _back, stayed = part(change_set=change_set)
    waiting = Change.objects.filter(change_set=change_set, undone=False).order_by("-pk")
    columns = ("pk", "field", *(f"{owner}_id" for owner in OWNERS))
    chunk = list(waiting.values_list(*columns)[:size])
    if not chunk:
        return None
    edits = list(Change.objects.filter(pk__in=[row[0] for row in chunk if row[1]]).order_by("-pk"))
    restored = sum(change.field == MERGED for change in edits)  # put back by now
    for owner in OWNERS:
        mine = [change for change in edits if getattr(change, f"{owner}_id")]
        restored += _restore(mine, owner, change_set)
    Change.objects.filter(pk__in=[change.pk for change in edits]).update(undone=True)
    why = Counter({EDITED: len(edits) - restored, MOVED_ON: stayed})
    made = [row for row in chunk if not row[1]]
    kept: Counter[str] = Counter()
    for at, owner in enumerate(OWNERS, start=2):
        notes = {row[at]: row[0] for row in made if row[at]}
        kept += _remove(owner, notes, change_set, seen_in)
    why += kept
    return Undone(restored, len(made) - kept.total(), why.total(), dict(why))


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
            "why": undone.why,
        },
    )


def _restore(changes: list[Change], owner: str, change_set: ChangeSet) -> int:
    """This will give fields their old values where the new one is still there."""
    restored = 0
    rows = _rows_of(owner, {getattr(change, f"{owner}_id") for change in changes})
    fields: dict[int, set[str]] = defaultdict(set)
    for change in changes:
        row = rows[getattr(change, f"{owner}_id")]
        merged = getattr(row, MERGED, None) is not None
        if merged or text_of(getattr(row, change.field)) != change.new:
            continue
        set_text(row, change.field, change.old)
        fields[row.pk].add(change.field)
        restored += 1
    _store(owner, [rows[pk] for pk in fields], set().union(*fields.values()), change_set)
    return restored


def _rows_of(owner: str, keys: set[int]) -> dict[int, Any]:
    rows = _MODELS[owner]._base_manager.filter(pk__in=keys)  # noqa: SLF001 - merged rows too
    if owner == "contact":
        rows = rows.select_related("customer")
    return {row.pk: row for row in rows}


def _store(owner: str, rows: list[Any], names: set[str], change_set: ChangeSet) -> None:
    if not rows:
        return
    if owner == "contact":
        for row in rows:
            derive_contact(row)
            row.version += 1
        update_rows(Contact, rows, [*names, *DERIVED_OF_CONTACT])
        events.changed.send(
            sender=Contact,
            contacts=[row.pk for row in rows],
            fields=names,
            change_set=change_set,
        )
    elif owner == "customer":
        for row in rows:
            derive_customer(row)
        update_rows(Customer, rows, [*names, *DERIVED_OF_CUSTOMER])
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
        update_rows(Invoice, rows, list(names))


def _remove(
    owner: str, creations: dict[int, int], change_set: ChangeSet, seen_in: int | None
) -> Counter[str]:
    """This will remove what a change set created, unless it has been used since; says why not.

    `creations` has the note of each creation by the key of the row.
    """
    if not creations:
        return Counter()
    model, keys = _MODELS[owner], set(creations)
    used = uses_of(model=model, keys=keys, change_set=change_set, seen_in=seen_in)
    if owner == "contact":
        mailed = Contact.objects.filter(pk__in=keys - set(used), last_mailed_at__isnull=False)
        used |= dict.fromkeys(mailed.values_list("pk", flat=True), MAILED)
    if free := keys - set(used):
        remove_rows(model=model, keys=free)
    Change.objects.filter(pk__in=[creations[key] for key in used]).update(undone=True)
    return Counter(used.values())
