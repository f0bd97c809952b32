"""Questions follow what changes in contacts."""

from collections.abc import Sequence

from django.dispatch import receiver

from contacts import events
from contacts.models import ChangeSet, Contact, Customer
from review.actions.consolidating import follow_merge
from review.actions.settling import settle_changed


@receiver(events.changed, dispatch_uid="review.questions")
def follow(
    sender: type[Contact | Customer],
    contacts: Sequence[int],
    fields: set[str],
    **_unknown: object,
) -> None:
    """This will close questions whose value was changed, confirmed, or is nobody's any more."""
    if sender is Contact:
        settle_changed(contact_ids=contacts, fields=fields)


@receiver(events.merged, dispatch_uid="review.merged")
def on_merged(
    sender: type[Contact | Customer],
    into: dict[int, int],
    change_set: ChangeSet,
    **_unknown: object,
) -> None:
    """This will ask about one contact once."""
    if sender is Contact:
        follow_merge(into=into, change_set=change_set)
