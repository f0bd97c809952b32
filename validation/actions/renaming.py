"""Move everybody's address from one domain to another, as one change set that can be undone."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.models import User
from contacts.actions.changes import Edit, edit_contacts, open_change_set
from contacts.models import ChangeSet, Contact
from contacts.rules.normalise import address_key
from contacts.rules.words import ChangeKind
from jobs.models import Job
from jobs.queue import enqueue, save_progress
from jobs.registry import Work
from validation.actions.storing import note_domains
from validation.models import Decision
from validation.rules.decided import decided_value
from validation.rules.renaming import refusal, renamed, typed_domain

RENAME = "validation.rename"
CHUNK = 250


class CannotRenameError(ValueError):
    """One domain cannot become the other; the sentence says why."""


@dataclass(frozen=True)
class Move:
    """What a rename does to one contact: the new address, or why it is left out.

    `shared_with` is how many other contacts of the customer have the new address already.
    """

    contact: Contact
    new: str = ""
    left_out: str = ""
    kept: Decision | None = None
    shared_with: int = 0


def contacts_at(old: str, *, subdomains: bool = False) -> QuerySet[Contact]:
    """This will give the contacts with an address at a domain, by primary key."""
    at = Q(email_domain=old)
    if subdomains:
        at |= Q(email_domain__endswith=f".{old}")
    rows: QuerySet[Contact] = Contact.objects.filter(at)
    return rows.select_related("customer").order_by("pk")


def moves_of(
    rows: Sequence[Contact], *, old: str, new: str, subdomains: bool = False
) -> list[Move]:
    """This will say for contacts what a rename would do to each of them; nothing is changed."""
    targets = {row.pk: renamed(row.email_repaired, old, new, subdomains=subdomains) for row in rows}
    there = _already_there(set(targets.values()) - {""})
    decided = _kept(rows)
    return [_move(row, targets[row.pk], decided.get(row.pk), there) for row in rows]


@transaction.atomic
def start_rename(
    *, old: str, new: str, subdomains: bool, skip: Collection[int], actor: User | None
) -> Job:
    """This will have every address at one domain moved to another, by a job.

    `skip` are contacts to leave alone. Raises CannotRenameError, and
    jobs.queue.AlreadyRunningError while the domain is being renamed.
    """
    before, after = typed_domain(old), typed_domain(new)
    sentence = refusal(before, after)
    if sentence or before is None or after is None:
        raise CannotRenameError(sentence)
    payload = {
        "old": before.name,
        "new": after.name,
        "subdomains": subdomains,
        "skip": sorted(skip),
    }
    note_domains(names={after.name})
    return enqueue(
        RENAME,
        payload=payload,
        actor=actor,
        label=f"Rename {before.name} to {after.name}",
        singleton=f"rename {before.name}"[:120],
        total=contacts_at(before.name, subdomains=subdomains).count(),
    )


def rename_slice(work: Work) -> bool:
    """This will move the next addresses of a job, until its time is over or none is left."""
    facts = work.payload
    old, new, subdomains = str(facts["old"]), str(facts["new"]), bool(facts["subdomains"])
    rows = contacts_at(old, subdomains=subdomains).exclude(pk__in=facts["skip"])
    while work.time_left() > 0:
        with transaction.atomic():
            part = list(rows.filter(pk__gt=int(work.cursor.get("after", 0)))[:CHUNK])
            if not part:
                return True
            moves = moves_of(part, old=old, new=new, subdomains=subdomains)
            changed = _apply(work, [move for move in moves if move.new])
            work.cursor["after"] = part[-1].pk
            work.done += len(part)
            work.result["changed"] = work.result.get("changed", 0) + changed
            work.result["left"] = work.result.get("left", 0) + len(part) - changed
            work.message = _told(work.result)
            save_progress(work)
        work.give_way()
    return False


def _apply(work: Work, moves: Sequence[Move]) -> int:
    """This will change addresses; one that was edited since it was read is left."""
    if not moves:
        return 0
    edits = [
        Edit(move.contact.pk, "email", move.new, "Domain renamed", seen=move.contact.email)
        for move in moves
    ]
    return len(edit_contacts(edits=edits, change_set=_change_set_of(work)).changes)


def _change_set_of(work: Work) -> ChangeSet:
    """This will give the one change set of a job, opened with its first changes."""
    known = ChangeSet.objects.filter(pk=int(work.result.get("change_set", 0))).first()
    if known is None:
        label = f"Renamed {work.payload['old']} to {work.payload['new']}"
        actor = User.objects.filter(pk=work.actor_id or 0).first()
        known = open_change_set(kind=ChangeKind.BULK, label=label, actor=actor)
        work.result["change_set"] = known.pk
    return known


def _told(result: dict[str, Any]) -> str:
    left = f", {result['left']:,} left as they were" if result["left"] else ""
    return f"{result['changed']:,} addresses changed{left}"


def _move(
    row: Contact, new: str, kept: Decision | None, there: dict[tuple[int | None, str], int]
) -> Move:
    if not new:
        return Move(row, left_out="No plain address: correct it in review")
    if kept is not None:
        return Move(row, left_out="Kept as it is", kept=kept)
    return Move(row, new, shared_with=there.get((row.customer_id, address_key(new)), 0))


def _already_there(addresses: Collection[str]) -> dict[tuple[int | None, str], int]:
    """This will count, by customer and address, the contacts that have the new addresses."""
    found: dict[tuple[int | None, str], int] = {}
    keys = {address_key(address) for address in addresses}
    rows = Contact.objects.filter(address_key__in=keys)
    for customer, key in rows.values_list("customer_id", "address_key"):
        found[(customer, key)] = found.get((customer, key), 0) + 1
    return found


def _kept(rows: Sequence[Contact]) -> dict[int, Decision]:
    """This will give the decisions that say that an address is right as it is."""
    emails = {row.pk: decided_value(row.email) for row in rows}
    standing = Decision.objects.standing().filter(contact__in=list(emails))
    return {
        row.contact_id: row
        for row in standing.select_related("actor").order_by("pk")
        if row.value == emails[row.contact_id]
    }
