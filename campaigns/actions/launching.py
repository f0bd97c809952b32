"""Start a campaign: now, or at a set time. A start happens once, whoever else tries."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from campaigns.actions.drafting import TextProblemError, refuse_unsendable
from campaigns.actions.rights import NotAllowedError, refuse_unless_allowed
from campaigns.models import Campaign
from campaigns.rules.schedule import is_overdue
from campaigns.rules.states import INVITING, CampaignState, may_become
from core.audit import record
from delivery.actions import outbox
from delivery.models import Mailing
from jobs.models import Job
from jobs.queue import enqueue

PREPARING = "The messages are being prepared."


class AlreadyStartedError(Exception):
    """Somebody else was faster, or the campaign was cancelled."""


class TimePassedError(ValueError):
    """A start cannot be set in the past."""


@transaction.atomic
def launch(
    *, campaign: Campaign, actor: User | None, now: datetime | None = None, expected: int = 0
) -> Job:
    """This will freeze the text and start to prepare the messages, exactly once.

    The senders get them when all are prepared. `expected` is the number that the page named.
    Raises NotAllowedError, TextProblemError, AlreadyStartedError.
    """
    refuse_unless_allowed(actor, campaign.kind)
    now = now or timezone.now()
    started = Campaign.objects.filter(
        pk=campaign.pk, state__in=may_become(CampaignState.PREPARING)
    ).update(
        state=CampaignState.PREPARING,
        started_at=now,
        started_by=actor,
        by_command=actor is None,
        expected=expected,
        updated_at=now,
    )
    if not started:
        raise AlreadyStartedError
    campaign.refresh_from_db()
    refuse_unsendable(campaign)
    mailing = _frozen(campaign, actor)
    Campaign.objects.filter(pk=campaign.pk).update(mailing=mailing)
    campaign.mailing = mailing
    record(
        actor=actor,
        verb="started",
        entity="campaign",
        entity_id=campaign.pk,
        label=campaign.name,
        facts={"kind": campaign.kind, "expected": expected},
    )
    return prepare(campaign=campaign, actor=actor)


def prepare(*, campaign: Campaign, actor: User | None) -> Job:
    """This will put the fan-out in the queue; once at a time, and doing it again adds nothing.

    Raises jobs.queue.AlreadyRunningError.
    """
    return enqueue(
        "campaigns.prepare",
        payload={"campaign": campaign.pk},
        actor=actor,
        label=f"Preparing {campaign.name}",
        singleton=campaign.job_key,
        total=campaign.expected,
    )


@transaction.atomic
def schedule(
    *, campaign: Campaign, start_at: datetime, actor: User, now: datetime, expected: int = 0
) -> Campaign:
    """This will set the time at which a campaign starts; the list is checked again then.

    Raises NotAllowedError, TextProblemError, TimePassedError, AlreadyStartedError.
    """
    refuse_unless_allowed(actor, campaign.kind)
    refuse_unsendable(campaign)
    if start_at <= now:
        raise TimePassedError
    _move(
        campaign,
        CampaignState.SCHEDULED,
        CampaignState.SCHEDULED,  # another time
        start_at=start_at,
        started_by=actor,
        expected=expected,
    )
    record(
        actor=actor,
        verb="scheduled",
        entity="campaign",
        entity_id=campaign.pk,
        label=campaign.name,
        facts={"start_at": start_at.isoformat()},
    )
    return campaign


@transaction.atomic
def unschedule(*, campaign: Campaign, actor: User) -> Campaign:
    """This will make a draft of a campaign that waits for its time. Raises AlreadyStartedError."""
    _move(campaign, CampaignState.DRAFT, start_at=None, started_by=None)
    record(
        actor=actor,
        verb="unscheduled",
        entity="campaign",
        entity_id=campaign.pk,
        label=campaign.name,
    )
    return campaign


def start_due(*, now: datetime) -> list[Campaign]:
    """This will start what is due; a person decides about what was missed or is not allowed."""
    due = Campaign.objects.due(now).select_related("started_by").order_by("start_at")
    return [campaign for campaign in due if _start_or_hold(campaign, now)]


def _start_or_hold(campaign: Campaign, now: datetime) -> bool:
    starter = campaign.started_by
    nobody = starter is None and not campaign.by_command
    if nobody or campaign.start_at is None or is_overdue(campaign.start_at, now):
        return _hold(campaign)
    try:
        launch(campaign=campaign, actor=starter, now=now, expected=campaign.expected)
    except (NotAllowedError, TextProblemError):
        return _hold(campaign)
    except AlreadyStartedError:
        return False
    return True


def _hold(campaign: Campaign) -> bool:
    Campaign.objects.filter(pk=campaign.pk, state=CampaignState.SCHEDULED).update(
        state=CampaignState.OVERDUE
    )
    return False


def _frozen(campaign: Campaign, actor: User | None) -> Mailing:
    """This will copy the text into a mailing that no sender touches before all is prepared."""
    mailing = outbox.start_mailing(
        purpose=campaign.kind,
        name=campaign.name,
        subject=campaign.subject,
        body=campaign.body,
        preheader=campaign.preheader,
        sms_text=campaign.sms_text,
        # A second copy of an invitation does no harm: its link is the same.
        policy=Mailing.Policy.RESEND if campaign.kind in INVITING else Mailing.Policy.HOLD,
        actor=actor,
    )
    outbox.pause(mailing=mailing, because=PREPARING)
    return mailing


def _move(
    campaign: Campaign, state: CampaignState, *also_from: CampaignState, **fields: object
) -> None:
    moved = Campaign.objects.filter(
        pk=campaign.pk, state__in=[*may_become(state), *also_from]
    ).update(state=state, updated_at=timezone.now(), **fields)
    if not moved:
        raise AlreadyStartedError
    campaign.refresh_from_db()
