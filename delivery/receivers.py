"""What Anymail tells of messages, and what contacts tell of merges."""

from typing import Any

from anymail.signals import AnymailTrackingEvent, tracking
from django.dispatch import receiver

from contacts import events
from contacts.models import Contact, Customer
from delivery.actions.consolidating import follow_merge
from delivery.actions.feedback import reported, take_in


@receiver(tracking, dispatch_uid="delivery.tracking")
def on_tracking(event: AnymailTrackingEvent, **_kwargs: Any) -> None:  # noqa: ANN401 - a signal's
    """This will keep one report of the provider."""
    take_in(reported(event))


@receiver(events.merged, dispatch_uid="delivery.merged")
def on_merged(sender: type[Contact | Customer], into: dict[int, int], **_unknown: object) -> None:
    """This will keep one mailing from reaching one contact twice."""
    if sender is Contact:
        follow_merge(into=into)
