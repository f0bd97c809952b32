"""Try a message on oneself before anybody else gets it."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from campaigns.actions.drafting import refuse_unsendable
from campaigns.actions.rights import refuse_unless_allowed
from campaigns.models import Campaign
from contacts.models import Contact
from core.audit import record
from delivery.actions import outbox
from delivery.models import Message


class NoAddressError(ValueError):
    """The test has nobody to go to, or nobody whose data it could show."""


@transaction.atomic
def send_test(*, campaign: Campaign, contact: Contact | None, actor: User) -> Message:
    """This will mail the draft to the person who asks, with the data of a real recipient.

    It is marked as a test, its links do nothing, and no count holds it. Raises NoAddressError,
    NotAllowedError, TextProblemError.
    """
    refuse_unless_allowed(actor, campaign.kind)
    refuse_unsendable(campaign)
    if contact is None:
        sentence = "Nobody gets this message as things stand, so a test has no data to show."
        raise NoAddressError(sentence)
    try:
        message = outbox.enqueue_test(
            purpose=campaign.kind,
            address=actor.email,
            subject=campaign.subject,
            body=campaign.body,
            preheader=campaign.preheader,
            contact=contact,
        )
    except outbox.NotOneAddressError:
        sentence = "Your own profile has no good email address. Add one, then send the test."
        raise NoAddressError(sentence) from None
    Campaign.objects.filter(pk=campaign.pk).update(tested_at=timezone.now())
    record(
        actor=actor,
        verb="tested",
        entity="campaign",
        entity_id=campaign.pk,
        label=campaign.name,
    )
    return message
