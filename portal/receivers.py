"""Invitations follow contacts that became one."""

from django.dispatch import receiver

from contacts import events
from contacts.models import ChangeSet, Contact, Customer
from portal.actions.consolidating import follow_merge


@receiver(events.merged, dispatch_uid="portal.merged")
def on_merged(
    sender: type[Contact | Customer],
    into: dict[int, int],
    change_set: ChangeSet,
    **_unknown: object,
) -> None:
    """This will leave one live invitation to one contact."""
    if sender is Contact:
        follow_merge(into=into, change_set=change_set)
