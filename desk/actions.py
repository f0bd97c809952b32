"""What staff do to a selection of the contact list, at once or as a background job."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from campaigns.actions.rights import refuse_unless_allowed
from campaigns.querysets.audience import split
from campaigns.rules.audience import Split
from campaigns.rules.states import CampaignKind
from contacts.actions.changes import open_change_set
from contacts.actions.people import set_flag
from contacts.actions.undoing import Undone
from contacts.models import Change, ChangeSet, Contact, Customer
from contacts.rules.words import ChangeKind
from core.audit import record
from desk.querysets.lists import selected
from desk.rules.story import field_words, value_words
from jobs.models import Job
from jobs.queue import enqueue, save_progress
from jobs.registry import Work
from portal.actions.invitations import issue
from portal.tokens import invitation_url
from review.actions import deciding

AT_ONCE = 200
MERGE_CHUNK = 500
TYPED_IS_KEPT = "What you typed is kept below: save again to put it in place."
NOTHING_SAVED = "Nothing was saved: open it again and repeat your change."
WORDS = {
    ("promote", True): "Announcements switched on",
    ("promote", False): "Announcements switched off",
    ("invite", True): "Invitations switched on",
    ("invite", False): "Invitations switched off",
}


class NotYoursError(Exception):
    """The change set holds contacts or customers that the person may not see."""


@dataclass(frozen=True)
class Flagged:
    """What became of switching a flag: done with a change set, or a job that does it."""

    count: int = 0
    change_set: ChangeSet | None = None
    job: Job | None = None


@transaction.atomic
def flag_selection(*, audience: Mapping[str, Any], field: str, on: bool, actor: User) -> Flagged:
    """This will switch `promote` or `invite` for a selection; a large one in the background."""
    ids = list(selected(audience, actor).order_by().values_list("pk", flat=True)[: AT_ONCE + 1])
    if len(ids) > AT_ONCE:
        payload = {"audience": dict(audience), "field": field, "on": on}
        label = f"{WORDS[field, on]} for the selected contacts"
        return Flagged(job=enqueue("desk.flag", payload=payload, actor=actor, label=label))
    change_set = open_change_set(
        kind=ChangeKind.BULK, label=f"{WORDS[field, on]}: {len(ids):,} contacts", actor=actor
    )
    count = set_flag(contact_ids=ids, field=field, on=on, change_set=change_set)
    if not count:
        transaction.set_rollback(True)
        return Flagged()
    return Flagged(count, change_set)


def flag_slice(work: Work, actor: User) -> bool:
    """This will switch the next contacts of a job's selection, until its time is over."""
    field, on = str(work.payload["field"]), bool(work.payload["on"])
    rows = selected(work.payload["audience"], actor).exclude(**{field: on})
    while work.time_left() > 0:
        with transaction.atomic():
            after = int(work.cursor.get("after", 0))
            ids = list(rows.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:500])
            if not ids:
                return True
            change_set = _change_set_of(work, f"{WORDS[field, on]} for a selection", actor)
            work.done += set_flag(contact_ids=ids, field=field, on=on, change_set=change_set)
            work.cursor["after"] = ids[-1]
            work.message = f"{work.done:,} contacts changed"
            save_progress(work)
    return False


@transaction.atomic
def take_back(*, change_set: ChangeSet, actor: User) -> Undone:
    """This will undo a change set whose contacts and customers the person may all see.

    Raises NotYoursError, contacts.actions.undoing.AlreadyUndoneError, and MergedSinceError of
    contacts.actions.merging.
    """
    for model in (Contact, Customer):
        rows: Any = model
        visible = rows.objects.visible_to(actor)
        touched = rows.everyone.filter(changes__change_set=change_set)
        merged = touched.exclude(merged_into=None).exclude(merged_into__in=visible)
        if merged.exists() or touched.filter(merged_into=None).exclude(pk__in=visible).exists():
            raise NotYoursError
    return deciding.undo(change_set=change_set, actor=actor)


def note_export(*, actor: User, count: int, entity: str = "contact") -> None:
    """This will keep in the audit trail that rows left the program as a file."""
    record(actor=actor, verb="exported", entity=entity, facts={f"{entity}s": count})


def left_out_of_merge(*, audience: Mapping[str, Any], actor: User) -> Split:
    """This will divide a selection as an invitation does. Raises NotAllowedError.

    Who may not be mailed from here is not mailed from elsewhere with a link of ours either.
    """
    refuse_unless_allowed(actor, CampaignKind.INVITATION)
    return split(audience, CampaignKind.INVITATION, user=actor, now=timezone.now())


def mail_merge(*, contact_ids: Sequence[int], actor: User) -> Iterator[list[str]]:
    """This will invite contacts and give a row for each: names, address, personal link.

    The links are made as the rows are read, a chunk in a transaction; nothing usable is stored.
    """
    refuse_unless_allowed(actor, CampaignKind.INVITATION)
    facts = {"contacts": len(contact_ids)}
    record(actor=actor, verb="exported links of", entity="contact", facts=facts)
    for start in range(0, len(contact_ids), MERGE_CHUNK):
        rows = list(
            Contact.objects.visible_to(actor)
            .filter(pk__in=contact_ids[start : start + MERGE_CHUNK])
            .select_related("customer")
            .order_by("pk")
        )
        invitations = issue(contacts=rows, actor=actor)
        for row in rows:
            if row.pk in invitations and row.customer is not None:
                link = invitation_url(invitations[row.pk])
                yield [*_merge_fields(row, row.customer), link]


MERGE_HEADS = (
    "Email", "Contact name", "Salutation", "First name", "Last name", "Customer name",
    "Account number", "Sales rep", "Customer portal link",
)  # fmt: skip


def _merge_fields(row: Contact, customer: Customer) -> list[str]:
    return [
        row.email_repaired,
        row.name,
        row.salutation,
        row.first_name,
        row.last_name,
        customer.name,
        customer.account_number,
        customer.sales_rep_name,
    ]


def sentence_of(change: Change | None, then: str) -> str:
    """This will say who changed what meanwhile, and what to do now."""
    if change is None:
        return f"Somebody changed this meanwhile. {then}"
    who = change.change_set.actor or "An import"
    now = value_words(change.new) or "empty"
    return f"{who} changed this meanwhile: {field_words(change.field)} is now {now}. {then}"


def _change_set_of(work: Work, label: str, actor: User) -> ChangeSet:
    """This will give the one change set of a job, opened with its first slice."""
    known = ChangeSet.objects.filter(pk=int(work.cursor.get("change_set", 0))).first()
    if known is None:
        known = open_change_set(kind=ChangeKind.BULK, label=label, actor=actor)
        work.cursor["change_set"] = known.pk
    return known
