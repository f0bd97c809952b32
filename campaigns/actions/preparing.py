"""The fan-out: one message for each recipient, one reason for everybody else, slice by slice."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from campaigns.models import Campaign, LeftOut
from campaigns.querysets.audience import Judged, Row, chunk, contacts_of, judge, key_of, terms
from campaigns.rules.audience import Reason
from campaigns.rules.states import INVITING, CampaignState
from contacts.models import Contact
from core.audit import record
from delivery.actions import outbox
from delivery.models import Mailing, Message
from portal.actions.invitations import issue

SLICE = 500
# Preparing that took longer, because it had stopped, moves the waves along.
SLOW = timedelta(minutes=10)


class StarterGoneError(Exception):
    """Who started the campaign is gone, so nobody says whose contacts it may see."""


@dataclass(frozen=True)
class Slice:
    """How far a slice got: the last key looked at, and how many contacts that were."""

    after: int
    seen: int


@transaction.atomic
def prepare_slice(*, campaign: Campaign, after: int) -> Slice | None:
    """This will prepare the next contacts behind a key; None when there are no more.

    Status, suppressions and stage are read now, not when the page was shown. Doing a slice again
    adds nothing: who has a message or a reason keeps it. Raises StarterGoneError.
    """
    mailing = campaign.mailing
    if mailing is None or not _is_preparing(campaign):
        return None
    rows = chunk(contacts_of(campaign.audience, _eyes(campaign)), after, SLICE)
    if not rows:
        return None
    fresh = _fresh(campaign, mailing, rows)
    asked = terms(campaign.kind, timezone.now(), mailing.pk, sms_text=mailing.sms_text)
    keys = {key_of(row, asked) for row in fresh}
    taken = set(_of(mailing).filter(address_key__in=keys).values_list("address_key", flat=True))
    _keep(campaign, mailing, list(judge(fresh, asked, taken)))
    return Slice(after=rows[-1].pk, seen=len(rows))


@transaction.atomic
def release(*, campaign: Campaign) -> bool:
    """This will hand the prepared messages to the senders, with the counts of the audience."""
    mailing = campaign.mailing
    if mailing is None:
        return False
    left_out = LeftOut.objects.filter(campaign=campaign).counts()
    messages, held = _of(mailing).count(), sum(left_out.values())
    released = Campaign.objects.filter(pk=campaign.pk, state=CampaignState.PREPARING).update(
        state=CampaignState.SENDING,
        selected=messages + held,
        left_out={str(reason): n for reason, n in left_out.items()},
        updated_at=timezone.now(),
    )
    if not released:
        return False
    now = timezone.now()
    if campaign.started_at and now - campaign.started_at > SLOW:
        outbox.put_off(mailing=mailing, after=campaign.started_at, by=now - campaign.started_at)
    if campaign.pilot:
        outbox.bring_forward(mailing=mailing, count=campaign.pilot, at=now)
    outbox.resume(mailing=mailing)
    record(
        actor=campaign.started_by,
        verb="prepared",
        entity="campaign",
        entity_id=campaign.pk,
        label=campaign.name,
        facts={"messages": messages, "left_out": held},
    )
    return True


def _is_preparing(campaign: Campaign) -> bool:
    """This will say whether it goes on, and keep others from ending it meanwhile."""
    rows = Campaign.objects.select_for_update().filter(pk=campaign.pk)
    return rows.filter(state=CampaignState.PREPARING).exists()


def _eyes(campaign: Campaign) -> User | None:
    if campaign.by_command:
        return None
    if campaign.started_by is None:
        raise StarterGoneError
    return campaign.started_by


def _fresh(campaign: Campaign, mailing: Mailing, rows: Sequence[Row]) -> list[Row]:
    """This will keep the contacts that an earlier try has not dealt with."""
    ids = [row.pk for row in rows]
    left_out = LeftOut.objects.filter(campaign=campaign, contact__in=ids)
    known = set(left_out.values_list("contact_id", flat=True))
    known.update(_of(mailing).filter(contact__in=ids).values_list("contact_id", flat=True))
    return [row for row in rows if row.pk not in known]


def _keep(campaign: Campaign, mailing: Mailing, judged: Iterable[Judged]) -> None:
    """This will store a message or a reason for each contact, so that the counts add up."""
    reasons = {one.row.pk: one.reason for one in judged}
    chosen = [pk for pk, reason in reasons.items() if reason is None]
    contacts = list(Contact.objects.filter(pk__in=chosen).select_related("customer").order_by("pk"))
    if campaign.kind in INVITING:
        issued = issue(contacts=contacts, actor=campaign.started_by)
        # Registered between two statements: the portal knows first.
        reasons |= {one.pk: Reason.ALREADY_REGISTERED for one in contacts if one.pk not in issued}
        contacts = [one for one in contacts if one.pk in issued]
    start = campaign.started_at or timezone.now()
    has_steps = bool(campaign.pilot or campaign.wave_size)
    outbox.add_recipients(
        mailing=mailing,
        contacts=contacts,
        time_of=(lambda place: campaign.plan.time_of(place, start)) if has_steps else None,
    )
    written = set(_of(mailing).filter(contact__in=chosen).values_list("contact_id", flat=True))
    reasons |= {one.pk: Reason.DUPLICATE_ADDRESS for one in contacts if one.pk not in written}
    LeftOut.objects.bulk_create(
        [
            LeftOut(campaign=campaign, contact_id=pk, reason=reason)
            for pk, reason in reasons.items()
            if reason is not None
        ],
        ignore_conflicts=True,
    )


def _of(mailing: Mailing) -> QuerySet[Message]:
    return Message.objects.filter(mailing=mailing)
