"""Pause, resume and cancel a campaign that is under way, and close it when all is sent."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts.models import User
from campaigns.actions.reminding import schedule_reminder
from campaigns.actions.rights import refuse_unless_allowed
from campaigns.models import Campaign
from campaigns.querysets.mended import mended
from campaigns.querysets.waves import SOON, next_wave
from campaigns.rules.states import INVITING, STARTED, CampaignState, may_become
from contacts.models import Contact
from core.audit import record
from delivery.actions import outbox
from delivery.models import Mailing, Message
from delivery.rules.states import WAITING, MailingState
from jobs.models import Job
from jobs.queue import cancel as cancel_job
from portal.actions.invitations import issue

AFTER_PILOT = "The pilot is out. See what came back, then go on with the rest."


class WrongStateError(Exception):
    """The campaign is no longer in a state that allows this."""


@transaction.atomic
def pause(*, campaign: Campaign, actor: User | None) -> None:
    """This will stop senders from starting another message. Raises WrongStateError."""
    _move(campaign, CampaignState.PAUSED, actor, "paused", paused_at=timezone.now())
    if campaign.mailing:
        outbox.pause(mailing=campaign.mailing, because=_by(actor))


@transaction.atomic
def resume(*, campaign: Campaign, actor: User | None) -> None:
    """This will let senders go on where they stopped; waves still to come keep their distance.

    After a pilot the next wave goes out at once. Raises NotAllowedError, WrongStateError.
    """
    refuse_unless_allowed(actor, campaign.kind)
    paused_at, now = campaign.paused_at, timezone.now()
    _move(campaign, CampaignState.SENDING, actor, "resumed", paused_at=None)
    if campaign.mailing is None:
        return
    following = next_wave(campaign.mailing, paused_at or now)
    if campaign.pilot and campaign.pilot_ended_at is None and following:
        Campaign.objects.filter(pk=campaign.pk).update(pilot_ended_at=now)
        outbox.put_off(mailing=campaign.mailing, after=paused_at or now, by=now - following.at)
    elif paused_at:
        outbox.put_off(mailing=campaign.mailing, after=paused_at, by=now - paused_at)
    outbox.resume(mailing=campaign.mailing)


@transaction.atomic
def cancel(*, campaign: Campaign, actor: User | None) -> int:
    """This will end a campaign for good and say how many messages were withdrawn.

    What is with a mail server already goes out. Raises WrongStateError.
    """
    _move(campaign, CampaignState.CANCELLED, actor, "cancelled", finished_at=timezone.now())
    for job in Job.objects.open().filter(singleton=campaign.job_key):
        cancel_job(job)
    return outbox.cancel(mailing=campaign.mailing) if campaign.mailing else 0


@transaction.atomic
def send_again(*, campaign: Campaign, actor: User | None) -> int:
    """This will send once more what failed or may have been lost, and say how many that is.

    Whoever has unsubscribed since gets nothing. Raises NotAllowedError, WrongStateError.
    """
    refuse_unless_allowed(actor, campaign.kind)
    mailing = _started(campaign)
    count = outbox.try_again(mailing=mailing)
    if count:
        Campaign.objects.filter(pk=campaign.pk, state=CampaignState.SENT).update(
            state=CampaignState.SENDING, finished_at=None, updated_at=timezone.now()
        )
        _note(campaign, actor, "sent again", count)
    return count


@transaction.atomic
def send_to_mended(*, campaign: Campaign, actor: User | None) -> int:
    """This will send the message to those whose address was mended after it came back.

    Says how many that is. Raises NotAllowedError, WrongStateError.
    """
    refuse_unless_allowed(actor, campaign.kind)
    mailing = _started(campaign)
    count = 0
    for number, keys in mended(campaign, timezone.now()).items():
        contacts = list(Contact.objects.filter(pk__in=keys).select_related("customer"))
        if campaign.kind in INVITING:
            issued = issue(contacts=contacts, actor=actor)
            contacts = [contact for contact in contacts if contact.pk in issued]
        count += outbox.add_recipients(mailing=mailing, contacts=contacts, round=number)
    if count:
        outbox.open_again(mailing=mailing)
        Campaign.objects.filter(pk=campaign.pk, state=CampaignState.SENT).update(
            state=CampaignState.SENDING, finished_at=None, updated_at=timezone.now()
        )
        _note(campaign, actor, "sent to new addresses", count)
    return count


@transaction.atomic
def leave_unknown(*, campaign: Campaign, actor: User | None) -> int:
    """This will put to rest what may have been lost: nobody is mailed twice.

    Says how many that is. Raises NotAllowedError, WrongStateError.
    """
    refuse_unless_allowed(actor, campaign.kind)
    count = outbox.leave(mailing=_started(campaign))
    if count:
        _note(campaign, actor, "left unsent", count)
    return count


def stop_after_pilots(*, now: datetime) -> int:
    """This will pause campaigns whose pilot is out, so that somebody looks before the rest goes."""
    pilots = Campaign.objects.filter(
        state=CampaignState.SENDING, pilot__gt=0, pilot_ended_at=None
    ).select_related("mailing")
    stopped = 0
    for campaign in pilots:
        mailing = campaign.mailing
        waiting = Message.objects.filter(mailing=mailing, state__in=WAITING)
        if mailing is None or waiting.filter(not_before__lte=now + SOON).exists():
            continue
        if next_wave(mailing, now):
            _stop(campaign, mailing, now)
            stopped += 1
    return stopped


@transaction.atomic
def _stop(campaign: Campaign, mailing: Mailing, now: datetime) -> None:
    _move(campaign, CampaignState.PAUSED, None, "stopped after the pilot", paused_at=now)
    outbox.pause(mailing=mailing, because=AFTER_PILOT)


def finish_done(*, now: datetime) -> int:
    """This will close campaigns that have nothing left to send, and show those that stopped.

    Whether anything is left is decided by the rows, never by a sender whose queue is empty.
    """
    waiting = Message.objects.filter(mailing=OuterRef("mailing"), state__in=WAITING)
    sending = Campaign.objects.filter(state=CampaignState.SENDING)
    sending.filter(mailing__state=MailingState.PAUSED).filter(Exists(waiting)).update(
        state=CampaignState.PAUSED, paused_at=now, updated_at=now
    )
    done = list(sending.exclude(Exists(waiting)).select_related("mailing"))
    return sum(_finish(campaign, now) for campaign in done)


@transaction.atomic
def _finish(campaign: Campaign, now: datetime) -> bool:
    finished = Campaign.objects.filter(pk=campaign.pk, state=CampaignState.SENDING).update(
        state=CampaignState.SENT, finished_at=now, updated_at=now
    )
    if finished and campaign.mailing:
        outbox.finish(mailing=campaign.mailing)
        campaign.refresh_from_db()
        schedule_reminder(after=campaign)
    return bool(finished)


def _move(
    campaign: Campaign,
    state: CampaignState,
    actor: User | None,
    verb: str,
    **fields: object,
) -> None:
    """This will move a campaign by one conditional statement, and note who did."""
    moved = Campaign.objects.filter(pk=campaign.pk, state__in=may_become(state)).update(
        state=state, updated_at=timezone.now(), **fields
    )
    if not moved:
        raise WrongStateError
    campaign.refresh_from_db()
    _note(campaign, actor, verb)


def _started(campaign: Campaign) -> Mailing:
    """This will give the mailing of a campaign that senders have, or had."""
    if campaign.state not in STARTED or campaign.mailing is None:
        raise WrongStateError
    return campaign.mailing


def _note(campaign: Campaign, actor: User | None, verb: str, count: int | None = None) -> None:
    label = campaign.name if count is None else f"{campaign.name}: {count}"
    record(actor=actor, verb=verb, entity="campaign", entity_id=campaign.pk, label=label)


def _by(actor: User | None) -> str:
    return f"Paused by {actor}." if actor else "Paused."
