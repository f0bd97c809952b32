"""What Anymail tells of messages, and what contacts tell of merges."""

from typing import Any

from anymail.signals import AnymailTrackingEvent, tracking
from django.dispatch import receiver
from django.utils import timezone

from contacts import events
from contacts.models import Contact, Customer
from contacts.rules.normalise import address_key
from delivery.actions.consolidating import follow_merge
from delivery.actions.feedback import Reported, take_in


@receiver(tracking, dispatch_uid="delivery.tracking")
def on_tracking(event: AnymailTrackingEvent, **_kwargs: Any) -> None:  # noqa: ANN401 - a signal's
    """This will keep one report of the provider."""
    take_in(_reported(event))


@receiver(events.merged, dispatch_uid="delivery.merged")
def on_merged(sender: type[Contact | Customer], into: dict[int, int], **_unknown: object) -> None:
    """This will keep one mailing from reaching one contact twice."""
    if sender is Contact:
        follow_merge(into=into)


def _reported(event: AnymailTrackingEvent) -> Reported:
    """This will take over what is needed; where a link led to is not, since it may be personal."""
    facts = {
        "reject_reason": event.reject_reason,
        "user_agent": event.user_agent,
        "mta_response": event.mta_response,
    }
    metadata = event.metadata if isinstance(event.metadata, dict) else {}
    return Reported(
        event_id=str(event.event_id or ""),
        kind=str(event.event_type),
        address_key=address_key(event.recipient or ""),
        reference=str(metadata.get("message") or event.message_id or ""),
        reason=str(event.mta_response or event.description or ""),
        happened_at=event.timestamp or timezone.now(),
        facts={name: str(value)[:500] for name, value in facts.items() if value},
    )
