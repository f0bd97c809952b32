"""Remind those who were invited and have not registered: one campaign a reminder, set in advance.

It stands in the list of messages as scheduled, so that staff can read, change and stop it. Who
registered, bounced, unsubscribed or answered by then is left out when it starts.
"""

from datetime import timedelta

from django.db import transaction

from accounts.models import User
from campaigns.models import Campaign, Reply, Template
from campaigns.rules.states import CampaignKind, CampaignState
from contacts.models import Contact
from core.audit import record


@transaction.atomic
def schedule_reminder(*, after: Campaign) -> Campaign | None:
    """This will set the reminder that follows a campaign or its last reminder, if one does."""
    first = after.reminder_of or after
    number = after.reminder_number + 1
    ended = after.finished_at
    if not first.remind_after_days or number > first.remind_at_most or ended is None:
        return None
    if first.reminders.filter(reminder_number=number).exists():
        return None  # the campaign came to its end a second time
    text = Template.objects.of_kind(CampaignKind.REMINDER).filter(is_default=True).first()
    reminder = Campaign.objects.create(
        kind=CampaignKind.REMINDER,
        name=f"Reminder {number} of {first.name}"[:120],
        template=text,
        subject=text.subject if text else "",
        body=text.body if text else "",
        preheader=text.preheader if text else "",
        audience={"reminder_of": first.pk, "name": first.name},
        reminder_of=first,
        reminder_number=number,
        state=CampaignState.SCHEDULED if text else CampaignState.DRAFT,
        start_at=ended + timedelta(days=first.remind_after_days) if text else None,
        created_by=first.started_by,
        started_by=first.started_by,
        by_command=first.by_command,
    )
    record(
        actor=None,
        verb="scheduled",
        entity="campaign",
        entity_id=reminder.pk,
        label=reminder.name,
        facts={"start_at": reminder.start_at.isoformat() if reminder.start_at else ""},
    )
    return reminder


@transaction.atomic
def note_reply(*, contact: Contact, actor: User | None) -> bool:
    """This will keep further reminders from somebody who has answered; false if that was known."""
    _reply, is_new = Reply.objects.get_or_create(contact=contact, defaults={"noted_by": actor})
    if is_new:
        record(
            actor=actor,
            verb="noted an answer",
            entity="contact",
            entity_id=contact.pk,
            label=str(contact.pk),
        )
    return is_new


@transaction.atomic
def forget_reply(*, contact: Contact, actor: User | None) -> bool:
    """This will let reminders reach somebody again; false if no answer was noted."""
    removed, _ = Reply.objects.filter(contact=contact).delete()
    if removed:
        record(
            actor=actor,
            verb="took an answer back",
            entity="contact",
            entity_id=contact.pk,
            label=str(contact.pk),
        )
    return bool(removed)
