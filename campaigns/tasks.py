"""The long and the regular work of campaigns, by name."""

from celery import shared_task
from django.utils import timezone

from campaigns.actions import launching, preparing, steering
from campaigns.actions.preflight import check_sender
from campaigns.models import Campaign
from contacts.rules.segments import UnknownSegmentError
from jobs.queue import save_progress
from jobs.registry import Work, WorkRefusedError, runner
from portal.actions.invitations import PortalOffError

GONE = "The campaign is gone. There is nothing left to prepare."
STARTER_GONE = (
    "Whoever started this message is no longer in the team, so nobody says which contacts it may"
    " reach. Cancel it and send it again."
)
PORTAL_OFF = (
    "The customer portal was switched off while invitations were prepared. Switch it on in"
    " Settings, then go on."
)


@runner("campaigns.prepare")
def prepare(work: Work) -> bool:
    """This will prepare messages for one slice; the last slice hands them to the senders."""
    campaign = (
        Campaign.objects.select_related("mailing", "started_by")
        .filter(pk=work.payload["campaign"])
        .first()
    )
    if campaign is None:
        raise WorkRefusedError(GONE)
    try:
        finished = _go_on(work, campaign)
    except preparing.StarterGoneError:
        raise WorkRefusedError(STARTER_GONE) from None
    except PortalOffError:
        raise WorkRefusedError(PORTAL_OFF) from None
    except UnknownSegmentError as unknown:
        message = f"The view “{unknown}” is gone, so nobody can be chosen. Cancel this message."
        raise WorkRefusedError(message) from None
    if finished:
        preparing.release(campaign=campaign)
    return finished


def _go_on(work: Work, campaign: Campaign) -> bool:
    """This will prepare slice by slice while there is time; true when nobody is left."""
    while True:
        done = preparing.prepare_slice(campaign=campaign, after=work.cursor.get("after", 0))
        if done is None:
            return True
        work.cursor["after"] = done.after
        work.done += done.seen
        work.total = max(work.total, work.done)
        work.message = f"{work.done:,} contacts looked at"
        save_progress(work)
        if work.time_left() <= 0:
            return False


@shared_task(name="campaigns.check_sender")
def look_at_sender(**_unknown: object) -> None:
    """This will look at the sender's domain, as a mailbox provider does."""
    check_sender()


@shared_task(name="campaigns.tick")
def tick(**_unknown: object) -> None:
    """This will start what is due, stop after pilots and close what is done."""
    now = timezone.now()
    launching.start_due(now=now)
    steering.stop_after_pilots(now=now)
    steering.finish_done(now=now)
