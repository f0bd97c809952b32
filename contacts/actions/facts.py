"""What sending, portal and checks push down, so that lists and counts need nothing from above."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from contacts import events
from contacts.models import AddressFact, Contact
from contacts.rules.words import STAGE_ORDER, ContentType, EmailStatus, PortalStage

FACT_FIELDS = ("delivered_at", "bounced_at", "complained_at", "confirmed_at")


@dataclass(frozen=True)
class Fact:
    """One proven thing about an address: `field` is one of FACT_FIELDS, `origin` says from whom."""

    address_key: str
    field: str
    at: datetime
    origin: str = ""


@transaction.atomic
def record_facts(*, facts: Iterable[Fact]) -> int:
    """This will store facts, the newest of each kind, and tell the apps above of the contacts."""
    by_key: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        if fact.address_key:
            by_key[fact.address_key].append(fact)
    if not by_key:
        return 0
    AddressFact.objects.bulk_create(
        [AddressFact(address_key=key) for key in sorted(by_key)], ignore_conflicts=True
    )
    rows = list(AddressFact.objects.select_for_update().filter(address_key__in=by_key))
    for row in rows:
        for fact in by_key[row.address_key]:
            _note(row, fact)
    AddressFact.objects.bulk_update(
        rows, [*FACT_FIELDS, "bounce_reason", "confirmed_by"], batch_size=500
    )
    contacts = list(Contact.objects.filter(address_key__in=by_key).values_list("pk", flat=True))
    if contacts:
        events.changed.send(
            sender=Contact, contacts=contacts, fields={"address_fact"}, change_set=None
        )
    return len(rows)


@transaction.atomic
def forget_bounce(*, address_key: str) -> None:
    """This will take a bounce back, when a person knows better."""
    AddressFact.objects.filter(address_key=address_key).update(bounced_at=None, bounce_reason="")
    contacts = list(Contact.objects.filter(address_key=address_key).values_list("pk", flat=True))
    events.changed.send(sender=Contact, contacts=contacts, fields={"address_fact"}, change_set=None)


@transaction.atomic
def forget_confirmations(*, address_keys: Iterable[str], at: datetime) -> int:
    """This will take back what an act of that moment confirmed, when the act is undone."""
    keys = sorted(address_keys)
    rows = AddressFact.objects.filter(address_key__in=keys, confirmed_at=at)
    count = rows.update(confirmed_at=None, confirmed_by="")
    if count:
        contacts = list(Contact.objects.filter(address_key__in=keys).values_list("pk", flat=True))
        events.changed.send(
            sender=Contact, contacts=contacts, fields={"address_fact"}, change_set=None
        )
    return count


@transaction.atomic
def set_email_status(
    *, statuses: Mapping[int, EmailStatus], roles: Iterable[int] = (), freemails: Iterable[int] = ()
) -> int:
    """This will store statuses and the two flags, set-based, writing only what differs.

    `roles` and `freemails` hold the contacts among `statuses` whose flag is on.
    """
    groups: dict[tuple[EmailStatus, bool, bool], list[int]] = defaultdict(list)
    on_role, on_free = set(roles), set(freemails)
    for contact_id, status in statuses.items():
        groups[(status, contact_id in on_role, contact_id in on_free)].append(contact_id)
    changed = 0
    for (status, role, free), contact_ids in groups.items():
        for start in range(0, len(contact_ids), 500):
            changed += (
                Contact.objects.filter(pk__in=contact_ids[start : start + 500])
                .exclude(email_status=status, is_role_address=role, is_freemail=free)
                .update(email_status=status, is_role_address=role, is_freemail=free)
            )
    return changed


@transaction.atomic
def raise_portal_stage(*, contact_ids: Iterable[int], stage: PortalStage) -> int:
    """This will move contacts forward to a portal stage; a stage never goes back by itself."""
    earlier = STAGE_ORDER[: STAGE_ORDER.index(stage)]
    rows = Contact.objects.chosen(contact_ids)
    changed: int = rows.filter(portal_stage__in=earlier).update(portal_stage=stage)
    return changed


@transaction.atomic
def reset_portal_stage(*, contact_ids: Iterable[int]) -> int:
    """This will put contacts whose invitation was revoked back to not invited."""
    return Contact.objects.filter(
        pk__in=list(contact_ids), portal_stage__in=[PortalStage.INVITED, PortalStage.OPENED]
    ).update(portal_stage=PortalStage.NOT_INVITED)


@transaction.atomic
def note_mailed(*, contact_ids: Iterable[int], at: datetime) -> int:
    """This will store when contacts were last mailed in bulk; never an earlier moment."""
    rows = Contact.objects.chosen(contact_ids)
    changed: int = rows.filter(Q(last_mailed_at=None) | Q(last_mailed_at__lt=at)).update(
        last_mailed_at=at
    )
    return changed


@transaction.atomic
def note_html_read(*, contact_ids: Iterable[int]) -> int:
    """This will note that contacts read HTML mail, where nothing was known; never the reverse."""
    rows = Contact.objects.chosen(contact_ids)
    changed: int = rows.filter(content_type=ContentType.UNKNOWN).update(
        content_type=ContentType.HTML
    )
    return changed


def _note(row: AddressFact, fact: Fact) -> None:
    known = getattr(row, fact.field)
    if known is None or fact.at > known:
        setattr(row, fact.field, fact.at)
        if fact.field == "bounced_at":
            row.bounce_reason = fact.origin[:250]
        if fact.field == "confirmed_at":
            row.confirmed_by = fact.origin[:60]
