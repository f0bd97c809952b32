"""Make one of two contacts, or of two customers. The one that goes away is kept, out of sight.

1. the one that goes away is hidden: it says into which it was merged
2. whatever hangs on it hangs on the one that stays (messages, invitations, records of sources)
3. the one that stays gets the chosen values; corrections for the ERP follow from that
4. the apps above hear of it

All of it is one change set, which undo takes back in the opposite order.
"""

import json
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from contacts import events
from contacts.actions.changes import (
    CONTACT_FIELDS,
    CUSTOMER_FIELDS,
    Edit,
    UnknownFieldError,
    edit_contacts,
    edit_customers,
    open_change_set,
    refresh_search,
)
from contacts.actions.moving import BASE, move_all, note_bases, put, put_back
from contacts.models import Change, ChangeSet, Contact, Customer, Moved, SourceRecord
from contacts.rules.choosing import JOINED, Side
from contacts.rules.values import text_of
from contacts.rules.words import ChangeKind, later_stage
from core.audit import record

MERGED = "merged_into_id"
WHY = "chosen when merging"


class CannotMergeError(ValueError):
    """The two cannot become one; the sentence says why and what to do."""


class MergedSinceError(ValueError):
    """What the merge made was merged again since: that has to be taken back first."""


@transaction.atomic
def merge_contacts(
    *,
    keep: int,
    gone: int,
    sides: Mapping[str, Side],
    actor: User | None,
    into: ChangeSet | None = None,
) -> ChangeSet:
    """This will merge one contact into another; `sides` says by field whose value stays.

    `into` goes on with a change set. Raises CannotMergeError, UnknownFieldError.
    """
    kept, merged = _both(Contact, keep, gone)
    if kept.is_house_user or merged.is_house_user:
        message = "A house user stands for an account, not for a person. It cannot be merged."
        raise CannotMergeError(message)
    change_set = into or _open(kept, merged, actor)
    _hide(kept, merged, "contact", change_set)
    if merged.customer_id and kept.customer_id:
        # Counts and lists that start at a customer must not find it there.
        put(rows=_row(merged), values={"customer_id": ""}, change_set=change_set)
    elif merged.customer_id:
        _give_customer(kept, merged, change_set)
    _move(Contact, kept, merged, "contact", change_set)
    _push_up(kept, merged, change_set)
    edits = _edits(kept, merged, sides, CONTACT_FIELDS)
    edit_contacts(edits=edits, change_set=change_set)
    _tell(Contact, kept, merged, change_set, actor)
    return change_set


@transaction.atomic
def merge_customers(
    *,
    keep: int,
    gone: int,
    sides: Mapping[str, Side],
    actor: User | None,
    into: ChangeSet | None = None,
) -> ChangeSet:
    """This will merge one customer into another, with its contacts and invoices.

    Both account numbers lead to the one that stays. As `merge_contacts` otherwise.
    """
    kept, merged = _both(Customer, keep, gone)
    if kept.is_house_account != merged.is_house_account:
        message = "A house account is not a customer's. It cannot be merged with one."
        raise CannotMergeError(message)
    change_set = into or _open(kept, merged, actor)
    _hide(kept, merged, "customer", change_set)
    if kept.parent_id == merged.pk:
        above = merged.parent_id if merged.parent_id != kept.pk else None
        put(rows=_row(kept), values={"parent_id": text_of(above)}, change_set=change_set)
    moving = list(Contact.objects.filter(customer=merged).values_list("pk", flat=True))
    _move(Customer, kept, merged, "customer", change_set)
    edits = _edits(kept, merged, sides, CUSTOMER_FIELDS)
    edit_customers(edits=edits, change_set=change_set)
    _follow_customer(moving, {kept.pk}, change_set)
    _tell(Customer, kept, merged, change_set, actor)
    return change_set


def refuse_part(change_set: ChangeSet) -> None:
    """This will refuse to take a merge back while another one rests on it: MergedSinceError."""
    for model in (Contact, Customer):
        label = model._meta.label_lower  # noqa: SLF001 - Django's public-in-practice API
        merges = Moved.objects.filter(model=label, field=MERGED)
        own = merges.filter(change_set=change_set)
        kept = {int(new) for new in own.values_list("new", flat=True) if new}
        within = {int(row) for row in own.values_list("row", flat=True)}
        rows: Any = model
        since = rows.everyone.filter(pk__in=kept - within).exclude(merged_into=None)
        again = since.select_related("merged_into").first()
        if again is not None:
            message = f"{again} was merged into {again.merged_into} since. Undo that merge first."
            raise MergedSinceError(message)


@transaction.atomic
def part(*, change_set: ChangeSet) -> tuple[int, int]:
    """This will put back what merges of a change set moved, before their values are restored.

    Gives how many rows went back and how many stay where they are. Raises MergedSinceError.
    """
    moved = Moved.objects.filter(change_set=change_set)
    if not moved.exists():
        return 0, 0
    refuse_part(change_set)
    pairs = {model: _pairs(moved, model) for model in (Contact, Customer)}
    contacts = _keys(moved, Contact, "customer_id")
    bases = {
        int(row): json.loads(old) for row, old in moved.filter(field=BASE).values_list("row", "old")
    }
    counts = put_back(change_set=change_set)
    _catch_up(bases, change_set)
    if pairs[Customer]:
        everybody = {key for pair in pairs[Customer].items() for key in pair}
        _follow_customer(sorted(contacts), everybody, change_set)
    for model, into in pairs.items():
        if into:
            events.parted.send(sender=model, into=into, change_set=change_set)
    return counts


def _both(model: Any, keep: int, gone: int) -> tuple[Any, Any]:  # noqa: ANN401 - either table
    """This will lock the two, always in the same order."""
    if keep == gone:
        message = "These are one record already. Choose two."
        raise CannotMergeError(message)
    locked = model.everyone.select_for_update(of=("self",)).filter(pk__in=[keep, gone])
    rows = {row.pk: row for row in locked.order_by("pk")}
    if len(rows) < 2 or any(row.merged_into_id for row in rows.values()):  # noqa: PLR2004 - a pair
        message = "One of the two was merged or removed meanwhile. Look at the list again."
        raise CannotMergeError(message)
    return rows[keep], rows[gone]


def _open(kept: Any, merged: Any, actor: User | None) -> ChangeSet:  # noqa: ANN401 - either table
    label = f"Merged {merged} into {kept}"
    return open_change_set(kind=ChangeKind.MERGE, label=label, actor=actor)


def _row(row: Any) -> Any:  # noqa: ANN401 - either table, as a queryset
    return type(row).everyone.filter(pk=row.pk)


def _hide(kept: Any, merged: Any, owner: str, change_set: ChangeSet) -> None:  # noqa: ANN401 - either table
    put(rows=_row(merged), values={MERGED: str(kept.pk)}, change_set=change_set)
    Change.objects.create(
        change_set=change_set,
        **{owner: merged},
        field=MERGED,
        new=str(kept.pk),
        why=str(kept)[:200],
    )


def _move(model: Any, kept: Any, merged: Any, owner: str, change_set: ChangeSet) -> None:  # noqa: ANN401 - either table
    """This will move what hangs on the merged row; says of records which get no corrections."""
    records = SourceRecord.objects.filter(entity=owner, **{owner: merged})
    own = SourceRecord.objects.filter(entity=owner, **{owner: kept})
    spare = records.filter(source__in=own.values("source"))
    note_bases(records=records, change_set=change_set)
    put(rows=spare, values={"merged_away": "true"}, change_set=change_set)
    move_all(model=model, gone=merged.pk, keep=kept.pk, change_set=change_set)


def _give_customer(kept: Contact, merged: Contact, change_set: ChangeSet) -> None:
    """This will take over the customer of the merged contact by one who had none."""
    customer = str(merged.customer_id)
    put(rows=_row(merged), values={"customer_id": ""}, change_set=change_set)
    edits = [Edit(kept.pk, "customer_id", customer, WHY)]
    edit_contacts(edits=edits, change_set=change_set, known=frozenset({"customer_id"}))


def _push_up(kept: Contact, merged: Contact, change_set: ChangeSet) -> None:
    """This will give the one that stays the later stage and the later mailing of the two."""
    stage = later_stage(kept.portal_stage, merged.portal_stage)
    put(rows=_row(kept), values={"portal_stage": stage}, change_set=change_set)
    mailed = max(filter(None, (kept.last_mailed_at, merged.last_mailed_at)), default=None)
    put(rows=_row(kept), values={"last_mailed_at": text_of(mailed)}, change_set=change_set)


def _edits(
    kept: Any,  # noqa: ANN401 - either table
    merged: Any,  # noqa: ANN401 - either table
    sides: Mapping[str, Side],
    known: frozenset[str],
) -> list[Edit]:
    edits = []
    for name, side in sides.items():
        if name not in known:
            raise UnknownFieldError(name)
        here, there = text_of(getattr(kept, name)), text_of(getattr(merged, name))
        if side is Side.GONE:
            edits.append(Edit(kept.pk, name, there, WHY))
        elif side is Side.BOTH and name in JOINED and there not in here:
            edits.append(Edit(kept.pk, name, "\n".join(filter(None, (here, there))), WHY))
    return edits


def _follow_customer(contacts: list[int], customers: set[int], change_set: ChangeSet) -> None:
    """This will let contacts be found by, checked and compared at the customer they are at now."""
    refresh_search(customers)
    Contact.objects.filter(pk__in=contacts).update(updated_at=timezone.now())
    if contacts:
        events.changed.send(
            sender=Contact, contacts=contacts, fields={"customer_id"}, change_set=change_set
        )


def _tell(
    model: Any,  # noqa: ANN401 - either table
    kept: Any,  # noqa: ANN401 - either table
    merged: Any,  # noqa: ANN401 - either table
    change_set: ChangeSet,
    actor: User | None,
) -> None:
    events.merged.send(sender=model, into={merged.pk: kept.pk}, change_set=change_set)
    record(
        actor=actor,
        verb="merged",
        entity=model._meta.model_name,  # noqa: SLF001 - as above
        entity_id=kept.pk,
        label=f"change set {change_set.pk}",
        facts={"merged": merged.pk, "change_set": change_set.pk},
    )


def _pairs(moved: Any, model: Any) -> dict[int, int]:  # noqa: ANN401 - a queryset, a table
    """This will give who was merged into whom, in the order in which it happened."""
    label = model._meta.label_lower  # noqa: SLF001 - as above
    rows = moved.filter(model=label, field=MERGED, old="").order_by("pk")
    return {int(row): int(new) for row, new in rows.values_list("row", "new")}


def _keys(moved: Any, model: Any, field: str) -> set[int]:  # noqa: ANN401 - a queryset, a table
    rows = moved.filter(model=model._meta.label_lower, field=field)  # noqa: SLF001 - as above
    return {int(row) for row in rows.values_list("row", flat=True)}


def _catch_up(bases: Mapping[int, Mapping[str, str]], change_set: ChangeSet) -> None:
    """This will give the parted row what its source told while it was merged.

    Otherwise its old values would look like corrections of ours.
    """
    edits: dict[str, list[Edit]] = {"contact": [], "customer": []}
    for record_now in SourceRecord.objects.filter(pk__in=bases).select_related(
        "contact", "customer"
    ):
        owner = record_now.entity
        row: Any = getattr(record_now, owner, None)
        known = CONTACT_FIELDS if owner == "contact" else CUSTOMER_FIELDS
        then = bases[record_now.pk]
        edits[owner] += [
            Edit(row.pk, name, text, "told by its source meanwhile")
            for name, text in record_now.base.items()
            if name in known
            and text != then.get(name, "")
            and text_of(getattr(row, name)) == then.get(name, "")
        ]
    if not any(edits.values()):
        return
    label = f"Caught up after undoing: {change_set.label}"
    after = open_change_set(kind=ChangeKind.IMPORT, label=label, actor=None)
    edit_contacts(edits=edits["contact"], change_set=after)
    edit_customers(edits=edits["customer"], change_set=after)
