"""The demo's mail: into the local outbox, and what a provider would have reported of it."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from django.utils import timezone

from accounts.models import User
from campaigns.actions import drafting, launching, steering
from campaigns.models import Campaign
from campaigns.rules.plan import Plan
from campaigns.rules.states import CampaignKind
from delivery.actions import feedback, sending
from delivery.actions.feedback import Reported
from delivery.models import Message
from delivery.rules.states import MessageState
from onboarding.demo.data import work_off_jobs

# One in so many has no such mailbox any more.
BOUNCES = 40
NO_SUCH_MAILBOX = {"reject_reason": "bounced", "reason": "550 5.1.1 No such mailbox"}


def send(
    kind: CampaignKind, contacts: Sequence[int], actor: User, plan: Plan | None = None
) -> Campaign:
    """This will send a campaign and report what became of each of its messages."""
    campaign = drafting.draft_campaign(kind=kind, audience={"ids": list(contacts)}, actor=actor)
    if plan:
        text = {name: getattr(campaign, name) for name in ("name", "subject", "body")}
        drafting.save_draft(campaign=campaign, plan=plan, **text)
    launching.launch(campaign=campaign, actor=actor)
    work_off_jobs()
    while sending.pump(seconds=60).more:
        pass
    steering.finish_done(now=timezone.now())
    # By contact: the keys of messages are random, and the demo is the same each time.
    messages = list(Message.objects.filter(mailing__campaign=campaign).order_by("contact_id"))
    report(messages, "delivered", {}, lambda number: number % BOUNCES != BOUNCES // 2)
    report(messages, "bounced", NO_SUCH_MAILBOX, lambda number: number % BOUNCES == BOUNCES // 2)
    campaign.refresh_from_db()
    return campaign


def report(
    messages: Sequence[Message], kind: str, facts: dict[str, str], chosen: Callable[[int], bool]
) -> None:
    """This will act as a provider that tells what became of some messages."""
    later = timezone.now() + timedelta(minutes=4)
    feedback.store(
        reports=[
            Reported(
                event_id=f"demo-{kind}-{message.pk}",
                kind=kind,
                address_key=message.address_key,
                reference=str(message.pk),
                reason=facts.get("reason", ""),
                happened_at=later,
                facts=facts,
            )
            for number, message in enumerate(messages)
            if message.state == MessageState.ACCEPTED and chosen(number)
        ]
    )
    feedback.apply_waiting(seconds=60)
